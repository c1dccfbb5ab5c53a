//! What a file is, by its content: names and endings say nothing.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{ImportError, Result, Unreadable};
use crate::limits::FILE_BYTES;
use crate::progress::{Progress, Watch};
use crate::table::Document;
use crate::{html, text, workbook, xls};

/// What a list came as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SourceKind {
    /// Text with a cell after the other.
    Text(TextKind),
    /// A page, or a part of one. The portal hands such out with the ending `.xls`, too.
    Html,
    /// A workbook of Excel since 2007.
    Xlsx,
    /// A workbook of Excel since 97.
    Xls,
    /// A workbook of LibreOffice.
    Ods,
}

/// How a text separates its cells and writes its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextKind {
    /// What stands between two cells.
    pub delimiter: char,
    /// How its letters are written.
    pub encoding: TextEncoding,
}

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    /// UTF-8, with or without a mark at its beginning.
    Utf8,
    /// UTF-16 with a mark at its beginning: what Excel calls Unicode text.
    Utf16,
    /// What Windows calls ANSI: all that is nothing else.
    Windows1252,
}

/// Opens a file. `watch` is told how far it is and may call it off.
///
/// # Errors
/// [`ImportError`].
pub fn open(path: &Path, watch: impl FnMut(Progress) -> ControlFlow<()>) -> Result<Document> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(Unreadable::NotAFile.into());
    }
    if about.len() > FILE_BYTES {
        return Err(Unreadable::TooLarge.into());
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    File::open(path)?.take(FILE_BYTES + 1).read_to_end(&mut bytes)?;
    read(&bytes, watch)
}

/// Reads the content of a file.
///
/// # Errors
/// [`ImportError::Unreadable`], [`ImportError::Cancelled`].
pub fn read(bytes: &[u8], mut watch: impl FnMut(Progress) -> ControlFlow<()>) -> Result<Document> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty.into());
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length > FILE_BYTES) {
        return Err(Unreadable::TooLarge.into());
    }
    if let Some(other) = recognised_as_other(bytes) {
        return Err(other.into());
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return workbook::read(bytes, &mut watch);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return xls::read(bytes, &mut watch);
    }
    let (content, encoding) = text::decode(bytes)?;
    read_text(&content, encoding, &mut watch)
}

/// Reads what was copied from a page: as `html`, if the clipboard had it, or else as `text`.
///
/// # Errors
/// As [`read`].
pub fn pasted(html: Option<&str>, text: &str, mut watch: impl FnMut(Progress) -> ControlFlow<()>) -> Result<Document> {
    let html = html.filter(|html| !html.trim().is_empty());
    let longest = html.map_or(0, str::len).max(text.len());
    if u64::try_from(longest).is_ok_and(|length| length > FILE_BYTES) {
        return Err(Unreadable::TooLarge.into());
    }
    let Some(html) = html else {
        return read_text(text, TextEncoding::Utf8, &mut watch);
    };
    let page = html::read(html, &mut watch);
    if matches!(&page, Ok(page) if page.propose().is_ok()) || matches!(page, Err(ImportError::Cancelled)) {
        return page;
    }
    // Pages that only look like tables copy as text with tabs.
    let plain = read_text(text, TextEncoding::Utf8, &mut watch);
    match (&plain, &page) {
        (Ok(plain), _) if plain.propose().is_ok() => {}
        (Err(ImportError::Cancelled), _) | (_, Err(_)) => {}
        _ => return page,
    }
    plain
}

fn read_text(content: &str, encoding: TextEncoding, watch: Watch<'_>) -> Result<Document> {
    let start = content.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if start.is_empty() {
        return Err(Unreadable::Empty.into());
    }
    let beginning = || start.chars().take(4_096).collect::<String>().to_ascii_lowercase();
    if start.starts_with('<') {
        if beginning().contains("urn:schemas-microsoft-com:office:spreadsheet") {
            return Err(Unreadable::OtherWorkbook.into());
        }
        return html::read(content, watch);
    }
    // The clipboard of Windows says first where the page begins.
    if start.starts_with("Version:") && beginning().contains("starthtml:") {
        return html::read(content, watch);
    }
    if start.starts_with("MIME-Version:") {
        return Err(Unreadable::OtherWorkbook.into());
    }
    text::read(content, encoding, watch)
}

/// What a file is that is certainly no list.
fn recognised_as_other(bytes: &[u8]) -> Option<Unreadable> {
    const BEGINNINGS: &[(&[u8], Unreadable)] = &[
        (b"%PDF-", Unreadable::Pdf),
        (b"\x89PNG\r\n\x1a\n", Unreadable::Picture),
        (b"\xff\xd8\xff", Unreadable::Picture),
        (b"GIF87a", Unreadable::Picture),
        (b"GIF89a", Unreadable::Picture),
        (b"II*\0", Unreadable::Picture),
        (b"MM\0*", Unreadable::Picture),
        (b"7z\xbc\xaf\x27\x1c", Unreadable::Archive),
        (b"Rar!\x1a\x07", Unreadable::Archive),
        (b"\x1f\x8b", Unreadable::Archive),
        (b"\xfd7zXZ\0", Unreadable::Archive),
        (b"{\\rtf", Unreadable::OfficeDocument),
        (b"\x09\x00\x04\x00", Unreadable::OtherWorkbook),
        (b"\x09\x02\x06\x00", Unreadable::OtherWorkbook),
        (b"\x09\x04\x06\x00", Unreadable::OtherWorkbook),
        (b"\x09\x08\x08\x00", Unreadable::OtherWorkbook),
    ];
    let begins = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    begins.map(|(_, other)| *other).or_else(|| {
        let riff = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        let bitmap = bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]);
        (riff || bitmap).then_some(Unreadable::Picture)
    })
}
