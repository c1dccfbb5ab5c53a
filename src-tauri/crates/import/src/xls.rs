//! Workbooks of Excel since 97 (BIFF8). Read here and not by calamine, which follows broken chains of sectors without end,
//! lays out a sheet from its first cell to its last however far apart, and copies a text for every cell that shows it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use crate::dates::Epoch;
use crate::error::{Result, Unreadable};
use crate::limits::{CELLS, FILE_BYTES, PARSED_BYTES};
use crate::progress::Watch;
use crate::source::SourceKind;
use crate::table::{Cell, Document, Tables};

/// Reads a compound file that is some document of Office.
pub(crate) fn read(bytes: &[u8], watch: Watch<'_>) -> Result<Document> {
    let stream = book_stream(bytes)?;
    let book = Book::read(&stream)?;
    let mut tables = Tables::new(watch);
    for sheet in &book.sheets {
        tables.table(Some(&sheet.name), Some(book.epoch))?;
        let content = stream.get(sheet.begins..).ok_or(Unreadable::Damaged)?;
        for (row, column, cell) in book.cells(content)? {
            let cell = match cell {
                Found::Cell(cell) => cell,
                Found::Shared(index) => Cell::text(book.texts.get(index).ok_or(Unreadable::Damaged)?),
            };
            tables.cell(u32::from(row) + 1, column.into(), cell)?;
        }
    }
    tables.finish(SourceKind::Xls)
}

fn book_stream(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    if container.is_stream("/EncryptedPackage") {
        return Err(Unreadable::Encrypted.into());
    }
    if !container.is_stream("/Workbook") {
        // Excel before 97 called it otherwise.
        let older = container.is_stream("/Book");
        return Err(if older {
            Unreadable::OtherWorkbook
        } else {
            Unreadable::OfficeDocument
        }
        .into());
    }
    let stream = container.open_stream("/Workbook").map_err(|_| Unreadable::Damaged)?;
    let mut content = Vec::new();
    let length = stream.take(FILE_BYTES).read_to_end(&mut content);
    length.map(|_| content).map_err(|_| Unreadable::Damaged.into())
}

mod kind {
    //! What a record is, where it matters here.
    pub(super) const BEGIN: u16 = 0x0809;
    pub(super) const END: u16 = 0x000A;
    pub(super) const CONTINUED: u16 = 0x003C;
    pub(super) const PASSWORD: u16 = 0x002F;
    pub(super) const EPOCH: u16 = 0x0022;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const STYLE: u16 = 0x00E0;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const TEXTS: u16 = 0x00FC;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const SHORT_NUMBER: u16 = 0x027E;
    pub(super) const SHORT_NUMBERS: u16 = 0x00BD;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const RICH_TEXT: u16 = 0x00D6;
    pub(super) const FLAG_OR_ERROR: u16 = 0x0205;
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const TEXT_OF_FORMULA: u16 = 0x0207;
}

/// A record, with what of it stands in the records after.
struct Record<'a> {
    kind: u16,
    content: &'a [u8],
    continued: Vec<&'a [u8]>,
}

struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    fn single(rest: &'a [u8]) -> Option<(u16, &'a [u8], &'a [u8])> {
        let (head, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let (content, rest) = rest.split_at_checked(length)?;
        Some((u16::from_le_bytes([head[0], head[1]]), content, rest))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, content, rest) = Self::single(self.rest)?;
        self.rest = rest;
        let mut continued = Vec::new();
        while let Some((kind::CONTINUED, content, rest)) = Self::single(self.rest) {
            self.rest = rest;
            continued.push(content);
        }
        Some(Record {
            kind,
            content,
            continued,
        })
    }
}

