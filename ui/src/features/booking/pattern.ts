/** Hours of a wish that is a pattern, and the days on which a point opens as its board shows them. */
import type { BoardDay } from '../../ipc/types';
import { t } from '../../text';

/** Part of the day, or hours of one's own. */
export type Band = 'day' | 'morning' | 'afternoon' | 'hours';

/** The half hours that can be picked: 8:00 to 19:00. */
export const halfHours: string[] = Array.from({ length: 23 }, (_, index) => {
  const minutes = 8 * 60 + index * 30;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
});

/** From and to of a band; nothing where it is open. */
export function bandHours(band: Band, from: string, to: string): { from: string | null; to: string | null } {
  const noon = t.booking.pattern.noon;
  switch (band) {
    case 'day':
      return { from: null, to: null };
    case 'morning':
      return { from: null, to: noon };
    case 'afternoon':
      return { from: noon, to: null };
    case 'hours':
      return { from, to };
  }
}

/** The day of the week of a date, Monday 1 to Sunday 7. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/** Days of the week (Monday 1 to Sunday 7) that occur on the board. */
export function openingDays(days: readonly BoardDay[]): number[] {
  const found = new Set(days.map(({ date }) => weekdayOf(date)));
  return [...found].sort((a, b) => a - b);
}

/** The working days of the next 26 weeks, by month (named by its first day in the list): the dates that a wish can end with. */
export function comingDays(today: string): { month: string; days: string[] }[] {
  const months: { month: string; days: string[] }[] = [];
  const day = new Date(`${today}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return months;
  for (let count = 0; count < 26 * 7; count += 1) {
    const date = day.toISOString().slice(0, 10);
    const last = months.at(-1);
    if (day.getUTCDay() !== 0) {
      if (last?.month.slice(0, 7) === date.slice(0, 7)) last.days.push(date);
      else months.push({ month: date, days: [date] });
    }
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return months;
}
