//! What studio and sede write to each other.
//!
//! Sentences with slots: `{il}`, `{del}` a day before the request; `{il_ora}` a day just before the message; `{il_poi}`,
//! `{del_poi}` a day after it (with the article that the day takes: *il 7*, *l’8*, *dell’11*, *il 1º*); `{mese}`, `{mese2}`
//! months before the request; `{anno}` the year before; `{giornate}` a number of days worked; `{importo}`, `{n}`, `{prot}`, `{durc}`,
//! `{csc}`, `{matr}`, `{sede}` the same throughout a conversation.

use std::fmt::Write;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use domain::time::civil_day;

use crate::calendar::{days_after, days_before, working_day_until};
use crate::dice::Dice;
use crate::topics::Subject;

const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saying {
    /// The studio asks.
    Request,
    /// The sede takes the ticket in charge.
    TakenInCharge,
    /// The sede asks back.
    Question,
    /// The studio answers that.
    Answer,
    /// The studio reminds the sede.
    Reminder,
    /// The sede solved it.
    Solved,
    /// The sede says that it is solved, and it is not quite.
    HalfSolved,
    /// The sede says no.
    Denied,
    /// The studio is not content with the reply.
    Objection,
    /// The sede opens the ticket again.
    Reopened,
    /// The studio takes the ticket back.
    TakenBack,
    /// The sede strikes the ticket out.
    StruckOut,
}

const TAKEN_IN_CHARGE: &[&str] = &[
    "Presa in carico. In attesa di riscontro dall’area accertamento.",
    "La richiesta è stata presa in carico dall’unità anagrafica e flussi. Seguirà riscontro.",
    "In lavorazione. Se necessario sarà chiesta documentazione integrativa.",
    "Presa in carico {il_ora}. La pratica è assegnata all’operatore della linea aziende.",
    "Si prende in carico la richiesta; sono in corso le verifiche negli archivi centrali.",
    "In carico. La segnalazione è stata inoltrata all’assistenza della procedura.",
];

/// What the sede asks back, and what the studio answers to it. The first one is about files that were transmitted.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "Il flusso di {mese} risulta sostituito da un invio successivo: quale dei due è quello corretto?",
        "Il flusso corretto è il secondo; il primo va annullato.",
    ),
    (
        "Per proseguire occorre la quietanza di versamento completa del protocollo telematico.",
        "In allegato la quietanza con il protocollo telematico. Si resta in attesa di riscontro.",
    ),
    (
        "Si prega di indicare il numero di protocollo dell’istanza e il periodo esatto.",
        "Il protocollo è {prot}, il periodo è {mese}.",
    ),
    (
        "La documentazione allegata non è leggibile. Si prega di trasmetterla di nuovo in formato PDF.",
        "Si allega di nuovo la documentazione, in PDF.",
    ),
    (
        "Si chiede il prospetto dei lavoratori interessati, con imponibile e contributo mese per mese.",
        "Si allega il prospetto richiesto per {n} lavoratori. I conteggi tengono conto delle variazioni già trasmesse.",
    ),
    (
        "Occorre la dichiarazione di responsabilità firmata dal legale rappresentante. Si resta in attesa, possibilmente entro {il_poi}.",
        "Si allega la dichiarazione firmata {il_ora}. Per ogni chiarimento si può telefonare allo studio.",
    ),
    (
        "Negli archivi non risulta la delega per la posizione {matr}. Si prega di verificare.",
        "La delega è attiva, come risulta dal cassetto. Si allega la stampa.",
    ),
];

const REMINDERS: &[&str] = &[
    "Si sollecita cortesemente un riscontro, la scadenza si avvicina.",
    "Non avendo avuto notizie, si chiede lo stato della richiesta.",
    "Si sollecita: il cliente ha bisogno di una risposta entro {il_poi}.",
    "La situazione al cassetto è invariata. Si prega di dare un riscontro.",
];

const SOLVED: &[&str] = &[
    "La posizione è stata sistemata {il_ora}. L’aggiornamento sarà visibile nel cassetto entro 48 ore.",
    "Si conferma quanto richiesto: la pratica è definita.",
    "Verificata la documentazione, la richiesta è accolta. Si chiude.",
    "Operazione eseguita. Si prega di controllare il cassetto nei prossimi giorni.",
];

