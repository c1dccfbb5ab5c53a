//! Where the feed was left, and what the store said of itself.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use std::sync::Arc;
use store::{Cursor, Welcome};

use super::columns::Touch;
use super::{Directory, Pulled};
use crate::error::{CacheError, File, In, Result};

/// What is kept of the store's last welcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What it said.
    pub welcome: Welcome,
    /// The store's clock minus that of this computer, in milliseconds.
    pub clock_offset_ms: i64,
}

impl Kept {
    /// The store's clock minus that of this computer.
    pub fn clock_offset(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.clock_offset_ms)
    }
}

impl Pulled {
    /// Where the next pull begins; nothing before the first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn cursor(&self) -> Result<Option<Cursor>> {
        let cursor = sqlx::query_scalar!("SELECT cursor FROM feed")
            .fetch_one(&self.db.readers)
            .await
            .in_cache()?;
        Ok(cursor.map(Cursor))
    }

    /// The life of the store that this was pulled from.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn epoch(&self) -> Result<Option<String>> {
        sqlx::query_scalar!("SELECT epoch FROM feed")
            .fetch_one(&self.db.readers)
            .await
            .in_cache()
    }

    /// When the store was last read to its end, by the store's clock.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn read_at(&self) -> Result<Option<DateTime<Utc>>> {
        let read_at = sqlx::query_scalar!("SELECT read_at FROM feed")
            .fetch_one(&self.db.readers)
            .await
            .in_cache()?;
        read_at
            .map(|text| text.parse().map_err(|_| CacheError::Damaged { file: File::Cache }))
            .transpose()
    }

    /// Keeps what the store said, with its clock minus that of this computer.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn keep_welcome(&self, welcome: &Welcome, clock_offset: TimeDelta) -> Result<()> {
        let kept = serde_json::to_string(&Kept {
            welcome: welcome.clone(),
            clock_offset_ms: clock_offset.num_milliseconds(),
        })
        .map_err(CacheError::bug)?;
        let mut tx = self.db.write().await?;
        sqlx::query!("UPDATE feed SET welcome = ?1", kept)
            .execute(&mut *tx)
            .await
            .in_cache()?;
        tx.commit().await.in_cache()
    }

    /// What the store said last, where it has said anything.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn welcome(&self) -> Result<Option<Kept>> {
        let kept = sqlx::query_scalar!("SELECT welcome FROM feed")
            .fetch_one(&self.db.readers)
            .await
            .in_cache()?;
        kept.map(|text| serde_json::from_str(&text).map_err(|_| CacheError::Damaged { file: File::Cache }))
            .transpose()
    }

    /// Throws away all that was pulled, so that it is pulled again.
    pub(crate) async fn reset(&self) -> Result<()> {
        let mut tx = self.db.write().await?;
        clear(&mut tx).await?;
        let touch = Touch {
            cleared: true,
            ..Touch::default()
        };
        let generation = self.follow(&mut tx, &touch).await?;
        tx.commit().await.in_cache()?;
        self.committed(&generation);
        self.set_directory(Arc::new(Directory::default()));
        Ok(())
    }
}

/// Empties the tables. What the store said of itself and the studio's own judgements stay.
pub(super) async fn clear(tx: &mut SqliteConnection) -> Result<()> {
    sqlx::query!("UPDATE feed SET epoch = NULL, cursor = NULL, read_at = NULL, portal_revision = 0")
        .execute(&mut *tx)
        .await
        .in_cache()?;
    for table in [
        sqlx::query!("DELETE FROM sede"),
        sqlx::query!("DELETE FROM topic"),
        sqlx::query!("DELETE FROM point"),
        sqlx::query!("DELETE FROM taken"),
        sqlx::query!("DELETE FROM company"),
        sqlx::query!("DELETE FROM position"),
        sqlx::query!("DELETE FROM delegation"),
        sqlx::query!("DELETE FROM ticket"),
        sqlx::query!("DELETE FROM ticket_body"),
        sqlx::query!("DELETE FROM word"),
        sqlx::query!("DELETE FROM appointment"),
        sqlx::query!("DELETE FROM appointment_ticket"),
        sqlx::query!("DELETE FROM unread"),
        sqlx::query!("DELETE FROM deposit"),
        sqlx::query!("DELETE FROM deposit_ticket"),
        sqlx::query!("DELETE FROM dossier"),
    ] {
        table.execute(&mut *tx).await.in_cache()?;
    }
    Ok(())
}
