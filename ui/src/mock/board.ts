import type { Board, BoardDay } from '../ipc/types';
import { clockPlus, hash, plusDays, today, weekday } from './calendar';
import { points, slotAt } from './names';

/** The open days of a point from a date on. */
export function readBoard(code: string, from: string, days: number): Board | undefined {
  const point = points.find((one) => one.code === code);
  if (!point) return undefined;
  const { hours, desks, ...place } = point;
  const found: BoardDay[] = [];
  let date = from < today ? today : from;
  while (found.length < days) {
    const open = hours.filter((one) => one.weekday === weekday(date));
    if (open.length > 0) {
      const closed = date === '2026-12-08' ? 'Immacolata' : null;
      const slots = open.flatMap((one) => {
        const times: string[] = [];
        for (let time = one.from; time < one.to; time = clockPlus(time, 30)) times.push(time);
        return times;
      });
      found.push({
        date,
        closed,
        slots: closed
          ? []
          : slots.map((time) => ({
              slot: slotAt(date, time),
              free: Math.min(desks, Math.max(0, (hash(`${code}${date}${time}`) % (desks + 3)) - 1)),
              desks,
              begun: date === today && time < '09:41',
            })),
      });
    }
    date = plusDays(date, 1);
  }
  return {
    point: place,
    read_at: '2026-11-23T08:41:00Z',
    read_time: '09:41',
    days: found,
    previous: from > today ? today : null,
    next: date < '2027-02-01' ? date : null,
  };
}
