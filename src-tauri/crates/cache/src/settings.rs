//! Settings and other small things that the program remembers. They live in `studio.db`.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::Database;
use crate::drafts::{json, to_json};
use crate::error::{In, Result};

/// The settings of this computer.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) studio: Database,
}

impl Settings {
    /// What is kept under `name`, where something is. A value that has another shape now counts as none.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn read<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>> {
        let value = sqlx::query_scalar!("SELECT value FROM setting WHERE name = ?1", name)
            .fetch_optional(&self.studio.readers)
            .await
            .in_studio()?;
        Ok(value.and_then(|value| json(&value).ok()))
    }

    /// Keeps `value` under `name`.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn write<T: Serialize + Sync>(&self, name: &'static str, value: &T) -> Result<()> {
        let value = to_json(value)?;
        let mut tx = self.studio.write().await?;
        sqlx::query!(
            "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        tx.commit().await.in_studio()
    }

    /// Forgets what is kept under `name`.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn forget(&self, name: &'static str) -> Result<()> {
        let mut tx = self.studio.write().await?;
        sqlx::query!("DELETE FROM setting WHERE name = ?1", name)
            .execute(&mut *tx)
            .await
            .in_studio()?;
        tx.commit().await.in_studio()
    }
}
