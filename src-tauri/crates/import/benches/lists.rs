//! How long a list of fifty thousand tickets takes, from the bytes of a file to its tickets.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use divan::Bencher;

const ROWS: u32 = 50_000;
const TITLES: [&str; 12] = [
    "Protocollo",
    "Matricola",
    "Codice fiscale",
    "Ragione sociale",
    "Sede",
    "Argomento",
    "Data apertura",
    "Ultimo aggiornamento",
    "Stato",
    "Esito",
    "Quesito",
    "Risposta",
];

fn main() {
    divan::main();
}

fn row(number: u32) -> [String; 12] {
    let closed = number.is_multiple_of(3);
    [
        format!("LU-{number}"),
        format!("{:010}", 4_500_000_000_u64 + u64::from(number)),
        format!("{:011}", 1_234_567_000 + number),
        format!("Azienda numero {number} di Società & figli S.r.l."),
        "Lucca".into(),
        "Agevolazioni › Esoneri › Domanda respinta".into(),
        format!("{:02}/{:02}/2025 09:30", 1 + number % 28, 1 + number % 12),
        if closed { "31/12/2025".into() } else { String::new() },
        if closed { "Chiusa" } else { "In carico" }.into(),
        if closed { "KO" } else { "" }.into(),
        "Si chiede di riesaminare la domanda: la documentazione è stata inviata due volte. ".repeat(3),
        if closed {
            "Manca il DURC.".repeat(5)
        } else {
            String::new()
        },
    ]
}

fn rows() -> impl Iterator<Item = [String; 12]> {
    std::iter::once(TITLES.map(String::from)).chain((0..ROWS).map(row))
}

fn tickets(bytes: &[u8]) -> usize {
    let go_on = |_| ControlFlow::Continue(());
    let today = NaiveDate::from_ymd_opt(2026, 12, 10).expect("a day");
    let document = import::read(bytes, go_on).expect("a list");
    let (table, proposal) = document.propose().expect("a header");
    let table = &document.tables()[table];
    let reading = import::read_rows(table, &proposal.header, &proposal.mapping, today, go_on).expect("not called off");
    assert_eq!(reading.refused, []);
    reading.tickets.len()
}

fn measure(bencher: Bencher<'_, '_>, bytes: &[u8]) {
    assert_eq!(tickets(bytes), 50_000);
    bencher.bench(|| tickets(bytes));
}

#[divan::bench(sample_count = 10)]
fn text(bencher: Bencher<'_, '_>) {
    let lines: String = rows().map(|row| row.join(";") + "\r\n").collect();
    measure(bencher, lines.as_bytes());
}

#[divan::bench(sample_count = 10)]
fn page(bencher: Bencher<'_, '_>) {
    let rows: String = rows()
        .map(|row| format!("<tr><td>{}</td></tr>\n", row.join("</td><td>")))
        .collect();
    measure(bencher, format!("<table>{rows}</table>").as_bytes());
}

#[divan::bench(sample_count = 10)]
fn excel(bencher: Bencher<'_, '_>) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (number, row) in (0..).zip(rows()) {
        for (column, cell) in (0..).zip(row) {
            sheet.write(number, column, cell).expect("within a sheet");
        }
    }
    measure(bencher, &book.save_to_buffer().expect("a workbook"));
}

#[divan::bench(sample_count = 10)]
fn open_document(bencher: Bencher<'_, '_>) {
    use std::io::Write;
    let cell = |cell: &String| {
        format!(
            "<table:table-cell office:value-type=\"string\" calcext:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"
        )
    };
    let rows: String = rows()
        .map(|row| {
            let cells: String = row.iter().map(|text| cell(&text.replace('&', "&amp;"))).collect();
            format!("<table:table-row table:style-name=\"ro1\">{cells}</table:table-row>")
        })
        .collect();
    let content =
        format!("<office:spreadsheet><table:table table:name=\"A\">{rows}</table:table></office:spreadsheet>");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
    ] {
        let fast = zip::write::SimpleFileOptions::default().compression_level(Some(1));
        archive.start_file(name, fast).expect("a part");
        archive.write_all(content.as_bytes()).expect("its content");
    }
    measure(bencher, &archive.finish().expect("an archive").into_inner());
}
