//! All that decides about a booking, in one statement, with the counters of the streams that it will write into: where they
//! still stand when it writes, what was read is still so.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::attachment::{Attachment, FileKind};
use domain::availability::{Taken, TakenPlaces};
use domain::booking::Booking;
use domain::code::{ContentHash, TicketCode};
use domain::company::Delegation;
use domain::ticket::{Judgement, Ticket};
use domain::time::{Now, midnight};
use domain::wish::Wish;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::keeping::{self, AskedTicket};
use store::{RequestDigest, StoreError};

use crate::appointment::{LONGEST, StoredPoint};
use crate::attempt::Asked;
use crate::deposit::At;
use crate::failure::{Failure, inner};
use crate::offering::Offered;
use crate::turn;

/// What names a ticket's row, and its position.
#[derive(Debug, Clone)]
pub(crate) struct TicketKey {
    pub(crate) sede: String,
    pub(crate) position: String,
}

/// An outcome that the decision has already.
#[derive(Debug, Deserialize)]
struct Earlier {
    number: i64,
    digest: String,
    outcome: serde_json::Value,
    granted: bool,
}

/// A ticket that the studio sees or has seen.
#[derive(Debug, Deserialize)]
struct Visible {
    sede: String,
    ticket: Ticket,
    delegation: Delegation,
    carried_until: Option<DateTime<Utc>>,
    judgement: Option<Judgement>,
}

/// What is held at the point.
#[derive(Debug, Deserialize)]
struct Held {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    count: u16,
}

/// A studio that is told of a booking, and where its stream was.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SeenStudio {
    pub(crate) studio: String,
    pub(crate) head: i64,
}

/// The sede of the point, and where its stream was.
#[derive(Debug, Clone)]
pub(crate) struct SeenSede {
    pub(crate) sede: String,
    pub(crate) head: i64,
    /// Number of the appointment that it booked last.
    pub(crate) booked: i64,
}

/// A file that the studio has sent whole.
#[derive(Debug, Deserialize)]
struct KeptFile {
    hash: ContentHash,
    kind: FileKind,
    bytes: u64,
}

/// What a booking finds.
pub(crate) struct Facts {
    earlier: Vec<Earlier>,
    visible: Vec<Visible>,
    held: Vec<Held>,
    kept: Vec<KeptFile>,
    /// Whether `held` is all of the point's, and not only what is held on the days that are wished for.
    pub(crate) whole: bool,
    /// Number of the offering's stream.
    pub(crate) offering: i64,
    /// The studios that are told of the booking, by code.
    pub(crate) studios: Vec<SeenStudio>,
    /// The point's sede; nothing where nobody knows the point.
    pub(crate) sede: Option<SeenSede>,
}

