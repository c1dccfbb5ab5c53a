import { describe, expect, it } from 'vitest';
import { Loaded } from './loaded.svelte';

const later = <T>(value: T, ms: number) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

describe('something read from the program', () => {
  it('keeps the newest question’s answer, whichever comes last', async () => {
    const page = new Loaded<string>();
    await Promise.all([page.read(() => later('old', 20)), page.read(() => later('new', 1))]);
    expect(page.value).toBe('new');
    expect(page.busy).toBe(false);
  });

  it('keeps what was read when reading it again fails, and says why it failed', async () => {
    const page = new Loaded<string>();
    await page.read(() => later('read', 0));
    await page.read(() => Promise.reject({ code: 'storage_failed', message: 'x', details: {} }));
    expect(page.value).toBe('read');
    expect(page.failure?.code).toBe('storage_failed');
    await page.read(() => later('again', 0));
    expect(page.failure).toBeUndefined();
  });
});