const HALF_SOLVED: &[&str] = &[
    "Si rinvia alle istruzioni della circolare pubblicata sul sito. Si chiude.",
    "Per la parte di competenza la richiesta è definita. Per il resto occorre attendere l’elaborazione centrale.",
    "La segnalazione è stata inoltrata alla direzione regionale; si chiude la richiesta.",
    "Si conferma che il dato in archivio è quello esposto nel cassetto. Si chiude con esito positivo.",
    "La posizione è stata aggiornata per {mese}. Gli altri periodi vanno segnalati con richieste separate.",
];

const DENIED: &[&str] = &[
    "La richiesta non può essere accolta: la documentazione prodotta non è sufficiente.",
    "Dalle verifiche il debito di {importo} risulta confermato. Si chiude con esito negativo.",
    "La richiesta è respinta perché presentata oltre i termini.",
    "Non risultano i presupposti per quanto richiesto. Resta ferma la possibilità di ricorso amministrativo.",
    "La competenza non è di questa linea di prodotto. Si chiude negativamente.",
];

const OBJECTIONS: &[&str] = &[
    "La risposta non tiene conto della documentazione allegata. Si chiede di riaprire la richiesta.",
    "La situazione al cassetto è ancora quella di prima: si chiede di riaprire.",
    "Si chiede la riapertura: la risposta riguarda un altro periodo, non {mese}.",
];

const REOPENED: &[&str] = &[
    "Riaperta per un supplemento di istruttoria.",
    "Richiesta riaperta su istanza dello studio. Seguirà nuovo riscontro.",
    "Riaperta {il_ora}: la documentazione sarà esaminata di nuovo.",
];

const TAKEN_BACK: &[&str] = &[
    "La richiesta è superata: il cassetto risulta aggiornato. Si ritira.",
    "Si ritira la richiesta, inviata per errore sulla posizione {matr}.",
    "L’azienda ha provveduto al versamento {il_ora}; la richiesta non serve più e si ritira.",
];

const STRUCK_OUT: &[&str] = &[
    "Richiesta annullata d’ufficio: è un doppione di un’altra dello stesso giorno, che resta in lavorazione.",
    "Annullata: l’argomento indicato non corrisponde al quesito. Si prega di presentare una nuova richiesta.",
    "Si annulla, perché la posizione {matr} è nel frattempo passata alla competenza di un’altra sede.",
];

