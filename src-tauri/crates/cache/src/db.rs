//! One SQLite file: how it is opened, asked and written.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};

use crate::error::{CacheError, File, Result};

static STUDIO: Migrator = sqlx::migrate!("migrations/studio");
static CACHE: Migrator = sqlx::migrate!("migrations/cache");

const READERS: u32 = 3;

/// One of the two files, open.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    pub(crate) file: File,
    pub(crate) path: PathBuf,
    writer: SqlitePool,
    pub(crate) readers: SqlitePool,
}

impl File {
    pub(crate) const fn migrator(self) -> &'static Migrator {
        match self {
            Self::Studio => &STUDIO,
            Self::Cache => &CACHE,
        }
    }

    fn options(self, path: &Path) -> SqliteConnectOptions {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF")
            .statement_cache_capacity(200);
        match self {
            Self::Studio => options
                .synchronous(SqliteSynchronous::Full)
                .pragma("cell_size_check", "ON"),
            Self::Cache => options
                .synchronous(SqliteSynchronous::Normal)
                .pragma("wal_autocheckpoint", "8192")
                .pragma("journal_size_limit", "33554432")
                .pragma("temp_store", "MEMORY"),
        }
    }
}

/// The newest schema of the migrations that this program carries.
pub(crate) fn known_schema(file: File) -> i64 {
    file.migrator()
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

/// The schema of an open file; 0 for a new one.
pub(crate) async fn found_schema(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await
}

/// Whether every migration that this program carries was made in an open file.
pub(crate) async fn has_known_schemas(file: File, connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let made: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations")
        .fetch_all(connection)
        .await?;
    Ok(file
        .migrator()
        .iter()
        .all(|migration| made.contains(&migration.version)))
}

/// A single connection to `path`, made for looking after it.
pub(crate) async fn connect(file: File, path: &Path, create: bool) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnection::connect_with(&file.options(path).create_if_missing(create)).await
}

/// A connection that only looks: it changes nothing, not even what SQLite itself would tidy up.
pub(crate) async fn look(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path).read_only(true)).await
}

impl Database {
    /// Opens the pools of a file that is sound and migrated.
    pub(crate) async fn open(file: File, path: &Path) -> Result<Self> {
        let pool = |connections: u32, options: SqliteConnectOptions| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                // On a full disk SQLite ends a transaction by itself, and sqlx goes on counting it: such a connection
                // could never begin another.
                .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
                .acquire_timeout(Duration::from_secs(30))
                .connect_with(options)
        };
        let of = |error| CacheError::of(file, error);
        // Kibibytes, at most. A pull writes all over its indexes, a list walks along one of them.
        let writer = file.options(path).pragma("cache_size", "-32768");
        let writer = pool(1, writer).await.map_err(of)?;
        let readers = file
            .options(path)
            .pragma("query_only", "ON")
            .pragma("cache_size", "-6144");
        let readers = pool(READERS, readers).await.map_err(of)?;
        Ok(Self {
            file,
            path: path.to_owned(),
            writer,
            readers,
        })
    }

    /// A transaction that may write; the only one of this file at a time.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(|error| self.error(error))
    }

    /// A connection outside any transaction, for what SQLite does not allow inside one.
    pub(crate) async fn alone(&self) -> Result<sqlx::pool::PoolConnection<Sqlite>> {
        self.writer.acquire().await.map_err(|error| self.error(error))
    }

    pub(crate) fn error(&self, error: sqlx::Error) -> CacheError {
        CacheError::of(self.file, error)
    }

    /// Closes every connection; the file is whole without its side files afterwards.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
