import type { AnswerField, FormFault, RegisterRefusalView, RegisteredView } from '../../ipc/types';
import { dayLong, list, number } from '../format';
import { importing } from './import';

const wrong: Record<AnswerField, string> = {
  identifier: 'Al massimo 60 caratteri, su una riga.',
  date: 'Scegli il giorno.',
  from: 'Scrivi l’ora come 9:30.',
  to: 'Scrivi l’ora come 10:00.',
  place: 'Al massimo 300 caratteri.',
};

function refusal(why: RegisterRefusalView): string {
  switch (why.kind) {
    case 'malformed':
      return wrong[why.field];
    case 'span':
      return 'L’ora di fine deve venire dopo quella di inizio, lo stesso giorno.';
    case 'implausible':
      return 'Il giorno è troppo lontano: controlla l’anno.';
    case 'cancelled':
      return 'Questo appuntamento risulta già annullato.';
    case 'carried':
      return `${why.ticket} ha già un altro appuntamento in programma: prima annulla quello.`;
    case 'overtaken':
      return 'Intanto è stato registrato altro: chiudi e riapri l’appuntamento.';
  }
}

/** *Prenota sul portale* (R16). */
export const portal = {
  tag: 'portale',
  tagHint: 'Sta solo sul portale INPS: si prenota lì',
  noSede: 'sede non indicata',
  noFiscalCode: 'codice fiscale non indicato',
  desk: 'Senza sede, solo portale INPS',
  deskHint: 'Le richieste si importano dal portale e si prenotano sul portale. Niente esce da questo computer.',

  ticket: {
    origin: (first: string, changed: string) =>
      first === changed
        ? `Dal portale, importata ${dayLong(first)}.`
        : `Dal portale, importata ${dayLong(first)}, aggiornata ${dayLong(changed)}.`,
    edit: 'Correggi…',
    noMessages: 'L’elenco non riporta né la domanda né la risposta: si leggono sul portale.',
    undated: 'data non indicata',
  },

  form: {
    add: 'Aggiungi dal portale…',
    addTitle: 'Aggiungi una richiesta del portale',
    editTitle: (code: string) => `Correggi ${code}`,
    code: 'Codice',
    matricola: 'Matricola (10 cifre)',
    company: 'Codice fiscale dell’azienda (se lo sai)',
    companyName: 'Nome dell’azienda',
    sede: 'Sede',
    subject: 'Argomento',
    subjectHint: 'I livelli si separano con >, per esempio Aziende > DURC',
    openedOn: 'Aperta (o riaperta) il',
    status: 'Stato',
    closedOn: 'Chiusa il (se lo sai)',
    request: 'Testo della richiesta',
    reply: 'Risposta della sede',
    save: 'Salva',
    fault({ reason }: FormFault): string {
      const text = importing.reason(reason);
      return `${text.charAt(0).toLocaleUpperCase('it-IT')}${text.slice(1)}.`;
    },
    added: (code: string) => `${code} aggiunta.`,
    changed: (code: string) => `${code} aggiornata.`,
    same: (code: string) => `${code} c’è già, identica.`,
  },

  bookN: (n: number) => (n > 1 ? `Prenota sul portale · ${number(n)} richieste` : 'Prenota sul portale'),
  prepareN: (n: number) => (n > 1 ? `Prepara per il portale · ${number(n)} richieste` : 'Prepara per il portale'),
  ripe: (date: string) => `sul portale si potrà prenotare da ${dayLong(date)}: quel giorno Oggi la ricorda`,

  draft: { booked: 'Registrata', editing: 'Da prenotare sul portale' },

  booking: {
    registered: 'Appuntamento registrato',
    title: (company: string) => `Prenota sul portale · ${company}`,
    when: 'Quando andrebbe bene',
    whenHint: 'Il calendario lo mostra solo il portale: qui si annota che cosa cercare.',
    noWishes: 'Nessuna preferenza annotata.',
    card: 'Da copiare sul portale',
    cardHint: 'Un clic copia il campo.',
    copy: (name: string) => `Copia: ${name}`,
    copied: (name: string) => `${name}: copiato.`,
    notCopied: 'Non si è potuto copiare: selezionalo e premi Ctrl+C.',
    fields: {
      tickets: (n: number) => (n === 1 ? 'Codice della richiesta' : 'Codici delle richieste'),
      company: 'Azienda',
      fiscalCode: 'Codice fiscale',
      matricola: 'Matricola',
      subject: 'Argomento',
      notes: 'Note',
      phone: 'Telefono',
      email: 'E-mail',
      wishes: 'Preferenze',
    },
    files: (n: number) =>
      n === 1 ? 'Apri la cartella con l’allegato' : `Apri la cartella con i ${number(n)} allegati`,
    open: 'Apri il portale',
    register: 'Registra appuntamento…',
    registerHint: 'Quando il portale ha risposto, scrivi qui giorno, ora e luogo: l’appuntamento entra in agenda.',
    notYet: (date: string) =>
      `Non ancora prenotabile: il portale la accetta da ${dayLong(date)}. Intanto si può preparare tutto.`,
    not: 'Così com’è non si può prenotare: apri la richiesta per vedere perché.',
  },

  register: {
    title: 'Registra appuntamento',
    changeTitle: 'Cambia la registrazione',
    lead: (codes: readonly string[]) => `Quello che il portale ha risposto per ${list(codes)}.`,
    identifier: 'Identificativo dato dal portale (se c’è)',
    date: 'Giorno',
    from: 'Dalle',
    to: 'alle',
    place: 'Dove',
    placeHint: 'Punto e indirizzo, come li scrive il portale',
    do: 'Registra',
    save: 'Salva',
    done: 'Appuntamento registrato: è in agenda.',
    changed: 'Registrazione aggiornata.',
    refusal,
  },

  appointment: {
    by: ({ by, on }: RegisteredView) =>
      by ? `Registrato da ${by} ${dayLong(on)}.` : `Registrato dallo studio ${dayLong(on)}.`,
    hint: 'Lo ha dato il portale: qui nessuna sede lo conferma. Se cambia, si cambia sul portale e poi qui.',
    code: (code: string) => (code ? `Portale · ${code}` : 'Portale · senza identificativo'),
    change: 'Cambia la registrazione…',
    cancel: 'Segna come annullato…',
    cancelTitle: 'Segnare come annullato?',
    cancelText:
      'Sul portale va annullato a parte: qui si annota soltanto. Le richieste si possono prenotare di nuovo, se lo sono ancora.',
    byStudio: 'L’ha annullato lo studio',
    bySede: 'L’ha annullato la sede',
    cancelled: 'Segnato come annullato.',
  },

  settings: {
    title: 'Portale INPS',
    address: 'Indirizzo che si apre con «Apri il portale»',
    wrong: 'Serve un indirizzo che comincia con https://',
    count: (n: number) =>
      n === 1 ? '1 richiesta del portale su questo computer' : `${number(n)} richieste del portale su questo computer`,
    import: 'Importa elenco…',
  },
};
