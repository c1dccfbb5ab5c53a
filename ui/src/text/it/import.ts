import type {
  ChangedField,
  FieldView,
  FormatView,
  ImportCounts,
  ImportFilter,
  ReasonView,
  RowFault,
  RowOutcomeView,
  UnreadableView,
} from '../../ipc/types';
import { list, number, plural } from '../format';

/** What a column can stand for. */
const fields: Record<FieldView, string> = {
  code: 'Codice della richiesta',
  matricola: 'Matricola',
  company: 'Codice fiscale dell’azienda',
  company_name: 'Nome dell’azienda',
  sede: 'Sede',
  subject_area: 'Argomento, primo livello',
  subject: 'Argomento',
  subject_detail: 'Argomento, terzo livello',
  opened_on: 'Data di apertura',
  reopened_on: 'Data di riapertura',
  state: 'Stato',
  outcome: 'Esito',
  closed_on: 'Data di chiusura',
  updated_on: 'Data di ultimo aggiornamento',
  request: 'Testo della richiesta',
  reply: 'Risposta della sede',
};

const changed: Record<ChangedField, string> = {
  company: 'codice fiscale',
  company_name: 'nome dell’azienda',
  sede: 'sede',
  subject: 'argomento',
  opened_on: 'data di apertura',
  status: 'stato',
  request: 'testo della richiesta',
  reply: 'risposta',
};

const unreadable: Record<UnreadableView, { what: string; next: string }> = {
  not_readable: {
    what: 'Il file non si riesce a leggere dal disco.',
    next: 'Forse è aperto in un altro programma, o manca il permesso: chiudilo e riprova.',
  },
  empty: { what: 'Non c’è scritto niente.', next: 'Controlla di aver scelto, o copiato, quello giusto.' },
  too_large: {
    what: 'Il file è troppo grande per un elenco.',
    next: 'Dividilo in più file e importali uno dopo l’altro.',
  },
  too_many_rows: { what: 'L’elenco ha troppe righe.', next: 'Dividilo in più file e importali uno dopo l’altro.' },
  too_wide: {
    what: 'L’elenco ha troppe colonne o troppo testo.',
    next: 'Tieni solo le colonne che servono e riprova.',
  },
  not_a_file: { what: 'È una cartella, non un file.', next: 'Scegli il file che contiene l’elenco.' },
  pdf: {
    what: 'È un PDF: da lì le righe non si leggono con certezza.',
    next: 'Esporta l’elenco in Excel o CSV, oppure copia la tabella dalla pagina del portale e incollala qui.',
  },
  picture: {
    what: 'È un’immagine: da lì le righe non si leggono.',
    next: 'Copia la tabella dalla pagina del portale e incollala qui.',
  },
  archive: { what: 'È un archivio compresso.', next: 'Estrai il file con l’elenco e scegli quello.' },
  office_document: {
    what: 'È un documento, non un foglio di calcolo.',
    next: 'Copia la tabella e incollala qui, oppure salvala come Excel o CSV.',
  },
  encrypted: {
    what: 'Il file è protetto da una parola d’ordine.',
    next: 'Salvane una copia senza protezione e scegli quella.',
  },
  other_workbook: {
    what: 'È un foglio di calcolo in un formato che non si legge.',
    next: 'Salvalo come .xlsx o .csv e riprova.',
  },
  damaged: { what: 'Il file è danneggiato.', next: 'Aprilo con il suo programma, salvalo di nuovo e riprova.' },
  binary: { what: 'Non è né un foglio di calcolo né un testo.', next: 'Scegli un file CSV, Excel o LibreOffice.' },
  no_table: {
    what: 'Non c’è nessuna tabella.',
    next: 'Serve una riga con i nomi delle colonne e sotto una riga per richiesta.',
  },
  no_header: {
    what: 'Nessuna riga porta i nomi delle colonne di un elenco di richieste.',
    next: 'Servono almeno codice, matricola, argomento, data di apertura e stato.',
  },
};

