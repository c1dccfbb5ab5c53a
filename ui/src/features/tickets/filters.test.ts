import { beforeEach, describe, expect, it } from 'vitest';
import { t } from '../../text';
import { filters } from './filters.svelte';

describe('the filter by who is in charge', () => {
  beforeEach(() => filters.clear());

  it('narrows the list, and goes with the others', () => {
    expect(filters.narrowed).toBe(false);
    filters.inCharge = { by: 'nobody' };
    expect(filters.narrowed).toBe(true);
    expect(filters.query('').in_charge).toEqual({ by: 'nobody' });
    filters.clear();
    expect(filters.narrowed).toBe(false);
    expect(filters.query('').in_charge).toBeNull();
  });

  it('says on its chip to whom', () => {
    const said = (name: string) => (name === 'Anna Ricci' ? 'a me' : 'Bruno');
    const chip = (inCharge: typeof filters.inCharge) => t.tickets.filters.inCharge(inCharge, said);
    expect(chip(null)).toBe('In carico');
    expect(chip({ by: 'nobody' })).toBe('In carico: nessuno');
    expect(chip({ by: 'person', name: 'Anna Ricci' })).toBe('In carico: a me');
    expect(chip({ by: 'person', name: 'Bruno Verdi' })).toBe('In carico: Bruno');
  });
});
