//! What several of the tests need.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::NaiveDate;
use domain::portal::PortalTicket;
use import::{Document, Field, ImportError, Progress, Proposal, Reading, Reason, Unreadable};

/// The day on which these tests take place.
pub(crate) fn today() -> NaiveDate {
    day(2026, 12, 10)
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A watcher that lets everything go on.
pub(crate) fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub(crate) fn document(bytes: impl AsRef<[u8]>) -> Document {
    import::read(bytes.as_ref(), go_on).unwrap()
}

/// Why `bytes` are refused whole.
pub(crate) fn refusal(bytes: impl AsRef<[u8]>) -> Unreadable {
    let refused = import::read(bytes.as_ref(), go_on).and_then(|document| document.propose());
    match refused {
        Err(ImportError::Unreadable(why)) => why,
        other => panic!("should be refused, but: {other:?}"),
    }
}

/// Reads a document as it is proposed.
pub(crate) fn as_proposed(document: &Document) -> (Proposal, Reading) {
    let (table, proposal) = document.propose().unwrap();
    let table = &document.tables()[table];
    let reading = import::read_rows(table, &proposal.header, &proposal.mapping, today(), go_on).unwrap();
    (proposal, reading)
}

/// Reads bytes as they are proposed.
pub(crate) fn reading(bytes: impl AsRef<[u8]>) -> Reading {
    as_proposed(&document(bytes)).1
}

/// The tickets of a list in which every row is one.
pub(crate) fn tickets(bytes: impl AsRef<[u8]>) -> Vec<PortalTicket> {
    let reading = reading(bytes);
    assert_eq!(reading.refused, []);
    reading.tickets.into_iter().map(|row| row.ticket).collect()
}

/// Columns of [`list_with`], beside the one that a case is about.
const COLUMNS: [(&str, &str); 5] = [
    ("Codice", "LU-1"),
    ("Matricola", "4501234567"),
    ("Argomento", "Esoneri"),
    ("Data apertura", "01/12/2026"),
    ("Stato", "Aperta"),
];

/// A list of one ticket, in which some columns are written otherwise, or stand beside the usual ones.
pub(crate) fn list_with(cells: &[(&str, &str)]) -> String {
    let mut columns: Vec<(&str, &str)> = COLUMNS.to_vec();
    for (title, cell) in cells {
        match columns.iter_mut().find(|(other, _)| other == title) {
            Some((_, usual)) => *usual = cell,
            None => columns.push((title, cell)),
        }
    }
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let titles: Vec<_> = columns.iter().map(|(title, _)| quoted(title)).collect();
    let cells: Vec<_> = columns.iter().map(|(_, cell)| quoted(cell)).collect();
    format!("{}\n{}\n", titles.join(";"), cells.join(";"))
}

/// The one ticket of [`list_with`], or what can't be taken of it.
pub(crate) fn ticket_with(cells: &[(&str, &str)]) -> Result<PortalTicket, Vec<(Field, Reason)>> {
    let mut reading = reading(list_with(cells));
    match (reading.tickets.pop(), reading.refused.pop()) {
        (Some(ticket), None) => Ok(ticket.ticket),
        (None, Some(row)) => Err(row.faults.iter().map(|fault| (fault.field, fault.reason)).collect()),
        other => panic!("one row is a ticket or refused, but: {other:?}"),
    }
}

/// A file that LibreOffice wrote, or its source.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A ZIP archive of those parts.
pub(crate) fn packed<N: AsRef<str>, C: AsRef<[u8]>>(parts: impl IntoIterator<Item = (N, C)>) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        archive.start_file(name.as_ref(), stored).unwrap();
        archive.write_all(content.as_ref()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook of Excel with one sheet: the attributes of its `workbookPr`, its styles, and its `sheetData`.
pub(crate) fn xlsx(properties: &str, styles: &str, rows: &str) -> Vec<u8> {
    let parts = xlsx_parts(properties, styles, rows);
    packed(parts)
}

pub(crate) fn xlsx_parts(properties: &str, styles: &str, rows: &str) -> Vec<(&'static str, String)> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    vec![
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{LINKS}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{LINKS}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{LINKS}/styles\" Target=\"styles.xml\"/>\
                 </Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><workbookPr {properties}/><sheets><sheet name=\"Richieste\" \
                 sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/styles.xml",
            format!("<styleSheet xmlns=\"{MAIN}\">{styles}</styleSheet>"),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ]
}

/// A cell of [`xlsx`] whose text stands in itself.
pub(crate) fn inline(text: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A workbook of LibreOffice with what stands in its `office:spreadsheet`.
pub(crate) fn ods(content: &str) -> Vec<u8> {
    const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";
    packed([
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        (
            "content.xml",
            format!(
                "<office:document-content xmlns:office=\"{NAMES}:office:1.0\" xmlns:table=\"{NAMES}:table:1.0\" \
                 xmlns:text=\"{NAMES}:text:1.0\"><office:body><office:spreadsheet>{content}</office:spreadsheet>\
                 </office:body></office:document-content>"
            ),
        ),
    ])
}
