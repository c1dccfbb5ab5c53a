//! The open file, and whether its path still leads to it.
//!
//! SQLite goes on writing into a file that was moved away: on Unix an open file does not know its name. A booking that is
//! acknowledged must be in the store that people find at the path, so every call first asks whether the path still names
//! the file that is open, and a write asks again after its commit.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::time::Now;
use sqlx::{Sqlite, SqlitePool, Transaction};
use store::{Clock, StoreError};
use tokio::sync::RwLock;

use crate::failure::Failure;
use crate::open::{self, OpenError, Pools};

/// Which file a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileIdentity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl FileIdentity {
    async fn of(path: &Path) -> std::io::Result<Self> {
        let file = tokio::fs::metadata(path).await?;
        Ok(Self::from(&file))
    }
}

#[cfg(unix)]
impl From<&std::fs::Metadata> for FileIdentity {
    fn from(file: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            device: file.dev(),
            inode: file.ino(),
        }
    }
}

/// Elsewhere an open file can't be moved or replaced: that it is there says enough.
#[cfg(not(unix))]
impl From<&std::fs::Metadata> for FileIdentity {
    fn from(_: &std::fs::Metadata) -> Self {
        Self {}
    }
}

#[derive(Clone)]
struct Opened {
    file: FileIdentity,
    log: Option<FileIdentity>,
    pools: Pools,
}

/// The way to the file.
pub(crate) struct Reach {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    /// Nothing until the file was found.
    opened: RwLock<Option<Opened>>,
}

impl Reach {
    pub(crate) async fn over(path: &Path, clock: Arc<dyn Clock>, pools: Pools) -> Result<Self, OpenError> {
        let path = whole(path);
        let opened = Opened::at(&path, pools)
            .await
            .map_err(|error| OpenError::Unreachable(sqlx::Error::Io(error)))?;
        Ok(Self {
            path,
            clock,
            opened: RwLock::new(Some(opened)),
        })
    }

    pub(crate) fn unopened(path: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            path: whole(path),
            clock,
            opened: RwLock::new(None),
        }
    }

    /// The store's clock: an instant and its civil day.
    pub(crate) fn now(&self) -> Now {
        Now::at(self.clock.now())
    }

    /// For reading.
    pub(crate) async fn read(&self) -> Result<SqlitePool, StoreError> {
        Ok(self.current().await?.pools.reads)
    }

    /// For several reads of what there is at one moment.
    pub(crate) async fn reading(&self) -> Result<Transaction<'static, Sqlite>, Failure> {
        Ok(self.current().await?.pools.reads.begin().await?)
    }

    /// A transaction that has SQLite's write lock. Dropped, it is as if it had not been.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, Failure> {
        let opened = self.current().await?;
        Ok(opened.pools.writes.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Makes `transaction` durable. When the path leads elsewhere by then, nothing is acknowledged.
    pub(crate) async fn commit(&self, transaction: Transaction<'static, Sqlite>) -> Result<(), Failure> {
        transaction.commit().await?;
        self.current().await?;
        Ok(())
    }

    pub(crate) async fn close(&self) {
        let opened = self.opened.read().await.clone();
        if let Some(Opened { pools, .. }) = opened {
            pools.close().await;
        }
    }

    async fn current(&self) -> Result<Opened, StoreError> {
        let named = FileIdentity::of(&self.path).await.map_err(|error| away(&error))?;
        let opened = self.opened.read().await.clone();
        match opened.filter(|opened| opened.file == named) {
            Some(opened) => Ok(opened),
            None => self.open_what_stands_there(named).await,
        }
    }

    /// The file is found for the first time; or another one stands in its place: a volume that was mounted again, a store
    /// that was restored. Its epoch, or a cursor that is ahead of it, tells the studios.
    async fn open_what_stands_there(&self, named: FileIdentity) -> Result<Opened, StoreError> {
        let mut opened = self.opened.write().await;
        if let Some(opened) = opened.as_ref().filter(|opened| opened.file == named) {
            return Ok(opened.clone());
        }
        let pools = match opened.as_ref() {
            None => open::existing(&self.path).await,
            // A file that was put beside the log of the one before would be destroyed by it.
            Some(before) if before.log.is_some() && before.log == FileIdentity::of(&log_of(&self.path)).await.ok() => {
                return Err(StoreError::Unreachable {
                    reason: "another file stands in the store's place".into(),
                });
            }
            Some(_) => open::replaced(&self.path).await,
        };
        let pools = pools.map_err(|error| {
            tracing::warn!(%error, "what stands in the store's place can't be opened");
            StoreError::Unreachable {
                reason: error.to_string(),
            }
        })?;
        let next = Opened::at(&self.path, pools).await.map_err(|error| away(&error))?;
        if let Some(before) = opened.replace(next.clone()) {
            // On a volume that is gone, closing may take its time.
            tokio::spawn(async move { before.pools.close().await });
        }
        Ok(next)
    }
}

/// A way that stays the same when the program goes elsewhere.
fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

impl Opened {
    async fn at(path: &Path, pools: Pools) -> std::io::Result<Self> {
        Ok(Self {
            file: FileIdentity::of(path).await?,
            log: FileIdentity::of(&log_of(path)).await.ok(),
            pools,
        })
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

fn away(error: &std::io::Error) -> StoreError {
    StoreError::Unreachable {
        reason: format!("the store's file: {}", error.kind()),
    }
}

/// Seconds since 1970, as columns hold them.
pub(crate) fn seconds(instant: DateTime<Utc>) -> i64 {
    instant.timestamp()
}

/// The instant of a column.
pub(crate) fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