/// What the sede says when it solved something about some subject: the first two parts of its topics' codes.
fn solved_of(subject: &str) -> &'static [&'static str] {
    match subject {
        "AGE-ESO" | "AGE-DON" => &[
            "Riesaminata la domanda, l’agevolazione è riconosciuta. Si può esporre il conguaglio con la prossima denuncia.",
            "I requisiti risultano soddisfatti: il residuo spettante è di {importo}, visibile nel cassetto.",
        ],
        "AGE-U35" => &[
            "Il recupero è autorizzato, con flussi di regolarizzazione da trasmettere entro {il_poi}.",
            "L’esonero è riconosciuto per l’intero periodo. L’importo di {importo} può essere conguagliato con la prossima denuncia.",
        ],
        "AGE-APP" => &[
            "L’aliquota ridotta è stata riconosciuta e la differenza di {importo} annullata.",
            "Aggiornata la forza aziendale, la denuncia è stata ricalcolata: nessun importo a debito.",
        ],
        "AGE-NAS" => &["Attribuito il codice di autorizzazione per l’incentivo. Il residuo spettante è di {importo}."],
        "REG-DUR" => &[
            "L’irregolarità è stata rimossa {il_ora}. Il DURC sarà definito con esito regolare.",
            "Abbinati i versamenti, la posizione è regolare per tutti i periodi. Non occorre altro da parte dell’azienda.",
        ],
        "REG-INV" => &["Esaminate le quietanze, l’invito è annullato e la posizione risulta regolare."],
        "DEN-UNI" => &[
            "Il flusso di {mese} è stato elaborato {il_ora}. Nessun importo residuo.",
            "La denuncia è stata sistemata in archivio e il saldo ricalcolato. L’estratto è visibile nel cassetto.",
        ],
        "DEN-DMV" => &["Il DM virtuale è stato ricalcolato {il_ora} e quadra con i conteggi dello studio."],
        "DEN-SEP" => &["I flussi dei collaboratori sono stati elaborati e i versamenti abbinati."],
        "VER-F24" => &[
            "Il versamento è stato attribuito alla posizione {matr} e la partita è chiusa.",
            "Rettificato l’F24 {il_ora}: l’importo di {importo} risulta ora disponibile.",
        ],
        "VER-AVB" => &[
            "Lo sgravio di {importo} è stato disposto {il_ora}; l’avviso non va pagato.",
            "L’avviso bonario è stato ricalcolato. Il dettaglio per periodo è disponibile nel cassetto.",
        ],
        "VER-AVA" => {
            &["Verificata la posizione, è stato disposto il discarico. L’agente della riscossione è informato."]
        }
        "VER-RIM" => &["Il rimborso di {importo} è stato disposto {il_ora}, con accredito sull’IBAN comunicato."],
        "ANA-POS" => &[
            "La posizione {matr} è stata aggiornata con la decorrenza richiesta.",
            "Definita {il_ora}. La posizione risulta come richiesto, e i flussi in sospeso possono essere trasmessi.",
        ],
        "ANA-INQ" => &[
            "Variazione registrata {il_ora}; il provvedimento di inquadramento è notificato via PEC.",
            "Il codice è stato attribuito. I flussi in sospeso possono essere trasmessi.",
        ],
        "ANA-DEL" => &["Il subentro è registrato: da ora le comunicazioni arrivano al nuovo intermediario."],
        "CIG-CON" => &[
            "La nota di rettifica è stata annullata: l’autorizzazione ora risulta collegata alla denuncia.",
            "Il termine è stato ricalcolato e il conguaglio di {importo} riconosciuto.",
        ],
        "CIG-AUT" => &["L’autorizzazione è stata notificata {il_ora}; il conguaglio può essere esposto."],
        "CIG-PAG" => &["I pagamenti per {n} lavoratori sono stati disposti con la prossima elaborazione."],
        "CIG-FIS" => &["Esaminata la comunicazione sindacale, la domanda è accolta. Segue l’autorizzazione."],
        "RAT-IST" => &[
            "Istanza accolta {il_ora}. Il piano di ammortamento è disponibile nel cassetto.",
            "L’istanza, integrata come richiesto, è accolta. La prima rata scade {il_poi}.",
        ],
        "RAT-PIA" => &["Abbinate le rate versate, il piano risulta in regola. La prossima rata scade {il_poi}."],
        "CON-MAL" | "CON-MAT" | "CON-ANF" => &[
            "Il conguaglio di {mese} è stato riconosciuto e la differenza annullata.",
            "Ricalcolata la prestazione: nessuna differenza a debito dell’azienda.",
        ],
        "CON-MAS" | "CON-LIC" => &["Il recupero di {importo} è autorizzato, da esporre con la prossima denuncia."],
        "CON-TES" => &["Verificati i conteggi, la posizione al Fondo Tesoreria è stata allineata."],
        "AGR-POS" => {
            &["Il flusso PosAgri è stato elaborato; il trimestre sarà ricalcolato con la prossima tariffazione."]
        }
        "AGR-DEN" => &["La denuncia aziendale è approvata e il CIDA è attivo. I flussi possono essere inviati."],
        "AGR-ELE" => &["Le giornate sono state attribuite correttamente con il primo elenco di variazione."],
        _ => SOLVED,
    }
}

