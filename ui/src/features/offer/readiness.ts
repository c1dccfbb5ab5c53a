import type { TicketRow } from '../../ipc/types';
import { t } from '../../text';

/** What can be done with tickets of one point, as their answers say: no rule is applied here. */
export type Readiness = {
  /** Why *Prenota appuntamento* does nothing now; null when it works. */
  reason: string | null;
  /** The date from which the last of them is bookable, when all can be prepared. */
  leaves: string | null;
};

export function readiness(rows: readonly TicketRow[]): Readiness {
  const not = rows.filter(({ bookable }) => bookable.answer !== 'yes');
  if (not.length === 0) return { reason: null, leaves: null };
  const dates = not.flatMap(({ bookable }) => (bookable.answer === 'from' ? [bookable.on] : []));
  const leaves = dates.length === not.length ? (dates.toSorted().at(-1) ?? null) : null;
  const said = not.map((row) => {
    const { reason } = t.rules.explain(row.bookable);
    return rows.length > 1 ? t.offer.leftOutLine(row.code, reason) : reason;
  });
  return { reason: said.join(' '), leaves };
}
