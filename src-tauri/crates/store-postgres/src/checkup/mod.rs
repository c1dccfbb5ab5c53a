//! Whether the database keeps the store's promises: every row is read, as it is at one moment, and handed to the inspection
//! that all stores share. What only this store has is looked at here: the server's settings, its streams, its delegations'
//! phases.
//!
//! Nothing here mends anything, and a row that can't be read stops nothing: it is told.

mod appointments;
mod bodies;
mod delegations;
mod deposits;
mod files;
mod streams;

use domain::time::Now;
use sqlx::PgConnection;
use store::checkup::Inspection;
use store::{Checked, Checkup};

use crate::failure::Failure;
use crate::records;

/// Rows that are read at once.
const CHUNK: i64 = 1_000;

pub(crate) async fn checkup(snapshot: &mut PgConnection, now: Now) -> Result<Checkup, Failure> {
    let mut inspection = Inspection::new(now);
    settings(snapshot, &mut inspection).await?;
    bodies::look(snapshot, &mut inspection).await?;
    files::look(snapshot, &mut inspection).await?;
    appointments::look(snapshot, &mut inspection).await?;
    deposits::look(snapshot, &mut inspection).await?;
    delegations::look(snapshot, &mut inspection, now).await?;
    streams::look(snapshot, &mut inspection).await?;
    Ok(inspection.finish(records::counts(snapshot, now).await?))
}

/// That what is acknowledged is on the disk, and that every constraint is in force.
async fn settings(snapshot: &mut PgConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let settings = sqlx::query!(
        r#"SELECT name AS "name!", setting AS "setting!" FROM pg_settings
           WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"#
    )
    .fetch_all(&mut *snapshot)
    .await?;
    for row in settings {
        inspection.note(Checked::StorageIsSound, row.setting != "off", || {
            format!("{} is off", row.name)
        });
    }
    let constraints = sqlx::query!(
        r#"SELECT conname AS "name!", convalidated AS "valid!" FROM pg_constraint
           WHERE connamespace = 'public'::regnamespace
           UNION ALL
           SELECT c.relname, i.indisvalid FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
           WHERE c.relnamespace = 'public'::regnamespace"#
    )
    .fetch_all(snapshot)
    .await?;
    for row in constraints {
        inspection.note(Checked::StorageIsSound, row.valid, || {
            format!("{} is not in force", row.name)
        });
    }
    Ok(())
}
