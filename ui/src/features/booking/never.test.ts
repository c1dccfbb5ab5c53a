import { describe, expect, it } from 'vitest';
import { t } from '../../text';
import { isNone, suits, withDate, withWeekday, withoutDate } from './never';

const none = { weekdays: [], dates: [] };

describe('days that never suit', () => {
  it('are switched on and off, in the order of the week', () => {
    const both = withWeekday(withWeekday(none, 5), 2);
    expect(both).toEqual({ weekdays: [2, 5], dates: [] });
    expect(withWeekday(both, 2)).toEqual({ weekdays: [5], dates: [] });
  });

  it('are dates once each, in the order of the calendar', () => {
    const two = withDate(withDate(withDate(none, '2026-12-24'), '2026-12-03'), '2026-12-24');
    expect(two.dates).toEqual(['2026-12-03', '2026-12-24']);
    expect(withoutDate(two, '2026-12-03').dates).toEqual(['2026-12-24']);
  });

  it('are those days of the week and those dates, and no others', () => {
    const never = { weekdays: [2], dates: ['2026-12-24'] };
    expect(['2026-11-24', '2026-11-26', '2026-12-24'].map((date) => suits(never, date))).toEqual([false, true, false]);
    expect(suits({ weekdays: [7], dates: [] }, '2026-11-29')).toBe(false);
    expect(suits(none, '2026-11-24')).toBe(true);
  });

  it('are said as people say them', () => {
    expect(isNone(none)).toBe(true);
    expect(t.booking.never.said({ weekdays: [2, 5], dates: ['2026-12-24'] })).toBe(
      'mai di martedì e venerdì, né gio 24 dicembre',
    );
    expect(t.booking.never.said({ weekdays: [5], dates: [] })).toBe('mai di venerdì');
    expect(t.booking.never.said({ weekdays: [], dates: ['2026-12-24', '2026-12-31'] })).toBe(
      'non gio 24 dicembre e gio 31 dicembre',
    );
  });
});
