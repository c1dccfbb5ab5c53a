import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { requests } from '../../ipc/client';
import { IpcFailure } from '../../ipc/failure';
import type { World } from '../../mock/world';
import type { RequestSession } from './session.svelte';

// The address is the page's; the session only leads to it.
vi.stubGlobal('location', { hash: '', search: '' });
vi.stubGlobal('addEventListener', () => undefined);

let Sessions: typeof RequestSession;
let notices: (typeof import('../../app/notices.svelte'))['notices'];
let reset: (size: 'pochi') => World;
let world: World;
let id: string;

beforeAll(async () => {
  ({ RequestSession: Sessions } = await import('./session.svelte'));
  ({ notices } = await import('../../app/notices.svelte'));
  ({ reset } = await import('../../mock/answers'));
});

beforeEach(async () => {
  vi.restoreAllMocks();
  world = reset('pochi');
  ({ id } = await requests.begin(null));
});

it('is saved when it is left', async () => {
  const session = await Sessions.open(id);
  session.edit({ text: 'prima di uscire' });
  await session.leave();
  expect(world.requests.get(id)?.text).toBe('prima di uscire');
});

it('says so where it can’t be saved, and has what was typed when it is opened again', async () => {
  const shown = vi.spyOn(notices, 'show');
  const full = new IpcFailure({ code: 'disk_full', message: '', details: {} });
  vi.spyOn(requests, 'save').mockRejectedValueOnce(full);
  const session = await Sessions.open(id);
  session.edit({ text: 'da non perdere' });
  await session.leave();
  expect(world.requests.get(id)?.text).toBe('');
  expect(shown).toHaveBeenCalledOnce();
  expect(shown.mock.calls[0]?.[0]).toMatchObject({ tone: 'alert', next: 'Quello che hai scritto resta qui.' });

  const again = await Sessions.open(id);
  expect(again.draft.text).toBe('da non perdere');
  await again.flush();
  expect(world.requests.get(id)?.text).toBe('da non perdere');
});
