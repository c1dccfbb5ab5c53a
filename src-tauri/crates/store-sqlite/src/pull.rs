//! Reading the feed page by page.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::availability::Taken;
use domain::code::{AppointmentId, DecisionId, StudioCode};
use domain::time::Now;
use serde::de::DeserializeOwned;
use sqlx::SqlitePool;
use store::keeping;
use store::{Change, Cursor, Entity, EntityKey, Page, PulledTicket, StoreError, TakenAt};
use uuid::Uuid;

use crate::attempt;
use crate::failure::{Failure, read, written};
use crate::reach::{Reach, instant, seconds};

/// Changes on a page.
const PAGE: usize = 1_000;

/// What a cursor says: `epoch/studio/seq`, and on the way through a first pull `epoch/studio/seq/top/left`.
#[derive(Debug, Clone)]
struct Position {
    epoch: Uuid,
    /// A cursor is one studio's: what it has passed over was another's.
    studio: i64,
    /// The last row that was read.
    seq: i64,
    first: Option<First>,
}

/// A pull from the beginning, so far. What was gone or past before it began is not told.
#[derive(Debug, Clone, Copy)]
struct First {
    /// The end of the feed when it began.
    top: i64,
    /// Rows still to come, as counted when it began.
    left: i64,
}

impl Position {
    fn cursor(&self) -> Cursor {
        let Self {
            epoch,
            studio,
            seq,
            first,
        } = self;
        Cursor(match first {
            None => format!("{epoch}/{studio}/{seq}"),
            Some(First { top, left }) => format!("{epoch}/{studio}/{seq}/{top}/{left}"),
        })
    }
}

impl FromStr for Position {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        fn number(text: &str) -> Result<i64, StoreError> {
            text.parse()
                .ok()
                .filter(|number| *number >= 0)
                .ok_or(StoreError::EpochChanged)
        }
        let mut parts = text.split('/');
        let epoch = parts
            .next()
            .and_then(|epoch| Uuid::try_parse(epoch).ok())
            .ok_or(StoreError::EpochChanged)?;
        let studio = number(parts.next().unwrap_or_default())?;
        let seq = number(parts.next().unwrap_or_default())?;
        let first = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) => None,
            (Some(top), Some(left), None) => Some(First {
                top: number(top)?,
                left: number(left)?,
            }),
            _ => return Err(StoreError::EpochChanged),
        };
        Ok(Self {
            epoch,
            studio,
            seq,
            first,
        })
    }
}

/// What a pull has to know before it reads: one statement, and the only one where nothing is new.
struct Threshold {
    epoch: String,
    studio: i64,
    /// End of the feed.
    head: i64,
    /// Whether a delegation began or ended with the time, or a deposit is due.
    to_settle: bool,
}

impl Threshold {
    async fn read(reads: &SqlitePool, studio: &str, now: Now) -> Result<Self, Failure> {
        let now = seconds(now.instant());
        sqlx::query_as!(
            Self,
            r#"SELECT epoch, studio.id AS "studio!",
                   coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'feed'), 0) AS "head!: i64",
                   EXISTS (SELECT 1 FROM delegation WHERE settles_at <= ?2)
                       OR EXISTS (SELECT 1 FROM deposit WHERE ended_at IS NULL AND due_at <= ?2) AS "to_settle!: bool"
               FROM life JOIN studio ON studio.code = ?1"#,
            studio,
            now
        )
        .fetch_optional(reads)
        .await?
        .ok_or(Failure::Store(StoreError::StudioUnknown))
    }
}

