//! Appointments that the studio wrote down. A change is a compare-and-set: on what stands there, in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::code::{AppointmentId, DraftId, TicketCode};
use domain::portal::registered::{PortalAnswer, RegisterRefusal, RegisteredAppointment};
use domain::ticket::Party;
use domain::time::Now;
use sqlx::SqliteConnection;

use super::{DAMAGED, Portal, next_revision, of_the_portal};
use crate::db::Database;
use crate::drafts::{self, DraftPhase, json, to_json};
use crate::error::{CacheError, In, Result};
use crate::instant::{from_micros, micros};

/// What came of writing something down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registration {
    /// It is written down.
    Registered(Box<RegisteredAppointment>),
    /// R5: a live appointment carries this ticket already.
    Carried {
        /// The ticket.
        ticket: TicketCode,
        /// The appointment.
        by: AppointmentId,
    },
    /// It can't be meant.
    Refused(RegisterRefusal),
}

impl Portal {
    /// *Registra appuntamento*: writes down what the portal answered. A draft that it was prepared with comes to its end
    /// with it: booked, in the same transaction.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Locked`] for a draft that came to its end before;
    /// [`CacheError::TicketInDraft`] for a ticket that stands in another draft; [`CacheError::OfThePortal`] where a ticket
    /// is not the portal's.
    pub async fn register(
        &self,
        appointment: &RegisteredAppointment,
        draft: Option<DraftId>,
        now: Now,
    ) -> Result<Registration> {
        if let Err(refusal) = appointment.answer.check(now) {
            return Ok(Registration::Refused(refusal));
        }
        let mut tx = self.studio.write().await?;
        let codes = || appointment.tickets.iter().map(TicketCode::as_str);
        if of_the_portal(&mut tx, codes()).await?.len() != appointment.tickets.len() {
            return Err(CacheError::OfThePortal);
        }
        if let Some((ticket, by)) = carried(&mut tx, appointment, now).await? {
            return Ok(Registration::Carried { ticket, by });
        }
        if let Some(id) = draft {
            let found = drafts::read(&mut tx, id).await?;
            let phase = found.draft.state.phase();
            if phase != DraftPhase::Editing {
                return Err(CacheError::Locked { phase });
            }
            // What comes to its end was decided: here by the portal's answer.
            let decision = appointment.id.to_string();
            sqlx::query!(
                "UPDATE draft SET decision = coalesce(decision, ?2) WHERE n = ?1",
                found.n,
                decision
            )
            .execute(&mut *tx)
            .await
            .in_studio()?;
            drafts::book(&mut tx, found.n, appointment.id, now.instant()).await?;
        }
        if let Some((ticket, draft)) = in_a_draft(&mut tx, codes()).await? {
            return Err(CacheError::TicketInDraft { ticket, draft });
        }
        put(&mut tx, appointment, draft, now.instant()).await?;
        tx.commit().await.in_studio()?;
        self.pulled.lay_portal(&self.studio).await;
        Ok(Registration::Registered(Box::new(appointment.clone())))
    }

    /// Writes down that the portal says something else by now. `seen` is what stood there when the person decided.
    ///
    /// # Errors
    /// [`CacheError::UnknownAppointment`]; [`CacheError::Moved`] where something else stands there meanwhile.
    pub async fn change(
        &self,
        id: AppointmentId,
        seen: &PortalAnswer,
        answer: PortalAnswer,
        now: Now,
    ) -> Result<Registration> {
        let mut tx = self.studio.write().await?;
        let mut appointment = read(&mut tx, id).await?.ok_or(CacheError::UnknownAppointment)?;
        if appointment.answer != *seen {
            return Err(CacheError::Moved);
        }
        match appointment.change(answer, now) {
            Err(refusal) => return Ok(Registration::Refused(refusal)),
            Ok(false) => return Ok(Registration::Registered(Box::new(appointment))),
            Ok(true) => {}
        }
        // One that has passed may be moved to a day to come: meanwhile another may have taken its tickets.
        if let Some((ticket, by)) = carried(&mut tx, &appointment, now).await? {
            return Ok(Registration::Carried { ticket, by });
        }
        put(&mut tx, &appointment, None, now.instant()).await?;
        tx.commit().await.in_studio()?;
        self.pulled.lay_portal(&self.studio).await;
        Ok(Registration::Registered(Box::new(appointment)))
    }

    /// Writes down that it was cancelled on the portal.
    ///
    /// # Errors
    /// [`CacheError::UnknownAppointment`].
    pub async fn cancel(&self, id: AppointmentId, by: Party, now: Now) -> Result<Registration> {
        let mut tx = self.studio.write().await?;
        let mut appointment = read(&mut tx, id).await?.ok_or(CacheError::UnknownAppointment)?;
        if let Err(refusal) = appointment.cancel(by, now) {
            return Ok(Registration::Refused(refusal));
        }
        put(&mut tx, &appointment, None, now.instant()).await?;
        tx.commit().await.in_studio()?;
        self.pulled.lay_portal(&self.studio).await;
        Ok(Registration::Registered(Box::new(appointment)))
    }

