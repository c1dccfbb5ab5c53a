import type { TicketSort } from '../../ipc/types';

export type Column = { key: TicketSort | 'waiting' | 'in_charge'; sort: TicketSort | null; right?: boolean };

/** In order. Waiting days are the date of opening, the other way round; who is in charge sorts nothing. */
export const columns: readonly Column[] = [
  { key: 'code', sort: 'code' },
  { key: 'company', sort: 'company' },
  { key: 'topic', sort: 'topic' },
  { key: 'opened', sort: 'opened' },
  { key: 'waiting', sort: 'opened', right: true },
  { key: 'status', sort: 'status' },
  { key: 'bookable', sort: 'bookable' },
  { key: 'in_charge', sort: null },
];
