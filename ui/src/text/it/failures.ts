import type { FailureCode, FailureDetails } from '../../ipc/types';
import { number } from '../format';

export type FailureText = {
  /** What happened, and what was kept. */
  text: string | ((details: FailureDetails) => string);
  /** How much it weighs: `notice` was foreseen, `warning` asks for something, `error` asks for help. */
  severity: 'notice' | 'warning' | 'error';
  /** What to do next. */
  next: string;
};

const again = 'Riprova; se succede ancora, chiudi e riapri il programma: quello che hai scritto resta.';
const gone = 'L’elenco è stato aggiornato: cerca di nuovo.';

/** One text for each failure that can cross to the page; the type leaves none out. */
export const failures: Record<FailureCode, FailureText> = {
  invalid_argument: {
    text: 'Qualcosa di quello che è stato scritto non ha la forma giusta. Non è cambiato niente.',
    severity: 'warning',
    next: 'Controlla e riprova.',
  },
  too_long: {
    text: ({ max }) => (max ? `Il testo supera ${number(max)} caratteri.` : 'Il testo è troppo lungo.'),
    severity: 'warning',
    next: 'Accorcialo e riprova: quello che hai scritto è ancora lì.',
  },
  unknown_ticket: { text: 'Questa richiesta non è tra quelle dello studio.', severity: 'warning', next: gone },
  unknown_company: { text: 'Questa azienda non è tra quelle dello studio.', severity: 'warning', next: gone },
  unknown_draft: {
    text: 'Questa bozza non c’è più.',
    severity: 'warning',
    next: 'Guarda in Bozze e invii.',
  },
  unknown_appointment: {
    text: 'Questo appuntamento non è tra quelli dello studio.',
    severity: 'warning',
    next: 'Guarda in Agenda.',
  },
  unknown_communication: {
    text: 'Questa comunicazione della sede non c’è più.',
    severity: 'notice',
    next: 'La pagina è stata aggiornata.',
  },
  unknown_point: {
    text: 'Questo punto di consulenza non è noto.',
    severity: 'warning',
    next: 'Aggiorna i dati della sede e riprova.',
  },
  unknown_attachment: {
    text: 'Questo file non è più nella bozza.',
    severity: 'warning',
    next: 'Aggiungilo di nuovo se serve.',
  },
  list_expired: {
    text: 'L’elenco è vecchio.',
    severity: 'notice',
    next: 'Viene riletto adesso.',
  },
  nothing_selected: {
    text: 'Non è selezionata nessuna richiesta.',
    severity: 'notice',
    next: 'Selezionane almeno una.',
  },
  mixed_companies: {
    text: 'Le richieste sono di aziende diverse: un appuntamento vale per una sola azienda.',
    severity: 'notice',
    next: 'Seleziona richieste della stessa azienda.',
  },
  mixed_points: {
    text: 'Le richieste portano a punti di consulenza diversi.',
    severity: 'notice',
    next: 'Prenota un appuntamento per ciascun punto.',
  },
  not_bookable: {
    text: 'Una delle richieste non è prenotabile e non si può nemmeno preparare. Non è cambiato niente.',
    severity: 'notice',
    next: 'Apri la richiesta per leggere il motivo.',
  },
  already_in_draft: {
    text: 'Una delle richieste, o l’appuntamento, è già in un’altra bozza.',
    severity: 'notice',
    next: 'Apri quella bozza, oppure scartala.',
  },
  not_assessable: {
    text: 'Adesso la risposta non si può giudicare: la richiesta non è chiusa, è stata ritirata o ha già un appuntamento.',
    severity: 'notice',
    next: 'Aggiorna i dati della sede e riapri la richiesta.',
  },
  not_remindable: {
    text: 'Adesso questa richiesta non si può sollecitare. Non è partito niente.',
    severity: 'warning',
    next: 'Sotto la conversazione c’è scritto perché, e da quando si può.',
  },
  reminder_sent: {
    text: 'Il sollecito è già partito: non si può più ritirare.',
    severity: 'notice',
    next: 'Lo trovi nella conversazione appena la sede lo ha registrato.',
  },
  draft_stale: {
    text: 'La bozza è stata cambiata nel frattempo.',
    severity: 'notice',
    next: 'Ora vedi la versione più recente: ripeti l’ultima modifica.',
  },
  draft_locked: {
    text: 'La bozza è in invio, conclusa o scartata: così non si può cambiare.',
    severity: 'notice',
    next: 'Guarda in Bozze e invii a che punto è.',
  },
  draft_incomplete: {
    text: 'Manca ancora qualcosa prima di inviare. La bozza è salvata.',
    severity: 'notice',
    next: 'Completa quello che è segnato.',
  },
  of_the_portal: {
    text: 'Questa richiesta sta sul portale INPS: da qui nessuna sede la riceve.',
    severity: 'notice',
    next: 'Prenota sul portale e registra qui l’appuntamento.',
  },
  not_cancellable: {
    text: 'Questo appuntamento non si può più annullare: è iniziato, oppure è già stato chiuso o annullato.',
    severity: 'notice',
    next: 'Per altro, rivolgiti alla sede.',
  },
  not_changeable: {
    text: 'Questo appuntamento non si può modificare: è iniziato, si è concluso, oppure è in corso l’annullamento.',
    severity: 'notice',
    next: 'Guardalo in Agenda; per altro, rivolgiti alla sede.',
  },
  dossier_full: {
    text: 'Qui non ci sta altro: note, persone o documenti sono già al massimo. Non è cambiato niente.',
    severity: 'notice',
    next: 'Togli una persona o un documento che non serve più; per una nota, scrivila sull’altra pagina, richiesta o appuntamento.',
  },
  meeting_not_begun: {
    text: 'L’appuntamento non è ancora cominciato: l’esito si registra dopo.',
    severity: 'notice',
    next: 'Fino ad allora scrivilo tra le note dello studio.',
  },
  file_elsewhere: {
    text: 'Su questo computer non c’è una copia del file: è stato allegato da un altro computer dello studio.',
    severity: 'notice',
    next: 'Aprilo da quel computer. Tra gli allegati resta dov’è.',
  },
  not_ready: {
    text: 'Prima bisogna scegliere la sede con cui lavorare.',
    severity: 'notice',
    next: 'Torna alla pagina iniziale.',
  },
  already_started: {
    text: 'La sede è già stata scelta.',
    severity: 'notice',
    next: 'Puoi cominciare a lavorare.',
  },
  unknown_desk: {
    text: 'Questa sede non è tra quelle di questo computer.',
    severity: 'warning',
    next: 'Guarda in Impostazioni quali ci sono.',
  },
  not_a_certificate: {
    text: 'Il file scelto non contiene certificati.',
    severity: 'notice',
    next: 'Chiedi a chi cura la rete dell’ufficio un file in formato PEM.',
  },
  sede_unreachable: {
    text: 'La sede non risponde. Il codice di invito non è stato consumato, oppure vale ancora per questo computer.',
    severity: 'warning',
    next: 'Premi Verifica connessione per vedere dove la strada si ferma, poi riprova con lo stesso codice.',
  },
  sede_untrusted: {
    text: 'Il certificato di chi risponde non è di quelli che questo computer conosce. Il codice non è stato mandato.',
    severity: 'warning',
    next: 'Premi Verifica connessione per leggere il motivo.',
  },
  sede_incompatible: {
    text: 'Chi risponde non è una sede, o usa un’altra versione del programma. Il codice non è stato consumato.',
    severity: 'warning',
    next: 'Premi Verifica connessione per leggere il motivo.',
  },
  sede_busy: {
    text: 'La sede ha più lavoro di quanto ne possa fare, o ha ricevuto troppi tentativi.',
    severity: 'notice',
    next: 'Aspetta qualche minuto e riprova con lo stesso codice.',
  },
  invitation_unknown: {
    text: 'La sede non conosce questo codice di invito.',
    severity: 'warning',
    next: 'Ricopialo com’è scritto; se non va, chiedine uno nuovo alla sede.',
  },
  invitation_expired: {
    text: 'Questo codice di invito è scaduto.',
    severity: 'notice',
    next: 'Chiedine uno nuovo alla sede.',
  },
  invitation_used: {
    text: 'Questo codice di invito è già stato usato da un altro computer.',
    severity: 'warning',
    next: 'Chiedine uno nuovo alla sede, e avvisala se non sai chi l’ha usato.',
  },
  studio_suspended: {
    text: 'La sede ha sospeso lo studio.',
    severity: 'warning',
    next: 'Il titolare dello studio può chiederne il motivo alla sede.',
  },
  keyring_failed: {
    text: 'Il portachiavi di questo computer non risponde: la chiave della sede non si può custodire.',
    severity: 'error',
    next: 'Chiudi e riapri il programma; se non basta, riavvia il computer o chiama chi lo cura.',
  },
  open_failed: {
    text: 'Nessun programma di questo computer ha aperto il file.',
    severity: 'warning',
    next: 'Controlla che ci sia un programma per questo tipo di file.',
  },
  autostart_failed: {
    text: 'Questo computer non ha permesso di cambiare l’avvio automatico: resta com’era.',
    severity: 'warning',
    next: 'Se il computer è gestito da qualcuno, chiedi a chi se ne occupa.',
  },
  disk_full: {
    text: 'Il disco di questo computer è pieno: l’ultima modifica non è stata salvata.',
    severity: 'error',
    next: 'Libera un po’ di spazio e riprova.',
  },
  storage_failed: {
    text: 'L’archivio dello studio non si riesce a leggere o a scrivere: l’ultima modifica non è stata salvata.',
    severity: 'error',
    next: again,
  },
  newer_version: {
    text: 'I dati sono di una versione più recente del programma. Non sono stati toccati.',
    severity: 'error',
    next: 'Installa la versione più recente.',
  },
  internal: {
    text: 'È successo qualcosa che il programma non aveva previsto.',
    severity: 'error',
    next: again,
  },
};
