import { describe, expect, it } from 'vitest';
import type { AttachmentView, AttentionView, DraftDetail } from '../../ipc/types';
import { reset } from '../../mock/answers';
import { beginChange } from '../../mock/changes';
import { slotAt } from '../../mock/names';
import { t } from '../../text';
import { before, changesContent, firstStep, isOwn, lostFile } from './change';
import { lackingSteps } from './missing';
import { nextSteps } from './next';

const FILE: AttachmentView = { hash: 'h1', name: 'istanza.pdf', kind: 'pdf', bytes: 1 };
const NOW = slotAt('2026-11-26', '11:00');
const LATER = { kind: 'slot' as const, ...slotAt('2026-12-03', '10:00'), free: 1 };
const SAME = { slot: null, notes: null, phone: null, email: null, files: null };

/** A change of an appointment that has the notes «prima», a telephone and no file. */
function draft(change: Partial<DraftDetail> = {}, changes: Partial<DraftDetail['changes']> = {}): DraftDetail {
  const world = reset('pochi');
  const [detail] = [...world.appointments.values()];
  if (!detail) throw new Error('no appointment');
  detail.row.slot = NOW;
  const begun = beginChange(world, detail);
  if (!begun.changes) throw new Error('no change');
  return { ...begun, notes: 'prima', ...change, changes: { ...begun.changes, ...changes } };
}

describe('before and after', () => {
  it('finds nothing in a booking, and nothing in a change that was only begun', () => {
    expect(before({ ...draft(), changes: null, wishes: [LATER] })).toEqual(SAME);
    expect(before(draft())).toEqual(SAME);
    expect(changesContent(SAME)).toBe(false);
  });

  it('has the slot as it stands where another is wished, and not after the last choice was removed', () => {
    const was = before(draft({ wishes: [LATER] }));
    expect(was).toEqual({ ...SAME, slot: NOW });
    expect(changesContent(was)).toBe(false);
    expect(before(draft({ wishes: [] }, { moves: true })).slot).toBeNull();
  });

  it('has what Rust says that differs, field by field', () => {
    const written = draft(
      { notes: 'dopo', phone: '0583 9', email: 'a@b.it', attachments: [FILE] },
      { notes: 'prima', phone: '0583 1', email: 'a@b.it', attachments: [] },
    );
    // The contact is one thing to Rust; the address in it is the same.
    expect(before(written)).toEqual({ ...SAME, notes: 'prima', phone: '0583 1', files: [] });
    expect(changesContent(before(written))).toBe(true);
  });

  it('knows that nothing was there, which is not the same as no difference', () => {
    expect(before(draft({ notes: 'dopo' }, { notes: '' })).notes).toBe('');
  });

  it('lets a field go at once that was put back and is not saved yet', () => {
    expect(before(draft({ notes: 'prima' }, { notes: 'prima' })).notes).toBeNull();
  });

  it('tells a file that is gone from one that came', () => {
    expect(lostFile([FILE], [])).toBe(true);
    expect(lostFile([FILE], [FILE, { ...FILE, hash: 'h2' }])).toBe(false);
    expect(lostFile([], [FILE])).toBe(false);
  });

  it('knows the slot that the appointment has among the choices', () => {
    expect(isOwn({ kind: 'slot', ...NOW, free: 0 }, NOW)).toBe(true);
    expect(isOwn(LATER, NOW)).toBe(false);
    expect(isOwn({ kind: 'pattern', weekdays: [], from: null, to: null, until: null }, NOW)).toBe(false);
    expect(isOwn(LATER, undefined)).toBe(false);
  });
});

