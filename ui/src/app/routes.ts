import type { BookableFilter, Place } from '../ipc/types';

/** Where one can be. */
export type Route =
  | { room: 'today' }
  | { room: 'tickets'; code?: string; show?: BookableFilter }
  | { room: 'companies'; code?: string }
  | { room: 'booking'; draft: string }
  | { room: 'request'; request: string }
  | { room: 'import' }
  | { room: 'agenda'; id?: string }
  | { room: 'drafts' }
  | { room: 'settings' };

export type Room = Route['room'];

const shown: Record<BookableFilter, string> = {
  any: 'tutte',
  now: 'prenotabili',
  soon: 'tra-poco',
  not: 'non-prenotabili',
};

const withPart = (path: string, part: string | undefined) => (part ? `${path}/${encodeURIComponent(part)}` : path);

/** The address of a room. */
export function href(route: Route): string {
  switch (route.room) {
    case 'today':
      return '#/oggi';
    case 'tickets':
      return withPart('#/richieste', route.code) + (route.show ? `?mostra=${shown[route.show]}` : '');
    case 'companies':
      return withPart('#/aziende', route.code);
    case 'booking':
      return withPart('#/prenotazione', route.draft);
    case 'request':
      return withPart('#/nuova-richiesta', route.request);
    case 'import':
      return '#/importa';
    case 'agenda':
      return withPart('#/agenda', route.id);
    case 'drafts':
      return '#/bozze';
    case 'settings':
      return '#/impostazioni';
  }
}

function decoded(part: string | undefined): string | undefined {
  if (!part) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** The room of an address; *Oggi* for one that nobody knows. */
export function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name, raw] = path.split('/');
  const part = decoded(raw);
  switch (name) {
    case 'richieste': {
      const wanted = new URLSearchParams(query).get('mostra');
      const show = (Object.keys(shown) as BookableFilter[]).find((key) => shown[key] === wanted);
      return { room: 'tickets', ...(part && { code: part }), ...(show && { show }) };
    }
    case 'aziende':
      return { room: 'companies', ...(part && { code: part }) };
    case 'prenotazione':
      return part ? { room: 'booking', draft: part } : { room: 'drafts' };
    case 'nuova-richiesta':
      return part ? { room: 'request', request: part } : { room: 'drafts' };
    case 'importa':
      return { room: 'import' };
    case 'agenda':
      return { room: 'agenda', ...(part && { id: part }) };
    case 'bozze':
      return { room: 'drafts' };
    case 'impostazioni':
      return { room: 'settings' };
    default:
      return { room: 'today' };
  }
}

/** The room of a place that was asked for outside the page. */
export function routeTo(place: Place): Route {
  switch (place.kind) {
    case 'today':
      return { room: 'today' };
    case 'agenda':
      return { room: 'agenda' };
    case 'appointment':
      return { room: 'agenda', id: place.id };
    case 'draft':
      return { room: 'booking', draft: place.id };
  }
}
