//! Whether the studio's two files can be kept in a folder of this computer: for whoever installs the program, before anybody
//! works with it.

use std::path::Path;

use cache::Cache;
use chrono::{DateTime, Utc};

use crate::StudioError;
use crate::view::app::Repair;

/// What the files of a desk hold, after they were brought to this version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Drafts that are neither booked nor discarded.
    pub drafts: u32,
    /// What was damaged and had to be mended.
    pub repairs: Vec<Repair>,
}

/// Opens the files in `folder` as the program does, with their migrations, and closes them again. Nobody else may have them
/// open.
///
/// # Errors
/// Those of [`crate::Studio::open`].
pub async fn open_kept(folder: &Path, now: DateTime<Utc>) -> Result<Kept, StudioError> {
    let (cache, repairs) = Cache::open(folder, now).await?;
    let counted = cache.drafts.counts().await;
    cache.close().await;
    let (drafts, _) = counted?;
    Ok(Kept {
        drafts,
        repairs: repairs.into_iter().map(crate::app::repair).collect(),
    })
}

/// Makes new files in `folder`, writes to them, and reads it back after they were closed and opened again. Whether what was
/// written was there.
///
/// # Errors
/// Those of [`crate::Studio::open`].
pub async fn write_and_read(folder: &Path, now: DateTime<Utc>) -> Result<bool, StudioError> {
    const NAME: &str = "selftest";
    let (cache, _) = Cache::open(folder, now).await?;
    let written = cache.settings.write(NAME, &now).await;
    cache.close().await;
    written?;
    let (cache, _) = Cache::open(folder, now).await?;
    let read = cache.settings.read::<DateTime<Utc>>(NAME).await;
    cache.close().await;
    Ok(read? == Some(now))
}