/// What the sede says when it denies something about some subject.
fn denied_of(subject: &str) -> &'static [&'static str] {
    match subject {
        "AGE-ESO" | "AGE-U35" | "AGE-DON" | "AGE-NAS" => &[
            "L’incremento occupazionale non risulta rispettato alla data di assunzione. L’agevolazione non spetta.",
            "L’agevolazione non spetta: il lavoratore risulta già occupato nei sei mesi precedenti.",
        ],
        "AGE-APP" => {
            &["L’aliquota ridotta non spetta: alla data dell’assunzione la forza aziendale superava la soglia."]
        }
        "REG-DUR" => &[
            "L’irregolarità è confermata: restano scoperti i contributi di {mese2}, per {importo}.",
            "Il versamento è successivo alla scadenza dell’invito e non può sanare la richiesta di DURC già definita.",
        ],
        "REG-INV" => &["Le quietanze non coprono l’intero importo: l’invito resta valido."],
        "DEN-UNI" | "DEN-DMV" | "DEN-SEP" => &[
            "La variazione non è accoglibile, perché il periodo {mese2} è oggetto di accertamento.",
            "La denuncia resta come in archivio: i dati trasmessi non sono compatibili con l’inquadramento dell’azienda.",
        ],
        "VER-F24" => &["Il versamento risulta già imputato a {mese2}. Il credito non è disponibile."],
        "VER-AVB" | "VER-AVA" => &["Lo sgravio non può essere concesso: il debito di {importo} è confermato."],
        "VER-RIM" => &["Il rimborso non può essere disposto, perché risultano debiti in compensazione per {importo}."],
        "ANA-INQ" => &["La variazione è respinta: l’attività prevalente in visura è un’altra."],
        "ANA-POS" => {
            &["La decorrenza richiesta non può essere registrata: non coincide con quella del registro delle imprese."]
        }
        "CIG-CON" => &["Il conguaglio è oltre il termine di decadenza dei sei mesi e non può essere riconosciuto."],
        "CIG-AUT" | "CIG-FIS" => &["La domanda è respinta: la causale non rientra fra gli eventi non evitabili."],
        "RAT-IST" => &["L’istanza è respinta, perché non comprende tutti i debiti in fase amministrativa."],
        "RAT-PIA" => &["Il piano resta revocato: risultano due rate consecutive non pagate."],
        "CON-MAL" | "CON-MAT" => &["Il conguaglio non spetta: i giorni indicati non risultano coperti da certificato."],
        "AGR-POS" => {
            &["La variazione è oltre il termine per la tariffazione del trimestre; va presentata la regolarizzazione."]
        }
        "AGR-DEN" => {
            &["La denuncia non può essere approvata: i terreni indicati risultano condotti da un’altra ditta."]
        }
        _ => DENIED,
    }
}

fn files_of(area: &str) -> &'static [&'static str] {
    match area {
        "AGE" => &[
            "domanda_esonero.pdf",
            "prospetto_ULA_{anno}.pdf",
            "comunicazione_assunzione.pdf",
        ],
        "REG" => &["quietanza_F24.pdf", "DURC_{durc}.pdf", "invito_a_regolarizzare.pdf"],
        "DEN" => &[
            "ricevuta_uniemens_{mm}.pdf",
            "quadratura_DM_{mm}.pdf",
            "scarti_{mm}.png",
        ],
        "VER" => &["quietanza_F24.pdf", "avviso_bonario.pdf", "F24_{mm}_protocollo.pdf"],
        "ANA" => &["visura_camerale.pdf", "delega_{matr}.pdf", "atto_di_cessione.pdf"],
        "CIG" => &[
            "autorizzazione_CIG.pdf",
            "nota_di_rettifica_{mm}.pdf",
            "comunicazione_sindacale.tiff",
        ],
        "RAT" => &[
            "istanza_rateazione.pdf",
            "piano_di_ammortamento.pdf",
            "quietanza_rata.jpg",
        ],
        "AGR" => &[
            "ricevuta_posagri_{mm}.pdf",
            "denuncia_aziendale.pdf",
            "visura_terreni.pdf",
        ],
        _ => &[
            "nota_di_rettifica_{mm}.pdf",
            "certificato.pdf",
            "prospetto_conguagli_{mm}.pdf",
        ],
    }
}

/// A conversation: what is the same in all its messages.
pub(crate) struct Conversation<'a> {
    subject: &'a Subject,
    opened: NaiveDate,
    matricola: &'a str,
    sede: &'a str,
    amount: String,
    protocol: String,
    durc: u32,
    workers: u32,
    class: String,
    question: &'static (&'static str, &'static str),
    month: NaiveDate,
    earlier: NaiveDate,
}

