import { describe, expect, it } from 'vitest';
import type { AppointmentRow } from '../../ipc/types';
import { hiddenDays, hoursOf, mondayOf, plusDays } from './week';

function row(date: string, time: string, end_time: string): AppointmentRow {
  return {
    id: date + time,
    code: 'LU-A-000123',
    state: 'confirmed',
    slot: { start: `${date}T${time}:00+01:00[Europe/Rome]`, date, time, end_time },
    point: { code: 'LU-CA', name: 'Consulenza aziende', place: 'Lucca', sede_name: 'Lucca' },
    company: '01234567890',
    company_name: 'Officine Serchio srl',
    tickets: ['LU-48213'],
    unread: 0,
    cancelling: false,
    changing: false,
    attends: [],
    clash: false,
    meeting: null,
    registered: null,
  };
}

describe('the week', () => {
  it('begins on Monday, over ends of months and changes of clock', () => {
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
    expect(mondayOf('2026-03-29')).toBe('2026-03-23');
    expect(mondayOf('2027-01-01')).toBe('2026-12-28');
    expect(plusDays('2026-10-24', 7)).toBe('2026-10-31');
  });

  it('shows 7:30 to 19:00, and more only for an appointment outside', () => {
    expect(hoursOf([])).toEqual({ from: '07:30', to: '19:00' });
    expect(hoursOf([row('2026-11-26', '09:30', '10:00')])).toEqual({ from: '07:30', to: '19:00' });
    expect(hoursOf([row('2026-11-26', '07:15', '07:45'), row('2026-11-26', '19:00', '19:30')])).toEqual({
      from: '07:00',
      to: '19:30',
    });
  });

  it('leaves out a weekend on which nothing is', () => {
    expect(hiddenDays('2026-11-23', [])).toEqual([0, 6]);
    expect(hiddenDays('2026-11-23', [row('2026-11-28', '09:00', '09:30')])).toEqual([0]);
    expect(hiddenDays('2026-11-23', [row('2026-11-29', '09:00', '09:30')])).toEqual([]);
  });
});