impl Facts {
    /// Reads, where no deposit is due at the point that comes `before`: whose number is lower.
    ///
    /// # Errors
    /// [`Failure::Due`], [`Failure::DueAt`]: something comes first.
    pub(crate) async fn read(
        connection: &mut PgConnection,
        asked: &Asked,
        booking: &Booking,
        before: i64,
        now: Now,
    ) -> Result<Self, Failure> {
        let codes: Vec<String> = booking.codes().into_iter().map(ToString::to_string).collect();
        let attachments = &booking.content.attachments;
        let hashes: Vec<Vec<u8>> = attachments.iter().map(|file| file.hash.as_bytes().to_vec()).collect();
        let wished = wished(&booking.wishes);
        let (from, until) = held_between(wished, now);
        let row = sqlx::query!(
            r#"WITH asked AS MATERIALIZED (
                   SELECT t.sede, t.code, t.position, t.body, d.body AS delegation
                   FROM ticket AS t
                   JOIN delegation AS d ON d.position = t.position AND d.studio = $1 AND d.from_day <= $6
                   WHERE t.code = ANY ($4)
               )
               SELECT
                   life.head AS offering, sede.sede AS "sede?", sede.head AS "head?", sede.booked AS "booked?",
                   EXISTS (SELECT FROM delegation WHERE settles_at <= $7) AS "due!",
                   EXISTS (SELECT FROM deposit AS d WHERE d.sede = sede.sede AND d.point = $5
                       AND d.ended_at IS NULL AND d.due_at <= $7 AND d.number < $12) AS "due_there!",
                   (SELECT json_agg(json_build_object('studio', studio, 'head', head) ORDER BY studio)
                    FROM (SELECT $1 AS studio UNION
                          SELECT d.studio FROM asked
                          JOIN delegation AS d ON d.position = asked.position AND d.phase = 'active') AS told
                    JOIN studio_stream USING (studio))
                       AS "studios: Json<Vec<SeenStudio>>",
                   (SELECT json_agg(json_build_object(
                        'number', number, 'digest', encode(digest, 'hex'), 'outcome', outcome, 'granted', granted))
                    FROM attempt WHERE studio = $1 AND decision = $2 AND (number = $3 OR granted))
                       AS "earlier: Json<Vec<Earlier>>",
                   (SELECT json_agg(json_build_object(
                        'sede', asked.sede, 'ticket', asked.body, 'delegation', asked.delegation,
                        'carried_until', (SELECT ends_at FROM carriage AS c
                            WHERE c.sede = asked.sede AND c.ticket = asked.code),
                        'judgement', (SELECT body FROM judgement AS j
                            WHERE j.sede = asked.sede AND j.ticket = asked.code AND j.studio = $1)))
                    FROM asked)
                       AS "visible: Json<Vec<Visible>>",
                   (SELECT json_agg(json_build_object('start', starts_at, 'end', ends_at, 'count', count))
                    FROM (SELECT starts_at, ends_at, count FROM taken
                          WHERE taken.sede = sede.sede AND taken.point = $5
                              AND starts_at > $8 AND starts_at < $10 AND ends_at > $11 AND count > 0
                          ORDER BY starts_at, ends_at) AS held)
                       AS "held: Json<Vec<Held>>",
                   (SELECT json_agg(json_build_object('hash', encode(hash, 'hex'), 'kind', kind::json, 'bytes', bytes))
                    FROM upload WHERE studio = $1 AND hash = ANY ($9) AND complete)
                       AS "kept: Json<Vec<KeptFile>>"
               FROM life LEFT JOIN (point JOIN sede_stream AS sede ON sede.sede = point.sede) ON point.code = $5"#,
            asked.studio,
            asked.attempt.decision.uuid(),
            asked.number(),
            &codes,
            booking.point.as_str(),
            now.today(),
            now.instant(),
            from - LONGEST,
            &hashes,
            until,
            from,
            before
        )
        .fetch_one(connection)
        .await?;
        let studios = row.studios.map(inner).unwrap_or_default();
        if !studios.iter().any(|seen: &SeenStudio| seen.studio == asked.studio) {
            return Err(StoreError::StudioUnknown.into());
        }
        if row.due {
            return Err(Failure::Due);
        }
        if row.due_there {
            return Err(Failure::DueAt(At {
                sede: row.sede.unwrap_or_default(),
                point: booking.point.to_string(),
            }));
        }
        let sede = row.sede.zip(row.head.zip(row.booked));
        Ok(Self {
            earlier: row.earlier.map(inner).unwrap_or_default(),
            visible: row.visible.map(inner).unwrap_or_default(),
            held: row.held.map(inner).unwrap_or_default(),
            kept: row.kept.map(inner).unwrap_or_default(),
            whole: wished.is_none(),
            offering: row.offering,
            studios,
            sede: sede.map(|(sede, (head, booked))| SeenSede { sede, head, booked }),
        })
    }

    /// Waits for the turn of all that the booking concerns, and reads then.
    ///
    /// # Errors
    /// [`Failure::Overtaken`] where it came to concern others meanwhile.
    pub(crate) async fn read_in_turn(
        connection: &mut PgConnection,
        asked: &Asked,
        booking: &Booking,
        before: i64,
        now: Now,
    ) -> Result<Self, Failure> {
        let earlier = Self::read(connection, asked, booking, before, now).await?;
        let studios: Vec<String> = earlier.concerned().map(str::to_owned).collect();
        let sedi: Vec<String> = earlier.sede.iter().map(|seen| seen.sede.clone()).collect();
        turn::take(connection, &studios, &sedi).await?;
        let facts = Self::read(connection, asked, booking, before, now).await?;
        if facts.concerned().eq(earlier.concerned()) {
            Ok(facts)
        } else {
            Err(Failure::Overtaken)
        }
    }

    /// The studios that are told of the booking, by code.
    fn concerned(&self) -> impl Iterator<Item = &str> {
        self.studios.iter().map(|seen| seen.studio.as_str())
    }

    /// Reads all that is held at the point from `now` on: where no wish can be met, the nearest free slots are offered.
    pub(crate) async fn read_whole(
        &mut self,
        connection: &mut PgConnection,
        point: &StoredPoint,
        now: Now,
    ) -> Result<(), Failure> {
        self.held = sqlx::query!(
            "SELECT starts_at, ends_at, count FROM taken
             WHERE sede = $1 AND point = $2 AND starts_at > $3 AND ends_at > $4 AND count > 0",
            point.sede,
            point.point.code.as_str(),
            now.instant() - LONGEST,
            now.instant()
        )
        .fetch_all(connection)
        .await?
        .into_iter()
        .map(|row| Held {
            start: row.starts_at,
            end: row.ends_at,
            count: u16::try_from(row.count).unwrap_or(u16::MAX),
        })
        .collect();
        self.whole = true;
        Ok(())
    }

    /// The outcome of this very attempt, if it was made before.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`] where something else was asked under it.
    pub(crate) fn earlier<T: for<'a> Deserialize<'a>>(&self, asked: &Asked) -> Result<Option<T>, Failure> {
        let Some(earlier) = self.earlier.iter().find(|earlier| earlier.number == asked.number()) else {
            return Ok(None);
        };
        if ![asked.digest, RequestDigest::ANYTHING]
            .map(hexadecimal)
            .contains(&earlier.digest)
        {
            return Err(StoreError::AttemptReused.into());
        }
        outcome(earlier).map(Some)
    }

    /// Whether an attempt has booked the decision's appointment.
    pub(crate) fn granted(&self) -> bool {
        self.earlier.iter().any(|earlier| earlier.granted)
    }

    /// The outcome of the attempt that booked the decision's appointment, whatever attempt asks now.
    pub(crate) fn booked<T: for<'a> Deserialize<'a>>(&self) -> Result<Option<T>, Failure> {
        self.earlier
            .iter()
            .find(|earlier| earlier.granted)
            .map(outcome)
            .transpose()
    }

    /// The tickets that the studio sees or has seen, with its judgements. They are handed out once.
    pub(crate) fn visible(
        &mut self,
        offered: &Offered,
    ) -> Result<HashMap<TicketCode, AskedTicket<TicketKey>>, Failure> {
        self.visible
            .drain(..)
            .map(|visible| {
                let ticket = keeping::seen(visible.ticket, visible.judgement, None).ticket;
                let asked = AskedTicket {
                    key: TicketKey {
                        sede: visible.sede,
                        position: ticket.position.to_string(),
                    },
                    topic: offered.topics.get(&ticket.topic).ok_or(Failure::Overtaken)?.clone(),
                    delegation: visible.delegation,
                    carried_until: visible.carried_until,
                    judged_now: None,
                    answered: None,
                    ticket,
                };
                Ok((asked.ticket.code.clone(), asked))
            })
            .collect()
    }

    /// R10: the first of its files that is not there as it says.
    pub(crate) fn missing<'a>(&self, booking: &'a Booking) -> Option<&'a Attachment> {
        let there = |file: &Attachment| {
            let kept = |kept: &KeptFile| kept.hash == file.hash && kept.kind == file.kind && kept.bytes == file.bytes;
            self.kept.iter().any(kept)
        };
        booking.content.attachments.iter().find(|file| !there(file))
    }

    /// What is held at the point.
    pub(crate) fn taken(&self) -> TakenPlaces {
        let taken = self.held.iter().map(|held| Taken {
            start: held.start,
            end: held.end,
            count: held.count,
        });
        TakenPlaces::new(taken.collect())
    }
}

/// The first and the last day on which wishes are for exact slots; nothing where one is for more.
fn wished(wishes: &[Wish]) -> Option<(NaiveDate, NaiveDate)> {
    let asked = wishes.iter().filter(|wish| wish.asks());
    let days = asked.map(Wish::day).collect::<Option<Vec<_>>>()?;
    Some((*days.iter().min()?, *days.iter().max()?))
}

/// What is held from when to when decides about such wishes.
fn held_between(wished: Option<(NaiveDate, NaiveDate)>, now: Now) -> (DateTime<Utc>, DateTime<Utc>) {
    let Some((first, last)) = wished else {
        return (now.instant(), DateTime::<Utc>::MAX_UTC);
    };
    let until = last.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, midnight);
    // What is past decides nothing, and a day may be one that no calendar of PostgreSQL's has.
    (midnight(first).max(now.instant()), until.max(now.instant()))
}

fn hexadecimal(digest: RequestDigest) -> String {
    digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn outcome<T: for<'a> Deserialize<'a>>(earlier: &Earlier) -> Result<T, Failure> {
    T::deserialize(&earlier.outcome).map_err(|_| Failure::Body("outcome"))
}
