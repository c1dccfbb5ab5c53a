import { describe, expect, it } from 'vitest';
import { halfAnHourLater } from './answer';

describe('the end of an appointment', () => {
  it.each([
    ['09:30', '10:00'],
    ['09:45', '10:15'],
    ['23:29', '23:59'],
  ])('is half an hour after %s: %s', (from, to) => {
    expect(halfAnHourLater(from)).toBe(to);
  });

  it.each(['', '9:30', 'x', '23:30', '23:59'])('is left to the person for %s', (from) => {
    expect(halfAnHourLater(from)).toBeNull();
  });
});
