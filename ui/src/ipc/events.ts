import { listen } from '@tauri-apps/api/event';
import type { Changed } from './bindings/Changed';
import type { Progress } from './bindings/Progress';

/** What the program tells the page without being asked. */
type Events = {
  changed: Changed;
  progress: Progress;
  'files-dropped': { count: number };
  'files-hover': { over: boolean };
  /** The window wants to close, and waits a moment for `window_leave`. */
  closing: null;
  /** Somebody clicked on a notice: `place_take` says where they want to be. */
  'place-asked': null;
};

/** Hears an event until the function that it returns is called. */
export function on<K extends keyof Events>(event: K, handler: (payload: Events[K]) => void): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  listen<Events[K]>(event, ({ payload }) => handler(payload)).then(
    (unlisten) => {
      if (stopped) unlisten();
      else stop = unlisten;
    },
    () => {
      // No events: what is shown is read again when the person asks for it.
    },
  );
  return () => {
    stopped = true;
    stop?.();
  };
}
