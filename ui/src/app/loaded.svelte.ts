import { asFailure } from '../ipc/failure';
import type { Failure } from '../ipc/types';

/**
 * Something read from the program: the value as last read, whether a newer reading is under way, and why the last one
 * failed. What was read stays while it is read again; an answer that a newer question overtook is dropped.
 */
export class Loaded<T> {
  value = $state.raw<T | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  busy = $state(false);
  #round = 0;

  async read(question: () => Promise<T>): Promise<void> {
    const round = ++this.#round;
    this.busy = true;
    try {
      const value = await question();
      if (round !== this.#round) return;
      this.value = value;
      this.failure = undefined;
    } catch (thrown) {
      if (round !== this.#round) return;
      this.failure = asFailure(thrown);
    }
    this.busy = false;
  }

  /** Takes a value that came another way, say as the answer to a command; readings under way are dropped. */
  set(value: T): void {
    this.#round += 1;
    this.value = value;
    this.failure = undefined;
    this.busy = false;
  }

  /** Forgets everything, before something else is read. */
  clear(): void {
    this.#round += 1;
    this.value = undefined;
    this.failure = undefined;
    this.busy = false;
  }
}
