import type {
  AuthorView,
  BookableFilter,
  InChargeFilter,
  PointView,
  StatusView,
  TicketSort,
  TopicView,
} from '../../ipc/types';
import { dayFull, dayMonth, dayNumeric, list, number, plural } from '../format';

const statuses: Record<StatusView, string> = {
  open: 'Aperta',
  in_progress: 'In carico',
  closed_ok: 'Chiusa OK',
  closed_ko: 'Chiusa KO',
  withdrawn: 'Ritirata',
};

const chips: Record<BookableFilter, string> = {
  now: 'Prenotabili',
  soon: 'Tra poco',
  not: 'Non ora',
  any: 'Tutte',
};

const columns: Record<TicketSort | 'waiting' | 'in_charge', { text: string; name: string }> = {
  code: { text: 'Codice', name: 'Codice' },
  company: { text: 'Azienda', name: 'Azienda' },
  topic: { text: 'Argomento', name: 'Argomento' },
  opened: { text: 'Aperta', name: 'Data di apertura' },
  waiting: { text: 'Gg', name: 'Giacenza in giorni' },
  status: { text: 'Stato', name: 'Stato' },
  bookable: { text: 'Prenotabile', name: 'Prenotabile' },
  in_charge: { text: 'Chi', name: 'In carico a' },
};

const authors: Record<AuthorView, (sede: string) => string> = {
  studio: () => 'Studio',
  sede: (sede) => (sede ? `Sede di ${sede}` : 'Sede'),
};

/** *chiusa OK*: only the first letter. */
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

const path = ({ area, subject, detail }: TopicView) => [area, subject, detail].filter(Boolean).join(' › ');

export const tickets = {
  title: 'Richieste',
  summary: (any: number, now: number) => `${number(any)} · ${plural(now, 'prenotabile', 'prenotabili')}`,
  statuses,
  status: (status: StatusView) => statuses[status],
  topic: path,
  /** Without the area, where room is short. */
  topicShort: ({ area, subject, detail }: TopicView) => [subject || area, detail].filter(Boolean).join(' › '),
  filters: {
    label: 'Filtri',
    byBookable: 'Prenotabilità',
    chip: (filter: BookableFilter, count: number | undefined) =>
      count === undefined ? chips[filter] : `${chips[filter]} ${number(count)}`,
    /** Heard after *Non ora*, which is short to leave room. */
    notBookable: ' prenotabili',
    status: (chosen: readonly StatusView[]) =>
      chosen.length === 0 ? 'Stato' : `Stato: ${list(chosen.map((one) => lower(statuses[one])))}`,
    statusPanel: 'Scegli gli stati',
    allStatuses: 'Tutti gli stati',
    company: (name: string | null) => name ?? 'Azienda',
    companyPanel: 'Scegli un’azienda',
    companySearch: 'Nome, codice fiscale o matricola',
    allCompanies: 'Tutte le aziende',
    noCompany: 'Nessuna azienda con queste parole.',
    moreCompanies: (n: number) => `e altre ${number(n)}: scrivi qualche lettera in più`,
    topic: (label: string | null) => label ?? 'Argomento',
    topicPanel: 'Scegli un argomento',
    allTopics: 'Tutti gli argomenti',
    expand: (name: string) => `Mostra che cosa c’è in ${name}`,
    collapse: (name: string) => `Nascondi che cosa c’è in ${name}`,
    dates(from: string | null, to: string | null): string {
      if (from && to) return `Aperte ${dayMonth(from)} – ${dayMonth(to)}`;
      if (from) return `Aperte dal ${dayNumeric(from)}`;
      if (to) return `Aperte fino al ${dayNumeric(to)}`;
      return 'Date';
    },
    datesPanel: 'Scegli le date di apertura',
    openedFrom: 'Aperte dal',
    openedTo: 'fino al',
    anyDate: 'Qualsiasi data',
    /** Beside the state *In carico*, which is the sede's: this one says to whom. */
    inCharge(chosen: InChargeFilter | null, said: (name: string) => string): string {
      if (chosen === null) return 'In carico';
      return chosen.by === 'nobody' ? 'In carico: nessuno' : `In carico: ${said(chosen.name)}`;
    },
    inChargePanel: 'Scegli chi le ha in carico',
    toMe: 'a me',
    toMeNamed: (name: string) => `A me · ${name}`,
    anyInCharge: 'Di chiunque',
    search: (text: string) => `Ricerca: «${text}»`,
    removeSearch: (text: string) => `Togli la ricerca «${text}»`,
    clear: 'Togli i filtri',
  },
  columns,
  select: (code: string) => `Seleziona ${code}`,
  selectColumn: 'Selezione',
  selected: (n: number) => plural(n, 'selezionata', 'selezionate'),
  unselect: 'Togli la selezione',
  readingRow: 'Lettura…',
  listed: (n: number) => plural(n, 'richiesta in elenco', 'richieste in elenco'),
  tooMany: (max: number) => `Si possono selezionare al massimo ${number(max)} righe di seguito.`,
  none: {
    title: 'Nessuna richiesta con questi filtri.',
    text: 'Togline qualcuno, o cerca con altre parole.',
    emptyTitle: 'Non c’è ancora nessuna richiesta.',
    importText: 'Importa un elenco dal portale INPS: un file, o una tabella copiata dalla pagina.',
    emptyText: 'Le richieste dello studio compaiono qui appena la sede le trasmette.',
  },
  pane: 'Richiesta aperta',
  choose: {
    title: 'Apri una richiesta',
    text: 'Con Invio o con un clic: qui si leggono la conversazione, il motivo e il primo posto libero.',
    portalText: 'Con Invio o con un clic: qui si legge se è prenotabile, da quando e perché.',
  },
  detail: {
    line: (code: string, sede: string) => (sede ? `${code} · Sede di ${sede}` : code),
    matricola: (matricola: string, opened: string, status: StatusView) =>
      `Matricola ${matricola} · ${status === 'open' ? '' : `${lower(statuses[status])}, `}aperta ${opened}`,
    close: 'Chiudi la richiesta',
    topic: 'Argomento',
    point: 'Punto',
    noPoint: 'nessuno risponde su questo argomento',
    pointLine: ({ name, place }: PointView) => [name, place].filter(Boolean).join(', '),
    firstFree: 'Primo posto',
    noFree: 'nessuno libero per ora',
    rule: 'La regola',
    conversation: 'Conversazione',
    author: (author: AuthorView, sede: string) => authors[author](sede),
    setStatus: (status: StatusView) => `Stato: ${lower(statuses[status])}`,
    files: (names: readonly string[]) => `${plural(names.length, 'file', 'file')} · ${list(names)}`,
    history: 'Appuntamenti di questa richiesta',
    companions: 'Si possono prenotare insieme',
    companionsHint: 'Stessa azienda, stesso punto: un solo appuntamento.',
    moreCompanions: (n: number) => `Altre ${number(n)} nella pagina dell’azienda`,
    openCompany: (name: string) => `Apri ${name} in Aziende`,
  },
  reply: {
    question: 'La risposta è soddisfacente ed esaustiva?',
    yes: 'Sì, soddisfacente',
    no: 'Risposta non soddisfacente: prenota',
    noInDraft: 'Non soddisfacente: vai alla bozza',
    saved: 'Giudizio registrato: risposta soddisfacente.',
    restored: 'Il giudizio è stato tolto.',
    judged: 'Lo studio giudica la risposta soddisfacente.',
    withdraw: 'Togli il giudizio',
  },
};

