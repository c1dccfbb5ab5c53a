//! Columns, what they stand for, and how that is remembered for lists with the same header.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fold::squeezed;
use crate::states::State;
use crate::table::Row;

/// What a column can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The ticket's identity on the portal.
    Code,
    /// The position.
    Matricola,
    /// Fiscal code or VAT number of the company.
    Company,
    /// Name of the company.
    CompanyName,
    /// Name of the sede.
    Sede,
    /// First level of what it is about.
    SubjectArea,
    /// What it is about, or the second level of it.
    Subject,
    /// Third level of what it is about.
    SubjectDetail,
    /// Day of opening.
    OpenedOn,
    /// Day of the last reopening; where a row has one, the ticket counts from it (R4).
    ReopenedOn,
    /// State, perhaps with the outcome.
    State,
    /// Outcome.
    Outcome,
    /// Day of the closing.
    ClosedOn,
    /// Day of the last update; for a closed ticket without another day, that of the closing.
    UpdatedOn,
    /// What the studio asked.
    Request,
    /// What the sede answered.
    Reply,
}

impl Field {
    /// All of them, in the order in which people look for them.
    pub const ALL: [Self; 16] = [
        Self::Code,
        Self::Matricola,
        Self::Company,
        Self::CompanyName,
        Self::Sede,
        Self::SubjectArea,
        Self::Subject,
        Self::SubjectDetail,
        Self::OpenedOn,
        Self::ReopenedOn,
        Self::State,
        Self::Outcome,
        Self::ClosedOn,
        Self::UpdatedOn,
        Self::Request,
        Self::Reply,
    ];

    /// Without these there is no ticket. Of the three levels of the subject, any will do.
    pub const REQUIRED: [Self; 5] = [Self::Code, Self::Matricola, Self::Subject, Self::OpenedOn, Self::State];
}

/// A column's name as it is compared: case, accents, punctuation and spaces say nothing. A column without a title goes by its
/// letter (`#c`), the second of the same title by its count (`data#2`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnName(Box<str>);

impl ColumnName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn has_title(&self) -> bool {
        !self.0.starts_with('#')
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As it is compared.
    pub name: ColumnName,
    /// As its header has it; empty where there is none.
    pub title: String,
    /// Where it stands, from 0.
    pub position: usize,
}

impl Column {
    /// Where it stands, as a spreadsheet says it: `A`, `AB`.
    pub fn letters(&self) -> String {
        letters(self.position)
    }
}

fn letters(position: usize) -> String {
    let mut rest = position;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

/// The row that names the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its number as a spreadsheet counts; tickets stand below.
    pub row: u32,
    /// Columns with a title, and those without that have something below.
    pub columns: Vec<Column>,
}

impl Header {
    /// What `row` names, and what of the `filled` columns it leaves without a name.
    pub(crate) fn of(row: Row<'_>, filled: &BTreeSet<usize>) -> Self {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut columns = Vec::new();
        for position in 0..row.cells.len().max(filled.last().map_or(0, |last| last + 1)) {
            let title = row.cell(position).shown().into_owned();
            let squeezed = squeezed(&title);
            let name = if squeezed.is_empty() {
                if !filled.contains(&position) {
                    continue;
                }
                format!("#{}", letters(position).to_lowercase())
            } else {
                let count = seen.entry(squeezed.clone()).or_default();
                *count += 1;
                match *count {
                    1 => squeezed,
                    count => format!("{squeezed}#{count}"),
                }
            };
            columns.push(Column {
                name: ColumnName(name.into()),
                title,
                position,
            });
        }
        Self {
            row: row.number,
            columns,
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &ColumnName) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// What it is remembered by.
    pub fn key(&self) -> HeaderKey {
        let titles: BTreeSet<&str> = self
            .columns
            .iter()
            .filter(|column| column.name.has_title())
            .map(|column| column.name.as_str())
            .collect();
        let mut hash = Sha256::new();
        for title in titles {
            hash.update(title);
            hash.update([0]);
        }
        HeaderKey(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Fingerprint of a header: the same for the same titles, whatever their order, case, accents and spaces. 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HeaderKey(String);

impl HeaderKey {
    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which column stands for which field, and what words for states mean that are not known by themselves. Holds for every list
/// with the same [`HeaderKey`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The column of each field. A column may stand for two, as one with state and outcome.
    pub columns: BTreeMap<Field, ColumnName>,
    /// What a person said that a text in the column of the state means. Compared like the names of columns.
    #[serde(default)]
    states: BTreeMap<String, State>,
}

impl Mapping {
    /// Says that `column` stands for `field` alone, or for nothing.
    pub fn assign(&mut self, column: &ColumnName, field: Option<Field>) {
        self.columns.retain(|_, name| name != column);
        if let Some(field) = field {
            self.columns.insert(field, column.clone());
        }
    }

    /// What `column` stands for; the first, where it stands for two.
    pub fn field_of(&self, column: &ColumnName) -> Option<Field> {
        self.columns
            .iter()
            .find_map(|(field, name)| (name == column).then_some(*field))
    }

    /// Says what a text in the column of the state means.
    pub fn explain_state(&mut self, text: &str, state: State) {
        self.states.insert(squeezed(text), state);
    }

    /// What a person said that `text` means.
    pub(crate) fn explained(&self, text: &str) -> Option<State> {
        if self.states.is_empty() {
            return None;
        }
        self.states.get(&squeezed(text)).copied()
    }

    /// The required fields that no column of `header` stands for.
    pub fn missing(&self, header: &Header) -> Vec<Field> {
        let stands = |field: &Field| {
            self.columns
                .get(field)
                .is_some_and(|name| header.column(name).is_some())
        };
        Field::REQUIRED
            .into_iter()
            .filter(|field| match field {
                Field::Subject => ![Field::SubjectArea, Field::Subject, Field::SubjectDetail]
                    .iter()
                    .any(stands),
                field => !stands(field),
            })
            .collect()
    }
}
