//! Rows: each a ticket, a refusal with its reason, a repetition, or no ticket at all.

use import::{Field, Reason};

use crate::support::{as_proposed, document, list_with, reading, ticket_with};

const HEADER: &str = "Codice;Matricola;Argomento;Data apertura;Stato\n";

fn list(rows: &[&str]) -> String {
    HEADER.to_owned() + &rows.join("\n")
}

#[test]
fn every_fault_of_a_row_is_told_with_its_column_and_what_stands_there() {
    let list = "Stato;Matricola;Codice;Data apertura;Argomento\nBoh;12;LU 1;31/11/2026;\n";
    let reading = reading(list);
    let row = &reading.refused[0];

    assert_eq!((row.row, &*row.code), (2, "LU 1"));
    let faults: Vec<_> = row
        .faults
        .iter()
        .map(|fault| {
            let column = fault.column.as_ref().unwrap();
            (
                fault.field,
                column.letters(),
                &*column.title,
                &*fault.found,
                fault.reason,
            )
        })
        .collect();
    assert_eq!(
        faults,
        [
            (Field::Code, "C".into(), "Codice", "LU 1", Reason::Malformed),
            (Field::Matricola, "B".into(), "Matricola", "12", Reason::Malformed),
            (Field::Subject, "E".into(), "Argomento", "", Reason::Missing),
            (
                Field::OpenedOn,
                "D".into(),
                "Data apertura",
                "31/11/2026",
                Reason::NoSuchDay
            ),
            (Field::State, "A".into(), "Stato", "Boh", Reason::UnknownState),
        ]
    );
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let list = "Elenco;;;;\n\n\nCodice;Matricola;Argomento;Data apertura;Stato\r\n\r\n\
        LU-1;4501234567;\"Due\nrighe\";01/12/2026;Aperta\n;;;;\nLU-2;45;Esoneri;01/12/2026;Aperta";
    let (proposal, reading) = as_proposed(&document(list));

    assert_eq!(proposal.header.row, 4);
    assert_eq!(reading.tickets[0].row, 6);
    assert_eq!(reading.refused[0].row, 8);
}

#[test]
fn a_row_that_is_there_twice_counts_once_and_is_said() {
    let reading = reading(list(&[
        "LU-1;4501234567;Esoneri;01/12/2026;Aperta",
        "LU-2;4501234567;Esoneri;01/12/2026;Aperta",
        "lu-1;450 1234567; Esoneri ;1 dic 2026;APERTA",
    ]));
    assert_eq!(reading.tickets.len(), 2);
    assert_eq!(reading.refused, []);
    let repeated: Vec<_> = reading.repeated.iter().map(|row| (row.row, row.first)).collect();
    assert_eq!(repeated, [(4, 2)]);
}

#[test]
fn rows_that_contradict_each_other_are_all_refused_in_whatever_order() {
    let rows = [
        "LU-1;4501234567;Esoneri;01/12/2026;Aperta",
        "LU-1;4501234567;Esoneri;01/12/2026;Chiusa KO",
        "LU-1;4501234567;Esoneri;01/12/2026;Aperta",
        "LU-2;4501234567;Esoneri;01/12/2026;Aperta",
    ];
    for order in [[0, 1, 2, 3], [1, 0, 2, 3], [0, 2, 1, 3], [3, 2, 1, 0]] {
        let reading = reading(list(&order.map(|at| rows[at])));
        let tickets: Vec<_> = reading.tickets.iter().map(|row| row.ticket.code.as_str()).collect();
        assert_eq!(tickets, ["LU-2"], "{order:?}");
        assert_eq!((reading.refused.len(), reading.repeated.len()), (3, 0), "{order:?}");
        for row in &reading.refused {
            let Reason::DuplicateCode { row: other } = row.faults[0].reason else {
                panic!("{row:?}");
            };
            assert_ne!(other, row.row, "a row contradicts another, not itself");
        }
    }
}

