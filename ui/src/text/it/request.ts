import type { RequestAttentionView, RequestMissing, RequestPosition, RequestStateView } from '../../ipc/types';
import { atClock, number } from '../format';

const states: Record<RequestStateView, string> = {
  editing: 'In preparazione',
  queued: 'In coda',
  sending: 'In invio',
  opened: 'Aperta dalla sede',
  needs_attention: 'Serve una decisione',
  discarded: 'Scartata',
};

function missing(one: RequestMissing): string {
  switch (one.kind) {
    case 'position':
      return 'Scegli la posizione.';
    case 'delegation':
      return 'Per questa posizione non c’è una delega attiva oggi: scegline un’altra.';
    case 'topic':
      return 'Scegli l’argomento, fino al dettaglio.';
    case 'text':
      return 'Scrivi che cosa chiedi.';
    case 'text_too_long':
      return `Il testo supera il limite: ${number(one.length)} caratteri su ${number(one.max)}.`;
    case 'contact':
      return 'Scrivi un telefono o un indirizzo e-mail.';
    case 'bad_phone':
      return 'Il telefono non sembra un numero: servono almeno le cifre.';
    case 'bad_email':
      return 'L’indirizzo e-mail non è completo.';
    case 'attachments':
      return 'Gli allegati superano il numero o la dimensione che la sede accetta: togline qualcuno.';
  }
}

/** Why a request did not become a ticket, and what to do. */
function attention(why: RequestAttentionView): { title: string; text: string } {
  switch (why.kind) {
    case 'not_delegated':
      return {
        title: 'La sede non trova la delega',
        text: 'Oggi lo studio non risulta delegato per questa posizione. Scegline un’altra, o chiedi alla sede.',
      };
    case 'unknown_topic':
      return {
        title: 'L’argomento non c’è più',
        text: 'La sede ha cambiato i suoi argomenti: scegline uno di quelli che ci sono ora.',
      };
    case 'limits_broken':
      return { title: 'La sede non la accetta così', text: why.missing.map(missing).join(' ') };
    case 'attachment_lost':
      return {
        title: 'Un allegato non si trova più',
        text: `${why.name}: toglilo e aggiungilo di nuovo. Il resto è rimasto com’era.`,
      };
    case 'no_room_for_files':
      return {
        title: 'La sede non ha più posto per i file dello studio',
        text: 'Togli gli allegati e invia di nuovo, o chiedi alla sede.',
      };
    case 'sede_too_old':
      return {
        title: 'La sede non riceve ancora richieste da qui',
        text: 'Usa una versione del suo programma che non le conosce. Quello che hai scritto è rimasto: invia di nuovo quando la sede l’avrà aggiornata, o scrivi per un’altra via.',
      };
    case 'store_failed':
      return {
        title: 'La sede non è riuscita a registrarla',
        text: 'Quello che hai scritto è rimasto: invia di nuovo; se succede ancora, avvisa la sede.',
      };
  }
}

/** *Nuova richiesta* (S2). */
export const request = {
  begin: 'Nuova richiesta',
  title: (position: RequestPosition | null) =>
    position?.company_name ? `Nuova richiesta · ${position.company_name}` : 'Nuova richiesta',
  opening: 'Apertura della richiesta…',
  failed: 'La richiesta non si è aperta',
  state: (state: RequestStateView) => states[state],
  saved: (time: string) => `Salvata ${atClock(time)}`,
  position: {
    title: 'Di quale posizione',
    search: 'Azienda, codice fiscale o matricola',
    none: 'Nessuna posizione con queste parole, fra quelle per cui lo studio ha una delega attiva.',
    more: 'Scrivi qualche lettera in più per vedere le altre.',
    line: ({ matricola, sede_name }: RequestPosition) =>
      sede_name ? `Matricola ${matricola} · Sede di ${sede_name}` : `Matricola ${matricola}`,
    change: 'Cambia posizione',
  },
  topic: {
    title: 'Su quale argomento',
    hint: 'Area, materia, dettaglio: si sceglie il dettaglio.',
    change: 'Cambia argomento',
    none: 'Gli argomenti arrivano con la prima lettura dei dati della sede.',
  },
  text: { title: 'Che cosa chiedi', hint: 'La sede la legge così com’è.' },
  contact: { title: 'Contatto', hint: 'almeno uno dei due: la sede risponde lì' },
  phone: 'Telefono',
  email: 'E-mail',
  missing,
  lacks: 'Ancora da sistemare:',
  ready: 'C’è tutto. Parte subito; se non c’è rete, appena torna.',
  send: 'Invia',
  leftUnsaved: (company: string) =>
    company ? `La richiesta per ${company} non è ancora salvata.` : 'La richiesta non è ancora salvata.',
  reopen: 'Riapri la richiesta',
  notSaved: 'Non è stata inviata: quello che hai scritto non è ancora salvato.',
  attention,
  queued: {
    title: 'In coda',
    text: 'Parte da sola appena c’è rete. Il codice lo dà la sede, quando la riceve.',
    mayHave: 'È già partita una volta: può essere arrivata. Se è così, resta come l’avevi inviata.',
  },
  sending: { title: 'In invio', text: 'La sede la sta ricevendo.' },
  opened: {
    title: (code: string) => `La sede l’ha aperta: ${code}`,
    text: 'La trovi in Richieste con le altre. Se la risposta non arriva si può sollecitare, e poi prenotare un appuntamento.',
    open: (code: string) => `Apri ${code}`,
    coming: 'Compare in Richieste alla prossima lettura dei dati.',
  },
  discardedTitle: 'Scartata',
  discardedText: 'Quello che avevi scritto è rimasto: si può riprendere.',
  recall: 'Riprendi la modifica',
  retry: 'Riprova adesso',
  sendAgain: 'Invia di nuovo',
  edit: 'Modifica',
  discard: 'Scarta',
  discarded: 'Richiesta scartata.',
  restore: 'Ripristina',
  list: 'Nuove richieste',
  unnamed: 'Posizione da scegliere',
  noTopic: 'argomento da scegliere',
  noText: 'niente di scritto ancora',
  named: (action: string, company: string) => `${action}: ${company}`,
  leaves: 'parte appena c’è rete',
};
