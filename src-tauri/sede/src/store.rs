//! Which calendar store the program works on: named once, opened once, the same way for every verb.
//!
//! A store in a file is named by `--store sqlite:FILE` or the environment variable `SEDE_STORE`; one in PostgreSQL by the
//! environment or a configuration file ([`crate::database`]). No argument ever holds a password: arguments are seen by
//! everybody on the machine.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use ::store::{CalendarStore, Clock, DeviceRegister, SedeDesk, SedeRecords, StoreError, SystemClock};
use async_trait::async_trait;
use chrono::TimeDelta;
use clap::Args;
use domain::code::StudioCode;
use domain::people::Person;
use store_postgres::PostgresStore;
use store_sqlite::{OpenError, SqliteStore};

use crate::database::Database;

/// Where a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreAddress {
    /// In one SQLite file.
    Sqlite(PathBuf),
    /// In PostgreSQL.
    Postgres(Database),
}

impl FromStr for StoreAddress {
    type Err = StoreChoiceError;

    fn from_str(text: &str) -> Result<Self, StoreChoiceError> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err(StoreChoiceError::Malformed),
        }
    }
}

impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres"),
        }
    }
}

/// The arguments that name a store, for every verb that works on one.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// The calendar store to work on: `sqlite:FILE`.
    // Parsed by us: clap would repeat in its refusal what was written, and somebody may have written a password.
    #[arg(
        long,
        global = true,
        value_name = "ADDRESS",
        env = "SEDE_STORE",
        hide_env_values = true
    )]
    pub store: Option<String>,
    /// A file with the address of the store in PostgreSQL: lines `SEDE_DATABASE_URL = postgres://…`, for `install`
    /// `SEDE_OWNER_DATABASE_URL = …`, behind PgBouncer `SEDE_DATABASE_POOLING = pgbouncer`. Without it, the environment
    /// variables of these names.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Why there is no store to work on.
#[derive(Debug, thiserror::Error)]
pub enum StoreChoiceError {
    /// The address has none of the forms that are known.
    #[error("an address of a store is written sqlite:FILE")]
    Malformed,
    /// Nobody said which store.
    #[error("no store was named: use --store sqlite:FILE, or set SEDE_STORE or SEDE_DATABASE_URL")]
    Missing,
    /// A store in a file was named, and one in PostgreSQL.
    #[error("two stores were named: one in a file, and one in PostgreSQL")]
    Two,
    /// The configuration file can't be read or understood.
    #[error("the configuration can't be understood: {reason}")]
    Config {
        /// Where, without what stands there.
        reason: String,
    },
    /// A setting is missing, or can't be understood. What it holds is not repeated.
    #[error("{name} is missing or can't be understood; an address is written postgres://role:password@host/database")]
    Setting {
        /// Its name.
        name: &'static str,
    },
    /// The store in PostgreSQL can't be opened or installed.
    #[error("the store in PostgreSQL can't be opened: {source}")]
    OpenDatabase {
        /// Why, without what is in the address.
        #[from]
        source: store_postgres::OpenError,
    },
    /// It was named, and can't be opened.
    #[error("the store {address} can't be opened: {source}")]
    Open {
        /// Its address, without any secret.
        address: String,
        /// Why.
        source: OpenError,
    },
}

impl StoreArgs {
    /// The address that was given.
    ///
    /// # Errors
    /// [`StoreChoiceError`], but for those of opening it.
    pub fn address(&self) -> Result<StoreAddress, StoreChoiceError> {
        match (&self.store, Database::named(self.config.as_deref())?) {
            (Some(_), Some(_)) => Err(StoreChoiceError::Two),
            (Some(file), None) => file.parse(),
            (None, Some(database)) => Ok(StoreAddress::Postgres(database)),
            (None, None) => Err(StoreChoiceError::Missing),
        }
    }

    /// Opens the store, which is there already, with the clock of this computer.
    ///
    /// # Errors
    /// [`StoreChoiceError`].
    pub async fn open(&self) -> Result<Arc<dyn Backing>, StoreChoiceError> {
        open(&self.address()?, Arc::new(SystemClock)).await
    }

    /// Makes the store ready: an empty one where there is none, the schema of this program where it is older.
    ///
    /// # Errors
    /// [`StoreChoiceError`]; what is no store of ours is left as it is.
    pub async fn install(&self) -> Result<Installed, StoreChoiceError> {
        let (address, clock) = (self.address()?, Arc::new(SystemClock));
        let (store, created) = match &address {
            StoreAddress::Sqlite(path) => match SqliteStore::create(path, clock.clone()).await {
                Err(OpenError::AlreadyThere) => (SqliteStore::open(path, clock).await, false),
                made => (made, true),
            },
            StoreAddress::Postgres(database) => {
                let created = store_postgres::install(&database.owner()?).await? == store_postgres::Installed::New;
                return Ok(Installed { address, created });
            }
        };
        match store {
            Ok(store) => {
                store.close().await;
                Ok(Installed { address, created })
            }
            Err(source) => Err(StoreChoiceError::Open {
                address: address.to_string(),
                source,
            }),
        }
    }
}

