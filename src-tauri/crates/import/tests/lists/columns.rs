//! Which column is which: by name, by what stands below, by hand.

use std::collections::BTreeMap;

use import::{Field, HeaderKey, Mapping, Proposal, Sureness};

use crate::support::{as_proposed, day, document, go_on, today};

const ROW: &str = "LU-1;4501234567;01234567890;Alfa;Lucca;Esoneri;01/12/2026;Aperta\n";

fn proposal(header: &str, rows: &str) -> Proposal {
    document(format!("{header}\n{rows}")).tables()[0].propose().unwrap()
}

/// The titles of the columns that stand for each field.
fn titles(proposal: &Proposal) -> BTreeMap<Field, &str> {
    let mapping = proposal.mapping.columns.iter();
    mapping
        .map(|(field, name)| (*field, &*proposal.header.column(name).unwrap().title))
        .collect()
}

#[test]
fn columns_are_known_by_the_names_that_lists_give_them() {
    let names = [
        (
            Field::Code,
            "Protocollo|N. protocollo|Numero richiesta|N° richiesta|Codice|Codice richiesta|Ticket|ID ticket|N.ro ticket|\
             Identificativo richiesta|PROT_INPS|Prot. INPS|numeroRichiesta|Cod. richiesta|Codice comunicazione",
        ),
        (
            Field::Matricola,
            "Matricola|MATRICOLA INPS|Matr. INPS|Matricola azienda|N. matricola|Posizione contributiva|Pos. contributiva|\
             Matricola aziendale|Posizione INPS|Matricola Uniemens",
        ),
        (
            Field::Company,
            "Codice fiscale|Cod. Fisc.|C.F.|CF|CF azienda|P.IVA|Partita IVA|CF/P.IVA|Codice Fiscale / Partita IVA|codiceFiscale|\
             Codice fiscale azienda|C.F. ditta",
        ),
        (
            Field::CompanyName,
            "Azienda|Ragione sociale|RAGIONE_SOCIALE|Rag. Soc.|Denominazione|Denominazione azienda|Ditta|Cliente|\
             Datore di lavoro|Nome azienda|Società",
        ),
        (
            Field::Sede,
            "Sede|Sede INPS|Sede competente|Ufficio|Sede di competenza|Struttura territoriale|Agenzia INPS|Descrizione sede",
        ),
        (
            Field::Subject,
            "Argomento|Oggetto|Materia|Oggetto della richiesta|Tematica|Argomento richiesta",
        ),
        (Field::SubjectArea, "Area|Area tematica|Macroarea|Livello 1"),
        (
            Field::SubjectDetail,
            "Dettaglio|Sottoargomento|Dettaglio argomento|Livello 3",
        ),
        (
            Field::OpenedOn,
            "Data apertura|Data di apertura|DATA_APERTURA|Dt. apertura|Data invio|Inserita il|Inviata il|Aperta il|Apertura|\
             Data inserimento|Data richiesta|Data creazione|Data e ora di invio|Data presentazione|Data protocollo",
        ),
        (Field::ReopenedOn, "Data riapertura|Riaperta il"),
        (
            Field::State,
            "Stato|STATO|Stato richiesta|Stato della richiesta|Stato lavorazione|Stato pratica|Stato/Esito",
        ),
        (
            Field::Outcome,
            "Esito|Esito richiesta|Esito finale|Esito della risposta",
        ),
        (
            Field::ClosedOn,
            "Data chiusura|Chiusa il|Data definizione|Data risposta|Data evasione",
        ),
        (
            Field::UpdatedOn,
            "Ultimo aggiornamento|Data ultimo aggiornamento|Ultima modifica|Data aggiornamento|Aggiornata il|Data ultima modifica",
        ),
        (
            Field::Request,
            "Quesito|Testo del quesito|Testo richiesta|Testo della richiesta|Messaggio|Descrizione della richiesta",
        ),
        (
            Field::Reply,
            "Risposta|Risposta sede|Testo risposta|Ultima risposta|Risposta dell'operatore|Note operatore",
        ),
    ];
    for (field, names) in names {
        for name in names.split('|') {
            // Beside a column of another field, so that there is a header at all.
            let beside = if field == Field::Matricola { "Sede" } else { "Matricola" };
            let proposal = proposal(&format!("{name};{beside};x"), "\n");
            assert_eq!(
                titles(&proposal).get(&field),
                Some(&name),
                "{name}: {:?}",
                titles(&proposal)
            );
            assert_eq!(proposal.sureness[&field], Sureness::Certain, "{name}");
        }
    }
}

