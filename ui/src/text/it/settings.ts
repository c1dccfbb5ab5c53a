import type { ConnectionState, Theme } from '../../ipc/types';
import { atClock } from '../format';

const themes: Record<Theme, string> = { system: 'Sistema', light: 'Chiaro', dark: 'Scuro' };
const connections: Record<ConnectionState, string> = {
  no_sede: 'Qui si lavora senza una sede: richieste e appuntamenti sono quelli del portale',
  unknown: 'Primo collegamento in corso',
  connected: 'Collegata',
  offline: 'Non raggiungibile: il lavoro continua con i dati già letti',
  incompatible: 'Questa versione del programma è troppo vecchia per la sede',
  not_admitted: 'La sede non riconosce questo computer: chiedile un codice d’invito',
  revoked:
    'La sede ha revocato l’accesso di questo computer. Bozze e note restano qui: con un nuovo codice d’invito si riprende',
  suspended: 'La sede ha sospeso lo studio. Bozze e note restano qui, e partono quando la sospensione finisce',
};

export const settings = {
  title: 'Impostazioni',
  look: 'Aspetto',
  theme: 'Tema',
  themes,
  themeHint: 'Sistema: chiaro o scuro come il resto del computer.',
  contacts: 'Contatti dello studio',
  contactsHint: 'Vanno in ogni bozza nuova, dove si possono cambiare. Le bozze già aperte restano come sono.',
  phone: 'Telefono',
  email: 'E-mail',
  saved: 'Salvato.',
  saving: 'Salvataggio…',
  connection: (state: ConnectionState) => connections[state],
  readAt: (time: string) => `Dati letti ${atClock(time)}`,
  sync: 'Aggiorna adesso',
  synced: 'Dati della sede aggiornati.',
  notSynced: 'La sede non risponde: restano i dati già letti.',
  about: 'Il programma',
  version: (version: string) => `Versione ${version}`,
};
