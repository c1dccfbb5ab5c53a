//! Which tickets become bookable when.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::time::{Now, midnight};

use super::{Pulled, TicketRow};
use crate::error::Result;

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
        let columns = self.columns_now().await?;
        Ok(from
            .iter_days()
            .take_while(|day| *day <= to)
            .map(|day| {
                let next = day.succ_opt().unwrap_or(NaiveDate::MAX);
                let ripening = columns.ripening(midnight(day).timestamp(), midnight(next).timestamp());
                (day, count(ripening))
            })
            .collect())
    }

    /// The tickets that became bookable today and are so now, at most `limit` of them.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn ripened_today(&self, now: Now, limit: u32) -> Result<Ripened> {
        let (from, to) = (midnight(now.today()).timestamp(), now.instant().timestamp() + 1);
        let columns = self.columns_now().await?;
        let mut ripe = columns.ripening(from, to).to_vec();
        let total = count(&ripe);
        ripe.sort_unstable_by_key(|place| (columns.opened(*place), *place));
        ripe.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let ids: Vec<u32> = ripe.into_iter().map(|place| columns.id(place)).collect();
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
        let columns = self.columns_now().await?;
        Ok(count(columns.ripening(0, now.instant().timestamp() + 1)))
    }
}

fn count(places: &[u32]) -> u32 {
    u32::try_from(places.len()).unwrap_or(u32::MAX)
}
