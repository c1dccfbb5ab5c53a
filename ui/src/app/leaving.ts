import { app } from '../ipc/client';
import { on } from '../ipc/events';

type Errand = () => Promise<unknown>;

const errands = new Set<Errand>();

/** Runs `errand` before the window closes, until the function that it returns is called. */
export function beforeLeaving(errand: Errand): () => void {
  errands.add(errand);
  return () => errands.delete(errand);
}

/** Runs every errand; one that fails keeps none from running. */
export async function runErrands(): Promise<void> {
  await Promise.allSettled([...errands].map((errand) => errand()));
}

/** Follows the window's closing: every errand is run, then the window may go. */
export function watchLeaving(): () => void {
  return on('closing', () => void runErrands().then(() => app.leave()));
}
