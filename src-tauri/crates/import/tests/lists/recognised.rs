//! What is recognised by itself.

use domain::portal::PortalStatus;
use domain::ticket::Outcome;
use import::{Field, SourceKind, Sureness};

use crate::support::{as_proposed, day, document, reading, tickets};

const PORTAL: &str = "\
Protocollo;Matricola;Codice Fiscale;Ragione sociale;Sede INPS;Area;Argomento;Dettaglio;Data apertura;Stato;Esito;Data chiusura;Quesito;Risposta
INPS.4500.0012345;4501234567;01234567890;Alfa srl;Lucca;Agevolazioni;Esoneri;Domanda respinta;01/12/2026 09:30;Aperta;;;Perché?;
INPS.4500.0012346;4501234568;01234567891;\"Beta; figli\";Lucca;CIG;Conguagli;Note di rettifica;1 dic 2026;Chiusa;KO;03.12.2026;\"Due
righe\";Vedi sopra
";

#[test]
fn a_list_of_the_portal_needs_no_hand() {
    let (proposal, reading) = as_proposed(&document(PORTAL.as_bytes()));

    assert_eq!(proposal.missing, []);
    assert!(
        proposal.sureness.values().all(|sure| *sure == Sureness::Certain),
        "{:?}",
        proposal.sureness
    );
    assert_eq!(proposal.mapping.columns.len(), 14);
    assert_eq!(reading.refused, []);
    let tickets: Vec<_> = reading.tickets.iter().map(|row| (row.row, &row.ticket)).collect();
    let (row, first) = tickets[0];
    assert_eq!(row, 2);
    assert_eq!(first.subject.as_str(), "Agevolazioni › Esoneri › Domanda respinta");
    assert_eq!((first.opened_on, first.status), (day(2026, 12, 1), PortalStatus::Open));
    let (row, second) = tickets[1];
    assert_eq!(row, 3);
    assert_eq!(second.company_name.as_ref().unwrap().as_str(), "Beta; figli");
    assert_eq!(second.request.as_ref().unwrap().as_str(), "Due\nrighe");
    assert_eq!(
        second.status,
        PortalStatus::Closed {
            outcome: Outcome::Ko,
            on: Some(day(2026, 12, 3))
        }
    );
}

#[test]
fn titles_above_and_totals_below_are_no_tickets() {
    let list = "INPS - Cassetto previdenziale;;;;\nElenco richieste al 05/12/2026;;;;\n\n\
        N. protocollo;Matricola azienda;Oggetto;Inserita il;Stato richiesta\n\
        A-1;4501234567;Esoneri;01/12/2026;In carico\n\n\
        Totale richieste: 1;;;;\n";
    let reading = reading(list);

    assert_eq!(reading.tickets.len(), 1);
    assert_eq!(reading.tickets[0].row, 5);
    assert_eq!(reading.refused, []);
    assert_eq!(reading.asides[0].row, 7);
}

#[test]
fn a_workbook_of_excel_is_one_whatever_its_name() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    for (column, title) in (0..).zip(["Ticket", "Posizione", "Tema", "Data invio", "Stato"]) {
        sheet.write(0, column, title).unwrap();
    }
    sheet.write(1, 0, "LU-1").unwrap();
    sheet.write(1, 1, 123_456_789).unwrap();
    sheet.write(1, 2, "Esoneri").unwrap();
    sheet.write_with_format(1, 3, 46357.75, &date).unwrap();
    sheet.write(1, 4, "Chiusa OK").unwrap();
    let bytes = book.save_to_buffer().unwrap();

    let document = document(&bytes);
    assert_eq!(document.source(), SourceKind::Xlsx);
    let (proposal, reading) = as_proposed(&document);
    assert_eq!(proposal.sureness[&Field::Matricola], Sureness::Likely);
    assert_eq!(reading.refused, []);
    let ticket = &reading.tickets[0].ticket;
    assert_eq!(ticket.position.as_str(), "0123456789");
    assert_eq!(ticket.opened_on, day(2026, 12, 1));
}

#[test]
fn a_table_copied_from_the_page_is_read() {
    let page = "<table><tr><th>Codice<th>Matricola<th>Argomento<th>Data<th>Stato\
        <tr><td>LU-1<td>4501234567<td>Eso<b>neri</b><br>2<td><span style='display: none'>20261201</span>1-12-26<td>aperta\
        </table>";
    let tickets = tickets(page);
    assert_eq!(tickets[0].subject.as_str(), "Esoneri 2");
    assert_eq!(tickets[0].opened_on, day(2026, 12, 1));
}
