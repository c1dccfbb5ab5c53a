//! Rows become tickets, or are refused one by one, with the reason. Nothing is made up.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::str::FromStr;

use chrono::NaiveDate;
use domain::code::TicketCode;
use domain::portal::{CompanyName, PortalStatus, PortalTicket, SedeName, Subject, Words};
use domain::ticket::Outcome;
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::columns::{Column, Field, Header, Mapping};
use crate::dates::day_in;
use crate::error::Result;
use crate::fold::{squeezed, words};
use crate::progress::{Progress, Stage, tell};
use crate::states::{State, outcome_in, state_in};
use crate::table::{Cell, Row, Table};

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
                reading
                    .refused
                    .push(reader.refused(row.number, reader.shown(row, Field::Code), faults));
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
            reading
                .refused
                .push(reader.refused(row, code.as_str().into(), vec![fault]));
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

struct RowReader<'a> {
    table: &'a Table,
    columns: BTreeMap<Field, &'a Column>,
    mapping: &'a Mapping,
    today: NaiveDate,
}

impl<'a> RowReader<'a> {
    fn new(table: &'a Table, header: &'a Header, mapping: &'a Mapping, today: NaiveDate) -> Self {
        let columns = mapping.columns.iter();
        Self {
            table,
            columns: columns
                .filter_map(|(field, name)| Some((*field, header.column(name)?)))
                .collect(),
            mapping,
            today,
        }
    }

    fn cell<'r>(&self, row: Row<'r>, field: Field) -> &'r Cell {
        self.columns
            .get(&field)
            .map_or(&Cell::Empty, |column| row.cell(column.position))
    }

    fn shown(&self, row: Row<'_>, field: Field) -> String {
        excerpt(&self.cell(row, field).shown())
    }

    fn refused(&self, row: u32, code: String, faults: Vec<Fault>) -> RefusedRow {
        RefusedRow { row, code, faults }
    }

    fn fault_of(&self, field: Field, found: &str, reason: Reason) -> Fault {
        Fault {
            field,
            column: self.columns.get(&field).map(|column| (*column).clone()),
            found: excerpt(found),
            reason,
        }
    }

    /// What a row says that is no ticket: the header again, a total, or one thing alone.
    fn aside(&self, row: Row<'_>) -> Option<String> {
        let mut filled = row.cells.iter().filter(|cell| !cell.is_empty());
        let first = filled.next()?;
        let alone = filled.next().is_none();
        let is_title = |field: Field| {
            let title = self.columns.get(&field).map_or("", |column| &column.title);
            !title.is_empty() && self.cell(row, field).shown().eq_ignore_ascii_case(title)
        };
        let is_empty = |field: Field| self.cell(row, field).is_empty();
        let header_again = is_title(Field::Matricola) && is_title(Field::State);
        let note =
            alone && !matches!(self.cell(row, Field::Code), Cell::Text(text) if text.parse::<TicketCode>().is_ok());
        let total = (is_empty(Field::Matricola) || is_empty(Field::OpenedOn)) && begins_a_total(&first.shown());
        (header_again || note || total).then(|| excerpt(&first.shown()))
    }

    fn ticket(&self, row: Row<'_>) -> Result<PortalTicket, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut keep = |field: Field, reason: Reason| {
            let found = self.cell(row, field).shown();
            faults.push(self.fault_of(field, &found, reason));
        };
        let code =
            required(self.code(row, Field::Code, codes::ticket_code)).map_err(|reason| keep(Field::Code, reason));
        let position = required(self.code(row, Field::Matricola, codes::matricola))
            .map_err(|reason| keep(Field::Matricola, reason));
        let company = self
            .code(row, Field::Company, codes::fiscal_code)
            .map_err(|reason| keep(Field::Company, reason));
        let company_name = self
            .line::<CompanyName>(row, Field::CompanyName, CompanyName::LONGEST)
            .map_err(|reason| keep(Field::CompanyName, reason));
        let sede = self
            .line::<SedeName>(row, Field::Sede, SedeName::LONGEST)
            .map_err(|reason| keep(Field::Sede, reason));
        let subject = self.subject(row).map_err(|(field, reason)| keep(field, reason));
        let opened_on = self.opened_on(row).map_err(|(field, reason)| keep(field, reason));
        let status = self
            .status(row, opened_on.ok())
            .map_err(|(field, reason)| keep(field, reason));
        let request = self
            .lines(row, Field::Request)
            .map_err(|reason| keep(Field::Request, reason));
        let reply = self
            .lines(row, Field::Reply)
            .map_err(|reason| keep(Field::Reply, reason));
        let ticket = (|| {
            Ok::<_, ()>(PortalTicket {
                code: code?,
                position: position?,
                company: company?,
                company_name: company_name?,
                sede: sede?,
                subject: subject?,
                opened_on: opened_on?,
                status: status?,
                request: request?,
                reply: reply?,
            })
        })();
        ticket.map_err(|()| faults)
    }

    fn code<T>(&self, row: Row<'_>, field: Field, parse: fn(&Cell) -> Result<T, Reason>) -> Result<Option<T>, Reason> {
        match self.cell(row, field) {
            Cell::Empty => Ok(None),
            Cell::Text(text) if says_nothing(text) => Ok(None),
            cell => parse(cell).map(Some),
        }
    }

    fn subject(&self, row: Row<'_>) -> Result<Subject, (Field, Reason)> {
        let mut levels: Vec<String> = Vec::new();
        let mut deepest = Field::Subject;
        for field in [Field::SubjectArea, Field::Subject, Field::SubjectDetail] {
            let level = text(self.cell(row, field)).map_err(|reason| (field, reason))?;
            if let Some(level) = level.map(|level| in_one_line(&level))
                && levels.last() != Some(&level)
            {
                levels.push(level);
                deepest = field;
            }
        }
        if levels.is_empty() {
            return Err((Field::Subject, Reason::Missing));
        }
        let subject = levels.join(" › ");
        subject
            .parse()
            .map_err(|_| (deepest, Reason::TooLong { most: Subject::LONGEST }))
    }

    fn day(&self, row: Row<'_>, field: Field) -> Result<Option<NaiveDate>, (Field, Reason)> {
        day(self.table, self.cell(row, field)).map_err(|reason| (field, reason))
    }

    fn opened_on(&self, row: Row<'_>) -> Result<NaiveDate, (Field, Reason)> {
        let opened = self.day(row, Field::OpenedOn)?;
        let reopened = self.day(row, Field::ReopenedOn)?;
        let opened = opened.ok_or((Field::OpenedOn, Reason::Missing))?;
        for (field, day) in [(Field::OpenedOn, Some(opened)), (Field::ReopenedOn, reopened)] {
            if day.is_some_and(|day| day > self.today) {
                return Err((field, Reason::OpenedInFuture));
            }
        }
        Ok(reopened.unwrap_or(opened))
    }

    fn status(&self, row: Row<'_>, opened_on: Option<NaiveDate>) -> Result<PortalStatus, (Field, Reason)> {
        let state = match text(self.cell(row, Field::State)).map_err(|reason| (Field::State, reason))? {
            None => return Err((Field::State, Reason::Missing)),
            Some(word) => self
                .mapping
                .explained(&word)
                .or_else(|| state_in(&word))
                .ok_or((Field::State, Reason::UnknownState))?,
        };
        match state {
            State::Open => Ok(PortalStatus::Open),
            State::InProgress => Ok(PortalStatus::InProgress),
            State::Withdrawn => Ok(PortalStatus::Withdrawn),
            State::Closed | State::ClosedOk | State::ClosedKo => Ok(PortalStatus::Closed {
                outcome: self.outcome(row, state).map_err(|reason| (Field::Outcome, reason))?,
                on: self.closed_on(row, opened_on)?,
            }),
        }
    }

    fn outcome(&self, row: Row<'_>, state: State) -> Result<Outcome, Reason> {
        let word = text(self.cell(row, Field::Outcome))?.filter(|word| !says_nothing(word));
        let told = word.as_deref().and_then(outcome_in);
        match (state.outcome(), told) {
            (Some(outcome), Some(told)) if told != outcome => Err(Reason::OtherOutcome),
            (Some(outcome), _) | (None, Some(outcome)) => Ok(outcome),
            (None, None) if word.is_some() => Err(Reason::UnknownOutcome),
            (None, None) => Err(Reason::Missing),
        }
    }

    fn closed_on(&self, row: Row<'_>, opened_on: Option<NaiveDate>) -> Result<Option<NaiveDate>, (Field, Reason)> {
        for field in [Field::ClosedOn, Field::UpdatedOn] {
            let Some(day) = self.day(row, field)? else {
                continue;
            };
            if day > self.today {
                return Err((field, Reason::ClosedInFuture));
            }
            if opened_on.is_some_and(|opened_on| day < opened_on) {
                return Err((field, Reason::ClosedBeforeOpened));
            }
            return Ok(Some(day));
        }
        Ok(None)
    }

    fn line<T: FromStr>(&self, row: Row<'_>, field: Field, most: usize) -> Result<Option<T>, Reason> {
        let text = text(self.cell(row, field))?.map(|text| in_one_line(&text));
        text.map(|text| text.parse().map_err(|_| Reason::TooLong { most }))
            .transpose()
    }

    fn lines(&self, row: Row<'_>, field: Field) -> Result<Option<Words>, Reason> {
        let most = Words::LONGEST;
        text(self.cell(row, field))?
            .map(|text| text.parse().map_err(|_| Reason::TooLong { most }))
            .transpose()
    }
}

