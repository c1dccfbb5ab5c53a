//! What columns are called: on the portal, in the sheets of studios, by payroll programs.

use crate::columns::Field;
use crate::fold::words;

/// How well a title names a field. The order is that of trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    /// Whether nothing in the title says anything else.
    pub(crate) whole: bool,
    /// How much of the title is about the field.
    pub(crate) weight: usize,
}

/// One way to name a field: a word of each of `needs`, and none of `never`. Words beside them and `besides` make it less sure.
/// Lists of words have spaces between them.
struct Naming {
    field: Field,
    needs: &'static [&'static str],
    besides: &'static str,
    never: &'static str,
    /// Not sure even when nothing else is said: the words name other things as well.
    vague: bool,
}

/// Words that any title may have.
const FILLERS: &str = "\
    di del della dell dello delle il la l in al alla a da e per con d richiesta richieste ticket contatto \
    comunicazione pratica istanza inps";

const NUMBER: &str = "numero num nr nro n no codice cod id identificativo protocollo prot riferimento rif";
const NUMBER_WORDS: &str = "numero num nr nro n ro no codice cod protocollo prot univoco";
const REQUEST: &str = "richiesta ticket comunicazione pratica istanza quesito segnalazione contatto inps";
const COMPANY: &str = "azienda aziendale ditta impresa societa cliente datore contribuente assistito";
const DAY: &str = "data dt giorno il date";
/// People that a list tells of beside the company.
const OTHERS: &str = "\
    dipendente lavoratore lavoratrice delegato delegante intermediario operatore utente studio richiedente \
    consulente referente collaboratore rappresentante";

const fn named(field: Field, needs: &'static [&'static str]) -> Naming {
    Naming {
        field,
        needs,
        besides: "",
        never: "",
        vague: false,
    }
}

impl Naming {
    const fn besides(self, besides: &'static str) -> Self {
        Self { besides, ..self }
    }

    const fn never(self, never: &'static str) -> Self {
        Self { never, ..self }
    }

    const fn vague(self) -> Self {
        Self { vague: true, ..self }
    }
}

const NOT_A_CODE: &str = "\
    fiscale fisc iva matricola posizione azienda aziendale ditta cliente sede argomento oggetto materia area \
    data giorni allegati telefono inail ateco csc stato esito dipendente lavoratore operatore ufficio riga \
    progressivo dettaglio delega appuntamento";
const NOT_A_DAY: &str = "ora giorni scadenza appuntamento nascita delega";
const NOT_WORDS: &str = "data dt giorno stato esito codice numero protocollo tipo giorni";