#[test]
fn totals_notes_and_headers_that_come_again_are_no_tickets() {
    let reading = reading(list(&[
        "LU-1;4501234567;Esoneri;01/12/2026;Aperta",
        "Pagina 1 di 2;;;;",
        "CODICE;MATRICOLA;ARGOMENTO;DATA APERTURA;STATO",
        "LU-2;4501234567;Esoneri;01/12/2026;Aperta",
        "Totale;2;;;",
        ";;;Tot.;2",
        "Estratto il 05/12/2026",
    ]));
    assert_eq!(reading.tickets.len(), 2);
    assert_eq!(reading.refused, []);
    let asides: Vec<_> = reading.asides.iter().map(|aside| (aside.row, &*aside.text)).collect();
    assert_eq!(
        asides,
        [
            (3, "Pagina 1 di 2"),
            (4, "CODICE"),
            (6, "Totale"),
            (7, "Tot."),
            (8, "Estratto il 05/12/2026")
        ]
    );
}

#[test]
fn a_row_with_nothing_but_its_code_is_refused_for_what_it_lacks() {
    let reading = reading(list(&["LU-1;;;;"]));
    let faults: Vec<_> = reading.refused[0]
        .faults
        .iter()
        .map(|fault| (fault.field, fault.reason))
        .collect();
    assert_eq!(
        faults,
        [
            (Field::Matricola, Reason::Missing),
            (Field::Subject, Reason::Missing),
            (Field::OpenedOn, Reason::Missing),
            (Field::State, Reason::Missing),
        ]
    );
}

#[test]
fn a_text_that_is_too_long_to_keep_is_refused_and_never_cut() {
    let cases = [
        ("Azienda", Field::CompanyName, 200),
        ("Sede", Field::Sede, 80),
        ("Argomento", Field::Subject, 300),
        ("Quesito", Field::Request, 4_000),
        ("Risposta", Field::Reply, 4_000),
    ];
    for (title, field, most) in cases {
        assert!(ticket_with(&[(title, &"è".repeat(most))]).is_ok(), "{title}");
        let refused = ticket_with(&[(title, &"è".repeat(most + 1))]).unwrap_err();
        assert_eq!(refused, [(field, Reason::TooLong { most })]);
    }
    let row = &reading(list_with(&[("Quesito", &"x".repeat(4_001))])).refused[0];
    assert_eq!(row.faults[0].found.len(), import::Fault::EXCERPT);
}

#[test]
fn three_levels_make_one_subject() {
    let subject = |area: &str, argument: &str, detail: &str| {
        let cells = [("Area", area), ("Argomento", argument), ("Dettaglio", detail)];
        ticket_with(&cells).map(|ticket| ticket.subject.to_string())
    };
    assert_eq!(subject("CIG", "Conguagli", "Note"), Ok("CIG › Conguagli › Note".into()));
    assert_eq!(subject("CIG", "", "Note"), Ok("CIG › Note".into()));
    assert_eq!(subject("", "Conguagli", "-"), Ok("Conguagli".into()));
    assert_eq!(subject("CIG", "CIG", "CIG"), Ok("CIG".into()));
    assert_eq!(subject("", "", ""), Err(vec![(Field::Subject, Reason::Missing)]));
}

#[test]
fn what_a_list_leaves_out_is_not_made_up() {
    let ticket = ticket_with(&[("Azienda", "-"), ("Sede", ""), ("Quesito", "–"), ("Risposta", "...")]).unwrap();
    assert_eq!(
        (
            ticket.company,
            ticket.company_name,
            ticket.sede,
            ticket.request,
            ticket.reply
        ),
        (None, None, None, None, None)
    );
}

#[test]
fn lines_of_a_text_stay_and_controls_go() {
    let ticket = ticket_with(&[("Quesito", "Una\r\nriga\u{7}\rtre"), ("Azienda", "Alfa\n  Beta")]).unwrap();
    assert_eq!(ticket.request.unwrap().as_str(), "Una\nriga\ntre");
    assert_eq!(ticket.company_name.unwrap().as_str(), "Alfa Beta");
}
