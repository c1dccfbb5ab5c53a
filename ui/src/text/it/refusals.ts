import type { AppointmentStateView, RefusalAsked, RefusalRow } from '../../ipc/types';
import { number, slotShort } from '../format';
import { dossiers } from './dossiers';

const kinds: Record<RefusalAsked['kind'], string> = {
  cancel: 'Annullamento',
  in_charge: 'In carico a',
  attends: 'Partecipa',
  document: 'Documenti da portare',
  meeting: 'Esito dell’incontro',
  note: 'Nota dello studio',
};

/** What did not come about, as a title. */
function failed(asked: RefusalAsked): string {
  switch (asked.kind) {
    case 'cancel':
      return 'L’annullamento non è riuscito';
    case 'in_charge':
      return 'Chi ha la richiesta in carico non è stato registrato';
    case 'attends':
      return 'Chi partecipa non è stato registrato';
    case 'document':
      return 'Un documento da portare non è stato registrato';
    case 'meeting':
      return 'L’esito dell’incontro non è stato registrato';
    case 'note':
      return 'Una nota non è stata registrata';
  }
}

/** What the person asked for, in the words that were kept. */
function words(asked: RefusalAsked): string {
  switch (asked.kind) {
    case 'cancel':
      return '';
    case 'in_charge':
      return asked.person === null ? 'Nessuno in carico' : `In carico a ${asked.person}`;
    case 'attends':
      return asked.attends ? `${asked.person} partecipa` : `${asked.person} non partecipa più`;
    case 'document':
      return asked.wanted ? asked.name : `Tolto: ${asked.name}`;
    case 'meeting':
      return [dossiers.meeting.results[asked.meeting.result], asked.meeting.text].filter(Boolean).join(': ');
    case 'note':
      return asked.text;
  }
}

const kept = 'Quello che avevi scritto è qui: copialo, se serve ancora.';
const asksSede = 'Se la delega c’è ancora, chiedi alla sede.';

/** What the person wrote with their own hands, and would have to write again. */
const isWritten = ({ kind }: RefusalAsked) => kind === 'note' || kind === 'meeting' || kind === 'document';

/** R16: what the studio wrote down of the portal is asked of no store. */
const over: Record<Exclude<AppointmentStateView, 'registered'>, { text: string; next: string }> = {
  confirmed: {
    text: 'Quando l’annullamento è arrivato, l’appuntamento non era più confermato.',
    next: 'Apri l’appuntamento e guarda com’è adesso.',
  },
  past: { text: 'L’appuntamento era già trascorso.', next: 'Registra com’è andato.' },
  resolved: {
    text: 'La sede l’aveva già chiuso e definito: non serve andarci.',
    next: 'Non c’è altro da fare.',
  },
  cancelled_by_studio: { text: 'Qualcuno dello studio l’aveva già annullato.', next: 'Non c’è altro da fare.' },
  cancelled_by_sede: { text: 'La sede l’aveva già annullato.', next: 'Non c’è altro da fare.' },
};

function overNow(about: RefusalRow['about']) {
  const state = about.kind === 'appointment' ? about.now?.state : undefined;
  return over[state === undefined || state === 'registered' ? 'confirmed' : state];
}

const full: Partial<Record<RefusalAsked['kind'], string>> = {
  note: `Ci sono già ${number(200)} note: di più non se ne tengono.`,
  attends: `Partecipano già ${number(10)} persone: di più non se ne registrano.`,
  document: `Ci sono già ${number(30)} documenti: di più non se ne registrano.`,
};

/** Why it came to nothing, and what to do next. */
function refusal({ about, asked, why }: RefusalRow): { text: string; next: string } {
  const again = about.kind === 'ticket' ? 'Apri la richiesta' : 'Apri l’appuntamento';
  switch (why) {
    case 'gone':
      return {
        text:
          about.kind === 'ticket'
            ? 'La richiesta non è più tra quelle dello studio: la delega è finita, o è passata ad altri.'
            : 'L’appuntamento non è più tra quelli dello studio.',
        next: isWritten(asked) ? kept : asksSede,
      };
    case 'not_begun':
      return {
        text: 'L’appuntamento non è ancora cominciato: intanto è stato spostato.',
        next: `${kept} Dopo l’incontro registralo di nuovo.`,
      };
    case 'full':
      return {
        text: full[asked.kind] ?? 'Non c’è più posto.',
        next: asked.kind === 'note' ? kept : `${again}, togli quello che non serve e riprova.`,
      };
    case 'begun':
      return {
        text: 'Era già cominciato quando l’annullamento è arrivato: resta confermato.',
        next: 'Se nessuno ci va, avvisa la sede.',
      };
    case 'over':
      return overNow(about);
    case 'sede_too_old':
      return {
        text: 'La sede usa ancora una versione del suo programma che non lo registra.',
        next: `${isWritten(asked) ? `${kept} ` : ''}Quando la sede l’avrà aggiornata si potrà.`,
      };
    case 'store_failed':
      return {
        text:
          asked.kind === 'cancel'
            ? 'La sede non è riuscita ad annullarlo: resta com’era.'
            : 'La sede non è riuscita a registrarlo.',
        next: `${again} e riprova; se succede ancora, avvisa la sede.`,
      };
  }
}

/** Decisions that came to nothing: cancellations, and what was entered about a ticket or an appointment. */
export const refusals = {
  list: 'Non riusciti',
  state: 'Non riuscito',
  kind: ({ asked }: RefusalRow) => kinds[asked.kind],
  failed: ({ asked }: RefusalRow) => failed(asked),
  words: ({ asked }: RefusalRow) => words(asked),
  refusal,
  /** Whether nothing is left to be done: what was wanted is so, or needs nobody. */
  isSettled: ({ why, about }: RefusalRow) => why === 'over' && overNow(about).next === over.resolved.next,
  /** What it was about, in a few words. */
  about({ about }: RefusalRow): string {
    if (about.kind === 'ticket') return about.code;
    return about.now ? slotShort(about.now.slot) : '';
  },
  open: ({ about }: RefusalRow) => (about.kind === 'ticket' ? 'Apri la richiesta' : 'Apri l’appuntamento'),
  dismiss: 'Ho letto',
  named: (action: string, row: RefusalRow) =>
    [action, kinds[row.asked.kind], refusals.about(row)].filter(Boolean).join(': '),
};
