import type { DraftDetail, TicketDetail } from '../../ipc/types';
import { t } from '../../text';
import { list } from '../../text/format';

/** Half an hour after a clock time of the same day; nothing for what is none, or for the last half hour. */
export function halfAnHourLater(time: string): string | null {
  const found = /^(\d{2}):(\d{2})$/.exec(time);
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]) + 30;
  if (minutes >= 24 * 60) return null;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Something that is typed on the portal. */
export type CardField = { name: string; value: string };

/** What is handed over to whoever books on the portal, in the order in which it is asked there; what is empty is left out. */
export function cardFields(draft: DraftDetail, tickets: readonly TicketDetail[]): CardField[] {
  const names = t.portal.booking.fields;
  const once = (values: (string | undefined)[]) => list([...new Set(values.filter((value) => value))] as string[]);
  const forms = tickets.map((ticket) => ticket.portal?.form);
  return [
    { name: names.tickets(draft.tickets.length), value: draft.tickets.map(({ code }) => code).join(', ') },
    { name: names.company, value: draft.company_name },
    { name: names.fiscalCode, value: once(forms.map((form) => form?.company)) },
    { name: names.matricola, value: once(tickets.map(({ matricola }) => matricola)) },
    { name: names.subject, value: once(draft.tickets.map(({ topic }) => t.tickets.topic(topic))) },
    { name: names.notes, value: draft.notes },
    { name: names.phone, value: draft.phone },
    { name: names.email, value: draft.email },
    { name: names.wishes, value: draft.wishes.map((wish) => t.booking.wishes.place(wish)).join('; ') },
  ].filter(({ value }) => value !== '');
}
