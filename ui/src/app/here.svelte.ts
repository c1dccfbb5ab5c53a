/** The room that the page of a draft belongs to: a booking is made out of tickets, a change out of the agenda. */
export const draftFrom = $state<{ room: 'tickets' | 'agenda' }>({ room: 'tickets' });
