/** What was typed and could not be saved when its page was left: it waits until the page is opened again. */
import { notices } from '../../app/notices.svelte';
import { router } from '../../app/router.svelte';
import type { Route } from '../../app/routes';
import { t } from '../../text';

/** What is saved as it is typed, on a page. */
type Writing<D> = { readonly id: string; accept(draft: D): void; flush(): Promise<boolean> };

export class Unsaved<D extends { id: string }, S extends Writing<D>> {
  readonly #kept = new Map<string, S>();

  /** The session that was kept of `draft`, trying to save again; a new one where none was. */
  resume(draft: D, begin: (draft: D) => S): S {
    const kept = this.#kept.get(draft.id);
    this.#kept.delete(draft.id);
    if (!kept) return begin(draft);
    kept.accept(draft);
    void kept.flush();
    return kept;
  }

  /** Keeps a session and says so, with the way back to it. */
  keep(session: S, text: string, reopen: { label: string; to: Route }): void {
    this.#kept.set(session.id, session);
    notices.show({
      text,
      next: t.booking.save.kept,
      tone: 'alert',
      action: { label: reopen.label, run: () => router.go(reopen.to) },
    });
  }
}
