import { describe, expect, it } from 'vitest';
import type { TicketRow } from '../../ipc/types';
import { mostInARow, Selection } from './selection.svelte';

const row = (code: string, company_name = 'Officine Serchio srl') => ({ code, company_name }) as TicketRow;
const codes = (selection: Selection) => selection.rows.map((one) => one.code);

describe('choosing tickets', () => {
  it('adds a ticket, and takes it away when it is chosen again', () => {
    const selection = new Selection();
    selection.toggle(row('LU-1'), 0);
    selection.toggle(row('LU-2'), 1);
    selection.toggle(row('LU-1'), 0);
    expect(codes(selection)).toEqual(['LU-2']);
  });

  it('keeps the order of choosing, since the first leads to the first appointment', () => {
    const selection = new Selection();
    selection.toggle(row('LU-9'), 8);
    selection.toggle(row('LU-1'), 0);
    expect(codes(selection)).toEqual(['LU-9', 'LU-1']);
  });

  it('spans from the row chosen last to the one that Shift is pressed on, in both directions', () => {
    const selection = new Selection();
    selection.toggle(row('LU-5'), 5);
    expect(selection.range(8)).toEqual([5, 8]);
    expect(selection.range(2)).toEqual([2, 5]);
  });

  it('spans one row when nothing was chosen before', () => {
    expect(new Selection().range(7)).toEqual([7, 7]);
  });

  it('does not take half of a long list by a slip of the hand', () => {
    const selection = new Selection();
    selection.toggle(row('LU-5'), 5);
    expect(selection.range(150_000)).toEqual([5, 5 + mostInARow - 1]);
  });

  it('keeps what is chosen when newer rows are read, with what they say now', () => {
    const selection = new Selection();
    selection.toggle(row('LU-1', 'old'), 0);
    selection.renew([row('LU-1', 'new'), row('LU-2', 'other')]);
    expect(selection.rows).toEqual([row('LU-1', 'new')]);
  });

  it('lets go of the tickets that went into a draft, and keeps the others', () => {
    const selection = new Selection();
    selection.add([row('LU-1'), row('LU-2'), row('PI-3')]);
    selection.remove(['LU-1', 'LU-2']);
    expect(codes(selection)).toEqual(['PI-3']);
  });
});
