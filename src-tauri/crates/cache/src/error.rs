//! What can go wrong with the studio's two files, and what a draft or a decision refuses.

use domain::code::{DraftId, TicketCode};

use crate::drafts::DraftPhase;

/// One of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum File {
    /// `studio.db`: what exists nowhere else.
    Studio,
    /// `cache.db`: what was pulled.
    Cache,
}

impl File {
    /// Its name in the folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Studio => "studio.db",
            Self::Cache => "cache.db",
        }
    }
}

impl std::fmt::Display for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why the cache could not do what was asked. No variant and no text of one holds a name, a note or a code of a company.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The file was written by a newer version of the program. It was left as it is.
    #[error("{file} has schema {found}, this program knows {known}")]
    Newer {
        /// Which.
        file: File,
        /// Its schema.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The disk has no room. Nothing was changed.
    #[error("the disk is full")]
    Full,
    /// The operating system refused a file or a folder.
    #[error("a file or folder can't be read or written")]
    Io(#[source] std::io::Error),
    /// The file is damaged. The next opening mends it.
    #[error("{file} is damaged")]
    Damaged {
        /// Which.
        file: File,
    },
    /// There is no such draft.
    #[error("no such draft")]
    UnknownDraft,
    /// The draft was changed meanwhile: read it again.
    #[error("the draft is at revision {revision}")]
    Stale {
        /// Its revision now.
        revision: u32,
    },
    /// The draft's state does not allow it.
    #[error("the draft is {phase:?}")]
    Locked {
        /// Its state.
        phase: DraftPhase,
    },
    /// A ticket stands in another live draft.
    #[error("the ticket {ticket} stands in draft {draft}")]
    TicketInDraft {
        /// The ticket.
        ticket: TicketCode,
        /// The draft that holds it.
        draft: DraftId,
    },
    /// Another live draft changes the appointment.
    #[error("the draft {draft} changes the appointment")]
    ChangeInDraft {
        /// Which.
        draft: DraftId,
    },
    /// R10: one file more than allowed.
    #[error("a draft takes {max} files")]
    TooManyFiles {
        /// Files allowed.
        max: u32,
    },
    /// The draft has a file of this content already.
    #[error("the draft has this content already")]
    AlreadyAttached,
    /// R16: it stands on the portal alone, or does not: no store may hear of it, or nothing is written down for it.
    #[error("R16: of the portal, where it may not be, or not of it, where it must")]
    OfThePortal,
    /// No such appointment was written down.
    #[error("no such appointment was written down")]
    UnknownAppointment,
    /// The draft has no such file.
    #[error("the draft has no such file")]
    UnknownAttachment,
    /// The outbox row was moved by somebody else meanwhile.
    #[error("the outbox row was moved meanwhile")]
    Moved,
    /// A bug of this program.
    #[error("bug: {what}")]
    Bug {
        /// For the log, without personal data.
        what: String,
    },
}

impl CacheError {
    pub(crate) fn bug(what: impl std::fmt::Display) -> Self {
        Self::Bug { what: what.to_string() }
    }

    /// What an error of SQLite in `file` means.
    pub(crate) fn of(file: File, error: sqlx::Error) -> Self {
        // The primary code of SQLite stands in the low byte.
        const FULL: i32 = 13;
        const IO: i32 = 10;
        const CANT_OPEN: i32 = 14;
        const CORRUPT: i32 = 11;
        const NOT_A_DATABASE: i32 = 26;
        // Pages are missing at the end of the file.
        const SHORT_READ: i32 = 522;
        // What stands beside the log can't grow: SQLite tells a full disk so there.
        const SHARED_SIZE: i32 = 4874;
        const ERROR: i32 = 1;
        match error {
            sqlx::Error::Database(database) => {
                let code = database.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or(0);
                match code & 0xff {
                    _ if code == SHORT_READ => Self::Damaged { file },
                    FULL => Self::Full,
                    _ if code == SHARED_SIZE => Self::Full,
                    CORRUPT | NOT_A_DATABASE => Self::Damaged { file },
                    ERROR if is_of_damage(database.message()) => Self::Damaged { file },
                    IO | CANT_OPEN => Self::Io(std::io::Error::other(format!("SQLite code {code} in {file}"))),
                    _ => Self::bug(format_args!("SQLite code {code} in {file}: {}", database.message())),
                }
            }
            sqlx::Error::Io(error) => Self::from(error),
            // A row that does not have the shape it was written in: nobody but damage writes such.
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Damaged { file },
            // Nor is a row missing of which there always is one.
            sqlx::Error::RowNotFound => Self::Damaged { file },
            sqlx::Error::PoolTimedOut => Self::Io(std::io::Error::other(format!("no connection to {file} in time"))),
            other => Self::bug(format_args!("{file}: {other}")),
        }
    }
}

/// Whether SQLite's words say that the schema or a body is not what was written: every statement was checked against the
/// schema when the program was built.
fn is_of_damage(message: &str) -> bool {
    message.starts_with("no such ") || message.contains(" has no column named ") || message == "malformed JSON"
}

impl From<std::io::Error> for CacheError {
    fn from(error: std::io::Error) -> Self {
        if matches!(
            error.kind(),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
        ) {
            Self::Full
        } else {
            Self::Io(error)
        }
    }
}

/// Every fallible function of this crate answers with this.
pub type Result<T, E = CacheError> = std::result::Result<T, E>;

/// Says which file an error of SQLite came from.
pub(crate) trait In<T> {
    /// In `studio.db`.
    fn in_studio(self) -> Result<T>;
    /// In `cache.db`.
    fn in_cache(self) -> Result<T>;
}

impl<T> In<T> for Result<T, sqlx::Error> {
    fn in_studio(self) -> Result<T> {
        self.map_err(|error| CacheError::of(File::Studio, error))
    }

    fn in_cache(self) -> Result<T> {
        self.map_err(|error| CacheError::of(File::Cache, error))
    }
}
