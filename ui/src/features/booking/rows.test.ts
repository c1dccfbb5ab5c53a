import { describe, expect, it } from 'vitest';
import type { BoardDay } from '../../ipc/types';
import type { BoardSlot } from '../../ipc/types';
import { boardRows, cellKind, walk } from './rows';

function slot(date: string, time: string, free = 3, begun = false): BoardSlot {
  const start = `${date}T${time}:00+01:00[Europe/Rome]`;
  return { slot: { start, date, time, end_time: time }, free, desks: 3, begun };
}

function day(date: string, ...times: string[]): BoardDay {
  return { date, closed: null, slots: times.map((time) => slot(date, time)) };
}

const TUESDAY = day('2026-11-24', '13:30', '14:00');
const THURSDAY = day('2026-11-26', '09:00', '09:30', '10:00');

describe('the rows of the board', () => {
  it('has one row for each time of any day, and nothing where a day has no such time', () => {
    const rows = boardRows([TUESDAY, THURSDAY]);
    expect(rows.map((row) => row.time)).toEqual(['09:00', '09:30', '10:00', '13:30', '14:00']);
    expect(rows[0]?.cells.map((cell) => cell?.slot.date ?? null)).toEqual([null, '2026-11-26']);
    expect(rows[3]?.cells.map((cell) => cell?.slot.date ?? null)).toEqual(['2026-11-24', null]);
  });

  it('marks where the afternoon begins, only after a morning', () => {
    expect(boardRows([TUESDAY, THURSDAY]).map((row) => row.afternoon)).toEqual([false, false, false, true, false]);
    expect(boardRows([TUESDAY]).some((row) => row.afternoon)).toBe(false);
  });

  it('keeps both slots of a day on which the clock goes back', () => {
    const rows = boardRows([day('2026-10-25', '02:00', '02:00', '03:00')]);
    expect(rows.map((row) => row.time)).toEqual(['02:00', '02:00', '03:00']);
    expect(new Set(rows.map((row) => row.key)).size).toBe(3);
  });

  it('has no rows when every day is closed', () => {
    expect(boardRows([{ date: '2026-12-08', closed: 'Immacolata', slots: [] }])).toEqual([]);
    expect(boardRows([])).toEqual([]);
  });
});

describe('how a slot is shown', () => {
  it('shows a choice as such even when its last place was taken meanwhile', () => {
    expect(cellKind(slot('2026-11-26', '09:00', 0), 0)).toBe('chosen');
  });

  it('tells the place that the appointment has from every other, whatever is free there', () => {
    const own = slot('2026-11-26', '09:00', 0);
    expect(cellKind(own, -1, own.slot.start)).toBe('own');
    expect(cellKind(own, 0, own.slot.start)).toBe('chosen');
    expect(cellKind(slot('2026-11-26', '09:30', 0), -1, own.slot.start)).toBe('full');
  });

  it('offers nothing on a day that never suits, and leaves a choice to be taken off', () => {
    expect(cellKind(slot('2026-11-24', '13:30', 2), -1, undefined, false)).toBe('never');
    expect(cellKind(slot('2026-11-24', '13:30', 0), -1, undefined, false)).toBe('never');
    expect(cellKind(slot('2026-11-24', '13:30', 2, true), -1, undefined, false)).toBe('begun');
    expect(cellKind(slot('2026-11-24', '13:30', 2), 0, undefined, false)).toBe('chosen');
  });

  it('tells begun, full, one place and more apart', () => {
    expect(cellKind(slot('2026-11-26', '09:00', 3, true), -1)).toBe('begun');
    expect(cellKind(slot('2026-11-26', '09:00', 0), -1)).toBe('full');
    expect(cellKind(slot('2026-11-26', '09:00', 1), -1)).toBe('few');
    expect(cellKind(slot('2026-11-26', '09:00', 2), -1)).toBe('free');
  });
});

describe('walking over the board with the keyboard', () => {
  const rows = boardRows([TUESDAY, { date: '2026-11-25', closed: 'chiuso', slots: [] }, THURSDAY]);

  it('steps over places without a slot', () => {
    expect(walk(rows, { row: 2, column: 2 }, 'down')).toEqual({ row: 2, column: 2 });
    expect(walk(rows, { row: 0, column: 2 }, 'down')).toEqual({ row: 1, column: 2 });
    expect(walk(rows, { row: 3, column: 0 }, 'up')).toEqual({ row: 3, column: 0 });
  });

  it('jumps over closed days to the nearest time of the next one', () => {
    expect(walk(rows, { row: 3, column: 0 }, 'right')).toEqual({ row: 2, column: 2 });
    expect(walk(rows, { row: 0, column: 2 }, 'left')).toEqual({ row: 3, column: 0 });
  });

  it('goes to the first and the last time of a day', () => {
    expect(walk(rows, { row: 1, column: 2 }, 'first')).toEqual({ row: 0, column: 2 });
    expect(walk(rows, { row: 1, column: 2 }, 'last')).toEqual({ row: 2, column: 2 });
  });
});