#[test]
fn what_sounds_alike_is_not_taken_for_it() {
    let others = "Matricola dipendente|Codice fiscale delegato|Sede legale|Codice sede|Codice cliente|Codice azienda|\
                  Data di nascita|Data appuntamento|Data scadenza|Stato civile|Note|Telefono|PEC|Giorni di giacenza|N. allegati";
    for name in others.split('|') {
        let proposal = proposal(&format!("{name};Protocollo;Matricola"), "\n");
        assert!(
            !titles(&proposal).values().any(|title| *title == name),
            "{name}: {:?}",
            titles(&proposal)
        );
    }
}

#[test]
fn the_better_of_two_columns_is_taken() {
    let row = "1;LU-1;4501234567;777;Esoneri;01/12/2026;Aperta\n2;LU-2;4501234568;778;CIG;02/12/2026;Chiusa KO\n";
    let proposal = proposal("N.;Protocollo;Matricola;Matr.;Oggetto;Data;Stato", row);
    assert_eq!(titles(&proposal)[&Field::Code], "Protocollo");
    assert_eq!(titles(&proposal)[&Field::Matricola], "Matricola");
    assert_eq!(
        proposal.sureness[&Field::OpenedOn],
        Sureness::Likely,
        "any day could be called so"
    );
    assert_eq!(proposal.missing, []);
}

#[test]
fn what_stands_below_tells_columns_that_no_name_tells() {
    let proposal = proposal(
        "Protocollo;Oggetto;Campo1;Campo2;Campo3",
        "LU-1;Esoneri;01/12/2026;In carico;4501234567\n",
    );
    let guessed: Vec<_> = [Field::OpenedOn, Field::State, Field::Matricola]
        .map(|field| titles(&proposal)[&field])
        .into();
    assert_eq!(guessed, ["Campo1", "Campo2", "Campo3"]);
    assert_eq!(proposal.sureness[&Field::State], Sureness::Guess);
    assert_eq!(proposal.missing, []);
}

#[test]
fn two_columns_of_days_without_a_name_are_left_to_the_person() {
    let proposal = proposal(
        "Protocollo;Matricola;Oggetto;Stato;A;B",
        "LU-1;4501234567;CIG;Aperta;01/12/2026;02/12/2026\n",
    );
    assert_eq!(proposal.missing, [Field::OpenedOn]);
}

#[test]
fn a_header_is_the_same_whatever_its_case_spaces_accents_and_order() {
    let key = |header: &str| proposal(header, "\n").key;
    let this = key("Codice;Matricola;Società;Data apertura");

    assert_eq!(this, key("SOCIETA;data_apertura;codice;Matricola "));
    assert_eq!(this, key("Codice;Matricola;Società;Data apertura;"));
    assert_eq!(this, key("Dataapertura;Codice;Matricola;Società"));
    assert_ne!(this, key("Codice;Matricola;Società;Data chiusura"));
    assert_ne!(this, key("Codice;Matricola;Società;Data apertura;Stato"));
    let kept: HeaderKey = serde_json::from_str(&serde_json::to_string(&this).unwrap()).unwrap();
    assert_eq!(kept, this);
    assert_eq!(this.as_str().len(), 64);
}