/** The offer of an appointment, the same wherever tickets are chosen. */
export const offer = {
  book: (n: number) => (n > 1 ? `Prenota appuntamento · ${number(n)} richieste` : 'Prenota appuntamento'),
  prepare: (n: number) => (n > 1 ? `Prepara prenotazione · ${number(n)} richieste` : 'Prepara prenotazione'),
  leaves: (date: string) => `invio automatico da ${dayFull(date)}`,
  notAll: (codes: readonly string[]) => `${list(codes)}: non ancora prenotabile.`,
  openDraft: 'Apri la bozza',
  inDraftLine: 'Una bozza dello studio tiene già questa richiesta.',
  openAppointment: 'Apri l’appuntamento',
  samePoint: (codes: readonly string[]) =>
    codes.length === 1
      ? `${codes[0]} porta allo stesso punto: un solo appuntamento.`
      : `${list(codes)} portano allo stesso punto: un solo appuntamento.`,
  point: ({ name, place }: PointView) => [name, place].filter(Boolean).join(', '),
  several: (n: number) =>
    `Le richieste portano a ${number(n)} punti diversi: serve un appuntamento per ciascuno. Prepara il primo; gli altri restano qui.`,
  nth: (n: number) => `${number(n)}º appuntamento`,
  codes: (codes: readonly string[]) => list(codes),
  leftOut: 'Restano fuori',
  leftOutLine: (code: string, reason: string) => `${code}. ${reason}`,
  leftOutDraft: (code: string) => `${code} è già in una bozza.`,
  prepared: (n: number) => (n > 1 ? `Bozza pronta con ${number(n)} richieste.` : 'Bozza pronta.'),
};
