import type { BookableFilter, InChargeFilter, StatusView, TicketQuery, TicketSort } from '../../ipc/types';

/** What the list shall hold. It outlives the room, so that one comes back to the same list. */
class Filters {
  bookable = $state<BookableFilter>('any');
  statuses = $state.raw<readonly StatusView[]>([]);
  company = $state.raw<{ code: string; name: string } | null>(null);
  /** A topic's code, or the path of an area or subject; with its label for the chip. */
  topic = $state.raw<{ value: string; label: string } | null>(null);
  from = $state<string | null>(null);
  to = $state<string | null>(null);
  inCharge = $state.raw<InChargeFilter | null>(null);
  sort = $state<TicketSort>('bookable');
  descending = $state(false);

  /** Whether anything but eligibility is narrowed. */
  get narrowed(): boolean {
    const chosen = [this.company, this.topic, this.inCharge].some((one) => one !== null);
    return chosen || this.statuses.length > 0 || !!this.from || !!this.to;
  }

  clear(): void {
    this.bookable = 'any';
    this.statuses = [];
    this.company = null;
    this.topic = null;
    this.from = null;
    this.to = null;
    this.inCharge = null;
  }

  /** Sorts by a column; by the same one again the other way round. */
  sortBy(sort: TicketSort): void {
    this.descending = this.sort === sort ? !this.descending : false;
    this.sort = sort;
  }

  query(text: string): TicketQuery {
    return {
      bookable: this.bookable,
      statuses: [...this.statuses],
      company: this.company?.code ?? null,
      topic: this.topic?.value ?? null,
      opened_from: this.from,
      opened_to: this.to,
      in_charge: this.inCharge,
      text,
      sort: this.sort,
      descending: this.descending,
    };
  }
}

export const filters = new Filters();
