//! Codes as spreadsheets leave them.

use import::{Field, Reason};

use crate::support::{list_with, reading, ticket_with};

#[test]
fn a_matricola_survives_what_people_and_programs_do_to_it() {
    let cases = [
        ("4501234567", "4501234567"),
        (" 4501234567 ", "4501234567"),
        ("\u{a0}4501234567", "4501234567"),
        ("'4501234567", "4501234567"),
        ("=\"0501234567\"", "0501234567"),
        ("45 0123 4567", "4501234567"),
        ("45-01234567", "4501234567"),
        ("501234567", "0501234567"),
        ("4501234567.0", "4501234567"),
        ("\u{feff}4501234567\u{200b}", "4501234567"),
    ];
    for (written, meant) in cases {
        let ticket = ticket_with(&[("Matricola", written)]);
        assert_eq!(
            ticket.map(|ticket| ticket.position.to_string()),
            Ok(meant.into()),
            "{written}"
        );
    }
}

#[test]
fn a_rounded_number_is_refused_with_its_reason() {
    for written in ["4,50123E+09", "4.50123E+09", "4,5e+9", "5E+09"] {
        let refused = ticket_with(&[("Matricola", written)]).unwrap_err();
        assert_eq!(refused, [(Field::Matricola, Reason::Rounded)], "{written}");
    }
    let refused = ticket_with(&[("Codice fiscale", "1,23457E+09")]).unwrap_err();
    assert_eq!(refused, [(Field::Company, Reason::Rounded)]);
    let refused = ticket_with(&[("Codice", "1,23457E+12")]).unwrap_err();
    assert_eq!(refused, [(Field::Code, Reason::Rounded)]);
}

#[test]
fn what_is_no_matricola_is_refused() {
    for written in [
        "450123456A",
        "45012345678",
        "450123",
        "12",
        "quattro",
        "4501234567 4501234568",
    ] {
        let refused = ticket_with(&[("Matricola", written)]).unwrap_err();
        assert_eq!(refused, [(Field::Matricola, Reason::Malformed)], "{written}");
    }
}

#[test]
fn a_company_may_be_named_by_its_vat_number_or_a_person_by_their_code() {
    let cases = [
        ("01234567890", "01234567890"),
        ("1234567890", "01234567890"),
        ("IT01234567890", "01234567890"),
        ("it 01234567890", "01234567890"),
        ("rssmra80a01e715x", "RSSMRA80A01E715X"),
        ("RSS MRA 80A01 E715X", "RSSMRA80A01E715X"),
    ];
    for (written, meant) in cases {
        let ticket = ticket_with(&[("P.IVA", written)]);
        let company = ticket.map(|ticket| ticket.company.unwrap().to_string());
        assert_eq!(company, Ok(meant.into()), "{written}");
    }
    for nothing in ["", "-", "n.d.", "N/A"] {
        assert_eq!(ticket_with(&[("P.IVA", nothing)]).unwrap().company, None, "{nothing}");
    }
}

#[test]
fn the_code_of_a_ticket_is_kept_as_it_is_but_for_what_nobody_sees() {
    let cases = [
        ("INPS.4500.01/12/2026.0012345", "INPS.4500.01/12/2026.0012345"),
        ("lu-48213", "LU-48213"),
        ("'00048213", "00048213"),
        ("48213.0", "48213.0"),
    ];
    for (written, meant) in cases {
        let ticket = ticket_with(&[("Codice", written)]);
        assert_eq!(
            ticket.map(|ticket| ticket.code.to_string()),
            Ok(meant.into()),
            "{written}"
        );
    }
    for written in ["LU 48213", "LU#48213", "-48213", "=HYPERLINK(\"http://x\")"] {
        let refused = ticket_with(&[("Codice", written)]).unwrap_err();
        assert_eq!(refused, [(Field::Code, Reason::Malformed)], "{written}");
    }
}

#[test]
fn a_formula_in_a_text_stays_the_text_that_it_is() {
    let reading = reading(list_with(&[
        ("Azienda", "=cmd|' /C calc'!A0"),
        ("Quesito", "=WEBSERVICE(\"http://x\")"),
    ]));
    let ticket = &reading.tickets[0].ticket;
    assert_eq!(ticket.company_name.as_ref().unwrap().as_str(), "=cmd|' /C calc'!A0");
    assert_eq!(ticket.request.as_ref().unwrap().as_str(), "=WEBSERVICE(\"http://x\")");
}
