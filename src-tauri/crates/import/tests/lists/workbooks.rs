//! Workbooks as LibreOffice and Excel write them.

use std::io::{Cursor, Write};

use domain::portal::PortalStatus;
use domain::ticket::Outcome;
use import::{Field, Reason, SourceKind, Sureness, TextEncoding, Unreadable};
use rust_xlsxwriter::{Format, Formula, Workbook};

use crate::support::{
    as_proposed, day, document, fixture, inline, ods, packed, reading, refusal, tickets, xlsx, xlsx_parts,
};

#[test]
fn all_that_libreoffice_makes_of_a_list_is_the_same_list() {
    let mut readings = Vec::new();
    for (name, source) in [
        ("richieste.ods", SourceKind::Ods),
        ("richieste.xlsx", SourceKind::Xlsx),
        ("richieste.xls", SourceKind::Xls),
        ("richieste.html", SourceKind::Html),
    ] {
        let document = document(fixture(name));
        assert_eq!(document.source(), source);
        let (proposal, reading) = as_proposed(&document);
        assert_eq!(proposal.header.row, 3, "{name}");
        assert_eq!(proposal.missing, [], "{name}");
        readings.push((name, reading));
    }
    let document = document(fixture("richieste.csv"));
    assert!(matches!(document.source(), SourceKind::Text(kind) if kind.encoding == TextEncoding::Windows1252));
    // A text in two lines is two lines, but one row.
    readings.push(("richieste.csv", as_proposed(&document).1));

    for (name, reading) in &readings {
        assert_eq!(reading.tickets, readings[0].1.tickets, "{name}");
        let refused: Vec<_> = reading.refused.iter().map(|row| (row.row, &*row.code)).collect();
        assert_eq!(refused, [(8, "LU-48217")], "{name}");
        assert_eq!(reading.refused[0].faults[0].reason, Reason::Rounded, "{name}");
        let asides: Vec<_> = reading.asides.iter().map(|aside| (aside.row, &*aside.text)).collect();
        assert_eq!(asides, [(11, "Totale")], "{name}");
    }
}

#[test]
fn a_list_of_libreoffice_is_read_cell_by_cell() {
    let reading = reading(fixture("richieste.ods"));
    let ticket = |at: usize| &reading.tickets[at].ticket;

    assert_eq!(
        reading.tickets.iter().map(|row| row.row).collect::<Vec<_>>(),
        [4, 5, 6, 7]
    );
    assert_eq!(
        ticket(0).request.as_ref().unwrap().as_str(),
        "È possibile?\nGrazie",
        "without the note stuck to it"
    );
    assert_eq!(
        (ticket(0).opened_on, ticket(0).status),
        (day(2026, 12, 1), PortalStatus::Open)
    );
    assert_eq!(ticket(1).position.as_str(), "0512345678");
    assert_eq!(ticket(1).company.as_ref().unwrap().as_str(), "01234567891");
    assert_eq!(
        ticket(1).company_name.as_ref().unwrap().as_str(),
        "Caffè dell’Orto & C. € 2"
    );
    assert_eq!(ticket(1).opened_on, day(2026, 11, 30));
    assert_eq!(
        ticket(1).status,
        PortalStatus::Closed {
            outcome: Outcome::Ko,
            on: Some(day(2026, 12, 3))
        }
    );
    assert_eq!(ticket(2).company.as_ref().unwrap().as_str(), "RSSMRA80A01E715X");
    assert_eq!(ticket(2).status, PortalStatus::InProgress);
    assert_eq!(ticket(3).code.as_str(), "LU-48216", "a formula by its value");
    assert_eq!(ticket(3).opened_on, day(2026, 11, 20));
    assert_eq!(
        ticket(3).status,
        PortalStatus::Closed {
            outcome: Outcome::Ok,
            on: Some(day(2026, 11, 25))
        }
    );
}

#[test]
fn a_failed_formula_is_said_to_have_failed() {
    for name in ["richieste.ods", "richieste.xlsx", "richieste.xls"] {
        let reading = reading(fixture(name));
        let faults: Vec<_> = reading.refused[0]
            .faults
            .iter()
            .map(|fault| (fault.field, fault.reason))
            .collect();
        assert_eq!(
            faults,
            [
                (Field::Matricola, Reason::Rounded),
                (Field::State, Reason::FailedFormula)
            ],
            "{name}"
        );
    }
}

#[test]
fn a_hidden_sheet_is_not_read() {
    for name in ["richieste.ods", "richieste.xlsx", "richieste.xls"] {
        let document = document(fixture(name));
        let names: Vec<_> = document.tables().iter().map(|table| table.name().unwrap()).collect();
        assert_eq!(names, ["Legenda", "Richieste"], "{name}");
        assert_eq!(document.propose().unwrap().0, 1, "{name}");
    }
}

