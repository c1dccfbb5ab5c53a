import type { AttentionView, WishView } from '../ipc/types';
import { plusDays, today } from './calendar';
import { slotAt } from './names';
import type { MockDraft, MockTicket, World } from './world';

/** What has to wait stays with the sede; whether it does. */
export function lieThere(draft: MockDraft): boolean {
  const taken = draft.wishes.every((wish) => wish.kind === 'slot' && wish.free === 0);
  const forAPlace = draft.due.kind === 'now' && draft.waits && taken && draft.wishes.length > 0;
  if (draft.changes || (draft.due.kind !== 'on' && !forAPlace)) return false;
  draft.state = 'queued';
  draft.deposit = { date: today, time: '09:45', for_a_place: forAPlace };
  if (forAPlace) draft.due = { kind: 'on', date: plusDays(today, 1) };
  return true;
}

/** The sede hears that it was taken back, once there is a network. */
export function takeBack(world: World, draft: MockDraft, changed: (area: string) => void): void {
  if (!draft.deposit) return;
  draft.deposit = null;
  draft.withdrawing = true;
  if (draft.tickets.every(({ bookable }) => bookable.answer === 'yes')) draft.due = { kind: 'now' };
  if (world.offline) return;
  setTimeout(() => {
    draft.withdrawing = false;
    changed('drafts');
  }, 400);
}

const full = (date: string, time: string): WishView => ({ kind: 'slot', ...slotAt(date, time), free: 0 });
const thursdays: WishView = { kind: 'pattern', weekdays: [4], from: '09:00', to: '12:00', until: '2026-12-18' };

/** A booking in every state of lying with the sede, each of another ticket. */
export function seedDeposits(world: World): void {
  const free = world.tickets.filter((one) => !one.draft && !one.appointment && world.point(one)?.code === 'LU-CA');
  const take = (answer: 'yes' | 'from') => {
    const found = free.findIndex((one) => world.bookable(one).answer === answer);
    const [ticket] = found === -1 ? [] : free.splice(found, 1);
    if (!ticket) throw new Error('no ticket');
    return ticket;
  };
  const write = (ticket: MockTicket, id: string, what: Partial<MockDraft>) => {
    const draft = world.prepare([ticket]);
    world.drafts.delete(draft.id);
    Object.assign(draft, { id, wishes: [thursdays], ...what });
    ticket.draft = id;
    world.drafts.set(id, draft);
    world.complete(draft);
    return draft;
  };
  /** The sede answered four days after the ticket was opened. */
  const answered = (id: string, status: MockTicket['status']) => {
    const ticket = take('yes');
    const draft = write(ticket, id, { state: 'needs_attention', last_attempt: '2026-11-23T08:12:00Z' });
    Object.assign(ticket, { status, opened: '2026-11-16', assessment: 'unassessed' });
    draft.attention = { kind: 'answered', ticket: ticket.code, date: '2026-11-20', time: '11:02' };
    world.complete(draft);
  };
  const needs = (id: string, attention: AttentionView, what: Partial<MockDraft>) =>
    write(take('yes'), id, { state: 'needs_attention', attention, last_attempt: '2026-11-23T08:12:00Z', ...what });

  const others = take('from');
  others.deposit = { date: plusDays(others.opened, 6), for_a_place: false, by: 'Bruno Verdi' };
  Object.assign(take('yes'), { deposit: { date: plusDays(today, 1), for_a_place: true, by: null } });

  const monday = { date: today, time: '09:41', for_a_place: false };
  write(take('from'), 'p-depositata', { state: 'queued', deposit: monday });
  write(take('from'), 'p-da-depositare', { state: 'queued', waits: true });
  write(take('yes'), 'p-scaduta', {
    state: 'queued',
    deposit: { date: '2026-11-18', time: '16:05', for_a_place: false },
  });
  write(take('yes'), 'p-in-attesa', {
    state: 'queued',
    waits: true,
    wishes: [full('2026-11-26', '09:30'), thursdays],
    due: { kind: 'on', date: plusDays(today, 1) },
    deposit: { date: '2026-11-20', time: '16:05', for_a_place: true },
  });
  write(take('yes'), 'p-scritta', {
    waits: true,
    wishes: [full('2026-11-26', '09:30'), thursdays],
    never: { weekdays: [2], dates: ['2026-12-10', '2026-12-24'] },
  });
  write(take('from'), 'p-ripresa', { withdrawing: true });
  write(take('from'), 'p-rimandata', { state: 'queued', withdrawing: true });
  const discarded = write(take('yes'), 'p-scartata', { state: 'discarded', withdrawing: true });
  for (const { code } of discarded.tickets) Object.assign(world.byCode.get(code) ?? {}, { draft: null });

  answered('p-risposta', 'closed_ko');
  answered('p-da-giudicare', 'closed_ok');
  needs('p-ritirata', { kind: 'withdrawn' }, {});
  needs('p-occupata', { kind: 'all_taken', nearest: [] }, { wishes: [full('2026-11-26', '09:30'), thursdays] });
  const over = needs('p-finita', { kind: 'all_taken', nearest: [slotAt('2026-11-26', '11:00')] }, { waits: true });
  over.wishes = [full('2026-11-19', '09:30')];
  over.missing = [{ kind: 'past_wish', index: 0 }];
}
