/** One request on the page: what is shown, and the queue that saves it. */
import { done, notices, report } from '../../app/notices.svelte';
import { requests } from '../../ipc/client';
import type { RequestChange, RequestDetail } from '../../ipc/types';
import { t } from '../../text';
import { Autosave, type SaveState } from '../booking/autosave';
import type { FilesPorts } from '../booking/files.svelte';
import { Unsaved } from '../booking/unsaved';

const unsaved = new Unsaved<RequestDetail, RequestSession>();

/** What was typed stands over what was answered; what was chosen is shown once it was kept. */
const over = (draft: RequestDetail, { text, phone, email }: RequestChange): RequestDetail => ({
  ...draft,
  text: text ?? draft.text,
  phone: phone ?? draft.phone,
  email: email ?? draft.email,
});

export class RequestSession {
  draft: RequestDetail = $state.raw() as RequestDetail;
  saving: SaveState = $state.raw({ kind: 'saved' });
  /** A command of the person is under way. */
  busy = $state(false);
  readonly #autosave: Autosave<RequestDetail, RequestChange>;

  constructor(draft: RequestDetail) {
    this.draft = draft;
    this.#autosave = new Autosave<RequestDetail, RequestChange>(draft, {
      open: requests.open,
      save: requests.save,
      over,
      changed: () => {
        this.draft = this.#autosave.draft;
        this.saving = this.#autosave.state;
      },
    });
  }

  /** Opens a request, with what could not be saved the last time. */
  static async open(id: string): Promise<RequestSession> {
    return unsaved.resume(await requests.open(id), (draft) => new RequestSession(draft));
  }

  get id(): string {
    return this.draft.id;
  }

  edit(change: RequestChange): void {
    this.#autosave.edit(change);
  }

  /** A choice is kept at once. */
  choose(change: RequestChange): Promise<boolean> {
    this.edit(change);
    return this.flush();
  }

  accept(draft: RequestDetail): void {
    this.#autosave.accept(draft);
  }

  flush(): Promise<boolean> {
    return this.#autosave.flush();
  }

  async follow(): Promise<void> {
    try {
      this.accept(await requests.open(this.id));
    } catch {
      // What is shown stays; the next change is another occasion.
    }
  }

  async send(): Promise<boolean> {
    return this.#run(async () => {
      if (!(await this.flush())) {
        notices.announce(t.request.notSaved);
        return false;
      }
      if (this.draft.missing.length > 0) return false;
      this.accept(await requests.send(this.id, this.#autosave.revision));
      return true;
    });
  }

  recall = () => this.#command(() => requests.recall(this.id));
  retry = () => this.#command(() => requests.retry(this.id));
  restore = () => this.#command(() => requests.restore(this.id));

  async discard(): Promise<void> {
    await this.flush();
    if (await this.#command(() => requests.discard(this.id))) done(t.request.discarded, () => void this.restore());
  }

  /** The files of this request. */
  files(): FilesPorts<RequestDetail> {
    const found = async (ask: Promise<Awaited<ReturnType<typeof requests.pickFiles>>>) => {
      const outcome = await ask;
      return outcome && { draft: outcome.request, refused: outcome.refused };
    };
    return {
      shown: () => this.draft,
      accept: (draft) => this.accept(draft),
      pick: () => found(requests.pickFiles(this.id)),
      takeDropped: () => found(requests.takeDropped(this.id)),
      remove: (hash) => requests.removeFile(this.id, hash),
      open: (hash) => requests.openFile(this.id, hash),
    };
  }

  /** Leaves the page; what can't be saved is kept and told. */
  async leave(): Promise<void> {
    if (await this.flush()) {
      this.#autosave.close();
      return;
    }
    unsaved.keep(this, t.request.leftUnsaved(this.draft.position?.company_name ?? ''), {
      label: t.request.reopen,
      to: { room: 'request', request: this.id },
    });
  }

  #command(work: () => Promise<RequestDetail>): Promise<boolean> {
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
      await this.follow();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
