import type { Connection } from '../../ipc/types';
import type { Repair } from '../../ipc/types';
import { atClock, moment, number, ofClock, plural } from '../format';

export const app = {
  name: 'Agenda Sede',
  independent: 'Programma indipendente, non dell’INPS',
  close: 'Chiudi',
  undo: 'Ripristina',
  open: 'Apri',
  retry: 'Riprova',
  reading: 'Lettura in corso…',
  skip: 'Vai al contenuto',
  rail: 'Stanze',
  notices: 'Avvisi',
  rooms: {
    today: 'Oggi',
    tickets: 'Richieste',
    companies: 'Aziende',
    agenda: 'Agenda',
    drafts: 'Bozze e invii',
    settings: 'Impostazioni',
    booking: 'Prenotazione',
    request: 'Nuova richiesta',
    import: 'Importa un elenco',
  },
  badges: {
    today: (n: number) => plural(n, 'cosa aspetta qualcuno', 'cose aspettano qualcuno'),
    drafts: (n: number) => plural(n, 'bozza aperta', 'bozze aperte'),
  },
  search: {
    label: 'Cerca nelle richieste',
    placeholder: 'Cerca per codice, azienda, argomento, conversazione…',
    clear: 'Togli la ricerca',
    key: 'Ctrl K',
  },
  foot: {
    label: 'Collegamento con la sede',
    connection({ state, read_time }: Connection): string {
      switch (state) {
        case 'no_sede':
          return 'Senza una sede, con le richieste del portale';
        case 'unknown':
          return read_time ? `Collegamento in corso · dati ${ofClock(read_time)}` : 'Collegamento in corso';
        case 'connected':
          return read_time ? `Collegato · aggiornato ${atClock(read_time)}` : 'Collegato';
        case 'offline':
          return read_time ? `Non collegato · dati ${ofClock(read_time)}` : 'Non collegato';
        case 'incompatible':
          return read_time
            ? `Aggiornare il programma per collegarsi · dati ${ofClock(read_time)}`
            : 'Aggiornare il programma per collegarsi';
        case 'not_admitted':
          return read_time
            ? `Computer non riconosciuto dalla sede · dati ${ofClock(read_time)}`
            : 'Computer non riconosciuto dalla sede';
        case 'revoked':
          return read_time
            ? `Accesso revocato dalla sede, le bozze restano · dati ${ofClock(read_time)}`
            : 'Accesso revocato dalla sede, le bozze restano';
        case 'suspended':
          return read_time
            ? `Studio sospeso dalla sede, le bozze restano · dati ${ofClock(read_time)}`
            : 'Studio sospeso dalla sede, le bozze restano';
      }
    },
    waiting: (n: number) => `${number(n)} da inviare`,
    leavesWhenConnected: 'partiranno appena c’è rete',
    busy: 'aggiornamento in corso…',
    sync: 'Aggiorna adesso',
    training: 'sede dimostrativa',
  },
  keys: {
    title: 'Tasti',
    open: 'Tasti rapidi',
    groups: [
      {
        title: 'Dappertutto',
        keys: [
          ['Alt 1 … Alt 6', 'va a Oggi, Richieste, Aziende, Agenda, Bozze e invii, Impostazioni'],
          ['Ctrl K', 'cerca nelle richieste'],
          ['F1 oppure ?', 'mostra questi tasti'],
          ['Esc', 'chiude quello che è aperto sopra la pagina'],
        ],
      },
      {
        title: 'Negli elenchi',
        keys: [
          ['↓ dai filtri', 'va all’elenco, anche dalla ricerca'],
          ['↑ ↓', 'riga precedente, riga seguente'],
          ['Pag ↑ Pag ↓', 'una schermata alla volta'],
          ['Inizio Fine', 'prima riga, ultima riga'],
          ['Invio', 'apre la riga'],
          ['Spazio', 'seleziona la riga'],
          ['Maiusc ↑ ↓', 'seleziona più righe di seguito'],
          ['↑ in cima', 'va alle intestazioni, per ordinare'],
          ['Ctrl Invio', 'prenota o prepara quello che è aperto'],
        ],
      },
      {
        title: 'In una prenotazione o in una modifica',
        keys: [
          ['Ctrl 1 … Ctrl 3', 'va a Richieste, Quando, Note e allegati'],
          ['← ↑ → ↓', 'da un posto all’altro'],
          ['Invio, Spazio', 'sceglie un posto, o lo toglie'],
          ['Pag ↑ Pag ↓', 'giorni precedenti, giorni seguenti'],
          ['Alt ↑ ↓', 'sposta una scelta più in alto o più in basso'],
          ['Canc', 'toglie una scelta'],
          ['Ctrl Invio', 'invia'],
        ],
      },
    ],
  },
  counter: (length: number, max: number) =>
    length > max
      ? `${number(length - max)} di troppo (${number(length)} su ${number(max)})`
      : `${number(length)} su ${number(max)}`,
  progress: (done: number, total: number) => (total > 0 ? `${number(done)} di ${number(total)}` : number(done)),
  roomFailed: {
    title: 'Questa pagina non si è aperta.',
    text: 'Quello che è stato scritto è al sicuro. Riprova; se succede ancora, chiudi e riapri il programma.',
  },
  repairs: {
    title: 'All’avvio è stato riparato qualcosa',
    seen: 'Ho letto',
    text(repair: Repair, today: string): string {
      if (repair.kind === 'cache_rebuilt') {
        return 'La copia dei dati della sede era danneggiata: viene riletta da capo. Bozze e appuntamenti non sono toccati.';
      }
      const set = `L’archivio dello studio era danneggiato ed è stato messo da parte, intero, con il nome ${repair.name}.`;
      const back = repair.backup_of
        ? `È tornata la copia di ${moment(repair.backup_of, today)}.`
        : 'Non c’era ancora una copia da cui ripartire.';
      const kept =
        repair.recovered === 0
          ? ''
          : repair.recovered === 1
            ? ' 1 bozza più recente è stata recuperata.'
            : ` ${number(repair.recovered)} bozze più recenti sono state recuperate.`;
      return `${set} ${back}${kept}`;
    },
  },
};
