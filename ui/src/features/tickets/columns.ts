import type { TicketSort } from '../../ipc/types';

export type Column = { key: TicketSort | 'waiting'; sort: TicketSort; right?: boolean };

/** In order. Waiting days are the date of opening, the other way round. */
export const columns: readonly Column[] = [
  { key: 'code', sort: 'code' },
  { key: 'company', sort: 'company' },
  { key: 'topic', sort: 'topic' },
  { key: 'opened', sort: 'opened' },
  { key: 'waiting', sort: 'opened', right: true },
  { key: 'status', sort: 'status' },
  { key: 'bookable', sort: 'bookable' },
];
