import { describe, expect, it } from 'vitest';
import type { BookableView } from '../ipc/types';
import { t } from '.';

/** Every text of the catalogue that needs no figures, with its place. */
function texts(value: unknown, place = 't'): [string, string][] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  // What the pages go by is not said.
  const said = Object.entries(value).filter(([key]) => key !== 'severity' && key !== 'tone');
  return said.flatMap(([key, inner]) => texts(inner, `${place}.${key}`));
}

describe('the catalogue', () => {
  it('has no empty text', () => {
    expect(texts(t).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('speaks Italian, without the words of those who make programs', () => {
    const jargon =
      /\b(error|server|database|cache|token|timeout|outbox|record|query|click here|null|undefined|backup|online|offline)\b/i;
    expect(texts(t).filter(([, text]) => jargon.test(text))).toEqual([]);
  });

  it('keeps «Annulla» for appointments', () => {
    const misused = texts(t).filter(([, text]) => /\bannulla\b/i.test(text) && !/appuntament/i.test(text));
    expect(misused).toEqual([]);
  });

  it('writes apostrophes as people read them', () => {
    expect(texts(t).filter(([, text]) => text.includes("'"))).toEqual([]);
  });
});

describe('failures', () => {
  it.each(Object.entries(t.failures))('%s says what happened and what to do', (_code, failure) => {
    const said = typeof failure.text === 'function' ? failure.text({ max: 500 }) : failure.text;
    expect(said).toMatch(/^[A-ZÈ].*\.$/);
    expect(failure.next).toMatch(/^[A-ZÈ].*\.$/);
  });

  it('names the limit where it is known, and does without where it is not', () => {
    const { text } = t.failures.too_long;
    expect(typeof text === 'function' && text({ max: 2000 })).toContain('2.000');
    expect(typeof text === 'function' && text({})).not.toContain('undefined');
  });
});

describe('eligibility in plain words (R6)', () => {
  const slot = { start: 's', date: '2026-11-26', time: '09:30', end_time: '10:00' };
  const every: [BookableView, string, string][] = [
    [
      { answer: 'yes', ground: { kind: 'waiting', days: 11, threshold: 5 } },
      'Sì',
      'Prenotabile: aperta da 11 giorni, più dei 5 previsti.',
    ],
    [{ answer: 'yes', ground: { kind: 'closed_ko' } }, 'Sì', 'Prenotabile: chiusa KO dalla sede.'],
    [
      { answer: 'yes', ground: { kind: 'unsatisfactory' } },
      'Sì',
      'Prenotabile: chiusa OK, ma lo studio giudica la risposta non soddisfacente.',
    ],
    [
      { answer: 'from', on: '2025-11-29', days: 3, threshold: 5 },
      'Da sab 29/11',
      'Prenotabile da sab 29 novembre: aspetta da 3 giorni, ne servono più di 5.',
    ],
    [
      { answer: 'no', obstacle: { kind: 'carried', appointment: 'a1', slot } },
      'No',
      'Non prenotabile: ha già un appuntamento, gio 26 novembre, 9:30.',
    ],
    [
      { answer: 'no', obstacle: { kind: 'carried', appointment: null, slot: null } },
      'No',
      'Non prenotabile: ha già un appuntamento.',
    ],
    [{ answer: 'no', obstacle: { kind: 'withdrawn' } }, 'No', 'Non prenotabile: è stata ritirata.'],
    [{ answer: 'no', obstacle: { kind: 'gone' } }, 'No', 'Non prenotabile: non è più tra le richieste dello studio.'],
    [
      { answer: 'no', obstacle: { kind: 'no_point' } },
      'No',
      'Non prenotabile: nessun punto di consulenza della sede risponde su questo argomento.',
    ],
    [
      { answer: 'no', obstacle: { kind: 'unassessed' } },
      'No',
      'Non prenotabile: chiusa OK, ma lo studio non ha ancora giudicato la risposta.',
    ],
    [
      { answer: 'no', obstacle: { kind: 'satisfactory' } },
      'No',
      'Non prenotabile: chiusa OK, e lo studio giudica la risposta soddisfacente.',
    ],
  ];

  it.each(every)('%j', (view, short, reason) => {
    expect(t.rules.short(view)).toBe(short);
    const said = t.rules.explain(view);
    expect(said.reason).toBe(reason);
    expect(said.rule).toMatch(/^[A-Z].*\.$/);
  });

  it('names the year where it is not this one', () => {
    const view: BookableView = { answer: 'from', on: '2027-01-02', days: 0, threshold: 5 };
    expect(t.rules.short(view, '2026-12-28')).toBe('Da 02/01/2027');
  });
});
