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
use crate::pulled::Pulled;
use crate::requests::Requests;
use crate::settings::Settings;
use crate::{Cache, backup, salvage};

/// A `cache.db` larger than this is not read whole at every start; [`Cache::check_pulled`] does it in the background.
const CHECKED_AT_START: u64 = 16 * 1024 * 1024;

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
        pulled.lay_entries(&studio).await;
        pulled.prepare_lists();
        let cache = Self {
            drafts: Drafts {
                studio: studio.clone(),
                pulled: pulled.clone(),
            },
            requests: Requests { studio: studio.clone() },
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
    let _ = connection.close().await;
    let known = db::known_schema(file);
    match found {
        Ok(found) if found > known => Err(CacheError::Newer { file, found, known }),
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
    match check(file, path, whole).await {
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
async fn check(file: File, path: &Path, whole: bool) -> Result<Option<i64>, sqlx::Error> {
    let mut connection = db::look(path).await?;
    let schema = db::found_schema(&mut connection).await;
    let verdict = match (&schema, file, whole) {
        (Err(_), ..) | (_, _, false) => Ok("ok".to_owned()),
        (_, File::Studio, true) => {
            sqlx::query_scalar("PRAGMA integrity_check(1)")
                .fetch_one(&mut connection)
                .await
        }
        (_, File::Cache, true) => {
            sqlx::query_scalar("PRAGMA quick_check(1)")
                .fetch_one(&mut connection)
                .await
        }
    };
    // A connection that failed may not close either; what it said counts.
    let _ = connection.close().await;
    let schema = schema?;
    Ok((verdict? == "ok").then_some(schema))
}

async fn open_studio(folder: &Path, now: DateTime<Utc>, repairs: &mut Vec<Repair>) -> Result<Database> {
    let path = folder.join(File::Studio.name());
    let mut begun = false;
    match look_at(File::Studio, &path, true).await? {
        Soundness::Sound { schema } => {
            if 0 < schema && schema < db::known_schema(File::Studio) {
                backup::before_migration(&path, now).await?;
            }
        }
        Soundness::Missing if backup::newest_first(folder)?.is_empty() => begun = true,
        Soundness::Missing | Soundness::Damaged => repairs.push(salvage::restore(folder, now).await?),
    }
    migrate(File::Studio, &path).await?;
    let mut studio = Database::open(File::Studio, &path).await?;
    if !begun && !salvage::is_readable(&studio).await? {
        studio.close().await;
        repairs.push(salvage::restore(folder, now).await?);
        migrate(File::Studio, &path).await?;
        studio = Database::open(File::Studio, &path).await?;
    }
    if !begun && let Err(error) = backup::daily(&studio, now).await {
        // Tomorrow is another day; that nothing opens today would help nobody.
        tracing::warn!(%error, "studio.db could not be backed up");
    }
    Ok(studio)
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
    match open_migrated(path).await {
        // What looked sound at its surface may not be so where migrations look.
        Err(CacheError::Damaged { .. }) if !damaged => {
            throw_away(path)?;
            repairs.push(Repair::CacheRebuilt);
            open_migrated(path).await
        }
        other => other,
    }
}

async fn open_migrated(path: &Path) -> Result<Database> {
    migrate(File::Cache, path).await?;
    let database = Database::open(File::Cache, path).await?;
    // The first thing that anybody asks for.
    match Pulled::new(database.clone()).directory().await {
        Ok(_) => Ok(database),
        Err(error) => {
            database.close().await;
            Err(error)
        }
    }
}

/// Where it is written down that `cache.db` was found damaged while it was open.
fn mark(path: &Path) -> PathBuf {
    path.with_extension("db.damaged")
}

pub(crate) async fn check_pulled(database: &Database) -> Result<bool> {
    let verdict: Result<String, sqlx::Error> = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&database.readers)
        .await;
    let sound = match verdict {
        Ok(verdict) => verdict == "ok",
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
