//! Which columns belong to which state of `cache.db`.
//!
//! Every transaction that touches tickets, companies or topics gives the state that it leaves a number of its own, kept in
//! the file: its *generation*. It puts the columns of that state here before it commits, beside those of the state before,
//! so that whoever reads finds the columns of just what its own transaction sees, and nobody waits for anybody. Columns
//! that are not here are read whole: the first time, and whenever somebody was cut off half-way.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::SqliteConnection;

use super::{Columns, read};
use crate::error::{In, Result};
use crate::pulled::{Pulled, index};

/// States whose columns are kept: the one that is committed, and the one that is about to be.
const KEPT: usize = 2;

/// What a transaction did to tickets.
#[derive(Debug, Default)]
pub(in crate::pulled) struct Touch {
    /// All that was there before is gone.
    pub(in crate::pulled) cleared: bool,
    /// Those put, projected anew or removed, in any order.
    pub(in crate::pulled) tickets: Vec<i64>,
}

/// A state that is about to be committed.
#[derive(Debug)]
#[must_use = "to be told of the commit"]
pub(in crate::pulled) struct Generation(i64);

#[derive(Debug, Default)]
struct Kept {
    /// The last number that was given: none is given twice, not even that of a transaction that failed.
    last: i64,
    columns: Vec<(i64, Arc<Columns>)>,
}

/// See the module.
#[derive(Debug, Default)]
pub(in crate::pulled) struct Shelf {
    kept: Mutex<Kept>,
    /// One reads them whole at a time, for all who wait.
    reading: tokio::sync::Mutex<()>,
}

impl Shelf {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, generation: i64) -> Option<Arc<Columns>> {
        self.kept()
            .columns
            .iter()
            .find(|(known, _)| *known == generation)
            .map(|(_, columns)| Arc::clone(columns))
    }

    fn put(&self, generation: i64, columns: Arc<Columns>) {
        let mut kept = self.kept();
        kept.columns.push((generation, columns));
        kept.columns
            .sort_by_key(|(generation, _)| std::cmp::Reverse(*generation));
        kept.columns.truncate(KEPT);
    }

    fn next(&self, known: i64) -> i64 {
        let mut kept = self.kept();
        kept.last = kept.last.max(known) + 1;
        kept.last
    }
}

impl Pulled {
    /// The columns of the state that `tx`, a transaction, sees.
    ///
    /// # Errors
    /// Those of the file.
    pub(in crate::pulled) async fn columns(&self, tx: &mut SqliteConnection) -> Result<Arc<Columns>> {
        let generation = generation(tx).await?;
        if let Some(known) = self.shelf.get(generation) {
            return Ok(known);
        }
        let _one = self.shelf.reading.lock().await;
        if let Some(known) = self.shelf.get(generation) {
            return Ok(known);
        }
        let columns = Arc::new(read::whole(tx).await?);
        self.shelf.put(generation, Arc::clone(&columns));
        Ok(columns)
    }

    /// Reads the columns before anybody asks for a list, and enters what a pull that was cut off left out of the index.
    pub(crate) fn prepare_lists(&self) {
        let pulled = self.clone();
        tokio::spawn(async move {
            if let Err(error) = pulled.try_prepare_lists().await {
                // Whoever asks for a list is told.
                tracing::warn!(%error, "lists could not be prepared");
            }
        });
    }

    async fn try_prepare_lists(&self) -> Result<()> {
        let columns = self.columns_now().await?;
        if columns.ends().is_some_and(|(_, last)| columns.indexed() < last) {
            let mut tx = self.db.write().await?;
            index::enter(&mut tx, true).await?;
            let generation = self.follow(&mut tx, &Touch::default()).await?;
            tx.commit().await.in_cache()?;
            self.committed(&generation);
        }
        Ok(())
    }

    /// The columns of the state that is committed.
    ///
    /// # Errors
    /// Those of the file.
    pub(in crate::pulled) async fn columns_now(&self) -> Result<Arc<Columns>> {
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let columns = self.columns(&mut tx).await?;
        tx.commit().await.in_cache()?;
        Ok(columns)
    }

    /// Makes the columns follow a transaction that is about to commit; nothing of the tables that they hold may change
    /// after this. Whoever commits says so with [`Self::committed`].
    ///
    /// # Errors
    /// Those of the file.
    pub(in crate::pulled) async fn follow(&self, tx: &mut SqliteConnection, touch: &Touch) -> Result<Generation> {
        let before = generation(tx).await?;
        let next = self.shelf.next(before);
        sqlx::query!("UPDATE feed SET generation = ?1", next)
            .execute(&mut *tx)
            .await
            .in_cache()?;
        // Only one transaction writes at a time: what is newer was never committed.
        self.shelf.kept().columns.retain(|(known, _)| *known <= before);
        let known = if touch.cleared {
            Some(Arc::default())
        } else {
            self.shelf.get(before)
        };
        // Columns that nobody has asked for yet are not kept in step.
        if let Some(known) = known {
            let alteration = read::alteration(tx, &known, &touch.tickets).await?;
            self.shelf.put(next, Arc::new(known.altered(alteration)));
        }
        Ok(Generation(next))
    }

