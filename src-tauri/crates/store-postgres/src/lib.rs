//! The sede's calendar store in PostgreSQL (15 or newer), shared by many studios. It keeps the whole contract of the `store`
//! crate, with the same outcomes as the store in a file.
//!
//! * `schema`: installing and upgrading, as the role that owns the database; refusing what is no store of ours.
//! * `reach`: the way to the database, and what is tried again; `turn`: the locks that order writers.
//! * `facts`, `booking`, `grant`: a booking, in one statement that reads and one that writes; `deposit`: one that lies here
//!   until it can be granted.
//! * `afterwards`, `request`, `reminder`, `studio_change`, `upload`: what else a studio does; `desk`, `admission`, `changes`: what the sede does.
//! * `register`: studios and their devices.
//! * `records`, `checkup`: what the sede reads, and whether the promises are kept.
//! * `appointment`, `attempt`, `delegation`, `feed`, `pull`: what these have in common, each with its statements.
//!
//! The rules are `domain`'s, called inside the transaction; nothing here decides who may book what. What is acknowledged is
//! committed. The constraints of `migrations/` hold what must hold even against a bug, and each one's name has its outcome.
//!
//! It works as a role that owns nothing (`sede_server`, made by [`install`]), never deletes a ticket, an appointment or an
//! outcome (R15), and never reads a clock but the one it was given.
#![forbid(unsafe_code)]

mod admission;
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
mod facts;
mod failure;
mod feed;
mod grant;
mod offering;
mod pull;
mod reach;
mod records;
mod register;
mod reminder;
mod request;
mod schema;
mod session;
mod studio_change;
mod turn;
mod upload;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::code::StudioCode;
use sqlx::postgres::PgConnectOptions;
use store::Clock;

pub use desk::PostgresDesk;
pub use records::PostgresRecords;
pub use register::PostgresRegister;
pub use schema::{Installed, OpenError, install};
pub use session::PostgresSession;

use reach::Reach;

/// Where a database is and as whom to go there: `postgres://role:password@host/database`. It shows itself nowhere.
#[derive(Clone)]
pub struct DatabaseAddress(PgConnectOptions);

/// A text that is no address of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address of a database: postgres://role:password@host/database is one")]
pub struct MalformedAddress;

impl FromStr for DatabaseAddress {
    type Err = MalformedAddress;

    fn from_str(text: &str) -> Result<Self, MalformedAddress> {
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            return Err(MalformedAddress);
        }
        let options: PgConnectOptions = text.parse().map_err(|_| MalformedAddress)?;
        Ok(Self(options.application_name("sede")))
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseAddress")
    }
}

/// What stands between the store and PostgreSQL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pooling {
    /// Nothing.
    #[default]
    Direct,
    /// A pooler in transaction mode (PgBouncer): nothing outlives a transaction, not even a statement.
    BehindAPooler,
}

/// How many connections there may be, and how they are used.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// At most so many at once.
    pub most: u32,
    /// How long a call waits for one that is free.
    pub patience: Duration,
    /// What stands in between.
    pub pooling: Pooling,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            most: 16,
            patience: Duration::from_secs(5),
            pooling: Pooling::Direct,
        }
    }
}

/// A calendar store in a database. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct PostgresStore {
    reach: Arc<Reach>,
}

impl PostgresStore {
    /// Opens the store at `address`, as a role that was given `sede_server`. Connections that are lost later are made anew by
    /// the calls that need them.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(
        address: &DatabaseAddress,
        connections: Connections,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        let options = match connections.pooling {
            Pooling::Direct => address.0.clone(),
            // A statement that is kept would be looked for on another connection.
            Pooling::BehindAPooler => address.0.clone().statement_cache_capacity(0),
        };
        schema::inspected(&options).await?;
        let reach = Reach::over(options, connections, clock);
        Ok(Self { reach: Arc::new(reach) })
    }

    /// The store as a device of `studio` sees it. Whether the studio is enrolled, the first call tells.
    pub fn studio(&self, studio: &StudioCode) -> PostgresSession {
        PostgresSession::new(self.reach.clone(), studio.clone())
    }

    /// The store as the sede sees it.
    pub fn desk(&self) -> PostgresDesk {
        PostgresDesk::new(self.reach.clone())
    }

    /// The store as the sede reads it.
    pub fn records(&self) -> PostgresRecords {
        PostgresRecords::new(self.reach.clone())
    }

    /// Its studios and devices.
    pub fn register(&self) -> PostgresRegister {
        PostgresRegister::new(self.reach.clone())
    }

    /// How far what each of `studios` pulls has come: a number that grows with every change. Cheap; for a server that gives
    /// hints.
    ///
    /// # Errors
    /// [`store::StoreError::Unreachable`], [`store::StoreError::Failed`].
    pub async fn newest(&self, studios: &[StudioCode]) -> Result<Vec<i64>, store::StoreError> {
        Ok(pull::newest(&self.reach, studios).await?)
    }

    /// Promise 4: lets deposits go out whose moment has come, in their order, and answers after how long the next one's comes;
    /// nothing where none lies here. For a server, as time passes: what a studio asks for is settled before it is answered.
    ///
    /// # Errors
    /// [`store::StoreError::Unreachable`], [`store::StoreError::Failed`].
    pub async fn settle_due(&self) -> Result<Option<TimeDelta>, store::StoreError> {
        let next = deposit::settle_all(&self.reach).await?;
        Ok(next.map(|next| next - self.reach.now().instant()))
    }

    /// Closes its connections. Every later call of this store, its clones, sessions and desks answers
    /// [`store::StoreError::Unreachable`].
    pub async fn close(&self) {
        self.reach.close().await;
    }
}
