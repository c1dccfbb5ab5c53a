//! Appointments, communications and taken places.

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::availability::{Taken, TakenPlaces};
use domain::code::{AppointmentId, CommunicationId, DecisionId, FiscalCode, PointCode, TicketCode};
use domain::communication::Communication;

use super::Pulled;
use crate::error::{CacheError, File, In, Result};
use crate::instant::from_seconds;

/// Which appointments a list holds, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppointmentOrder {
    /// Confirmed and not over, soonest first.
    ToCome,
    /// Over, resolved or cancelled, newest first.
    Past,
}

/// A communication that nobody acknowledged, as far as the store knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its appointment.
    pub appointment: Appointment,
    /// What the sede said.
    pub communication: Communication,
}

impl Pulled {
    /// The appointment of this id.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn appointment(&self, id: AppointmentId) -> Result<Option<Appointment>> {
        let id = id.to_string();
        sqlx::query_scalar!("SELECT body FROM appointment WHERE id = ?1", id)
            .fetch_optional(&self.db.readers)
            .await
            .in_cache()?
            .map(|body| read(&body))
            .transpose()
    }

    /// The appointment that a decision was booked by.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn appointment_of_decision(&self, decision: DecisionId) -> Result<Option<Appointment>> {
        let decision = decision.to_string();
        sqlx::query_scalar!("SELECT body FROM appointment WHERE decision = ?1", decision)
            .fetch_optional(&self.db.readers)
            .await
            .in_cache()?
            .map(|body| read(&body))
            .transpose()
    }

    /// Appointments that begin from `from` up to, and without, `to`, in whatever state, soonest first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn appointments(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Appointment>> {
        let (from, to) = (from.timestamp(), to.timestamp());
        let bodies = sqlx::query_scalar!(
            "SELECT body FROM appointment WHERE starts >= ?1 AND starts < ?2 ORDER BY starts, id",
            from,
            to
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?;
        read_all(&bodies)
    }

    /// The other confirmed appointments that overlap this one in time.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn at_the_same_time(&self, appointment: &Appointment) -> Result<Vec<Appointment>> {
        /// Seconds: none is longer than a day.
        const LONGEST: i64 = 86_400;
        let (start, end) = (
            appointment.slot.start.instant().timestamp(),
            appointment.slot.end.instant().timestamp(),
        );
        let (from, id) = (start - LONGEST, appointment.id.to_string());
        let bodies = sqlx::query_scalar!(
            "SELECT body FROM appointment
             WHERE starts > ?1 AND starts < ?2 AND ends > ?3 AND confirmed = 1 AND id <> ?4 ORDER BY starts, id",
            from,
            end,
            start,
            id
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?;
        read_all(&bodies)
    }

    /// At most `limit` appointments of one side of `now`.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn appointment_list(
        &self,
        order: AppointmentOrder,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Appointment>> {
        let now = now.timestamp();
        let bodies = match order {
            AppointmentOrder::ToCome => sqlx::query_scalar!(
                "SELECT body FROM appointment WHERE ends > ?1 AND confirmed = 1 ORDER BY starts, id LIMIT ?2",
                now,
                limit
            )
            .fetch_all(&self.db.readers)
            .await
            .in_cache()?,
            AppointmentOrder::Past => sqlx::query_scalar!(
                "SELECT body FROM appointment WHERE ends <= ?1 OR confirmed = 0 ORDER BY starts DESC, id DESC LIMIT ?2",
                now,
                limit
            )
            .fetch_all(&self.db.readers)
            .await
            .in_cache()?,
        };
        read_all(&bodies)
    }

    /// The appointments that carried or carry a ticket, newest first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn appointments_of_ticket(&self, ticket: &TicketCode) -> Result<Vec<Appointment>> {
        let ticket = ticket.as_str();
        let bodies = sqlx::query_scalar!(
            "SELECT a.body FROM appointment_ticket t JOIN appointment a ON a.id = t.appointment
             WHERE t.ticket = ?1 ORDER BY a.starts DESC, a.id DESC",
            ticket
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?;
        read_all(&bodies)
    }

    /// The confirmed appointments of a company that are not over at `now`, soonest first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn appointments_of_company(&self, company: &FiscalCode, now: DateTime<Utc>) -> Result<Vec<Appointment>> {
        let (company, now) = (company.as_str(), now.timestamp());
        let bodies = sqlx::query_scalar!(
            "SELECT body FROM appointment WHERE company = ?1 AND confirmed = 1 AND ends > ?2 ORDER BY starts, id",
            company,
            now
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?;
        read_all(&bodies)
    }

    /// What the sede said and nobody acknowledged, oldest first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn unread(&self) -> Result<Vec<Unread>> {
        sqlx::query!(
            r#"SELECT u.communication AS "communication!", a.body AS "body!"
               FROM unread u JOIN appointment a ON a.id = u.appointment ORDER BY u.said_at, u.communication"#
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| {
            let damaged = || CacheError::Damaged { file: File::Cache };
            let appointment = read(&row.body)?;
            let id: CommunicationId = row.communication.parse().map_err(|_| damaged())?;
            let communication = appointment
                .communications
                .iter()
                .find(|communication| communication.id == id)
                .cloned()
                .ok_or_else(damaged)?;
            Ok(Unread {
                appointment,
                communication,
            })
        })
        .collect()
    }

    /// The appointment that a communication is about.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn appointment_of_unread(&self, communication: CommunicationId) -> Result<Option<AppointmentId>> {
        let communication = communication.to_string();
        sqlx::query_scalar!(
            r#"SELECT appointment AS "id!" FROM unread WHERE communication = ?1"#,
            communication
        )
        .fetch_optional(&self.db.readers)
        .await
        .in_cache()?
        .map(|id| id.parse().map_err(|_| CacheError::Damaged { file: File::Cache }))
        .transpose()
    }

    /// R11: the places of a point that are held, from `since` on.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn taken(&self, point: &PointCode, since: DateTime<Utc>) -> Result<TakenPlaces> {
        let (point, since) = (point.as_str(), since.timestamp());
        let taken = sqlx::query!(
            "SELECT starts, ends, places FROM taken WHERE point = ?1 AND ends > ?2 AND places > 0",
            point,
            since
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| {
            Ok(Taken {
                start: from_seconds(row.starts)?,
                end: from_seconds(row.ends)?,
                count: u16::try_from(row.places).map_err(|_| CacheError::Damaged { file: File::Cache })?,
            })
        })
        .collect::<Result<_>>()?;
        Ok(TakenPlaces::new(taken))
    }
}

pub(super) fn read(body: &str) -> Result<Appointment> {
    serde_json::from_str(body).map_err(|_| CacheError::Damaged { file: File::Cache })
}

fn read_all(bodies: &[String]) -> Result<Vec<Appointment>> {
    bodies.iter().map(|body| read(body)).collect()
}
