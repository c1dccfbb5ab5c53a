import type { AttentionView, DraftStateView, Due } from '../../ipc/types';
import { dayFull, dayLong, list, number, plural, slotShort } from '../format';
import { booking } from './booking';
import { rules } from './rules';

/** Why a draft needs somebody: what happened, what was kept, what to do. */
export type AttentionLine = { title: string; text: string; next: string };

const kept = 'La bozza è intera: note, contatto e allegati sono rimasti.';

const attentions: { [K in AttentionView['kind']]: (view: Extract<AttentionView, { kind: K }>) => AttentionLine } = {
  all_taken: ({ nearest }) => ({
    title: 'Nessuna delle scelte era libera',
    text:
      nearest.length > 0
        ? `I più vicini: ${list(nearest.slice(0, 3).map(slotShort))}.`
        : 'Al momento non risulta nessun altro posto vicino.',
    next: kept,
  }),
  ticket_not_bookable: ({ ticket, bookable }) => ({
    title: `${ticket} non è prenotabile adesso`,
    text: rules.explain(bookable).reason,
    next:
      bookable.answer === 'from'
        ? `${kept} Riprendi la modifica e inviala: partirà da sola ${dayFull(bookable.on)}.`
        : `${kept} Apri la richiesta per vedere a che punto è; se non serve più, scarta la bozza.`,
  }),
  ticket_unknown: ({ ticket }) => ({
    title: `La sede non riconosce ${ticket}`,
    text: 'La richiesta non risulta tra quelle dello studio.',
    next: `${kept} Aggiorna i dati della sede; se la richiesta non torna, scarta la bozza.`,
  }),
  delegation_missing: ({ matricola }) => ({
    title: 'Manca la delega',
    text: `Per la matricola ${matricola} lo studio non ha una delega attiva.`,
    next: `${kept} Quando la delega è attiva, riprendi la modifica e invia di nuovo.`,
  }),
  not_together: () => ({
    title: 'Le richieste non stanno più nello stesso appuntamento',
    text: 'Nel frattempo portano ad aziende o a punti di consulenza diversi.',
    next: 'Scarta la bozza e prepara un appuntamento per ciascun punto.',
  }),
  limits_broken: ({ missing }) => ({
    title: 'La sede non accetta la prenotazione così com’è',
    text: missing.map(booking.send.missing).join(' '),
    next: `${kept} Riprendi la modifica e correggi quello che è segnato.`,
  }),
  attachment_lost: ({ name }) => ({
    title: 'Un allegato non c’è più',
    text: `Il file ${name} manca o è danneggiato su questo computer.`,
    next: 'Il resto della bozza è rimasto. Riprendi la modifica, togli il file e aggiungilo di nuovo.',
  }),
  no_room_for_files: () => ({
    title: 'La sede non ha più spazio per gli allegati dello studio',
    text: 'La prenotazione non è stata registrata.',
    next: `${kept} Togli gli allegati e invia di nuovo, oppure chiedi alla sede di alzare il limite.`,
  }),
  store_failed: () => ({
    title: 'La sede ha risposto con un errore',
    text: 'La prenotazione non è stata registrata.',
    next: `${kept} Riprova; se succede ancora, avvisa chi si occupa del programma.`,
  }),
};

const states: Record<DraftStateView, string> = {
  editing: 'In preparazione',
  queued: 'In coda',
  sending: 'In invio',
  booked: 'Confermata',
  needs_attention: 'Serve una decisione',
  discarded: 'Scartata',
};

export const drafts = {
  title: 'Bozze e invii',
  about: (open: number, attention: number) =>
    attention === 0
      ? plural(open, 'aperta', 'aperte')
      : `${plural(open, 'aperta', 'aperte')} · ${plural(attention, 'chiede una decisione', 'chiedono una decisione')}`,
  state: (state: DraftStateView) => states[state],
  attention: (view: AttentionView): AttentionLine =>
    (attentions[view.kind] as (view: AttentionView) => AttentionLine)(view),
  columns: {
    company: 'Azienda e richieste',
    when: 'Prima scelta',
    state: 'Stato',
    leaves: 'Quando parte',
    actions: 'Azioni',
  },
  noWish: 'nessuna scelta ancora',
  moreWishes: (n: number) => (n === 1 ? 'e un’altra scelta' : `e altre ${number(n)} scelte`),
  due(due: Due): string {
    switch (due.kind) {
      case 'now':
        return 'parte appena c’è rete';
      case 'on':
        return `parte ${dayLong(due.date)}`;
      case 'never':
        return 'non può partire';
    }
  },
  wouldLeave: (due: Due): string =>
    due.kind === 'on' ? `non prima di ${dayLong(due.date)}` : 'per ora non può partire',
  changed: (when: string) => `Modificata ${when}`,
  lastTry: (when: string) => `Ultimo tentativo ${when}`,
  nextTry: (when: string) => `Prossimo ${when}`,
  failures: (n: number) => plural(n, 'tentativo a vuoto', 'tentativi a vuoto'),
  open: 'Apri',
  openNamed: (company: string) => `Apri la bozza per ${company}`,
  resolve: 'Scegli di nuovo',
  send: 'Invia',
  retry: 'Riprova ora',
  recall: 'Riprendi la modifica',
  discard: 'Scarta',
  discarded: (company: string) => `Bozza per ${company} scartata.`,
  restore: 'Ripristina',
  restored: (company: string) => `Bozza per ${company} ripristinata.`,
  recalled: (company: string) => `La bozza per ${company} è di nuovo in modifica.`,
  toAgenda: 'Apri in agenda',
  named: (action: string, company: string) => `${action}: ${company}`,
  empty: 'Nessuna bozza',
  emptyText: 'Scegli una richiesta e premi Prenota appuntamento, o Prepara prenotazione se non è ancora il momento.',
  toTickets: 'Vai alle richieste',
  finished: (n: number) => `Concluse negli ultimi 30 giorni (${number(n)})`,
  failed: 'L’elenco non si è aperto',
  reading: 'Lettura delle bozze…',
  retryReading: 'Riprova',
};
