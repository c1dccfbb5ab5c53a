//! Workbooks of LibreOffice. Read here and not by calamine, which lays out every repetition that a file asks for: a few bytes
//! could ask for all memory there is.

use std::io::{BufRead, BufReader, Cursor};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::dates::{Epoch, day_in};
use crate::error::{Result, Unreadable};
use crate::limits::{CELL_CHARACTERS, COLUMNS};
use crate::progress::Watch;
use crate::source::SourceKind;
use crate::table::{Cell, Document, Tables};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// Rows that a sheet can have.
const SHEET_ROWS: u32 = 1 << 24;

/// Reads an archive that is some open document.
pub(crate) fn read(archive: &mut ZipArchive<Cursor<&[u8]>>, watch: Watch<'_>) -> Result<Document> {
    let mut kind = String::new();
    let part = archive.by_name("mimetype").map_err(|_| Unreadable::Damaged)?;
    std::io::Read::read_to_string(&mut std::io::Read::take(part, 100), &mut kind).map_err(|_| Unreadable::Damaged)?;
    // A template is one, too.
    if !kind.starts_with(KIND) {
        return Err(Unreadable::OfficeDocument.into());
    }
    if is_encrypted(archive)? {
        return Err(Unreadable::Encrypted.into());
    }
    let content = archive.by_name("content.xml").map_err(|_| Unreadable::Damaged)?;
    let mut sheets = Sheets {
        xml: quick_xml::Reader::from_reader(BufReader::new(content)),
        tables: Tables::new(watch),
        hidden: Vec::new(),
    };
    sheets.read()?;
    sheets.tables.finish(SourceKind::Ods)
}

