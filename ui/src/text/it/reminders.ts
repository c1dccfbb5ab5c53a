import type { PromiseView, ReminderRefusalView, ReminderRow, ReminderView } from '../../ipc/types';
import { dayLong, number } from '../format';

const rule =
  'La sede promette una risposta entro 5 giorni lavorativi: sabati, domeniche e festività nazionali non si contano, e nemmeno il giorno della richiesta. Dal giorno dopo si può sollecitare. Dopo 20 giorni lavorativi in tutto ci si rivolge al direttore della sede.';

const since = ({ counts_from, reminded }: PromiseView) =>
  reminded ? `sollecitata ${dayLong(counts_from)}` : `in attesa da ${dayLong(counts_from)}`;

/** Why the sede may be reminded, from when, or why not: one sentence. */
function explain(view: ReminderView): string {
  switch (view.answer) {
    case 'yes':
      return `Si può sollecitare: ${since(view.promise)}, più dei 5 giorni lavorativi promessi.`;
    case 'from':
      return `Si può sollecitare da ${dayLong(view.promise.reminder_from)}: ${since(view.promise)}.`;
    case 'no':
      if (view.obstacle === 'of_the_portal') return 'Si sollecita sul portale.';
      return view.obstacle === 'withdrawn'
        ? 'Non si sollecita: la richiesta è stata ritirata.'
        : 'Non si sollecita: la sede ha chiuso la richiesta.';
  }
}

/** Why a reminder did not go through, and what to do next. */
function refusal(view: ReminderRefusalView): { text: string; next: string } {
  switch (view.kind) {
    case 'ticket_unknown':
      return {
        text: 'La richiesta non è più tra quelle dello studio: la delega è finita, o è passata ad altri.',
        next: 'Se la delega c’è ancora, chiedi alla sede.',
      };
    case 'not_due':
      if (view.reminder.answer === 'no') {
        return {
          text:
            view.reminder.obstacle === 'closed'
              ? 'Intanto la sede ha risposto e ha chiuso la richiesta.'
              : 'Intanto la richiesta è stata ritirata.',
          next: 'Apri la richiesta e leggi la conversazione.',
        };
      }
      return {
        text: view.reminder.promise.reminded
          ? `Qualcuno dello studio l’ha già sollecitata ${dayLong(view.reminder.promise.counts_from)}.`
          : 'La richiesta ha avuto una risposta, o non sono ancora passati i giorni promessi.',
        next: `Si può sollecitare da ${dayLong(view.reminder.promise.reminder_from)}.`,
      };
    case 'too_long':
      return {
        text: `Il testo supera i ${number(view.max)} caratteri che la sede accetta.`,
        next: 'Apri la richiesta, accorcialo e sollecita di nuovo.',
      };
    case 'sede_too_old':
      return {
        text: 'La sede usa ancora una versione del suo programma che non riceve solleciti.',
        next: 'Quello che hai scritto è rimasto: sollecita per un’altra via, o riprova quando la sede l’avrà aggiornata.',
      };
    case 'store_failed':
      return {
        text: 'La sede non è riuscita a registrarlo.',
        next: 'Apri la richiesta e sollecita di nuovo; se succede ancora, avvisa la sede.',
      };
  }
}

/** *Solleciti* (S5). */
export const reminders = {
  title: 'Sollecito',
  explain,
  rule,
  director: (promise: PromiseView) =>
    `Sono passati i 20 giorni lavorativi in tutto (${dayLong(promise.director_from)}): il passo dopo è il direttore della sede.`,
  write: 'Sollecita',
  words: 'Due parole per la sede',
  hint: 'facoltative',
  send: 'Invia il sollecito',
  close: 'Chiudi',
  sent: (code: string) => `Sollecito per ${code}: parte appena c’è rete.`,
  recall: 'Ritira',
  recalled: (code: string) => `Sollecito per ${code} ritirato.`,
  dismiss: 'Ho letto',
  openTicket: 'Apri la richiesta',
  named: (action: string, code: string) => `${action}: ${code}`,
  message: 'Sollecito',
  withoutWords: 'Senza parole.',
  refusal,
  failed: (code: string) => `Il sollecito per ${code} non è partito`,
  state({ state }: ReminderRow): string {
    switch (state) {
      case 'queued':
        return 'In coda';
      case 'sending':
        return 'In invio';
      case 'refused':
        return 'Non partito';
    }
  },
  leaves: ({ can_recall }: ReminderRow) =>
    can_recall ? 'parte appena c’è rete' : 'può essere già arrivato: riparte appena c’è rete',
  list: 'Solleciti',
};