fn required<T>(found: Result<Option<T>, Reason>) -> Result<T, Reason> {
    found?.ok_or(Reason::Missing)
}

/// The day in a cell; none if there is nothing in it.
pub(crate) fn day(table: &Table, cell: &Cell) -> Result<Option<NaiveDate>, Reason> {
    let day = match cell {
        Cell::Empty => return Ok(None),
        Cell::Text(text) if says_nothing(text) => return Ok(None),
        Cell::Failed => return Err(Reason::FailedFormula),
        Cell::Text(text) => day_in(text),
        Cell::Day(day) => Some(*day),
        // A day that lost its format, or one written as 20261201.
        Cell::Number(number) => table
            .epoch()
            .and_then(|epoch| epoch.day(*number))
            .or_else(|| day_in(&cell.shown())),
        Cell::Flag(_) => None,
    };
    day.map(Some).ok_or(Reason::NoSuchDay)
}

/// The text of a cell, line ends as `\n`, without characters that are no text; none if nothing is left of it.
fn text(cell: &Cell) -> Result<Option<String>, Reason> {
    if *cell == Cell::Failed {
        return Err(Reason::FailedFormula);
    }
    let text = cell.shown().replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let text = text.trim();
    let dashes = text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '.' | '/'));
    Ok((!dashes).then(|| text.to_owned()))
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether it stands for nothing: `-`, `n.d.`.
fn says_nothing(text: &str) -> bool {
    if text.len() > 12 {
        return false;
    }
    let squeezed = squeezed(text);
    matches!(squeezed.as_str(), "" | "nd" | "na" | "null")
}

fn begins_a_total(text: &str) -> bool {
    let words = words(text);
    words
        .first()
        .is_some_and(|word| matches!(word.as_str(), "totale" | "totali" | "tot" | "subtotale"))
}

fn excerpt(text: &str) -> String {
    text.chars().take(Fault::EXCERPT).collect()
}
