import { expect, it } from 'vitest';
import { moved } from './moves';

it('moves by a row, by a page, to the ends, and never out of the list', () => {
  expect(moved('ArrowDown', 3, 10, 4)).toBe(4);
  expect(moved('ArrowDown', 9, 10, 4)).toBe(9);
  expect(moved('ArrowUp', 0, 10, 4)).toBe(0);
  expect(moved('PageDown', 3, 200_000, 14)).toBe(17);
  expect(moved('PageDown', 7, 10, 4)).toBe(9);
  expect(moved('PageUp', 3, 10, 4)).toBe(0);
  expect(moved('End', 3, 200_000, 14)).toBe(199_999);
  expect(moved('Home', 199_999, 200_000, 14)).toBe(0);
});

it('leaves other keys alone', () => {
  expect(moved('Enter', 3, 10, 4)).toBeUndefined();
  expect(moved('a', 3, 10, 4)).toBeUndefined();
});