const reasons: { [K in ReasonView['kind']]: (reason: Extract<ReasonView, { kind: K }>) => string } = {
  missing: () => 'manca',
  malformed: () => 'non ha la forma giusta',
  rounded: () => 'il foglio di calcolo l’ha arrotondato: le ultime cifre sono perse',
  failed_formula: () => 'la formula nella cella non ha dato un valore',
  no_such_day: () => 'non è una data',
  day_or_month: () => 'giorno o mese? Altre date della colonna hanno prima il mese: scrivi il mese in lettere',
  opened_in_future: () => 'è una data che deve ancora venire',
  closed_in_future: () => 'è una data che deve ancora venire',
  closed_before_opened: () => 'viene prima dell’apertura',
  unknown_state: () => 'è una parola che non si conosce: dille tu che cosa vuol dire, più sopra',
  unknown_outcome: () => 'è una parola che non si conosce',
  other_outcome: () => 'non va d’accordo con lo stato',
  duplicate_code: ({ row }) =>
    row > 0
      ? `la riga ${number(row)} ha lo stesso codice e dice altro`
      : 'un’altra riga ha lo stesso codice e dice altro',
  too_long: ({ most }) => `è più lungo di ${number(most)} caratteri`,
  at_the_sede: () => 'questa richiesta la trasmette già la sede: vale quello che dice la sede',
  other_position: () => 'con questo codice c’è già una richiesta di un’altra matricola',
  older: () => 'racconta uno stato più vecchio di quello che c’è già',
};

const reason = (view: ReasonView) => (reasons[view.kind] as (view: ReasonView) => string)(view);

function fault({ field, found, reason: why }: RowFault): string {
  const what = field ? fields[field] : '';
  const said = found ? `«${found}» ` : '';
  const text = what ? `${what}: ${said}${reason(why)}` : `${said}${reason(why)}`;
  return `${text.charAt(0).toLocaleUpperCase('it-IT')}${text.slice(1)}.`;
}

const filters: Record<ImportFilter, (counts: ImportCounts) => string> = {
  all: ({ new: fresh, changed: other, same, refused }) => `Tutte ${number(fresh + other + same + refused)}`,
  new: (counts) => `Nuove ${number(counts.new)}`,
  changed: (counts) => `Cambiate ${number(counts.changed)}`,
  same: (counts) => `Uguali ${number(counts.same)}`,
  refused: (counts) => `Non prese ${number(counts.refused)}`,
};

const delimiters: Record<string, string> = {
  ';': 'punto e virgola',
  ',': 'virgola',
  '\t': 'tabulazione',
  '|': 'barra',
};

