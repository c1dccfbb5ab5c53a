//! Writing down what the rules granted, in one statement: the appointment, its place and its tickets, the outcome, and what
//! the studios are told of it.

use domain::appointment::Appointment;
use domain::booking::Booking;
use domain::ticket::Judgement;
use domain::time::Now;
use sqlx::PgConnection;
use store::BookOutcome;
use store::keeping::{self, AskedTicket, Granted};

use crate::appointment::{StoredPoint, interval};
use crate::attempt::Asked;
use crate::facts::TicketKey;
use crate::failure::{Constraint, Failure, written};

/// A booking that the rules grant. It is the turn of all that it concerns.
pub(crate) struct Grant<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) booking: &'a Booking,
    pub(crate) tickets: &'a [AskedTicket<TicketKey>],
    pub(crate) point: &'a StoredPoint,
    /// Number of the appointment that the point's sede booked last.
    pub(crate) booked: i64,
    pub(crate) granted: Granted,
    pub(crate) now: Now,
}

impl Grant<'_> {
    pub(crate) async fn write(&self, connection: &mut PgConnection) -> Result<Appointment, Failure> {
        let Self { asked, point, now, .. } = self;
        let (starts_at, ends_at) = interval(&self.granted.slot);
        let sede = point.sede.parse().map_err(|_| Failure::Body("sede"))?;
        let code = keeping::appointment_code(&sede, self.booked + 1).ok_or(Failure::Body("sede"))?;
        let appointment = self
            .granted
            .appointment(asked.attempt.decision, self.booking, self.tickets, code, *now)
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
        for ticket in self.tickets {
            if let Some(judgement) = ticket.judged_now {
                record(
                    connection,
                    &asked.studio,
                    (&ticket.key.sede, ticket.ticket.code.as_str()),
                    judgement,
                )
                .await?;
            }
        }
        let carried = sqlx::query_scalar!(
            r#"WITH sede AS (
                   UPDATE sede_stream SET head = head + 1, booked = booked + 1 WHERE sede = $2 RETURNING head
               ),
               held AS MATERIALIZED (
                   SELECT desk FROM place
                   WHERE sede = $2 AND point = $3 AND tstzrange(starts_at, ends_at) && tstzrange($4, $5)
               ),
               placed AS (
                   INSERT INTO place (sede, point, desk, starts_at, ends_at, appointment)
                   SELECT $2, $3, min(desk), $4, $5, $6
                   FROM generate_series(1, (SELECT count(*)::integer FROM held) + 1) AS desk
                   WHERE desk NOT IN (SELECT desk FROM held)
               ),
               counted AS (
                   INSERT INTO taken (sede, point, starts_at, ends_at, count, at)
                   SELECT $2, $3, $4, $5, 1, head FROM sede
                   ON CONFLICT (sede, point, starts_at, ends_at)
                       DO UPDATE SET count = taken.count + 1, at = excluded.at
               ),
               appointed AS (
                   INSERT INTO appointment (sede, id, code, studio, positions, point, starts_at, ends_at, body)
                   VALUES ($2, $6, $16, $1, $10, $3, $4, $5, $7::text::json)
               ),
               remembered AS (
                   INSERT INTO attempt (studio, decision, number, digest, outcome, granted)
                   VALUES ($1, $12, $13, $14, $15::text::json, true)
               ),
               carried AS (
                   INSERT INTO carriage (sede, ticket, appointment, ends_at)
                   SELECT sede, ticket, $6, $5 FROM unnest($8::text[], $9::text[]) AS asked (sede, ticket)
                   ON CONFLICT ON CONSTRAINT one_live_appointment_per_ticket
                       DO UPDATE SET appointment = excluded.appointment, ends_at = excluded.ends_at
                       WHERE carriage.ends_at <= $11
                   RETURNING ticket
               ),
               told AS (
                   SELECT studio, kind, sede, key, row_number() OVER (PARTITION BY studio ORDER BY kind DESC, key) AS number
                   FROM (
                       SELECT d.studio, 'ticket' AS kind, asked.sede, asked.ticket AS key
                       FROM unnest($8::text[], $9::text[], $10::text[]) AS asked (sede, ticket, position)
                       JOIN delegation AS d ON d.position = asked.position AND d.phase = 'active'
                       UNION ALL
                       SELECT $1, 'appointment', $2, $6::uuid::text
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
               SELECT count(*) AS "carried!" FROM carried"#,
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
            appointment.code.as_str()
        )
        .fetch_one(connection)
        .await?;
        if usize::try_from(carried).ok() == Some(self.tickets.len()) {
            Ok(*appointment)
        } else {
            Err(Failure::Broken(Constraint::Carriage))
        }
    }
}

/// R3: the studio's judgement on a reply.
pub(crate) async fn record(
    connection: &mut PgConnection,
    studio: &str,
    (sede, ticket): (&str, &str),
    judgement: Judgement,
) -> Result<(), Failure> {
    let body = written(&judgement, "judgement")?;
    sqlx::query!(
        "INSERT INTO judgement (sede, ticket, studio, body) VALUES ($1, $2, $3, $4::text::json)
         ON CONFLICT (sede, ticket, studio) DO UPDATE SET body = excluded.body",
        sede,
        ticket,
        studio,
        body
    )
    .execute(connection)
    .await?;
    Ok(())
}
