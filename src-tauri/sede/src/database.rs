//! Where the store in PostgreSQL is: in the environment, or in a configuration file that only the server's user can read.
//! Never in an argument, and never in what the program says: an address may hold a password.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use store_postgres::{Connections, DatabaseAddress, Pooling};

use crate::store::StoreChoiceError;

/// The address that the server and the operators' verbs use, as a role that was given `sede_server`.
pub const SERVER: &str = "SEDE_DATABASE_URL";
/// The address that `sede install` uses, as the role that owns the database.
pub const OWNER: &str = "SEDE_OWNER_DATABASE_URL";
/// What stands between the program and PostgreSQL: `direct`, or `pgbouncer` in transaction mode.
pub const POOLING: &str = "SEDE_DATABASE_POOLING";

/// A database that holds a store. It shows itself nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Database {
    server: Option<String>,
    owner: Option<String>,
    pooling: Pooling,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Database")
    }
}

impl Database {
    /// The database that `config` names, where a file is given, and the environment otherwise; nothing where neither names
    /// one. The file holds lines `NAME = value` with the names of the environment, and comments that begin with `#`.
    ///
    /// # Errors
    /// [`StoreChoiceError::Config`], [`StoreChoiceError::Setting`].
    pub fn named(config: Option<&Path>) -> Result<Option<Self>, StoreChoiceError> {
        let mut settings = match config {
            Some(path) => settings(path)?,
            None => BTreeMap::new(),
        };
        let mut setting = |name: &'static str| {
            settings
                .remove(name)
                .or_else(|| config.is_none().then(|| std::env::var(name).ok()).flatten())
                .filter(|value| !value.is_empty())
        };
        let (server, owner, pooling) = (setting(SERVER), setting(OWNER), setting(POOLING));
        let pooling = match pooling.as_deref() {
            None | Some("direct") => Pooling::Direct,
            Some("pgbouncer") => Pooling::BehindAPooler,
            Some(_) => return Err(StoreChoiceError::Setting { name: POOLING }),
        };
        if let Some(name) = settings.into_keys().next() {
            return Err(StoreChoiceError::Config {
                reason: format!("{name} is no setting"),
            });
        }
        Ok((server.is_some() || owner.is_some()).then_some(Self { server, owner, pooling }))
    }

    /// The address of the server's role.
    ///
    /// # Errors
    /// [`StoreChoiceError::Setting`].
    pub fn server(&self) -> Result<DatabaseAddress, StoreChoiceError> {
        address(self.server.as_deref(), SERVER)
    }

    /// The address of the owner.
    ///
    /// # Errors
    /// [`StoreChoiceError::Setting`].
    pub fn owner(&self) -> Result<DatabaseAddress, StoreChoiceError> {
        address(self.owner.as_deref(), OWNER)
    }

    /// How it is connected to.
    pub fn connections(&self) -> Connections {
        Connections {
            pooling: self.pooling,
            ..Connections::default()
        }
    }
}

fn address(text: Option<&str>, name: &'static str) -> Result<DatabaseAddress, StoreChoiceError> {
    text.and_then(|text| text.parse().ok())
        .ok_or(StoreChoiceError::Setting { name })
}

/// The settings of a file. What can't be understood is told by its line, never repeated.
fn settings(path: &Path) -> Result<BTreeMap<String, String>, StoreChoiceError> {
    let text = std::fs::read_to_string(path).map_err(|error| StoreChoiceError::Config {
        reason: format!("{}: {}", path.display(), error.kind()),
    })?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map(|(number, line)| match line.split_once('=') {
            Some((name, value)) if name.trim().starts_with("SEDE_") => {
                Ok((name.trim().to_owned(), value.trim().to_owned()))
            }
            _ => Err(StoreChoiceError::Config {
                reason: format!("{}, line {}: not NAME = value", path.display(), number + 1),
            }),
        })
        .collect()
}
