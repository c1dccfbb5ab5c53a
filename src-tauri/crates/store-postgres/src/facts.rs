//! All that decides about a booking, in one statement that also waits for the booking's turn.
//!
//! A statement that waits for a lock goes on with what it saw before it waited. So it says whether the counters that it
//! locked are those that it saw; where they are not, somebody wrote in between, and it is asked once more, now with the
//! locks in hand.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::availability::{Taken, TakenPlaces};
use domain::booking::Booking;
use domain::code::TicketCode;
use domain::company::Delegation;
use domain::ticket::{Judgement, Ticket};
use domain::time::Now;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::StoreError;
use store::keeping::{self, AskedTicket};

use crate::appointment::LONGEST;
use crate::attempt::Asked;
use crate::failure::{Failure, inner, written};
use crate::offering::Offered;

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

/// What a booking finds.
pub(crate) struct Facts {
    earlier: Vec<Earlier>,
    visible: Vec<Visible>,
    held: Vec<Held>,
    /// Number of the offering's stream.
    pub(crate) offering: i64,
    /// Number of the appointment that the point's sede booked last; nothing where nobody knows the point.
    pub(crate) booked: Option<i64>,
    /// Which of its files is the first that is not there, from 0.
    pub(crate) missing_file: Option<usize>,
}

impl Facts {
    /// Waits for the booking's turn and reads.
    pub(crate) async fn read(
        connection: &mut PgConnection,
        asked: &Asked,
        booking: &Booking,
        now: Now,
    ) -> Result<Self, Failure> {
        for _ in 0..2 {
            if let Some(facts) = Self::read_once(connection, asked, booking, now).await? {
                return Ok(facts);
            }
        }
        Err(Failure::Overtaken)
    }

