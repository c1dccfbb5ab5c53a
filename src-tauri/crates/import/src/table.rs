//! What every source becomes: tables of rows of cells. Nothing is understood yet, and nothing is changed.

use chrono::NaiveDate;

use crate::dates::Epoch;
use crate::error::{Result, Unreadable};
use crate::limits;
use crate::progress::{Stage, Watch, tell};
use crate::source::SourceKind;

/// A cell as the source has it. Of a formula only the value that was last computed is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing, or white space alone.
    Empty,
    /// Text, without white space around it.
    Text(Box<str>),
    /// A number of a workbook.
    Number(f64),
    /// A day of a workbook; its hour, if it has one, is left out.
    Day(NaiveDate),
    /// A truth value of a workbook.
    Flag(bool),
    /// A formula of a workbook that failed, `#N/A`.
    Failed,
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        match text.trim() {
            "" => Self::Empty,
            text => Self::Text(text.into()),
        }
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The cell as text, a day as `31/12/2026`.
    pub fn shown(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Empty => "".into(),
            Self::Text(text) => (&**text).into(),
            Self::Number(number) => number.to_string().into(),
            Self::Day(day) => day.format("%d/%m/%Y").to_string().into(),
            Self::Flag(true) => "VERO".into(),
            Self::Flag(false) => "FALSO".into(),
            Self::Failed => "#N/D".into(),
        }
    }
}

/// A row with something in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// Its number as a spreadsheet counts, from 1, empty rows included.
    pub number: u32,
    /// Its cells up to the last one with something in it.
    pub cells: &'a [Cell],
}

impl<'a> Row<'a> {
    /// The cell in the column at `position`, from 0.
    pub fn cell(&self, position: usize) -> &'a Cell {
        self.cells.get(position).unwrap_or(&Cell::Empty)
    }
}

/// A sheet of a workbook, a table of a page, or a text that is a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    name: Option<Box<str>>,
    cells: Vec<Cell>,
    /// Number of each row, and where its cells end.
    rows: Vec<(u32, usize)>,
    epoch: Option<Epoch>,
}

impl Table {
    pub(crate) const fn new(name: Option<Box<str>>, epoch: Option<Epoch>) -> Self {
        Self {
            name,
            cells: Vec::new(),
            rows: Vec::new(),
            epoch,
        }
    }

    /// The name of the sheet.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// How many rows have something in them, titles and header included.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row has.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows with something in them, from the top.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|index| self.row(index))
    }

    /// From when plain numbers count days here; none where numbers are text.
    pub(crate) const fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    fn row(&self, index: usize) -> Row<'_> {
        let (number, end) = self.rows[index];
        let start = index.checked_sub(1).map_or(0, |before| self.rows[before].1);
        Row {
            number,
            cells: &self.cells[start..end],
        }
    }
}

/// A file, or what was pasted, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub(crate) source: SourceKind,
    pub(crate) tables: Vec<Table>,
}

impl Document {
    /// What it was.
    pub const fn source(&self) -> SourceKind {
        self.source
    }

    /// Its tables that have rows, in their order; at least one.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }
}

/// Tables that are being put together, within the limits.
pub(crate) struct Tables<'w> {
    done: Vec<Table>,
    open: Option<Table>,
    row: Vec<Cell>,
    row_number: u32,
    rows: usize,
    cells: usize,
    text: usize,
    watch: Watch<'w>,
}

impl<'w> Tables<'w> {
    pub(crate) fn new(watch: Watch<'w>) -> Self {
        Self {
            done: Vec::new(),
            open: None,
            row: Vec::new(),
            row_number: 0,
            rows: 0,
            cells: 0,
            text: 0,
            watch,
        }
    }

    /// Begins a table; the one before has ended.
    pub(crate) fn table(&mut self, name: Option<&str>, epoch: Option<Epoch>) -> Result<()> {
        self.end_table()?;
        if self.done.len() == limits::TABLES {
            return Err(Unreadable::TooWide.into());
        }
        self.open = Some(Table::new(name.map(Into::into), epoch));
        Ok(())
    }

    /// Puts a cell at a row (from 1) and column (from 0). Rows come in their order, within a row columns come as they like.
    pub(crate) fn cell(&mut self, number: u32, column: usize, cell: Cell) -> Result<()> {
        if cell.is_empty() {
            return Ok(());
        }
        if number != self.row_number {
            self.end_row()?;
            if number < self.row_number {
                return Err(Unreadable::Damaged.into());
            }
            self.row_number = number;
        }
        if column >= limits::COLUMNS {
            return Err(Unreadable::TooWide.into());
        }
        if let Cell::Text(text) = &cell {
            self.text += text.len();
            let is_too_long = text.len() > limits::CELL_CHARACTERS && text.chars().count() > limits::CELL_CHARACTERS;
            if self.text > limits::TEXT_BYTES || is_too_long {
                return Err(Unreadable::TooWide.into());
            }
        }
        if self.row.len() <= column {
            self.row.resize(column + 1, Cell::Empty);
        }
        self.row[column] = cell;
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        if self.row.is_empty() {
            return Ok(());
        }
        self.rows += 1;
        self.cells += self.row.len();
        if self.rows > limits::ROWS {
            return Err(Unreadable::TooManyRows.into());
        }
        if self.cells > limits::CELLS {
            return Err(Unreadable::TooWide.into());
        }
        if let Some(table) = &mut self.open {
            table.cells.append(&mut self.row);
            table.rows.push((self.row_number, table.cells.len()));
        }
        self.row.clear();
        tell(self.watch, Stage::Opening, self.rows, None)
    }

    fn end_table(&mut self) -> Result<()> {
        self.end_row()?;
        self.row_number = 0;
        if let Some(table) = self.open.take()
            && !table.is_empty()
        {
            self.done.push(table);
        }
        Ok(())
    }

    /// The tables with something in them; without any there is no document.
    pub(crate) fn finish(mut self, source: SourceKind) -> Result<Document> {
        self.end_table()?;
        if self.done.is_empty() {
            return Err(Unreadable::NoTable.into());
        }
        Ok(Document {
            source,
            tables: self.done,
        })
    }
}
