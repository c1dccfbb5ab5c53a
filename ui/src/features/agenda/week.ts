/** Weeks from Monday to Sunday, and which hours of them are shown. Dates are civil days, `2026-11-26`. */
import type { AppointmentRow } from '../../ipc/types';

/** The date `days` later. */
export function plusDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** The Monday of the week of `date`. */
export function mondayOf(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  return plusDays(date, 1 - weekday);
}

/** The hours that are always shown. */
const FIRST = '07:30';
const LAST = '19:00';

/** From when to when the week is drawn: 7:30 to 19:00, more where an appointment lies outside. */
export function hoursOf(rows: readonly AppointmentRow[]): { from: string; to: string } {
  let [from, to] = [FIRST, LAST];
  for (const { slot } of rows) {
    if (slot.time < from) from = `${slot.time.slice(0, 2)}:00`;
    // An end at or after midnight is clipped by the day.
    const end = slot.end_time <= slot.time ? '24:00' : slot.end_time;
    if (end > to) to = end;
  }
  return { from, to };
}

/** Days of the week (0 Sunday to 6 Saturday) that need not be drawn: a weekend with nothing on it. */
export function hiddenDays(monday: string, rows: readonly AppointmentRow[]): (0 | 6)[] {
  const dates = new Set(rows.map(({ slot }) => slot.date));
  const hidden: (0 | 6)[] = [];
  if (!dates.has(plusDays(monday, 6))) hidden.push(0);
  if (!dates.has(plusDays(monday, 5)) && hidden.length > 0) hidden.push(6);
  return hidden;
}
