//! Writing down what the rules granted, in one statement: the appointment, its place and its tickets, the outcome, and what
//! the studios are told of it.
//!
//! It writes everything or nothing, also without a transaction around it: nothing where a stream is not any more where it was
//! when the booking was decided. Whoever writes into a stream locks its counter until he commits, so the counter that is
//! locked here and is as it was read says that nobody wrote in between.

use std::collections::BTreeSet;

use domain::appointment::Appointment;
use domain::booking::Booking;
use domain::time::Now;
use sqlx::PgConnection;
use store::BookOutcome;
use store::keeping::{self, AskedTicket, Granted};

use crate::appointment::{StoredPoint, interval};
use crate::attempt::Asked;
use crate::booking::Decided;
use crate::facts::{Facts, SeenSede, SeenStudio, TicketKey};
use crate::failure::{Failure, written};

/// A booking that the rules grant.
pub(crate) struct Grant<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) booking: &'a Booking,
    pub(crate) tickets: Vec<AskedTicket<TicketKey>>,
    pub(crate) point: &'a StoredPoint,
    pub(crate) granted: Granted,
    /// Where the streams were that it writes into.
    studios: &'a [SeenStudio],
    sede: &'a SeenSede,
    now: Now,
}

impl<'a> Grant<'a> {
    /// What was decided on `facts`.
    ///
    /// # Errors
    /// [`Failure::Overtaken`] where the point came into being after they were read.
    pub(crate) fn of(
        asked: &'a Asked,
        booking: &'a Booking,
        facts: &'a Facts,
        decided: Decided<'a>,
        now: Now,
    ) -> Result<Self, Failure> {
        Ok(Self {
            asked,
            booking,
            tickets: decided.tickets,
            point: decided.point,
            granted: decided.granted,
            studios: &facts.studios,
            sede: facts.sede.as_ref().ok_or(Failure::Overtaken)?,
            now,
        })
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`Failure::Overtaken`] where somebody wrote since it was decided, [`Failure::Broken`] where a promise would be.
    pub(crate) async fn write(&self, connection: &mut PgConnection) -> Result<Appointment, Failure> {
        let Self { asked, point, now, .. } = self;
        let (starts_at, ends_at) = interval(&self.granted.slot);
        let sede = point.sede.parse().map_err(|_| Failure::Body("sede"))?;
        let code = keeping::appointment_code(&sede, self.sede.booked + 1).ok_or(Failure::Body("sede"))?;
        let appointment = self
            .granted
            .appointment(asked.attempt.decision, self.booking, &self.tickets, code, *now)
            .ok_or(Failure::Body("booking"))?;
        let body = written(&appointment, "appointment")?;
        let outcome = BookOutcome::Booked {
            appointment: Box::new(appointment),
        };
        let remembered = written(&outcome, "outcome")?;
        let BookOutcome::Booked { appointment } = outcome else {
            return Err(Failure::Body("outcome"));
        };
        let sedi: Vec<String> = self.tickets.iter().map(|ticket| ticket.key.sede.clone()).collect();
        let codes: Vec<String> = appointment.tickets.iter().map(ToString::to_string).collect();
        let positions: Vec<String> = self.tickets.iter().map(|ticket| ticket.key.position.clone()).collect();
        // R3: the judgements that it brings.
        let judged = self
            .tickets
            .iter()
            .map(|ticket| {
                let judgement = ticket.judged_now.as_ref();
                judgement.map(|judgement| written(judgement, "judgement")).transpose()
            })
            .collect::<Result<Vec<Option<String>>, _>>()?;
        let files = &appointment.content.attachments;
        let hashes: BTreeSet<Vec<u8>> = files.iter().map(|file| file.hash.as_bytes().to_vec()).collect();
        let hashes: Vec<Vec<u8>> = hashes.into_iter().collect();
        let studios: Vec<String> = self.studios.iter().map(|seen| seen.studio.clone()).collect();
        let heads: Vec<i64> = self.studios.iter().map(|seen| seen.head).collect();
        let in_turn = sqlx::query_scalar!(
            r#"WITH studios AS MATERIALIZED (
                   SELECT s.head AS head, seen.head AS seen
                   FROM unnest($17::text[], $18::bigint[]) AS seen (studio, head)
                   JOIN studio_stream AS s ON s.studio = seen.studio
                   ORDER BY s.studio FOR UPDATE OF s
               ),
               sede AS (
                   UPDATE sede_stream SET head = head + 1, booked = booked + 1
                   WHERE sede = $2 AND head = $19 AND (SELECT bool_and(head = seen) FROM studios)
                   RETURNING head
               ),
               held AS MATERIALIZED (
                   SELECT desk FROM place
                   WHERE sede = $2 AND point = $3 AND tstzrange(starts_at, ends_at) && tstzrange($4, $5)
               ),
               placed AS (
                   INSERT INTO place (sede, point, desk, starts_at, ends_at, appointment)
                   SELECT $2, $3, min(desk), $4, $5, $6
                   FROM sede, generate_series(1, (SELECT count(*)::integer FROM held) + 1) AS desk
                   WHERE desk NOT IN (SELECT desk FROM held)
                   HAVING count(*) > 0
               ),
               counted AS (
                   INSERT INTO taken (sede, point, starts_at, ends_at, count, at)
                   SELECT $2, $3, $4, $5, 1, head FROM sede
                   ON CONFLICT (sede, point, starts_at, ends_at)
                       DO UPDATE SET count = taken.count + 1, at = excluded.at
               ),
               appointed AS (
                   INSERT INTO appointment (sede, id, code, studio, positions, point, starts_at, ends_at, body)
                   SELECT $2, $6, $16, $1, $10, $3, $4, $5, $7::text::json FROM sede
               ),
               remembered AS (
                   INSERT INTO attempt (studio, decision, number, digest, outcome, granted)
                   SELECT $1, $12, $13, $14, $15::text::json, true FROM sede
               ),
               claimed AS (
                   UPDATE upload SET claimed = true
                   FROM sede WHERE studio = $1 AND hash = ANY ($21) AND complete
                   RETURNING hash
               ),
               asked AS MATERIALIZED (
                   SELECT asked.sede, ticket, position, judged
                   FROM sede AS turn, unnest($8::text[], $9::text[], $10::text[], $20::text[])
                       AS asked (sede, ticket, position, judged)
               ),
               judged AS (
                   INSERT INTO judgement (sede, ticket, studio, body)
                   SELECT sede, ticket, $1, judged::json FROM asked WHERE judged IS NOT NULL
                   ON CONFLICT (sede, ticket, studio) DO UPDATE SET body = excluded.body
               ),
               carried AS (
                   INSERT INTO carriage (sede, ticket, appointment, ends_at)
                   SELECT sede, ticket, $6, $5 FROM asked
                   ON CONFLICT ON CONSTRAINT one_live_appointment_per_ticket
                       DO UPDATE SET appointment = excluded.appointment, ends_at = excluded.ends_at
                       WHERE carriage.ends_at <= $11
                   RETURNING ticket
               ),
               told AS (
                   SELECT studio, kind, sede, key, row_number() OVER (PARTITION BY studio ORDER BY kind DESC, key) AS number
                   FROM (
                       SELECT d.studio, 'ticket' AS kind, asked.sede, asked.ticket AS key
                       FROM asked
                       JOIN delegation AS d ON d.position = asked.position AND d.phase = 'active'
                       UNION ALL
                       SELECT $1, 'appointment', $2, $6::uuid::text FROM sede
                   ) AS told
               ),
               heads AS (
                   UPDATE studio_stream AS s SET head = s.head + t.count
                   FROM (SELECT studio, count(*) AS count FROM told GROUP BY studio) AS t
                   WHERE s.studio = t.studio
                   RETURNING s.studio, s.head - t.count AS before
               ),
               seen AS (
                   INSERT INTO seen (studio, kind, sede, key, at)
                   SELECT studio, kind, sede, key, before + number FROM told JOIN heads USING (studio)
                   ON CONFLICT (studio, kind, sede, key)
                       DO UPDATE SET at = excluded.at, gone = false, snapshot = NULL
               )
               SELECT CASE
                   WHEN NOT EXISTS (SELECT FROM sede) THEN 0
                   WHEN (SELECT count(*) FROM carried) < (SELECT count(*) FROM asked)
                       THEN refuse('one_live_appointment_per_ticket')
                   WHEN (SELECT count(*) FROM claimed) < cardinality($21::bytea[]) THEN refuse('every_file_is_there')
                   ELSE 1 END AS "in_turn!""#,
            asked.studio,
            point.sede,
            point.point.code.as_str(),
            starts_at,
            ends_at,
            appointment.id.uuid(),
            body,
            &sedi,
            &codes,
            &positions,
            now.instant(),
            asked.attempt.decision.uuid(),
            asked.number(),
            asked.digest.as_bytes().as_slice(),
            remembered,
            appointment.code.as_str(),
            &studios,
            &heads,
            self.sede.head,
            &judged as &[Option<String>],
            &hashes
        )
        .fetch_one(connection)
        .await?;
        if in_turn == 1 {
            Ok(*appointment)
        } else {
            Err(Failure::Overtaken)
        }
    }
}