    /// The state before is nobody's any more but of those who read it now.
    pub(in crate::pulled) fn committed(&self, generation: &Generation) {
        self.shelf.kept().columns.retain(|(known, _)| *known >= generation.0);
    }
}

async fn generation(tx: &mut SqliteConnection) -> Result<i64> {
    sqlx::query_scalar!("SELECT generation FROM feed")
        .fetch_one(tx)
        .await
        .in_cache()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Database, connect};
    use crate::error::File;

    async fn empty(folder: &tempfile::TempDir) -> Pulled {
        let path = folder.path().join(File::Cache.name());
        let mut connection = connect(File::Cache, &path, true).await.expect("opens");
        File::Cache
            .migrator()
            .run_direct(None, &mut connection, false)
            .await
            .expect("migrates");
        Pulled::new(Database::open(File::Cache, &path).await.expect("opens"))
    }

    async fn insert(tx: &mut SqliteConnection, code: &str, status: i64) -> Touch {
        let id = sqlx::query_scalar(
            "INSERT INTO ticket (code, company_id, topic_id, position, sede, status, assessment, opened_day, has_point)
             VALUES (?1, 1, 1, '0000000001', 'LU', ?2, 0, 0, 0) RETURNING id",
        )
        .bind(code)
        .bind(status)
        .fetch_one(tx)
        .await
        .expect("inserts");
        Touch {
            tickets: vec![id],
            ..Touch::default()
        }
    }

    async fn read_whole(pulled: &Pulled) -> Columns {
        let mut tx = pulled.db.readers.begin().await.expect("begins");
        read::whole(&mut tx).await.expect("reads")
    }

    #[tokio::test]
    async fn what_was_rolled_back_is_in_no_columns_even_if_its_id_is_given_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let pulled = empty(&folder).await;
        pulled.columns_now().await.expect("reads");
        let mut tx = pulled.db.write().await.expect("begins");
        let touch = insert(&mut tx, "LU-1", 3).await;
        let _never = pulled.follow(&mut tx, &touch).await.expect("follows");
        tx.rollback().await.expect("rolls back");
        assert_eq!(pulled.columns_now().await.expect("reads").len(), 0);
        let mut tx = pulled.db.write().await.expect("begins");
        let touch = insert(&mut tx, "LU-2", 1).await;
        let generation = pulled.follow(&mut tx, &touch).await.expect("follows");
        assert_eq!(
            pulled.columns_now().await.expect("reads").len(),
            0,
            "what is not committed is nobody's"
        );
        tx.commit().await.expect("commits");
        pulled.committed(&generation);
        let columns = pulled.columns_now().await.expect("reads");
        assert_eq!(columns.status(0), 1);
        assert_eq!(*columns, read_whole(&pulled).await);
    }

    #[tokio::test]
    async fn columns_that_were_left_behind_are_read_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let pulled = empty(&folder).await;
        pulled.columns_now().await.expect("reads");
        let mut tx = pulled.db.write().await.expect("begins");
        let touch = insert(&mut tx, "LU-1", 3).await;
        let _cut_off = pulled.follow(&mut tx, &touch).await.expect("follows");
        pulled.shelf.kept().columns.clear();
        tx.commit().await.expect("commits");
        assert_eq!(pulled.columns_now().await.expect("reads").len(), 1);
    }

    #[tokio::test]
    async fn codes_stand_in_their_order_wherever_a_new_one_comes_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let pulled = empty(&folder).await;
        pulled.columns_now().await.expect("reads");
        for codes in [["M", "C"], ["A", "B"], ["Z", "D"], ["CA", "C1"]] {
            let mut tx = pulled.db.write().await.expect("begins");
            let mut touch = Touch::default();
            for code in codes {
                touch.tickets.extend(insert(&mut tx, code, 0).await.tickets);
            }
            let generation = pulled.follow(&mut tx, &touch).await.expect("follows");
            tx.commit().await.expect("commits");
            pulled.committed(&generation);
            let columns = pulled.columns_now().await.expect("reads");
            assert_eq!(*columns, read_whole(&pulled).await, "after {codes:?}");
        }
    }
}
