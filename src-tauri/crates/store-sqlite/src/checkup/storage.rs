//! The file itself.

use sqlx::{FromRow, SqliteConnection};
use store::Checked;
use store::checkup::Inspection;

use crate::failure::{Failure, away, plain};

/// A row that names one that is not there.
#[derive(FromRow)]
struct Dangling {
    table: String,
    rowid: Option<i64>,
    parent: String,
}

/// What SQLite itself says of its pages, indexes and constraints, and of rows that name others.
pub(super) async fn look(snapshot: &mut SqliteConnection, inspection: &mut Inspection) -> Result<(), Failure> {
    let said = sqlx::query_scalar::<_, String>("PRAGMA integrity_check")
        .fetch_all(&mut *snapshot)
        .await;
    let said = match said {
        // A row that an index can't read: the bodies tell which.
        Err(error @ sqlx::Error::Database(_)) if !away(&error) => vec![plain(&error)],
        said => said?,
    };
    for line in said {
        inspection.note(Checked::StorageIsSound, line == "ok", || line.clone());
    }
    let dangling = sqlx::query_as::<_, Dangling>("PRAGMA foreign_key_check")
        .fetch_all(snapshot)
        .await?;
    for Dangling { table, rowid, parent } in dangling {
        let row = rowid.map_or_else(|| "a row".to_owned(), |row| format!("row {row}"));
        inspection.note(Checked::StorageIsSound, false, || {
            format!("{row} of {table} names a {parent} that is not there")
        });
    }
    Ok(())
}
