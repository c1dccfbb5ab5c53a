import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { World } from '../../mock/world';
import type { Session } from './session.svelte';

// The address is the page's; the session only leads to it.
vi.stubGlobal('location', { hash: '', search: '' });
vi.stubGlobal('addEventListener', () => undefined);

let Sessions: typeof Session;
let reset: (size: 'pochi') => World;
let world: World;
let id: string;

beforeAll(async () => {
  ({ Session: Sessions } = await import('./session.svelte'));
  ({ reset } = await import('../../mock/answers'));
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
