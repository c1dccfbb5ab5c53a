import { describe, expect, it } from 'vitest';
import { agenda, app, board, bookings, companies, drafts, tickets, today } from '../ipc/client';
import { failedWith } from '../ipc/failure';
import type { TicketQuery } from '../ipc/types';
import { reset } from './answers';

const all: TicketQuery = {
  bookable: 'any',
  statuses: [],
  company: null,
  topic: null,
  opened_from: null,
  opened_to: null,
  text: '',
  sort: 'bookable',
  descending: false,
};

describe('the program that answers by itself', () => {
  it('answers what every room asks first, with few tickets and with none', async () => {
    for (const size of ['pochi', 'nessuno'] as const) {
      reset(size);
      expect((await app.status()).phase).toBe('at_work');
      expect((await today.read()).week).toHaveLength(5);
      const list = await tickets.openList(all);
      expect(await tickets.window(list.list, 0, 200)).toHaveLength(list.total);
      expect((await tickets.facets()).topics.length).toBeGreaterThan(0);
      await companies.list('');
      await drafts.list();
      await agenda.list(false);
      await agenda.read('2026-11-23', '2026-11-27');
      expect((await board.read('LU-CA', null, 6)).days).toHaveLength(6);
    }
  });

  it('carries a ticket into a draft, and refuses it a second one', async () => {
    reset('pochi');
    const { list } = await tickets.openList({ ...all, bookable: 'now' });
    const row = (await tickets.window(list, 0, 200)).find((one) => one.draft === null);
    const code = row?.code ?? '';
    const draft = await bookings.prepare([code]);
    expect((await tickets.open(code)).row.draft?.id).toBe(draft.id);
    await expect(bookings.prepare([code])).rejects.toSatisfy((thrown) => failedWith(thrown, 'already_in_draft'));
  });
});
