//! Lists of tickets: opened once per filter and order, as a snapshot of ids from which windows are read.

use std::ops::RangeInclusive;

use domain::time::Now;
use sqlx::SqliteConnection;

use super::bits::Bits;
use super::columns::{Class, Columns};
use super::filter::{Bookable, BookableCounts, InCharge, TicketFilter, TicketSnapshot, TicketSort, TopicScope};
use super::numbers::small;
use super::search::{self, Found};
use super::{Pulled, order};
use crate::error::{In, Result};
use crate::instant::day_number;

impl Class {
    const fn bookable(self) -> Bookable {
        match self {
            Self::Now => Bookable::Now,
            Self::Soon => Bookable::Soon,
            Self::Carried | Self::Never => Bookable::Not,
        }
    }
}

impl Pulled {
    /// Opens a list of tickets as they stand at `now`.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn open_tickets(
        &self,
        filter: &TicketFilter,
        sort: TicketSort,
        descending: bool,
        now: Now,
    ) -> Result<TicketSnapshot> {
        // One transaction, so that columns, search and names are of the same state.
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let columns = self.columns(&mut tx).await?;
        let sieve = Sieve::read(&mut tx, filter, &columns).await?;
        tx.commit().await.in_cache()?;
        let (places, counts) = sieve.keep(&columns, filter.bookable, now.instant().timestamp());
        let rowids = order::sorted(&columns, &places, sort, descending)
            .into_iter()
            .map(|place| columns.id(place))
            .collect();
        Ok(TicketSnapshot { rowids, counts })
    }
}

/// A filter in the numbers of the columns. Nothing set lets everything through.
struct Sieve {
    /// One bit a status.
    statuses: Option<u8>,
    company: Option<u32>,
    topics: Option<Bits>,
    opened: RangeInclusive<i32>,
    in_charge: Option<Assigned>,
    /// One for each word that is looked for.
    found: Vec<Found>,
}

impl Sieve {
    async fn read(tx: &mut SqliteConnection, filter: &TicketFilter, columns: &Columns) -> Result<Self> {
        /// What no row has: a company that is not known has no tickets.
        const NO_ID: u32 = 0;
        let company = match &filter.company {
            Some(code) => {
                let code = code.as_str();
                let id = sqlx::query_scalar!("SELECT id FROM company WHERE code = ?1", code)
                    .fetch_optional(&mut *tx)
                    .await
                    .in_cache()?;
                Some(id.map_or(Ok(NO_ID), small)?)
            }
            None => None,
        };
        let topics = match &filter.topic {
            Some(scope) => Some(topics_in(tx, scope).await?),
            None => None,
        };
        let day = |day| small(day_number(day));
        Ok(Self {
            statuses: (!filter.statuses.is_empty()).then(|| {
                filter
                    .statuses
                    .iter()
                    .fold(0, |statuses, status| statuses | 1 << status.number())
            }),
            company,
            topics,
            opened: filter.opened_from.map_or(Ok(i32::MIN), day)?..=filter.opened_to.map_or(Ok(i32::MAX), day)?,
            in_charge: match &filter.in_charge {
                Some(wanted) => Some(Assigned::read(tx, wanted).await?),
                None => None,
            },
            found: search::find(tx, &filter.text, columns).await?,
        })
    }

    fn lets_through(&self, columns: &Columns, place: u32) -> bool {
        self.company.is_none_or(|company| company == columns.company(place))
            && self
                .statuses
                .is_none_or(|statuses| statuses & (1 << columns.status(place)) != 0)
            && self.opened.contains(&columns.opened(place))
            && self
                .topics
                .as_ref()
                .is_none_or(|topics| topics.has(columns.topic(place)))
            && self
                .in_charge
                .as_ref()
                .is_none_or(|assigned| assigned.lets_through(columns.id(place)))
            && self.found.iter().all(|found| found.has(columns, place))
    }

    /// The places that are let through and stand as `wanted` at second `at`, and the figures of all that are let through.
    fn keep(&self, columns: &Columns, wanted: Option<Bookable>, at: i64) -> (Vec<u32>, BookableCounts) {
        let mut counts = BookableCounts::default();
        let mut places = Vec::new();
        for place in columns.places().filter(|place| self.lets_through(columns, *place)) {
            let bookable = columns.class(place, at).bookable();
            counts.any += 1;
            match bookable {
                Bookable::Now => counts.now += 1,
                Bookable::Soon => counts.soon += 1,
                Bookable::Not => counts.not += 1,
            }
            if wanted.is_none_or(|wanted| wanted == bookable) {
                places.push(place);
            }
        }
        (places, counts)
    }
}

/// Tickets that somebody is in charge of.
struct Assigned {
    ids: Bits,
    /// Whether these are let through, or all others.
    these: bool,
}

impl Assigned {
    async fn read(tx: &mut SqliteConnection, wanted: &InCharge) -> Result<Self> {
        let ids = match wanted {
            InCharge::Person(person) => {
                let person = person.as_str();
                sqlx::query_scalar!(
                    r#"SELECT t.id AS "id!" FROM dossier d CROSS JOIN ticket t ON t.code = d.ticket
                       WHERE d.in_charge = ?1"#,
                    person
                )
                .fetch_all(tx)
                .await
            }
            InCharge::Nobody => {
                sqlx::query_scalar!(
                    r#"SELECT t.id AS "id!" FROM dossier d CROSS JOIN ticket t ON t.code = d.ticket
                       WHERE d.in_charge IS NOT NULL"#
                )
                .fetch_all(tx)
                .await
            }
        };
        Ok(Self {
            ids: ids.in_cache()?.into_iter().map(small).collect::<Result<_>>()?,
            these: matches!(wanted, InCharge::Person(_)),
        })
    }

    fn lets_through(&self, id: u32) -> bool {
        self.ids.has(id) == self.these
    }
}

async fn topics_in(tx: &mut SqliteConnection, scope: &TopicScope) -> Result<Bits> {
    let ids = match scope {
        TopicScope::Topic(code) => {
            let code = code.as_str();
            sqlx::query_scalar!(r#"SELECT id AS "id!" FROM topic WHERE code = ?1"#, code)
                .fetch_all(tx)
                .await
        }
        TopicScope::Area(area) => {
            sqlx::query_scalar!(r#"SELECT id AS "id!" FROM topic WHERE known = 1 AND area = ?1"#, area)
                .fetch_all(tx)
                .await
        }
        TopicScope::Subject { area, subject } => {
            sqlx::query_scalar!(
                r#"SELECT id AS "id!" FROM topic WHERE known = 1 AND area = ?1 AND subject = ?2"#,
                area,
                subject
            )
            .fetch_all(tx)
            .await
        }
    };
    ids.in_cache()?.into_iter().map(small).collect()
}
