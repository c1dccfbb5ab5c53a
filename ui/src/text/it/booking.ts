import type { Due, FileKindView, FileRefusal, Missing, NeverView, SlotView, WishView } from '../../ipc/types';
import {
  atClock,
  capital,
  monthName,
  weekdayName,
  clock,
  dayFull,
  dayLong,
  dayShort,
  list,
  number,
  ordinal,
  plural,
  size,
  slotLong,
  slotShort,
} from '../format';
import { rules } from './rules';

type Pattern = Extract<WishView, { kind: 'pattern' }>;

/** Where the morning ends, for the words *mattina* and *pomeriggio*. */
const NOON = '13:00';

const wishPlace = (wish: WishView) => (wish.kind === 'slot' ? slotShort(wish) : patternText(wish));

/** *qualsiasi giovedì mattina*, *qualsiasi martedì o giovedì, dalle 9:00 alle 11:00* */
function patternText({ weekdays, from, to }: Pattern): string {
  const names = weekdays.map(weekdayName);
  const last = names.pop();
  const any = last ? `qualsiasi ${names.length > 0 ? `${names.join(', ')} o ` : ''}${last}` : 'qualsiasi giorno';
  if (from === null && to === null) return any;
  const joint = weekdays.length === 1 ? ' ' : ', di ';
  if (from === null && to === NOON) return `${any}${joint}mattina`;
  if (from === NOON && to === null) return `${any}${joint}pomeriggio`;
  if (from === null) return `${any}, entro le ${clock(to ?? '')}`;
  if (to === null) return `${any}, dalle ${clock(from)} in poi`;
  return `${any}, dalle ${clock(from)} alle ${clock(to)}`;
}

const places = (free: number) => plural(free, 'posto', 'posti');

const kinds: Record<FileKindView, string> = { pdf: 'PDF', jpeg: 'JPEG', png: 'PNG', tiff: 'TIFF' };

const refusals: { [K in FileRefusal['kind']]: (refusal: Extract<FileRefusal, { kind: K }>) => string } = {
  too_many: ({ max }) => `è uno di troppo: se ne possono allegare ${number(max)}.`,
  too_large: ({ bytes, max }) => `pesa ${size(bytes)}, il limite è ${size(max)}.`,
  wrong_kind: () => 'non è un PDF, JPEG, PNG o TIFF: conta il contenuto, non il nome.',
  empty: () => 'è vuoto.',
  already_there: () => 'è già tra gli allegati.',
  unreadable: () => 'non si riesce a leggere: forse è aperto in un altro programma, o manca il permesso.',
  folder: () => 'è una cartella: scegli i file che contiene.',
  no_room: () => 'non ci sta: il disco di questo computer è pieno.',
};

const missing: { [K in Missing['kind']]: (missing: Extract<Missing, { kind: K }>) => string } = {
  wish: () => 'Scegli almeno un posto, o aggiungi una preferenza.',
  contact: () => 'Scrivi un telefono o un indirizzo e-mail.',
  bad_phone: () => 'Il telefono non sembra un numero: servono almeno le cifre.',
  bad_email: () => 'L’indirizzo e-mail non è completo.',
  notes_unreadable: () => 'Nelle note c’è un carattere che non si può trasmettere: riscrivile.',
  notes_too_long: ({ length, max }) => `Le note superano il limite: ${number(length)} caratteri su ${number(max)}.`,
  attachments: () => 'Gli allegati superano il numero o la dimensione che la sede accetta: togline qualcuno.',
  ticket: ({ code, bookable }) => `${code} · ${rules.explain(bookable).reason}`,
  delegation: ({ matricola }) => `Manca una delega attiva per la matricola ${matricola}.`,
  past_wish: ({ index }) => `La ${ordinal(index + 1)} scelta è già passata: toglila o cambiala.`,
  unsuitable_wish: ({ index }) =>
    `La ${ordinal(index + 1)} scelta cade in un giorno che hai detto che non va mai: cambia l’una o l’altro.`,
  appointment: () => 'L’appuntamento è iniziato o si è concluso: non si può più modificare.',
  difference: () => 'Non c’è ancora niente di diverso: scegli un altro posto, o cambia note, contatto o allegati.',
};

