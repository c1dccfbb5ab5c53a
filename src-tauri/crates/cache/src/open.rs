//! Opening: sound or mended, never overwritten.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sqlx::migrate::MigrateError;
use sqlx::{Connection, SqliteConnection};

use crate::db::{self, Database};
use crate::drafts::Drafts;
use crate::error::{CacheError, File, Result};
use crate::files::Files;
use crate::outbox::Outbox;
use crate::portal::Portal;
use crate::pulled::Pulled;
use crate::requests::Requests;
use crate::settings::Settings;
use crate::{Cache, backup, salvage};

/// A `cache.db` larger than this is not read whole at every start; [`Cache::check_pulled`] does it in the background.
const CHECKED_AT_START: u64 = 16 * 1024 * 1024;

/// Not the quick check: what is found through an index that says something else than its table is not there.
const INTEGRITY: &str = "PRAGMA integrity_check(1)";

/// Something mended while opening, to be told to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// `cache.db` was damaged; it is empty and is pulled again.
    CacheRebuilt,
    /// `studio.db` was damaged or gone.
    StudioRestored {
        /// Under which name in the folder the damaged file was set aside; nothing where there was none.
        set_aside: Option<String>,
        /// Of when the backup is that was restored; nothing when there was none and it begins empty.
        backup_of: Option<DateTime<Utc>>,
        /// Newer drafts that could still be read and were brought over.
        recovered: u32,
    },
}

impl Cache {
    /// Opens the two files in `folder`, making what is not there. Files that are damaged are mended, and that is told.
    ///
    /// # Errors
    /// [`CacheError::Newer`] for a file of a newer version of the program, which is left as it is; [`CacheError::Full`],
    /// [`CacheError::Io`].
    pub async fn open(folder: &Path, now: DateTime<Utc>) -> Result<(Self, Vec<Repair>)> {
        let attachments = folder.join("attachments");
        fs::create_dir_all(&attachments)?;
        // Before anything is mended: an older program must not touch what a newer one wrote.
        for file in [File::Studio, File::Cache] {
            refuse_newer(file, &folder.join(file.name())).await?;
        }
        let mut repairs = Vec::new();
        let studio = open_studio(folder, now, &mut repairs).await?;
        let pulled = Pulled::new(open_cache(&folder.join(File::Cache.name()), &mut repairs).await?);
        pulled.overlay_from(&studio).await;
        if repairs
            .iter()
            .any(|repair| matches!(repair, Repair::StudioRestored { .. }))
        {
            pulled.distrust_portal().await?;
        }
        pulled.lay_portal(&studio).await;
        pulled.lay_entries(&studio).await;
        pulled.prepare_lists();
        let cache = Self {
            drafts: Drafts {
                studio: studio.clone(),
                pulled: pulled.clone(),
            },
            requests: Requests { studio: studio.clone() },
            portal: Portal {
                studio: studio.clone(),
                pulled: pulled.clone(),
            },
            outbox: Outbox {
                studio: studio.clone(),
                pulled: pulled.clone(),
            },
            settings: Settings { studio: studio.clone() },
            files: Files {
                folder: attachments,
                studio,
            },
            pulled,
        };
        Ok((cache, repairs))
    }
}

/// What a file looks like before it is opened for good.
enum Soundness {
    Missing,
    Sound { schema: i64 },
    Damaged,
}

async fn refuse_newer(file: File, path: &Path) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let Ok(mut connection) = db::look(path).await else {
        return Ok(());
    };
    let found = db::found_schema(&mut connection).await;
    let built_on_ours = db::has_known_schemas(file, &mut connection).await.unwrap_or(false);
    let _ = connection.close().await;
    let known = db::known_schema(file);
    match found {
        // One that lacks an earlier schema is of no version: a number of it is damaged.
        Ok(found) if found > known && built_on_ours => Err(CacheError::Newer { file, found, known }),
        // What can't be read is looked at again by those who mend.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Looks at a file: `whole` reads all of it, indexes against tables too.
async fn look_at(file: File, path: &Path, whole: bool) -> Result<Soundness> {
    let bytes = match fs::metadata(path) {
        Ok(about) => about.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Soundness::Missing),
        Err(error) => return Err(error.into()),
    };
    // SQLite takes a file without bytes for a new database, and zeroes for what is missing of a page.
    if bytes == 0 || (is_cut(path, bytes)? && !has_log(path)) {
        return Ok(Soundness::Damaged);
    }
    match check(path, whole).await {
        Ok(Some(schema)) => Ok(Soundness::Sound { schema }),
        Ok(None) => Ok(Soundness::Damaged),
        Err(error) => match CacheError::of(file, error) {
            CacheError::Damaged { .. } => Ok(Soundness::Damaged),
            other => Err(other),
        },
    }
}

