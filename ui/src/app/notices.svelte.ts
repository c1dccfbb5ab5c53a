import { asFailure } from '../ipc/failure';
import { t } from '../text';
import { failureLine } from '../text/failure-line';

export type Toast = {
  id: number;
  text: string;
  /** What to do next, below the text. */
  next?: string;
  tone: 'ok' | 'info' | 'alert';
  action?: { label: string; run: () => void | Promise<void> };
};

const stay = 8_000;

/** What is said once: read out by the live region, shown as a toast, or both. */
class Notices {
  /** What the polite live region says. */
  spoken = $state('');
  toasts = $state.raw<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  announce(text: string): void {
    // The same words twice are a change only when something differs.
    this.spoken = this.spoken === text ? `${text}\u00a0` : text;
  }

  show(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    this.toasts = [...this.toasts.slice(-2), { ...toast, id }];
    this.announce(toast.next ? `${toast.text} ${toast.next}` : toast.text);
    this.resume(id);
    return id;
  }

  dismiss(id: number): void {
    this.pause(id);
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  /** Stays while the pointer or the focus is on it. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    this.pause(id);
    const toast = this.toasts.find((one) => one.id === id);
    if (!toast || toast.tone === 'alert') return;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), stay),
    );
  }
}

export const notices = new Notices();

/** Says something to those who listen; nothing is shown. */
export function announce(text: string): void {
  notices.announce(text);
}

/** Says that something was done; with `undo`, **Ripristina** stands beside it, and below it what is to be known. */
export function done(text: string, undo?: () => void | Promise<void>, next?: string): void {
  notices.show({ text, tone: 'ok', ...(next && { next }), ...(undo && { action: { label: t.app.undo, run: undo } }) });
}

/** Says what went wrong, what was kept and what to do. */
export function report(thrown: unknown): void {
  const failure = asFailure(thrown);
  const { text, next, severity } = failureLine(failure);
  notices.show({ text, next, tone: severity === 'notice' ? 'info' : 'alert' });
}

/** Runs a command of the person; a failure is told. True when it worked. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    report(thrown);
    return false;
  }
}
