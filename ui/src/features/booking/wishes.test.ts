import { describe, expect, it } from 'vitest';
import type { SlotView } from '../../ipc/types';
import { addPattern, move, rankOf, removeAt, toggleSlot, wishKey } from './wishes';
import type { PatternWish } from './wishes';

function slot(date: string, time: string): SlotView {
  return { start: `${date}T${time}:00+01:00[Europe/Rome]`, date, time, end_time: time };
}

const THURSDAY = slot('2026-11-26', '09:30');
const LATER = slot('2026-12-03', '10:00');
const MORNINGS: PatternWish = {
  kind: 'pattern',
  weekdays: [4],
  from: null,
  to: '13:00',
  until: '2026-12-18',
};

describe('the wishes, in order', () => {
  it('adds a slot as the last choice and removes it when it is clicked again', () => {
    const one = toggleSlot([], THURSDAY, 1);
    const two = toggleSlot(one, LATER, 2);
    expect(two.map(wishKey)).toEqual([THURSDAY.start, LATER.start]);
    expect(rankOf(two, LATER.start)).toBe(1);
    expect(toggleSlot(two, THURSDAY, 1).map(wishKey)).toEqual([LATER.start]);
  });

  it('remembers the free places as they were read', () => {
    expect(toggleSlot([], THURSDAY, 1)).toEqual([
      { kind: 'slot', start: THURSDAY.start, date: '2026-11-26', time: '09:30', free: 1 },
    ]);
  });

  it('does not take the same pattern twice', () => {
    const once = addPattern([], MORNINGS);
    expect(addPattern(once, { ...MORNINGS })).toEqual(once);
    expect(addPattern(once, { ...MORNINGS, weekdays: [2] })).toHaveLength(2);
  });

  it('moves a wish and stops at the ends', () => {
    const wishes = addPattern(toggleSlot(toggleSlot([], THURSDAY, 1), LATER, 2), MORNINGS);
    const keys = wishes.map(wishKey);
    expect(move(wishes, 2, 0).map(wishKey)).toEqual([keys[2], keys[0], keys[1]]);
    expect(move(wishes, 0, 1).map(wishKey)).toEqual([keys[1], keys[0], keys[2]]);
    expect(move(wishes, 0, -1).map(wishKey)).toEqual(keys);
    expect(move(wishes, 2, 9).map(wishKey)).toEqual(keys);
    expect(move(wishes, 9, 0).map(wishKey)).toEqual(keys);
  });

  it('removes one and leaves the list that it was given alone', () => {
    const wishes = toggleSlot([], THURSDAY, 1);
    expect(removeAt(wishes, 0)).toEqual([]);
    expect(wishes).toHaveLength(1);
  });
});