/// The bytes of a record from its beginning on, and of those that continue it.
struct Bytes<'a> {
    here: &'a [u8],
    continued: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Bytes<'a> {
    fn of(record: Record<'a>) -> Self {
        Self {
            here: record.content,
            continued: record.continued.into_iter(),
        }
    }

    fn is_at_end(&self) -> bool {
        self.here.is_empty() && self.continued.as_slice().iter().all(|next| next.is_empty())
    }

    /// What stands next; no number is split between two records.
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        while self.here.is_empty() {
            self.here = self.continued.next().ok_or(Unreadable::Damaged)?;
        }
        let (taken, rest) = self.here.split_first_chunk::<N>().ok_or(Unreadable::Damaged)?;
        self.here = rest;
        Ok(*taken)
    }

    fn u16(&mut self) -> Result<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn skip(&mut self, bytes: usize) -> Result<()> {
        let mut left = bytes;
        while left > 0 {
            if self.here.is_empty() {
                self.here = self.continued.next().ok_or(Unreadable::Damaged)?;
                continue;
            }
            let taken = left.min(self.here.len());
            self.here = &self.here[taken..];
            left -= taken;
        }
        Ok(())
    }

    /// A text whose length is told in two bytes.
    fn text(&mut self) -> Result<String> {
        let length = usize::from(self.u16()?);
        self.text_of(length)
    }

    /// A text of that many characters, with what stands before and behind them. Where it goes on in another record, that says
    /// anew how wide its characters are.
    fn text_of(&mut self, characters: usize) -> Result<String> {
        let [flags] = self.take()?;
        let runs = if flags & 0x08 != 0 { usize::from(self.u16()?) } else { 0 };
        let extra = if flags & 0x04 != 0 { self.u32()? } else { 0 };
        let mut wide = flags & 0x01 != 0;
        let mut units: Vec<u16> = Vec::with_capacity(characters.min(self.here.len()));
        while units.len() < characters {
            let width = if wide { 2 } else { 1 };
            let count = (characters - units.len()).min(self.here.len() / width);
            let (taken, rest) = self.here.split_at(count * width);
            self.here = rest;
            if wide {
                units.extend(taken.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
            } else {
                units.extend(taken.iter().copied().map(u16::from));
            }
            if units.len() < characters {
                self.here = self.continued.next().ok_or(Unreadable::Damaged)?;
                let [flags] = self.take()?;
                wide = flags & 0x01 != 0;
            }
        }
        self.skip(4 * runs)?;
        self.skip(usize::try_from(extra).map_err(|_| Unreadable::Damaged)?)?;
        Ok(String::from_utf16_lossy(&units))
    }
}

struct Sheet {
    name: String,
    begins: usize,
}

/// What all sheets share.
struct Book {
    epoch: Epoch,
    sheets: Vec<Sheet>,
    texts: Vec<String>,
    /// Of each style, whether its numbers are days.
    day_styles: Vec<bool>,
}

/// What stands in a cell.
enum Found {
    Cell(Cell),
    /// The text of that number.
    Shared(usize),
}

impl Book {
    fn read(stream: &[u8]) -> Result<Self> {
        let mut epoch = Epoch::From1900;
        let mut sheets = Vec::new();
        let mut texts = Vec::new();
        let mut formats = BTreeMap::new();
        let mut styles = Vec::new();
        let mut records = Records { rest: stream };
        let version = records
            .next()
            .filter(|first| first.kind == kind::BEGIN)
            .map(|first| first.content.to_vec());
        if version.ok_or(Unreadable::Damaged)?.get(..2) != Some(&[0x00, 0x06]) {
            return Err(Unreadable::OtherWorkbook.into());
        }
        for record in records {
            match record.kind {
                kind::END => break,
                kind::PASSWORD => return Err(Unreadable::Encrypted.into()),
                kind::EPOCH if record.content.starts_with(&[1, 0]) => epoch = Epoch::From1904,
                kind::FORMAT => {
                    let mut bytes = Bytes::of(record);
                    formats.insert(bytes.u16()?, is_day_format(&bytes.text()?));
                }
                kind::STYLE => {
                    let mut bytes = Bytes::of(record);
                    bytes.skip(2)?;
                    styles.push(bytes.u16()?);
                }
                kind::SHEET => sheets.push(sheet(Bytes::of(record))?),
                kind::TEXTS => {
                    let mut bytes = Bytes::of(record);
                    bytes.skip(8)?;
                    while !bytes.is_at_end() {
                        texts.push(bytes.text()?);
                    }
                }
                _ => {}
            }
        }
        let (shown, hidden): (Vec<_>, Vec<_>) = sheets.into_iter().flatten().partition(|(_, is_shown)| *is_shown);
        let sheets = if shown.is_empty() { hidden } else { shown };
        let bytes = u64::try_from(stream.len()).unwrap_or(u64::MAX);
        if u64::try_from(sheets.len()).is_ok_and(|sheets| sheets.saturating_mul(bytes) > PARSED_BYTES) {
            return Err(Unreadable::TooLarge.into());
        }
        Ok(Self {
            epoch,
            sheets: sheets.into_iter().map(|(sheet, _)| sheet).collect(),
            texts,
            day_styles: styles
                .into_iter()
                .map(|format| {
                    formats
                        .get(&format)
                        .copied()
                        .unwrap_or_else(|| is_day_format_of_excel(format))
                })
                .collect(),
        })
    }

