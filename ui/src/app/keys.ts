import type { Route } from './routes';

/** The rooms of the rail, in order: Alt+1 to Alt+6. */
export const rooms = [
  { room: 'today' },
  { room: 'tickets' },
  { room: 'companies' },
  { room: 'agenda' },
  { room: 'drafts' },
  { room: 'settings' },
] as const satisfies readonly Route[];

/** The room that a key leads to. AltGr (Ctrl and Alt together) writes characters and leads nowhere. */
export function roomOfKey(event: KeyboardEvent): Route | undefined {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  const digit = /^(?:Digit|Numpad)([1-6])$/.exec(event.code)?.[1];
  return digit ? rooms[Number(digit) - 1] : undefined;
}
