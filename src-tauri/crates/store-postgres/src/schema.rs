//! Installing the schema, and refusing a database that has another.

use domain::content::Limits;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::DatabaseAddress;
use crate::failure::{plain, state};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Why a store can't be opened or installed. None of it names what is in the address.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database is empty: a store is still to be installed in it.
    #[error("the database is empty: no store was installed in it")]
    Empty,
    /// The database holds something else.
    #[error("the database is no calendar store")]
    NotAStore,
    /// An older release installed the schema: it is to be installed again with this one.
    #[error("the store has schema {found}, this program needs {known}: an upgrade was not installed")]
    OlderSchema {
        /// The newest migration in the database.
        found: i64,
        /// The newest that this program has.
        known: i64,
    },
    /// A newer release installed the schema.
    #[error("the store has schema {found}, this program knows {known}: a newer program installed it")]
    NewerSchema {
        /// The newest migration in the database.
        found: i64,
        /// The newest that this program has.
        known: i64,
    },
    /// The name or the password is refused, or the role may not do what is asked of it.
    #[error("the database refuses the role: {reason}")]
    Refused {
        /// PostgreSQL's state, without its words.
        reason: String,
    },
    /// The database can't be reached.
    #[error("the database can't be reached: {reason}")]
    Unreachable {
        /// Without what is in the address.
        reason: String,
    },
    /// The schema can't be brought up to date; the database is as it was.
    #[error("the schema can't be brought up to date: {reason}")]
    Migration {
        /// PostgreSQL's state, without its words.
        reason: String,
    },
}

/// What [`install`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// A store in an empty database.
    New,
    /// A store that was there, from schema `from` on.
    Upgraded {
        /// The newest migration that it had.
        from: i64,
    },
    /// Nothing: everything was there.
    AsItWas,
}

/// Installs a store, or upgrades it, as the role that owns the database: it may create roles and extensions. Twice changes
/// nothing.
///
/// # Errors
/// [`OpenError`], [`OpenError::NewerSchema`] and [`OpenError::NotAStore`] among them; the database is as it was.
pub async fn install(owner: &DatabaseAddress) -> Result<Installed, OpenError> {
    let mut connection = connect(owner).await?;
    let found = match inspect(&mut connection).await {
        Ok(found) => Some(found),
        Err(OpenError::Empty) => None,
        Err(OpenError::OlderSchema { found, .. }) => Some(found),
        Err(error) => return Err(error),
    };
    MIGRATIONS
        .run_direct(None, &mut connection, false)
        .await
        .map_err(|error| OpenError::Migration {
            reason: match &error {
                sqlx::migrate::MigrateError::Execute(error)
                | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => plain(error),
                sqlx::migrate::MigrateError::VersionMismatch(version) => {
                    format!("migration {version} was another when it was installed")
                }
                _ => "the migrations are not those of this store".into(),
            },
        })?;
    let limits = serde_json::to_string(&Limits::default()).unwrap_or_default();
    sqlx::query!(
        "INSERT INTO life (epoch, limits) VALUES ($1, $2::text::json) ON CONFLICT DO NOTHING",
        Uuid::now_v7(),
        limits
    )
    .execute(&mut connection)
    .await
    .map_err(|error| refusal(&error))?;
    connection.close().await.map_err(|error| refusal(&error))?;
    Ok(match found {
        None => Installed::New,
        Some(found) if found < newest() => Installed::Upgraded { from: found },
        Some(_) => Installed::AsItWas,
    })
}

/// That a store of this program's schema is there.
pub(crate) async fn inspected(options: &PgConnectOptions) -> Result<(), OpenError> {
    let mut connection = PgConnection::connect_with(options)
        .await
        .map_err(|error| refusal(&error))?;
    // A pooler may stand in between.
    let begin = connection.begin_with("BEGIN; DEALLOCATE ALL").await;
    let mut transaction = begin.map_err(|error| refusal(&error))?;
    inspect(&mut transaction).await?;
    transaction.rollback().await.map_err(|error| refusal(&error))?;
    connection.close().await.map_err(|error| refusal(&error))
}

async fn connect(address: &DatabaseAddress) -> Result<PgConnection, OpenError> {
    PgConnection::connect_with(&address.0)
        .await
        .map_err(|error| refusal(&error))
}

/// The schema of the database, if it is a store of ours with the newest one.
async fn inspect(connection: &mut PgConnection) -> Result<i64, OpenError> {
    let (marked, others) = sqlx::query_as::<_, (bool, i64)>(
        "SELECT coalesce(obj_description(to_regclass('public.life'), 'pg_class') = 'Agenda Sede', false)
             AND to_regclass('public._sqlx_migrations') IS NOT NULL,
             (SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema'
                  AND n.nspname NOT LIKE 'pg\\_%'
                  AND NOT EXISTS (SELECT FROM pg_depend AS d
                                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(|error| refusal(&error))?;
    if !marked {
        return Err(if others == 0 {
            OpenError::Empty
        } else {
            OpenError::NotAStore
        });
    }
    let found = sqlx::query_scalar::<_, Option<i64>>("SELECT max(version) FROM public._sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await
        .map_err(|error| refusal(&error))?
        .ok_or(OpenError::NotAStore)?;
    let known = newest();
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(OpenError::OlderSchema { found, known }),
        std::cmp::Ordering::Greater => Err(OpenError::NewerSchema { found, known }),
        std::cmp::Ordering::Equal => Ok(found),
    }
}

fn newest() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// Classes 28 (authorization), 42 (privileges) and 3D (no such database) are the administrator's to mend.
fn refusal(error: &sqlx::Error) -> OpenError {
    let reason = plain(error);
    match state(error) {
        Some(state) if ["28", "42", "3D"].iter().any(|class| state.starts_with(class)) => OpenError::Refused { reason },
        _ => OpenError::Unreachable { reason },
    }
}
