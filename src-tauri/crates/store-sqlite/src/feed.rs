//! Putting what changed at the end of the feed; [`crate::pull`] reads it.

use sqlx::SqliteConnection;

use crate::failure::{Failure, written};

/// What everybody sees.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shared {
    Sede,
    Topic,
    Point,
    Taken,
}

impl Shared {
    const fn kind(self) -> &'static str {
        match self {
            Self::Sede => "sede",
            Self::Topic => "topic",
            Self::Point => "point",
            Self::Taken => "taken",
        }
    }
}

/// Rows, as a statement takes many of them.
pub(crate) fn ids(rows: &[i64]) -> Result<String, Failure> {
    written(rows, "list of ids")
}

/// Something that everybody sees changed.
pub(crate) async fn shared(connection: &mut SqliteConnection, what: Shared, rows: &[i64]) -> Result<(), Failure> {
    let (kind, rows) = (what.kind(), ids(rows)?);
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity) SELECT 0, ?1, value FROM json_each(?2)",
        kind,
        rows
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Companies changed: for the studios that see one of their positions.
pub(crate) async fn companies(connection: &mut SqliteConnection, rows: &[i64]) -> Result<(), Failure> {
    let rows = ids(rows)?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT DISTINCT d.studio, 'company', p.company FROM json_each(?1) AS changed
         JOIN position AS p ON p.company = changed.value
         JOIN delegation AS d ON d.position = p.id AND d.phase IN ('announced', 'active')",
        rows
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Positions changed: for the studios that see them.
pub(crate) async fn positions(connection: &mut SqliteConnection, rows: &[i64]) -> Result<(), Failure> {
    let rows = ids(rows)?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT d.studio, 'position', d.position FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.position = changed.value AND d.phase IN ('announced', 'active')",
        rows
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Tickets changed, or what carries them: for every studio that acts for their positions.
pub(crate) async fn tickets(connection: &mut SqliteConnection, rows: &[i64]) -> Result<(), Failure> {
    let rows = ids(rows)?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT d.studio, 'ticket', t.id FROM json_each(?1) AS changed
         JOIN ticket AS t ON t.id = changed.value
         JOIN delegation AS d ON d.position = t.position AND d.phase = 'active'",
        rows
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What one studio thinks of a ticket changed.
pub(crate) async fn judged(connection: &mut SqliteConnection, studio: i64, ticket: i64) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT d.studio, 'ticket', t.id FROM ticket AS t
         JOIN delegation AS d ON d.position = t.position AND d.studio = ?1 AND d.phase = 'active'
         WHERE t.id = ?2",
        studio,
        ticket
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A deposit changed, or is over: for the studio whose it is.
pub(crate) async fn deposit(
    connection: &mut SqliteConnection,
    studio: i64,
    row: i64,
    gone: bool,
) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity, gone) VALUES (?1, 'deposit', ?2, ?3)",
        studio,
        row,
        gone
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A dossier changed: for the studio whose it is.
pub(crate) async fn dossier(connection: &mut SqliteConnection, studio: i64, row: i64) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity) VALUES (?1, 'dossier', ?2)",
        studio,
        row
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An appointment changed: for the studio that holds it, whatever became of its delegation (R18).
pub(crate) async fn appointment(connection: &mut SqliteConnection, studio: i64, row: i64) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity) VALUES (?1, 'appointment', ?2)",
        studio,
        row
    )
    .execute(connection)
    .await?;
    Ok(())
}