/// What came of making a store ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Where it is.
    pub address: StoreAddress,
    /// Whether there was none before.
    pub created: bool,
}

/// Opens the store at `address`, which is there already, with `clock` as its own.
///
/// # Errors
/// [`StoreChoiceError::Open`], [`StoreChoiceError::OpenDatabase`].
pub async fn open(address: &StoreAddress, clock: Arc<dyn Clock>) -> Result<Arc<dyn Backing>, StoreChoiceError> {
    match address {
        StoreAddress::Sqlite(path) => match SqliteStore::open(path, clock).await {
            Ok(store) => Ok(Arc::new(store)),
            Err(source) => Err(StoreChoiceError::Open {
                address: address.to_string(),
                source,
            }),
        },
        StoreAddress::Postgres(database) => {
            let store = PostgresStore::open(&database.server()?, database.connections(), clock).await?;
            Ok(Arc::new(store))
        }
    }
}

/// A calendar store, whichever: what the program asks of it.
#[async_trait]
pub trait Backing: Send + Sync {
    /// The store as a device of `studio` sees it, in the name of `person` where one asks.
    fn studio(&self, studio: &StudioCode, person: Option<&Person>) -> Arc<dyn CalendarStore>;

    /// The store as the sede sees it.
    fn desk(&self) -> Arc<dyn SedeDesk>;

    /// The store as the sede reads it.
    fn records(&self) -> Arc<dyn SedeRecords>;

    /// Its studios and devices.
    fn register(&self) -> Arc<dyn DeviceRegister>;

    /// How far the feed of each of `studios` has come: numbers that grow whenever there may be something new to pull.
    /// Cheap; also the question whether the store can be reached.
    async fn newest(&self, studios: &[StudioCode]) -> Result<Vec<i64>, StoreError>;

    /// Promise 4: lets deposits go out whose moment has come, and answers after how long the next one's comes; nothing where
    /// none lies with the store.
    async fn settle_due(&self) -> Result<Option<TimeDelta>, StoreError>;

    /// Ends its connections.
    async fn close(&self);
}

#[async_trait]
impl Backing for SqliteStore {
    fn studio(&self, studio: &StudioCode, person: Option<&Person>) -> Arc<dyn CalendarStore> {
        Arc::new(Self::studio(self, studio).in_the_name_of(person.cloned()))
    }

    fn desk(&self) -> Arc<dyn SedeDesk> {
        Arc::new(Self::desk(self))
    }

    fn records(&self) -> Arc<dyn SedeRecords> {
        Arc::new(Self::records(self))
    }

    fn register(&self) -> Arc<dyn DeviceRegister> {
        Arc::new(Self::register(self))
    }

    async fn newest(&self, studios: &[StudioCode]) -> Result<Vec<i64>, StoreError> {
        Self::newest(self, studios).await
    }

    async fn settle_due(&self) -> Result<Option<TimeDelta>, StoreError> {
        Self::settle_due(self).await
    }

    async fn close(&self) {
        Self::close(self).await;
    }
}

#[async_trait]
impl Backing for PostgresStore {
    fn studio(&self, studio: &StudioCode, person: Option<&Person>) -> Arc<dyn CalendarStore> {
        Arc::new(Self::studio(self, studio).in_the_name_of(person.cloned()))
    }

    fn desk(&self) -> Arc<dyn SedeDesk> {
        Arc::new(Self::desk(self))
    }

    fn records(&self) -> Arc<dyn SedeRecords> {
        Arc::new(Self::records(self))
    }

    fn register(&self) -> Arc<dyn DeviceRegister> {
        Arc::new(Self::register(self))
    }

    async fn newest(&self, studios: &[StudioCode]) -> Result<Vec<i64>, StoreError> {
        Self::newest(self, studios).await
    }

    async fn settle_due(&self) -> Result<Option<TimeDelta>, StoreError> {
        Self::settle_due(self).await
    }

    async fn close(&self) {
        Self::close(self).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_kind_of_store_and_a_place() {
        let address: StoreAddress = "sqlite:/srv/sede.sqlite".parse().expect("an address");
        assert_eq!(address, StoreAddress::Sqlite("/srv/sede.sqlite".into()));
        assert_eq!(address.to_string(), "sqlite:/srv/sede.sqlite");
        let odd: StoreAddress = "sqlite:C:\\sede.sqlite".parse().expect("an address");
        assert_eq!(
            odd,
            StoreAddress::Sqlite("C:\\sede.sqlite".into()),
            "a colon more is the path's"
        );
    }

    #[test]
    fn anything_else_is_refused_and_not_repeated() {
        for text in [
            "",
            "sqlite",
            "sqlite:",
            "/srv/sede.sqlite",
            "postgres://u:secret@host/db",
        ] {
            let refusal = text.parse::<StoreAddress>().expect_err("no address").to_string();
            assert!(!refusal.contains("secret"), "{refusal}");
        }
    }
}
