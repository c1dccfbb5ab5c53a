//! What tickets are about: the topics in three levels, and how a request about each begins.
//!
//! Openings have slots, which `conversations` fills.

use domain::topic::{Topic, WaitingThreshold};

use crate::codes::written;

/// A topic as this crate knows it.
pub(crate) struct Subject {
    /// Its code; the first part is the area's.
    pub(crate) code: &'static str,
    levels: [&'static str; 3],
    /// What the sede set for R4.
    threshold: Option<u16>,
    /// How often it comes up.
    pub(crate) weight: u32,
    /// How a request about it may begin.
    pub(crate) openings: &'static [&'static str],
}

impl Subject {
    /// The area's part of the code.
    pub(crate) fn area(&self) -> &'static str {
        &self.code[..3]
    }

    /// The parts of the code that name area and subject.
    pub(crate) fn subject(&self) -> &'static str {
        &self.code[..7]
    }

    /// R4: the waiting days that must be exceeded.
    pub(crate) fn threshold(&self) -> WaitingThreshold {
        self.threshold.map(WaitingThreshold).unwrap_or_default()
    }

    /// The topic as the sede publishes it.
    pub(crate) fn topic(&self) -> Topic {
        let [area, subject, detail] = self.levels.map(str::to_owned);
        Topic {
            code: written(self.code),
            area,
            subject,
            detail,
            threshold: self.threshold.map(WaitingThreshold),
        }
    }
}

/// The place of a topic of this crate.
pub(crate) fn place(code: &str) -> usize {
    SUBJECTS
        .iter()
        .position(|subject| subject.code == code)
        .unwrap_or_default()
}

macro_rules! subject {
    ($code:literal, $area:literal, $subject:literal, $detail:literal, $weight:literal, $threshold:expr, [$($opening:literal),+ $(,)?]) => {
        Subject {
            code: $code,
            levels: [$area, $subject, $detail],
            threshold: $threshold,
            weight: $weight,
            openings: &[$($opening),+],
        }
    };
}

