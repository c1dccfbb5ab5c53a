import type { DepositView, DraftDetail, DraftStateView, Due, TicketDeposit } from '../../ipc/types';
import { atClock, dayFull, dayLong, slotShort } from '../format';
import { booking } from './booking';

const moment = ({ date, time }: DepositView) => `${dayFull(date)} ${atClock(time)}`;

const found = 'se succede, trovi l’appuntamento in Agenda, dove si può modificare o annullare.';

/** A title, what it means, and what is to be known besides. */
type Waiting = { title: string; text: string[] };

/** What is said of a booking that lies with the sede, or is to, and goes out by itself. */
export const deposit = {
  /** In place of *In coda*. */
  state: ({ for_a_place }: DepositView) => (for_a_place ? 'In attesa di un posto' : 'Depositata'),

  /** In a line of *Bozze e invii*. */
  leaves(deposit: DepositView, due: Due): string | null {
    if (deposit.for_a_place) return null;
    return due.kind === 'on' ? `parte ${dayLong(due.date)}` : 'è arrivato il suo giorno';
  },
  about: (deposit: DepositView) =>
    deposit.for_a_place
      ? `Da ${slotShort(deposit)}: prende il primo che si libera`
      : 'Depositata presso la sede: parte anche a computer spento',
  notYet: 'Non ancora depositata: parte se il programma è aperto e collegato',

  /** In a line of *Oggi*. */
  leaving(deposit: DepositView | null): string {
    if (!deposit) return 'parte solo se il programma è aperto e collegato';
    return deposit.for_a_place ? 'aspetta il primo posto che si libera' : 'depositata: parte anche a computer spento';
  },
  waiting: 'In attesa',

  /** Of a booking in the queue: what it waits for, and whether this computer must be on. */
  queued({ deposit, due, wishes }: Pick<DraftDetail, 'deposit' | 'due' | 'wishes'>): Waiting {
    if (deposit?.for_a_place) {
      return {
        title: 'In attesa di un posto',
        text: [
          `Aspetta presso la sede da ${moment(deposit)}: prende il primo che si libera fra le tue scelte, anche a computer spento. Non serve tornarci.`,
          booking.waits.how(wishes),
        ],
      };
    }
    if (due.kind === 'on') {
      const text = deposit
        ? `Depositata presso la sede ${moment(deposit)}: parte al primo momento in cui le richieste sono prenotabili, anche a computer spento. Non serve tornarci.`
        : 'Per ora parte solo se quel giorno il programma è aperto e collegato. Appena c’è rete viene depositata presso la sede, e allora parte anche a computer spento.';
      return { title: `Partirà da sola ${dayFull(due.date)}`, text: [text] };
    }
    if (deposit) {
      const text = `Depositata presso la sede ${moment(deposit)}: è arrivato il suo giorno, e parte da sola. L’esito si vede appena la sede risponde.`;
      return { title: 'In attesa dell’esito', text: [text] };
    }
    return { title: booking.outcome.queued, text: [booking.outcome.queuedNow] };
  },

  /** The sede has yet to hear that a booking was taken back which lies there; of one that is booked there is nothing to say. */
  withdrawing(state: DraftStateView): { title: string; text: string } | null {
    switch (state) {
      case 'booked':
        return null;
      case 'queued':
      case 'sending':
        return {
          title: 'La sede ha ancora la prenotazione di prima',
          text: `Riceve questa appena c’è rete. Fino ad allora può ancora partire quella di prima: ${found}`,
        };
      default:
        return {
          title: `La sede non sa ancora che l’hai ${state === 'discarded' ? 'scartata' : 'ripresa'}`,
          text: `Lo saprà appena c’è rete. Fino ad allora la prenotazione può ancora partire com’era: ${found}`,
        };
    }
  },
  /** Beside *Ripristina*, of what was discarded. */
  discardedUnheard: 'La sede lo saprà appena c’è rete: fino ad allora la prenotazione può ancora partire.',

  /** Of a ticket: what a colleague has left with the sede. */
  colleague: ({ by, date, for_a_place }: TicketDeposit) =>
    for_a_place
      ? `${by ?? 'Un collega'} aspetta un posto per questa richiesta.`
      : `${by ?? 'Un collega'} l’ha già preparata: parte da sola ${dayFull(date)}.`,
  colleagueNext: 'Senti in studio prima di prenotarla anche tu: vale la prima che la sede riceve.',
};