fn is_encrypted(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<bool> {
    let Ok(manifest) = archive.by_name("META-INF/manifest.xml") else {
        return Ok(false);
    };
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(manifest));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| Unreadable::Damaged)? {
            Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == "encryption-data" => {
                return Ok(true);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

struct Sheets<'w, R> {
    xml: quick_xml::Reader<R>,
    tables: Tables<'w>,
    /// Styles of tables that nobody sees.
    hidden: Vec<String>,
}

/// The value that a cell has beside its text.
enum Value {
    Shown(Cell),
    Text,
}

impl<R: BufRead> Sheets<'_, R> {
    fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>> {
        buffer.clear();
        self.xml.read_event_into(buffer).map_err(|_| Unreadable::Damaged.into())
    }

    fn read(&mut self) -> Result<()> {
        let mut style = None;
        let mut buffer = Vec::new();
        loop {
            match self.next(&mut buffer)? {
                Event::Start(start) => match start.name().as_ref() {
                    "style:style" => style = attribute(&start, "style:name"),
                    "style:table-properties" => self.hide(&start, &mut style),
                    "table:tracked-changes" => self.skip(&start)?,
                    "table:table" => self.table(&start)?,
                    _ => {}
                },
                Event::Empty(start) if start.name().as_ref() == "style:table-properties" => {
                    self.hide(&start, &mut style);
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn hide(&mut self, properties: &BytesStart<'_>, style: &mut Option<String>) {
        if attribute(properties, "table:display").as_deref() == Some("false") {
            self.hidden.extend(style.take());
        }
    }

    /// Passes over an element with all that is in it.
    fn skip(&mut self, start: &BytesStart<'_>) -> Result<()> {
        let end = self.xml.read_to_end_into(start.name(), &mut Vec::new());
        end.map(drop).map_err(|_| Unreadable::Damaged.into())
    }

    fn table(&mut self, start: &BytesStart<'_>) -> Result<()> {
        let style = attribute(start, "table:style-name");
        if style.is_some_and(|style| self.hidden.contains(&style)) {
            return self.skip(start);
        }
        let name = attribute(start, "table:name");
        self.tables.table(name.as_deref(), Some(Epoch::From1900))?;
        let mut row = 1_u32;
        let mut buffer = Vec::new();
        loop {
            match self.next(&mut buffer)? {
                Event::Start(start) => match start.name().as_ref() {
                    "table:table-row" => {
                        let repeated = repetition(&start, "table:number-rows-repeated");
                        let cells = self.row()?;
                        row = self.put(row, repeated, &cells)?;
                    }
                    "table:table-row-group" | "table:table-rows" | "table:table-header-rows" => {}
                    _ => self.skip(&start)?,
                },
                Event::Empty(start) if start.name().as_ref() == "table:table-row" => {
                    row = self.put(row, repetition(&start, "table:number-rows-repeated"), &[])?;
                }
                Event::End(end) if end.name().as_ref() == "table:table" => return Ok(()),
                Event::Eof => return Err(Unreadable::Damaged.into()),
                _ => {}
            }
        }
    }

    /// Puts a row as often as it is repeated, and returns the number of the next.
    fn put(&mut self, row: u32, repeated: u32, cells: &[(usize, Cell)]) -> Result<u32> {
        let next = row.saturating_add(repeated);
        if next > SHEET_ROWS {
            return Err(Unreadable::Damaged.into());
        }
        if !cells.is_empty() {
            for number in row..next {
                for (column, cell) in cells {
                    self.tables.cell(number, *column, cell.clone())?;
                }
            }
        }
        Ok(next)
    }

    /// The cells of a row with something in them.
    fn row(&mut self) -> Result<Vec<(usize, Cell)>> {
        let mut cells = Vec::new();
        let mut column = 0_usize;
        let mut buffer = Vec::new();
        loop {
            let (start, cell) = match self.next(&mut buffer)? {
                Event::Start(start) if is_cell(&start) => {
                    let cell = self.cell(&start)?;
                    (start, cell)
                }
                Event::Empty(start) if is_cell(&start) => {
                    let cell = match value(&start)? {
                        Value::Shown(cell) => cell,
                        Value::Text => Cell::Empty,
                    };
                    (start, cell)
                }
                Event::Start(start) => {
                    self.skip(&start)?;
                    continue;
                }
                Event::End(end) if end.name().as_ref() == "table:table-row" => return Ok(cells),
                Event::Eof => return Err(Unreadable::Damaged.into()),
                _ => continue,
            };
            let repeated = repetition(&start, "table:number-columns-repeated");
            let repeated = usize::try_from(repeated).map_err(|_| Unreadable::TooWide)?;
            if !cell.is_empty() {
                if repeated > COLUMNS || column + repeated > COLUMNS {
                    return Err(Unreadable::TooWide.into());
                }
                cells.extend((column..column + repeated).map(|column| (column, cell.clone())));
            }
            column = column.saturating_add(repeated);
        }
    }

    fn cell(&mut self, start: &BytesStart<'_>) -> Result<Cell> {
        match value(start)? {
            Value::Shown(cell) => {
                self.skip(start)?;
                Ok(cell)
            }
            Value::Text => self.text(start),
        }
    }

    /// The paragraphs of a cell, one a line, without notes that people stuck to it.
    fn text(&mut self, cell: &BytesStart<'_>) -> Result<Cell> {
        let mut text = String::new();
        let mut paragraphs = 0_usize;
        let mut buffer = Vec::new();
        loop {
            match self.next(&mut buffer)? {
                Event::Text(piece) if paragraphs > 0 => text.push_str(&piece.xml10_content()),
                Event::CData(piece) if paragraphs > 0 => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(reference) => text.push(character(&reference)?),
                Event::Start(start) | Event::Empty(start) if start.name().as_ref() == "text:s" => {
                    let count = repetition(&start, "text:c");
                    text.extend((0..count).map(|_| ' ').take(CELL_CHARACTERS + 1));
                }
                Event::Start(start) => match start.name().as_ref() {
                    "office:annotation" => self.skip(&start)?,
                    "text:p" | "text:h" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    _ => {}
                },
                Event::Empty(start) => match start.name().as_ref() {
                    "text:p" | "text:h" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "text:tab" => text.push('\t'),
                    "text:line-break" => text.push('\n'),
                    _ => {}
                },
                Event::End(end) if end.name() == cell.name() => return Ok(Cell::text(&text)),
                Event::Eof => return Err(Unreadable::Damaged.into()),
                _ => {}
            }
            if text.len() > 4 * CELL_CHARACTERS {
                return Err(Unreadable::TooWide.into());
            }
        }
    }
}

fn is_cell(start: &BytesStart<'_>) -> bool {
    matches!(start.name().as_ref(), "table:table-cell" | "table:covered-table-cell")
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let given = start.attributes().flatten().find(|given| given.key.as_ref() == name)?;
    given.normalized_value(XmlVersion::Explicit1_0).ok().map(Into::into)
}

fn repetition(start: &BytesStart<'_>, name: &str) -> u32 {
    attribute(start, name).and_then(|count| count.parse().ok()).unwrap_or(1)
}

fn value(start: &BytesStart<'_>) -> Result<Value> {
    if attribute(start, "calcext:value-type").as_deref() == Some("error") {
        return Ok(Value::Shown(Cell::Failed));
    }
    let given = |name: &str| attribute(start, name).ok_or(Unreadable::Damaged);
    let cell = match attribute(start, "office:value-type").as_deref() {
        Some("float" | "percentage" | "currency") => {
            let number: f64 = given("office:value")?.parse().map_err(|_| Unreadable::Damaged)?;
            if number.is_finite() {
                Cell::Number(number)
            } else {
                Cell::Failed
            }
        }
        Some("date") => {
            let text = given("office:date-value")?;
            day_in(&text).map_or_else(|| Cell::text(&text), Cell::Day)
        }
        Some("boolean") => Cell::Flag(given("office:boolean-value")? == "true"),
        Some("string") => match attribute(start, "office:string-value") {
            Some(text) => Cell::text(&text),
            None => return Ok(Value::Text),
        },
        _ => return Ok(Value::Text),
    };
    Ok(Value::Shown(cell))
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> Result<char> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| Unreadable::Damaged)? {
        return Ok(character);
    }
    Ok(match &*reference.xml10_content() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return Err(Unreadable::Damaged.into()),
    })
}
