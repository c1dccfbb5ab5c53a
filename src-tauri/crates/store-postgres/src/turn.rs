//! Whose turn it is: the locks that order writers, always taken in the same order: the offering, studios by code, sedi by
//! code. They are the counters of the streams that will be written into, held until the commit.

use sqlx::PgConnection;

use crate::failure::Failure;

/// Waits for the turn of these studios and sedi, in any order and with repetitions. A studio that nobody enrolled has no
/// turn.
pub(crate) async fn take(connection: &mut PgConnection, studios: &[String], sedi: &[String]) -> Result<(), Failure> {
    sqlx::query!(
        r#"WITH studios AS MATERIALIZED (
               SELECT studio FROM studio_stream WHERE studio = ANY ($1) ORDER BY studio FOR UPDATE
           ),
           sedi AS MATERIALIZED (
               SELECT sede FROM sede_stream
               WHERE sede = ANY ($2) AND (SELECT count(*) FROM studios) >= 0
               ORDER BY sede FOR UPDATE
           )
           SELECT (SELECT count(*) FROM studios) AS "studios!", (SELECT count(*) FROM sedi) AS "sedi!""#,
        studios,
        sedi
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// Waits for the turn of the offering, before any other.
pub(crate) async fn take_offering(connection: &mut PgConnection) -> Result<(), Failure> {
    sqlx::query!("SELECT head FROM life FOR UPDATE")
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// One admission at a time: a code that two brought at once would be taken in twice.
pub(crate) async fn take_admission(connection: &mut PgConnection) -> Result<(), Failure> {
    /// "AGSD"
    const ADMISSION: i64 = 0x4147_5344;
    sqlx::query!("SELECT 1 AS one FROM pg_advisory_xact_lock($1)", ADMISSION)
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// The studios that see these positions, or did.
pub(crate) async fn studios_of(connection: &mut PgConnection, positions: &[String]) -> Result<Vec<String>, Failure> {
    Ok(sqlx::query_scalar!(
        "SELECT DISTINCT studio FROM delegation WHERE position = ANY ($1)",
        positions
    )
    .fetch_all(connection)
    .await?)
}
