import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DraftChange } from '../../ipc/types';
import type { DraftDetail } from '../../ipc/types';
import type { FailureCode } from '../../ipc/types';
import { Autosave } from './autosave';

const EMPTY: DraftDetail = {
  id: 'd1',
  revision: 1,
  state: 'editing',
  changes: null,
  company: '01234567890',
  company_name: 'Officine Serchio srl',
  point: { code: 'LU-1', name: 'Consulenza aziende', place: 'Lucca', sede_name: 'Lucca' },
  tickets: [],
  wishes: [],
  never: { weekdays: [], dates: [] },
  waits: false,
  deposit: null,
  withdrawing: false,
  earlier_try: null,
  notes: '',
  phone: '',
  email: '',
  attachments: [],
  limits: { notes_max: 500, files_max: 3, file_bytes_max: 3_145_728 },
  due: { kind: 'now' },
  missing: [],
  saved_time: '09:40',
  attention: null,
  appointment: null,
  portal: false,
};

function failure(code: FailureCode) {
  return { code, message: 'for the log', details: {} };
}

/** A program with one draft, whose answers come when the test lets them. */
class Program {
  draft: DraftDetail = { ...EMPTY };
  readonly asked: { revision: number; change: DraftChange }[] = [];
  readonly refusals: FailureCode[] = [];
  underWay = 0;
  mostAtOnce = 0;

  readonly save = async (_id: string, revision: number, change: DraftChange) => {
    this.asked.push({ revision, change });
    this.underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
    await new Promise((resolve) => setTimeout(resolve, 50));
    this.underWay -= 1;
    const refusal = this.refusals.shift();
    if (refusal) throw failure(refusal);
    if (revision !== this.draft.revision) throw failure('draft_stale');
    this.draft = { ...this.draft, ...change, revision: revision + 1, saved_time: '09:43' };
    return this.draft;
  };

  readonly open = () => Promise.resolve(this.draft);
  readonly changed = vi.fn();
}

let program: Program;
let autosave: Autosave;

beforeEach(() => {
  vi.useFakeTimers();
  program = new Program();
  autosave = new Autosave(program.draft, program);
});

afterEach(() => {
  vi.useRealTimers();
});

describe('saving a draft as it is typed', () => {
  it('waits for a pause, so that a sentence is one change and not fifty', async () => {
    for (const notes of ['D', 'DU', 'DURC']) {
      autosave.edit({ notes });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(program.asked).toEqual([]);
    expect(autosave.draft.notes).toBe('DURC');
    expect(autosave.state.kind).toBe('waiting');

    await vi.advanceTimersByTimeAsync(400);
    expect(program.asked).toEqual([{ revision: 1, change: { notes: 'DURC' } }]);
    expect(autosave.state.kind).toBe('saved');
    expect(autosave.draft.saved_time).toBe('09:43');
  });

  it('sends one change at a time, in order, each with the revision that the one before answered', async () => {
    autosave.edit({ notes: 'prima' });
    await vi.advanceTimersByTimeAsync(410);
    autosave.edit({ phone: '0583 123456' });
    const flushed = autosave.flush();
    await vi.advanceTimersByTimeAsync(500);

    expect(await flushed).toBe(true);
    expect(program.mostAtOnce).toBe(1);
    expect(program.asked).toEqual([
      { revision: 1, change: { notes: 'prima' } },
      { revision: 2, change: { phone: '0583 123456' } },
    ]);
  });

  it('does not let an answer that was late undo what was typed meanwhile', async () => {
    autosave.edit({ notes: 'prima' });
    await vi.advanceTimersByTimeAsync(410);
    autosave.edit({ notes: 'prima e dopo' });
    await vi.advanceTimersByTimeAsync(50);
    expect(autosave.draft.notes).toBe('prima e dopo');

    await vi.advanceTimersByTimeAsync(1000);
    expect(program.draft.notes).toBe('prima e dopo');
  });

  it('keeps what was typed when saving fails, says so, and saves it with the next change', async () => {
    program.refusals.push('disk_full');
    autosave.edit({ notes: 'da non perdere' });
    const first = autosave.flush();
    await vi.advanceTimersByTimeAsync(60);

    expect(await first).toBe(false);
    expect(autosave.state).toMatchObject({ kind: 'failed', failure: { code: 'disk_full' } });
    expect(autosave.draft.notes).toBe('da non perdere');

    autosave.edit({ phone: '0583 123456' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(program.draft).toMatchObject({ notes: 'da non perdere', phone: '0583 123456' });
    expect(autosave.state.kind).toBe('saved');
  });

  it('reads again when the draft was changed elsewhere, and takes over what the person did not touch', async () => {
    program.draft = { ...program.draft, revision: 7, email: 'anna@studio.example', notes: 'di altri' };
    autosave.edit({ notes: 'mie' });
    await vi.advanceTimersByTimeAsync(1000);

    expect(autosave.draft).toMatchObject({ notes: 'mie', email: 'anna@studio.example' });
    expect(program.draft).toMatchObject({ notes: 'mie', email: 'anna@studio.example', revision: 8 });
    expect(autosave.state.kind).toBe('saved');
  });

  it('gives up on a draft that is always newer, and still keeps the text', async () => {
    program.refusals.push(...Array.from({ length: 20 }, () => 'draft_stale' as const));
    autosave.edit({ notes: 'mie' });
    await vi.advanceTimersByTimeAsync(5000);

    expect(autosave.state).toMatchObject({ kind: 'failed', failure: { code: 'draft_stale' } });
    expect(autosave.draft.notes).toBe('mie');
    expect(program.asked.length).toBeLessThan(10);
  });

  it('takes a newer reading, and not an older one', () => {
    autosave.accept({ ...EMPTY, revision: 3, state: 'queued' });
    autosave.accept({ ...EMPTY, revision: 2, state: 'editing' });
    expect(autosave.draft.state).toBe('queued');
    expect(autosave.revision).toBe(3);
  });

  it('flushes at once, and has nothing to do when all is saved', async () => {
    expect(await autosave.flush()).toBe(true);
    autosave.edit({ notes: 'ora' });
    const flushed = autosave.flush();
    await vi.advanceTimersByTimeAsync(60);
    expect(await flushed).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(program.asked).toHaveLength(1);
  });
});
