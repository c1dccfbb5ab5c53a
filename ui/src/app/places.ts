import { app } from '../ipc/client';
import { on } from '../ipc/events';
import { router } from './router.svelte';
import { routeTo } from './routes';

async function go(): Promise<void> {
  const place = await app.takePlace();
  if (place) router.go(routeTo(place));
}

/**
 * Goes where somebody wants to be who clicked on a notice: at once where the page was made for it, and whenever it is asked
 * for until the function that it returns is called.
 */
export function watchPlaces(): () => void {
  // Whoever does not get there finds the same on *Oggi*.
  const follow = () => void go().catch(() => undefined);
  follow();
  return on('place-asked', follow);
}
