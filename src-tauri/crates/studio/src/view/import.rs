//! *Importa un elenco*: a list of the portal, from a file or pasted, before it is taken (R16).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::tickets::StatusView;

/// What came of opening a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ImportOpened {
    /// It was read.
    Read {
        /// The list.
        list: Box<ImportList>,
    },
    /// It is no list that can be read; one that was open before still is.
    Unreadable {
        /// Name of the file; empty for what was pasted.
        name: String,
        /// Why.
        why: UnreadableView,
    },
    /// It was called off.
    CalledOff,
}

/// Why a list can't be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableView {
    /// The file can't be read from its disk.
    NotReadable,
    /// There is nothing in it.
    Empty,
    /// Too large.
    TooLarge,
    /// Too many rows.
    TooManyRows,
    /// Too many columns or too much text.
    TooWide,
    /// A folder or a device.
    NotAFile,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// An archive.
    Archive,
    /// A document that is no workbook.
    OfficeDocument,
    /// A workbook that a password protects.
    Encrypted,
    /// A workbook in a format that is not read.
    OtherWorkbook,
    /// A workbook that is damaged.
    Damaged,
    /// Neither a workbook nor a text.
    Binary,
    /// No table.
    NoTable,
    /// No table has columns of a list of tickets.
    NoHeader,
}

/// A list that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ImportList {
    /// Name of the file; empty for what was pasted.
    pub name: String,
    /// What it came as.
    pub format: FormatView,
    /// Its tables, where there are several: name and rows of each.
    pub tables: Vec<ImportTable>,
    /// Which of them is read, from 0.
    pub table: u32,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// Fields without which no row is a ticket, and for which no column stands.
    pub missing: Vec<FieldView>,
    /// Words for states that nobody knows.
    pub unknown_states: Vec<UnknownState>,
    /// Whether the columns are matched as they were for the last list of this header.
    pub remembered: bool,
    /// What would come of it; nothing while something is missing.
    pub counts: Option<ImportCounts>,
}

/// What a list came as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FormatView {
    /// A text.
    Text {
        /// What separates its cells.
        delimiter: String,
        /// Whether its letters are those of old Windows programs.
        windows: bool,
    },
    /// A page, or a table copied from one.
    Html,
    /// A workbook, by the ending that such files have.
    Workbook {
        /// `xlsx`, `xls` or `ods`.
        ending: String,
    },
}

/// See [`ImportList`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ImportTable {
    /// Its name; empty where it has none.
    pub name: String,
    /// Rows in it.
    pub rows: u32,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ImportColumn {
    /// By which the commands name it.
    pub name: String,
    /// As a spreadsheet calls it: `C`.
    pub letters: String,
    /// What stands in the header; may be empty.
    pub title: String,
    /// What it stands for; nothing where it is passed over.
    pub field: Option<FieldView>,
    /// Whether that is certain; else somebody should look.
    pub certain: bool,
    /// What stands in it, in the first rows.
    pub examples: Vec<String>,
}

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum FieldView {
    /// Code of the ticket.
    Code,
    /// Position.
    Matricola,
    /// Fiscal code of the company.
    Company,
    /// Name of the company.
    CompanyName,
    /// Sede.
    Sede,
    /// First level of the topic.
    SubjectArea,
    /// The topic, or its second level.
    Subject,
    /// Third level of the topic.
    SubjectDetail,
    /// Day of opening.
    OpenedOn,
    /// Day of the last reopening.
    ReopenedOn,
    /// State.
    State,
    /// Outcome.
    Outcome,
    /// Day of closing.
    ClosedOn,
    /// Day of the last update.
    UpdatedOn,
    /// What was asked.
    Request,
    /// What was answered.
    Reply,
}

/// A word for a state that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct UnknownState {
    /// As it stands there.
    pub text: String,
    /// In how many rows.
    pub rows: u32,
}