export const booking = {
  title: (company: string) => `Prenotazione · ${company}`,
  opening: 'Apertura della bozza…',
  failed: 'La bozza non si è aperta',
  toDrafts: 'Vai a Bozze e invii',
  retry: 'Riprova',

  steps: {
    label: 'Passi della prenotazione',
    names: ['Richieste', 'Quando', 'Note e allegati'],
    back: 'Indietro',
    complete: 'completo',
    lacking: 'manca qualcosa',
  },

  save: {
    saved: (time: string) => `Salvata ${atClock(time)}`,
    saving: 'Salvataggio…',
    failed: 'Non salvata',
    kept: 'Quello che hai scritto resta qui.',
    retry: 'Salva di nuovo',
    leftUnsaved: (company: string) => `La bozza per ${company} non è ancora salvata.`,
    reopen: 'Riapri la bozza',
    taken: 'La bozza è cambiata da un’altra parte: vedi la versione più recente, con le tue modifiche.',
  },

  discard: {
    action: 'Scarta',
    done: (company: string) => `Bozza per ${company} scartata.`,
  },

  tickets: {
    title: (n: number) =>
      n === 1 ? 'La richiesta da discutere' : `Le ${number(n)} richieste da discutere, in un solo appuntamento`,
    open: (code: string) => `Apri la richiesta ${code}`,
    topic: 'Argomento',
    why: 'Perché si può prenotare',
    fixed: 'L’argomento viene dalla richiesta e non si cambia.',
    pointTitle: 'Dove',
    pointFixed:
      'Il punto di consulenza viene dall’argomento e dalla sede della posizione, e non si cambia. Richieste che portano allo stesso punto stanno nello stesso appuntamento.',
    sede: (name: string) => `Sede di ${name}`,
  },

  summary: {
    title: 'Cosa si prenota',
    fixed: 'Argomento e punto vengono dalle richieste e non si cambiano.',
  },

  board: {
    title: (point: string, place: string) => `${point} · ${place}`,
    fixed: 'il punto segue dall’argomento',
    label: (from: string, to: string) => `Posti da ${dayLong(from)} a ${dayLong(to)}`,
    range: (from: string, to: string) => `${dayNoWeekday(from)} – ${dayNoWeekday(to)}`,
    previous: 'Giorni precedenti',
    next: 'Giorni seguenti',
    readTime: (text: string) => `Posti letti ${boardTime(text)}`,
    never: 'Posti non ancora letti dalla sede',
    offline: 'non collegato: possono essere cambiati',
    time: 'Ora',
    closed: (why: string) => `${why} · chiuso`,
    choice: (rank: number) => `${ordinal(rank)} scelta`,
    places,
    full: 'pieno',
    begun: 'passato',
    fullWhy: 'Questo posto è pieno: scegline un altro, o aggiungi una preferenza.',
    fullWait: 'Questo posto è pieno: scegline un altro, oppure segna sotto le scelte che aspetti un posto.',
    fullWaits: 'Adesso è pieno: se lo scegli, aspetti che si liberi.',
    begunWhy: 'Questo orario è già passato.',
    unsuitable: 'non va mai',
    unsuitableWhy: 'È tra i giorni che non vanno mai: per sceglierlo, toglilo da quelli.',
    slot: (slot: SlotView, words: string) => `${dayFull(slot.date)}, ${clock(slot.time)}: ${words}`,
    chosenPlaces: (rank: number, free: number, begun: boolean) =>
      `${ordinal(rank)} scelta, ${begun ? 'già passato' : free === 0 ? 'ora pieno' : places(free)}`,
    added: (slot: SlotView, rank: number) => `${slotLong(slot)}: ${ordinal(rank)} scelta`,
    removed: (slot: SlotView) => `${slotLong(slot)}: tolto dalle scelte`,
    keys: 'Frecce per muoversi, Invio o Spazio per scegliere o togliere, Pag su e Pag giù per altri giorni.',
    none: 'In questi giorni il punto non apre',
    noneText: 'Guarda più avanti, oppure aggiungi una preferenza: vale anche per i giorni che ancora non si vedono.',
    failed: 'I posti non si sono potuti leggere',
    failedText: 'La bozza è salva, e si può aggiungere una preferenza senza vederli.',
    reading: 'Lettura dei posti…',
    dayMonth: (date: string) => monthOf(date),
  },

  wishes: {
    title: 'Le scelte, in ordine',
    empty: 'Scegli un posto a sinistra: il primo scelto è la 1ª scelta.',
    rule: 'Viene assegnata la prima ancora libera.',
    place: wishPlace,
    until: (date: string) => `entro il ${dayNoWeekdayLong(date)}`,
    noUntil: 'senza limite di data',
    free: (free: number | null) => (free === null ? 'posti non letti' : free === 0 ? 'ora pieno' : places(free)),
    past: 'già passato: toglilo',
    unsuitable: 'in un giorno che non va mai',
    up: (place: string) => `Sposta più in alto: ${place}`,
    down: (place: string) => `Sposta più in basso: ${place}`,
    remove: (place: string) => `Togli: ${place}`,
    drag: 'Trascina per cambiare l’ordine',
    moved: (place: string, rank: number) => `${place}: ora è la ${ordinal(rank)} scelta`,
    removed: (place: string) => `${place}: tolto dalle scelte`,
    keys: 'Alt e freccia su o giù cambia l’ordine, Canc toglie.',
    rank: (rank: number) => `${ordinal(rank)} scelta`,
  },

  waits: {
    label: 'Se nessuna di queste scelte è libera, aspetta il primo posto che si libera',
    how(wishes: readonly WishView[]): string {
      const endless = wishes.some((wish) => wish.kind === 'pattern' && wish.until === null);
      return `Chi aspetta da più tempo viene prima. ${
        endless
          ? 'Una scelta è senza limite di data: l’attesa dura finché si libera un posto o la interrompi.'
          : 'L’attesa finisce quando è passata l’ultima scelta; la puoi interrompere quando vuoi.'
      }`;
    },
    full: 'Adesso puoi scegliere anche i posti pieni.',
    then: 'Se nessuna delle scelte è libera, aspetta il primo posto che si libera.',
  },

  never: {
    title: 'Giorni che non vanno mai:',
    none: 'nessuno',
    said({ weekdays, dates }: NeverView): string {
      const days = list(dates.map(dayLong));
      if (weekdays.length === 0) return `non ${days}`;
      const never = `mai di ${list(weekdays.map(weekdayName))}`;
      return dates.length === 0 ? never : `${never}, né ${days}`;
    },
    add: 'Indica un giorno',
    change: 'Cambia',
    date: 'O un giorno preciso',
    pick: 'Scegli il giorno…',
    added: (date: string) => `${dayLong(date)}: non va mai`,
    remove: (date: string) => `Togli ${dayLong(date)}`,
    removed: (date: string) => `${dayLong(date)}: va di nuovo bene`,
  },

  pattern: {
    open: 'Aggiungi una preferenza',
    title: 'Una preferenza al posto di un orario preciso',
    days: 'Giorni',
    anyDay: 'Nessun giorno scelto: va bene qualsiasi giorno.',
    opens: (weekdays: number[]) => `Il punto apre ${list(weekdays.map(weekdayName))}.`,
    weekday: (weekday: number) => weekdayName(weekday).slice(0, 3),
    weekdayFull: weekdayName,
    band: 'Orario',
    bands: { day: 'tutto il giorno', morning: 'mattina', afternoon: 'pomeriggio', hours: 'scelgo io' },
    from: 'Dalle',
    to: 'Alle',
    until: 'Entro',
    noUntil: 'senza limite di data',
    untilDay: (date: string) => dayLong(date),
    untilMonth: (date: string) => capital(monthName(date, true)),
    wrongHours: 'La fine viene prima dell’inizio.',
    add: 'Aggiungi',
    close: 'Chiudi',
    added: (pattern: Pattern, rank: number) => `${patternText(pattern)}: ${ordinal(rank)} scelta`,
    there: 'Questa preferenza c’è già.',
    noon: NOON,
  },

  extras: {
    notesTitle: 'Note per la sede',
    notesHint: 'Brevi: che cosa si vuole chiarire all’incontro.',
    contactTitle: 'Chi contattare',
    contactHint: 'Basta uno dei due.',
    phone: 'Telefono',
    email: 'E-mail',
  },

  files: {
    title: 'Allegati',
    limits: (max: number, bytes: number) =>
      `Fino a ${number(max)} file PDF, JPEG, PNG o TIFF, ciascuno fino a ${size(bytes)}.`,
    pick: 'Scegli file…',
    full: (max: number) => `Ci sono già ${number(max)} allegati: per aggiungerne un altro, togline uno.`,
    drop: 'oppure trascinali qui',
    hover: 'Lascia qui i file',
    kind: (kind: FileKindView) => kinds[kind],
    about: (kind: FileKindView, bytes: number) => `${kinds[kind]} · ${size(bytes)}`,
    open: 'Apri',
    openNamed: (name: string) => `Apri ${name}`,
    remove: 'Togli',
    removeNamed: (name: string) => `Togli ${name}`,
    removed: (name: string) => `Tolto ${name}.`,
    added: (n: number) => (n === 1 ? '1 file aggiunto.' : `${number(n)} file aggiunti.`),
    none: 'Nessun file allegato.',
    copying: 'Copia dei file',
    copied: (done: number, total: number) =>
      total > 0 ? `${size(done * 1024)} di ${size(total * 1024)}` : 'copia in corso…',
    refusedTitle: (n: number) =>
      n === 1 ? 'Un file non è stato aggiunto' : `${number(n)} file non sono stati aggiunti`,
    refused: (refusal: FileRefusal): string => (refusals[refusal.kind] as (refusal: FileRefusal) => string)(refusal),
    refusedClose: 'Ho letto',
  },

  send: {
    title: 'Prima di inviare',
    ready: 'C’è tutto.',
    lacks: 'Ancora da sistemare:',
    goTo: (step: string) => `vai a ${step}`,
    now: 'Invia ora',
    on: (date: string) => `Invia: partirà ${dayFull(date)}`,
    never: 'Invia',
    neverWhy: 'Così non può partire: una richiesta non è prenotabile e non si sa da quando.',
    what(due: Due): string {
      switch (due.kind) {
        case 'now':
          return 'Parte subito; se non c’è rete, appena torna. Se la prima scelta non è più libera si prova con la seconda, e così via.';
        case 'on':
          return `Le richieste diventano prenotabili ${dayFull(due.date)}. Appena c’è rete la prenotazione viene depositata presso la sede, e quel giorno parte da sola, anche a computer spento.`;
        case 'never':
          return 'Una richiesta non è prenotabile e non si sa da quando lo sarà.';
      }
    },
    keys: 'Ctrl Invio',
    missing: (one: Missing): string => (missing[one.kind] as (one: Missing) => string)(one),
    notYet: 'Non ancora inviata: manca qualcosa.',
    notSaved: 'Non inviata: l’ultima modifica non è ancora salvata.',
  },

  outcome: {
    queued: 'In coda',
    queuedNow:
      'La decisione è presa e scritta su questo computer. Parte appena la sede risponde: non serve tenere aperta questa pagina.',
    offline: 'Adesso non c’è collegamento con la sede.',
    failures: (n: number) => plural(n, 'tentativo non è arrivato alla sede', 'tentativi non sono arrivati alla sede'),
    lastTry: (when: string) => `Ultimo tentativo ${when}`,
    nextTry: (when: string) => `prossimo ${when}`,
    retryNow: 'Riprova adesso',
    sending: 'In invio',
    sendingText:
      'La richiesta è partita, la risposta non è ancora arrivata. Un doppione non è possibile, nemmeno se il programma si chiude adesso.',
    booked: 'Appuntamento confermato',
    granted: (rank: number, of: number) =>
      of === 1 ? 'Assegnata la scelta fatta' : `Assegnata la ${ordinal(rank)} scelta su ${number(of)}`,
    code: (code: string) => `Codice ${code}`,
    toAgenda: 'Apri in agenda',
    toTickets: 'Torna alle richieste',
    bookedReading: 'Lettura dell’appuntamento…',
    discarded: 'Bozza scartata',
    discardedText: 'Le sue richieste sono di nuovo libere. La bozza si può ripristinare entro 30 giorni.',
    restore: 'Ripristina',
    recall: 'Riprendi la modifica',
    recalled: 'La bozza è di nuovo in modifica: non parte finché non la invii.',
    attention: 'Serve una decisione',
    nearest: 'I posti liberi più vicini, letti dalla sede',
    nearestHow: 'Scegline uno o più: diventano le nuove scelte, al posto di quelle occupate.',
    sendAgain: 'Invia di nuovo',
    chooseOther: 'Scegli altri posti',
    chooseFirst: 'Scegli prima uno dei posti.',
    wait: 'Aspetta il primo che si libera',
    waitTitle: 'Aspettare un posto',
    waitHow:
      'La prenotazione resta presso la sede e prende il primo posto che si libera fra le scelte che hai fatto. Chi aspetta da più tempo viene prima.',
    waitNot: 'Hai scelto altri posti: invia quelli, oppure toglili per aspettare.',
    waited: 'Ha aspettato un posto finché l’ultima scelta è passata.',
    read: 'Leggi la risposta',
    stillNeeded: 'Sì, serve ancora',
    notNeeded: 'Non serve più',
    lacksTitle: 'Prima di inviarla di nuovo',
    openTicket: (code: string) => `Apri ${code}`,
    asDecided: 'Quello che è stato deciso',
    noWish: 'Nessuna scelta',
    noNotes: 'Nessuna nota',
    notes: 'Note',
    contact: 'Contatto',
    files: 'Allegati',
    choices: 'Scelte',
    what: 'Richieste',
    where: 'Dove',
  },
};

/** *26 nov* */
function dayNoWeekday(date: string): string {
  return dayShort(date).slice(4);
}

/** *18 dicembre* */
function dayNoWeekdayLong(date: string): string {
  return dayLong(date).slice(4);
}

function monthOf(date: string): string {
  return dayLong(date).slice(4).replace(/^\d+ /, '');
}

/** A clock time, with its date before it where that is not today's. */
function boardTime(text: string): string {
  const [first = '', second] = text.split(/[ T]/);
  return second ? `${dayShort(first)} ${atClock(second)}` : atClock(first);
}
