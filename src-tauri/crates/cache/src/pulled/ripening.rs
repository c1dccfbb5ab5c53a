//! Which tickets become bookable when.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::time::{Now, midnight};

use super::{Pulled, TicketRow};
use crate::error::{CacheError, File, In, Result};

/// The tickets that became bookable today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ripened {
    /// The first of them, longest waiting first.
    pub rows: Vec<TicketRow>,
    /// How many there are.
    pub total: u32,
}

impl Pulled {
    /// How many tickets become bookable on each day from `from` to `to`, both included; days without any are there too.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn ripening(&self, from: NaiveDate, to: NaiveDate) -> Result<BTreeMap<NaiveDate, u32>> {
        let mut counts = BTreeMap::new();
        for day in from.iter_days().take_while(|day| *day <= to) {
            let next = day.succ_opt().unwrap_or(NaiveDate::MAX);
            counts.insert(
                day,
                self.ripe_between(midnight(day).timestamp(), midnight(next).timestamp())
                    .await?,
            );
        }
        Ok(counts)
    }

    /// The tickets that became bookable today and are so now, at most `limit` of them.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn ripened_today(&self, now: Now, limit: u32) -> Result<Ripened> {
        let (from, to) = (midnight(now.today()).timestamp(), now.instant().timestamp() + 1);
        let total = self.ripe_between(from, to).await?;
        let ids = sqlx::query_scalar!(
            r#"SELECT id AS "id!" FROM ticket INDEXED BY ticket_sorted_bookable
               WHERE bookable_from >= ?1 AND bookable_from < ?2 ORDER BY opened_day, id LIMIT ?3"#,
            from,
            to,
            limit
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|id| u32::try_from(id).map_err(|_| CacheError::Damaged { file: File::Cache }))
        .collect::<Result<Vec<_>>>()?;
        Ok(Ripened {
            rows: self.tickets_at(&ids).await?,
            total,
        })
    }

    /// How many tickets are bookable now.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn bookable_now(&self, now: Now) -> Result<u32> {
        self.ripe_between(0, now.instant().timestamp() + 1).await
    }

    async fn ripe_between(&self, from: i64, to: i64) -> Result<u32> {
        let count = sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!: i64" FROM ticket INDEXED BY ticket_sorted_bookable
               WHERE bookable_from >= ?1 AND bookable_from < ?2"#,
            from,
            to
        )
        .fetch_one(&self.db.readers)
        .await
        .in_cache()?;
        u32::try_from(count).map_err(|_| CacheError::Damaged { file: File::Cache })
    }
}
