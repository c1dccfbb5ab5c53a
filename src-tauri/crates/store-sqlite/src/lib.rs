//! The sede's calendar store in one SQLite file: for training, demonstrations, tests, and a studio that tries the program
//! with no server. It keeps the whole contract of the `store` crate, with the same outcomes as a server.
//!
//! * `reach`: the open file, and whether its path still leads to it; every call begins there.
//! * `booking`, `grant`, `deposit`, `afterwards`, `request`, `reminder`, `upload`: what a studio does; `desk`, `changes`: what the sede does; `records`: what
//!   it reads; `register`: which devices there are, and whose; `checkup`: whether the file keeps the promises.
//! * `appointment`, `attempt`, `feed`, `pull`, `delegation`: what these have in common, each with its statements.
//!
//! The rules are `domain`'s; nothing here decides who may book what. Every write is one transaction that takes SQLite's
//! write lock at its beginning, and what is acknowledged is on the disk. The constraints of `migrations/` hold what must
//! hold even against a bug, and their breaking is an outcome, not an error.
//!
//! It never deletes a ticket, an appointment or an outcome (R15), and never reads a clock but the one it was given.
#![forbid(unsafe_code)]

mod afterwards;
mod appointment;
mod attempt;
mod booking;
mod changes;
mod checkup;
mod delegation;
mod deposit;
mod desk;
mod dossier;
mod failure;
mod feed;
mod grant;
mod open;
mod pull;
mod reach;
mod records;
mod register;
mod reminder;
mod request;
mod session;
mod studio_change;
mod upload;

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::code::StudioCode;
use store::Clock;

pub use desk::SqliteDesk;
pub use open::OpenError;
pub use records::SqliteRecords;
pub use register::SqliteRegister;
pub use session::SqliteSession;

use reach::Reach;

/// A calendar store in a file. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct SqliteStore {
    reach: Arc<Reach>,
}

impl SqliteStore {
    /// Opens the store at `path`, which is there already, and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError`]; the file is as it was.
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let reach = Reach::over(path, clock, open::existing(path).await?).await?;
        Ok(Self { reach: Arc::new(reach) })
    }

    /// Creates an empty store at `path`: an epoch of its own, the limits of R9 and R10, nothing else.
    ///
    /// # Errors
    /// [`OpenError`], [`OpenError::AlreadyThere`] where there is a file that holds something.
    pub async fn create(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let reach = Reach::over(path, clock, open::new(path).await?).await?;
        Ok(Self { reach: Arc::new(reach) })
    }

    /// Opens the store at `path`, or creates it where there is no file yet.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open_or_create(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        match Self::create(path, clock.clone()).await {
            Err(OpenError::AlreadyThere) => Self::open(path, clock).await,
            made => made,
        }
    }

    /// The store at `path`, whether it can be reached now or not: the first call that finds it opens it, and until then every
    /// call answers [`store::StoreError::Unreachable`]. It is never created. For a program that starts while its store is
    /// away.
    pub fn at(path: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            reach: Arc::new(Reach::unopened(path, clock)),
        }
    }

    /// The store as a device of `studio` sees it. Whether the studio is enrolled, the first call tells.
    pub fn studio(&self, studio: &StudioCode) -> SqliteSession {
        SqliteSession::new(self.reach.clone(), studio.clone())
    }

    /// The store as the sede sees it.
    pub fn desk(&self) -> SqliteDesk {
        SqliteDesk::new(self.reach.clone())
    }

    /// The store as the sede reads it.
    pub fn records(&self) -> SqliteRecords {
        SqliteRecords::new(self.reach.clone())
    }

    /// Its studios and devices.
    pub fn register(&self) -> SqliteRegister {
        SqliteRegister::new(self.reach.clone())
    }

    /// How far the feed of each studio has come, in their order: a number that grows whenever there may be something new to
    /// pull, and nothing else. Of a studio that is not known, that of what everybody sees. One cheap query, for whoever
    /// gives hints.
    ///
    /// # Errors
    /// [`store::StoreError::Unreachable`], [`store::StoreError::Failed`].
    pub async fn newest(&self, studios: &[StudioCode]) -> Result<Vec<i64>, store::StoreError> {
        Ok(pull::newest(&self.reach, studios).await?)
    }

    /// Promise 4: lets deposits go out whose moment has come, in their order, and answers after how long the next one's comes;
    /// nothing where none lies here. For a server, as time passes: whoever asks for something settles first what is due.
    ///
    /// # Errors
    /// [`store::StoreError::Unreachable`], [`store::StoreError::Failed`].
    pub async fn settle_due(&self) -> Result<Option<TimeDelta>, store::StoreError> {
        Ok(deposit::settle_all(&self.reach).await?)
    }

    /// Closes its connections, so that the file may be copied or removed. Every later call of this store, its clones,
    /// sessions and desks answers [`store::StoreError::Unreachable`].
    pub async fn close(&self) {
        self.reach.close().await;
    }
}
