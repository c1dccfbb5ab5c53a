import type { AttentionView, CommunicationView, DraftRow, WeekDay } from '../../ipc/types';
import { clock, dayFull, dayShort, list, number, plural, slotShort } from '../format';
import { appointments } from './appointments';

type Line = {
  tone: 'alert' | 'ok' | 'info';
  /** What is no more, and what is instead. */
  before?: string;
  after?: string;
  /** The rest, in quieter letters. */
  rest?: string;
};

const communications: {
  [K in CommunicationView['kind']]: (said: Extract<CommunicationView, { kind: K }>, when: string) => Line;
} = {
  resolved: ({ text }, when) => ({
    tone: 'ok',
    rest: `${quoted(text)}L’appuntamento di ${when} è chiuso e definito.`,
  }),
  rescheduled: ({ before, after, text }) => ({
    tone: 'alert',
    before: slotShort(before),
    after: slotShort(after),
    rest: joined('stesso punto', text),
  }),
  relocated: ({ before, after, before_slot, after_slot, text }) => {
    const moved = before_slot.start !== after_slot.start;
    return {
      tone: 'alert',
      before: moved ? `${slotShort(before_slot)}, ${before.name}, ${before.place}` : `${before.name}, ${before.place}`,
      after: moved ? `${slotShort(after_slot)}, ${after.name}, ${after.place}` : `${after.name}, ${after.place}`,
      rest: joined(moved ? '' : `sempre ${slotShort(after_slot)}`, text),
    };
  },
  cancelled: ({ text }, when) => ({
    tone: 'alert',
    before: when,
    rest: joined('il posto non è più dello studio', text),
  }),
  other: ({ text }) => ({ tone: 'info', rest: text }),
};

/** The one next step for a draft that did not go through; where it has no name of its own, to look at it. */
const nextSteps: Record<AttentionView['kind'], string | null> = {
  all_taken: 'Scegli di nuovo',
  ticket_not_bookable: null,
  ticket_unknown: null,
  delegation_missing: null,
  not_together: null,
  limits_broken: 'Completa',
  attachment_lost: 'Aggiungi di nuovo',
  no_room_for_files: null,
  answered: 'Leggi la risposta',
  withdrawn: null,
  appointment_over: null,
  overtaken: 'Rivedi',
  store_failed: null,
};

const nextStep = (why: AttentionView, changes: boolean) =>
  nextSteps[why.kind] ?? (changes ? 'Guarda la modifica' : 'Guarda la bozza');

const quoted = (text: string) => (text ? `«${text}» ` : '');
const joined = (...parts: string[]) => parts.filter(Boolean).join(' · ');

export const today = {
  waiting: (n: number) =>
    n === 0 ? 'niente in sospeso' : plural(n, 'cosa aspetta qualcuno', 'cose aspettano qualcuno'),
  fromSede: 'Dalla sede',
  acknowledge: 'Presa visione',
  acknowledgeOf: (title: string, company: string) => `Presa visione: ${title}, ${company}`,
  acknowledged: 'Presa visione registrata.',
  openAppointment: 'Apri',
  openAppointmentOf: (company: string) => `Apri l’appuntamento di ${company}`,
  before: 'prima',
  after: 'adesso',
  communication: (said: CommunicationView, when: string): Line & { title: string } => ({
    title: appointments.communication(said),
    ...(communications[said.kind] as (said: CommunicationView, when: string) => Line)(said, when),
  }),
  toComplete: 'Da completare',
  nextStep,
  look: 'Guarda la bozza',
  lookOf: (company: string) => `Guarda la bozza: ${company}`,
  nextStepOf: (why: AttentionView, changes: boolean, company: string) => `${nextStep(why, changes)}: ${company}`,
  ripened: (n: number) => (n > 0 ? `Prenotabili da oggi · ${number(n)}` : 'Prenotabili da oggi'),
  waitingDays: (n: number) => `in attesa da ${plural(n, 'giorno', 'giorni')}`,
  unreported: 'Com’è andata?',
  report: 'Registra l’esito',
  reportOf: (company: string, when: string) => `Registra l’esito dell’incontro: ${company}, ${when}`,
  moreRipened: (n: number) => `Tutte le prenotabili · ${number(n)}`,
  good: {
    title: 'Buona giornata: niente in sospeso.',
    text: 'Nessuna comunicazione da leggere, nessuna bozza ferma, nessuna richiesta diventata prenotabile oggi.',
    bookable: (n: number) => `Guarda ${n === 1 ? 'la richiesta prenotabile' : `le ${number(n)} richieste prenotabili`}`,
    tickets: 'Guarda le richieste',
  },
  week: 'Questa settimana',
  weekLegend: { appointment: 'appuntamento', ripening: 'diventano prenotabili' },
  sampleTime: '9:30',
  sampleCount: '2',
  ripening: (n: number) => plural(n, 'richiesta diventa prenotabile', 'richieste diventano prenotabili'),
  day({ date, appointments, ripening }: WeekDay): string {
    const met =
      appointments.length === 0
        ? 'nessun appuntamento'
        : `${plural(appointments.length, 'appuntamento', 'appuntamenti')}, ${list(appointments.map(clock))}`;
    return `${dayFull(date)}: ${met}${ripening > 0 ? `; ${today.ripening(ripening)}` : ''}`;
  },
  nextAppointments: 'Prossimi appuntamenti',
  noAppointments: 'Nessun appuntamento in vista.',
  allAppointments: 'Tutta l’agenda',
  tickets: (n: number) => plural(n, 'richiesta', 'richieste'),
  readAt: (when: string) => `letto ${when}`,
  unread: (n: number) => plural(n, 'comunicazione da leggere', 'comunicazioni da leggere'),
  leaving: 'Partiranno da sole',
  leavingLine: ({ company_name, tickets }: DraftRow) => `${company_name} · ${list(tickets)}`,
  leavesOn: (date: string) => dayShort(date),
  noLeaving: 'Nessuna bozza in attesa di una data.',
};
