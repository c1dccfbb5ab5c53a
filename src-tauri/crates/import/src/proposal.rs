//! Where the header is, and what its columns stand for: by their names, and where those say nothing, by what stands below.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::columns::{Column, Field, Header, HeaderKey, Mapping};
use crate::error::{Result, Unreadable};
use crate::limits::HEADER_WITHIN;
use crate::names::fields_named;
use crate::row::day;
use crate::states::KnownWords;
use crate::table::{Cell, Document, Row, Table};

/// How sure it is that a column stands for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// What stands in the column looks like it.
    Guess,
    /// The title says something like it.
    Likely,
    /// The title says so, and what stands below fits.
    Certain,
}

/// A header and what its columns stand for, for a person to confirm or mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The header.
    pub header: Header,
    /// What a mapping of it is remembered by.
    pub key: HeaderKey,
    /// What the columns stand for.
    pub mapping: Mapping,
    /// How sure that is, for each field of the mapping.
    pub sureness: BTreeMap<Field, Sureness>,
    /// Required fields for which no column was found.
    pub missing: Vec<Field>,
}

impl Document {
    /// The table that is most likely the list, by its position among [`Document::tables`], and what is proposed for it.
    ///
    /// # Errors
    /// [`Unreadable::NoHeader`] if no table has a row that names columns of a list of tickets. A person may still point at
    /// one: [`Table::propose_at`].
    pub fn propose(&self) -> Result<(usize, Proposal)> {
        self.tables
            .iter()
            .enumerate()
            .filter_map(|(position, table)| Some((position, table.propose()?)))
            .min_by_key(|(position, proposal)| {
                let rows = self.tables[*position].len();
                (proposal.missing.len(), Reverse(proposal.sureness.len()), Reverse(rows))
            })
            .ok_or_else(|| Unreadable::NoHeader.into())
    }
}

impl Table {
    /// What is proposed for this table, if one of its first [`HEADER_WITHIN`] rows names columns of a list of tickets.
    pub fn propose(&self) -> Option<Proposal> {
        let header = self
            .rows()
            .take(HEADER_WITHIN)
            .filter_map(|row| Some((row.number, naming(row)?)))
            // The first of the best.
            .max_by_key(|(number, named)| (*named, Reverse(*number)))?;
        self.propose_at(header.0)
    }

    /// What is proposed if the row with that number is the header; none if there is nothing in it.
    pub fn propose_at(&self, row: u32) -> Option<Proposal> {
        let header = self.rows().find(|candidate| candidate.number == row)?;
        let header = Header::of(header, &self.filled_below(row));
        let (mapping, sureness) = self.match_columns(&header);
        Some(Proposal {
            key: header.key(),
            missing: mapping.missing(&header),
            header,
            mapping,
            sureness,
        })
    }

    /// What stands in a column below `header`: up to `most` different texts, the first that there are.
    pub fn samples(&self, header: &Header, column: &Column, most: usize) -> Vec<String> {
        let mut samples: Vec<String> = Vec::new();
        for row in self.rows().filter(|row| row.number > header.row) {
            if samples.len() == most {
                break;
            }
            let text = row.cell(column.position).shown();
            if !text.is_empty() && !samples.iter().any(|sample| *sample == text) {
                samples.push(text.into_owned());
            }
        }
        samples
    }

    /// Positions of the columns that have something below the row with that number.
    fn filled_below(&self, row: u32) -> BTreeSet<usize> {
        let mut filled = Vec::new();
        for row in self.rows().filter(|below| below.number > row) {
            if filled.len() < row.cells.len() {
                filled.resize(row.cells.len(), false);
            }
            for (filled, cell) in filled.iter_mut().zip(row.cells) {
                *filled |= !cell.is_empty();
            }
        }
        let filled = filled.iter().enumerate();
        filled
            .filter_map(|(position, filled)| filled.then_some(position))
            .collect()
    }

    fn match_columns(&self, header: &Header) -> (Mapping, BTreeMap<Field, Sureness>) {
        let mut mapping = Mapping::default();
        let mut sureness = BTreeMap::new();
        let mut take = |field: Field, column: &Column, sure: Sureness| {
            if mapping.columns.contains_key(&field) || mapping.field_of(&column.name).is_some() {
                return;
            }
            mapping.columns.insert(field, column.name.clone());
            sureness.insert(field, sure);
        };
        let mut named: Vec<_> = header
            .columns
            .iter()
            .flat_map(|column| {
                let fields = fields_named(&column.title).into_iter();
                fields.map(move |(field, matched)| (field, column, matched))
            })
            .map(|(field, column, matched)| {
                let fits = self.fitting(header, column, field).is_none_or(|part| part >= 0.5);
                (field, column, matched, fits)
            })
            // A title that only resembles is believed if what stands below fits.
            .filter(|(_, _, matched, fits)| matched.whole || *fits)
            .collect();
        named.sort_by_key(|(_, column, matched, fits)| Reverse((*fits, *matched, Reverse(column.position))));
        for (field, column, matched, fits) in named {
            let sure = if matched.whole && fits {
                Sureness::Certain
            } else {
                Sureness::Likely
            };
            take(field, column, sure);
        }
        for field in [Field::Matricola, Field::OpenedOn, Field::State] {
            let mut fitting = header
                .columns
                .iter()
                .filter(|column| fields_named(&column.title).is_empty())
                .filter(|column| self.fitting(header, column, field).is_some_and(|part| part >= 0.9));
            // Of two that look alike, neither is told apart from the other.
            if let (Some(column), None) = (fitting.next(), fitting.next()) {
                take(field, column, Sureness::Guess);
            }
        }
        (mapping, sureness)
    }

    /// Which part of what stands in a column could be of that field; none if the column is empty, or if any text could.
    fn fitting(&self, header: &Header, column: &Column, field: Field) -> Option<f64> {
        let words = KnownWords::default();
        let fits: &dyn Fn(&Cell) -> bool = match field {
            Field::Code => &|cell| codes::ticket_code(cell).is_ok(),
            Field::Matricola => &|cell| codes::matricola(cell).is_ok(),
            Field::Company => &|cell| codes::fiscal_code(cell).is_ok(),
            Field::OpenedOn | Field::ReopenedOn | Field::ClosedOn | Field::UpdatedOn => {
                &|cell| matches!(day(self, cell), Ok(Some(_)))
            }
            Field::State => &|cell| words.state(&cell.shown()).is_some(),
            Field::Outcome => &|cell| words.outcome(&cell.shown()).is_some(),
            Field::CompanyName
            | Field::Sede
            | Field::SubjectArea
            | Field::Subject
            | Field::SubjectDetail
            | Field::Request
            | Field::Reply => return None,
        };
        let mut filled = 0_u32;
        let mut fitting = 0_u32;
        for row in self.rows().filter(|row| row.number > header.row) {
            let cell = row.cell(column.position);
            if !cell.is_empty() {
                filled += 1;
                fitting += u32::from(fits(cell));
            }
        }
        (filled > 0).then(|| f64::from(fitting) / f64::from(filled))
    }
}

/// How well a row names columns: twice the fields that are named in so many words, and those that something resembles. None
/// if it is no header.
fn naming(row: Row<'_>) -> Option<usize> {
    let mut named: BTreeMap<Field, bool> = BTreeMap::new();
    for cell in row.cells {
        let Cell::Text(title) = cell else {
            continue;
        };
        for (field, matched) in fields_named(title) {
            *named.entry(field).or_default() |= matched.whole;
        }
    }
    let whole = named.values().filter(|whole| **whole).count();
    (named.len() >= 2 && whole >= 1).then_some(named.len() + whole)
}