impl<'a> Conversation<'a> {
    /// A conversation about `subject` that begins at `opened_at`.
    pub(crate) fn new(
        subject: &'a Subject,
        opened_at: DateTime<Utc>,
        matricola: &'a str,
        sede: &'a str,
        dice: &mut Dice,
    ) -> Self {
        let opened = civil_day(opened_at);
        let back = |months: u32| opened.checked_sub_months(Months::new(months)).unwrap_or(opened);
        let about_flows = matches!(subject.subject(), "DEN-UNI" | "DEN-SEP" | "AGR-POS" | "CIG-PAG");
        let questions = if about_flows { QUESTIONS } else { &QUESTIONS[1..] };
        let applied = days_before(opened, dice.between(15, 60));
        Self {
            subject,
            opened,
            matricola,
            sede,
            amount: amount(dice),
            protocol: format!(
                "INPS.{}00.{}.{:07}",
                &matricola[..2],
                applied.format("%d/%m/%Y"),
                dice.between(20_000, 480_000)
            ),
            durc: dice.between(31_000_000, 44_999_999),
            workers: dice.between(2, 14),
            class: format!(
                "{}.{:02}.{:02}",
                dice.between(1, 7),
                dice.between(1, 20),
                dice.between(1, 9)
            ),
            question: &questions[dice.index(questions.len())],
            month: back(dice.between(2, 3)),
            earlier: back(dice.between(4, 14)),
        }
    }

    /// The words of a message written at `at`.
    pub(crate) fn say(&self, saying: Saying, at: DateTime<Utc>, dice: &mut Dice) -> String {
        let subject = self.subject.subject();
        let choices = match saying {
            Saying::Request => self.subject.openings,
            Saying::TakenInCharge => TAKEN_IN_CHARGE,
            Saying::Question => std::slice::from_ref(&self.question.0),
            Saying::Answer => std::slice::from_ref(&self.question.1),
            Saying::Reminder => REMINDERS,
            Saying::Solved if dice.chance(800) => solved_of(subject),
            Saying::Solved => SOLVED,
            Saying::HalfSolved => HALF_SOLVED,
            Saying::Denied if dice.chance(700) => denied_of(subject),
            Saying::Denied => DENIED,
            Saying::Objection => OBJECTIONS,
            Saying::Reopened => REOPENED,
            Saying::TakenBack => TAKEN_BACK,
            Saying::StruckOut => STRUCK_OUT,
        };
        let template = dice.pick(choices);
        capitalised(self.fill(template, civil_day(at), dice))
    }

    /// Names of the files that come with a message of the studio: where its text speaks of them, and now and then.
    pub(crate) fn files(&self, saying: Saying, text: &str, dice: &mut Dice) -> Vec<String> {
        let spoken_of = text.contains("alleg") || text.contains("trasmett");
        let permille = match saying {
            Saying::Request | Saying::Answer if spoken_of => 1_000,
            Saying::Request | Saying::Answer => 150,
            _ => 0,
        };
        if !dice.chance(permille) {
            return Vec::new();
        }
        let names = files_of(self.subject.area());
        let first = dice.index(names.len());
        let count = 1 + usize::from(dice.chance(200));
        (first..first + count)
            .map(|at| self.fill(names[at % names.len()], self.opened, dice))
            .collect()
    }

    fn fill(&self, template: &str, day: NaiveDate, dice: &mut Dice) -> String {
        let mut text = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, slot_and_after)) = rest.split_once('{') {
            text.push_str(before);
            let (slot, after) = slot_and_after.split_once('}').unwrap_or((slot_and_after, ""));
            self.slot(slot, day, dice, &mut text);
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn slot(&self, slot: &str, day: NaiveDate, dice: &mut Dice, text: &mut String) {
        let mut before = || working_day_until(days_before(self.opened, dice.between(3, 40)));
        let written = match slot {
            "il" => text.write_str(&date("il ", "l’", before(), day)),
            "del" => text.write_str(&date("del ", "dell’", before(), day)),
            "il_ora" => {
                let recent = working_day_until(days_before(day, dice.below(2))).max(self.opened);
                text.write_str(&date("il ", "l’", recent, day))
            }
            "il_poi" => text.write_str(&date("il ", "l’", days_after(day, dice.between(8, 25)), day)),
            "del_poi" => text.write_str(&date("del ", "dell’", days_after(day, dice.between(8, 25)), day)),
            "mese" => text.write_str(&month(self.month)),
            "mese2" => text.write_str(&month(self.earlier)),
            "mm" => write!(text, "{}", self.month.format("%Y-%m")),
            "anno" => write!(text, "{}", self.opened.year() - 1),
            "giornate" => write!(text, "{}", dice.between(12, 60)),
            "importo" => text.write_str(&self.amount),
            "n" => write!(text, "{}", self.workers),
            "prot" => text.write_str(&self.protocol),
            "durc" => write!(text, "INPS_{}", self.durc),
            "csc" => text.write_str(&self.class),
            "matr" => text.write_str(self.matricola),
            "sede" => text.write_str(self.sede),
            unknown => unreachable!("no slot is called {unknown}"),
        };
        // Writing to a string can't fail.
        debug_assert!(written.is_ok());
    }
}

