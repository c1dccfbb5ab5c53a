import { parse, href, type Route } from './routes';

/** The room that is shown, kept in the hash of the address. */
class Router {
  route: Route = $state.raw(parse(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.route = parse(location.hash);
    });
  }

  /** Goes to a room; `replace` leaves no step to go back to. */
  go(route: Route, { replace = false } = {}): void {
    const hash = href(route);
    if (hash === location.hash) return;
    if (replace) {
      history.replaceState(null, '', hash);
      this.route = parse(hash);
    } else {
      location.hash = hash;
    }
  }
}

export const router = new Router();