/// A list as Excel writes it, with `opened` in the column of days.
fn excel(opened: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, title) in (0..).zip(["Ticket", "Posizione", "Tema", "Data invio", "Stato"]) {
        sheet.write(0, column, title).unwrap();
    }
    sheet.write(1, 0, "LU-1").unwrap();
    sheet.write(1, 1, 123_456_789).unwrap();
    sheet.write(1, 2, "Esoneri").unwrap();
    opened(sheet);
    sheet.write(1, 4, "Chiusa OK").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_list_of_excel_is_read() {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let list = excel(|sheet| {
        sheet.write_with_format(1, 3, 46357.75, &date).unwrap();
    });
    let (proposal, reading) = as_proposed(&document(list));
    assert_eq!(proposal.sureness[&Field::Matricola], Sureness::Likely);
    let ticket = &reading.tickets[0].ticket;
    assert_eq!(ticket.position.as_str(), "0123456789");
    assert_eq!(ticket.opened_on, day(2026, 12, 1));
}

#[test]
fn a_day_is_one_in_whatever_format_excel_shows_it() {
    for format in [
        "dd/mm/yyyy",
        "d-mmm-yy",
        "[$-410]d mmmm yyyy;@",
        "dd/mm/yyyy hh:mm",
        "General",
        "0",
    ] {
        let format = Format::new().set_num_format(format);
        let list = excel(|sheet| {
            sheet.write_with_format(1, 3, 46_357.999_999_999, &format).unwrap();
        });
        // A hundredth of a millisecond before midnight is midnight.
        assert_eq!(tickets(list)[0].opened_on, day(2026, 12, 2));
    }
    let formula = excel(|sheet| {
        sheet
            .write_formula(1, 3, Formula::new("=TODAY()").set_result("46357"))
            .unwrap();
    });
    assert_eq!(
        tickets(formula)[0].opened_on,
        day(2026, 12, 1),
        "a formula by the value it had"
    );
    let compact = excel(|sheet| {
        sheet.write(1, 3, 20_261_201).unwrap();
    });
    assert_eq!(tickets(compact)[0].opened_on, day(2026, 12, 1));
}

const HEADER: [&str; 5] = ["Codice", "Matricola", "Argomento", "Data apertura", "Stato"];

/// Rows of [`xlsx`] with the usual header and one ticket, whose day is `day`.
fn sheet(day: &str) -> String {
    let header: String = HEADER.iter().map(|title| inline(title)).collect();
    let cells = [
        inline("LU-1"),
        inline("4501234567"),
        inline("Esoneri"),
        day.to_owned(),
        inline("Aperta"),
    ]
    .concat();
    format!("<row r=\"1\">{header}</row><row r=\"3\">{cells}</row>")
}

#[test]
fn days_from_1904_are_four_years_later() {
    let styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
    for (day_cell, properties) in [
        ("<c s=\"1\"><v>44895</v></c>", "date1904=\"1\""),
        ("<c><v>44895</v></c>", "date1904=\"true\""),
        ("<c s=\"1\"><v>46357</v></c>", ""),
        ("<c><v>46357</v></c>", "date1904=\"0\""),
        ("<c t=\"d\"><v>2026-12-01T10:00:00</v></c>", ""),
        ("<c t=\"str\"><f>TESTO()</f><v>1 dic 2026</v></c>", ""),
    ] {
        let reading = reading(xlsx(properties, styles, &sheet(day_cell)));
        assert_eq!(reading.refused, [], "{day_cell}");
        assert_eq!(reading.tickets[0].ticket.opened_on, day(2026, 12, 1), "{day_cell}");
        assert_eq!(reading.tickets[0].row, 3);
    }
}

#[test]
fn a_number_that_is_no_day_is_refused() {
    for number in ["0", "60", "1", "-5", "999999", "1e300", "12.5"] {
        let reading = reading(xlsx("", "", &sheet(&format!("<c><v>{number}</v></c>"))));
        let faults: Vec<_> = reading.refused[0].faults.iter().map(|fault| fault.reason).collect();
        assert_eq!(faults, [Reason::NoSuchDay], "{number}");
    }
}

