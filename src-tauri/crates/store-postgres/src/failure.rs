//! What can go wrong in here, and what the caller is told of it: never the database's own words about what it holds.

use serde::Serialize;
use sqlx::types::Json;
use store::StoreError;

use crate::deposit::At;

/// Why a call has no outcome.
#[derive(Debug)]
pub(crate) enum Failure {
    /// PostgreSQL or the way to it.
    Database(sqlx::Error),
    /// A body is not what it should be, or can't be written. Which kind of body; never its content.
    Body(&'static str),
    /// What was read was overtaken before it was written. Nothing was done; the call begins anew.
    Overtaken,
    /// A delegation began or ended with the time, and nobody has told its studio yet. Nothing was done; that comes first.
    Due,
    /// A deposit is due at a point, before anybody else takes a place there. Nothing was done; that comes first.
    DueAt(At),
    /// A constraint refused what the rules had granted. The transaction is lost; what the constraint says is the truth.
    Broken(Constraint),
    /// Known already.
    Store(StoreError),
}

/// A constraint that holds a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constraint {
    /// R11: never more live appointments than desks.
    Place,
    /// R5: one live appointment for a ticket.
    Carriage,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|error| error.constraint()) {
            Some("one_appointment_per_desk" | "no_desk_beyond_the_point_s") => Self::Broken(Constraint::Place),
            Some("one_live_appointment_per_ticket") => Self::Broken(Constraint::Carriage),
            // The same key came twice at once, and the other was first: its outcome is the outcome.
            Some("one_outcome_per_attempt" | "one_appointment_per_decision") => Self::Overtaken,
            // The file was forgotten since it was looked for.
            Some("every_file_is_there") => Self::Overtaken,
            // The same for an invitation, or a token, that two devices brought.
            Some("one_device_per_invitation" | "one_device_per_token") => Self::Overtaken,
            _ if matches!(
                state(&error).as_deref(),
                Some(SERIALIZATION_FAILURE | DEADLOCK_DETECTED)
            ) =>
            {
                Self::Overtaken
            }
            _ => Self::Database(error),
        }
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
            Failure::Overtaken | Failure::Due | Failure::DueAt(_) => Self::Unreachable {
                reason: "too many write at the same moment".into(),
            },
            Failure::Broken(constraint) => {
                tracing::error!(?constraint, "a constraint refused what the rules had granted");
                Self::Failed {
                    reason: format!("the constraint on {constraint:?} refused what the rules had granted"),
                }
            }
            Failure::Database(error) if away(&error) => {
                let reason = plain(&error);
                tracing::warn!(reason, "the database can't be reached");
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

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";

/// States that say that the database can't be had now: a lock or a statement took too long, the server is a standby (a
/// failover is under way).
const AWAY: &[&str] = &["55P03", "57014", "25006"];
/// Classes of such states: connection, resources, operator's intervention, system.
const AWAY_CLASSES: &[&str] = &["08", "53", "57", "58"];

pub(crate) fn away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(_) => state(error).is_some_and(|state| {
            AWAY.contains(&state.as_str()) || AWAY_CLASSES.iter().any(|class| state.starts_with(class))
        }),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        _ => false,
    }
}

/// PostgreSQL's SQLSTATE.
pub(crate) fn state(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// What may be logged: the state and the constraint, never a message, which may quote a row.
pub(crate) fn plain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => match error.constraint() {
            Some(constraint) => format!("PostgreSQL {} ({constraint})", error.code().unwrap_or_default()),
            None => format!("PostgreSQL {}", error.code().unwrap_or_default()),
        },
        sqlx::Error::Io(error) => format!("I/O: {}", error.kind()),
        sqlx::Error::Tls(_) => "no TLS with the database".into(),
        sqlx::Error::PoolTimedOut => "no connection came free".into(),
        sqlx::Error::PoolClosed => "the store was closed".into(),
        sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed | sqlx::Error::BeginFailed => {
            "a connection was lost".into()
        }
        sqlx::Error::RowNotFound => "a row is missing".into(),
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} is malformed"),
        _ => "the database library failed".into(),
    }
}

/// Writes a body of kind `what`, as a column holds it.
///
/// # Errors
/// [`Failure::Body`], also for a body with U+0000 in one of its texts: PostgreSQL keeps it and can't read it.
pub(crate) fn written<T: Serialize + ?Sized>(value: &T, what: &'static str) -> Result<String, Failure> {
    let body = serde_json::to_string(value).map_err(|_| Failure::Body(what))?;
    if has_nul(&body) {
        return Err(Failure::Body(what));
    }
    Ok(body)
}

/// Whether a text of this JSON has U+0000: an escape that no other backslash escapes.
fn has_nul(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        before % 2 == 0
    })
}

/// Several bodies, for a statement that takes many.
pub(crate) fn all_written<'a, T: Serialize + 'a>(
    values: impl IntoIterator<Item = &'a T>,
    what: &'static str,
) -> Result<Vec<String>, Failure> {
    values.into_iter().map(|value| written(value, what)).collect()
}

/// What a column of type `json` holds.
pub(crate) fn inner<T>(Json(value): Json<T>) -> T {
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_no_nul() {
        for text in ["\0", "a\0b", "\\\0", "\\u0000\0"] {
            assert!(matches!(written(text, "text"), Err(Failure::Body("text"))), "{text:?}");
        }
        for text in ["", "\\u0000", "\\\\u0000", "u0000"] {
            assert!(written(text, "text").is_ok(), "{text:?}");
        }
    }
}
