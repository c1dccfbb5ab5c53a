//! What several of the tests need.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use domain::portal::PortalTicket;
use import::{Document, ImportError, Progress, Proposal, Reading, Unreadable};

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

pub(crate) fn document(bytes: &[u8]) -> Document {
    import::read(bytes, go_on).unwrap()
}

/// Why `bytes` are refused whole.
pub(crate) fn refusal(bytes: &[u8]) -> Unreadable {
    let refused = import::read(bytes, go_on).and_then(|document| document.propose());
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
    as_proposed(&document(bytes.as_ref())).1
}

/// The tickets of a list in which every row is one.
pub(crate) fn tickets(bytes: impl AsRef<[u8]>) -> Vec<PortalTicket> {
    let reading = reading(bytes);
    assert_eq!(reading.refused, []);
    reading.tickets.into_iter().map(|row| row.ticket).collect()
}
