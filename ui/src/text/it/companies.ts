import type { DelegationView, StatusView } from '../../ipc/types';
import { tickets } from './tickets';
import { dayNumeric, number, plural } from '../format';

export const companies = {
  title: 'Aziende',
  summary: (n: number) => plural(n, 'azienda', 'aziende'),
  searchLabel: 'Cerca un’azienda',
  searchHint: 'Nome, codice fiscale o matricola',
  list: 'Elenco delle aziende',
  open: (n: number) => plural(n, 'aperta', 'aperte'),
  bookable: (n: number) => plural(n, 'prenotabile', 'prenotabili'),
  positionsCount: (n: number) => plural(n, 'posizione', 'posizioni'),
  none: { title: 'Nessuna azienda con queste parole.', text: 'Prova con meno lettere, o con la matricola.' },
  empty: {
    title: 'Non c’è ancora nessuna azienda.',
    text: 'Le aziende compaiono qui con le loro richieste.',
  },
  choose: {
    title: 'Apri un’azienda',
    text: 'Qui si vedono posizioni e deleghe, e si prenotano insieme le richieste associabili.',
  },
  pane: 'Azienda aperta',
  fiscalCode: (code: string) => `Codice fiscale ${code}`,
  positions: 'Posizioni',
  matricola: (matricola: string, sede: string) => (sede ? `${matricola} · Sede di ${sede}` : matricola),
  delegation(delegation: DelegationView | null): { text: string; tone: 'ok' | 'soon' | 'no' | 'alert' } {
    if (!delegation) return { text: 'Senza delega', tone: 'alert' };
    const { from, until, active } = delegation;
    if (active && until) return { text: `Delega fino al ${dayNumeric(until)}`, tone: 'ok' };
    if (active) return { text: `Delega dal ${dayNumeric(from)}`, tone: 'ok' };
    return until
      ? { text: `Delega finita il ${dayNumeric(until)}`, tone: 'alert' }
      : { text: `Delega dal ${dayNumeric(from)}, non ancora attiva`, tone: 'soon' };
  },
  appointments: 'Appuntamenti confermati',
  tickets: 'Richieste',
  ticketsHint: 'Spunta quelle da portare all’appuntamento.',
  bookableOnly: 'Associabili',
  all: 'Tutte',
  filter: 'Quali richieste',
  noTickets: 'Questa azienda non ha richieste.',
  noBookable: 'Adesso nessuna richiesta è prenotabile. In «Tutte» si legge per ciascuna il motivo.',
  opened: (status: StatusView, date: string) =>
    status === 'open' ? `Aperta ${date}` : `${tickets.status(status)}, aperta ${date}`,
  tick: (code: string) => `Porta ${code} all’appuntamento`,
  ticked: (n: number) =>
    n === 0 ? 'Nessuna richiesta spuntata' : `${plural(n, 'richiesta spuntata', 'richieste spuntate')}`,
  untick: 'Togli le spunte',
  more: (shown: number, total: number) =>
    `Prime ${number(shown)} di ${number(total)}: le altre si trovano in Richieste.`,
  inTickets: 'Apri in Richieste',
  openTicket: (code: string) => `Apri la richiesta ${code}`,
};
