//! Rows become tickets, or are refused one by one, with the reason. Nothing is made up.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use chrono::NaiveDate;
use domain::code::TicketCode;
use domain::portal::PortalTicket;
use serde::{Deserialize, Serialize};

use crate::columns::{Column, Field, Header, Mapping};
use crate::error::Result;
use crate::progress::{Progress, Stage, tell};
use crate::row::RowReader;
use crate::table::Table;

/// Why something in a row can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// There is nothing, and without it there is no ticket. The outcome is missing where the ticket is closed.
    Missing,
    /// It is no code of the kind that belongs here.
    Malformed,
    /// A spreadsheet rounded the number: its last digits are lost (`1,23E+09`).
    Rounded,
    /// The formula in the cell failed.
    FailedFormula,
    /// There is no such day, or it is written in no way that days are.
    NoSuchDay,
    /// Which number is the day and which the month can't be told: other days of the column only make sense with the month
    /// before the day.
    DayOrMonth,
    /// The day of opening lies after today.
    OpenedInFuture,
    /// The day of closing lies after today.
    ClosedInFuture,
    /// The day of closing lies before that of opening.
    ClosedBeforeOpened,
    /// The word names no state.
    UnknownState,
    /// The word names no outcome.
    UnknownOutcome,
    /// The outcome is another than the one that the state tells.
    OtherOutcome,
    /// Another row has the same code and says something else.
    DuplicateCode {
        /// Its number.
        row: u32,
    },
    /// Longer than can be kept.
    TooLong {
        /// The most characters.
        most: usize,
    },
}

/// What can't be taken of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What it should be.
    pub field: Field,
    /// The column where it stands, if one stands for it.
    pub column: Option<Column>,
    /// What stands there, up to [`Fault::EXCERPT`] characters of it.
    pub found: String,
    /// Why that can't be taken.
    pub reason: Reason,
}

impl Fault {
    /// The most characters of what was found that are told.
    pub const EXCERPT: usize = 80;
}

/// A row that is a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRow {
    /// Its number as a spreadsheet counts.
    pub row: u32,
    /// The ticket.
    pub ticket: PortalTicket,
}

/// A row that is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Its number as a spreadsheet counts.
    pub row: u32,
    /// What stands where the code should, up to [`Fault::EXCERPT`] characters.
    pub code: String,
    /// All that can't be taken of it; at least one.
    pub faults: Vec<Fault>,
}

/// A row that says the same as an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedRow {
    /// Its number as a spreadsheet counts.
    pub row: u32,
    /// The number of the first that says so.
    pub first: u32,
}

/// A row below the header that is no ticket: a total, a note, the header once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// Its number as a spreadsheet counts.
    pub row: u32,
    /// The first that it says, up to [`Fault::EXCERPT`] characters.
    pub text: String,
}

/// What the rows of a table are. Every row below the header that has something in it stands in exactly one of the four lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The tickets, each code once, in the order of their rows.
    pub tickets: Vec<TicketRow>,
    /// What is refused, in the order of the rows.
    pub refused: Vec<RefusedRow>,
    /// What was said before, in the order of the rows.
    pub repeated: Vec<RepeatedRow>,
    /// What is no ticket, in the order of the rows.
    pub asides: Vec<Aside>,
    /// The words for states that nobody knows, and in how many rows each stands. [`Mapping::explain_state`] makes them known.
    pub unknown_states: BTreeMap<String, usize>,
}

/// Reads the rows below `header` as `mapping` says. `today` is the civil day in Italy; no ticket was opened after it.
///
/// # Errors
/// Only [`crate::ImportError::Cancelled`], when `watch` breaks.
pub fn read_rows(
    table: &Table,
    header: &Header,
    mapping: &Mapping,
    today: NaiveDate,
    mut watch: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Reading> {
    let reader = RowReader::new(table, header, mapping, today);
    let mut reading = Reading::default();
    let mut seen: HashMap<TicketCode, Seen> = HashMap::new();
    for (done, row) in table.rows().enumerate() {
        tell(&mut watch, Stage::Reading, done, Some(table.len()))?;
        if row.number <= header.row {
            continue;
        }
        if let Some(text) = reader.aside(row) {
            reading.asides.push(Aside { row: row.number, text });
            continue;
        }
        match reader.ticket(row) {
            Ok(ticket) => match seen.get_mut(&ticket.code) {
                None => {
                    let at = reading.tickets.len();
                    seen.insert(ticket.code.clone(), Seen { at, others: Vec::new() });
                    reading.tickets.push(TicketRow {
                        row: row.number,
                        ticket,
                    });
                }
                Some(seen) => {
                    let same = reading.tickets[seen.at].ticket == ticket;
                    seen.others.push(Other { row: row.number, same });
                }
            },
            Err(faults) => {
                for fault in faults.iter().filter(|fault| fault.reason == Reason::UnknownState) {
                    *reading.unknown_states.entry(fault.found.clone()).or_default() += 1;
                }
                reading.refused.push(RefusedRow {
                    row: row.number,
                    code: reader.shown(row, Field::Code),
                    faults,
                });
            }
        }
    }
    settle_duplicates(&reader, seen, &mut reading);
    Ok(reading)
}

/// A code that was read, and the other rows that have it.
struct Seen {
    at: usize,
    others: Vec<Other>,
}

struct Other {
    row: u32,
    same: bool,
}

/// Rows of one code that all say the same count once. Where they differ nobody knows which is right: all are refused, so that
/// the order of the rows decides nothing.
fn settle_duplicates(reader: &RowReader<'_>, seen: HashMap<TicketCode, Seen>, reading: &mut Reading) {
    let mut disputed = vec![false; reading.tickets.len()];
    for (code, Seen { at, others }) in seen {
        let first = reading.tickets[at].row;
        if others.iter().all(|other| other.same) {
            reading
                .repeated
                .extend(others.iter().map(|other| RepeatedRow { row: other.row, first }));
            continue;
        }
        disputed[at] = true;
        let differing = others.iter().find(|other| !other.same).map_or(first, |other| other.row);
        let mut refuse = |row: u32, against: u32| {
            let fault = reader.fault_of(Field::Code, code.as_str(), Reason::DuplicateCode { row: against });
            reading.refused.push(RefusedRow {
                row,
                code: code.as_str().into(),
                faults: vec![fault],
            });
        };
        refuse(first, differing);
        for other in others {
            refuse(other.row, if other.same { differing } else { first });
        }
    }
    let mut disputed = disputed.into_iter();
    reading.tickets.retain(|_| disputed.next() != Some(true));
    reading.refused.sort_by_key(|refused| refused.row);
    reading.repeated.sort_by_key(|repeated| repeated.row);
}
