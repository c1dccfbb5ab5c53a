//! What holds whatever the list.

use import::{Cell, Document, Field};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{as_proposed, document, go_on, ods};

const HEADER: [&str; 6] = [
    "Protocollo",
    "Matricola",
    "Ragione sociale",
    "Oggetto",
    "Data apertura",
    "Stato",
];

/// What may stand in a cell of any kind of list: no white space around it, and single spaces within.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(String::new()),
        3 => "[A-Za-z0-9àèìòùÀÈ€ .,;:'\"<>&|/()\\[\\]=+\\-]{1,24}",
        1 => "(LU-[0-9]{1,5}|[0-9]{8,11}|[0-3]?[0-9]/1?[0-9]/2026|Aperta|Chiusa KO|In carico)",
    ]
    .prop_map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    vec(vec(cell(), HEADER.len()), 0..12).prop_map(|rows| {
        let header = HEADER.map(String::from).to_vec();
        std::iter::once(header).chain(rows).collect()
    })
}

/// Rows with their numbers, without what is empty.
type Rows = Vec<(u32, Vec<String>)>;

fn filled(rows: impl IntoIterator<Item = (u32, Vec<String>)>) -> Rows {
    rows.into_iter()
        .map(|(number, mut cells)| {
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            (number, cells)
        })
        .filter(|(_, cells)| !cells.is_empty())
        .collect()
}

fn rows_of(document: &Document) -> Rows {
    let rows = document.tables()[0].rows();
    filled(rows.map(|row| {
        (
            row.number,
            row.cells.iter().map(|cell| cell.shown().into_owned()).collect(),
        )
    }))
}

