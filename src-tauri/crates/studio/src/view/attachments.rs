//! Attachments of a draft (R10).

use serde::Serialize;
use ts_rs::TS;

use super::drafts::DraftDetail;

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AttachmentView {
    /// SHA-256 of its content, in hexadecimal: its name inside the program.
    pub hash: String,
    /// The name as the person knows it.
    pub name: String,
    /// What it is by content.
    pub kind: FileKindView,
    /// Size in bytes.
    pub bytes: u32,
}

/// What a file is by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum FileKindView {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// TIFF.
    Tiff,
}

/// The limits in force: the sede's where it set some (R9, R10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LimitsView {
    /// Characters of the notes.
    pub notes_max: u32,
    /// Files of one booking.
    pub files_max: u32,
    /// Bytes of one file.
    pub file_bytes_max: u32,
}

/// What came of picking or dropping files: those that could be taken were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AttachOutcome {
    /// The draft as it is now.
    pub draft: DraftDetail,
    /// Files that were refused.
    pub refused: Vec<RefusedFile>,
}

/// A file that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RefusedFile {
    /// Its name, without the folder.
    pub name: String,
    /// Why.
    pub reason: FileRefusal,
}

/// Why a file is refused (R10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileRefusal {
    /// One file more than allowed.
    TooMany {
        /// Files allowed.
        max: u32,
    },
    /// Larger than allowed.
    TooLarge {
        /// Its size in bytes.
        #[ts(type = "number")]
        bytes: u64,
        /// Bytes allowed.
        max: u32,
    },
    /// By content neither PDF, JPEG, PNG nor TIFF.
    WrongKind,
    /// No bytes in it.
    Empty,
    /// The draft has this content already.
    AlreadyThere,
    /// It could not be read.
    Unreadable,
    /// A folder, not a file.
    Folder,
    /// The disk of this computer has no room for the copy.
    NoRoom,
}
