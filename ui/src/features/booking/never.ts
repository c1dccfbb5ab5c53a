/** Days that never suit, as the form changes them. */
import type { NeverView } from '../../ipc/types';
import { weekdayOf } from './pattern';

/** Whether every day suits. */
export function isNone({ weekdays, dates }: NeverView): boolean {
  return weekdays.length === 0 && dates.length === 0;
}

/** Whether a day suits. */
export function suits({ weekdays, dates }: NeverView, date: string): boolean {
  return !weekdays.includes(weekdayOf(date)) && !dates.includes(date);
}

/** With this day of the week, or without it where it was there. */
export function withWeekday({ weekdays, dates }: NeverView, weekday: number): NeverView {
  const others = weekdays.filter((one) => one !== weekday);
  const changed = others.length < weekdays.length ? others : [...weekdays, weekday].sort((a, b) => a - b);
  return { weekdays: changed, dates };
}

/** With this date, once, in the order of the calendar. */
export function withDate({ weekdays, dates }: NeverView, date: string): NeverView {
  return { weekdays, dates: [...new Set([...dates, date])].sort() };
}

export function withoutDate({ weekdays, dates }: NeverView, date: string): NeverView {
  return { weekdays, dates: dates.filter((one) => one !== date) };
}
