import { on } from '../ipc/events';
import type { Area } from '../ipc/types';

type Listener = { areas: readonly Area[]; handler: () => void };

const listeners = new Set<Listener>();
let stop: (() => void) | undefined;

/**
 * Calls `handler` when what is shown of one of the areas is old, until the function that it returns is called.
 * In a component: `$effect(() => onChanged(['tickets'], reload))`.
 */
export function onChanged(areas: readonly Area[], handler: () => void): () => void {
  stop ??= on('changed', (changed) => {
    for (const listener of [...listeners]) {
      if (listener.areas.some((area) => changed.areas.includes(area))) listener.handler();
    }
  });
  const listener = { areas, handler };
  listeners.add(listener);
  return () => listeners.delete(listener);
}