    /// Those of these appointments that the studio wrote down.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn registered(&self, ids: &[AppointmentId]) -> Result<HashMap<AppointmentId, RegisteredAppointment>> {
        let ids = to_json(&ids)?;
        sqlx::query_scalar!(
            r#"SELECT r.body AS "body!" FROM json_each(?1) e CROSS JOIN registered_appointment r ON r.id = e.value"#,
            ids
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?
        .iter()
        .map(|body| {
            let appointment: RegisteredAppointment = json(body)?;
            Ok((appointment.id, appointment))
        })
        .collect()
    }
}

async fn read(tx: &mut SqliteConnection, id: AppointmentId) -> Result<Option<RegisteredAppointment>> {
    let id = id.to_string();
    sqlx::query_scalar!("SELECT body FROM registered_appointment WHERE id = ?1", id)
        .fetch_optional(tx)
        .await
        .in_studio()?
        .map(|body| json(&body))
        .transpose()
}

/// R5: a ticket of `appointment` that another live one carries.
async fn carried(
    tx: &mut SqliteConnection,
    appointment: &RegisteredAppointment,
    now: Now,
) -> Result<Option<(TicketCode, AppointmentId)>> {
    let (codes, id) = (to_json(&appointment.tickets)?, appointment.id.to_string());
    let at = micros(now.instant());
    if appointment.carries_until().is_none_or(|until| until <= now.instant()) {
        return Ok(None);
    }
    sqlx::query!(
        r#"SELECT t.ticket AS "ticket!", r.id AS "id!"
           FROM json_each(?1) e CROSS JOIN registered_ticket t ON t.ticket = e.value
               CROSS JOIN registered_appointment r ON r.id = t.appointment
           WHERE r.live = 1 AND r.ends > ?2 AND r.id <> ?3 LIMIT 1"#,
        codes,
        at,
        id
    )
    .fetch_optional(tx)
    .await
    .in_studio()?
    .map(|row| {
        Ok((
            row.ticket.parse().map_err(|_| DAMAGED)?,
            row.id.parse().map_err(|_| DAMAGED)?,
        ))
    })
    .transpose()
}

/// A ticket of these that stands in a live draft.
async fn in_a_draft(
    tx: &mut SqliteConnection,
    codes: impl Iterator<Item = &str>,
) -> Result<Option<(TicketCode, DraftId)>> {
    let codes = to_json(&codes.collect::<Vec<_>>())?;
    sqlx::query!(
        r#"SELECT t.ticket AS "ticket!", d.id AS "id!"
           FROM json_each(?1) e CROSS JOIN draft_ticket t ON t.ticket = e.value AND t.live = 1
               CROSS JOIN draft d ON d.n = t.draft LIMIT 1"#,
        codes
    )
    .fetch_optional(tx)
    .await
    .in_studio()?
    .map(|row| Ok((drafts::code(&row.ticket)?, drafts::code(&row.id)?)))
    .transpose()
}

pub(crate) async fn put(
    tx: &mut SqliteConnection,
    appointment: &RegisteredAppointment,
    draft: Option<DraftId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let revision = next_revision(tx).await?;
    let (id, draft) = (appointment.id.to_string(), draft.map(|draft| draft.to_string()));
    let (body, at) = (to_json(appointment)?, micros(now));
    let ends = micros(appointment.answer.end.instant());
    let live = appointment.carries_until().is_some();
    sqlx::query!(
        "INSERT INTO registered_appointment (id, draft, body, ends, live, revision, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, ends = excluded.ends, live = excluded.live,
             revision = excluded.revision, changed_at = excluded.changed_at",
        id,
        draft,
        body,
        ends,
        live,
        revision,
        at
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    let codes = to_json(&appointment.tickets)?;
    sqlx::query!(
        "INSERT OR IGNORE INTO registered_ticket (appointment, ticket) SELECT ?1, value FROM json_each(?2)",
        id,
        codes
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    // R5: how its tickets stand depends on it.
    sqlx::query!(
        "UPDATE portal_ticket SET revision = ?2 WHERE code IN (SELECT value FROM json_each(?1))",
        codes,
        revision
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}

/// Those that changed since `revision`.
pub(crate) async fn changed_since(studio: &Database, revision: i64) -> Result<Vec<RegisteredAppointment>> {
    sqlx::query_scalar!(
        r#"SELECT body AS "body!" FROM registered_appointment WHERE revision > ?1"#,
        revision
    )
    .fetch_all(&studio.readers)
    .await
    .in_studio()?
    .iter()
    .map(|body| json(body))
    .collect()
}

/// R5: until when each ticket is carried.
pub(crate) async fn carriers(studio: &Database) -> Result<HashMap<TicketCode, DateTime<Utc>>> {
    sqlx::query!(
        r#"SELECT t.ticket AS "ticket!", max(r.ends) AS "ends!: i64"
           FROM registered_ticket t JOIN registered_appointment r ON r.id = t.appointment
           WHERE r.live = 1 GROUP BY t.ticket"#
    )
    .fetch_all(&studio.readers)
    .await
    .in_studio()?
    .into_iter()
    .map(|row| Ok((drafts::code(&row.ticket)?, from_micros(row.ends)?)))
    .collect()
}
