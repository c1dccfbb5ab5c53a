//! Lists of tickets: opened once per filter and order, as a snapshot of ids from which windows are read.

use std::sync::Arc;

use domain::code::TopicCode;
use domain::time::Now;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::filter::{Bookable, BookableCounts, TicketFilter, TicketSnapshot, TicketSort, TopicScope};
use super::statement::{Source, Walk};
use super::walks::{Asked, Walked};
use super::{Directory, Pulled, words};
use crate::error::{CacheError, File, In, Result};
use crate::instant::day_number;

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// A search that finds no more than this is sorted by itself; one that finds more is read off a walk along the order.
const FEW: usize = 4_000;

/// The same where that walk is remembered.
const HANDFUL: usize = 200;

/// How a ticket stands at the moment of opening a list, as the walk says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Now,
    Soon,
    Carried,
    Never,
}

impl Class {
    const fn of(number: u32) -> Self {
        match number % 4 {
            0 => Self::Now,
            1 => Self::Soon,
            2 => Self::Carried,
            _ => Self::Never,
        }
    }

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
        let directory = self.directory().await?;
        let age = self.walks.age();
        // One transaction, so that the search and the walk see the same tickets.
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let found = match words::query(&filter.text) {
            Some(query) => Some(self.find(&mut tx, query, age).await?),
            None => None,
        };
        // All that a walk depends on, but for the few that a search found.
        let asked = Asked {
            filter: TicketFilter {
                bookable: None,
                text: String::new(),
                ..filter.clone()
            },
            sort,
            descending,
        };
        let at = now.instant().timestamp();
        let known = self.walks.walk(&asked, at);
        let most = if known.is_some() { HANDFUL } else { FEW };
        let (few, among) = match found {
            Some(found) if found.len() <= most => (Some(found), None),
            found => (None, found),
        };
        let walked = match (few, known) {
            (Some(few), _) => Arc::new(walk(&mut tx, &asked, at, &directory, Some(&few)).await?.packed),
            (None, Some(known)) => known,
            (None, None) => {
                let walked = walk(&mut tx, &asked, at, &directory, None).await?;
                self.walks.remember_walk(age, asked, walked)
            }
        };
        tx.commit().await.in_cache()?;
        Ok(snapshot(filter, sort, &walked, among.as_deref()))
    }

    /// The tickets that a query finds. What finds many is remembered: the next letter is typed soon.
    async fn find(&self, tx: &mut SqliteConnection, query: String, age: u64) -> Result<Arc<Vec<u32>>> {
        if let Some(known) = self.walks.found(&query) {
            return Ok(known);
        }
        let found = words::find(tx, &query).await?;
        if found.len() > HANDFUL {
            Ok(self.walks.remember_found(age, query, found))
        } else {
            Ok(Arc::new(found))
        }
    }
}

/// Walks along the order: for each ticket its rowid times four plus its class.
async fn walk(
    tx: &mut SqliteConnection,
    asked: &Asked,
    at: i64,
    directory: &Directory,
    few: Option<&Vec<u32>>,
) -> Result<Walked> {
    let Asked {
        filter,
        sort,
        descending,
    } = asked;
    let company = match &filter.company {
        Some(code) => {
            let code = code.as_str();
            // A company that is not known has no tickets: no id is -1.
            let id = sqlx::query_scalar!("SELECT id FROM company WHERE code = ?1", code)
                .fetch_optional(&mut *tx)
                .await
                .in_cache()?;
            Some(id.unwrap_or(-1))
        }
        None => None,
    };
    let topics = match &filter.topic {
        Some(scope) => Some(topics_in(tx, scope, directory).await?),
        None => None,
    };
    let walk = Walk {
        source: match (few, company) {
            (Some(_), _) => Source::These,
            (None, Some(_)) => Source::Company,
            (None, None) => Source::All,
        },
        statuses: !filter.statuses.is_empty(),
        topics: topics.is_some(),
        opened_from: filter.opened_from.is_some(),
        opened_to: filter.opened_to.is_some(),
        company: company.is_some() && few.is_some(),
        sort: *sort,
        descending: *descending,
    };
    let statuses: Vec<i64> = filter.statuses.iter().map(|status| status.number()).collect();
    // Put together from the closed set of parts in `statement`; every value is bound.
    let (concatenated, ripens, freed): (Option<String>, Option<i64>, Option<i64>) =
        sqlx::query_as(AssertSqlSafe(walk.sql()))
            .bind(at)
            .bind(company)
            .bind(to_json(&statuses)?)
            .bind(to_json(&topics)?)
            .bind(filter.opened_from.map(day_number))
            .bind(filter.opened_to.map(day_number))
            .bind(few.map(to_json).transpose()?)
            .fetch_one(tx)
            .await
            .in_cache()?;
    Ok(Walked {
        packed: numbers(concatenated.as_deref().unwrap_or_default())?,
        at,
        until: ripens.into_iter().chain(freed).min(),
    })
}

fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(CacheError::bug)
}

/// Reads what `group_concat` wrote.
pub(super) fn numbers(text: &str) -> Result<Vec<u64>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut numbers = Vec::with_capacity(text.len() / 7);
    let mut number = 0_u64;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => number = number * 10 + u64::from(byte - b'0'),
            b',' => numbers.push(std::mem::take(&mut number)),
            _ => return Err(DAMAGED),
        }
    }
    numbers.push(number);
    Ok(numbers)
}

/// Counts by class, keeps what the filter asks for, and puts those never bookable last.
fn snapshot(filter: &TicketFilter, sort: TicketSort, walked: &[u64], among: Option<&Vec<u32>>) -> TicketSnapshot {
    let among = among.map(|found| Members::of(found));
    let mut counts = BookableCounts::default();
    let mut rowids = Vec::with_capacity(walked.len());
    let mut never_last = Vec::new();
    for packed in walked {
        let Ok(rowid) = u32::try_from(packed / 4) else { continue };
        if among.as_ref().is_some_and(|among| !among.has(rowid)) {
            continue;
        }
        let class = Class::of((packed % 4) as u32);
        counts.any += 1;
        match class.bookable() {
            Bookable::Now => counts.now += 1,
            Bookable::Soon => counts.soon += 1,
            Bookable::Not => counts.not += 1,
        }
        if filter.bookable.is_none_or(|wanted| wanted == class.bookable()) {
            if sort == TicketSort::Bookable && class == Class::Never {
                never_last.push(rowid);
            } else {
                rowids.push(rowid);
            }
        }
    }
    rowids.append(&mut never_last);
    TicketSnapshot {
        rowids: rowids.into(),
        counts,
    }
}

/// A set of rowids that is asked often.
struct Members(Vec<u64>);

impl Members {
    fn of(rowids: &[u32]) -> Self {
        let most = rowids.iter().max().map_or(0, |most| *most as usize / 64 + 1);
        let mut bits = vec![0; most];
        for rowid in rowids {
            bits[*rowid as usize / 64] |= 1 << (rowid % 64);
        }
        Self(bits)
    }

    fn has(&self, rowid: u32) -> bool {
        self.0
            .get(rowid as usize / 64)
            .is_some_and(|bits| bits & (1 << (rowid % 64)) != 0)
    }
}

async fn topics_in(tx: &mut SqliteConnection, scope: &TopicScope, directory: &Directory) -> Result<Vec<i64>> {
    let codes: Vec<&TopicCode> = match scope {
        TopicScope::Topic(code) => vec![code],
        TopicScope::Area(area) => directory
            .topics
            .values()
            .filter(|topic| topic.area == *area)
            .map(|topic| &topic.code)
            .collect(),
        TopicScope::Subject { area, subject } => directory
            .topics
            .values()
            .filter(|topic| topic.area == *area && topic.subject == *subject)
            .map(|topic| &topic.code)
            .collect(),
    };
    let codes = to_json(&codes)?;
    sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM topic WHERE code IN (SELECT value FROM json_each(?1))"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_cache()
}
