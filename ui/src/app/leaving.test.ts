import { expect, test, vi } from 'vitest';
import { tell } from '../mock/event';
import { app } from '../ipc/client';
import { beforeLeaving, watchLeaving } from './leaving';

test('the window goes when every errand is done, one that fails included', async () => {
  const leave = vi.spyOn(app, 'leave').mockResolvedValue(null);
  let saved = false;
  beforeLeaving(async () => {
    await Promise.resolve();
    saved = true;
  });
  beforeLeaving(() => Promise.reject(new Error('no network')));
  const stop = watchLeaving();
  tell('closing', null);
  await vi.waitFor(() => expect(leave).toHaveBeenCalledOnce());
  expect(saved, 'what was typed last would be lost').toBe(true);
  stop();
});

test('an errand that was taken back is not run', async () => {
  const leave = vi.spyOn(app, 'leave').mockClear().mockResolvedValue(null);
  const errand = vi.fn(() => Promise.resolve());
  beforeLeaving(errand)();
  const stop = watchLeaving();
  tell('closing', null);
  await vi.waitFor(() => expect(leave).toHaveBeenCalled());
  expect(errand).not.toHaveBeenCalled();
  stop();
});
