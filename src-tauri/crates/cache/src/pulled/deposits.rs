//! Promise 4: what lies with the store, the studio's own and its colleagues'.

use domain::deposit::Deposit;

use super::Pulled;
use crate::error::{CacheError, File, In, Result};

impl Pulled {
    /// All of them, in the order of their decisions.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn deposits(&self) -> Result<Vec<Deposit>> {
        sqlx::query_scalar!("SELECT body FROM deposit ORDER BY decision")
            .fetch_all(&self.db.readers)
            .await
            .in_cache()?
            .iter()
            .map(|body| serde_json::from_str(body).map_err(|_| CacheError::Damaged { file: File::Cache }))
            .collect()
    }
}
