//! Whether the file keeps the store's promises: every row is read, as it is at one moment, and handed to the inspection
//! that all stores share. What only this store has is looked at here: the file itself, its feed, its delegations' phases.
//!
//! Nothing here mends anything, and a row that can't be read stops nothing: it is told.

mod appointments;
mod bodies;
mod delegations;
mod deposits;
mod feed;
mod files;
mod storage;

use domain::time::Now;
use sqlx::SqliteConnection;
use store::Checkup;
use store::checkup::Inspection;

use crate::failure::Failure;
use crate::records;

/// Rows that are read at once.
const CHUNK: i64 = 1_000;

pub(crate) async fn checkup(snapshot: &mut SqliteConnection, now: Now) -> Result<Checkup, Failure> {
    let mut inspection = Inspection::new(now);
    storage::look(snapshot, &mut inspection).await?;
    bodies::look(snapshot, &mut inspection).await?;
    files::look(snapshot, &mut inspection).await?;
    appointments::look(snapshot, &mut inspection).await?;
    deposits::look(snapshot, &mut inspection).await?;
    delegations::look(snapshot, &mut inspection, now).await?;
    feed::look(snapshot, &mut inspection).await?;
    Ok(inspection.finish(records::counts(snapshot, now).await?))
}