/// `1.284,50 euro`.
fn amount(dice: &mut Dice) -> String {
    let euros = match dice.below(10) {
        0..=5 => dice.between(120, 2_900),
        6..=8 => dice.between(2_900, 9_800),
        _ => dice.between(9_800, 48_000),
    };
    let cents = dice.below(100);
    if euros < 1_000 {
        format!("{euros},{cents:02} euro")
    } else {
        format!("{}.{:03},{cents:02} euro", euros / 1_000, euros % 1_000)
    }
}

/// `ottobre 2026`.
fn month(day: NaiveDate) -> String {
    format!("{} {}", MONTHS[day.month0() as usize], day.year())
}

/// `il 3 novembre`, `l’8 novembre`, `il 1º novembre`; with the year where it is not that of `seen_on`.
fn date(article: &str, before_vowel: &str, day: NaiveDate, seen_on: NaiveDate) -> String {
    let article = if matches!(day.day(), 8 | 11) {
        before_vowel
    } else {
        article
    };
    let ordinal = if day.day() == 1 { "º" } else { "" };
    let month = MONTHS[day.month0() as usize];
    if day.year() == seen_on.year() {
        format!("{article}{}{ordinal} {month}", day.day())
    } else {
        format!("{article}{}{ordinal} {month} {}", day.day(), day.year())
    }
}

fn capitalised(text: String) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(letters).collect(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seed;
    use crate::dice::Purpose;
    use crate::topics::SUBJECTS;

    #[test]
    fn a_day_has_the_article_that_it_takes() {
        let seen_on = "2026-11-23".parse().unwrap();
        for (day, il, del) in [
            ("2026-11-01", "il 1º novembre", "del 1º novembre"),
            ("2026-11-08", "l’8 novembre", "dell’8 novembre"),
            ("2026-11-11", "l’11 novembre", "dell’11 novembre"),
            ("2026-11-18", "il 18 novembre", "del 18 novembre"),
            ("2025-12-30", "il 30 dicembre 2025", "del 30 dicembre 2025"),
        ] {
            let day = day.parse().unwrap();
            assert_eq!(date("il ", "l’", day, seen_on), il);
            assert_eq!(date("del ", "dell’", day, seen_on), del);
        }
    }

    #[test]
    fn every_sentence_can_be_filled() {
        let at = "2026-11-23T09:41:00Z".parse().unwrap();
        let mut dice = Dice::new(Seed(1), Purpose::Ticket, 0);
        for subject in SUBJECTS {
            let conversation = Conversation::new(subject, at, "4812345678", "Lucca", &mut dice);
            let sayings = subject
                .openings
                .iter()
                .chain(solved_of(subject.subject()))
                .chain(denied_of(subject.subject()));
            let general = [
                TAKEN_IN_CHARGE,
                REMINDERS,
                SOLVED,
                HALF_SOLVED,
                DENIED,
                OBJECTIONS,
                REOPENED,
                TAKEN_BACK,
                STRUCK_OUT,
            ];
            for template in sayings
                .chain(general.into_iter().flatten())
                .chain(files_of(subject.area()))
                .chain(QUESTIONS.iter().flat_map(|(question, answer)| [question, answer]))
            {
                let text = conversation.fill(template, civil_day(at), &mut dice);
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
                assert!(!text.contains("  ") && !text.contains(" ,"), "{text}");
            }
        }
    }

    #[test]
    fn an_amount_is_written_as_italians_write_it() {
        let mut dice = Dice::new(Seed(1), Purpose::Ticket, 1);
        for _ in 0..200 {
            let text = amount(&mut dice);
            let (whole, cents) = text.strip_suffix(" euro").unwrap().split_once(',').unwrap();
            assert_eq!(cents.len(), 2, "{text}");
            assert!(whole.len() <= 3 || whole.as_bytes()[whole.len() - 4] == b'.', "{text}");
        }
    }
}