/// All of them. Their order is part of what a seed means: add at the end.
pub(crate) static SUBJECTS: &[Subject] = &[
    subject!(
        "AGE-ESO-RES",
        "Agevolazioni",
        "Esoneri",
        "Domanda respinta",
        8,
        None,
        [
            "La domanda di esonero risulta respinta per DURC irregolare, che è stato regolarizzato {il}. Si chiede il riesame.",
            "Domanda di esonero prot. {prot} respinta per “incremento occupazionale non rispettato”: si allega il prospetto ULA, da cui l’incremento risulta. Si chiede di riesaminarla.",
        ]
    ),
    subject!(
        "AGE-ESO-CUM",
        "Agevolazioni",
        "Esoneri",
        "Cumulabilità",
        3,
        None,
        [
            "Si chiede se l’esonero già in godimento sia cumulabile con la riduzione contributiva per lo stesso lavoratore, assunto {il}.",
            "Per {n} lavoratori assunti a tempo indeterminato spetterebbero due agevolazioni: quale codice va esposto in Uniemens per {mese}?",
        ]
    ),
    subject!(
        "AGE-U35-REC",
        "Agevolazioni",
        "Under 35",
        "Recupero",
        6,
        None,
        [
            "Si chiede come recuperare l’esonero under 35 non fruito in {mese}: l’importo è di {importo} e il periodo di recupero indicato dalla circolare è già trascorso.",
            "L’esonero under 35 per {n} dipendenti non è stato conguagliato per errore. Si chiede l’autorizzazione a trasmettere flussi di regolarizzazione.",
        ]
    ),
    subject!(
        "AGE-DON-REQ",
        "Agevolazioni",
        "Donne svantaggiate",
        "Requisiti",
        3,
        None,
        [
            "L’istanza per l’assunzione della lavoratrice risulta respinta per mancanza del periodo senza impiego, che invece risulta dalle comunicazioni obbligatorie allegate.",
            "Si chiede conferma dei requisiti per l’agevolazione: la lavoratrice ha avuto un rapporto di otto giorni, cessato {il}.",
        ]
    ),
    subject!(
        "AGE-APP-ALI",
        "Agevolazioni",
        "Apprendistato",
        "Aliquota ridotta",
        4,
        None,
        [
            "Per l’apprendista confermato {il} l’aliquota ridotta per i dodici mesi successivi non viene riconosciuta e genera una differenza di {importo}.",
            "L’azienda ha fino a nove dipendenti, ma la denuncia di {mese} è stata calcolata con l’aliquota intera. Si chiede la verifica della forza aziendale.",
        ]
    ),
    subject!(
        "AGE-NAS-INC",
        "Agevolazioni",
        "Percettori NASpI",
        "Incentivo",
        2,
        None,
        [
            "È stato assunto {il} un percettore di NASpI. Si chiede l’attribuzione del codice di autorizzazione per l’incentivo, domanda prot. {prot}.",
            "L’incentivo per l’assunzione di un percettore di NASpI risulta spettante per {importo}, ma il residuo non compare nel cassetto.",
        ]
    ),
    subject!(
        "REG-DUR-IRR",
        "Regolarità",
        "DURC",
        "Irregolarità contestata",
        8,
        None,
        [
            "Il DURC {durc} riporta un’irregolarità per {mese}, ma il versamento è stato eseguito {il}. Si allega la quietanza e si chiede la definizione con esito regolare.",
            "L’irregolarità contestata deriva da una nota di rettifica già pagata {il}. L’azienda deve incassare un SAL entro pochi giorni: si chiede la chiusura dell’istruttoria.",
        ]
    ),
    subject!(
        "REG-DUR-PRE",
        "Regolarità",
        "DURC",
        "Preavviso",
        4,
        None,
        [
            "È arrivato un preavviso di irregolarità per {importo} riferito a {mese}. Si chiede il dettaglio, perché al cassetto non risultano inadempienze.",
            "Preavviso di DURC interno negativo: la rateazione è stata accolta {il} e le rate sono in regola. Si chiede l’annullamento del preavviso.",
        ]
    ),
    subject!(
        "REG-DUR-VER",
        "Regolarità",
        "DURC",
        "Verifica in corso",
        5,
        None,
        [
            "La richiesta di DURC {durc} è “in verifica” da più di dieci giorni. Si chiede la definizione: la gara scade {il_poi}.",
            "DURC in istruttoria da oltre trenta giorni. L’azienda risulta regolare con le altre gestioni; si chiede lo stato della pratica.",
        ]
    ),
    subject!(
        "REG-INV-REP",
        "Regolarità",
        "Invito a regolarizzare",
        "Replica",
        3,
        None,
        [
            "In risposta all’invito {del} si trasmettono le quietanze per {importo}. Si chiede conferma della regolarità.",
            "L’invito a regolarizzare comprende {mese2}, periodo in cui l’azienda era sospesa senza dipendenti. Si chiede la rettifica.",
        ]
    ),
    subject!(
        "DEN-UNI-VAR",
        "Denunce",
        "Uniemens",
        "Variazione",
        9,
        None,
        [
            "È stato trasmesso {il} un flusso di variazione per {mese}: il saldo del DM risulta ancora quello originario.",
            "La variazione Uniemens di {mese2} per {n} dipendenti è in stato “da validare” da più di un mese. Si chiede la lavorazione.",
        ]
    ),
    subject!(
        "DEN-UNI-SCA",
        "Denunce",
        "Uniemens",
        "Flusso scartato",
        7,
        None,
        [
            "Il flusso Uniemens di {mese} è stato scartato per “codice contratto non valido”, ma il codice è quello in tabella. Si chiede come procedere.",
            "Scarto della denuncia individuale per qualifica incongruente: il lavoratore è stato trasformato a tempo indeterminato {il}.",
        ]
    ),
    subject!(
        "DEN-UNI-OMI",
        "Denunce",
        "Uniemens",
        "Denuncia omessa",
        4,
        None,
        [
            "Risulta omessa la denuncia di {mese2}, per la quale si allega la ricevuta di trasmissione. Si chiede l’abbinamento.",
            "La denuncia di {mese} risulta mancante per la sola posizione {matr}: i dipendenti sono stati denunciati per errore sull’altra posizione dell’azienda.",
        ]
    ),
    subject!(
        "DEN-UNI-DUP",
        "Denunce",
        "Uniemens",
        "Denuncia doppia",
        3,
        None,
        [
            "Per {mese} risultano due denunce uguali, e dalla seconda nasce un debito di {importo}. Si chiede l’annullamento della denuncia doppia.",
            "Il flusso di {mese2} è stato inviato due volte per un errore della procedura paghe. Si chiede di eliminare il secondo invio.",
        ]
    ),
    subject!(
        "DEN-DMV-SQU",
        "Denunce",
        "DM virtuale",
        "Squadratura",
        4,
        None,
        [
            "Il DM virtuale di {mese} presenta una squadratura di {importo} fra imponibile e contributi. I conteggi dello studio quadrano: si allega il prospetto.",
            "Dopo l’ultima variazione il DM virtuale di {mese2} espone un debito che non si spiega. Si chiede il dettaglio per dipendente.",
        ]
    ),
    subject!(
        "DEN-SEP-COL",
        "Denunce",
        "Gestione separata",
        "Flusso collaboratori",
        3,
        None,
        [
            "Per l’amministratore il compenso di {mese} è stato denunciato con aliquota piena anziché ridotta. Il flusso correttivo {del} non risulta elaborato.",
            "I versamenti della gestione separata per il {anno} non risultano abbinati ai flussi dei collaboratori. Si allegano le deleghe F24.",
        ]
    ),
    subject!(
        "VER-F24-COM",
        "Versamenti",
        "F24",
        "Compensazione",
        6,
        None,
        [
            "Il credito di {importo} compensato con F24 {del} non risulta utilizzato, e la denuncia di {mese} compare a debito.",
            "L’F24 a saldo zero {del} non è visibile nel cassetto. Si chiede l’attribuzione alla posizione {matr}.",
        ]
    ),
    subject!(
        "VER-F24-ERR",
        "Versamenti",
        "F24",
        "Codice errato",
        5,
        None,
        [
            "Nell’F24 {del} è stata indicata per errore la matricola di un’altra azienda. Si chiede la rettifica a favore della posizione {matr}.",
            "Versamento di {importo} con causale DM10 anziché RC01. Si chiede la correzione della causale.",
        ]
    ),
    subject!(
        "VER-F24-DUP",
        "Versamenti",
        "F24",
        "Doppio versamento",
        3,
        None,
        [
            "I contributi di {mese} sono stati versati due volte, {il} e con il ravvedimento. Si chiede il riconoscimento del credito di {importo}.",
            "Doppio versamento per {mese2}: si chiede l’autorizzazione alla compensazione con la denuncia corrente.",
        ]
    ),
    subject!(
        "VER-AVB-SGR",
        "Versamenti",
        "Avviso bonario",
        "Sgravio",
        5,
        None,
        [
            "L’avviso bonario {del} chiede {importo} già versati. Si allega la quietanza e si chiede lo sgravio.",
            "Si chiede lo sgravio delle sanzioni dell’avviso bonario per {mese2}: il ritardo è dipeso dal blocco della procedura, come da comunicazione della sede.",
        ]
    ),
    subject!(
        "VER-AVB-CHI",
        "Versamenti",
        "Avviso bonario",
        "Chiarimenti",
        4,
        None,
        [
            "Si chiede il dettaglio dell’avviso bonario {del}: le voci non corrispondono ad alcuna denuncia del {anno}.",
            "L’avviso bonario per {importo} non indica il periodo. Si chiede a quali denunce si riferisca, prima della scadenza {del_poi}.",
        ]
    ),
    subject!(
        "VER-AVA-ANN",
        "Versamenti",
        "Avviso di addebito",
        "Annullamento",
        3,
        None,
        [
            "L’avviso di addebito notificato {il} riguarda un debito già rateizzato. Si chiede l’annullamento in autotutela.",
            "È stato notificato un avviso di addebito per {mese2}, periodo definito con la nota di rettifica annullata {il}. Si chiede il discarico.",
        ]
    ),
    subject!(
        "VER-RIM-IST",
        "Versamenti",
        "Rimborsi",
        "Istanza",
        3,
        None,
        [
            "L’istanza di rimborso prot. {prot} per {importo} non ha avuto seguito. L’azienda ha cessato l’attività e non può compensare.",
            "Si sollecita il rimborso dei contributi versati in eccedenza per il {anno}; l’IBAN è stato comunicato {il}.",
        ]
    ),
    subject!(
        "ANA-POS-RIA",
        "Anagrafica",
        "Posizione",
        "Riattivazione",
        4,
        None,
        [
            "La posizione {matr} è sospesa, ma l’azienda ha riassunto personale {il}. Si chiede la riattivazione con la stessa decorrenza.",
            "La domanda di riattivazione prot. {prot} è in attesa, e senza la posizione attiva non si può trasmettere l’Uniemens di {mese}.",
        ]
    ),
    subject!(
        "ANA-POS-APE",
        "Anagrafica",
        "Posizione",
        "Apertura",
        3,
        None,
        [
            "L’iscrizione della nuova unità operativa, richiesta {il}, non è ancora definita. La prima scadenza di versamento è {il_poi}.",
            "La seconda posizione è stata aperta con decorrenza errata: l’attività è iniziata {il}. Si chiede la rettifica della decorrenza.",
        ]
    ),
    subject!(
        "ANA-POS-CES",
        "Anagrafica",
        "Posizione",
        "Cessazione",
        3,
        None,
        [
            "L’ultimo dipendente è cessato {il}, ma la posizione {matr} risulta ancora attiva e genera denunce mancanti.",
            "Si chiede la cessazione della posizione per cessione dell’azienda, avvenuta {il}, come da atto allegato.",
        ]
    ),
    subject!(
        "ANA-INQ-CSC",
        "Anagrafica",
        "Inquadramento",
        "Codice CSC",
        3,
        None,
        [
            "Il codice statistico contributivo {csc} non corrisponde all’attività prevalente, come da visura allegata. Si chiede la variazione.",
            "A seguito del cambio di attività {del} si chiede il reinquadramento nel settore artigianato; l’iscrizione all’albo è allegata.",
        ]
    ),
    subject!(
        "ANA-INQ-AUT",
        "Anagrafica",
        "Inquadramento",
        "Codici autorizzazione",
        4,
        None,
        [
            "Si chiede l’attribuzione del codice di autorizzazione 0J: l’azienda supera la soglia da {mese2}.",
            "Il codice di autorizzazione richiesto {il} non compare, e il flusso di {mese} non può essere chiuso.",
        ]
    ),
    subject!(
        "ANA-DEL-SUB",
        "Anagrafica",
        "Deleghe",
        "Subentro",
        2,
        None,
        [
            "La delega è stata conferita allo studio {il}, ma per la posizione {matr} risulta ancora l’intermediario precedente.",
            "Si chiede conferma del subentro nella delega: le comunicazioni della sede arrivano ancora al vecchio consulente.",
        ]
    ),
    subject!(
        "CIG-CON-RET",
        "CIG",
        "Conguagli",
        "Note di rettifica",
        6,
        None,
        [
            "Per {mese2} è arrivata una nota di rettifica di {importo} sul conguaglio della CIG, benché l’autorizzazione sia presente. Si chiede l’annullamento.",
            "La nota di rettifica {del} non riconosce il contributo addizionale già versato. Si allega la denuncia di {mese}.",
        ]
    ),
    subject!(
        "CIG-CON-TER",
        "CIG",
        "Conguagli",
        "Termine di decadenza",
        3,
        None,
        [
            "Il conguaglio di {importo} è stato respinto per decadenza, ma l’autorizzazione è stata notificata soltanto {il}. Si chiede il ricalcolo del termine.",
            "Si chiede da quale data decorrano i sei mesi per il conguaglio: il provvedimento reca due date diverse.",
        ]
    ),
    subject!(
        "CIG-AUT-RIT",
        "CIG",
        "Autorizzazione",
        "Ritardo",
        4,
        Some(7),
        [
            "La domanda di CIG ordinaria prot. {prot} per {n} lavoratori è ancora in istruttoria. L’azienda ha già anticipato le integrazioni di {mese}.",
            "Domanda di CIGO per eventi meteo di {mese}: si chiede lo stato, i bollettini sono stati allegati.",
        ]
    ),
    subject!(
        "CIG-PAG-DIR",
        "CIG",
        "Pagamento diretto",
        "Flusso UNI41",
        3,
        None,
        [
            "I flussi UNI41 di {mese2} risultano accolti, ma {n} lavoratori non hanno ricevuto il pagamento.",
            "Il flusso UNI41 è scartato per IBAN non validato: il lavoratore ha cambiato conto {il}. Si chiede come trasmettere la correzione.",
        ]
    ),
    subject!(
        "CIG-FIS-DOM",
        "CIG",
        "Assegno di integrazione",
        "Domanda",
        3,
        None,
        [
            "La domanda di assegno di integrazione salariale prot. {prot} è stata respinta per difetto di comunicazione sindacale, che si allega.",
            "Si chiede se per la sospensione iniziata {il} la domanda vada presentata al fondo di integrazione o al fondo bilaterale.",
        ]
    ),
    subject!(
        "RAT-IST-ESI",
        "Rateazioni",
        "Istanza",
        "Esito",
        5,
        Some(7),
        [
            "L’istanza di rateazione prot. {prot} per {importo} è senza esito. L’azienda ha bisogno del DURC: si chiede la definizione.",
            "Si chiede l’esito della rateazione presentata {il}; la prima rata è stata comunque versata.",
        ]
    ),
    subject!(
        "RAT-IST-INT",
        "Rateazioni",
        "Istanza",
        "Integrazione",
        4,
        None,
        [
            "All’istanza di rateazione {del} vanno aggiunti i contributi di {mese}, scaduti nel frattempo. Si chiede come integrarla.",
            "La sede ha chiesto di integrare l’istanza: si trasmette il modello aggiornato con il debito di {importo}.",
        ]
    ),
    subject!(
        "RAT-PIA-REV",
        "Rateazioni",
        "Piano",
        "Revoca",
        3,
        None,
        [
            "Il piano risulta revocato per una rata non pagata, che invece è stata versata {il}. Si chiede la riammissione.",
            "Si chiede il riesame della revoca {del}: il ritardo della rata è stato di due giorni per un disguido della banca.",
        ]
    ),
    subject!(
        "RAT-PIA-RAT",
        "Rateazioni",
        "Piano",
        "Rata non abbinata",
        3,
        None,
        [
            "La terza rata, versata {il} per {importo}, non risulta abbinata al piano di ammortamento.",
            "Una rata del piano è stata versata con la causale sbagliata. Si chiede l’abbinamento, con la quietanza allegata.",
        ]
    ),
    subject!(
        "CON-MAL-CON",
        "Contributi",
        "Malattia",
        "Conguaglio",
        5,
        None,
        [
            "L’indennità di malattia conguagliata in {mese} non è stata riconosciuta: la nota di rettifica chiede {importo}. Il certificato è allegato.",
            "Per una ricaduta iniziata {il} il conguaglio risulta in eccedenza. Si chiede il ricalcolo dei giorni indennizzabili.",
        ]
    ),
    subject!(
        "CON-MAT-CON",
        "Contributi",
        "Maternità",
        "Conguaglio",
        4,
        None,
        [
            "Il congedo parentale all’80 % esposto in {mese} è stato riconosciuto al 30 %. La domanda della lavoratrice è stata accolta {il}.",
            "Risulta addebitata la maternità obbligatoria di {mese2}, per un importo di {importo}. Si allega il provvedimento di interdizione.",
        ]
    ),
    subject!(
        "CON-MAS-REC",
        "Contributi",
        "Massimale",
        "Recupero",
        2,
        None,
        [
            "Per un dirigente iscritto dopo il 1996 i contributi del {anno} sono stati versati oltre il massimale. Si chiede come recuperare {importo}.",
            "La dichiarazione sull’anzianità contributiva è stata resa {il}: si chiede da quale mese applicare il massimale.",
        ]
    ),
    subject!(
        "CON-TES-QUO",
        "Contributi",
        "Fondo Tesoreria",
        "Quota TFR",
        3,
        None,
        [
            "L’azienda ha superato i 50 addetti nel {anno}, e il versamento delle quote arretrate al Fondo Tesoreria risulta insufficiente per {importo}. Si allega il conteggio.",
            "La quota di TFR di {mese} per {n} lavoratori risulta doppia. Si chiede la verifica.",
        ]
    ),
    subject!(
        "CON-TES-ANT",
        "Contributi",
        "Fondo Tesoreria",
        "Anticipazione",
        2,
        None,
        [
            "Il conguaglio dell’anticipazione di TFR {del} è stato respinto per incapienza. Si chiede il pagamento diretto al lavoratore.",
            "Si chiede se l’anticipazione di {importo} possa essere conguagliata in più mesi.",
        ]
    ),
    subject!(
        "CON-ANF-ARR",
        "Contributi",
        "Assegni familiari",
        "Arretrati",
        2,
        None,
        [
            "Gli arretrati degli assegni familiari per il {anno} sono autorizzati, ma il conguaglio di {mese} è scartato.",
            "La nota di rettifica {del} annulla il conguaglio degli arretrati; si allega l’autorizzazione del lavoratore.",
        ]
    ),
    subject!(
        "CON-LIC-TIC",
        "Contributi",
        "Licenziamento",
        "Ticket",
        3,
        None,
        [
            "Il ticket di licenziamento è stato versato per un rapporto cessato {il} per dimissioni. Si chiede il recupero di {importo}.",
            "Risulta non versato il ticket per {n} cessazioni di {mese2}, che sono cambi di appalto e quindi esenti. Si allegano le lettere.",
        ]
    ),
    subject!(
        "AGR-POS-VAR",
        "Agricoltura",
        "PosAgri",
        "Variazione",
        5,
        Some(10),
        [
            "La variazione del flusso PosAgri di {mese2} per {n} operai a tempo determinato non risulta nella tariffazione.",
            "È stato trasmesso {il} un flusso di variazione PosAgri in diminuzione: si chiede il ricalcolo del trimestre.",
        ]
    ),
    subject!(
        "AGR-POS-SCA",
        "Agricoltura",
        "PosAgri",
        "Flusso scartato",
        4,
        None,
        [
            "Il flusso PosAgri di {mese} è stato scartato per CIDA non attivo, ma la denuncia aziendale è stata approvata {il}.",
            "Scarto per codice comune errato: l’azienda ha terreni in due comuni. Si chiede quale vada indicato.",
        ]
    ),
    subject!(
        "AGR-DEN-APP",
        "Agricoltura",
        "Denuncia aziendale",
        "Approvazione",
        3,
        None,
        [
            "La denuncia aziendale prot. {prot} è in attesa di approvazione, e i flussi PosAgri di {mese} non possono essere inviati.",
            "La denuncia aziendale con i nuovi terreni, presentata {il}, è stata respinta senza motivo leggibile. Si chiede il dettaglio.",
        ]
    ),
    subject!(
        "AGR-ELE-GIO",
        "Agricoltura",
        "Elenchi",
        "Giornate mancanti",
        3,
        None,
        [
            "Negli elenchi del {anno} mancano {giornate} giornate di un operaio, regolarmente denunciate in {mese2}. Si chiede la variazione d’ufficio.",
            "Le giornate di {mese} risultano attribuite a un omonimo. Si allegano le buste paga e la comunicazione di assunzione.",
        ]
    ),
];