describe('the step to begin with', () => {
  it('is where something is wrong, else when, else where something is written already', () => {
    const delegation = { kind: 'delegation' as const, matricola: '4801234567' };
    expect(firstStep(draft({ missing: [delegation], wishes: [LATER] }))).toBe(0);
    expect(firstStep(draft({ missing: [{ kind: 'difference' }] }))).toBe(1);
    expect(firstStep(draft({ notes: 'dopo' }, { notes: 'prima' }))).toBe(2);
    expect(firstStep(draft({ notes: 'dopo', wishes: [LATER] }, { notes: 'prima' }))).toBe(1);
  });

  it('is short of nothing where only the draft as a whole is', () => {
    expect(lackingSteps([{ kind: 'difference' }, { kind: 'appointment' }])).toEqual([false, false, false]);
    expect(lackingSteps([{ kind: 'difference' }, { kind: 'past_wish', index: 0 }])).toEqual([false, true, false]);
  });
});

describe('what is said and done when a draft did not go through', () => {
  const overtaken: AttentionView = {
    kind: 'overtaken',
    before: NOW,
    after: slotAt('2026-12-01', '14:00'),
    notes: 'altre',
    contact: true,
    attachments: true,
  };
  const all: AttentionView[] = [
    { kind: 'all_taken', nearest: [slotAt('2026-12-03', '10:00')] },
    { kind: 'all_taken', nearest: [] },
    { kind: 'ticket_not_bookable', ticket: 'LU-1', bookable: { answer: 'no', obstacle: { kind: 'withdrawn' } } },
    { kind: 'ticket_unknown', ticket: 'LU-1' },
    { kind: 'delegation_missing', matricola: '4801234567' },
    { kind: 'not_together' },
    { kind: 'limits_broken', missing: [{ kind: 'contact' }] },
    { kind: 'attachment_lost', name: 'istanza.pdf' },
    { kind: 'no_room_for_files' },
    { kind: 'appointment_over' },
    overtaken,
    { kind: 'store_failed' },
  ];

  it.each(all)('$kind has words of a change and of a booking, and a next step', (view) => {
    for (const changes of [true, false]) {
      const { title, text, next } = t.drafts.attention(view, changes);
      expect(title).toMatch(/^[A-ZL].{10,}[^.]$/);
      expect(text).toMatch(/\.$/);
      expect(next).toMatch(/\.$/);
      expect(t.today.nextStep(view, changes)).not.toBe('');
      expect(t.drafts.nextStep(view)).not.toBe('');
    }
    const change = Object.values(t.drafts.attention(view, true)).join(' ');
    expect(change).not.toMatch(/prenotazion|scarta la bozza/i);
    expect(nextSteps(view, true).length).toBeGreaterThan(0);
  });

  it('says that the appointment stays where nothing of the change came', () => {
    expect(t.drafts.attention({ kind: 'all_taken', nearest: [] }, true).text).toContain('resta com’era');
    expect(t.drafts.attention({ kind: 'all_taken', nearest: [] }, false).text).not.toContain('appuntamento');
  });

  it('names what both changed, with the slot as it is now', () => {
    expect(t.drafts.attention(overtaken, true).text).toContain(
      'ha cambiato giorno e ora (adesso mar 1 dic, 14:00), le note, il contatto e gli allegati.',
    );
    expect(t.drafts.attention({ ...overtaken, before: null, after: null, notes: null }, true).text).toContain(
      'ha cambiato il contatto e gli allegati.',
    );
  });

  it('never sends again as it is what was overtaken or is over', () => {
    expect(nextSteps(overtaken, true)).toEqual(['recall']);
    expect(nextSteps({ kind: 'appointment_over' }, true)).toEqual(['look']);
    expect(nextSteps({ kind: 'store_failed' }, true)).toEqual(['again', 'recall']);
    expect(t.today.nextStep(overtaken, true)).toBe('Rivedi');
    expect(t.drafts.nextStep(overtaken)).toBe('Rivedi');
  });

  it('lets the rest of a change go without a move, where there is a rest', () => {
    const free = [slotAt('2026-12-03', '10:00')];
    expect(nextSteps({ kind: 'all_taken', nearest: free }, false)).toEqual(['choose', 'recall']);
    expect(nextSteps({ kind: 'all_taken', nearest: free }, true)).toEqual(['choose', 'recall', 'stay']);
    expect(nextSteps({ kind: 'all_taken', nearest: [] }, true)).toEqual(['recall', 'stay']);
  });
});
