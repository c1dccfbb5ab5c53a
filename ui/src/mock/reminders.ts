import type { MessageView, ReminderRow, ReminderView } from '../ipc/types';
import { plusDays, today, weekday } from './calendar';
import type { MockTicket, World } from './world';

/** What Rust does for the program: here without holidays. */
function workingDaysAfter(date: string, count: number): string {
  let [day, left] = [date, count];
  while (left > 0) {
    day = plusDays(day, 1);
    if (weekday(day) < 6) left -= 1;
  }
  return day;
}

/** S5, for the invented data. */
export function reminderOf(world: World, ticket: MockTicket): ReminderView {
  if (ticket.status === 'withdrawn') return { answer: 'no', obstacle: 'withdrawn' };
  if (ticket.status.startsWith('closed')) return { answer: 'no', obstacle: 'closed' };
  const reminded = world.reminded.get(ticket.code);
  const counts_from = reminded?.date ?? ticket.opened;
  const director_from = plusDays(workingDaysAfter(ticket.opened, 20), 1);
  const promise = {
    counts_from,
    reminded: reminded !== undefined,
    reminder_from: plusDays(workingDaysAfter(counts_from, 5), 1),
    director_from,
    director: today >= director_from,
  };
  return { answer: today >= promise.reminder_from ? 'yes' : 'from', promise };
}

/** The entry of the conversation. */
export function reminderMessage(world: World, code: string): MessageView[] {
  const reminded = world.reminded.get(code);
  if (!reminded) return [];
  const { date, words } = reminded;
  return [{ author: 'studio', date, time: '09:41', text: words, status: null, files: [], reminder: true }];
}

/** Arrives at once, or waits for the network. */
export function remind(world: World, ticket: MockTicket, words: string): void {
  world.reminders.delete(ticket.code);
  if (world.offline) world.reminders.set(ticket.code, waiting(ticket, words));
  else world.reminded.set(ticket.code, { date: today, words });
}

const waiting = (ticket: MockTicket, words: string): ReminderRow => ({
  ticket: ticket.code,
  company_name: ticket.company.name,
  words,
  state: 'queued',
  can_recall: true,
  last_attempt: null,
  next_attempt: null,
  failures: 0,
  refusal: null,
});

/** A reminder in every state: in the queue, perhaps arrived, answered meanwhile, too long. */
export function seedReminders(world: World): void {
  const open = world.tickets.filter((one) => !one.draft && reminderOf(world, one).answer === 'yes');
  const put = (what: Partial<ReminderRow>, words = '') => {
    const ticket = open.shift();
    if (!ticket) throw new Error('no ticket');
    world.reminders.set(ticket.code, { ...waiting(ticket, words), ...what });
  };
  put({}, 'La scadenza è il 30 novembre: serve almeno un cenno entro venerdì.');
  const tried = { last_attempt: '2026-11-23T08:12:00Z', next_attempt: '2026-11-23T08:45:00Z', failures: 2 };
  put({ can_recall: false, ...tried });
  const refused = { state: 'refused', can_recall: false, last_attempt: '2026-11-23T08:12:00Z' } as const;
  put({ ...refused, refusal: { kind: 'not_due', reminder: { answer: 'no', obstacle: 'closed' } } });
  put({ ...refused, refusal: { kind: 'too_long', max: 500 } }, 'Si sollecita un riscontro.');
}
