//! Why nothing was read.

use serde::{Deserialize, Serialize};

/// What keeps a list from being read at all. Rows that can't be taken are no errors: see [`crate::Reading`].
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read from its disk.
    #[error("the file can't be read")]
    Io(#[from] std::io::Error),
    /// It is no list that can be read.
    #[error("not a list that can be read: {0:?}")]
    Unreadable(Unreadable),
    /// Whoever watched called it off.
    #[error("called off")]
    Cancelled,
}

impl From<Unreadable> for ImportError {
    fn from(why: Unreadable) -> Self {
        Self::Unreadable(why)
    }
}

/// Shorthand.
pub type Result<T, E = ImportError> = std::result::Result<T, E>;

/// Why a file, or what was pasted, is refused whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// There is nothing in it.
    Empty,
    /// More bytes than [`crate::limits::FILE_BYTES`], or than [`crate::limits::UNPACKED_BYTES`] once unpacked.
    TooLarge,
    /// More rows than [`crate::limits::ROWS`].
    TooManyRows,
    /// More columns, tables, cells or text than a list has.
    TooWide,
    /// A folder, a device: nothing with a content.
    NotAFile,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// An archive, even if there is a list within.
    Archive,
    /// A text document, a presentation, a mail: an office file, but no workbook.
    OfficeDocument,
    /// A workbook that a password protects.
    Encrypted,
    /// A workbook in a format that is not read: `.xlsb`, XML of 2003, Excel before 97. Saved as `.xlsx`, it is.
    OtherWorkbook,
    /// It is a workbook by its beginning, and broken further in.
    Damaged,
    /// Neither a workbook nor a text.
    Binary,
    /// A page or a text without any table.
    NoTable,
    /// There are tables, but no row of any names columns of a list of tickets.
    NoHeader,
}
