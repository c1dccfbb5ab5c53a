import type { People } from '../../ipc/types';
import { t } from '../../text';

const wordsOf = (name: string) => name.split(/\s+/).filter(Boolean);
const first = (name: string) => wordsOf(name)[0] ?? name;
const initial = (word: string | undefined) => [...(word ?? '')][0]?.toLocaleUpperCase('it-IT') ?? '';

/** *AR* */
export function initials(name: string): string {
  const words = wordsOf(name);
  return initial(words[0]) + (words.length > 1 ? initial(words.at(-1)) : '');
}

/** *Anna*; *Anna R.* beside another Anna; the whole name where that does not tell them apart. */
export function shortName(name: string, all: readonly string[]): string {
  const others = all.filter((other) => other !== name && first(other) === first(name));
  if (others.length === 0) return first(name);
  const last = initial(wordsOf(name).at(-1));
  const alike = others.some((other) => initial(wordsOf(other).at(-1)) === last);
  return alike || wordsOf(name).length === 1 ? name : `${first(name)} ${last}.`;
}

/** Me first, then the colleagues; who is named already though not known any more is among them. */
export function inOrderOfNearness({ me, all }: People, named: readonly string[] = []): string[] {
  const everybody = new Set([...(me === null ? [] : [me]), ...all, ...named]);
  return [...everybody];
}

/** *io · Anna Ricci* for me, the name for a colleague. */
export const called = (person: string, me: string | null) => (person === me ? t.dossiers.me(person) : person);
