import type { AttentionView, DepositView, DraftStateView, Due } from '../../ipc/types';
import { dayLong, moment, number, plural } from '../format';
import { attention } from './attention';
import { change } from './change';
import { deposit } from './deposit';

/** What is on its way, however often. */
type Tried = { last_attempt: string | null; next_attempt: string | null; failures: number };

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
  state(state: DraftStateView, changes = false, lies: DepositView | null = null): string {
    if (state === 'queued' && lies) return deposit.state(lies);
    return changes && state === 'discarded' ? change.discard.state : states[state];
  },
  attention,
  columns: {
    company: 'Azienda e richieste',
    when: 'Prima scelta',
    state: 'Stato',
    leaves: 'Quando parte',
    actions: 'Azioni',
  },
  noWish: 'nessuna scelta ancora',
  moreWishes: (n: number) => (n === 1 ? 'e un’altra scelta' : `e altre ${number(n)} scelte`),
  waits: 'se sono tutte prese, aspetta un posto',
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
  /** When it was last tried, when it will be, and how often that came to nothing; empty before the first time. */
  tries: ({ last_attempt, next_attempt, failures }: Tried, today: string) =>
    [
      last_attempt && `Ultimo tentativo ${moment(last_attempt, today)}`,
      next_attempt && `Prossimo ${moment(next_attempt, today)}`,
      failures > 0 && plural(failures, 'tentativo a vuoto', 'tentativi a vuoto'),
    ]
      .filter(Boolean)
      .join(' · '),
  open: 'Apri',
  openNamed: (company: string, changes: boolean) => `Apri la ${changes ? 'modifica' : 'bozza'} per ${company}`,
  /** The next step of a draft that did not go through. */
  nextStep({ kind }: AttentionView): string {
    switch (kind) {
      case 'all_taken':
        return 'Scegli di nuovo';
      case 'answered':
        return 'Decidi';
      case 'overtaken':
        return change.outcome.review;
      default:
        return drafts.open;
    }
  },
  send: 'Invia',
  retry: 'Riprova adesso',
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
