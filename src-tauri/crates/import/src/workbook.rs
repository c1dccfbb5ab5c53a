//! Packed workbooks: what they are inside, and the cells of those of Excel since 2007. Only values are read, of a formula the
//! one that was last computed; macros, links and pictures are not looked at.
//!
//! calamine reads them, and trusts what a file says of its sizes. So they are looked at before: what the parts unpack to, and
//! how many texts they announce.

use std::io::{BufReader, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::dates::{Epoch, day_in};
use crate::error::{ImportError, Result, Unreadable};
use crate::limits::{OUTLINE_BYTES, PARSED_BYTES, PARTS, SHARED_TEXT_BYTES, UNPACKED_BYTES};
use crate::ods;
use crate::progress::Watch;
use crate::source::SourceKind;
use crate::table::{Cell, Document, Tables};

type Packed<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads a ZIP archive that is a workbook.
pub(crate) fn read(bytes: &[u8], watch: Watch<'_>) -> Result<Document> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let has = |end: &str| {
        let ends = |name: &str| name.to_ascii_lowercase().ends_with(end);
        archive.file_names().flatten().any(|name| ends(&name))
    };
    let (open_document, office) = (has("mimetype") && has("content.xml"), has("[content_types].xml"));
    let (binary, workbook) = (has("workbook.bin"), has("workbook.xml"));
    if !(open_document || office) {
        return Err(Unreadable::Archive.into());
    }
    let largest = check_sizes(&mut archive)?;
    if open_document {
        return ods::read(&mut archive, watch);
    }
    match (workbook, binary) {
        (true, _) => read_xlsx(bytes, largest, watch),
        (false, true) => Err(Unreadable::OtherWorkbook.into()),
        (false, false) => Err(Unreadable::OfficeDocument.into()),
    }
}

/// Unpacks every part, whatever sizes the archive claims, and keeps none. Returns the bytes of the largest.
fn check_sizes(archive: &mut Packed<'_>) -> Result<u64> {
    if archive.len() > PARTS {
        return Err(Unreadable::TooLarge.into());
    }
    let (mut all, mut largest) = (0, 0);
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Unreadable::Damaged)?;
        let name = part.name().map_err(|_| Unreadable::Damaged)?.to_ascii_lowercase();
        let mut part = part.take(UNPACKED_BYTES - all + 1);
        let bytes = std::io::copy(&mut part, &mut std::io::sink()).map_err(|_| Unreadable::Damaged)?;
        drop(part);
        all += bytes;
        largest = largest.max(bytes);
        if all > UNPACKED_BYTES {
            return Err(Unreadable::TooLarge.into());
        }
        if bytes > most_bytes(&name) {
            return Err(Unreadable::TooLarge.into());
        }
        // Each takes a few bytes at least, `<si/>`.
        if name.ends_with(SHARED_TEXTS) && announced_texts(archive, index).is_some_and(|texts| texts > bytes) {
            return Err(Unreadable::Damaged.into());
        }
    }
    Ok(largest)
}

const SHARED_TEXTS: &str = "sharedstrings.xml";

/// The most that the part of that name may take, in small letters: calamine keeps some of them whole, and more than they take.
fn most_bytes(name: &str) -> u64 {
    if name.ends_with(SHARED_TEXTS) {
        SHARED_TEXT_BYTES
    } else if ["workbook.xml", "styles.xml", "theme1.xml", ".rels"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        OUTLINE_BYTES
    } else {
        UNPACKED_BYTES
    }
}

/// How many texts a part says that it holds: calamine makes room for them before it reads any.
fn announced_texts(archive: &mut Packed<'_>, index: usize) -> Option<u64> {
    let part = archive.by_index(index).ok()?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).ok()? {
            Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == "sst" => {
                // Looked for by hand: what is wrong with another attribute must not hide it.
                let given = start.attributes_raw();
                let numbers = given.match_indices("uniqueCount").filter_map(|(at, name)| {
                    let number = given[at + name.len()..].trim_start_matches(|c: char| !c.is_ascii_digit());
                    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
                    number[..digits].parse().ok()
                });
                return numbers.max();
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// Runs what reads a broken file with calamine: where that panics, the file is damaged, and nothing else is.
fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Unreadable::Damaged.into()))
}

fn read_xlsx(bytes: &[u8], largest: u64, watch: Watch<'_>) -> Result<Document> {
    guarded(|| {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
        let sheets = shown(book.sheets_metadata());
        if u64::try_from(sheets.len()).is_ok_and(|sheets| sheets.saturating_mul(largest) > PARSED_BYTES) {
            return Err(Unreadable::TooLarge.into());
        }
        let epoch = epoch(book.has_1904_epoch());
        let mut tables = Tables::new(watch);
        for name in sheets {
            tables.table(Some(&name), Some(epoch))?;
            let mut cells = book.worksheet_cells_reader(&name).map_err(|error| refusal(&error))?;
            while let Some(found) = cells.next_cell().map_err(|error| refusal(&error))? {
                let (row, column) = found.get_position();
                let cell = match found.get_value() {
                    DataRef::SharedString(text) => Cell::text(text),
                    value => cell(&value.clone().into(), epoch),
                };
                tables.cell(row.saturating_add(1), position(column), cell)?;
            }
        }
        tables.finish(SourceKind::Xlsx)
    })
}

fn refusal(error: &XlsxError) -> ImportError {
    match error {
        XlsxError::Password => Unreadable::Encrypted.into(),
        _ => Unreadable::Damaged.into(),
    }
}

/// Names of the sheets that a person sees, in their order.
fn shown(sheets: &[calamine::Sheet]) -> Vec<String> {
    let worksheets = || sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names = |visible: bool| {
        let sheets = worksheets().filter(|sheet| !visible || sheet.visible == SheetVisible::Visible);
        sheets.map(|sheet| sheet.name.clone()).collect::<Vec<_>>()
    };
    let visible = names(true);
    if visible.is_empty() { names(false) } else { visible }
}

const fn epoch(is_1904: bool) -> Epoch {
    if is_1904 { Epoch::From1904 } else { Epoch::From1900 }
}

fn position(column: u32) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX)
}

fn cell(value: &Data, epoch: Epoch) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::Int(number) => integer(*number),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DurationIso(text) => Cell::text(text),
        Data::Bool(flag) => Cell::Flag(*flag),
        Data::DateTime(moment) => moment_cell(moment, epoch),
        Data::DateTimeIso(text) => day_in(text).map_or_else(|| Cell::text(text), Cell::Day),
        Data::Error(_) => Cell::Failed,
    }
}

fn integer(number: i64) -> Cell {
    // Codes have up to 16 digits; those that would lose one here have lost it before.
    #[expect(clippy::cast_precision_loss)]
    Cell::Number(number as f64)
}

fn moment_cell(moment: &ExcelDateTime, epoch: Epoch) -> Cell {
    let number = moment.as_f64();
    let day = moment.is_datetime().then(|| epoch.day(number)).flatten();
    day.map_or(Cell::Number(number), Cell::Day)
}