export const importing = {
  title: 'Importa un elenco',
  lead: 'Le richieste che stanno sul portale INPS, da un file o copiate dalla pagina. Restano su questo computer: nessuna sede le riceve da qui.',
  /** Beside the rail, for the document's title. */
  steps: { source: '1 · Elenco', columns: '2 · Colonne', preview: '3 · Anteprima' },
  source: {
    pick: 'Scegli un file…',
    other: 'Scegli un altro file…',
    drop: 'oppure trascinalo qui, o incolla con Ctrl+V una tabella copiata dal portale o da Excel.',
    formats: 'CSV, Excel, LibreOffice, pagine salvate.',
    pasteLabel: 'Tabella incollata',
    pasteOpen: 'Incolla una tabella',
    pasteHint: 'Incolla qui (Ctrl+V): la riga con i nomi delle colonne deve esserci.',
    pasteRead: 'Leggi la tabella',
    over: 'Lascia qui il file',
    reading: 'Lettura dell’elenco',
    pasted: 'Tabella incollata',
    format(view: FormatView): string {
      switch (view.kind) {
        case 'text':
          return `testo separato da ${delimiters[view.delimiter] ?? `«${view.delimiter}»`}`;
        case 'html':
          return 'tabella di una pagina';
        case 'workbook':
          return `foglio di calcolo (.${view.ending})`;
      }
    },
    table: 'Foglio',
    tableName: (name: string, index: number, rows: number) =>
      `${name || `Tabella ${number(index + 1)}`} · ${plural(rows, 'riga', 'righe')}`,
    failed: (name: string) =>
      name ? `${name} non è stato importato` : 'Quello che hai incollato non è stato importato',
    kept: 'Non è cambiato niente.',
    unreadable: (why: UnreadableView) => unreadable[why],
    calledOff: 'Lettura interrotta: non è cambiato niente.',
    dropped: 'Trascina un file alla volta.',
  },
  columns: {
    hint: 'Che cosa c’è in ogni colonna. Quello che non è certo va guardato.',
    remembered: 'Abbinate come l’ultima volta per un elenco con queste colonne.',
    column: 'Colonna',
    stands: 'Contiene',
    examples: 'Per esempio',
    none: '— non serve —',
    unnamed: (letters: string) => `Colonna ${letters}`,
    choose: (title: string) => `Che cosa c’è in ${title}`,
    look: 'da guardare',
    missing: (wanted: readonly FieldView[]) => `Manca ancora: ${list(wanted.map((one) => fields[one].toLowerCase()))}.`,
    missingWhy: 'Senza, una riga non dice di quale richiesta si tratta e come sta.',
    field: (field: FieldView) => fields[field],
    states: 'Parole per lo stato che non si conoscono',
    stateOf: (text: string, rows: number) => `«${text}», in ${plural(rows, 'riga', 'righe')}`,
    stateLabel: (text: string) => `Che cosa vuol dire «${text}»`,
    stateNone: '— scegli —',
    show: 'Mostra le colonne',
    hide: 'Nascondi le colonne',
    matched: (n: number, all: number) => `${number(n)} colonne abbinate su ${number(all)}`,
  },
  preview: {
    label: 'Righe dell’elenco',
    filter: (filter: ImportFilter, counts: ImportCounts) => filters[filter](counts),
    heads: {
      row: 'Riga',
      code: 'Codice',
      company: 'Azienda',
      subject: 'Argomento',
      opened: 'Aperta',
      state: 'Stato',
      comes: 'Che cosa succede',
    },
    asides: (n: number) =>
      `${plural(n, 'riga non è una richiesta', 'righe non sono richieste')} (totali, note): si saltano.`,
    none: 'Nessuna riga di questo tipo.',
    reading: 'Lettura…',
    comes(view: RowOutcomeView): { tone: 'ok' | 'info' | 'no' | 'alert'; tag: string; text: string } {
      switch (view.kind) {
        case 'new':
          return { tone: 'ok', tag: 'Nuova', text: '' };
        case 'changed':
          return { tone: 'info', tag: 'Cambia', text: list(view.fields.map((one) => changed[one])) };
        case 'same':
          return { tone: 'no', tag: 'Uguale', text: '' };
        case 'refused':
          return { tone: 'alert', tag: 'Non presa', text: view.faults.map(fault).join(' ') };
      }
    },
    take: (n: number) => (n === 1 ? 'Importa 1 richiesta' : `Importa ${number(n)} richieste`),
    nothing: 'Non c’è niente di nuovo da importare.',
    taking: 'Importazione',
    stop: 'Interrompi',
    stopped: 'Importazione interrotta: non è stato preso niente.',
    all: 'Si prende tutto insieme: se qualcosa si interrompe, resta com’era.',
  },
  result: {
    title: 'Elenco importato',
    said({ new: fresh, changed: other, same, refused }: ImportCounts): string {
      const parts = [
        fresh > 0 && plural(fresh, 'richiesta nuova', 'richieste nuove'),
        other > 0 && plural(other, 'aggiornata', 'aggiornate'),
        same > 0 && plural(same, 'già uguale', 'già uguali'),
        refused > 0 && plural(refused, 'riga non presa', 'righe non prese'),
      ].filter((part) => part !== false);
      return `${list(parts)}.`;
    },
    bookable: (n: number) =>
      n === 0
        ? 'Per ora nessuna si può prenotare: Oggi dice quando lo diventano.'
        : n === 1
          ? 'In tutto 1 si può prenotare adesso.'
          : `In tutto ${number(n)} si possono prenotare adesso.`,
    toTickets: 'Vai alle richieste',
    toBookable: 'Vedi quelle prenotabili',
    another: 'Importa un altro elenco',
  },
  reason,
};
