import { describe, expect, it } from 'vitest';
import { href, parse, routeTo, type Route } from './routes';

describe('addresses', () => {
  const routes: [Route, string][] = [
    [{ room: 'today' }, '#/oggi'],
    [{ room: 'tickets' }, '#/richieste'],
    [{ room: 'tickets', code: 'LU-48213' }, '#/richieste/LU-48213'],
    [{ room: 'tickets', show: 'now' }, '#/richieste?mostra=prenotabili'],
    [{ room: 'companies', code: '01234567890' }, '#/aziende/01234567890'],
    [{ room: 'booking', draft: 'a b/c' }, '#/prenotazione/a%20b%2Fc'],
    [{ room: 'request', request: 'r-1' }, '#/nuova-richiesta/r-1'],
    [{ room: 'agenda' }, '#/agenda'],
    [{ room: 'agenda', id: '7' }, '#/agenda/7'],
    [{ room: 'drafts' }, '#/bozze'],
    [{ room: 'settings' }, '#/impostazioni'],
  ];

  it.each(routes)('%j is %s, there and back', (route, address) => {
    expect(href(route)).toBe(address);
    expect(parse(address)).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/oggi/x'])('leads to Oggi from %j', (address) => {
    expect(parse(address)).toEqual({ room: 'today' });
  });

  it('are those of what a notice is about', () => {
    expect(href(routeTo({ kind: 'appointment', id: 'a-1' }))).toBe('#/agenda/a-1');
    expect(href(routeTo({ kind: 'draft', id: 'd-1' }))).toBe('#/prenotazione/d-1');
    expect(href(routeTo({ kind: 'agenda' }))).toBe('#/agenda');
    expect(href(routeTo({ kind: 'today' }))).toBe('#/oggi');
  });

  it('survives an address that is damaged', () => {
    expect(parse('#/richieste/%E0%A4%A')).toEqual({ room: 'tickets' });
    expect(parse('#/richieste?mostra=altro')).toEqual({ room: 'tickets' });
    expect(parse('#/prenotazione')).toEqual({ room: 'drafts' });
  });
});