#[test]
fn a_mapping_made_by_hand_serves_for_the_next_list_whose_columns_stand_otherwise() {
    let first = document("Rif;Pos;Cosa;Il;Come;Sede\nLU-1;4501234567;Esoneri;01/12/2026;Aperta;Lucca\n");
    let table = &first.tables()[0];
    let proposal = table.propose_at(1).unwrap();
    let mut mapping = proposal.mapping.clone();
    for (title, field) in [
        ("Rif", Field::Code),
        ("Pos", Field::Matricola),
        ("Cosa", Field::Subject),
        ("Il", Field::OpenedOn),
        ("Come", Field::State),
    ] {
        let column = proposal
            .header
            .columns
            .iter()
            .find(|column| column.title == title)
            .unwrap();
        mapping.assign(&column.name, Some(field));
    }
    assert_eq!(mapping.missing(&proposal.header), []);
    let kept = serde_json::to_string(&mapping).unwrap();

    let next = document("COME;COSA;SEDE;IL;POS;RIF\nIn carico;CIG;Lucca;02/12/2026;4501234568;LU-2\n");
    let table = &next.tables()[0];
    let again = table.propose_at(1).unwrap();
    assert_eq!(again.key, proposal.key);
    let kept: Mapping = serde_json::from_str(&kept).unwrap();
    let reading = import::read_rows(table, &again.header, &kept, today(), go_on).unwrap();
    let ticket = &reading.tickets[0].ticket;
    assert_eq!((ticket.code.as_str(), ticket.opened_on), ("LU-2", day(2026, 12, 2)));
}

#[test]
fn a_column_stands_for_one_field_and_a_field_for_one_column() {
    let proposal = proposal("Codice;Matricola;CF;Azienda;Sede;Argomento;Data;Stato", ROW);
    let column = |title: &str| {
        proposal
            .header
            .columns
            .iter()
            .find(|column| column.title == title)
            .unwrap()
    };
    let mut mapping = proposal.mapping.clone();

    mapping.assign(&column("Azienda").name, Some(Field::Reply));
    assert_eq!(mapping.field_of(&column("Azienda").name), Some(Field::Reply));
    assert_eq!(mapping.columns.get(&Field::CompanyName), None);

    mapping.assign(&column("Sede").name, Some(Field::Reply));
    assert_eq!(mapping.field_of(&column("Azienda").name), None);

    mapping.assign(&column("Stato").name, None);
    assert_eq!(mapping.missing(&proposal.header), [Field::State]);
}

#[test]
fn columns_of_one_title_and_columns_without_are_told_apart() {
    let proposal = proposal(
        "Protocollo;Data;Data;;Matricola;Stato;;",
        "LU-1;01/12/2026;02/12/2026;x;4501234567;Aperta;;\n",
    );
    let columns: Vec<_> = proposal
        .header
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.letters()))
        .collect();
    let expected = [
        ("protocollo", "A"),
        ("data", "B"),
        ("data#2", "C"),
        ("#d", "D"),
        ("matricola", "E"),
        ("stato", "F"),
    ];
    assert_eq!(columns, expected.map(|(name, letters)| (name, letters.to_owned())));
}

#[test]
fn samples_show_what_stands_in_a_column() {
    let document = document(
        "Codice;Matricola;Stato\nLU-1;4501234567;Aperta\nLU-2;4501234567;\nLU-3;4501234567;Aperta\nLU-4;4501234567;Chiusa\n",
    );
    let table = &document.tables()[0];
    let header = table.propose().unwrap().header;
    assert_eq!(table.samples(&header, &header.columns[2], 5), ["Aperta", "Chiusa"]);
    assert_eq!(table.samples(&header, &header.columns[0], 2), ["LU-1", "LU-2"]);
}

#[test]
fn a_column_left_out_by_hand_spoils_no_row() {
    let document = document("Codice;Matricola;Argomento;Data;Stato;CF\nLU-1;4501234567;CIG;01/12/2026;Aperta;12\n");
    let (proposal, before) = as_proposed(&document);
    assert_eq!(before.refused.len(), 1);

    let mut mapping = proposal.mapping.clone();
    mapping.columns.remove(&Field::Company);
    let after = import::read_rows(&document.tables()[0], &proposal.header, &mapping, today(), go_on).unwrap();
    assert_eq!((after.tickets.len(), after.refused.len()), (1, 0));
}
