/** One draft on the page: what is shown, and the queue that saves it. */
import { report, notices } from '../../app/notices.svelte';
import { attachments, drafts } from '../../ipc/client';
import { failedWith } from '../../ipc/failure';
import type { DraftChange, DraftDetail } from '../../ipc/types';
import { t } from '../../text';
import { Autosave, type SaveState } from './autosave';
import type { FilesPorts } from './files.svelte';
import { Unsaved } from './unsaved';

/** The files of a booking. */
export const filesOf = (session: Session): FilesPorts<DraftDetail> => ({
  shown: () => session.draft,
  accept: (draft) => session.accept(draft),
  pick: () => attachments.pick(session.id),
  takeDropped: () => attachments.takeDropped(session.id),
  remove: (hash) => attachments.remove(session.id, hash),
  open: (hash) => attachments.open(session.id, hash),
});

const unsaved = new Unsaved<DraftDetail, Session>();

export class Session {
  draft: DraftDetail = $state.raw() as DraftDetail;
  saving: SaveState = $state.raw({ kind: 'saved' });
  /** A command of the person is under way. */
  busy = $state(false);
  readonly #autosave: Autosave;

  constructor(draft: DraftDetail) {
    this.draft = draft;
    this.#autosave = new Autosave(draft, {
      open: drafts.open,
      save: drafts.save,
      changed: () => {
        this.draft = this.#autosave.draft;
        this.saving = this.#autosave.state;
      },
    });
  }

  /** Opens a draft, with what could not be saved the last time. */
  static async open(id: string): Promise<Session> {
    return unsaved.resume(await drafts.open(id), (draft) => new Session(draft));
  }

  get id(): string {
    return this.draft.id;
  }

  edit(change: DraftChange): void {
    this.#autosave.edit(change);
  }

  accept(draft: DraftDetail): void {
    this.#autosave.accept(draft);
  }

  /** Saves at once; whether everything is saved. */
  async flush(): Promise<boolean> {
    const saved = await this.#autosave.flush();
    // The draft left the person's hands meanwhile, say because it was due: show how it stands.
    const state = this.#autosave.state;
    if (state.kind === 'failed' && state.failure.code === 'draft_locked') {
      report(state.failure);
      await this.reload();
    }
    return saved;
  }

  /** Reads the draft again. */
  async reload(): Promise<void> {
    try {
      this.accept(await drafts.open(this.id));
    } catch (thrown) {
      report(thrown);
    }
  }

  /** Reads the draft again because something changed; typing goes on meanwhile. */
  async follow(): Promise<void> {
    try {
      this.accept(await drafts.open(this.id));
    } catch {
      // What is shown stays; the next change is another occasion.
    }
  }

  /** Saves, then sends. Whether it was sent. */
  async send(): Promise<boolean> {
    return this.#run(async () => {
      if (!(await this.flush())) {
        notices.announce(t.booking.send.notSaved);
        return false;
      }
      if (this.draft.missing.length > 0) return false;
      this.accept(await drafts.send(this.id, this.#autosave.revision));
      return true;
    });
  }

  /** Back to editing, where that is allowed. */
  async recall(): Promise<boolean> {
    return this.#command(() => drafts.recall(this.id));
  }

  async retry(): Promise<boolean> {
    return this.#command(() => drafts.retry(this.id));
  }

  async restore(): Promise<boolean> {
    return this.#command(() => drafts.restore(this.id));
  }

  /** After a refusal: takes `change`, say other choices where every one was taken, and sends again. */
  async sendAgain(change: DraftChange): Promise<boolean> {
    if (!(await this.recall())) return false;
    this.edit(change);
    return this.send();
  }

  /** Leaves the page; what can't be saved is kept and told. */
  async leave(): Promise<void> {
    if (await this.#autosave.flush()) {
      this.#autosave.close();
      return;
    }
    unsaved.keep(this, t.booking.save.leftUnsaved(this.draft.company_name), {
      label: t.booking.save.reopen,
      to: { room: 'booking', draft: this.id },
    });
  }

  #command(work: () => Promise<DraftDetail>): Promise<boolean> {
    return this.#run(async () => {
      this.accept(await work());
      return true;
    });
  }

  async #run(work: () => Promise<boolean>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      return await work();
    } catch (thrown) {
      report(thrown);
      if (
        failedWith(thrown, 'draft_stale') ||
        failedWith(thrown, 'draft_locked') ||
        failedWith(thrown, 'draft_incomplete')
      ) {
        await this.reload();
      }
      return false;
    } finally {
      this.busy = false;
    }
  }
}
