import { describe, expect, it } from 'vitest';
import { agenda, app, board, bookings, companies, dossiers, drafts, tickets, today } from '../ipc/client';
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
  in_charge: null,
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

  it('finds a ticket by who is in charge of it, and by nobody once it is given back', async () => {
    reset('pochi');
    const mine: TicketQuery = { ...all, in_charge: { by: 'person', name: 'Anna Ricci' } };
    const { list, total } = await tickets.openList(mine);
    const [row] = await tickets.window(list, 0, 1);
    expect(row?.in_charge).toBe('Anna Ricci');
    await dossiers.inCharge(row?.code ?? '', null);
    expect((await tickets.openList(mine)).total).toBe(total - 1);
    expect((await tickets.open(row?.code ?? '')).dossier.in_charge).toBeNull();
  });

  it('marks two appointments at once of one person in both, and asks on Oggi only until the outcome is entered', async () => {
    reset('pochi');
    const [marked] = (await agenda.list(false)).filter((row) => row.clash);
    const [clash] = (await agenda.open(marked?.id ?? '')).dossier.clashes;
    expect((await agenda.open(clash?.appointment ?? '')).dossier.clashes).toMatchObject([
      { person: clash?.person, appointment: marked?.id },
    ]);
    const [unreported] = (await today.read()).unreported;
    await dossiers.meeting(unreported?.id ?? '', 'settled', '');
    expect((await today.read()).unreported.map(({ id }) => id)).not.toContain(unreported?.id);
    await expect(dossiers.meeting(marked?.id ?? '', 'settled', '')).rejects.toSatisfy((thrown) =>
      failedWith(thrown, 'meeting_not_begun'),
    );
  });
});
