import type { Room } from './routes';

/** How each room is read when it is first entered. */
export const doors: Record<Room, () => Promise<{ default: unknown }>> = {
  today: () => import('../features/today/Today.svelte'),
  tickets: () => import('../features/tickets/Tickets.svelte'),
  companies: () => import('../features/companies/Companies.svelte'),
  booking: () => import('../features/booking/Booking.svelte'),
  request: () => import('../features/request/Request.svelte'),
  import: () => import('../features/import/Import.svelte'),
  agenda: () => import('../features/agenda/Agenda.svelte'),
  drafts: () => import('../features/drafts/Drafts.svelte'),
  settings: () => import('../features/settings/Settings.svelte'),
};
