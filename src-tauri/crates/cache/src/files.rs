//! Attachments' contents, each under the hash of its content (R10). A draft does not depend on a file that somebody moves.
//!
//! A file's name is only ever kept beside its hash, made harmless by [`FileName`]; on the disk there are hashes.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use domain::attachment::{Attachment, FileKind, FileName, HEAD_BYTES};
use domain::code::ContentHash;
use sha2::{Digest, Sha256};

use crate::db::Database;
use crate::drafts::code;
use crate::error::{CacheError, In, Result};
use crate::instant::micros;

const PIECE: usize = 64 * 1024;
const INCOMING: &str = "incoming-";

/// How long a discarded draft keeps its files.
pub const DISCARDED_KEEPS_FILES: TimeDelta = TimeDelta::days(30);

/// The folder of contents.
#[derive(Debug, Clone)]
pub struct Files {
    pub(crate) folder: PathBuf,
    pub(crate) studio: Database,
}

/// What came of a file that was picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Its content is kept.
    Kept(Attachment),
    /// It is not.
    Refused(FileRefusal),
}

/// Why a file is not taken (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRefusal {
    /// Larger than allowed.
    TooLarge {
        /// Its size in bytes, as far as it was read.
        bytes: u64,
        /// Bytes allowed.
        max: u64,
    },
    /// By content neither PDF, JPEG, PNG nor TIFF.
    WrongKind,
    /// No bytes.
    Empty,
    /// It could not be read.
    Unreadable,
    /// A folder, a device or a pipe.
    NotAFile,
}

impl Files {
    /// Where the content of this hash stands, if it is kept.
    pub fn path(&self, hash: ContentHash) -> PathBuf {
        self.folder.join(hash.to_string())
    }

