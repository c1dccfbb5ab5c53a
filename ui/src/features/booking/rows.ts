/**
 * The board as rows of times: the days of a point need not have the same times, so a row stands for each time that
 * occurs on any of them.
 */
import type { BoardDay } from '../../ipc/types';
import type { BoardSlot } from '../../ipc/types';

/** One time of the board, across its days. */
export interface BoardRow {
  /** Different from every other row's. */
  key: string;
  /** Clock time, `09:30`. */
  time: string;
  /** Whether the afternoon begins here, after a morning. */
  afternoon: boolean;
  /** One per day, in the order of the days; nothing where the point has no slot then. */
  cells: (BoardSlot | null)[];
}

/** How a slot is shown. */
export type CellKind = 'chosen' | 'own' | 'begun' | 'never' | 'full' | 'few' | 'free';

/** Rows in the order of their times. */
export function boardRows(days: readonly BoardDay[]): BoardRow[] {
  const rows = new Map<string, BoardRow>();
  days.forEach((day, column) => {
    // A day on which the clock is set back has the same clock time twice: each gets its own row.
    const seen = new Map<string, number>();
    for (const slot of day.slots) {
      const time = slot.slot.time;
      const nth = seen.get(time) ?? 0;
      seen.set(time, nth + 1);
      const key = `${time}#${String(nth)}`;
      const row = rows.get(key) ?? {
        key,
        time,
        afternoon: false,
        cells: days.map(() => null),
      };
      row.cells[column] = slot;
      rows.set(key, row);
    }
  });
  const sorted = [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const noon = sorted.findIndex((row) => row.time >= '12:30');
  const first = sorted[noon];
  if (noon > 0 && first) first.afternoon = true;
  return sorted;
}

/**
 * How to show `slot`, which is the wish at `rank` (from 0; -1: none), on a day that `suits` or not; at `own` begins the slot
 * of the appointment.
 */
export function cellKind(slot: BoardSlot, rank: number, own?: string, suits = true): CellKind {
  if (rank >= 0) return 'chosen';
  if (slot.slot.start === own) return 'own';
  if (slot.begun) return 'begun';
  if (!suits) return 'never';
  if (slot.free === 0) return 'full';
  return slot.free === 1 ? 'few' : 'free';
}

/** A place on the board. */
export interface Spot {
  row: number;
  column: number;
}

/** Keys that walk over the board. */
export type Step = 'up' | 'down' | 'left' | 'right' | 'first' | 'last';

/** Where a key leads from `at`, over places without a slot; `at` itself where there is nothing further. */
export function walk(rows: readonly BoardRow[], at: Spot, step: Step): Spot {
  const has = (spot: Spot) => (rows[spot.row]?.cells[spot.column] ?? null) !== null;
  const width = rows[0]?.cells.length ?? 0;
  if (step === 'up' || step === 'down') {
    const by = step === 'up' ? -1 : 1;
    for (let row = at.row + by; row >= 0 && row < rows.length; row += by) {
      if (has({ row, column: at.column })) return { row, column: at.column };
    }
    return at;
  }
  if (step === 'first' || step === 'last') {
    const column = at.column;
    const order = rows.map((_, row) => row);
    if (step === 'last') order.reverse();
    const row = order.find((candidate) => has({ row: candidate, column }));
    return row === undefined ? at : { row, column };
  }
  const by = step === 'left' ? -1 : 1;
  for (let column = at.column + by; column >= 0 && column < width; column += by) {
    const row = nearestRow(rows, column, at.row);
    if (row !== null) return { row, column };
  }
  return at;
}

/** The row of `column` with a slot that is nearest to `row`: days may have quite different times. */
function nearestRow(rows: readonly BoardRow[], column: number, row: number): number | null {
  let best: number | null = null;
  rows.forEach((candidate, index) => {
    if (candidate.cells[column] === null || candidate.cells[column] === undefined) return;
    if (best === null || Math.abs(index - row) < Math.abs(best - row)) best = index;
  });
  return best;
}
