//! Lists of tickets: opened once per filter and order, as a snapshot of ids from which windows are read.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::code::{FiscalCode, TopicCode};
use domain::time::Now;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::statement::{Source, Walk};
use super::{Directory, Pulled, words};
use crate::error::{CacheError, File, In, Result};
use crate::instant::day_number;

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// A search that finds no more than this is sorted by itself; one that finds more is read off a walk along the order.
const FEW: usize = 4_000;

/// What a list holds. Nothing set means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TicketFilter {
    /// By eligibility.
    pub bookable: Option<Bookable>,
    /// By status; none means all.
    pub statuses: Vec<StatusKind>,
    /// Only this company.
    pub company: Option<FiscalCode>,
    /// Only these topics.
    pub topic: Option<TopicScope>,
    /// Opened (or last reopened) on or after this day.
    pub opened_from: Option<NaiveDate>,
    /// Opened (or last reopened) on or before this day.
    pub opened_to: Option<NaiveDate>,
    /// Words to look for in code, company, topic and conversation, each by its beginning.
    pub text: String,
}

/// Eligibility as lists filter by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bookable {
    /// Bookable now.
    Now,
    /// Bookable from a known date.
    Soon,
    /// Neither: barred, or carried by a live appointment.
    Not,
}

/// Status and outcome as lists show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusKind {
    /// *Aperta*.
    Open,
    /// *In carico*.
    InProgress,
    /// *Chiusa OK*.
    ClosedOk,
    /// *Chiusa KO*.
    ClosedKo,
    /// *Ritirata*, whatever it was before.
    Withdrawn,
}

impl StatusKind {
    /// Every status, in the order in which lists sort them.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::InProgress,
        Self::ClosedOk,
        Self::ClosedKo,
        Self::Withdrawn,
    ];

    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::InProgress => 1,
            Self::ClosedOk => 2,
            Self::ClosedKo => 3,
            Self::Withdrawn => 4,
        }
    }

    pub(super) fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }
}

/// Some topics.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TopicScope {
    /// One.
    Topic(TopicCode),
    /// All of an area.
    Area(String),
    /// All of a subject of an area.
    Subject {
        /// The area.
        area: String,
        /// The subject.
        subject: String,
    },
}

/// The order of a list. Those alike stand in the order in which they were first pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketSort {
    /// Ticket code.
    Code,
    /// Name of the company, without case and accents.
    Company,
    /// Label of the topic.
    Topic,
    /// Day of opening, or of the last reopening.
    Opened,
    /// Status.
    Status,
    /// The moment from which it is bookable; those never bookable last, in both directions.
    Bookable,
}

impl TicketSort {
    /// Every order.
    pub const ALL: [Self; 6] = [
        Self::Code,
        Self::Company,
        Self::Topic,
        Self::Opened,
        Self::Status,
        Self::Bookable,
    ];
}

/// An opened list. It stays as it is while changes are applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketSnapshot {
    /// Its tickets, in order: windows are read with [`Pulled::tickets_at`].
    pub rowids: Arc<[u32]>,
    /// Figures under the same filters except eligibility.
    pub counts: BookableCounts,
}

impl TicketSnapshot {
    /// How many tickets it holds.
    pub fn total(&self) -> u32 {
        u32::try_from(self.rowids.len()).unwrap_or(u32::MAX)
    }
}

/// How many tickets each eligibility would show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookableCounts {
    /// All.
    pub any: u32,
    /// Bookable now.
    pub now: u32,
    /// Bookable from a known date.
    pub soon: u32,
    /// Neither.
    pub not: u32,
}

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
        // One transaction, so that the search and the walk see the same tickets.
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let found = match words::query(&filter.text) {
            Some(query) => Some(words::find(&mut tx, &query).await?),
            None => None,
        };
        let walked = walk(&mut tx, filter, sort, descending, now, &directory, found.as_deref()).await?;
        tx.commit().await.in_cache()?;
        Ok(snapshot(filter, sort, &walked, found.filter(|found| found.len() > FEW)))
    }
}

/// Walks along the order: for each ticket its rowid times four plus its class.
async fn walk(
    tx: &mut SqliteConnection,
    filter: &TicketFilter,
    sort: TicketSort,
    descending: bool,
    now: Now,
    directory: &Directory,
    found: Option<&[u32]>,
) -> Result<Vec<u64>> {
    let few = found.filter(|found| found.len() <= FEW);
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
        sort,
        descending,
    };
    let statuses: Vec<i64> = filter.statuses.iter().map(|status| status.number()).collect();
    // Put together from the closed set of parts in `statement`; every value is bound.
    let concatenated: Option<String> = sqlx::query_scalar(AssertSqlSafe(walk.sql()))
        .bind(now.instant().timestamp())
        .bind(company)
        .bind(to_json(&statuses)?)
        .bind(to_json(&topics)?)
        .bind(filter.opened_from.map(day_number))
        .bind(filter.opened_to.map(day_number))
        .bind(few.map(to_json).transpose()?)
        .fetch_one(tx)
        .await
        .in_cache()?;
    numbers(concatenated.as_deref().unwrap_or_default())
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
fn snapshot(filter: &TicketFilter, sort: TicketSort, walked: &[u64], among: Option<Vec<u32>>) -> TicketSnapshot {
    let among = among.map(|found| Members::of(&found));
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