    /// Copies a file into the folder, piece by piece; `progress` hears bytes done and bytes in all. Whatever happens, no
    /// half copy stays under a hash.
    ///
    /// # Errors
    /// [`CacheError::Full`] when this disk has no room, [`CacheError::Io`] when the folder can't be written. What is wrong
    /// with the file itself is [`Taken::Refused`].
    pub async fn take(
        &self,
        source: PathBuf,
        max_bytes: u64,
        progress: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<Taken> {
        let folder = self.folder.clone();
        blocking(move || copy(&folder, &source, max_bytes, progress)).await
    }

    /// The bytes of a kept content from `offset` on, at most `length` of them.
    ///
    /// # Errors
    /// [`CacheError::Io`] when it is not there or can't be read.
    pub async fn piece(&self, hash: ContentHash, offset: u64, length: usize) -> Result<Vec<u8>> {
        let path = self.path(hash);
        blocking(move || {
            use std::io::Seek;
            let mut file = File::open(path)?;
            file.seek(io::SeekFrom::Start(offset))?;
            let mut piece = Vec::new();
            file.take(length as u64).read_to_end(&mut piece)?;
            Ok(piece)
        })
        .await
    }

    /// Whether the content of this hash is kept and is still what its hash says.
    ///
    /// # Errors
    /// Only a bug: what can't be read is not intact.
    pub async fn is_intact(&self, hash: ContentHash) -> Result<bool> {
        let path = self.path(hash);
        blocking(move || {
            let Ok(mut file) = File::open(path) else {
                return Ok(false);
            };
            let mut hasher = Sha256::new();
            let mut piece = vec![0; PIECE];
            loop {
                match file.read(&mut piece) {
                    Ok(0) => return Ok(ContentHash::from_digest(hasher.finalize().into()) == hash),
                    Ok(read) => hasher.update(&piece[..read]),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => return Ok(false),
                }
            }
        })
        .await
    }

    /// Removes contents that no draft names (a draft discarded long ago does not count), and copies that were never
    /// finished. Returns how many were removed. What is younger than an hour stays: a draft may be about to name it.
    ///
    /// # Errors
    /// Those of `studio.db` and of the folder.
    pub async fn collect(&self, now: DateTime<Utc>) -> Result<u32> {
        self.collect_older(now, Duration::from_secs(3600)).await
    }

    pub(crate) async fn collect_older(&self, now: DateTime<Utc>, age: Duration) -> Result<u32> {
        let since = micros(now - DISCARDED_KEEPS_FILES);
        let named: std::collections::HashSet<ContentHash> = sqlx::query_scalar!(
            r#"SELECT DISTINCT a.hash AS "hash!" FROM draft_attachment a JOIN draft d ON d.n = a.draft
               WHERE d.state <> 'discarded' OR d.changed_at > ?1
               UNION
               SELECT file.value ->> '$.hash' FROM request_draft AS r, json_each(r.content, '$.attachments') AS file
               WHERE r.state <> 'discarded' OR r.changed_at > ?1"#,
            since
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?
        .into_iter()
        .map(|hash| code(&hash))
        .collect::<Result<_>>()?;
        let folder = self.folder.clone();
        blocking(move || {
            let before = SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
            let mut removed = 0;
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let ours =
                    name.starts_with(INCOMING) || name.parse::<ContentHash>().is_ok_and(|hash| !named.contains(&hash));
                let old = entry
                    .metadata()
                    .and_then(|about| about.modified())
                    .is_ok_and(|at| at <= before);
                if ours && old && fs::remove_file(entry.path()).is_ok() {
                    removed += 1;
                }
            }
            Ok(removed)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(CacheError::bug)?
}

/// A copy that is not finished: dropped, it is gone.
struct Incoming {
    path: PathBuf,
    file: Option<File>,
}

impl Incoming {
    fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{INCOMING}{}", uuid::Uuid::now_v7()));
        let file = File::options().write(true).create_new(true).open(&path)?;
        Ok(Self { path, file: Some(file) })
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(piece),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Makes it the content of its hash, durably.
    fn keep(mut self, folder: &Path, hash: ContentHash) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
        }
        let kept = folder.join(hash.to_string());
        match fs::rename(&self.path, &kept) {
            // Windows replaces no file that somebody has open; what is there is the same content.
            Err(_) if kept.is_file() => Ok(()),
            other => other.and_then(|()| sync_folder(folder)),
        }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Closed before it is removed: Windows removes no open file. After `keep` there is nothing of this name.
        drop(self.file.take());
        let _ = fs::remove_file(&self.path);
    }
}

/// Makes a rename durable. Windows has no such thing for folders and does it by itself.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn copy(folder: &Path, source: &Path, max_bytes: u64, mut progress: impl FnMut(u64, u64)) -> Result<Taken> {
    let refused = |why| Ok(Taken::Refused(why));
    let Ok(about) = fs::metadata(source) else {
        return refused(FileRefusal::Unreadable);
    };
    if !about.is_file() {
        return refused(FileRefusal::NotAFile);
    }
    if about.len() > max_bytes {
        return refused(FileRefusal::TooLarge {
            bytes: about.len(),
            max: max_bytes,
        });
    }
    let Ok(mut file) = File::open(source) else {
        return refused(FileRefusal::Unreadable);
    };
    let mut incoming = Incoming::new(folder)?;
    let mut hasher = Sha256::new();
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let mut piece = vec![0; PIECE];
    let mut bytes = 0_u64;
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return refused(FileRefusal::Unreadable),
        };
        let piece = &piece[..read];
        bytes += read as u64;
        // It may grow while it is read.
        if bytes > max_bytes {
            return refused(FileRefusal::TooLarge { bytes, max: max_bytes });
        }
        head.extend_from_slice(&piece[..read.min(HEAD_BYTES - head.len())]);
        hasher.update(piece);
        incoming.write(piece)?;
        progress(bytes, about.len().max(bytes));
    }
    if bytes == 0 {
        return refused(FileRefusal::Empty);
    }
    let Some(kind) = FileKind::of(&head) else {
        return refused(FileRefusal::WrongKind);
    };
    let hash = ContentHash::from_digest(hasher.finalize().into());
    incoming.keep(folder, hash)?;
    let name = source
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Taken::Kept(Attachment {
        hash,
        name: FileName::sanitised(&name),
        kind,
        bytes,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut incoming = Incoming::new(folder.path()).expect("begins");
        incoming.write(b"half").expect("writes");
        assert_eq!(fs::read_dir(folder.path()).expect("reads").count(), 1);
        drop(incoming);
        assert_eq!(fs::read_dir(folder.path()).expect("reads").count(), 0);
    }

    #[test]
    fn a_full_disk_is_told_as_such() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            assert!(matches!(CacheError::from(io::Error::from(kind)), CacheError::Full));
        }
        assert!(matches!(
            CacheError::from(io::Error::from(io::ErrorKind::PermissionDenied)),
            CacheError::Io(_)
        ));
    }

    /// `/dev/full` refuses every byte as a full disk does.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_that_is_full_while_copying_is_told_as_such() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut incoming = Incoming::new(folder.path()).expect("begins");
        incoming.file = Some(File::options().write(true).open("/dev/full").expect("opens"));
        let error = incoming.write(&[0; PIECE]).expect_err("it has no room");
        assert!(matches!(CacheError::from(error), CacheError::Full));
        drop(incoming);
        assert_eq!(fs::read_dir(folder.path()).expect("reads").count(), 0);
    }
}