const NAMINGS: &[Naming] = &[
    named(Field::Code, &[NUMBER, REQUEST])
        .besides(NUMBER_WORDS)
        .never(NOT_A_CODE),
    named(Field::Code, &["protocollo prot ticket codice cod identificativo"])
        .besides(NUMBER_WORDS)
        .never(NOT_A_CODE),
    named(Field::Code, &[NUMBER]).never(NOT_A_CODE).vague(),
    named(Field::Code, &[REQUEST]).never(NOT_A_CODE).vague(),
    named(Field::Matricola, &["matricola matr matricole"])
        .besides("azienda aziendale ditta impresa cliente posizione numero n nr contributiva uniemens dm")
        .never(OTHERS),
    named(
        Field::Matricola,
        &["posizione pos", "contributiva contrib aziendale assicurativa inps"],
    )
    .besides("numero n nr codice azienda")
    .never("inail pat"),
    named(Field::Matricola, &["posizione"])
        .never("inail pat fiscale")
        .vague(),
    named(Field::Company, &["codice cod c", "fiscale fisc f"])
        .besides("azienda ditta impresa societa cliente datore lavoro partita p iva piva cf")
        .never(OTHERS),
    named(Field::Company, &["cf codfisc"])
        .besides("azienda ditta impresa societa cliente datore lavoro partita p iva piva")
        .never(OTHERS),
    named(Field::Company, &["partita p part", "iva"])
        .besides("azienda ditta impresa societa cliente datore lavoro codice fiscale cf c f")
        .never(OTHERS),
    named(Field::Company, &["piva"])
        .besides("azienda ditta cliente cf")
        .never(OTHERS),
    named(Field::CompanyName, &["ragione rag", "sociale soc"])
        .besides("azienda ditta impresa societa cliente denominazione nome"),
    named(Field::CompanyName, &["denominazione nominativo"])
        .besides("azienda ditta impresa societa cliente datore lavoro sociale")
        .never("sede ufficio struttura dipendente lavoratore operatore intermediario studio"),
    named(Field::CompanyName, &[COMPANY])
        .besides("nome descrizione lavoro azienda")
        .never(
            "\
            codice cod id numero n nr matricola fiscale iva cf piva posizione sede data indirizzo comune \
            telefono email pec note referente",
        ),
    named(Field::Sede, &["sede struttura ufficio agenzia"])
        .besides(
            "\
            competente competenza territoriale provinciale zonale direzione destinataria destinatario \
            descrizione nome denominazione struttura sede",
        )
        .never("codice cod legale operativa azienda ditta cliente risposta note data stato"),
    named(Field::Subject, &["argomento oggetto materia tematica tema"])
        .besides("descrizione argomento quesito")
        .never("codice cod area dettaglio sotto macro data"),
    named(Field::Subject, &["motivo motivazione titolo tipologia causale tipo"])
        .never("codice cod chiusura esito ditta azienda cliente utente data risposta")
        .vague(),
    named(Field::SubjectArea, &["area macroarea macroargomento macro categoria"])
        .besides("tematica argomento area")
        .never("codice cod"),
    named(Field::SubjectArea, &["livello liv", "1 i primo"]).besides("argomento"),
    named(Field::Subject, &["livello liv", "2 ii secondo"]).besides("argomento"),
    named(Field::SubjectDetail, &["livello liv", "3 iii terzo"]).besides("argomento"),
    named(
        Field::SubjectDetail,
        &["dettaglio sottoargomento sottocategoria sottomateria specifica sotto"],
    )
    .besides("argomento oggetto materia categoria")
    .never("codice cod risposta esito stato"),
    named(
        Field::OpenedOn,
        &[
            DAY,
            "\
                apertura invio inserimento creazione presentazione inoltro trasmissione registrazione \
                protocollazione protocollo ricezione inserita inserito inviata inviato aperta aperto presentata \
                creata creato trasmessa richiesta quesito",
        ],
    )
    .besides("ora protocollo inserimento")
    .never("scadenza giorni appuntamento nascita delega risposta chiusura ultima ultimo stato"),
    named(Field::OpenedOn, &["apertura"]).never("riapertura codice motivo operatore utente ora"),
    named(Field::OpenedOn, &["data dt"])
        .besides("ora")
        .never(NOT_A_DAY)
        .vague(),
    named(Field::ReopenedOn, &["riapertura riaperta riaperto"]).besides("data dt ora ultima"),
    named(
        Field::ClosedOn,
        &[
            DAY,
            "\
                chiusura definizione evasione conclusione risposta risoluzione chiusa chiuso definita evasa \
                conclusa esito",
        ],
    )
    .besides("ora ultima")
    .never("scadenza giorni prevista appuntamento"),
    named(Field::ClosedOn, &["chiusura"])
        .never("esito motivo note operatore stato tipo")
        .vague(),
    named(
        Field::UpdatedOn,
        &["aggiornamento modifica variazione movimento aggiornata aggiornato modificata"],
    )
    .besides("data dt ultimo ultima il stato ora ult")
    .never("utente operatore note tipo"),
    named(Field::State, &["stato status situazione state"])
        .besides("lavorazione attuale esito avanzamento")
        .never("data dt codice cod azienda ditta civile il note"),
    named(Field::Outcome, &["esito risultato"])
        .besides("finale chiusura definizione risposta stato")
        .never("data dt codice note descrizione appuntamento"),
    named(Field::Request, &["quesito domanda messaggio"])
        .besides("testo descrizione")
        .never(NOT_WORDS),
    named(
        Field::Request,
        &[
            "testo descrizione contenuto corpo",
            "richiesta quesito domanda messaggio ticket comunicazione",
        ],
    )
    .never(NOT_WORDS),
    named(Field::Request, &["testo descrizione contenuto"])
        .never("risposta sede ufficio azienda ditta argomento oggetto area stato esito codice")
        .vague(),
    named(Field::Reply, &["risposta riscontro replica"])
        .besides("testo sede ultima operatore descrizione note ufficio")
        .never(NOT_WORDS),
    named(Field::Reply, &["note nota commento commenti", "operatore sede ufficio"]).never(NOT_WORDS),
];

/// Every field that `title` could name.
pub(crate) fn fields_named(title: &str) -> Vec<(Field, Match)> {
    let words = words(title);
    // A sentence names nothing.
    if words.is_empty() || words.len() > 8 {
        return Vec::new();
    }
    let mut found: Vec<(Field, Match)> = Vec::new();
    for naming in NAMINGS {
        let Some(matched) = naming.matches(&words) else {
            continue;
        };
        match found.iter_mut().find(|(field, _)| *field == naming.field) {
            Some((_, best)) => *best = (*best).max(matched),
            None => found.push((naming.field, matched)),
        }
    }
    found
}

impl Naming {
    fn matches(&self, title: &[String]) -> Option<Match> {
        let has = |list: &&str| title.iter().any(|word| lists(list, word));
        if has(&self.never) || !self.needs.iter().all(has) {
            return None;
        }
        let about = |word: &&String| self.needs.iter().any(|list| lists(list, word)) || lists(self.besides, word);
        Some(Match {
            whole: !self.vague && title.iter().all(|word| about(&word) || lists(FILLERS, word)),
            weight: title.iter().filter(about).count(),
        })
    }
}

/// Whether `word` is one of a list of words with spaces between them.
fn lists(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}
