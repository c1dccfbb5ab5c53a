import { Loaded } from '../../app/loaded.svelte';
import { tickets } from '../../ipc/client';
import type { BookableCounts, BookableFilter, TicketRow } from '../../ipc/types';

/** Rows of one company that are read; a company seldom has more. */
export const most = 200;

type Shown = { rows: TicketRow[]; total: number; counts: BookableCounts };

/** A company's tickets: those bookable now, or all. */
export class CompanyTickets extends Loaded<Shown> {
  show(company: string, bookable: BookableFilter): Promise<void> {
    return this.read(async () => {
      const { list, total, counts } = await tickets.openList({
        bookable,
        statuses: [],
        company,
        topic: null,
        opened_from: null,
        opened_to: null,
        in_charge: null,
        text: '',
        sort: 'bookable',
        descending: false,
      });
      return { rows: total > 0 ? await tickets.window(list, 0, most) : [], total, counts };
    });
  }
}