/// How the person matches a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct ImportMatching {
    /// Which table, from 0.
    pub table: u32,
    /// What columns stand for, those that are not passed over. Of another table than before, nothing.
    pub columns: Vec<MatchedColumn>,
    /// What words for states mean.
    pub states: Vec<MatchedState>,
}

/// See [`ImportMatching`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct MatchedColumn {
    /// [`ImportColumn::name`].
    pub name: String,
    /// What it stands for.
    pub field: FieldView,
}

/// See [`ImportMatching`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct MatchedState {
    /// [`UnknownState::text`].
    pub text: String,
    /// What it means.
    pub status: StatusView,
}

/// How many rows of a list come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ImportCounts {
    /// Tickets that are not held.
    pub new: u32,
    /// Tickets of which it tells something new.
    pub changed: u32,
    /// Rows that tell nothing new.
    pub same: u32,
    /// Rows that are not taken.
    pub refused: u32,
    /// Rows that are no tickets: totals, notes.
    pub asides: u32,
}

/// Which rows of a list are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum ImportFilter {
    /// All.
    All,
    /// New tickets.
    New,
    /// Changed ones.
    Changed,
    /// Those that are the same.
    Same,
    /// Those that are not taken.
    Refused,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ImportRow {
    /// Its number, as a spreadsheet counts.
    pub row: u32,
    /// Code of the ticket, as far as it can be read.
    pub code: String,
    /// The company, by what the row says of it; the position where it says nothing else.
    pub company: String,
    /// What it is about.
    pub subject: String,
    /// Date of opening.
    pub opened_on: Option<String>,
    /// Its status.
    pub status: Option<StatusView>,
    /// What comes of it.
    pub comes: RowOutcomeView,
}

/// What comes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RowOutcomeView {
    /// A new ticket.
    New,
    /// It tells something new.
    Changed {
        /// Of these.
        fields: Vec<ChangedField>,
    },
    /// It tells nothing new.
    Same,
    /// It is not taken.
    Refused {
        /// Why; never nothing.
        faults: Vec<RowFault>,
    },
}

/// A fact of which a row tells something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum ChangedField {
    /// Fiscal code of the company.
    Company,
    /// Its name.
    CompanyName,
    /// The sede.
    Sede,
    /// The subject.
    Subject,
    /// The day of opening.
    OpenedOn,
    /// The status.
    Status,
    /// What was asked.
    Request,
    /// What was answered.
    Reply,
}

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RowFault {
    /// What can't be taken; nothing where that is the row as a whole.
    pub field: Option<FieldView>,
    /// What stands there, shortened.
    pub found: String,
    /// Why.
    pub reason: ReasonView,
}

/// Why something can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReasonView {
    /// There is nothing.
    Missing,
    /// It is no code of the kind that belongs here.
    Malformed,
    /// A spreadsheet rounded the number.
    Rounded,
    /// The formula of the cell failed.
    FailedFormula,
    /// No such day.
    NoSuchDay,
    /// It may be one of two days: others of the column have the month first.
    DayOrMonth,
    /// Opened on a day to come.
    OpenedInFuture,
    /// Closed on a day to come.
    ClosedInFuture,
    /// Closed before it was opened.
    ClosedBeforeOpened,
    /// The word names no state.
    UnknownState,
    /// The word names no outcome.
    UnknownOutcome,
    /// State and outcome do not go together.
    OtherOutcome,
    /// Another row says something else of the same ticket.
    DuplicateCode {
        /// Its number; 0 where it is not known.
        row: u32,
    },
    /// Too long.
    TooLong {
        /// Characters allowed.
        most: u32,
    },
    /// The studio's sede has this ticket.
    AtTheSede,
    /// The ticket that is held is of another position.
    OtherPosition,
    /// A later state is held.
    Older,
}

/// What came of importing a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It was taken, as far as its rows could be.
    Imported {
        /// How many came to what.
        counts: ImportCounts,
        /// Tickets bookable now, of all that are held.
        bookable: u32,
    },
    /// It was called off, and nothing was taken.
    CalledOff,
}
