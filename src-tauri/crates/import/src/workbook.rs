//! Workbooks: what they are inside, and the cells of `.xlsx` and `.xls`. Only values are read, of a formula the one that was
//! last computed; macros, links and pictures are not looked at.
//!
//! calamine reads them, and trusts what a file says of its sizes. So the sizes are looked at before: what a packed workbook
//! unpacks to, how many texts it announces, where the cells of an old one stand.

use std::io::{BufReader, Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError};
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::dates::{Epoch, day_in};
use crate::error::{ImportError, Result, Unreadable};
use crate::limits::{CELLS, PARSED_BYTES, PARTS, TABLES, UNPACKED_BYTES};
use crate::ods;
use crate::progress::Watch;
use crate::source::SourceKind;
use crate::table::{Cell, Document, Tables};

type Packed<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads a ZIP archive that is a workbook.
pub(crate) fn read_packed(bytes: &[u8], watch: Watch<'_>) -> Result<Document> {
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
        // Each takes a few bytes at least, `<si/>`.
        if name.ends_with("sharedstrings.xml") && announced_texts(archive, index).is_some_and(|texts| texts > bytes) {
            return Err(Unreadable::Damaged.into());
        }
    }
    Ok(largest)
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
                let count = start
                    .attributes()
                    .flatten()
                    .find(|given| given.key.as_ref() == "uniqueCount")?;
                return Some(count.value.trim().parse().unwrap_or(0));
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

/// Reads a compound file that is a workbook. Its one stream is handed on in a container written anew: calamine follows the
/// chains of sectors of a broken one without end.
pub(crate) fn read_compound(bytes: &[u8], watch: Watch<'_>) -> Result<Document> {
    let (name, stream) = guarded(|| book_stream(bytes))?;
    check_extents(&stream)?;
    guarded(|| {
        let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
        container.create_stream(name)?.write_all(&stream)?;
        container.flush()?;
        let mut book = Xls::new(Cursor::new(container.into_inner().into_inner())).map_err(|error| match error {
            calamine::XlsError::Password => Unreadable::Encrypted,
            _ => Unreadable::Damaged,
        })?;
        let epoch = epoch(book.has_1904_epoch());
        let mut tables = Tables::new(watch);
        for name in shown(book.sheets_metadata()) {
            tables.table(Some(&name), Some(epoch))?;
            let sheet = book.worksheet_range(&name).map_err(|_| Unreadable::Damaged)?;
            let Some((first_row, first_column)) = sheet.start() else {
                continue;
            };
            for (row, column, value) in sheet.used_cells() {
                let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row + 1);
                tables.cell(row, column + position(first_column), cell(value, epoch))?;
            }
        }
        tables.finish(SourceKind::Xls)
    })
}

fn book_stream(bytes: &[u8]) -> Result<(&'static str, Vec<u8>)> {
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    if container.is_stream("/EncryptedPackage") {
        return Err(Unreadable::Encrypted.into());
    }
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| container.is_stream(name))
        .ok_or(Unreadable::OfficeDocument)?;
    let stream = container.open_stream(name).map_err(|_| Unreadable::Damaged)?;
    let mut content = Vec::new();
    let most = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    stream
        .take(most)
        .read_to_end(&mut content)
        .map_err(|_| Unreadable::Damaged)?;
    Ok((name, content))
}

/// Looks where the cells of all sheets stand: calamine lays each sheet out from its first to its last.
fn check_extents(stream: &[u8]) -> Result<()> {
    let sheets: Vec<usize> = records(stream)
        .take_while(|record| record.kind != END)
        .filter(|record| record.kind == SHEET)
        .filter_map(|record| usize::try_from(u32::from_le_bytes(*record.content.first_chunk()?)).ok())
        .collect();
    if sheets.len() > TABLES {
        return Err(Unreadable::TooWide.into());
    }
    let mut cells = 0;
    for begins in sheets {
        let sheet = stream.get(begins..).ok_or(Unreadable::Damaged)?;
        cells += extent(sheet);
        if cells > CELLS {
            return Err(Unreadable::TooWide.into());
        }
    }
    Ok(())
}

const END: u16 = 0x000A;
const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const DIMENSIONS: u16 = 0x0200;

/// A record of a workbook's stream.
struct Record<'a> {
    kind: u16,
    content: &'a [u8],
}

fn records(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_first_chunk::<4>()?;
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let (content, after) = after.split_at_checked(length)?;
        rest = after;
        Some(Record { kind, content })
    })
}

/// Cells between the first and the last of a sheet, or that the sheet says there are.
fn extent(sheet: &[u8]) -> usize {
    let mut rows: Option<(u16, u16)> = None;
    let mut columns: Option<(u16, u16)> = None;
    let mut told = 0;
    let mut depth = 0_usize;
    let widen = |range: &mut Option<(u16, u16)>, at: u16| {
        let (first, last) = range.unwrap_or((at, at));
        *range = Some((first.min(at), last.max(at)));
    };
    let number = |content: &[u8], at: usize| {
        let bytes = content.get(at..at + 2)?;
        Some(u16::from_le_bytes([bytes[0], bytes[1]]))
    };
    for record in records(sheet) {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            DIMENSIONS => {
                let long = |at: usize| Some(u32::from_le_bytes(*record.content.get(at..)?.first_chunk()?));
                let rows = long(4).unwrap_or(0).saturating_sub(long(0).unwrap_or(0));
                let columns = number(record.content, 10).unwrap_or(0);
                told += usize::try_from(rows)
                    .unwrap_or(usize::MAX)
                    .saturating_mul(columns.into());
            }
            // Cells of every kind, the rows of numbers among them, whose last column stands at their end.
            0x0006 | 0x00BD | 0x00D6 | 0x00FD | 0x0203..=0x0205 | 0x027E => {
                if let (Some(row), Some(column)) = (number(record.content, 0), number(record.content, 2)) {
                    widen(&mut rows, row);
                    widen(&mut columns, column);
                    if record.kind == 0x00BD
                        && let Some(last) = record.content.len().checked_sub(2)
                        && let Some(column) = number(record.content, last)
                    {
                        widen(&mut columns, column);
                    }
                }
            }
            _ => {}
        }
    }
    let width = |range: Option<(u16, u16)>| range.map_or(0, |(first, last)| usize::from(last - first) + 1);
    told.max(width(rows) * width(columns))
}
