import { SvelteMap } from 'svelte/reactivity';
import type { TicketRow } from '../../ipc/types';

/** Rows that can be taken in one go with Shift. */
export const mostInARow = 200;

/** The chosen tickets, in the order of choosing; they stay chosen when the list is filtered or sorted otherwise. */
export class Selection {
  #rows = new SvelteMap<string, TicketRow>();
  /** Where a range begins: the row chosen or looked at last. */
  anchor: number | undefined = undefined;

  get rows(): TicketRow[] {
    return [...this.#rows.values()];
  }

  get size(): number {
    return this.#rows.size;
  }

  has(code: string): boolean {
    return this.#rows.has(code);
  }

  toggle(row: TicketRow, index?: number): void {
    if (!this.#rows.delete(row.code)) this.#rows.set(row.code, row);
    if (index !== undefined) this.anchor = index;
  }

  /** Adds rows that follow each other, as Shift does. */
  add(rows: readonly TicketRow[]): void {
    for (const row of rows) this.#rows.set(row.code, row);
  }

  /** The indices from the anchor to a row, both inclusive, smallest first; no more than `mostInARow`. */
  range(index: number): [first: number, last: number] {
    const anchor = this.anchor ?? index;
    const first = Math.min(anchor, index);
    const last = Math.max(anchor, index);
    if (last - first < mostInARow) return [first, last];
    return anchor < index ? [anchor, anchor + mostInARow - 1] : [anchor - mostInARow + 1, anchor];
  }

  remove(codes: readonly string[]): void {
    for (const code of codes) this.#rows.delete(code);
  }

  clear(): void {
    this.#rows.clear();
    this.anchor = undefined;
  }

  /** What is known of the chosen tickets is old: takes what was read since. */
  renew(rows: readonly TicketRow[]): void {
    for (const row of rows) if (this.#rows.has(row.code)) this.#rows.set(row.code, row);
  }
}
