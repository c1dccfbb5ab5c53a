/** The files of a draft or a request: picking, dropping, what was refused, how far a copy is. Paths never come to the page. */
import { announce, attempt } from '../../app/notices.svelte';
import { on } from '../../ipc/events';
import type { AttachmentView, RefusedFile } from '../../ipc/types';
import { t } from '../../text';

/** Whose files they are, and how that is asked for. */
export interface FilesPorts<D extends { attachments: AttachmentView[] }> {
  shown(): D;
  accept(draft: D): void;
  /** Null: closed without picking. */
  pick(): Promise<Outcome<D> | null>;
  takeDropped(): Promise<Outcome<D> | null>;
  remove(hash: string): Promise<D>;
  open(hash: string): Promise<unknown>;
}
type Outcome<D> = { draft: D; refused: RefusedFile[] };

export class Files<D extends { attachments: AttachmentView[] } = { attachments: AttachmentView[] }> {
  refused = $state.raw<RefusedFile[]>([]);
  /** How far the copy is, in KiB; nothing when none is under way. */
  copying = $state.raw<{ done: number; total: number } | null>(null);
  /** Files are held over the window. */
  hover = $state(false);
  busy = $state(false);
  readonly #ports: FilesPorts<D>;

  constructor(ports: FilesPorts<D>) {
    this.#ports = ports;
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
        void this.#take(() => this.#ports.takeDropped());
      }),
      on('progress', ({ work, done, total }) => {
        if (work === 'copy_attachment' && this.busy) this.copying = { done, total };
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Opens the native window. */
  pick(): Promise<void> {
    return this.#take(() => this.#ports.pick());
  }

  open(file: AttachmentView): Promise<boolean> {
    return attempt(() => this.#ports.open(file.hash));
  }

  async remove(file: AttachmentView): Promise<void> {
    await attempt(async () => {
      this.#ports.accept(await this.#ports.remove(file.hash));
      announce(t.booking.files.removed(visibleName(file.name)));
    });
  }

  async #take(ask: () => Promise<Outcome<D> | null>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refused = [];
    const before = this.#ports.shown().attachments.length;
    await attempt(async () => {
      const outcome = await ask();
      if (!outcome) return;
      this.#ports.accept(outcome.draft);
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