/// The next page for the studio of code `studio`.
pub(crate) async fn pull(reach: &Reach, studio: &str, cursor: Option<&Cursor>) -> Result<Page, Failure> {
    let now = reach.now();
    let reads = reach.read().await?;
    let mut threshold = Threshold::read(&reads, studio, now).await?;
    if threshold.to_settle {
        drop(attempt::in_turn(reach).await?);
        threshold = Threshold::read(&reads, studio, now).await?;
    }
    let Threshold {
        epoch, studio, head, ..
    } = threshold;
    let epoch = Uuid::try_parse(&epoch).map_err(|_| Failure::Body("epoch"))?;
    let from = match cursor {
        Some(cursor) => {
            let from: Position = cursor.0.parse()?;
            // A cursor ahead of the feed: the store was restored from a backup.
            if from.epoch != epoch || from.studio != studio || from.seq > head {
                return Err(StoreError::EpochChanged.into());
            }
            from
        }
        None => Position {
            epoch,
            studio,
            seq: 0,
            first: Some(First {
                top: head,
                left: count(&reads, studio, 0).await?,
            }),
        },
    };

    let mut rows = if from.seq == head {
        Vec::new()
    } else {
        FeedRow::after(&reads, studio, from.seq).await?
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let reached = match rows.last() {
        Some(last) if more => last.seq,
        Some(last) => last.seq.max(head),
        None => head,
    };
    let remaining = match (more, from.first) {
        (false, _) => 0,
        (true, Some(First { left, .. })) => left.saturating_sub(count_of(rows.len())).max(1),
        (true, None) => count(&reads, studio, reached).await?,
    };
    let first = from
        .first
        .filter(|first| more && reached < first.top)
        .map(|first| First {
            left: remaining,
            ..first
        });
    let unseen = from.first.map_or(0, |first| first.top);
    let changes = rows
        .into_iter()
        .filter(|row| row.seq > unseen || !row.is_over(now))
        .map(FeedRow::change)
        .collect::<Result<_, _>>()?;
    Ok(Page {
        changes,
        cursor: Position {
            epoch,
            studio,
            seq: reached,
            first,
        }
        .cursor(),
        more,
        remaining: u64::try_from(remaining).unwrap_or(0),
        read_at: now.instant(),
    })
}

fn count_of(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// How many rows of a studio's two streams come after `seq`.
async fn count(reads: &SqlitePool, studio: i64, seq: i64) -> Result<i64, Failure> {
    Ok(sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM feed WHERE stream = 0 AND seq > ?2)
                + (SELECT count(*) FROM feed WHERE stream = ?1 AND seq > ?2) AS "count!: i64""#,
        studio,
        seq
    )
    .fetch_one(reads)
    .await?)
}

/// A row of the feed with all that its change needs.
struct FeedRow {
    seq: i64,
    kind: String,
    gone: bool,
    /// Of what is gone, its code or matricola; of taken places, the code of the point. A body names itself.
    key: Option<String>,
    uuid: Option<Vec<u8>>,
    body: Option<String>,
    judgement: Option<String>,
    /// Beginning and end of taken places; the end of the appointment that carries a ticket.
    starts_at: Option<i64>,
    ends_at: Option<i64>,
    count: Option<i64>,
    frozen: bool,
}

