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
use crate::pulled::Pulled;

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

    /// Reads the columns before anybody asks for a list.
    pub(crate) fn prepare_lists(&self) {
        let pulled = self.clone();
        tokio::spawn(async move {
            if let Err(error) = pulled.columns_now().await {
                // Whoever asks for a list is told.
                tracing::warn!(%error, "lists could not be prepared");
            }
        });
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