/// Whether the file ends within a page.
fn is_cut(path: &Path, bytes: u64) -> Result<bool> {
    let mut header = Vec::new();
    fs::File::open(path)?.take(100).read_to_end(&mut header)?;
    let size = match header.get(16..18) {
        // As the file format has it: 65,536 does not fit.
        Some([0, 1]) => 65_536,
        Some([high, low]) => u64::from(*high) << 8 | u64::from(*low),
        _ => return Ok(true),
    };
    // What is no page size is no database, and will be said to be none.
    Ok(size >= 512 && !bytes.is_multiple_of(size))
}

/// Whether a log stands beside the file that SQLite mends a torn end from.
fn has_log(path: &Path) -> bool {
    let [_, wal, _] = with_side_files(path);
    fs::metadata(wal).is_ok_and(|about| about.len() > 0)
}

/// The schema of a sound file; nothing for a damaged one.
async fn check(path: &Path, whole: bool) -> Result<Option<i64>, sqlx::Error> {
    let mut connection = db::look(path).await?;
    let schema = db::found_schema(&mut connection).await;
    let verdict = match (&schema, whole) {
        (Err(_), _) | (_, false) => Ok("ok".to_owned()),
        (Ok(_), true) => sqlx::query_scalar(INTEGRITY).fetch_one(&mut connection).await,
    };
    // A connection that failed may not close either; what it said counts.
    let _ = connection.close().await;
    let schema = schema?;
    Ok((verdict? == "ok").then_some(schema))
}

async fn open_studio(folder: &Path, now: DateTime<Utc>, repairs: &mut Vec<Repair>) -> Result<Database> {
    let path = folder.join(File::Studio.name());
    let (mut begun, mut older) = (false, false);
    match look_at(File::Studio, &path, true).await? {
        Soundness::Sound { schema } => older = 0 < schema && schema < db::known_schema(File::Studio),
        Soundness::Missing if backup::newest_first(folder)?.is_empty() => begun = true,
        Soundness::Missing | Soundness::Damaged => repairs.push(salvage::restore(folder, now).await?),
    }
    let opened = match open_readable(&path, older, now).await {
        // What looked sound at its surface may not be so where migrations and readers look. It is not of a newer version:
        // that was seen before.
        Err(CacheError::Damaged { .. } | CacheError::Newer { .. }) if !begun && repairs.is_empty() => {
            repairs.push(salvage::restore(folder, now).await?);
            open_readable(&path, false, now).await
        }
        opened => opened,
    };
    let studio = opened?;
    if !begun && let Err(error) = backup::daily(&studio, now).await {
        // Tomorrow is another day; that nothing opens today would help nobody.
        tracing::warn!(%error, "studio.db could not be backed up");
    }
    Ok(studio)
}

/// Brings `studio.db` up to date, opens it, and reads what is listed and under way.
async fn open_readable(path: &Path, older: bool, now: DateTime<Utc>) -> Result<Database> {
    if older {
        backup::before_migration(path, now).await?;
    }
    migrate(File::Studio, path).await?;
    let studio = Database::open(File::Studio, path).await?;
    let readable = async { Ok(has_its_columns(&studio).await? && salvage::is_readable(&studio, now).await?) };
    match readable.await {
        Ok(true) => Ok(studio),
        Ok(false) => {
            studio.close().await;
            Err(CacheError::Damaged { file: File::Studio })
        }
        Err(error) => {
            studio.close().await;
            Err(error)
        }
    }
}