impl FeedRow {
    /// At most one more than a page, so that it is known whether there is more. Each stream is read in the order of its
    /// index and the two are merged: nothing is sorted, and no more is read than is returned.
    async fn after(reads: &SqlitePool, studio: i64, seq: i64) -> Result<Vec<Self>, Failure> {
        let limit = count_of(PAGE + 1);
        let mut rows = sqlx::query_as!(
            Self,
            r#"WITH page AS (
                   SELECT seq, kind, entity, gone, snapshot FROM feed WHERE stream = 0 AND seq > ?2
                   UNION ALL
                   SELECT seq, kind, entity, gone, snapshot FROM feed WHERE stream = ?1 AND seq > ?2
                   ORDER BY seq LIMIT ?3
               )
               SELECT page.seq AS "seq!: i64",
                   page.kind AS "kind!: String",
                   page.gone AS "gone!: bool",
                   page.snapshot IS NOT NULL AS "frozen!: bool",
                   CASE iif(page.gone OR page.kind = 'taken', page.kind, NULL)
                       WHEN 'ticket' THEN ticket.code
                       WHEN 'taken' THEN (SELECT code FROM point WHERE id = taken.point)
                       WHEN 'sede' THEN (SELECT code FROM sede WHERE id = entity)
                       WHEN 'topic' THEN (SELECT code FROM topic WHERE id = entity)
                       WHEN 'point' THEN (SELECT code FROM point WHERE id = entity)
                       WHEN 'company' THEN (SELECT code FROM company WHERE id = entity)
                       WHEN 'position' THEN (SELECT matricola FROM position WHERE id = entity)
                       WHEN 'delegation' THEN
                           (SELECT matricola FROM delegation JOIN position ON position.id = delegation.position
                            WHERE delegation.id = entity)
                   END AS "key?: String",
                   CASE iif(page.gone, page.kind, NULL)
                       WHEN 'appointment' THEN (SELECT uuid FROM appointment WHERE id = entity)
                       WHEN 'deposit' THEN (SELECT decision FROM deposit WHERE id = entity)
                   END AS "uuid?: Vec<u8>",
                   CASE page.kind
                       WHEN 'ticket' THEN coalesce(page.snapshot, ticket.body)
                       WHEN 'sede' THEN (SELECT body FROM sede WHERE id = entity)
                       WHEN 'topic' THEN (SELECT body FROM topic WHERE id = entity)
                       WHEN 'point' THEN (SELECT body FROM point WHERE id = entity)
                       WHEN 'company' THEN (SELECT body FROM company WHERE id = entity)
                       WHEN 'position' THEN (SELECT body FROM position WHERE id = entity)
                       WHEN 'delegation' THEN (SELECT body FROM delegation WHERE id = entity)
                       WHEN 'appointment' THEN (SELECT body FROM appointment WHERE id = entity)
                       WHEN 'deposit' THEN (SELECT body FROM deposit WHERE id = entity)
                       WHEN 'dossier' THEN (SELECT body FROM dossier WHERE id = entity)
                   END AS "body?: String",
                   CASE page.kind
                       WHEN 'ticket' THEN (SELECT body FROM judgement WHERE studio = ?1 AND ticket = entity)
                   END AS "judgement?: String",
                   taken.starts_at AS "starts_at?: i64",
                   coalesce(taken.ends_at, carriage.ends_at) AS "ends_at?: i64",
                   taken.count AS "count?: i64"
               FROM page
               LEFT JOIN ticket ON page.kind = 'ticket' AND ticket.id = page.entity
               LEFT JOIN carriage ON page.kind = 'ticket' AND carriage.ticket = page.entity AND carriage.released = 0
               LEFT JOIN taken ON page.kind = 'taken' AND taken.id = page.entity"#,
            studio,
            seq,
            limit
        )
        .fetch_all(reads)
        .await?;
        // They come in this order already; to ask SQLite for it would make it copy the bodies.
        rows.sort_unstable_by_key(|row| row.seq);
        Ok(rows)
    }

    /// Whether who has seen nothing yet needs not see it.
    fn is_over(&self, now: Now) -> bool {
        self.gone || (self.kind == "taken" && self.ends_at.is_some_and(|end| end <= seconds(now.instant())))
    }

    fn change(self) -> Result<Change, Failure> {
        Ok(match self.kind.as_str() {
            "sede" => self.put_or_gone("sede", Entity::Sede, EntityKey::Sede)?,
            "topic" => self.put_or_gone("topic", Entity::Topic, EntityKey::Topic)?,
            "point" => self.put_or_gone("point", |point| Entity::Point(Box::new(point)), EntityKey::Point)?,
            "company" => self.put_or_gone("company", Entity::Company, EntityKey::Company)?,
            "position" => self.put_or_gone("position", Entity::Position, EntityKey::Position)?,
            "delegation" => self.put_or_gone("delegation", Entity::Delegation, EntityKey::Position)?,
            "ticket" if self.gone => Change::Gone(EntityKey::Ticket(self.key("ticket")?)),
            "ticket" => Change::Put(Entity::Ticket(Box::new(self.ticket()?))),
            "appointment" if self.gone => Change::Gone(EntityKey::Appointment(AppointmentId::new(self.uuid()?))),
            "appointment" => Change::Put(Entity::Appointment(Box::new(self.body("appointment")?))),
            "deposit" if self.gone => Change::Gone(EntityKey::Deposit(DecisionId::new(self.uuid()?))),
            "deposit" => Change::Put(Entity::Deposit(Box::new(self.body("deposit")?))),
            // R15: a dossier is never taken back.
            "dossier" => Change::Put(Entity::Dossier(Box::new(self.body("dossier")?))),
            "taken" => Change::Put(Entity::Taken(self.taken()?)),
            _ => return Err(Failure::Body("feed")),
        })
    }

    fn put_or_gone<T: DeserializeOwned, K: TryFrom<String>>(
        &self,
        what: &'static str,
        put: impl FnOnce(T) -> Entity,
        gone: impl FnOnce(K) -> EntityKey,
    ) -> Result<Change, Failure> {
        Ok(if self.gone {
            Change::Gone(gone(self.key(what)?))
        } else {
            Change::Put(put(self.body(what)?))
        })
    }

    fn key<K: TryFrom<String>>(&self, what: &'static str) -> Result<K, Failure> {
        let key = self.key.clone().ok_or(Failure::Body(what))?;
        K::try_from(key).map_err(|_| Failure::Body(what))
    }

    fn body<T: DeserializeOwned>(&self, what: &'static str) -> Result<T, Failure> {
        read(self.body.as_deref().ok_or(Failure::Body(what))?, what)
    }

    fn uuid(&self) -> Result<Uuid, Failure> {
        self.uuid
            .as_deref()
            .and_then(|uuid| Uuid::from_slice(uuid).ok())
            .ok_or(Failure::Body("feed"))
    }

    fn ticket(&self) -> Result<PulledTicket, Failure> {
        if self.frozen {
            return self.body("ticket");
        }
        pulled(
            self.body.as_deref().ok_or(Failure::Body("ticket"))?,
            self.judgement.as_deref(),
            self.ends_at.map(instant),
        )
    }

    fn taken(&self) -> Result<TakenAt, Failure> {
        let (Some(start), Some(end), Some(count)) = (self.starts_at, self.ends_at, self.count) else {
            return Err(Failure::Body("taken place"));
        };
        Ok(TakenAt {
            point: self.key("point")?,
            taken: Taken {
                start: instant(start),
                end: instant(end),
                count: u16::try_from(count).unwrap_or(u16::MAX),
            },
        })
    }
}

/// A ticket as a studio sees it: with its own judgement, if that is about the reply that stands.
pub(crate) fn pulled(
    body: &str,
    judgement: Option<&str>,
    carried_until: Option<DateTime<Utc>>,
) -> Result<PulledTicket, Failure> {
    let ticket = read(body, "ticket")?;
    let judgement = judgement.map(|judgement| read(judgement, "judgement")).transpose()?;
    Ok(keeping::seen(ticket, judgement, carried_until))
}

/// The newest change in what each studio pulls: its own stream and everybody's.
pub(crate) async fn newest(reach: &Reach, studios: &[StudioCode]) -> Result<Vec<i64>, Failure> {
    let (reads, studios) = (reach.read().await?, written(studios, "list of studios")?);
    Ok(sqlx::query_scalar!(
        r#"SELECT max(
               coalesce((SELECT max(seq) FROM feed WHERE stream = 0), 0),
               coalesce((SELECT max(seq) FROM feed WHERE stream = studio.id), 0)) AS "newest!: i64"
           FROM json_each(?1) AS asked LEFT JOIN studio ON studio.code = asked.value
           ORDER BY asked.key"#,
        studios
    )
    .fetch_all(&reads)
    .await?)
}
