import { SvelteMap } from 'svelte/reactivity';

/** Words begun and not entered yet, by what they are about: they wait there while one looks at something else. */
export class Begun {
  readonly #words = new SvelteMap<string, string>();

  about(subject: string): string {
    return this.#words.get(subject) ?? '';
  }

  write(subject: string, words: string): void {
    if (words === '') this.#words.delete(subject);
    else this.#words.set(subject, words);
  }

  /** `words` were entered: they go, but not what was written on meanwhile. */
  entered(subject: string, words: string): void {
    if (this.about(subject) === words) this.#words.delete(subject);
  }
}

export const begun = new Begun();
