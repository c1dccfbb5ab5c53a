//! Delimited text: how its letters are written, what separates its cells.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{Result, Unreadable};
use crate::progress::Watch;
use crate::source::{SourceKind, TextEncoding, TextKind};
use crate::table::{Cell, Document, Tables};

/// Bytes from which the delimiter is recognised.
const SAMPLE: usize = 128 * 1024;
const DELIMITERS: [char; 4] = ['\t', ';', ',', '|'];

/// The text of a file. What has no mark and is no UTF-8 is Windows-1252; a few broken letters do not make a text of
/// otherwise sound UTF-8 another.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, TextEncoding)> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (unmarked(bytes), 0));
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if is_binary(&text) {
        return Err(Unreadable::Binary.into());
    }
    let kind = if encoding == UTF_16LE || encoding == UTF_16BE {
        TextEncoding::Utf16
    } else if encoding == UTF_8 {
        TextEncoding::Utf8
    } else {
        TextEncoding::Windows1252
    };
    Ok((text.into_owned(), kind))
}

/// Whether there are characters that no text has: nothing at all, or controls in great number.
fn is_binary(text: &str) -> bool {
    let (mut all, mut controls) = (0_usize, 0_usize);
    for c in text.chars().take(SAMPLE) {
        all += 1;
        match c {
            '\0' => return true,
            '\t' | '\n' | '\r' | '\x0c' => {}
            '\x01'..='\x1f' => controls += 1,
            _ => {}
        }
    }
    controls > all / 50
}

fn unmarked(bytes: &[u8]) -> &'static Encoding {
    let mut sound = 0;
    let mut broken = 0;
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken == 0 || sound > 10 * broken {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

/// Reads a text whose cells are separated by the same character throughout.
pub(crate) fn read(text: &str, encoding: TextEncoding, watch: Watch<'_>) -> Result<Document> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (told, text) = told_delimiter(text);
    let delimiter = match told {
        Some(delimiter) => delimiter,
        None => recognised_delimiter(text)?,
    };
    let mut tables = Tables::new(watch);
    records(text, delimiter, &mut tables)?;
    tables.finish(SourceKind::Text(TextKind { delimiter, encoding }))
}

/// Excel's own first line, `sep=;`. It is no row.
fn told_delimiter(text: &str) -> (Option<char>, &str) {
    let rest = text.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="));
    let Some(rest) = rest.and_then(|_| text.get(4..)) else {
        return (None, text);
    };
    let mut characters = rest.chars();
    match characters.next() {
        Some(delimiter)
            if delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() && !"\"\r\n".contains(delimiter) =>
        {
            let rest = characters.as_str();
            let rest = rest.strip_prefix('\r').unwrap_or(rest);
            (Some(delimiter), rest.strip_prefix('\n').unwrap_or(rest))
        }
        _ => (None, text),
    }
}

/// The delimiter with which the text begins most like a list: with a header that names its columns, or else with most rows
/// of the same number of cells.
fn recognised_delimiter(text: &str) -> Result<char> {
    let sample = sample(text);
    let mut best = None;
    for delimiter in DELIMITERS.into_iter().filter(|delimiter| sample.contains(*delimiter)) {
        let watch = &mut |_| std::ops::ControlFlow::Continue(());
        let mut tables = Tables::new(watch);
        // With another it may be a table of too many cells.
        if records(sample, delimiter, &mut tables).is_err() {
            continue;
        }
        let kind = SourceKind::Text(TextKind {
            delimiter,
            encoding: TextEncoding::Utf8,
        });
        let Ok(document) = tables.finish(kind) else {
            continue;
        };
        let named = document
            .tables()
            .first()
            .map_or(0, |table| table.propose().map_or(0, |proposal| proposal.sureness.len()));
        let likeness = (named, alike(&document));
        if likeness > (0, 1) && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter)
        .ok_or_else(|| Unreadable::NoTable.into())
}

/// How many rows have as many cells as most have, if those are several.
fn alike(document: &Document) -> usize {
    let mut counts = std::collections::HashMap::new();
    for row in document.tables().iter().flat_map(|table| table.rows()) {
        *counts.entry(row.cells.len()).or_insert(0) += 1;
    }
    let several = counts.into_iter().filter(|(cells, _)| *cells > 1);
    several.map(|(_, rows)| rows).max().unwrap_or(0)
}

/// The beginning of the text, to the end of a line.
fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE {
        return text;
    }
    let mut end = SAMPLE;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let whole_lines = text[..end].rfind('\n').unwrap_or(end);
    &text[..whole_lines]
}

/// Splits the text into one table. A quotation mark that is nowhere closed would swallow rows: then none are taken as such but
/// those around a whole cell.
fn records(text: &str, delimiter: char, tables: &mut Tables<'_>) -> Result<()> {
    let quoted = is_well_quoted(text, delimiter);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).map_err(|_| Unreadable::NoTable)?)
        .quoting(quoted)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut number = 0_u32;
    tables.table(None, None)?;
    loop {
        let at = usize::try_from(reader.position().byte()).map_err(|_| Unreadable::TooLarge)?;
        number += blank_lines(text, at);
        // The text is UTF-8 and in memory: only its shape could be wrong, and any will do.
        if !reader.read_record(&mut record).map_err(|_| Unreadable::Damaged)? {
            return Ok(());
        }
        number += 1;
        for (column, field) in record.iter().enumerate() {
            let cell = match field.strip_prefix('"').and_then(|field| field.strip_suffix('"')) {
                Some(field) if !quoted => Cell::text(&field.replace("\"\"", "\"")),
                _ => Cell::text(field),
            };
            tables.cell(number, column, cell)?;
        }
    }
}

/// Lines with nothing in them from `at` on: a spreadsheet counts them as rows, the reader of records leaves them out.
fn blank_lines(text: &str, at: usize) -> u32 {
    let bytes = text.as_bytes();
    let mut lines = 0;
    let mut before = at.checked_sub(1).and_then(|before| bytes.get(before));
    for byte in bytes.get(at..).unwrap_or_default() {
        match byte {
            b'\n' if before == Some(&b'\r') => {}
            b'\n' | b'\r' => lines += 1,
            _ => break,
        }
        before = Some(byte);
    }
    lines
}

/// Whether every cell that begins with a quotation mark ends with one.
fn is_well_quoted(text: &str, delimiter: char) -> bool {
    let ends =
        |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'\r' | b'\n') || char::from(*byte) == delimiter);
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut cell_begins = true;
    while let Some(byte) = bytes.get(at) {
        if cell_begins && *byte == b'"' {
            at += 1;
            loop {
                match (bytes.get(at), bytes.get(at + 1)) {
                    (None, _) => return false,
                    (Some(b'"'), Some(b'"')) => at += 2,
                    (Some(b'"'), next) if ends(next) => break,
                    (Some(b'"'), _) => return false,
                    (Some(_), _) => at += 1,
                }
            }
        }
        cell_begins = *byte != b'"' && ends(Some(byte));
        at += 1;
    }
    true
}
