import { announce, attempt } from '../../app/notices.svelte';
import { importing } from '../../ipc/client';
import { on } from '../../ipc/events';
import type {
  FieldView,
  ImportCounts,
  ImportFilter,
  ImportList,
  ImportOpened,
  ImportOutcome,
  ImportRow,
  Progress,
  StatusView,
  UnreadableView,
} from '../../ipc/types';
import { t } from '../../text';

/** Rows that are asked for at once. */
const WINDOW = 100;

/** The list that is being imported, from its opening to its result. */
export class OpenList {
  list = $state.raw<ImportList | undefined>();
  /** Why the last one could not be read. */
  unreadable = $state.raw<{ name: string; why: UnreadableView } | undefined>();
  /** What is under way. */
  work = $state<'reading' | 'taking' | undefined>();
  progress = $state.raw<Progress | undefined>();
  result = $state.raw<Extract<ImportOutcome, { outcome: 'imported' }> | undefined>();
  filter = $state<ImportFilter>('all');
  rows = $state.raw<(ImportRow | undefined)[]>([]);
  // Nothing that is shown depends on it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Set<number>();
  /** Grows with each list and each filter: an answer to an earlier question is let go. */
  #turn = 0;

  /** Hears how far the work is, until the function that it returns is called. */
  watch(): () => void {
    return on('progress', (told) => {
      if (this.work && (told.work === 'read_list' || told.work === 'import_list')) this.progress = told;
    });
  }

  async pick(): Promise<void> {
    await this.#open(() => importing.pick());
  }

  async takeDropped(): Promise<void> {
    await this.#open(() => importing.takeDropped());
  }

  async paste(html: string | null, text: string): Promise<void> {
    await this.#open(() => importing.paste(html, text));
  }

  async #open(ask: () => Promise<ImportOpened | null>): Promise<void> {
    if (this.work) return;
    this.#begin('reading');
    await attempt(async () => {
      const opened = await ask();
      if (opened) this.#take(opened);
    });
    this.#end();
  }

  /** Says what a column stands for; null: it is passed over. */
  async match(name: string, field: FieldView | null): Promise<void> {
    const columns = (this.list?.columns ?? [])
      .map((column) => (column.name === name ? { ...column, field } : column))
      // A field stands in one column: the one that was chosen last.
      .filter((column) => column.field !== null && (column.name === name || column.field !== field));
    await this.#match(
      columns.flatMap((column) => (column.field ? [{ name: column.name, field: column.field }] : [])),
      [],
    );
  }

  /** Says what a word for a state means. */
  async explain(text: string, status: StatusView): Promise<void> {
    const columns = this.list?.columns ?? [];
    await this.#match(
      columns.flatMap(({ name, field }) => (field ? [{ name, field }] : [])),
      [{ text, status }],
    );
  }

  async #match(
    columns: { name: string; field: FieldView }[],
    states: { text: string; status: StatusView }[],
    table = this.list?.table ?? 0,
  ): Promise<void> {
    if (this.work) return;
    this.#begin('reading');
    await attempt(async () => this.#take(await importing.match({ table, columns, states })));
    this.#end();
  }

  async chooseTable(table: number): Promise<void> {
    await this.#match([], [], table);
  }

  async take(): Promise<void> {
    if (this.work) return;
    this.#begin('taking');
    await attempt(async () => {
      const outcome = await importing.take();
      if (outcome.outcome === 'imported') {
        this.result = outcome;
        this.list = undefined;
        announce(`${t.importing.result.title}. ${t.importing.result.said(outcome.counts)}`);
      } else announce(t.importing.preview.stopped);
    });
    this.#end();
  }

  /** Calls off what is under way. */
  async callOff(): Promise<void> {
    await attempt(() => importing.callOff());
  }

  /** Forgets the list, and what came of it. */
  begin(): void {
    this.list = undefined;
    this.result = undefined;
    this.unreadable = undefined;
    void importing.close().catch(() => undefined);
  }

  show(filter: ImportFilter): void {
    this.filter = filter;
    this.#reset();
  }

  /** How many rows the filter shows. */
  get total(): number {
    return shownBy(this.list?.counts ?? null, this.filter);
  }

  /** Reads the rows in sight that were not read yet. */
  read(first: number, last: number): void {
    for (let page = Math.floor(first / WINDOW); page <= Math.floor(last / WINDOW); page += 1) {
      if (!this.#asked.has(page)) void this.#readPage(page);
    }
  }

  async #readPage(page: number): Promise<void> {
    const turn = this.#turn;
    this.#asked.add(page);
    try {
      const read = await importing.rows(this.filter, page * WINDOW, WINDOW);
      if (turn !== this.#turn) return;
      const rows = [...this.rows];
      read.forEach((row, at) => (rows[page * WINDOW + at] = row));
      this.rows = rows;
    } catch {
      // Asked again when it comes into sight.
      this.#asked.delete(page);
    }
  }

  #take(opened: ImportOpened): void {
    switch (opened.outcome) {
      case 'read':
        this.list = opened.list;
        this.unreadable = undefined;
        this.result = undefined;
        this.filter = 'all';
        this.#reset();
        break;
      case 'unreadable':
        this.unreadable = { name: opened.name, why: opened.why };
        break;
      case 'called_off':
        announce(t.importing.source.calledOff);
    }
  }

  #begin(work: 'reading' | 'taking'): void {
    this.work = work;
    this.progress = undefined;
  }

  #end(): void {
    this.work = undefined;
    this.progress = undefined;
  }

  #reset(): void {
    this.#turn += 1;
    this.#asked.clear();
    this.rows = [];
    if (this.total > 0) this.read(0, Math.min(this.total, WINDOW) - 1);
  }
}

/** How many rows a filter shows. */
export function shownBy(counts: ImportCounts | null, filter: ImportFilter): number {
  if (!counts) return 0;
  const { new: fresh, changed, same, refused } = counts;
  return filter === 'all' ? fresh + changed + same + refused : counts[filter];
}
