//! A row as a ticket.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::NaiveDate;
use domain::portal::{CompanyName, PortalStatus, PortalTicket, SedeName, Subject, Words};
use domain::ticket::Outcome;

use crate::codes;
use crate::columns::{Column, Field, Header, Mapping};
use crate::dates::{could_be_month_first, day_in, is_month_first};
use crate::fold::{squeezed, words};
use crate::rows::{Fault, Reason};
use crate::states::{KnownWords, State};
use crate::table::{Cell, Row, Table};

/// Reads the rows of one table.
pub(crate) struct RowReader<'a> {
    table: &'a Table,
    columns: BTreeMap<Field, &'a Column>,
    mapping: &'a Mapping,
    today: NaiveDate,
    words: KnownWords,
    /// Columns of days in which some only make sense with the month first.
    month_first: BTreeSet<Field>,
}

const DAYS: [Field; 4] = [Field::OpenedOn, Field::ReopenedOn, Field::ClosedOn, Field::UpdatedOn];

impl<'a> RowReader<'a> {
    pub(crate) fn new(table: &'a Table, header: &'a Header, mapping: &'a Mapping, today: NaiveDate) -> Self {
        let columns = mapping.columns.iter();
        let columns: BTreeMap<Field, &Column> = columns
            .filter_map(|(field, name)| Some((*field, header.column(name)?)))
            .collect();
        let writes_month_first = |field: &Field| {
            columns.get(field).is_some_and(|column| {
                let mut below = table.rows().filter(|row| row.number > header.row);
                below.any(|row| matches!(row.cell(column.position), Cell::Text(text) if is_month_first(text)))
            })
        };
        Self {
            month_first: DAYS.into_iter().filter(writes_month_first).collect(),
            table,
            columns,
            mapping,
            today,
            words: KnownWords::default(),
        }
    }

    fn cell<'r>(&self, row: Row<'r>, field: Field) -> &'r Cell {
        self.columns
            .get(&field)
            .map_or(&Cell::Empty, |column| row.cell(column.position))
    }

    pub(crate) fn shown(&self, row: Row<'_>, field: Field) -> String {
        excerpt(&self.cell(row, field).shown())
    }

    pub(crate) fn fault_of(&self, field: Field, found: &str, reason: Reason) -> Fault {
        Fault {
            field,
            column: self.columns.get(&field).map(|column| (*column).clone()),
            found: excerpt(found),
            reason,
        }
    }

    /// What a row says that is no ticket: the header again, a total, or one thing alone.
    pub(crate) fn aside(&self, row: Row<'_>) -> Option<String> {
        let mut filled = row.cells.iter().filter(|cell| !cell.is_empty());
        let first = filled.next()?;
        let alone = filled.next().is_none();
        let is_title = |field: Field| {
            let title = self.columns.get(&field).map_or("", |column| &column.title);
            !title.is_empty() && self.cell(row, field).shown().eq_ignore_ascii_case(title)
        };
        let is_empty = |field: Field| self.cell(row, field).is_empty();
        let header_again = is_title(Field::Matricola) && is_title(Field::State);
        let note = alone && codes::ticket_code(self.cell(row, Field::Code)).is_err();
        let total = (is_empty(Field::Matricola) || is_empty(Field::OpenedOn)) && begins_a_total(&first.shown());
        (header_again || note || total).then(|| excerpt(&first.shown()))
    }

    pub(crate) fn ticket(&self, row: Row<'_>) -> Result<PortalTicket, Vec<Fault>> {
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
        let cell = self.cell(row, field);
        if matches!(cell, Cell::Text(text) if self.month_first.contains(&field) && could_be_month_first(text)) {
            return Err((field, Reason::DayOrMonth));
        }
        day(self.table, cell).map_err(|reason| (field, reason))
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
                .or_else(|| self.words.state(&word))
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
        let told = word.as_deref().and_then(|word| self.words.outcome(word));
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
fn text(cell: &Cell) -> Result<Option<Cow<'_, str>>, Reason> {
    if *cell == Cell::Failed {
        return Err(Reason::FailedFormula);
    }
    let text = cell.shown();
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let text = if text.chars().all(is_text) {
        text
    } else {
        let text: String = text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .filter(|c| is_text(*c))
            .collect();
        text.trim().to_owned().into()
    };
    Ok((!is_dashes(&text)).then_some(text))
}

fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Whether it is what people write where they have nothing to write.
fn is_dashes(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '.' | '/'))
}

/// Whether it stands for no code, no day, no outcome: `-`, `n.d.`.
fn says_nothing(text: &str) -> bool {
    is_dashes(text)
        || (text.len() <= 8 && text.starts_with(['n', 'N']) && matches!(&*squeezed(text), "nd" | "na" | "null"))
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