    /// The cells of a sheet with something in them, by row.
    fn cells(&self, content: &[u8]) -> Result<Vec<(u16, u16, Found)>> {
        let mut cells: Vec<(u16, u16, Found)> = Vec::new();
        let mut of_formula = None;
        // Charts stand within a sheet like a sheet of their own.
        let mut depth = 0_usize;
        for record in (Records { rest: content }) {
            match record.kind {
                kind::BEGIN => depth += 1,
                kind::END if depth <= 1 => break,
                kind::END => depth -= 1,
                _ if depth != 1 => {}
                kind::TEXT_OF_FORMULA => {
                    if let Some((row, column)) = of_formula.take() {
                        let text = Bytes::of(record).text()?;
                        cells.push((row, column, Found::Cell(Cell::text(&text))));
                    }
                }
                kind => {
                    if is_cell(kind)
                        && let Some(place) = self.cell(record, &mut cells)?
                    {
                        of_formula = Some(place);
                    }
                }
            }
            if cells.len() > CELLS {
                return Err(Unreadable::TooWide.into());
            }
        }
        cells.sort_by_key(|(row, ..)| *row);
        Ok(cells)
    }

    /// Adds what stands in a record of cells. Returns the place of a formula whose text follows.
    fn cell(&self, record: Record<'_>, cells: &mut Vec<(u16, u16, Found)>) -> Result<Option<(u16, u16)>> {
        let kind = record.kind;
        let mut bytes = Bytes::of(record);
        let (row, column) = (bytes.u16()?, bytes.u16()?);
        if kind == kind::SHORT_NUMBERS {
            let mut column = column;
            while bytes.here.len() >= 6 {
                let (style, number) = (bytes.u16()?, short_number(bytes.u32()?));
                cells.push((row, column, Found::Cell(self.number(number, style))));
                column = column.saturating_add(1);
            }
            return Ok(None);
        }
        let style = bytes.u16()?;
        let found = match kind {
            kind::NUMBER => Found::Cell(self.number(f64::from_le_bytes(bytes.take()?), style)),
            kind::SHORT_NUMBER => Found::Cell(self.number(short_number(bytes.u32()?), style)),
            kind::SHARED_TEXT => Found::Shared(usize::try_from(bytes.u32()?).map_err(|_| Unreadable::Damaged)?),
            kind::TEXT | kind::RICH_TEXT => Found::Cell(Cell::text(&bytes.text()?)),
            kind::FLAG_OR_ERROR => match bytes.take::<2>()? {
                [flag, 0] => Found::Cell(Cell::Flag(flag != 0)),
                [..] => Found::Cell(Cell::Failed),
            },
            _ => match bytes.take::<8>()? {
                [0, .., 0xFF, 0xFF] => return Ok(Some((row, column))),
                [1, _, flag, .., 0xFF, 0xFF] => Found::Cell(Cell::Flag(flag != 0)),
                [2, .., 0xFF, 0xFF] => Found::Cell(Cell::Failed),
                [.., 0xFF, 0xFF] => return Ok(None),
                number => Found::Cell(self.number(f64::from_le_bytes(number), style)),
            },
        };
        cells.push((row, column, found));
        Ok(None)
    }

    fn number(&self, number: f64, style: u16) -> Cell {
        if !number.is_finite() {
            return Cell::Failed;
        }
        let is_day = self.day_styles.get(usize::from(style)).is_some_and(|is_day| *is_day);
        let day = is_day.then(|| self.epoch.day(number)).flatten();
        day.map_or(Cell::Number(number), Cell::Day)
    }
}

const fn is_cell(kind: u16) -> bool {
    matches!(
        kind,
        kind::NUMBER
            | kind::SHORT_NUMBER
            | kind::SHORT_NUMBERS
            | kind::SHARED_TEXT
            | kind::TEXT
            | kind::RICH_TEXT
            | kind::FLAG_OR_ERROR
            | kind::FORMULA
    )
}

/// A sheet with cells, and whether people see it.
fn sheet(mut bytes: Bytes<'_>) -> Result<Option<(Sheet, bool)>> {
    let begins = usize::try_from(bytes.u32()?).map_err(|_| Unreadable::Damaged)?;
    let [visibility, kind, length] = bytes.take()?;
    let name = bytes.text_of(length.into())?;
    Ok((kind == 0).then_some((Sheet { name, begins }, visibility & 0x03 == 0)))
}

/// A number in four bytes: the upper half of one of eight, or a whole one, each perhaps in hundredths.
fn short_number(packed: u32) -> f64 {
    let number = if packed & 0x02 != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !0x03) << 32)
    };
    if packed & 0x01 != 0 { number / 100.0 } else { number }
}

/// Formats that Excel does not write down.
const fn is_day_format_of_excel(format: u16) -> bool {
    matches!(format, 14..=17 | 22 | 27..=36 | 50..=58)
}

/// Whether a format shows days: a `d` or a `y` that is no quoted text.
fn is_day_format(format: &str) -> bool {
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        let closes = match c {
            '"' => '"',
            '[' => ']',
            '\\' | '_' | '*' => {
                characters.next();
                continue;
            }
            'd' | 'D' | 'y' | 'Y' => return true,
            _ => continue,
        };
        characters.by_ref().find(|c| *c == closes);
    }
    false
}
