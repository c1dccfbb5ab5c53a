import { describe, expect, it } from 'vitest';
import type { Missing, WishView } from '../../ipc/types';
import { t } from '../../text';
import { visibleName } from './files.svelte';
import { fieldOf, lackingSteps } from './missing';
import { bandHours, comingDays, halfHours, openingDays } from './pattern';

function pattern(weekdays: number[], from: string | null, to: string | null): WishView {
  return { kind: 'pattern', weekdays, from, to, until: null };
}

describe('a wish, as people say it', () => {
  const place = t.booking.wishes.place;

  it('names a slot by its day and hour', () => {
    expect(
      place({
        kind: 'slot',
        start: '2026-11-26T09:30:00+01:00[Europe/Rome]',
        date: '2026-11-26',
        time: '09:30',
        free: 1,
      }),
    ).toBe('gio 26 nov, 9:30');
  });

  it('says any day, any of some days, and the part of the day', () => {
    expect(place(pattern([4], null, '13:00'))).toBe('qualsiasi giovedì mattina');
    expect(place(pattern([2], '13:00', null))).toBe('qualsiasi martedì pomeriggio');
    expect(place(pattern([], null, null))).toBe('qualsiasi giorno');
    expect(place(pattern([], null, '13:00'))).toBe('qualsiasi giorno, di mattina');
    expect(place(pattern([2, 4], null, '13:00'))).toBe('qualsiasi martedì o giovedì, di mattina');
    expect(place(pattern([1, 2, 4], null, null))).toBe('qualsiasi lunedì, martedì o giovedì');
  });

  it('says hours of one’s own', () => {
    expect(place(pattern([4], '09:00', '11:30'))).toBe('qualsiasi giovedì, dalle 9:00 alle 11:30');
    expect(place(pattern([4], '10:00', null))).toBe('qualsiasi giovedì, dalle 10:00 in poi');
    expect(place(pattern([4], null, '10:00'))).toBe('qualsiasi giovedì, entro le 10:00');
  });

  it('says until when, without the day of the week', () => {
    expect(t.booking.wishes.until('2026-12-18')).toBe('entro il 18 dicembre');
  });
});

describe('the form of a preference', () => {
  it('turns a part of the day into the hours that read back as it', () => {
    expect(bandHours('day', '09:00', '11:00')).toEqual({ from: null, to: null });
    expect(bandHours('morning', '09:00', '11:00')).toEqual({ from: null, to: '13:00' });
    expect(bandHours('afternoon', '09:00', '11:00')).toEqual({ from: '13:00', to: null });
    expect(bandHours('hours', '09:00', '11:00')).toEqual({ from: '09:00', to: '11:00' });
  });

  it('offers half hours from 8:00 to 19:00, and the days on which the point opens', () => {
    expect([halfHours[0], halfHours[1], halfHours.at(-1)]).toEqual(['08:00', '08:30', '19:00']);
    const days = ['2026-11-24', '2026-11-26', '2026-12-01', '2026-11-29'].map((date) => ({
      date,
      closed: null,
      slots: [],
    }));
    expect(openingDays(days)).toEqual([2, 4, 7]);
  });

  it('offers dates by month, without Sundays', () => {
    const months = comingDays('2026-11-27');
    expect(months[0]?.days).toEqual(['2026-11-27', '2026-11-28', '2026-11-30']);
    expect(months[1]?.days[0]).toBe('2026-12-01');
    expect(comingDays('')).toEqual([]);
  });
});

describe('what is missing', () => {
  const all: Missing[] = [
    { kind: 'wish' },
    { kind: 'contact' },
    { kind: 'bad_phone' },
    { kind: 'bad_email' },
    { kind: 'notes_unreadable' },
    { kind: 'notes_too_long', length: 501, max: 500 },
    { kind: 'attachments' },
    { kind: 'ticket', code: 'LU-1', bookable: { answer: 'no', obstacle: { kind: 'withdrawn' } } },
    { kind: 'delegation', matricola: '4801234567' },
    { kind: 'past_wish', index: 1 },
    { kind: 'appointment' },
    { kind: 'difference' },
  ];

  it('has words and a place to put it right, whatever it is', () => {
    for (const one of all) {
      expect(t.booking.send.missing(one)).toMatch(/^[A-ZÈL].{10,}/);
      expect(fieldOf(one)).not.toBe('');
    }
    expect(t.booking.send.missing({ kind: 'past_wish', index: 1 })).toContain('2ª scelta');
  });

  it('marks the steps', () => {
    expect(lackingSteps([])).toEqual([false, false, false]);
    expect(lackingSteps([{ kind: 'wish' }])).toEqual([false, true, false]);
    expect(lackingSteps(all)).toEqual([true, true, true]);
  });
});

describe('the name of a file', () => {
  it('shows letters that turn or hide others as a mark', () => {
    expect(visibleName('fattura\u202efdp.exe')).toBe('fattura·fdp.exe');
    expect(visibleName('a\u0000b\nc\u200bd.pdf')).toBe('a·b·c·d.pdf');
    expect(visibleName('../../perché 😀.pdf')).toBe('../../perché 😀.pdf');
  });
});
