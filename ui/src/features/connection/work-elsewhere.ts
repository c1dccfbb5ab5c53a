import { runErrands } from '../../app/leaving';

/**
 * Goes to work at another desk: what was typed last is saved first, and afterwards the page begins anew, so that nothing
 * of the one is left beside the other. `change` makes the program change.
 */
export async function workElsewhere(change: () => Promise<unknown>): Promise<void> {
  await runErrands();
  await change();
  location.hash = '#/oggi';
  location.reload();
}
