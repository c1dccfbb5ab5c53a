//! R10: attachments, known by their content.

use serde::{Deserialize, Serialize};

use crate::code::ContentHash;

/// What may be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
/// and names that Windows keeps for itself, at most 120 characters and 240 bytes. It is only ever shown and offered;
/// inside the program a file goes by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(from = "String", into = "String")]
pub struct FileName(Box<str>);

const MOST_CHARACTERS: usize = 120;
const MOST_BYTES: usize = 240;
/// With its point.
const LONGEST_EXTENSION: usize = 11;
const NAMELESS: &str = "allegato";

impl FileName {
    /// The harmless name nearest to `given`. A name that is harmless stays as it is.
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
        let clean = clean
            .trim_start_matches(|c| is_edge(c) || is_joiner(c))
            .trim_end_matches(is_edge);
        if clean.is_empty() {
            return Self(NAMELESS.into());
        }
        let (stem, extension) = match clean.rfind('.') {
            Some(point) if clean[point..].chars().count() <= LONGEST_EXTENSION => clean.split_at(point),
            _ => (clean, ""),
        };
        let kept = beginning(
            stem,
            MOST_CHARACTERS - extension.chars().count(),
            MOST_BYTES - extension.len(),
        );
        let name = if kept.len() < stem.len() {
            format!("{}{extension}", kept.trim_end_matches(is_edge))
        } else {
            clean.to_owned()
        };
        if is_reserved(&name) {
            return Self::sanitised(&format!("_{name}"));
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

/// As much of the beginning of `text` as `characters` and `bytes` allow.
fn beginning(text: &str, characters: usize, bytes: usize) -> &str {
    let end = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take(characters)
        .take_while(|end| *end <= bytes)
        .last();
    &text[..end.unwrap_or_default()]
}

/// What Windows drops from the end of a name; other systems hide what begins with a point.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || c == '.'
}

/// What joins and varies the emoji before it; alone it shows nothing.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// Marks that turn the direction of text, break its line or have no width: they make one name look like another. What
/// joins emoji stays.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200C}'
            | '\u{200E}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Names of devices on Windows, whatever follows their first point.
fn is_reserved(name: &str) -> bool {
    let device = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    let numbered = ["COM", "LPT"]
        .iter()
        .find_map(|port| device.strip_prefix(port))
        .is_some_and(|number| matches!(number, "¹" | "²" | "³") || matches!(number.as_bytes(), [b'0'..=b'9']));
    numbered || matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
}
