import { describe, expect, it } from 'vitest';
import * as f from './format';

describe('dates, as people say them', () => {
  it('says a slot short and long', () => {
    const slot = { date: '2026-12-03', time: '09:30' };
    expect(f.slotShort(slot)).toBe('gio 3 dic, 9:30');
    expect(f.slotLong(slot)).toBe('gio 3 dicembre, 9:30');
  });

  it('says a day in each length that the pages need', () => {
    expect(f.dayLong('2026-11-12')).toBe('gio 12 novembre');
    expect(f.dayFull('2025-11-29')).toBe('sabato 29 novembre');
    expect(f.dayTitle('2026-11-23')).toBe('Lunedì 23 novembre');
    expect(f.dayTag('2025-11-29')).toBe('sab 29/11');
    expect(f.dayOfWeek('2026-11-26')).toBe('gio 26');
    expect(f.dayNumeric('2026-01-05')).toBe('05/01/2026');
    expect(f.monthName('2026-08-01', true)).toBe('agosto 2026');
  });

  it('has the right day of the week on leap days and at the ends of years', () => {
    expect(f.dayShort('2028-02-29')).toBe('mar 29 feb');
    expect(f.dayShort('2026-12-31')).toBe('gio 31 dic');
    expect(f.dayShort('2027-01-01')).toBe('ven 1 gen');
  });

  it('leaves the year out in this year only', () => {
    expect(f.dayColumn('2026-11-12', '2026-11-23')).toBe('12/11');
    expect(f.dayColumn('2025-11-12', '2026-11-23')).toBe('12/11/25');
  });

  it('writes hours without a leading zero, with the article that they take', () => {
    expect(f.clock('09:41')).toBe('9:41');
    expect(f.clock('13:30')).toBe('13:30');
    expect(f.clock('00:05')).toBe('0:05');
    expect(f.clock('0:05')).toBe('0:05');
    expect(f.atClock('09:41')).toBe('alle 9:41');
    expect(f.atClock('01:05')).toBe('all’1:05');
    expect(f.ofClock('01:00')).toBe('dell’1:00');
    expect(f.ofClock('11:00')).toBe('delle 11:00');
  });

  it('shows an instant on the clock of the sede, in winter and in summer, and across midnight', () => {
    expect(f.moment('2026-11-23T08:41:00Z', '2026-11-23')).toBe('oggi alle 9:41');
    expect(f.moment('2026-07-01T08:41:00Z', '2026-11-23')).toBe('mer 1 lug alle 10:41');
    expect(f.moment('2026-11-22T23:30:00Z', '2026-11-23')).toBe('oggi alle 0:30');
  });
});

describe('figures', () => {
  it('groups thousands with a dot, from one thousand on', () => {
    expect(f.number(999)).toBe('999');
    expect(f.number(1284)).toBe('1.284');
    expect(f.number(200_000)).toBe('200.000');
  });

  it('says how large a file is', () => {
    expect(f.size(840)).toBe('840 byte');
    expect(f.size(655_360)).toBe('640 KB');
    expect(f.size(1_258_291)).toBe('1,2 MB');
    expect(f.size(3 * 1024 * 1024)).toBe('3 MB');
  });

  it('takes the singular for one only', () => {
    expect(f.days(0)).toBe('0 giorni');
    expect(f.days(1)).toBe('1 giorno');
    expect(f.days(11)).toBe('11 giorni');
  });

  it('joins the last of a list with «e»', () => {
    expect(f.list(['LU-1'])).toBe('LU-1');
    expect(f.list(['LU-1', 'LU-2', 'LU-3'])).toBe('LU-1, LU-2 e LU-3');
  });
});

it('tells long codes apart by their end', () => {
  expect(f.shortCode('LU-48213')).toBe('LU-48213');
  expect(f.shortCode('INPS.4600.2026.0048211')).toBe('…26.0048211');
  expect(f.shortCode('INPS.4600.2026.0048211', 8)).toBe('…0048211');
});
