import { attempt, announce } from '../../app/notices.svelte';
import { router } from '../../app/router.svelte';
import { bookings } from '../../ipc/client';
import { t } from '../../text';

/** Makes a draft of the tickets and goes to it; a failure is told. */
export async function prepare(codes: readonly string[]): Promise<boolean> {
  return attempt(async () => {
    const draft = await bookings.prepare([...codes]);
    announce(t.offer.prepared(codes.length));
    router.go({ room: 'booking', draft: draft.id });
  });
}

/** Records that the reply does not satisfy, makes a draft of the ticket and goes to it. */
export async function prepareFromReply(code: string): Promise<boolean> {
  return attempt(async () => {
    const draft = await bookings.fromReply(code);
    announce(t.offer.prepared(1));
    router.go({ room: 'booking', draft: draft.id });
  });
}
