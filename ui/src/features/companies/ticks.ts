import { Selection } from '../tickets/selection.svelte';

const kept = new Map<string, Selection>();

/**
 * What is ticked for a company. It stays when one goes to prepare the first appointment and comes back for the second
 * (R8: a ticket that leads elsewhere is never dropped silently).
 */
export function ticksOf(company: string): Selection {
  const found = kept.get(company);
  if (found) return found;
  const made = new Selection();
  kept.set(company, made);
  return made;
}
