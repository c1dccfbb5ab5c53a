/** What a draft changes of an appointment (R14, R17): what stands there beside what the draft has instead. */
import type { AttachmentView, DraftDetail, SlotView, WishView } from '../../ipc/types';
import { stepOf } from './missing';

/** What stands there, where the draft has something else; nothing where it is the same. */
export type Before = {
  slot: SlotView | null;
  notes: string | null;
  phone: string | null;
  email: string | null;
  files: AttachmentView[] | null;
};

type Written = Pick<DraftDetail, 'changes' | 'wishes' | 'notes' | 'phone' | 'email' | 'attachments'>;

/**
 * Rust says what differs; what was typed since, and is not saved yet, can only have gone back to what stands there.
 */
export function before({ changes, wishes, notes, phone, email }: Written): Before {
  const other = (was: string | null | undefined, now: string) => (was === undefined || was === now ? null : was);
  return {
    slot: changes && wishes.length > 0 ? changes.slot : null,
    notes: other(changes?.notes, notes),
    phone: other(changes?.phone, phone),
    email: other(changes?.email, email),
    files: changes?.attachments ?? null,
  };
}

/** Whether anything but the slot differs. */
export function changesContent({ notes, phone, email, files }: Before): boolean {
  return notes !== null || phone !== null || email !== null || files !== null;
}

/** Whether a file that was there is not there any more. */
export function lostFile(was: readonly AttachmentView[], now: readonly AttachmentView[]): boolean {
  return was.some((file) => now.every((other) => other.hash !== file.hash));
}

/** Whether this wish is for the slot that the appointment has: nothing would come of it. */
export function isOwn(wish: WishView, own: SlotView | undefined): boolean {
  return wish.kind === 'slot' && wish.start === own?.start;
}

/** The step to begin with: where something is to be decided, or where the person was. */
export function firstStep(draft: DraftDetail): number {
  if (draft.missing.some((one) => stepOf(one) === 0)) return 0;
  const was = before(draft);
  return was.slot === null && changesContent(was) ? 2 : 1;
}
