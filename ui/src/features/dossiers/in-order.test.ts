import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order';

describe('work in order', () => {
  it('begins one only when the one before has ended', async () => {
    const put = inOrder();
    const seen: string[] = [];
    let end: (() => void) | undefined;
    const first = put(() => {
      seen.push('first begins');
      return new Promise<void>((resolve) => (end = resolve));
    });
    const second = put(async () => void seen.push('second begins'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(seen).toEqual(['first begins']);
    end?.();
    await Promise.all([first, second]);
    expect(seen).toEqual(['first begins', 'second begins']);
  });

  it('goes on after one that failed, which says so itself', async () => {
    const put = inOrder();
    const failing = put(() => Promise.reject(new Error('full')));
    const next = put(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('full');
    await expect(next).resolves.toBe('done');
  });
});