#[test]
fn a_code_that_excel_made_a_number_of_is_read_as_long_as_nothing_is_lost() {
    let with = |code: &str, matricola: &str| {
        let header: String = HEADER.iter().map(|title| inline(title)).collect();
        let rest = [inline("Esoneri"), inline("01/12/2026"), inline("Aperta")].concat();
        let list = xlsx(
            "",
            "",
            &format!("<row>{header}</row><row><c><v>{code}</v></c><c><v>{matricola}</v></c>{rest}</row>"),
        );
        let mut reading = reading(list);
        match reading.tickets.pop() {
            Some(row) => Ok((row.ticket.code.to_string(), row.ticket.position.to_string())),
            None => Err(reading.refused[0]
                .faults
                .iter()
                .map(|fault| (fault.field, fault.reason))
                .collect::<Vec<_>>()),
        }
    };
    assert_eq!(with("48213", "4501234567"), Ok(("48213".into(), "4501234567".into())));
    assert_eq!(
        with("48213", "4.501234567E9"),
        Ok(("48213".into(), "4501234567".into()))
    );
    assert_eq!(with("48213", "501234567"), Ok(("48213".into(), "0501234567".into())));
    assert_eq!(
        with("1.2345678901234567E+19", "4501234567"),
        Err(vec![(Field::Code, Reason::Rounded)])
    );
    assert_eq!(
        with("1.5", "45012345.5"),
        Err(vec![
            (Field::Code, Reason::Malformed),
            (Field::Matricola, Reason::Malformed)
        ])
    );
}

#[test]
fn texts_of_excel_that_hide_characters_come_back_whole() {
    let list = excel(|sheet| {
        sheet.write(1, 3, "01/12/2026").unwrap();
        sheet.write(1, 2, "Uno\nDue & <tre> \"quattro\" è").unwrap();
    });
    assert_eq!(tickets(list)[0].subject.as_str(), "Uno Due & <tre> \"quattro\" è");
}

#[test]
fn repeated_cells_and_rows_of_libreoffice_are_repeated() {
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let header: String = HEADER.iter().map(|title| text(title)).collect();
    let row = |code: &str| {
        let cells = [
            text(code),
            text("4501234567"),
            text("Es<text:s text:c=\"3\"/>on<text:span>e</text:span>ri"),
        ]
        .concat();
        let day = "<table:table-cell office:value-type=\"date\" office:date-value=\"2026-12-01T08:00:00\"><text:p>ieri</text:p></table:table-cell>";
        format!("{cells}{day}{}", text("Aperta"))
    };
    let list = ods(&format!(
        "<table:table table:name=\"A\"><table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>\
         <table:table-header-rows><table:table-row>{header}</table:table-row></table:table-header-rows>\
         <table:table-row table:number-rows-repeated=\"2\">{}</table:table-row>\
         <table:table-row>{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>",
        row("LU-1"),
        row("LU-2"),
    ));
    let reading = reading(list);
    let rows: Vec<_> = reading.tickets.iter().map(|row| row.row).collect();
    assert_eq!(rows, [5, 7]);
    assert_eq!(
        reading
            .repeated
            .iter()
            .map(|row| (row.row, row.first))
            .collect::<Vec<_>>(),
        [(6, 5)]
    );
    assert_eq!(reading.tickets[0].ticket.subject.as_str(), "Es oneri");
    assert_eq!(reading.tickets[0].ticket.opened_on, day(2026, 12, 1));
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn workbooks_that_a_password_protects_are_named_as_such() {
    assert_eq!(
        refusal(compound(&[("/EncryptedPackage", b"...")])),
        Unreadable::Encrypted
    );
    let old = [
        &b"\x09\x08\x10\0\0\x06\x05\0\0\0\0\0\0\0\0\0\0\0\0\0"[..],
        b"\x2f\0\x06\0\0\0\x01\0\x01\0",
    ]
    .concat();
    assert_eq!(refusal(compound(&[("/Workbook", &old)])), Unreadable::Encrypted);
    let open = packed([
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", "\u{1}\u{2}"),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest=\"m\"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
        ),
    ]);
    assert_eq!(refusal(open), Unreadable::Encrypted);
}

#[test]
fn other_files_of_office_and_archives_are_named_as_such() {
    assert_eq!(
        refusal(compound(&[("/WordDocument", b"...")])),
        Unreadable::OfficeDocument
    );
    assert_eq!(refusal(compound(&[("/Book", b"...")])), Unreadable::OtherWorkbook);
    assert_eq!(
        refusal(packed([("[Content_Types].xml", ""), ("word/document.xml", "")])),
        Unreadable::OfficeDocument
    );
    assert_eq!(
        refusal(packed([("[Content_Types].xml", ""), ("xl/workbook.bin", "")])),
        Unreadable::OtherWorkbook
    );
    assert_eq!(
        refusal(packed([
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", "")
        ])),
        Unreadable::OfficeDocument
    );
    assert_eq!(
        refusal(packed([("richieste.csv", "Codice;Matricola\n")])),
        Unreadable::Archive
    );
    assert_eq!(refusal(packed::<&str, &str>([])), Unreadable::Archive);
}

#[test]
fn a_workbook_without_a_part_that_it_names_is_damaged() {
    let mut parts = xlsx_parts("", "", &sheet("<c/>"));
    parts.retain(|(name, _)| *name != "xl/worksheets/sheet1.xml");
    assert_eq!(refusal(packed(parts)), Unreadable::Damaged);
}
