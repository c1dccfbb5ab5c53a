import { Selection } from './selection.svelte';
import { TicketListState } from './ticket-list.svelte';

/** The list and what is chosen in it outlive the room: one comes back to where one was. */
export const list = new TicketListState();
export const selection = new Selection();