async fn open_cache(path: &Path, repairs: &mut Vec<Repair>) -> Result<Database> {
    let marked = mark(path);
    let small = fs::metadata(path).is_ok_and(|about| about.len() <= CHECKED_AT_START);
    let damaged = marked.exists()
        || match look_at(File::Cache, path, small).await? {
            Soundness::Damaged => true,
            Soundness::Missing | Soundness::Sound { .. } => false,
        };
    if damaged {
        throw_away(path)?;
        repairs.push(Repair::CacheRebuilt);
    }
    match open_migrated(path, small).await {
        // What looked sound at its surface may not be so where migrations and readers look.
        Err(CacheError::Damaged { .. } | CacheError::Newer { .. }) if !damaged => {
            throw_away(path)?;
            repairs.push(Repair::CacheRebuilt);
            open_migrated(path, small).await
        }
        other => other,
    }
}

/// Reads what there is: `whole`, or what anybody asks for first.
async fn open_migrated(path: &Path, whole: bool) -> Result<Database> {
    migrate(File::Cache, path).await?;
    let database = Database::open(File::Cache, path).await?;
    let pulled = Pulled::new(database.clone());
    let readable = async {
        pulled.directory().await?;
        Ok(!whole || (has_its_columns(&database).await? && pulled.is_readable().await?))
    };
    match readable.await {
        Ok(true) => Ok(database),
        Ok(false) => {
            database.close().await;
            Err(CacheError::Damaged { file: File::Cache })
        }
        Err(error) => {
            database.close().await;
            Err(error)
        }
    }
}

/// Whether its tables have the columns that the migrations gave them: SQLite finds no fault with a name that is another.
async fn has_its_columns(database: &Database) -> Result<bool> {
    // Not the statements themselves, which releases of SQLite write differently. The tables of FTS5 are its own.
    let columns = "SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema t, pragma_table_info(t.name) c
                   WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'ticket_words%'
                   ORDER BY 1, 2";
    let of = |error| database.error(error);
    let mut blank = SqliteConnection::connect("sqlite::memory:").await.map_err(of)?;
    run_migrations(database.file, &mut blank).await?;
    let written: Vec<(String, String, String, i64)> =
        sqlx::query_as(columns).fetch_all(&mut blank).await.map_err(of)?;
    let found: Result<Vec<(String, String, String, i64)>, _> =
        sqlx::query_as(columns).fetch_all(&database.readers).await;
    match found.map_err(of) {
        Ok(found) => Ok(found == written),
        Err(CacheError::Damaged { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Where it is written down that `cache.db` was found damaged while it was open.
fn mark(path: &Path) -> PathBuf {
    path.with_extension("db.damaged")
}

pub(crate) async fn check_pulled(pulled: &Pulled) -> Result<bool> {
    let database = &pulled.db;
    let verdict: Result<String, sqlx::Error> = sqlx::query_scalar(INTEGRITY).fetch_one(&database.readers).await;
    let sound = match verdict {
        Ok(verdict) => verdict == "ok" && pulled.is_readable().await?,
        Err(error) => match database.error(error) {
            CacheError::Damaged { .. } => false,
            other => return Err(other),
        },
    };
    if !sound {
        fs::write(mark(&database.path), b"")?;
    }
    Ok(sound)
}

/// The files that SQLite keeps beside a database.
pub(crate) fn with_side_files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

fn throw_away(path: &Path) -> Result<()> {
    let [main, wal, shm] = with_side_files(path);
    // The mark goes last: died in between, it is all done again.
    for file in [main, wal, shm, mark(path)] {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

async fn migrate(file: File, path: &Path) -> Result<()> {
    let mut connection = db::connect(file, path, true)
        .await
        .map_err(|error| CacheError::of(file, error))?;
    let migrated = run_migrations(file, &mut connection).await;
    let _ = connection.close().await;
    migrated
}

pub(crate) async fn run_migrations(file: File, connection: &mut SqliteConnection) -> Result<()> {
    // Not `run`: what it borrows can't be sent between threads in general, and whoever opens the studio is spawned.
    file.migrator()
        .run_direct(None, connection, false)
        .await
        .map_err(|error| match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => CacheError::of(file, error),
            MigrateError::VersionMissing(found) | MigrateError::VersionTooNew(found, _) => CacheError::Newer {
                file,
                found,
                known: db::known_schema(file),
            },
            // Migrations that were edited, or a file that was: either way not what was written.
            MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => CacheError::Damaged { file },
            other => CacheError::bug(other),
        })
}
