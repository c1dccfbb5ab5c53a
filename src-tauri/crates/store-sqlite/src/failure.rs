//! What can go wrong in here, and what the caller is told of it: never the database's own words about what it holds.

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::StoreError;

/// Why a call has no outcome.
#[derive(Debug)]
pub(crate) enum Failure {
    /// SQLite or the way to it.
    Database(sqlx::Error),
    /// A body in the file is not what it should be, or can't be written. Which kind of body; never its content.
    Body(&'static str),
    /// Known already.
    Store(StoreError),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Body(what) => Self::Failed {
                reason: format!("a stored {what} is malformed"),
            },
            Failure::Database(error) if away(&error) => {
                let reason = plain(&error);
                tracing::warn!(reason, "the store's file can't be reached");
                Self::Unreachable { reason }
            }
            Failure::Database(error) => {
                let reason = plain(&error);
                tracing::error!(reason, "the store failed");
                Self::Failed { reason }
            }
        }
    }
}

/// Primary result codes of SQLite that say that the file can't be had now: busy, locked, read-only, interrupted, I/O, full,
/// can't open, schema changed, permission.
const AWAY: &[u32] = &[3, 5, 6, 8, 9, 10, 13, 14, 15, 17, 23];

/// Whether it is the way to the file that failed, and another time it may not.
pub(crate) fn away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(_) => code(error).is_some_and(|code| AWAY.contains(&(code & 0xFF))),
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// SQLite's extended result code.
pub(crate) fn code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// What may be logged: SQLite's messages name tables and columns, not what is in them; of anything else, the kind.
pub(crate) fn plain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => format!("SQLite {}: {}", error.code().unwrap_or_default(), error.message()),
        sqlx::Error::Io(error) => format!("I/O: {}", error.kind()),
        sqlx::Error::PoolTimedOut => "no connection came free".into(),
        sqlx::Error::PoolClosed => "the store was closed".into(),
        sqlx::Error::WorkerCrashed => "a connection was lost".into(),
        sqlx::Error::RowNotFound => "a row is missing".into(),
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} is malformed"),
        _ => "the database library failed".into(),
    }
}

/// A constraint that holds a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constraint {
    /// R11: never more live appointments than desks.
    Place,
    /// R5: one live appointment for a ticket.
    Carriage,
}

/// Which promise `error` would have broken. Only the beginning of the message names the constraint in SQLite.
pub(crate) fn constraint(error: &sqlx::Error) -> Option<Constraint> {
    let message = error.as_database_error()?.message();
    if message.starts_with("UNIQUE constraint failed: place.") || message.starts_with("place_") {
        Some(Constraint::Place)
    } else if message.starts_with("UNIQUE constraint failed: carriage.") {
        Some(Constraint::Carriage)
    } else {
        None
    }
}

/// Reads a stored body of kind `what`.
pub(crate) fn read<T: DeserializeOwned>(body: &str, what: &'static str) -> Result<T, Failure> {
    serde_json::from_str(body).map_err(|_| Failure::Body(what))
}

/// Writes a body of kind `what`.
pub(crate) fn written<T: Serialize + ?Sized>(value: &T, what: &'static str) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|_| Failure::Body(what))
}
