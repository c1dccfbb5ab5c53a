/**
 * Saves a draft as it is typed: each change is kept here at once, sent after a short pause, in order, one at a time.
 *
 * What was typed is never lost by a failure: it stays over what the program answered until it was saved. Where the draft
 * was changed elsewhere meanwhile it is read again, and what the person did not touch takes the new values.
 */

import { asFailure } from '../../ipc/failure';
import type { DraftChange, DraftDetail, Failure } from '../../ipc/types';

/** What is saved as it is typed: a booking, a request. */
export type Saved = { id: string; revision: number; state: string };

/** What the queue needs of the rest of the program. */
export interface AutosavePorts<D extends Saved = DraftDetail, C extends object = DraftChange> {
  open(id: string): Promise<D>;
  save(id: string, revision: number, change: C): Promise<D>;
  /** The draft with a change over it; where there is none, what has the same name takes its place. */
  over?(draft: D, change: C): D;
  /** Told after every change of what {@link Autosave.draft} and {@link Autosave.state} answer. */
  changed(): void;
}

/** Where the saving stands. */
export type SaveState =
  { kind: 'saved' } | { kind: 'waiting' } | { kind: 'saving' } | { kind: 'failed'; failure: Failure };

/** Pause after the last keystroke, in milliseconds. */
const PAUSE = 400;

/** How often a draft that keeps changing elsewhere is read again before giving up. */
const STALE_LIMIT = 5;

/** The queue of one draft. */
export class Autosave<D extends Saved = DraftDetail, C extends object = DraftChange> {
  #server: D;
  readonly #ports: AutosavePorts<D, C>;
  #pending = {} as C;
  #inFlight: C | null = null;
  #failure: Failure | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running: Promise<boolean> | null = null;
  #closed = false;

  constructor(draft: D, ports: AutosavePorts<D, C>) {
    this.#server = draft;
    this.#ports = ports;
  }

  /**
   * The draft as the person sees it: as last answered, with what was typed over it. Once it left their hands only what
   * was decided counts; what was typed too late comes back when it can be edited again.
   */
  get draft(): D {
    if (this.#server.state !== 'editing') return this.#server;
    const typed = { ...this.#inFlight, ...this.#pending } as C;
    return this.#ports.over?.(this.#server, typed) ?? { ...this.#server, ...typed };
  }

  /** The revision to give back with the next command. */
  get revision(): number {
    return this.#server.revision;
  }

  get state(): SaveState {
    if (this.#inFlight) return { kind: 'saving' };
    if (this.#failure) return { kind: 'failed', failure: this.#failure };
    return isEmpty(this.#pending) ? { kind: 'saved' } : { kind: 'waiting' };
  }

  /** Takes a change: shown at once, saved after the pause. */
  edit(change: C): void {
    this.#pending = { ...this.#pending, ...change };
    this.#schedule();
    this.#ports.changed();
  }

  /** Takes what another command answered or a new reading, unless something newer is known. */
  accept(draft: D): void {
    if (draft.id !== this.#server.id || draft.revision < this.#server.revision) return;
    this.#server = draft;
    this.#ports.changed();
  }

  /** Saves what is not saved yet, at once. Answers whether everything is saved. */
  async flush(): Promise<boolean> {
    this.#unschedule();
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
    const saved = await this.#running;
    // Something was typed while the last answer was on its way.
    return saved && !isEmpty(this.#pending) ? this.flush() : saved;
  }

  /** Stops the clock; what is pending is to be flushed before. */
  close(): void {
    this.#closed = true;
    this.#unschedule();
  }

  async #drain(): Promise<boolean> {
    let stale = 0;
    while (!isEmpty(this.#pending)) {
      const change = this.#pending;
      this.#pending = {} as C;
      this.#inFlight = change;
      this.#failure = null;
      this.#ports.changed();
      try {
        this.#server = await this.#ports.save(this.#server.id, this.#server.revision, change);
        this.#inFlight = null;
        stale = 0;
        this.#ports.changed();
      } catch (error) {
        // What was typed meanwhile is newer than what was on its way.
        this.#pending = { ...change, ...this.#pending };
        this.#inFlight = null;
        const failure = asFailure(error);
        stale += 1;
        if (failure.code !== 'draft_stale' || stale > STALE_LIMIT) return this.#fail(failure);
        try {
          this.#server = await this.#ports.open(this.#server.id);
        } catch (reading) {
          return this.#fail(asFailure(reading));
        }
      }
    }
    return true;
  }

  #fail(failure: Failure): false {
    this.#failure = failure;
    this.#ports.changed();
    return false;
  }

  #schedule(): void {
    this.#unschedule();
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  #unschedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function isEmpty(change: object): boolean {
  return Object.keys(change).length === 0;
}
