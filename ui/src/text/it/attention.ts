import type { AttentionView } from '../../ipc/types';
import { atClock, dayFull, dayLong, list, slotShort } from '../format';
import { booking } from './booking';
import { rules } from './rules';

/** Why a draft needs somebody: what happened, what was kept, what to do. */
export type AttentionLine = { title: string; text: string; next: string };

/** What differs between a booking and a change of an appointment (R14, R17). */
type Said = {
  changes: boolean;
  kept: string;
  /** What did not come of it. */
  nothing: string;
  drop: string;
};

const ofBooking: Said = {
  changes: false,
  kept: 'La bozza è intera: note, contatto e allegati sono rimasti.',
  nothing: 'La prenotazione non è stata registrata.',
  drop: 'scarta la bozza',
};

const ofChange: Said = {
  changes: true,
  kept: 'Quello che hai scritto è rimasto.',
  nothing: 'L’appuntamento resta com’era.',
  drop: 'lascia perdere la modifica',
};

const attentions: {
  [K in AttentionView['kind']]: (view: Extract<AttentionView, { kind: K }>, said: Said) => AttentionLine;
} = {
  all_taken: ({ nearest }, { changes, kept, nothing }) => ({
    title: 'Nessuna delle scelte era libera',
    text: sentences(
      changes && nothing,
      nearest.length > 0
        ? `I più vicini: ${list(nearest.slice(0, 3).map(slotShort))}.`
        : 'Al momento non risulta nessun altro posto vicino.',
    ),
    next: kept,
  }),
  ticket_not_bookable: ({ ticket, bookable }, { kept, drop }) => ({
    title: `${ticket} non è prenotabile adesso`,
    text: rules.explain(bookable).reason,
    next:
      bookable.answer === 'from'
        ? `${kept} Riprendi la modifica e inviala: partirà da sola ${dayFull(bookable.on)}.`
        : `${kept} Apri la richiesta per vedere a che punto è; se non serve più, ${drop}.`,
  }),
  ticket_unknown: ({ ticket }, { kept, drop }) => ({
    title: `La sede non riconosce ${ticket}`,
    text: 'La richiesta non risulta tra quelle dello studio.',
    next: `${kept} Aggiorna i dati della sede; se la richiesta non torna, ${drop}.`,
  }),
  delegation_missing: ({ matricola }, { changes, kept, nothing }) => ({
    title: 'Manca la delega',
    text: sentences(`Per la matricola ${matricola} lo studio non ha una delega attiva.`, changes && nothing),
    next: `${kept} Quando la delega è attiva, riprendi la modifica e invia di nuovo.`,
  }),
  not_together: (_, { changes, nothing }) =>
    changes
      ? {
          title: 'Le richieste portano ora a un altro punto di consulenza',
          text: nothing,
          next: 'Riprendi la modifica e togli le scelte, oppure annulla l’appuntamento e prenotane uno nuovo.',
        }
      : {
          title: 'Le richieste non stanno più nello stesso appuntamento',
          text: 'Nel frattempo portano ad aziende o a punti di consulenza diversi.',
          next: 'Scarta la bozza e prepara un appuntamento per ciascun punto.',
        },
  limits_broken: ({ missing }, { changes, kept, nothing }) => ({
    title: `La sede non accetta la ${changes ? 'modifica' : 'prenotazione'} così com’è`,
    text: sentences(...missing.map(booking.send.missing), changes && nothing),
    next: `${kept} Riprendi la modifica e correggi quello che è segnato.`,
  }),
  attachment_lost: ({ name }, { changes, nothing }) => ({
    title: 'Un allegato non c’è più',
    text: sentences(`Il file ${name} manca o è danneggiato su questo computer.`, changes && nothing),
    next: 'Il resto della bozza è rimasto. Riprendi la modifica, togli il file e aggiungilo di nuovo.',
  }),
  no_room_for_files: (_, { kept, nothing }) => ({
    title: 'La sede non ha più spazio per gli allegati dello studio',
    text: nothing,
    next: `${kept} Togli gli allegati e invia di nuovo, oppure chiedi alla sede di alzare il limite.`,
  }),
  answered: ({ ticket, date, time }, { kept }) => ({
    title: `La sede ha risposto a ${ticket}`,
    text: `Risposta di ${dayLong(date)} ${atClock(time)}. L’invio si è fermato: l’appuntamento serve ancora?`,
    next: `Leggi prima la risposta, poi decidi. ${kept} Se premi «Non serve più», la puoi ripristinare entro 30 giorni.`,
  }),
  withdrawn: (_, { kept, drop }) => ({
    title: 'Ripresa da un altro computer dello studio',
    text: 'La sede non l’ha più in attesa: così non parte.',
    next: `${kept} Senti in studio: se serve ancora, inviala di nuovo; se non serve più, ${drop}.`,
  }),
  appointment_over: (_, { drop }) => ({
    title: 'L’appuntamento non si può più modificare',
    text: 'È iniziato, si è concluso o è stato annullato. La modifica non è stata fatta.',
    next: `Quello che hai scritto lo leggi qui accanto. Quando non serve più, ${drop}.`,
  }),
  overtaken: ({ after, notes, contact, attachments }) => ({
    title: 'L’appuntamento è cambiato nel frattempo',
    text: `La sede o un collega ha cambiato ${list(
      [
        after && `giorno e ora (adesso ${slotShort(after)})`,
        notes !== null && 'le note',
        contact && 'il contatto',
        attachments && 'gli allegati',
      ].filter((part) => typeof part === 'string'),
    )}. La modifica non è stata fatta.`,
    next: 'Premi Rivedi: quello che c’è adesso sta accanto a quello che hai scritto, e decidi se inviare di nuovo.',
  }),
  store_failed: (_, { kept, nothing }) => ({
    title: 'La sede ha risposto con un errore',
    text: nothing,
    next: `${kept} Riprova; se succede ancora, avvisa chi si occupa del programma.`,
  }),
};

const sentences = (...parts: (string | false)[]) => parts.filter(Boolean).join(' ');

/** Of a booking, or of a draft that `changes` an appointment. */
export function attention(view: AttentionView, changes: boolean): AttentionLine {
  const said = changes ? ofChange : ofBooking;
  return (attentions[view.kind] as (view: AttentionView, said: Said) => AttentionLine)(view, said);
}
