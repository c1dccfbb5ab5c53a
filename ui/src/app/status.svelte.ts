import { app } from '../ipc/client';
import { asFailure } from '../ipc/failure';
import type { AppStatus, Failure } from '../ipc/types';
import { onChanged } from './changes';

/** Phase, connection, badges and settings: what the frame around every room shows. */
class Status {
  current = $state.raw<AppStatus | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  #reading = false;
  #again = false;

  /** Today in the sede's zone; empty before the first answer. */
  get today(): string {
    return this.current?.today ?? '';
  }

  /** Takes the answer of a command that returns the status. */
  take(status: AppStatus): void {
    this.current = status;
    this.failure = undefined;
  }

  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#again) {
      this.#again = false;
      try {
        this.take(await app.status());
      } catch (thrown) {
        this.failure = asFailure(thrown);
      }
    }
    this.#reading = false;
  }

  /** Keeps it fresh until the function that it returns is called. */
  watch(): () => void {
    void this.refresh();
    return onChanged(['status', 'drafts', 'agenda'], () => void this.refresh());
  }
}

export const status = new Status();
