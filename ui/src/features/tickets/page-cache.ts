/** Reads `limit` rows from `offset` on. */
export type ReadPage<Row> = (offset: number, limit: number) => Promise<Row[]>;

type Options = {
  pageSize?: number;
  /** Readings under way at a time. */
  atOnce?: number;
  /** Pages that are kept; beyond, those farthest from what is in sight go. */
  keep?: number;
};

/**
 * The rows of one opened list, read in pages as they come into sight. A page is read once; what the person scrolled
 * past before its turn came is not read at all.
 */
export class PageCache<Row> {
  readonly total: number;
  #read: ReadPage<Row>;
  #onchange: () => void;
  #onfail: (thrown: unknown) => void;
  #pages = new Map<number, Row[]>();
  #reading = new Set<number>();
  #wanted: number[] = [];
  #closed = false;
  #pageSize: number;
  #atOnce: number;
  #keep: number;

  constructor(
    total: number,
    read: ReadPage<Row>,
    onchange: () => void,
    onfail: (thrown: unknown) => void,
    { pageSize = 100, atOnce = 2, keep = 200 }: Options = {},
  ) {
    this.total = total;
    this.#read = read;
    this.#onchange = onchange;
    this.#onfail = onfail;
    this.#pageSize = pageSize;
    this.#atOnce = atOnce;
    this.#keep = keep;
  }

  /** The row, if it was read. */
  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / this.#pageSize))?.[index % this.#pageSize];
  }

  /** Rows `first` to `last`, both inclusive, are in sight: their pages come next, and no others. */
  want(first: number, last: number): void {
    this.#wanted = this.#pagesOf(first, last).filter((page) => !this.#pages.has(page));
    this.#next();
  }

  /** The rows `first` to `last`, read if they must be. */
  async rows(first: number, last: number): Promise<Row[]> {
    await Promise.all(this.#pagesOf(first, last).map((page) => this.#readPage(page)));
    const rows: Row[] = [];
    for (let index = first; index <= last; index += 1) {
      const row = this.row(index);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Nothing more is read, nothing more is told. */
  close(): void {
    this.#closed = true;
    this.#wanted = [];
  }

  #pagesOf(first: number, last: number): number[] {
    const from = Math.floor(Math.max(0, first) / this.#pageSize);
    const to = Math.floor(Math.min(last, this.total - 1) / this.#pageSize);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
  }

  #next(): void {
    while (this.#reading.size < this.#atOnce) {
      const page = this.#wanted.shift();
      if (page === undefined) return;
      if (!this.#reading.has(page)) {
        void this.#readPage(page).then(
          () => this.#next(),
          () => undefined,
        );
      }
    }
  }

  async #readPage(page: number): Promise<void> {
    if (this.#pages.has(page) || this.#closed) return;
    this.#reading.add(page);
    try {
      const rows = await this.#read(page * this.#pageSize, this.#pageSize);
      if (this.#closed) return;
      this.#pages.set(page, rows);
      this.#forgetFarFrom(page);
      this.#onchange();
    } catch (thrown) {
      if (this.#closed) return;
      this.close();
      this.#onfail(thrown);
      throw thrown;
    } finally {
      this.#reading.delete(page);
    }
  }

  #forgetFarFrom(page: number): void {
    if (this.#pages.size <= this.#keep) return;
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
    for (const old of far.slice(0, this.#pages.size - this.#keep)) this.#pages.delete(old);
  }
}
