/** The files of a draft: picking, dropping, what was refused, how far a copy is. Paths never come to the page. */
import { announce, attempt } from '../../app/notices.svelte';
import { attachments } from '../../ipc/client';
import { on } from '../../ipc/events';
import type { AttachmentView, AttachOutcome, RefusedFile } from '../../ipc/types';
import { t } from '../../text';
import type { Session } from './session.svelte';

export class Files {
  refused = $state.raw<RefusedFile[]>([]);
  /** How far the copy is, in KiB; nothing when none is under way. */
  copying = $state.raw<{ done: number; total: number } | null>(null);
  /** Files are held over the window. */
  hover = $state(false);
  busy = $state(false);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Hears drops and progress until the function that it returns is called; `ondrop` is told first. */
  watch(ondrop: () => void): () => void {
    const stops = [
      on('files-hover', ({ over }) => {
        this.hover = over;
      }),
      on('files-dropped', ({ count }) => {
        this.hover = false;
        if (count === 0) return;
        ondrop();
        void this.#take(() => attachments.takeDropped(this.#session.id));
      }),
      on('progress', ({ work, done, total }) => {
        if (work === 'copy_attachment' && this.busy) this.copying = { done, total };
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Opens the native window. */
  pick(): Promise<void> {
    return this.#take(() => attachments.pick(this.#session.id));
  }

  open(file: AttachmentView): Promise<boolean> {
    return attempt(() => attachments.open(this.#session.id, file.hash));
  }

  async remove(file: AttachmentView): Promise<void> {
    await attempt(async () => {
      this.#session.accept(await attachments.remove(this.#session.id, file.hash));
      announce(t.booking.files.removed(visibleName(file.name)));
    });
  }

  async #take(ask: () => Promise<AttachOutcome | null>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refused = [];
    const before = this.#session.draft.attachments.length;
    await attempt(async () => {
      const outcome = await ask();
      if (!outcome) return;
      this.#session.accept(outcome.draft);
      this.refused = outcome.refused;
      const added = outcome.draft.attachments.length - before;
      // What was refused is read out by its own banner.
      if (added > 0) announce(t.booking.files.added(added));
    });
    this.busy = false;
    this.copying = null;
  }
}

/** A name as text: what would turn or hide other letters is shown as a mark. */
export function visibleName(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\u00b7');
}
