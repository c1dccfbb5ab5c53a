//! Tables of pages, as they are saved or copied.

use import::{ImportError, SourceKind, Unreadable};

use crate::support::{as_proposed, day, document, go_on, reading, refusal, tickets};

const HEADER: &str = "<tr><th>Codice</th><th>Matricola</th><th>Argomento</th><th>Data apertura</th><th>Stato</th></tr>";

fn page(rows: &str) -> String {
    format!("<!DOCTYPE html><html><body><table>{HEADER}{rows}</table></body></html>")
}

#[test]
fn a_table_of_the_page_is_read_as_it_looks() {
    let tickets = tickets(page(
        "<tr><td> LU-1\n</td><td>4501234567</td><td>Eso<b>neri</b>&nbsp;&amp; co.<br/>dal &euro; 1</td>\
         <td><span style=\"display: none\">20261201</span>1-12-26</td><td><i class=icon></i>Aperta</td></tr>",
    ));
    assert_eq!(tickets[0].code.as_str(), "LU-1");
    assert_eq!(tickets[0].subject.as_str(), "Esoneri & co. dal € 1");
    assert_eq!(tickets[0].opened_on, day(2026, 12, 1));
}

#[test]
fn tags_that_nobody_closed_end_where_they_do_in_a_browser() {
    let list = "<table><thead><tr><th>Codice<th>Matricola<th>Argomento<th>Data<th>Stato<tbody>\
        <tr><td>LU-1<td>4501234567<td><p>Esoneri<td>01/12/2026<td>Aperta\
        <tr><td>LU-2<td>4501234567<td>CIG<td>01/12/2026<td>Aperta";
    assert_eq!(tickets(list).len(), 2);
}

#[test]
fn rows_copied_without_their_table_are_one() {
    let rows = format!("{HEADER}<tr><td>LU-1<td>4501234567<td>Esoneri<td>01/12/2026<td>Aperta");
    let document = import::pasted(Some(&rows), "", go_on).unwrap();
    assert_eq!(as_proposed(&document).1.tickets.len(), 1);
}

#[test]
fn the_clipboard_of_windows_says_first_where_the_page_begins() {
    let row = "<tr><td>LU-1<td>4501234567<td>Esoneri<td>01/12/2026<td>Aperta";
    let clipboard = format!(
        "Version:0.9\r\nStartHTML:0000000105\r\nEndHTML:0000000900\r\nStartFragment:0000000141\r\nEndFragment:0000000864\r\n{}",
        page(row)
    );
    assert_eq!(tickets(clipboard).len(), 1);
}

#[test]
fn a_page_called_xls_is_a_page() {
    let row = "<tr><td>LU-1<td>4501234567<td>Esoneri<td>01/12/2026<td>Aperta";
    let saved = format!(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta charset=windows-1252>\
         <style>td {{ mso-number-format:\\@ }}</style></head>{}",
        page(row)
    );
    assert_eq!(document(&saved).source(), SourceKind::Html);
    assert_eq!(tickets(saved).len(), 1);
}

#[test]
fn cells_that_cover_others_count_for_them() {
    let reading = reading(format!(
        "<table><tr><td colspan=5>Richieste</td></tr>{HEADER}\
         <tr><td>LU-1</td><td rowspan=2>4501234567</td><td colspan=1>Esoneri</td><td>01/12/2026</td><td rowspan=3>Aperta</td></tr>\
         <tr><td>LU-2</td><td>CIG</td><td>02/12/2026</td></tr>\
         <tr><td>LU-3</td><td>4501234568</td><td>DURC</td><td>03/12/2026</td></tr></table>"
    ));
    assert_eq!(reading.refused, []);
    let rows: Vec<_> = reading
        .tickets
        .iter()
        .map(|row| (row.row, row.ticket.position.as_str(), row.ticket.subject.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (3, "4501234567", "Esoneri"),
            (4, "4501234567", "CIG"),
            (5, "4501234568", "DURC")
        ]
    );
}

#[test]
fn a_table_within_a_table_for_looks_is_the_one_that_counts() {
    let row = "<tr><td>LU-1<td>4501234567<td>Esoneri<td>01/12/2026<td>Aperta";
    let nested = format!("<table><tr><td>Menu</td><td>{}</td></tr></table>", page(row));
    assert_eq!(tickets(nested).len(), 1);
}

#[test]
fn scripts_styles_and_choices_are_no_text() {
    let tickets = tickets(page(
        "<script>document.write('<tr><td>LU-9')</script>\
         <tr><td>LU-1<script>alert('<td>')</script></td><td>4501234567<style>td{}</style></td>\
         <td>Esoneri<select><option>Altro</select><textarea><td></textarea><!-- <td> --></td>\
         <td>01/12/2026<img src=http://x/y.png onerror=alert(1)></td><td>Aperta<iframe src=http://x>no</iframe></td></tr>",
    ));
    assert_eq!(tickets.len(), 1);
    assert_eq!(tickets[0].code.as_str(), "LU-1");
    assert_eq!(tickets[0].subject.as_str(), "Esoneri");
}

#[test]
fn what_a_page_shows_as_text_stays_text() {
    let tickets = tickets(page(
        "<tr><td>LU-1<td>4501234567<td>&lt;script&gt;alert(1)&lt;/script&gt;<td>01/12/2026<td>Aperta",
    ));
    assert_eq!(tickets[0].subject.as_str(), "<script>alert(1)</script>");
}

#[test]
fn where_the_page_has_no_table_its_text_is_read() {
    let text = "Codice\tMatricola\tArgomento\tData\tStato\nLU-1\t4501234567\tEsoneri\t01/12/2026\tAperta";
    let document = import::pasted(Some("<div><div>Codice</div><div>Matricola</div></div>"), text, go_on).unwrap();
    assert!(matches!(document.source(), SourceKind::Text(_)));
    assert_eq!(as_proposed(&document).1.tickets.len(), 1);

    let nothing = import::pasted(Some("<p>Buongiorno</p>"), "Buongiorno", go_on);
    assert!(matches!(nothing, Err(ImportError::Unreadable(Unreadable::NoTable))));
}

#[test]
fn a_workbook_saved_as_xml_or_as_an_archive_of_pages_is_named_as_such() {
    let xml = "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"></Workbook>";
    assert_eq!(refusal(xml), Unreadable::OtherWorkbook);
    assert_eq!(
        refusal("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n"),
        Unreadable::OtherWorkbook
    );
}
