import { attempt } from '../../app/notices.svelte';

/** What a line does, one thing at a time; `onchange` is told after each, whatever came of it. */
export class Acting {
  busy = $state(false);
  #onchange: () => void;

  constructor(onchange: () => void) {
    this.#onchange = onchange;
  }

  /** Whether it was done. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    const did = await attempt(work);
    this.busy = false;
    this.#onchange();
    return did;
  }
}
