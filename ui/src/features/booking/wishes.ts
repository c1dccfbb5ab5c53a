/**
 * Editing the ranked wishes of a draft: every function answers a new list, best first.
 *
 * Which slots are free or begun is Rust's to say; here only the order is changed.
 */
import type { Missing, SlotView } from '../../ipc/types';
import type { WishView } from '../../ipc/types';

/** A wish for one slot. */
export type SlotWish = Extract<WishView, { kind: 'slot' }>;

/** A wish for any slot that fits. */
export type PatternWish = Extract<WishView, { kind: 'pattern' }>;

/** The wish for `slot`, with the free places as last read. */
export function slotWish(slot: SlotView, free: number | null): SlotWish {
  return { kind: 'slot', start: slot.start, date: slot.date, time: slot.time, free };
}

/** The place of the slot that begins at `start` among the wishes, from 0; -1 where it is none. */
export function rankOf(wishes: readonly WishView[], start: string): number {
  return wishes.findIndex((wish) => wish.kind === 'slot' && wish.start === start);
}

/** Adds the slot as the last choice, or removes it where it is one already. */
export function toggleSlot(wishes: readonly WishView[], slot: SlotView, free: number | null): WishView[] {
  const rank = rankOf(wishes, slot.start);
  return rank === -1 ? [...wishes, slotWish(slot, free)] : removeAt(wishes, rank);
}

/** Adds a pattern as the last choice; nothing changes where the very same is there already. */
export function addPattern(wishes: readonly WishView[], pattern: PatternWish): WishView[] {
  const there = wishes.some((wish) => wish.kind === 'pattern' && samePattern(wish, pattern));
  return there ? [...wishes] : [...wishes, pattern];
}

/** Removes the wish at `index`. */
export function removeAt(wishes: readonly WishView[], index: number): WishView[] {
  return wishes.filter((_, at) => at !== index);
}

/** Moves the wish at `from` to the place `to`; a place outside the list is its nearest end. */
export function move(wishes: readonly WishView[], from: number, to: number): WishView[] {
  const list = [...wishes];
  const [moved] = list.splice(from, 1);
  if (moved === undefined) return list;
  list.splice(Math.max(0, Math.min(to, list.length)), 0, moved);
  return list;
}

/** The wishes that are not past. */
export function aheadOf(wishes: readonly WishView[], missing: readonly Missing[]): WishView[] {
  return wishes.filter((_, at) => !missing.some((one) => one.kind === 'past_wish' && one.index === at));
}

/** What tells one wish from another, for keyed lists. */
export function wishKey(wish: WishView): string {
  return wish.kind === 'slot' ? wish.start : [wish.weekdays.join(), wish.from, wish.to, wish.until].join('/');
}

function samePattern(a: PatternWish, b: PatternWish): boolean {
  return wishKey(a) === wishKey(b);
}
