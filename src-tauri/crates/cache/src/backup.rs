//! Backups of `studio.db`: a copy a day and one before each migration, the last seven kept.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::time::civil_day;
use sqlx::{Connection, SqliteConnection};

use crate::db::{self, Database};
use crate::error::{CacheError, File, Result};
use crate::files::sync_folder;

const FOLDER: &str = "backups";
const KEPT: usize = 7;
const PREFIX: &str = "studio-";
const SUFFIX: &str = ".db";
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// A backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Backup {
    pub(crate) path: PathBuf,
    pub(crate) at: DateTime<Utc>,
}

fn parse(path: PathBuf) -> Option<Backup> {
    let name = path.file_name()?.to_str()?;
    let time = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let at = NaiveDateTime::parse_from_str(time, TIME).ok()?.and_utc();
    Some(Backup { path, at })
}

/// The backups of `folder`, the newest first.
pub(crate) fn newest_first(folder: &Path) -> Result<Vec<Backup>> {
    let entries = match fs::read_dir(folder.join(FOLDER)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut backups: Vec<Backup> = entries
        .filter_map(|entry| entry.ok().and_then(|entry| parse(entry.path())))
        .collect();
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.at));
    Ok(backups)
}

/// Backs up unless that was done today. Returns whether it was done now.
pub(crate) async fn daily(studio: &Database, now: DateTime<Utc>) -> Result<bool> {
    let folder = folder_of(&studio.path)?;
    let done = newest_first(folder)?
        .first()
        .is_some_and(|newest| civil_day(newest.at) == civil_day(now));
    if done {
        return Ok(false);
    }
    let mut connection = studio.alone().await?;
    back_up(&mut connection, folder, now).await?;
    Ok(true)
}

/// Backs up a file that is about to be migrated.
pub(crate) async fn before_migration(path: &Path, now: DateTime<Utc>) -> Result<()> {
    let of = |error| CacheError::of(File::Studio, error);
    let mut connection = db::connect(File::Studio, path, false).await.map_err(of)?;
    let done = back_up(&mut connection, folder_of(path)?, now).await;
    connection.close().await.map_err(of)?;
    done
}

fn folder_of(path: &Path) -> Result<&Path> {
    path.parent().ok_or_else(|| CacheError::bug("studio.db has no folder"))
}

async fn back_up(connection: &mut SqliteConnection, folder: &Path, now: DateTime<Utc>) -> Result<()> {
    let folder = folder.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let name = format!("{PREFIX}{}{SUFFIX}", now.format(TIME));
    let part = folder.join(format!("{name}.part"));
    remove_if_there(&part)?;
    let into = part
        .to_str()
        .ok_or_else(|| CacheError::bug("the folder's path is not Unicode"))?;
    let copied = sqlx::query("VACUUM INTO ?1").bind(into).execute(connection).await;
    if let Err(error) = copied {
        remove_if_there(&part)?;
        return Err(CacheError::of(File::Studio, error));
    }
    fs::File::options().write(true).open(&part)?.sync_all()?;
    fs::rename(&part, folder.join(name))?;
    sync_folder(&folder)?;
    let parent = folder.parent().ok_or_else(|| CacheError::bug("no folder"))?;
    for old in newest_first(parent)?.into_iter().skip(KEPT) {
        remove_if_there(&old.path)?;
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cache;

    fn now() -> DateTime<Utc> {
        "2026-03-12T08:00:00Z".parse().expect("an instant")
    }

    #[tokio::test]
    async fn what_is_about_to_be_migrated_is_backed_up_whatever_was_done_today() {
        let folder = tempfile::tempdir().expect("a folder");
        let (cache, _) = Cache::open(folder.path(), now()).await.expect("opens");
        cache.settings.write("theme", &"dark").await.expect("writes");
        assert!(cache.back_up_daily(now()).await.expect("backs up"));
        cache.settings.write("theme", &"light").await.expect("writes");
        cache.close().await;
        let later = now() + chrono::TimeDelta::minutes(1);
        before_migration(&folder.path().join("studio.db"), later)
            .await
            .expect("backs up");
        let backups = newest_first(folder.path()).expect("reads");
        assert_eq!(
            backups.iter().map(|backup| backup.at).collect::<Vec<_>>(),
            [later, now()]
        );

        // A backup is a whole file: opened by itself, it is the studio as it was.
        let restored = tempfile::tempdir().expect("a folder");
        fs::copy(&backups[0].path, restored.path().join("studio.db")).expect("copies");
        let (cache, repairs) = Cache::open(restored.path(), later).await.expect("opens");
        assert_eq!(repairs, []);
        assert_eq!(
            cache.settings.read::<String>("theme").await.expect("reads").as_deref(),
            Some("light")
        );
    }

    #[tokio::test]
    async fn a_disk_without_room_is_told_as_such_and_nothing_was_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (cache, _) = Cache::open(folder.path(), now()).await.expect("opens");
        cache.settings.write("theme", &"dark").await.expect("writes");
        let mut connection = cache.settings.studio.alone().await.expect("a connection");
        // SQLite's own limit fails as the disk's does.
        sqlx::query("PRAGMA max_page_count = 1")
            .execute(&mut *connection)
            .await
            .expect("limits");
        drop(connection);
        let refused = cache.settings.write("theme", &"x".repeat(100_000)).await;
        assert!(matches!(refused, Err(CacheError::Full)), "{refused:?}");
        assert_eq!(
            cache.settings.read::<String>("theme").await.expect("reads").as_deref(),
            Some("dark")
        );
        let written = cache.settings.write("theme", &"light").await;
        assert!(written.is_ok(), "what there is room for is written: {written:?}");
    }

    #[test]
    fn other_files_are_no_backups() {
        for name in [
            "studio-20260312T080000Z.db.part",
            "studio-yesterday.db",
            "studio.db",
            "x",
        ] {
            assert_eq!(parse(PathBuf::from(name)), None, "{name}");
        }
    }
}
