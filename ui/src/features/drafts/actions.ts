/** What is done to a draft from more than one room. */
import { attempt, done } from '../../app/notices.svelte';
import { status } from '../../app/status.svelte';
import { drafts } from '../../ipc/client';
import type { DraftDetail, DraftRow } from '../../ipc/types';
import { t } from '../../text';

/** Discards at once; the toast gives it back. `restored` is told when that happened. */
export function discard(
  { id, company_name, changes, deposit }: DraftDetail | DraftRow,
  restored?: () => Promise<void> | void,
): Promise<boolean> {
  return attempt(async () => {
    const { earlier_try } = await drafts.discard(id);
    const unheard =
      deposit && status.current?.connection.state !== 'connected' ? t.deposit.discardedUnheard : undefined;
    if (!changes) done(t.drafts.discarded(company_name), () => restore(id, restored), unheard);
    else if (earlier_try === null) done(t.change.discard.done(company_name), () => restore(id, restored));
    else done(t.change.discard.doneUnheard(company_name), () => restore(id, restored), t.change.earlier.unheard);
  });
}

async function restore(id: string, restored?: () => Promise<void> | void): Promise<void> {
  await attempt(async () => {
    await drafts.restore(id);
    await restored?.();
  });
}
