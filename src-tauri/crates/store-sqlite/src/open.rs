//! Opening the file, or refusing it.

use std::path::Path;
use std::time::Duration;

use domain::content::Limits;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlitePool};
use uuid::Uuid;

use crate::failure::code;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// What marks a file as a store of ours: "AGSD", set by the first migration.
const APPLICATION_ID: i64 = 0x4147_5344;

/// Why a store can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no file at the path.
    #[error("there is no file of that name")]
    Missing,
    /// There is a file at the path already.
    #[error("there is a file of that name already")]
    AlreadyThere,
    /// The file is no calendar store: another database, or none at all.
    #[error("the file is no calendar store")]
    NotAStore,
    /// A newer release of the program wrote the file.
    #[error("the store has schema {found}, this program knows {known}: a newer program wrote it")]
    NewerSchema {
        /// The newest migration in the file.
        found: i64,
        /// The newest that this program has.
        known: i64,
    },
    /// The file can't be read or written, or another program keeps it locked.
    #[error("the store can't be opened")]
    Unreachable(#[source] sqlx::Error),
    /// Bringing the schema up to date failed; the file is as it was.
    #[error("the schema of the store can't be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

/// How long a lock of another process is waited for.
const BUSY: Duration = Duration::from_secs(2);
/// How long a call waits for its turn among the calls of this process.
const TURN: Duration = Duration::from_secs(30);
/// Reads that go on beside each other, and beside the one write.
const READERS: u32 = 4;

/// For a look at a file that may not be ours: nothing of this writes into it.
fn looking(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .pragma("trusted_schema", "off")
}

fn options(path: &Path) -> SqliteConnectOptions {
    looking(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-16000")
        .pragma("wal_autocheckpoint", "4000")
        // A page of the feed passes between threads in one go.
        .row_buffer_size(1024)
        .optimize_on_close(true, None)
}

/// The connections to an opened file.
#[derive(Clone)]
pub(crate) struct Pools {
    /// Many readers.
    pub(crate) reads: SqlitePool,
    /// One writer: SQLite has no more, and here they queue fairly instead of polling for its lock.
    pub(crate) writes: SqlitePool,
}

impl Pools {
    pub(crate) async fn close(&self) {
        self.reads.close().await;
        self.writes.close().await;
    }
}

async fn pools(path: &Path) -> Result<Pools, OpenError> {
    // Connections stay open: while one is, the log beside the file is the same one.
    let pool = || {
        SqlitePoolOptions::new()
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(TURN)
            .test_before_acquire(false)
            // On a full disk SQLite ends a transaction by itself, and sqlx goes on counting it: such a connection could
            // never begin another.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
    };
    let writes = pool()
        .max_connections(1)
        .min_connections(1)
        .connect_with(options(path))
        .await
        .map_err(refusal)?;
    let reads = pool().max_connections(READERS).connect_lazy_with(options(path));
    Ok(Pools { reads, writes })
}

/// Opens a store that is there, and migrates it.
pub(crate) async fn existing(path: &Path) -> Result<Pools, OpenError> {
    inspect(path).await?;
    let mut connection = SqliteConnection::connect_with(&options(path)).await.map_err(refusal)?;
    MIGRATIONS
        .run_direct(None, &mut connection, false)
        .await
        .map_err(OpenError::Migration)?;
    connection.close().await.map_err(refusal)?;
    pools(path).await
}

/// Opens a store that came to stand at a path, if it has the schema of this program.
pub(crate) async fn replaced(path: &Path) -> Result<Pools, OpenError> {
    if inspect(path).await? != newest() {
        return Err(OpenError::NotAStore);
    }
    pools(path).await
}

/// Makes a store where there is none.
pub(crate) async fn new(path: &Path) -> Result<Pools, OpenError> {
    match tokio::fs::metadata(path).await {
        Ok(file) if file.len() > 0 => return Err(OpenError::AlreadyThere),
        _ => {}
    }
    let mut connection = SqliteConnection::connect_with(&options(path).create_if_missing(true))
        .await
        .map_err(refusal)?;
    // Another process may be making it at this moment: one of the two does.
    MIGRATIONS
        .run_direct(None, &mut connection, false)
        .await
        .map_err(OpenError::Migration)?;
    let epoch = Uuid::now_v7().to_string();
    let limits = serde_json::to_string(&Limits::default()).unwrap_or_default();
    sqlx::query!(
        "INSERT INTO life (only_one, epoch, limits) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING",
        epoch,
        limits
    )
    .execute(&mut connection)
    .await
    .map_err(refusal)?;
    connection.close().await.map_err(refusal)?;
    pools(path).await
}

/// Which schema the file has, if it is a store of ours and not newer than this program.
async fn inspect(path: &Path) -> Result<i64, OpenError> {
    match tokio::fs::metadata(path).await {
        Ok(file) if file.is_file() => {}
        Ok(_) => return Err(OpenError::NotAStore),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(OpenError::Missing),
        Err(error) => return Err(OpenError::Unreachable(sqlx::Error::Io(error))),
    }
    let mut connection = SqliteConnection::connect_with(&looking(path)).await.map_err(refusal)?;
    let schema = schema(&mut connection).await;
    connection.close().await.map_err(refusal)?;
    schema
}

async fn schema(connection: &mut SqliteConnection) -> Result<i64, OpenError> {
    let mark = sqlx::query_scalar::<_, i64>("PRAGMA application_id")
        .fetch_one(&mut *connection)
        .await
        .map_err(refusal)?;
    if mark != APPLICATION_ID {
        return Err(OpenError::NotAStore);
    }
    let found = sqlx::query_scalar::<_, Option<i64>>("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await
        .map_err(refusal)?
        .ok_or(OpenError::NotAStore)?;
    let known = newest();
    if found > known {
        return Err(OpenError::NewerSchema { found, known });
    }
    Ok(found)
}

fn newest() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// "file is not a database", and "malformed" for one that begins like one.
fn refusal(error: sqlx::Error) -> OpenError {
    match code(&error) {
        Some(code) if matches!(code & 0xFF, 11 | 26) => OpenError::NotAStore,
        _ => OpenError::Unreachable(error),
    }
}
