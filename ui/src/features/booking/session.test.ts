import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { agenda } from '../../ipc/client';
import type { World } from '../../mock/world';
import type { Session } from './session.svelte';

// The address is the page's; the session only leads to it.
vi.stubGlobal('location', { hash: '', search: '' });
vi.stubGlobal('addEventListener', () => undefined);

let Sessions: typeof Session;
let reset: (size: 'pochi') => World;
let world: World;
let id: string;
let seedChanges: (world: World) => void;

beforeAll(async () => {
  ({ Session: Sessions } = await import('./session.svelte'));
  ({ reset } = await import('../../mock/answers'));
  ({ seedChanges } = await import('../../mock/changes'));
});

beforeEach(() => {
  world = reset('pochi');
  id = [...world.drafts.values()].find((draft) => draft.state === 'editing')?.id ?? '';
});

describe('a draft on the page', () => {
  it('saves what is pending before it sends', async () => {
    const session = await Sessions.open(id);
    session.edit({ wishes: [{ kind: 'pattern', weekdays: [4], from: null, to: '13:00', until: null }] });
    session.edit({ notes: 'ultime parole' });
    expect(await session.send()).toBe(true);
    expect(world.drafts.get(id)).toMatchObject({ notes: 'ultime parole', state: 'queued' });
    expect(session.draft.state).toBe('queued');
  });

  it('does not send while something is missing', async () => {
    const session = await Sessions.open(id);
    expect(session.draft.missing).toContainEqual({ kind: 'wish' });
    expect(await session.send()).toBe(false);
    expect(world.drafts.get(id)?.state).toBe('editing');
  });

  it('saves when it is left', async () => {
    const session = await Sessions.open(id);
    session.edit({ notes: 'prima di uscire' });
    await session.leave();
    expect(world.drafts.get(id)?.notes).toBe('prima di uscire');
  });

  it('keeps what could not be saved until the draft is opened again', async () => {
    const session = await Sessions.open(id);
    const draft = world.drafts.get(id);
    if (!draft) throw new Error('no draft');
    draft.state = 'queued';
    session.edit({ notes: 'da non perdere' });
    await session.leave();
    expect(draft.notes).toBe('');

    draft.state = 'editing';
    const again = await Sessions.open(id);
    expect(again.draft.notes).toBe('da non perdere');
    await again.flush();
    expect(draft.notes).toBe('da non perdere');
  });

  it('shows a draft that left the person’s hands meanwhile as it is', async () => {
    const session = await Sessions.open(id);
    const draft = world.drafts.get(id);
    if (!draft) throw new Error('no draft');
    draft.state = 'sending';
    session.edit({ notes: 'tardi' });
    expect(await session.flush()).toBe(false);
    expect(session.draft.state).toBe('sending');
    expect(session.draft.notes).toBe('');

    draft.state = 'editing';
    await session.reload();
    expect(session.draft.notes).toBe('tardi');
  });

  it('takes new choices after a refusal and sends again', async () => {
    const refused = [...world.drafts.values()].find((draft) => draft.state === 'needs_attention');
    const session = await Sessions.open(refused?.id ?? '');
    const start = '2026-12-03T09:00:00+01:00[Europe/Rome]';
    const wish = { kind: 'slot' as const, start, date: '2026-12-03', time: '09:00', free: null };
    expect(await session.sendAgain({ wishes: [wish] })).toBe(true);
    expect(refused).toMatchObject({ state: 'queued', wishes: [wish] });
  });
});

describe('a draft that changes an appointment', () => {
  it('is not sent while nothing is different, and needs no choice of a slot', async () => {
    const detail = [...world.appointments.values()].find(({ row }) => row.state === 'confirmed');
    const begun = await agenda.change(detail?.row.id ?? '');
    expect((await agenda.change(detail?.row.id ?? '')).id).toBe(begun.id);
    const session = await Sessions.open(begun.id);
    expect(session.draft.missing).toEqual([{ kind: 'difference' }]);
    expect(await session.send()).toBe(false);

    session.edit({ notes: 'altre' });
    expect(await session.send()).toBe(true);
    await vi.waitFor(() => expect(world.drafts.get(begun.id)?.state).toBe('booked'), 3_000);
    expect(world.drafts.get(begun.id)?.appointment).toBe(detail?.row.id);
    expect(detail?.notes).toBe('altre');
  });

  it('shows what stands there now beside what was written, once an overtaken one is taken back', async () => {
    seedChanges(world);
    const session = await Sessions.open('m-superata');
    expect(session.draft.changes?.slot.time).toBe('14:30');
    expect(await session.recall()).toBe(true);
    expect(session.draft).toMatchObject({ state: 'editing', attention: null });
    expect(session.draft.changes?.slot.time).toBe('15:00');
    expect(session.draft.changes?.notes).toBe('Si chiede di esaminare insieme la documentazione.');
    expect(session.draft.notes).toBe('Viene il dott. Ricci con la delega del titolare.');
  });

  it('sends the rest without a move where no slot was free', async () => {
    seedChanges(world);
    const session = await Sessions.open('m-occupata');
    expect(await session.sendAgain({ wishes: [] })).toBe(true);
    expect(world.drafts.get('m-occupata')).toMatchObject({ state: 'queued', wishes: [] });
  });
});
