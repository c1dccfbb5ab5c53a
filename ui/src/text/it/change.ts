import type { DraftStateView, EarlierTry, SlotView } from '../../ipc/types';
import { atClock, list, slotShort } from '../format';

const titles: Record<DraftStateView, string> = {
  editing: 'Che cosa cambia',
  queued: 'Che cosa cambia',
  sending: 'Che cosa cambia',
  booked: 'Che cosa è stato chiesto',
  needs_attention: 'Che cosa si voleva cambiare',
  discarded: 'Che cosa si voleva cambiare',
};

/** What is said of a draft that changes an appointment (R14, R17), wherever it is met. */
export const change = {
  title: (code: string, company: string) =>
    `${code ? `Modifica dell’appuntamento ${code}` : 'Modifica di un appuntamento'} · ${company}`,
  /** In a line of a list. */
  of: (code: string, slot: SlotView) =>
    `${code ? `Modifica di ${code}` : 'Modifica di un appuntamento'} · ${slotShort(slot)}`,
  moveTo: (place: string) => `sposta a ${place}`,
  stays: 'stesso giorno e ora',
  saved: (time: string) => `Bozza salvata ${atClock(time)}`,
  toAppointment: 'Apri l’appuntamento',
  over: 'Quello che hai scritto resta qui da leggere e da copiare. Se non serve più, lascia perdere la modifica.',

  /** *Scarta*, where an appointment stays behind. */
  discard: {
    action: 'Lascia perdere la modifica',
    short: 'Lascia perdere',
    done: (company: string) => `Modifica per ${company} lasciata perdere: l’appuntamento resta com’è.`,
    doneUnheard: (company: string) => `Modifica per ${company} lasciata perdere.`,
    state: 'Lasciata perdere',
  },

  /** Of a try that was taken back before there was an answer. */
  earlier: {
    told(what: EarlierTry, state: DraftStateView): { title: string; text: string } | null {
      if (state !== 'editing' && state !== 'discarded') return null;
      const taken = state === 'discarded' ? 'lasciata perdere' : 'ripresa';
      return what === 'unknown'
        ? {
            title: 'La modifica può essere già arrivata alla sede',
            text: `Era partita, e l’hai ${taken} prima della risposta. Al prossimo collegamento l’appuntamento si vede com’è davvero.`,
          }
        : {
            title: 'L’appuntamento intanto è cambiato',
            text:
              state === 'discarded'
                ? 'La modifica era già arrivata alla sede quando l’hai lasciata perdere. Per tornare com’era, modifica di nuovo l’appuntamento.'
                : 'La modifica era già arrivata alla sede quando l’hai ripresa. Qui resta solo quello che è ancora diverso.',
          };
    },
    /** Beside *Ripristina*. */
    unheard: 'Può essere già arrivata: al prossimo collegamento si vede in agenda.',
  },

  tickets: {
    reason: 'Resta nell’appuntamento.',
    rule: 'Era prenotabile quando è stata prenotata: per modificare non deve esserlo di nuovo. Per discutere altre richieste serve un altro appuntamento.',
    pointFixed: 'Il punto di consulenza è quello dell’appuntamento e non si cambia.',
  },

  now: {
    slot: (slot: SlotView) => `Ora: ${slotShort(slot)}.`,
    stays: 'Resta così se non scegli altro.',
    moves: 'Si sposta alla prima scelta ancora libera; se nessuna lo è, resta così.',
    own: 'posto attuale',
    ownWhy: 'È il posto che l’appuntamento ha già: resta questo, se non ne scegli un altro.',
    empty: 'Solo per spostarlo: scegli un posto a sinistra, il primo scelto è la 1ª scelta.',
    rule: 'Viene assegnata la prima ancora libera. Se nessuna lo è non cambia niente, nemmeno il resto.',
  },

  before: {
    label: 'Prima:',
    noNotes: 'nessuna nota',
    noPhone: 'nessun telefono',
    noEmail: 'nessun indirizzo',
    files: (names: string[]) => (names.length === 0 ? 'nessun allegato' : list(names)),
    fileGone: 'Per rimettere un file tolto, aggiungilo di nuovo.',
    restore: 'Ripristina',
    restoreNamed: {
      notes: 'Ripristina le note di prima',
      phone: 'Ripristina il telefono di prima',
      email: 'Ripristina l’indirizzo di prima',
    },
    restored: {
      notes: 'Le note sono di nuovo quelle dell’appuntamento.',
      phone: 'Il telefono è di nuovo quello dell’appuntamento.',
      email: 'L’indirizzo è di nuovo quello dell’appuntamento.',
    },
  },

  summary: {
    title: (state: DraftStateView) => titles[state],
    none: 'Ancora niente: l’appuntamento resta com’è.',
    rest: 'Tutto il resto resta com’è.',
    slot: 'Giorno e ora',
    notes: 'Note',
    phone: 'Telefono',
    email: 'E-mail',
    files: 'Allegati',
    firstFree: 'la prima libera:',
    before: 'prima',
    after: 'dopo',
    now: 'Dopo:',
  },

  send: {
    now: 'Invia la modifica',
    what: 'Parte subito; se non c’è rete, appena torna. Finché la sede non risponde vale l’appuntamento com’è adesso.',
  },

  outcome: {
    queued: 'Modifica in attesa di invio',
    queuedNow:
      'La decisione è presa e scritta su questo computer. Parte appena la sede risponde: non serve tenere aperta questa pagina.',
    sending: 'Modifica in invio',
    sendingText:
      'La modifica è partita, la risposta non è ancora arrivata. Non viene fatta due volte, nemmeno se il programma si chiude adesso.',
    until: (slot: SlotView) => `Fino alla risposta vale l’appuntamento com’è: ${slotShort(slot)}.`,
    done: 'Modifica confermata',
    moved: (before: SlotView) => `Spostato: prima era ${slotShort(before)}`,
    notMoved: 'Giorno e ora non sono cambiati',
    discarded: 'Modifica lasciata perdere',
    discardedText: (mayStand: boolean) =>
      `${mayStand ? '' : 'L’appuntamento resta com’è. '}La modifica si può ripristinare entro 30 giorni.`,
    stays: (slot: SlotView) => `L’appuntamento resta com’era: ${slotShort(slot)}.`,
    overtaken: 'La sede o un collega ha cambiato quello che volevi cambiare anche tu. La modifica non è stata fatta.',
    review: 'Rivedi',
    withoutMoving: 'Invia senza spostare',
    withoutMovingWhy: 'Il resto della modifica parte, giorno e ora restano quelli di adesso.',
    nowTitle: 'Che cosa c’è adesso',
    other: 'cambiato: lo vedi con Rivedi',
    others: 'cambiati: li vedi con Rivedi',
    contact: 'Contatto',
  },
};