    /// Nothing where somebody wrote while it waited.
    async fn read_once(
        connection: &mut PgConnection,
        asked: &Asked,
        booking: &Booking,
        now: Now,
    ) -> Result<Option<Self>, Failure> {
        let codes: Vec<String> = booking.codes().into_iter().map(ToString::to_string).collect();
        let attachments = &booking.content.attachments;
        let hashes: Vec<String> = attachments.iter().map(|file| file.hash.to_string()).collect();
        let kinds = attachments
            .iter()
            .map(|file| written(&file.kind, "kind of file"))
            .collect::<Result<Vec<_>, _>>()?;
        let sizes: Vec<i64> = attachments
            .iter()
            .map(|file| i64::try_from(file.bytes).unwrap_or(i64::MAX))
            .collect();
        let row = sqlx::query!(
            r#"WITH asked AS MATERIALIZED (
                   SELECT t.sede, t.code, t.position, t.body, d.body AS delegation
                   FROM ticket AS t
                   JOIN delegation AS d ON d.position = t.position AND d.studio = $1 AND d.from_day <= $6
                   WHERE t.code = ANY ($4)
               ),
               studios AS MATERIALIZED (
                   SELECT studio, head FROM studio_stream
                   WHERE studio = $1 OR studio IN (
                       SELECT d.studio FROM asked JOIN delegation AS d ON d.position = asked.position AND d.phase = 'active')
                   ORDER BY studio FOR UPDATE
               ),
               sedi AS MATERIALIZED (
                   SELECT sede, head, booked FROM sede_stream
                   WHERE sede = (SELECT sede FROM point WHERE code = $5) AND (SELECT count(*) FROM studios) >= 0
                   FOR UPDATE
               )
               SELECT
                   EXISTS (SELECT FROM studio WHERE code = $1) AS "known!",
                   EXISTS (SELECT FROM delegation WHERE settles_at <= $7) AS "due!",
                   NOT EXISTS (SELECT FROM studios JOIN studio_stream AS seen USING (studio) WHERE seen.head <> studios.head)
                   AND NOT EXISTS (SELECT FROM sedi JOIN sede_stream AS seen USING (sede) WHERE seen.head <> sedi.head)
                       AS "fresh!",
                   (SELECT head FROM life) AS "offering!",
                   (SELECT booked FROM sedi) AS booked,
                   (SELECT json_agg(json_build_object(
                        'number', number, 'digest', encode(digest, 'hex'), 'outcome', outcome, 'granted', granted))
                    FROM attempt WHERE studio = $1 AND decision = $2 AND (number = $3 OR granted))
                       AS "earlier: Json<Vec<Earlier>>",
                   (SELECT json_agg(json_build_object(
                        'sede', asked.sede, 'ticket', asked.body, 'delegation', asked.delegation,
                        'carried_until', c.ends_at, 'judgement', j.body))
                    FROM asked
                    LEFT JOIN carriage AS c ON c.sede = asked.sede AND c.ticket = asked.code
                    LEFT JOIN judgement AS j ON j.sede = asked.sede AND j.ticket = asked.code AND j.studio = $1)
                       AS "visible: Json<Vec<Visible>>",
                   (SELECT json_agg(json_build_object('start', starts_at, 'end', ends_at, 'count', count))
                    FROM taken
                    WHERE sede = (SELECT sede FROM sedi) AND point = $5 AND starts_at > $8 AND ends_at > $7 AND count > 0)
                       AS "held: Json<Vec<Held>>",
                   (SELECT min(place) FROM unnest($9::text[], $10::text[], $11::bigint[])
                        WITH ORDINALITY AS file (hash, kind, bytes, place)
                    WHERE NOT EXISTS (
                        SELECT FROM upload AS u WHERE u.studio = $1 AND u.hash = decode(file.hash, 'hex')
                            AND u.kind = file.kind AND u.bytes = file.bytes AND u.complete))
                       AS missing_file"#,
            asked.studio,
            asked.attempt.decision.uuid(),
            asked.number(),
            &codes,
            booking.point.as_str(),
            now.today(),
            now.instant(),
            now.instant() - LONGEST,
            &hashes,
            &kinds,
            &sizes
        )
        .fetch_one(connection)
        .await?;
        if !row.known {
            return Err(StoreError::StudioUnknown.into());
        }
        if row.due {
            return Err(Failure::Due);
        }
        Ok(row.fresh.then(|| Self {
            earlier: row.earlier.map(inner).unwrap_or_default(),
            visible: row.visible.map(inner).unwrap_or_default(),
            held: row.held.map(inner).unwrap_or_default(),
            offering: row.offering,
            booked: row.booked,
            missing_file: row
                .missing_file
                .and_then(|place| usize::try_from(place).ok())
                .and_then(|place| place.checked_sub(1)),
        }))
    }

    /// The outcome of this very attempt, if it was made before.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`] where something else was asked under it.
    pub(crate) fn earlier<T: for<'a> Deserialize<'a>>(&self, asked: &Asked) -> Result<Option<T>, Failure> {
        let Some(earlier) = self.earlier.iter().find(|earlier| earlier.number == asked.number()) else {
            return Ok(None);
        };
        let digest: String = asked
            .digest
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if earlier.digest != digest {
            return Err(StoreError::AttemptReused.into());
        }
        outcome(earlier).map(Some)
    }

    /// The outcome of the attempt that booked the decision's appointment, whatever attempt asks now.
    pub(crate) fn booked<T: for<'a> Deserialize<'a>>(&self) -> Result<Option<T>, Failure> {
        self.earlier
            .iter()
            .find(|earlier| earlier.granted)
            .map(outcome)
            .transpose()
    }

    /// The tickets that the studio sees or has seen, with its judgements.
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
                    ticket,
                };
                Ok((asked.ticket.code.clone(), asked))
            })
            .collect()
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

fn outcome<T: for<'a> Deserialize<'a>>(earlier: &Earlier) -> Result<T, Failure> {
    T::deserialize(&earlier.outcome).map_err(|_| Failure::Body("outcome"))
}
