//! R10: attachments, known by their content.

use serde::{Deserialize, Serialize};

use crate::code::ContentHash;

/// What may be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// TIFF.
    Tiff,
}

/// How many bytes of a file's beginning [`FileKind::of`] wants to see.
pub const HEAD_BYTES: usize = 1024;

impl FileKind {
    /// R10: the kind of a file by the beginning of its content; its name says nothing. PDF readers accept the mark
    /// anywhere in the first kilobyte, so do we.
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = &head[..head.len().min(HEAD_BYTES)];
        if head.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else if head.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else if [b"II\x2A\0", b"MM\0\x2A", b"II\x2B\0", b"MM\0\x2B"]
            .iter()
            .any(|mark| head.starts_with(*mark))
        {
            Some(Self::Tiff)
        } else if head.windows(5).any(|window| window == b"%PDF-") {
            Some(Self::Pdf)
        } else {
            None
        }
    }

    /// The usual ending of a file name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Tiff => "tif",
        }
    }
}

/// A file of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its content.
    pub hash: ContentHash,
    /// Its name.
    pub name: FileName,
    /// What it is by content.
    pub kind: FileKind,
    /// Size in bytes.
    pub bytes: u64,
}

/// A file's name as people see it, made harmless: no folder, no control or direction characters, none of the characters
/// and names that Windows keeps for itself, at most 120 characters. It is only ever shown and offered; inside the
/// program a file goes by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FileName(Box<str>);

const LONGEST_NAME: usize = 120;
const LONGEST_EXTENSION: usize = 10;

impl FileName {
    /// The harmless name nearest to `given`.
    pub fn sanitised(given: &str) -> Self {
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: String = last
            .chars()
            .filter(|c| !c.is_control() && !is_invisible(*c))
            .map(|c| {
                if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        let clean = clean.trim_matches(|c: char| c.is_whitespace() || c == '.');
        let (stem, extension) = match clean.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && extension.chars().count() <= LONGEST_EXTENSION => {
                (stem, Some(extension))
            }
            _ => (clean, None),
        };
        let room = LONGEST_NAME - extension.map_or(0, |extension| extension.chars().count() + 1);
        let mut name: String = stem.chars().take(room).collect();
        if name.is_empty() {
            name.push_str("allegato");
        }
        if is_reserved(&name) {
            name.insert(0, '_');
        }
        if let Some(extension) = extension {
            name.push('.');
            name.push_str(extension);
        }
        Self(name.into_boxed_str())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for FileName {
    fn from(given: String) -> Self {
        Self::sanitised(&given)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> String {
        name.0.into()
    }
}

/// Marks that turn the direction of text or have no width: they make one name look like another. The joiner of emoji
/// sequences stays.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Names of devices on Windows, whatever follows their first point.
fn is_reserved(stem: &str) -> bool {
    let device = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    let numbered = |prefix: &str| {
        device.strip_prefix(prefix).is_some_and(|rest| {
            let mut digits = rest.chars();
            matches!(
                (digits.next(), digits.next()),
                (Some('0'..='9' | '¹' | '²' | '³'), None)
            )
        })
    };
    matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}
