import { describe, expect, it, vi } from 'vitest';
import { PageCache } from './page-cache';

const numbers = (offset: number, limit: number) => Array.from({ length: limit }, (_, n) => offset + n);
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function open(total = 200_000, options = {}) {
  const read = vi.fn(async (offset: number, limit: number) => numbers(offset, Math.min(limit, total - offset)));
  const onchange = vi.fn();
  const onfail = vi.fn();
  return { cache: new PageCache<number>(total, read, onchange, onfail, options), read, onchange, onfail };
}

describe('the pages of a list of tickets', () => {
  it('reads the page that comes into sight, and gives its rows', async () => {
    const { cache, read, onchange } = open();
    expect(cache.row(150)).toBeUndefined();
    cache.want(140, 160);
    await settle();
    expect(cache.row(150)).toBe(150);
    expect(read).toHaveBeenCalledExactlyOnceWith(100, 100);
    expect(onchange).toHaveBeenCalledOnce();
  });

  it('reads a page once, however often it is looked at', async () => {
    const { cache, read } = open();
    for (let n = 0; n < 5; n += 1) {
      cache.want(0, 20);
      await settle();
    }
    expect(read).toHaveBeenCalledOnce();
  });

  it('reads both pages where two of them are in sight', async () => {
    const { cache, read } = open();
    cache.want(95, 110);
    await settle();
    expect(read.mock.calls).toEqual([
      [0, 100],
      [100, 100],
    ]);
  });

  it('leaves out what was scrolled past before its turn came, since a scrollbar jumps', async () => {
    const { cache, read } = open();
    cache.want(0, 199);
    for (let row = 1_000; row <= 150_000; row += 1_000) cache.want(row, row + 20);
    await settle();
    await settle();
    expect(read.mock.calls.map(([offset]) => offset)).toEqual([0, 100, 150_000]);
    expect(cache.row(150_010)).toBe(150_010);
  });

  it('ends at the last row', async () => {
    const { cache, read } = open(130);
    cache.want(120, 500);
    await settle();
    expect(read).toHaveBeenCalledExactlyOnceWith(100, 100);
    expect(cache.row(129)).toBe(129);
    expect(cache.row(130)).toBeUndefined();
  });

  it('gives a whole range for a selection, reading what is missing', async () => {
    const { cache } = open();
    cache.want(0, 20);
    await settle();
    expect(await cache.rows(98, 203)).toEqual(numbers(98, 106));
  });

  it('keeps no more pages than it should, and those that are near', async () => {
    const { cache } = open(200_000, { keep: 3 });
    for (const row of [0, 100, 200, 300]) {
      cache.want(row, row + 10);
      await settle();
    }
    expect(cache.row(5)).toBeUndefined();
    expect(cache.row(305)).toBe(305);
  });

  it('says once that a list is too old, and reads no more', async () => {
    const onfail = vi.fn();
    const read = vi.fn(() => Promise.reject(new Error('list_expired')));
    const cache = new PageCache<number>(1_000, read, vi.fn(), onfail);
    cache.want(0, 350);
    await settle();
    cache.want(500, 520);
    await settle();
    expect(onfail).toHaveBeenCalledOnce();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('says nothing more once it is closed', async () => {
    const { cache, onchange } = open();
    cache.want(0, 10);
    cache.close();
    await settle();
    expect(onchange).not.toHaveBeenCalled();
  });
});
