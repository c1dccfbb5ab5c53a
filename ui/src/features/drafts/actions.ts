/** What is done to a draft from more than one room. */
import { attempt, done } from '../../app/notices.svelte';
import { drafts } from '../../ipc/client';
import { t } from '../../text';

/** Discards at once; the toast gives it back. `restored` is told when that happened. */
export function discard(id: string, company: string, restored?: () => Promise<void> | void): Promise<boolean> {
  return attempt(async () => {
    await drafts.discard(id);
    done(t.drafts.discarded(company), () => restore(id, restored));
  });
}

async function restore(id: string, restored?: () => Promise<void> | void): Promise<void> {
  await attempt(async () => {
    await drafts.restore(id);
    await restored?.();
  });
}
