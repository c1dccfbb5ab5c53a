import type { DeskView, WayFailure, WayStep } from '../../ipc/types';

const steps: Record<WayStep, string> = {
  name: 'Nome della sede',
  port: 'Risposta a quell’indirizzo',
  proxy: 'Uscita dalla rete dell’ufficio',
  tls: 'Collegamento cifrato',
  service: 'È una sede',
  device: 'Accesso di questo computer',
  versions: 'Versione del programma',
  delegations: 'Deleghe dello studio',
};

/** What is wrong, and who can mend it. */
type Trouble = { what: string; who: string };

const network = 'Chi cura la rete dell’ufficio può rimediare.';
const sede = 'Può rimediare la sede: va avvisata.';
const invite = 'Chiedi alla sede un nuovo codice di invito: le bozze restano dove sono.';

const troubles: Record<WayFailure, Trouble> = {
  name_unknown: {
    what: 'Nessuno conosce questo nome: l’indirizzo è scritto male, oppure manca la rete.',
    who: 'Controlla l’indirizzo con quello ricevuto dalla sede e prova ad aprire un altro sito.',
  },
  refused: {
    what: 'Il computer a quell’indirizzo c’è, ma rifiuta il collegamento.',
    who: `Controlla l’indirizzo. ${sede}`,
  },
  unanswered: {
    what: 'Nessuno risponde: la sede è ferma, oppure la rete dell’ufficio non lascia passare.',
    who: 'Riprova tra qualche minuto. Se non passa, avvisa chi cura la rete dell’ufficio, poi la sede.',
  },
  proxy_refuses: {
    what: 'Il computer da cui l’ufficio esce in rete (proxy) non lascia passare verso la sede.',
    who: `${network} Serve il permesso per l’indirizzo della sede, porta 443.`,
  },
  proxy_wants_password: {
    what: 'Il computer da cui l’ufficio esce in rete (proxy) chiede un nome e una parola d’ordine che il programma non ha.',
    who: `${network} Serve il permesso senza parola d’ordine per l’indirizzo della sede.`,
  },
  proxy_unknown: {
    what: 'Il computer da cui l’ufficio esce in rete (proxy) è di un tipo che il programma non conosce.',
    who: `${network} Serve un’uscita HTTP, o diretta, per l’indirizzo della sede.`,
  },
  certificate_untrusted: {
    what: 'Il certificato non è di un’autorità che questo computer conosce.',
    who: 'Se l’ufficio ha un’autorità sua, aggiungi il suo certificato; altrimenti non collegarti e avvisa la sede.',
  },
  certificate_expired: {
    what: 'Il certificato della sede è scaduto, oppure l’orologio di questo computer va avanti.',
    who: `Controlla data e ora di questo computer. ${sede}`,
  },
  certificate_not_yet_valid: {
    what: 'Il certificato della sede non vale ancora, oppure l’orologio di questo computer va indietro.',
    who: `Controlla data e ora di questo computer. ${sede}`,
  },
  certificate_other_name: {
    what: 'Il certificato è di un altro nome: chi risponde non è la sede di questo indirizzo.',
    who: `Controlla l’indirizzo. ${sede}`,
  },
  tls_failed: {
    what: 'Chi risponde non parla in modo cifrato come deve.',
    who: `Controlla l’indirizzo. ${sede}`,
  },
  not_a_sede: {
    what: 'A questo indirizzo risponde qualcos’altro, non una sede.',
    who: 'Controlla l’indirizzo con quello ricevuto dalla sede.',
  },
  busy: {
    what: 'La sede ha più lavoro di quanto ne possa fare, o è in manutenzione.',
    who: 'Riprova tra qualche minuto.',
  },
  store_away: {
    what: 'La sede risponde, ma il suo archivio no; oppure la rete si è interrotta.',
    who: `Riprova tra qualche minuto. ${sede}`,
  },
  sede_failed: {
    what: 'La sede risponde, ma qualcosa da loro non va.',
    who: `Riprova tra qualche minuto. ${sede}`,
  },
  key_missing: {
    what: 'La chiave di questo computer non è più nel portachiavi.',
    who: invite,
  },
  keyring_failed: {
    what: 'Il portachiavi di questo computer non risponde.',
    who: 'Chiudi e riapri il programma; se non basta, riavvia il computer o chiama chi lo cura.',
  },
  device_unknown: {
    what: 'La sede non conosce questo computer.',
    who: invite,
  },
  device_revoked: {
    what: 'La sede ha tolto l’accesso a questo computer.',
    who: invite,
  },
  studio_suspended: {
    what: 'La sede ha sospeso lo studio.',
    who: 'Il titolare dello studio può chiederne il motivo alla sede. Le bozze restano.',
  },
  sede_too_old: {
    what: 'La sede usa una versione più vecchia di quelle che questo programma conosce.',
    who: sede,
  },
  program_too_old: {
    what: 'Questo programma è troppo vecchio per la sede.',
    who: 'Aggiorna Agenda Sede su questo computer: bozze e dati restano.',
  },
  no_delegations: {
    what: 'Tutto funziona, ma alla sede non risulta nessuna delega dello studio: non ci sono richieste da vedere.',
    who: 'Chiedi alla sede quali deleghe le risultano.',
  },
};

export const connection = {
  title: 'Connessione',
  here: 'in uso',
  training: 'Sede dimostrativa, su questo computer',
  trainingHint: 'Tutto funziona, e niente esce da questo computer né arriva all’INPS.',
  sedeHint: ({ studio, person }: NonNullable<DeskView['sede']>) => `${studio} · invito per ${person}`,
  portalToo: 'Lavora anche senza una sede, con elenchi del portale',
  workHere: 'Lavora qui',
  workHereLabel: (name: string) => `Lavora con ${name}`,
  changing: 'Cambio di sede…',
  apart: 'Ogni sede tiene le sue richieste, bozze e appuntamenti separati da quelli delle altre.',
  another: 'Collegati a un’altra sede',
  trainingToo: 'Prova la sede dimostrativa',
  again: 'Usa un nuovo codice di invito',
  fewer: 'Lascia stare',
  join: {
    title: 'Collegati a una sede',
    text: 'Servono l’indirizzo della sede e il codice di invito che la sede ha dato allo studio per questo computer.',
    address: 'Indirizzo della sede',
    addressHint: 'Come l’ha scritto la sede, per esempio agenda.sede.example',
    addressWrong: 'Non è un indirizzo: deve somigliare a agenda.sede.example.',
    invitation: 'Codice di invito',
    invitationHint: 'Vale una volta sola. Trattini e spazi non contano, maiuscole e minuscole nemmeno.',
    invitationWrong: 'Il codice non è completo, o una lettera è sbagliata: ricopialo com’è scritto.',
    authority: 'Certificato dell’ufficio',
    authorityHint: 'Solo se chi cura la rete dell’ufficio ne ha dato uno.',
    pick: 'Scegli il file…',
    dropAuthority: 'Togli il file',
    go: 'Collega',
    going: 'Collegamento in corso…',
  },
  reading: 'Collegato. Prima lettura delle richieste',
  way: {
    check: 'Verifica connessione',
    checking: 'Verifica in corso…',
    title: 'Verifica della connessione',
    steps,
    passed: 'riuscito',
    failed: 'non riuscito',
    notTried: 'non provato',
    open: 'La strada verso la sede è libera.',
    closed: (step: WayStep) => `La strada si ferma a questo passo: ${steps[step]}.`,
    trouble: (why: WayFailure) => troubles[why],
    invitationNext: 'Ora scrivi il codice di invito e premi Collega.',
  },
};
