//! Writing down what the rules granted: the appointment, its place and its tickets, in one savepoint.

use domain::appointment::Appointment;
use domain::booking::Booking;
use domain::code::{AppointmentCode, ContentHash};
use domain::ticket::Judgement;
use domain::time::Now;
use sqlx::SqliteConnection;
use store::keeping::{self, AskedTicket, Granted};

use crate::appointment::{StoredPoint, count_taken, free_desk, interval};
use crate::attempt::Asked;
use crate::failure::{Failure, written};
use crate::feed;
use crate::reach::seconds;

/// A booking that the rules grant.
pub(crate) struct Grant<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) booking: &'a Booking,
    pub(crate) tickets: &'a [AskedTicket<i64>],
    pub(crate) point: &'a StoredPoint,
    pub(crate) granted: Granted,
    pub(crate) now: Now,
}

impl Grant<'_> {
    pub(crate) async fn write(&self, connection: &mut SqliteConnection) -> Result<Appointment, Failure> {
        let Self { asked, point, now, .. } = self;
        let (starts_at, ends_at) = interval(&self.granted.slot);
        let code = self.next_code(connection).await?;
        let appointment = self
            .granted
            .appointment(asked.attempt.decision, self.booking, self.tickets, code, *now)
            .ok_or(Failure::Body("booking"))?;
        let (uuid, decision) = (appointment.id.uuid(), asked.attempt.decision.uuid());
        let body = written(&appointment, "appointment")?;
        let code = appointment.code.as_str();
        let row = sqlx::query!(
            "INSERT INTO appointment (uuid, code, studio, decision, attempt, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            uuid,
            code,
            asked.studio,
            decision,
            asked.attempt.number,
            body
        )
        .execute(&mut *connection)
        .await?
        .last_insert_rowid();

        let desk = free_desk(connection, point.id, (starts_at, ends_at), row).await?;
        sqlx::query!(
            "INSERT INTO place (appointment, point, starts_at, ends_at, desk) VALUES (?1, ?2, ?3, ?4, ?5)",
            row,
            point.id,
            starts_at,
            ends_at,
            desk
        )
        .execute(&mut *connection)
        .await?;
        count_taken(connection, point.id, (starts_at, ends_at), 1).await?;

        let tickets: Vec<i64> = self.tickets.iter().map(|ticket| ticket.key).collect();
        let listed = feed::ids(&tickets)?;
        let past = seconds(now.instant());
        sqlx::query!(
            "UPDATE carriage SET released = 1
             WHERE released = 0 AND ends_at <= ?2 AND ticket IN (SELECT value FROM json_each(?1))",
            listed,
            past
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!(
            "INSERT INTO carriage (appointment, ticket, ends_at) SELECT ?1, value, ?3 FROM json_each(?2)",
            row,
            listed,
            ends_at
        )
        .execute(&mut *connection)
        .await?;
        for ticket in self.tickets {
            if let Some(judgement) = ticket.judged_now {
                record(connection, asked.studio, ticket.key, judgement).await?;
            }
        }
        for file in &appointment.content.attachments {
            claim(connection, asked.studio, file.hash).await?;
        }
        feed::tickets(connection, &tickets).await?;
        feed::appointment(connection, asked.studio, row).await?;
        Ok(appointment)
    }

    /// Numbered by the sede of the point.
    async fn next_code(&self, connection: &mut SqliteConnection) -> Result<AppointmentCode, Failure> {
        let numbered = sqlx::query!(
            "UPDATE sede SET last_appointment = last_appointment + 1 WHERE id = ?1 RETURNING code, last_appointment",
            self.point.sede
        )
        .fetch_one(connection)
        .await?;
        let sede = numbered.code.parse().map_err(|_| Failure::Body("sede"))?;
        keeping::appointment_code(&sede, numbered.last_appointment).ok_or(Failure::Body("sede"))
    }
}

/// R10: a file that an appointment names is kept.
pub(crate) async fn claim(connection: &mut SqliteConnection, studio: i64, hash: ContentHash) -> Result<(), Failure> {
    let hash = hash.to_string();
    sqlx::query!(
        "UPDATE upload SET claimed = 1 WHERE studio = ?1 AND hash = ?2",
        studio,
        hash
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// R3: the studio's judgement on a reply.
pub(crate) async fn record(
    connection: &mut SqliteConnection,
    studio: i64,
    ticket: i64,
    judgement: Judgement,
) -> Result<(), Failure> {
    let body = written(&judgement, "judgement")?;
    sqlx::query!(
        "INSERT INTO judgement (studio, ticket, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (studio, ticket) DO UPDATE SET body = excluded.body",
        studio,
        ticket,
        body
    )
    .execute(connection)
    .await?;
    Ok(())
}