fn delimited(table: &[Vec<String>], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_writer(Vec::new());
    for row in table {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn page(table: &[Vec<String>]) -> String {
    let row = |row: &Vec<String>| {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>\n", escaped(cell))).collect();
        format!("<tr>\n{cells}</tr>\n")
    };
    format!("<table>{}</table>", table.iter().map(row).collect::<String>())
}

fn workbook(table: &[Vec<String>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (number, row) in (0..).zip(table) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(number, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn open_document(table: &[Vec<String>]) -> Vec<u8> {
    let cell = |cell: &String| match cell.as_str() {
        "" => "<table:table-cell/>".to_owned(),
        text => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
            escaped(text)
        ),
    };
    let row = |row: &Vec<String>| {
        format!(
            "<table:table-row>{}</table:table-row>",
            row.iter().map(cell).collect::<String>()
        )
    };
    ods(&format!(
        "<table:table table:name=\"A\">{}</table:table>",
        table.iter().map(row).collect::<String>()
    ))
}

/// How files of every kind begin.
const BEGINNINGS: &[&[u8]] = &[
    b"",
    b"PK\x03\x04",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"sep=",
    b"<table><tr><td>",
    b"Version:0.9\r\nStartHTML:1\r\n",
    b"Codice;Matricola;Stato;Data;Oggetto\n",
];

/// A ticket as a row; some have a state that nobody knows.
fn ticket(code: u32) -> impl Strategy<Value = String> {
    (
        0_u64..10_000_000_000,
        prop_oneof![Just("Alfa srl"), Just("Caffè"), Just("")],
        1_u32..=28,
        prop_oneof![
            Just("Aperta"),
            Just("In carico"),
            Just("Chiusa KO"),
            Just("Annullata"),
            Just("Boh")
        ],
    )
        .prop_map(move |(matricola, company, day, state)| {
            format!("LU-{code};{matricola:010};{company};Esoneri;{day:02}/11/2026;{state}")
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_table_comes_back_as_it_was_written_whatever_it_is_written_as(table in table()) {
        let expected = filled((1..).zip(table.clone()));
        for delimiter in [b';', b',', b'\t', b'|'] {
            let read = document(delimited(&table, delimiter));
            prop_assert_eq!(&rows_of(&read), &expected, "{}", char::from(delimiter));
        }
        prop_assert_eq!(&rows_of(&document(page(&table))), &expected);
        prop_assert_eq!(&rows_of(&document(workbook(&table))), &expected);
        prop_assert_eq!(&rows_of(&document(open_document(&table))), &expected);
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing_that_is_recognised(
        rows in (1_u32..20).prop_flat_map(|count| (0..count).map(ticket).collect::<Vec<_>>()),
        title in prop_oneof![Just("Stato"), Just("Campo")],
        seed in any::<u64>(),
    ) {
        let list = |rows: &[String]| {
            format!("Elenco;;;;;\nProtocollo;Matricola;Società;Oggetto;Inserita il;{title}\n{}\n", rows.join("\n"))
        };
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| row.bytes().fold(seed, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())));
        let (proposal, mut reading) = as_proposed(&document(list(&rows)));
        let (other_proposal, mut other) = as_proposed(&document(list(&shuffled)));

        prop_assert_eq!(&proposal, &other_proposal);
        prop_assert!(proposal.mapping.columns.contains_key(&Field::Code));
        let sorted = |reading: &mut import::Reading| {
            let mut tickets: Vec<_> = reading.tickets.drain(..).map(|row| row.ticket).collect();
            tickets.sort_by(|one, other| one.code.cmp(&other.code));
            let mut refused: Vec<_> = reading.refused.drain(..).map(|row| (row.code, row.faults)).collect();
            refused.sort_by(|one, other| one.0.cmp(&other.0));
            (tickets, refused)
        };
        prop_assert_eq!(sorted(&mut reading), sorted(&mut other));
    }

    #[test]
    fn every_row_below_the_header_is_accounted_for_once(table in table()) {
        let document = document(delimited(&table, b';'));
        let (proposal, reading) = as_proposed(&document);
        let mut told: Vec<u32> = Vec::new();
        told.extend(reading.tickets.iter().map(|row| row.row));
        told.extend(reading.refused.iter().map(|row| row.row));
        told.extend(reading.repeated.iter().map(|row| row.row));
        told.extend(reading.asides.iter().map(|row| row.row));
        told.sort_unstable();
        let below = document.tables()[0].rows().map(|row| row.number).filter(|row| *row > proposal.header.row);
        prop_assert_eq!(told, below.collect::<Vec<_>>());
        for row in &reading.refused {
            prop_assert!(!row.faults.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read_or_refused(
        beginning in proptest::sample::select(BEGINNINGS),
        rest in prop_oneof![vec(any::<u8>(), 0..600), "[;,\t|\"\n\ra-z<>/&=0-9 ]{0,600}".prop_map(String::into_bytes)],
    ) {
        let bytes = [beginning, rest.as_slice()].concat();
        if let Ok(document) = import::read(&bytes, go_on) {
            for table in document.tables() {
                prop_assert!(table.rows().all(|row| row.cells.last().is_some_and(|cell| !cell.is_empty())));
                let numbers: Vec<_> = table.rows().map(|row| row.number).collect();
                prop_assert!(numbers.is_sorted_by(|one, next| one < next));
            }
            if document.propose().is_ok() {
                as_proposed(&document);
            }
        }
    }

    #[test]
    fn any_text_in_any_cell_is_taken_or_refused(texts in vec(any::<String>(), 16), first in any::<String>()) {
        let titles = "Codice;Matricola;CF;Azienda;Sede;Area;Argomento;Dettaglio;Data apertura;Riaperta il;Stato;Esito;Data chiusura;\
                      Ultima modifica;Quesito;Risposta";
        let mut list = titles.split(';').map(str::to_owned).collect::<Vec<_>>();
        list[0] = "Codice".into();
        let table = vec![list, texts, vec![first]];
        let (_, reading) = as_proposed(&document(delimited(&table, b';')));
        for row in &reading.refused {
            prop_assert!(row.faults.iter().all(|fault| fault.found.chars().count() <= import::Fault::EXCERPT));
        }
    }

    #[test]
    fn any_text_that_is_pasted_is_read_or_refused(html in proptest::option::of(any::<String>()), text in any::<String>()) {
        if let Ok(document) = import::pasted(html.as_deref(), &text, go_on) {
            prop_assert!(document.tables().iter().all(|table| table.rows().all(|row| row.cells.iter().any(|cell| *cell != Cell::Empty))));
        }
    }
}
