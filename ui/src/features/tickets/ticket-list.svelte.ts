import { tickets } from '../../ipc/client';
import { asFailure, failedWith } from '../../ipc/failure';
import type { BookableCounts, Failure, TicketQuery, TicketRow } from '../../ipc/types';
import { PageCache } from './page-cache';

/**
 * The list that is shown. While another is opened the rows in sight stay; they are exchanged at once for those of the
 * new list, when these have been read.
 */
export class TicketListState {
  total = $state(0);
  counts = $state.raw<BookableCounts | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  busy = $state(false);
  /** Whether a list was ever shown. */
  ready = $state(false);
  /** The row that has, or had, the focus. */
  active = $state(0);
  #version = $state(0);
  #pages: PageCache<TicketRow> | undefined;
  #query: TicketQuery | undefined;
  #round = 0;
  #first = 0;
  #last = 40;

  row(index: number): TicketRow | undefined {
    void this.#version;
    return this.#pages?.row(index);
  }

  rows(first: number, last: number): Promise<TicketRow[]> {
    return this.#pages?.rows(first, last) ?? Promise.resolve([]);
  }

  want(first: number, last: number): void {
    this.#first = first;
    this.#last = last;
    this.#pages?.want(first, last);
  }

  /**
   * Opens the list of a query, from its top; true when it is shown anew (and no newer one was asked for). The query
   * that is shown already is read again where one is: one comes back to where one was.
   */
  async open(query: TicketQuery): Promise<boolean> {
    const same = this.ready && JSON.stringify(query) === JSON.stringify(this.#query);
    this.#query = query;
    const shown = same ? await this.refresh() : await this.#show(query, 0, 40);
    return shown && !same;
  }

  /** Opens the same list anew, where one is. */
  refresh(): Promise<boolean> {
    return this.#query ? this.#show(this.#query, this.#first, this.#last) : Promise.resolve(false);
  }

  close(): void {
    this.#round += 1;
    this.#pages?.close();
  }

  async #show(query: TicketQuery, first: number, last: number): Promise<boolean> {
    const round = ++this.#round;
    this.busy = true;
    try {
      const { list, total, counts } = await tickets.openList(query);
      if (round !== this.#round) return false;
      const pages = new PageCache<TicketRow>(
        total,
        (offset, limit) => tickets.window(list, offset, limit),
        () => (this.#version += 1),
        (thrown) => this.#failed(thrown, pages),
      );
      await pages.rows(first, Math.min(last, total - 1));
      if (round !== this.#round) return false;
      this.#pages?.close();
      this.#pages = pages;
      this.total = total;
      this.counts = counts;
      this.failure = undefined;
      this.ready = true;
      this.#version += 1;
      this.busy = false;
      return true;
    } catch (thrown) {
      if (round === this.#round) {
        this.failure = asFailure(thrown);
        this.busy = false;
      }
      return false;
    }
  }

  #failed(thrown: unknown, pages: PageCache<TicketRow>): void {
    if (pages !== this.#pages) return;
    // Newer lists took its place: the same is opened again, and nobody needs to know.
    if (failedWith(thrown, 'list_expired')) void this.refresh();
    else this.failure = asFailure(thrown);
  }
}
