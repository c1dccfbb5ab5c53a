import type { AppointmentRow, CommunicationView, TimelineEvent } from '../../ipc/types';
import { atClock, clock, dayFull, dayLong, dayShort, number, plural, slotLong, slotShort } from '../format';
import { appointments } from './appointments';
import { dossiers } from './dossiers';

/** What the sede says: a headline, before and after where something changed, and its own words. */
export type CommunicationText = { title: string; before: string | null; after: string | null; text: string };

function communication(said: CommunicationView): CommunicationText {
  const title = appointments.communication(said);
  switch (said.kind) {
    case 'rescheduled':
      return {
        title,
        before: slotShort(said.before),
        after: slotShort(said.after),
        text: said.text,
      };
    case 'relocated':
      return {
        title,
        before: `${said.before.name}, ${said.before.place}, ${slotShort(said.before_slot)}`,
        after: `${said.after.name}, ${said.after.place}, ${slotShort(said.after_slot)}`,
        text: said.text,
      };
    case 'resolved':
    case 'cancelled':
    case 'other':
      return { title, before: null, after: null, text: said.text };
  }
}

export const agenda = {
  title: 'Agenda',
  view: 'Come si vede',
  views: { list: 'Elenco', week: 'Settimana' },
  coming: 'In programma',
  past: 'Passati',
  about: (coming: number) =>
    coming === 0 ? 'niente in programma' : plural(coming, 'appuntamento in programma', 'appuntamenti in programma'),
  reading: 'Lettura dell’agenda…',
  failed: 'L’agenda non si è aperta',
  retry: 'Riprova',
  empty: 'Nessun appuntamento in programma',
  emptyText: 'Quando una prenotazione viene confermata la trovi qui. Comincia da una richiesta prenotabile.',
  toTickets: 'Vai alle richieste prenotabili',
  noPast: 'Nessun appuntamento passato.',
  unread: (n: number) => (n === 1 ? '1 da leggere' : `${number(n)} da leggere`),
  ticketCount: (n: number) => plural(n, 'richiesta', 'richieste'),
  hours: (from: string, to: string) => `${clock(from)} – ${clock(to)}`,
  openNamed: (row: AppointmentRow) => `${row.company_name}, ${slotLong(row.slot)}`,

  week: {
    label: (from: string, to: string) => `Settimana da ${dayFull(from)} a ${dayFull(to)}`,
    range: (from: string, to: string) => `${noWeekday(from)} – ${noWeekday(to)}`,
    previous: 'Settimana precedente',
    next: 'Settimana seguente',
    today: 'Questa settimana',
    empty: 'Nessun appuntamento in questa settimana.',
    count: (n: number) => plural(n, 'appuntamento', 'appuntamenti'),
    outside: 'Fuori dagli orari mostrati:',
    event: (row: AppointmentRow) =>
      `${row.company_name}, ${dayFull(row.slot.date)} ${atClock(row.slot.time)}, ${appointments.state(row).text}${
        row.changing ? ', modifica in corso' : ''
      }${kept(row)}`,
  },

  detail: {
    choose: 'Scegli un appuntamento',
    chooseText: 'Qui vedi dove e quando, le richieste, i file e quello che ha detto la sede.',
    reading: 'Lettura dell’appuntamento…',
    failed: 'L’appuntamento non si è aperto',
    code: (code: string) => `Codice ${code}`,
    readAt: (time: string) => `letto ${atClock(time)}`,
    where: 'Dove',
    sede: (name: string) => `Sede di ${name}`,
    tickets: 'Richieste',
    openTicket: (code: string) => `Apri la richiesta ${code}`,
    notes: 'Note per la sede',
    contact: 'Contatto',
    files: 'Allegati',
    timeline: 'Che cosa è successo',
    acknowledge: 'Presa visione',
    acknowledged: 'Presa visione registrata.',
    before: 'Prima:',
    after: 'Dopo:',
    event(event: TimelineEvent): CommunicationText {
      switch (event.kind) {
        case 'booked':
          return { title: 'Prenotato dallo studio', before: null, after: null, text: '' };
        case 'registered':
          return {
            title: event.by
              ? `Registrato da ${event.by}, come l’ha dato il portale`
              : 'Registrato, come l’ha dato il portale',
            before: null,
            after: null,
            text: '',
          };
        case 'registered_anew':
          return {
            title: 'Registrazione cambiata',
            before: slotShort(event.before),
            after: slotShort(event.after),
            text: '',
          };
        case 'cancelled_on_portal':
          return {
            title: event.by_sede ? 'Annullato dalla sede, sul portale' : 'Annullato dallo studio, sul portale',
            before: null,
            after: null,
            text: '',
          };
        case 'cancelled_by_studio':
          return { title: 'Annullato dallo studio', before: null, after: null, text: '' };
        case 'changed_by_studio':
          return {
            title: event.after ? 'Spostato dallo studio' : 'Modificato dallo studio',
            before: event.before && slotShort(event.before),
            after: event.after && slotShort(event.after),
            text: [event.notes && 'note', event.contact && 'contatto', event.attachments && 'allegati']
              .filter((part) => part !== false)
              .join(', ')
              .replace(/^./, (first) => `Parti cambiate: ${first}`),
          };
        case 'communication':
          return communication(event.communication);
      }
    },
    when: (date: string, time: string) => `${dayShort(date)}, ${clock(time)}`,
    close: 'Chiudi il dettaglio',
  },
  communication,

  change: {
    open: 'Modifica…',
    goOn: 'Continua la modifica',
    queued: 'Modifica in attesa di invio.',
    sending: 'Modifica in invio.',
    see: 'Apri la modifica',
    failed: 'La modifica non è andata a buon fine',
    review: 'Rivedi',
  },

  cancel: {
    open: 'Annulla appuntamento…',
    title: 'Annullare questo appuntamento?',
    what: (row: AppointmentRow) =>
      `${row.company_name}, ${dayLong(row.slot.date)} ${atClock(row.slot.time)}, ${row.point.name}.`,
    place: 'Il posto torna libero per tutti, e non è detto che si possa riavere.',
    tickets: (n: number) =>
      n === 1
        ? 'La richiesta si può prenotare di nuovo, se è ancora tra quelle prenotabili.'
        : 'Le richieste si possono prenotare di nuovo, quelle ancora prenotabili.',
    kept: 'L’appuntamento resta nella storia, come annullato.',
    do: 'Annulla appuntamento',
    started: 'Annullamento in corso: arriva alla sede appena c’è rete.',
    underWay: 'L’annullamento è deciso e scritto su questo computer. Vale quando la sede risponde.',
  },
};

/** What the people of the studio keep about it, heard after all else. */
function kept({ state, attends, clash, meeting }: AppointmentRow): string {
  const said = [
    state === 'past' && (meeting ? dossiers.meeting.said(meeting) : dossiers.meeting.missing),
    attends.length > 0 && dossiers.attends.names(attends),
    clash && dossiers.attends.overlapping,
  ];
  return said
    .map((one) => (one === false ? '' : `, ${one.charAt(0).toLocaleLowerCase('it-IT')}${one.slice(1)}`))
    .join('');
}

function noWeekday(date: string): string {
  return dayShort(date).slice(4);
}
