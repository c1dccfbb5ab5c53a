//! Reading the feed page by page: what the sedi offer, what the studio alone sees, what is taken at each sede that it deals
//! with, each in the order of its own stream.

mod position;
mod rows;

use std::collections::BTreeMap;

use domain::code::StudioCode;
use domain::time::Now;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{Change, Cursor, Page, StoreError};
use uuid::Uuid;

use crate::failure::{Failure, inner};
use crate::reach::Reach;
use crate::{delegation, deposit};

use position::{Mark, Position};

/// Changes on a page.
const PAGE: usize = 1_000;

/// The streams of a studio, each with its last number: one statement, and the only one where nothing is new.
struct Heads {
    epoch: Uuid,
    offering: i64,
    seen: i64,
    sedi: BTreeMap<String, i64>,
    /// Whether a delegation began or ended with the time.
    due: bool,
    /// Whether a deposit of the studio's is due.
    deposit_due: bool,
}

/// The stream of a sede.
#[derive(Debug, Deserialize)]
struct Sede {
    sede: String,
    head: i64,
}

impl Heads {
    async fn read(connection: &mut PgConnection, studio: &str, now: Now) -> Result<Self, Failure> {
        let row = sqlx::query!(
            r#"SELECT life.epoch, life.head AS offering, studio_stream.head AS seen,
                   EXISTS (SELECT FROM delegation WHERE settles_at <= $2) AS "due!",
                   EXISTS (SELECT FROM deposit WHERE studio = $1 AND ended_at IS NULL AND due_at <= $2) AS "deposit_due!",
                   (SELECT json_agg(json_build_object('sede', sede, 'head', head))
                    FROM dealing JOIN sede_stream USING (sede) WHERE studio = $1) AS "sedi: Json<Vec<Sede>>"
               FROM life JOIN studio_stream ON studio_stream.studio = $1"#,
            studio,
            now.instant()
        )
        .fetch_optional(connection)
        .await?
        .ok_or(StoreError::StudioUnknown)?;
        let sedi = row.sedi.map(inner).unwrap_or_default();
        Ok(Self {
            epoch: row.epoch,
            offering: row.offering,
            seen: row.seen,
            sedi: sedi.into_iter().map(|Sede { sede, head }| (sede, head)).collect(),
            due: row.due,
            deposit_due: row.deposit_due,
        })
    }
}

/// A page that is being filled, stream after stream.
struct Filling {
    changes: Vec<Change>,
    more: bool,
}

/// A row of a stream: its number and its change.
type Numbered = (i64, Change);

impl Filling {
    /// How many rows to ask for: one more than there is room for tells whether there is more. None where the stream has
    /// nothing new, or the page is full.
    fn wanted(&mut self, mark: Mark, head: i64) -> Option<i64> {
        if mark.at >= head {
            return None;
        }
        let room = PAGE - self.changes.len();
        self.more |= room == 0;
        (room > 0).then(|| i64::try_from(room + 1).unwrap_or(i64::MAX))
    }

    /// Takes the rows of a stream that follow `mark`; returns where it has got to.
    fn take(&mut self, mark: Mark, head: i64, mut rows: Vec<Numbered>) -> Mark {
        let room = PAGE - self.changes.len();
        let cut = rows.len() > room;
        rows.truncate(room);
        let last = rows.last().map_or(mark.at, |(at, _)| *at);
        self.more |= cut;
        self.changes.extend(rows.into_iter().map(|(_, change)| change));
        mark.reached(if cut { last } else { last.max(head) })
    }
}

/// The next page for `studio`.
pub(crate) async fn pull(reach: &Reach, studio: &StudioCode, cursor: Option<&Cursor>) -> Result<Page, Failure> {
    let (now, studio) = (reach.now(), studio.as_str());
    let mut reading = reach.read().await?;
    let mut heads = Heads::read(reading.connection(), studio, now).await?;
    if heads.due || heads.deposit_due {
        drop(reading);
        if heads.due {
            reach.settled().await?;
        }
        if heads.deposit_due {
            deposit::settle_for(reach, studio).await?;
        }
        reading = reach.read().await?;
        heads = Heads::read(reading.connection(), studio, now).await?;
    }
    let connection = reading.connection();
    let from = match cursor {
        Some(cursor) => Position::read(cursor, studio, &heads)?,
        None => Position::beginning(studio, &heads),
    };

    let mut page = Filling {
        changes: Vec::new(),
        more: false,
    };
    let mut reached = from.clone();
    if let Some(limit) = page.wanted(from.offering, heads.offering) {
        let rows = rows::offering(connection, from.offering, limit).await?;
        reached.offering = page.take(from.offering, heads.offering, rows);
    }
    if let Some(limit) = page.wanted(from.seen, heads.seen) {
        let rows = rows::seen(connection, studio, from.seen, limit).await?;
        reached.seen = page.take(from.seen, heads.seen, rows);
    }
    for (sede, head) in &heads.sedi {
        let mark = from.sedi.get(sede).copied().unwrap_or_else(|| Mark::beginning(*head));
        let mut after = mark;
        if let Some(limit) = page.wanted(mark, *head) {
            let rows = rows::taken(connection, sede, mark, now, limit).await?;
            after = page.take(mark, *head, rows);
        }
        reached.sedi.insert(sede.clone(), after);
    }

    let remaining = match (page.more, from.left) {
        (false, _) => 0,
        (true, Some(left)) => {
            let came = i64::try_from(page.changes.len()).unwrap_or(i64::MAX);
            left.saturating_sub(came).max(1)
        }
        (true, None) => rows::count(connection, &reached).await?.max(1),
    };
    reached.left = page.more.then_some(remaining);
    Ok(Page {
        changes: page.changes,
        cursor: reached.cursor()?,
        more: page.more,
        remaining: u64::try_from(remaining).unwrap_or(0),
        read_at: now.instant(),
    })
}

/// How far the streams of each studio have come together: the numbers of all of them only grow.
pub(crate) async fn newest(reach: &Reach, studios: &[StudioCode]) -> Result<Vec<i64>, Failure> {
    let studios: Vec<String> = studios.iter().map(ToString::to_string).collect();
    let mut reading = reach.read().await?;
    Ok(sqlx::query_scalar!(
        r#"SELECT ((SELECT head FROM life) + coalesce(s.head, 0)
               + coalesce((SELECT sum(head) FROM dealing JOIN sede_stream USING (sede) WHERE dealing.studio = s.studio), 0)
               )::bigint AS "newest!"
           FROM unnest($1::text[]) WITH ORDINALITY AS asked (studio, place)
           LEFT JOIN studio_stream AS s ON s.studio = asked.studio
           ORDER BY asked.place"#,
        &studios
    )
    .fetch_all(reading.connection())
    .await?)
}

impl Reach {
    /// Settles what is due.
    async fn settled(&self) -> Result<(), Failure> {
        self.tried(|| delegation::settle_all(self)).await
    }
}
