import { href } from '../../app/routes';
import type { RefusalRow } from '../../ipc/types';

/** Where one sees what a decision was about; nowhere where the studio does not see it any more. */
export function placeOf({ about }: RefusalRow): string | null {
  if (about.kind === 'ticket') return about.seen ? href({ room: 'tickets', code: about.code }) : null;
  return about.now ? href({ room: 'agenda', id: about.id }) : null;
}
