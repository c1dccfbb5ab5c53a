//! The studio's judgements that the store has not told back yet, laid over what was pulled (R3), and what an answer of the
//! store says before the next pull does.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::code::{AppointmentId, CommunicationId, TicketCode};
use domain::ticket::Judgement;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::columns::Touch;
use super::{Directory, Pulled, agenda, bulk, entities};
use crate::db::Database;
use crate::error::{CacheError, File, In, Result};

/// A judgement of the studio's, and whether the store has taken it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overlaid {
    pub(crate) judgement: Judgement,
    pub(crate) told: bool,
}

pub(crate) type Overlay = HashMap<TicketCode, Overlaid>;

impl Pulled {
    /// Lays the studio's judgements over what was pulled. They are durable in `studio.db` already, and laid over again at
    /// the next opening: that `cache.db` fails is no failure of the decision.
    pub(crate) async fn overlay_from(&self, studio: &Database) {
        if let Err(error) = self.try_overlay_from(studio).await {
            tracing::warn!(%error, "the judgements could not be laid over the tickets");
        }
    }

    pub(crate) async fn try_overlay_from(&self, studio: &Database) -> Result<()> {
        let damaged = || CacheError::Damaged { file: File::Studio };
        let wanted: Overlay = sqlx::query!("SELECT ticket, judgement, told FROM judgement")
            .fetch_all(&studio.readers)
            .await
            .in_studio()?
            .into_iter()
            .map(|row| {
                let overlaid = Overlaid {
                    judgement: serde_json::from_str(&row.judgement).map_err(|_| damaged())?,
                    told: row.told != 0,
                };
                Ok((row.ticket.parse().map_err(|_| damaged())?, overlaid))
            })
            .collect::<Result<_>>()?;
        let mut tx = self.db.write().await?;
        let known = read(&mut tx).await?;
        if known == wanted {
            return Ok(());
        }
        for (ticket, _) in known.iter().filter(|(ticket, _)| !wanted.contains_key(*ticket)) {
            remove(&mut tx, ticket).await?;
        }
        for (ticket, overlaid) in wanted.iter().filter(|(ticket, new)| known.get(*ticket) != Some(*new)) {
            let (ticket, judgement) = (
                ticket.as_str(),
                serde_json::to_string(&overlaid.judgement).map_err(CacheError::bug)?,
            );
            sqlx::query!(
                "INSERT INTO overlay (ticket, judgement, told) VALUES (?1, ?2, ?3)
                 ON CONFLICT (ticket) DO UPDATE SET judgement = excluded.judgement, told = excluded.told",
                ticket,
                judgement,
                overlaid.told
            )
            .execute(&mut *tx)
            .await
            .in_cache()?;
        }
        let changed: Vec<&TicketCode> = known
            .keys()
            .chain(wanted.keys())
            .filter(|ticket| {
                known.get(*ticket).map(|old| old.judgement) != wanted.get(*ticket).map(|new| new.judgement)
            })
            .collect();
        let directory = Directory::read(&mut tx).await?;
        let ids = ids_of(&mut tx, &changed).await?;
        bulk::reproject(&mut tx, &ids, &directory, &wanted).await?;
        self.commit_tickets(tx, ids).await
    }

    /// Commits what changed these tickets.
    async fn commit_tickets(&self, mut tx: Transaction<'static, Sqlite>, tickets: Vec<i64>) -> Result<()> {
        let touch = Touch {
            tickets,
            ..Touch::default()
        };
        let generation = self.follow(&mut tx, &touch).await?;
        tx.commit().await.in_cache()?;
        self.committed(&generation);
        Ok(())
    }

    /// Takes an appointment out of an answer of the store, so that the agenda and its tickets (R5) show it before the next
    /// pull does. What fails here the next pull mends.
    pub(crate) async fn learn(&self, appointment: &Appointment) {
        if let Err(error) = self.try_learn(appointment).await {
            tracing::warn!(%error, "an answer of the store is shown only after the next pull");
        }
    }

    async fn try_learn(&self, appointment: &Appointment) -> Result<()> {
        let mut tx = self.db.write().await?;
        entities::put_appointment(&mut tx, appointment).await?;
        let ids = ids_of(&mut tx, &appointment.tickets.iter().collect::<Vec<_>>()).await?;
        let carried = appointment.carries_until().map(crate::instant::seconds_up);
        for id in &ids {
            sqlx::query!("UPDATE ticket SET carried = ?2 WHERE id = ?1", id, carried)
                .execute(&mut *tx)
                .await
                .in_cache()?;
        }
        let (directory, overlay) = (Directory::read(&mut tx).await?, read(&mut tx).await?);
        bulk::reproject(&mut tx, &ids, &directory, &overlay).await?;
        self.commit_tickets(tx, ids).await
    }

    /// Takes an acknowledgement out of an answer of the store.
    pub(crate) async fn acknowledged(&self, of: AppointmentId, communication: CommunicationId, now: DateTime<Utc>) {
        if let Err(error) = self.try_acknowledged(of, communication, now).await {
            tracing::warn!(%error, "an answer of the store is shown only after the next pull");
        }
    }

    async fn try_acknowledged(
        &self,
        of: AppointmentId,
        communication: CommunicationId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let id = of.to_string();
        let body = sqlx::query_scalar!("SELECT body FROM appointment WHERE id = ?1", id)
            .fetch_optional(&mut *tx)
            .await
            .in_cache()?;
        if let Some(body) = body {
            let mut appointment = agenda::read(&body)?;
            appointment.acknowledge(communication, domain::time::Now::at(now));
            entities::put_appointment(&mut tx, &appointment).await?;
        }
        tx.commit().await.in_cache()
    }
}

/// The overlay as the projection knows it.
pub(super) async fn read(tx: &mut SqliteConnection) -> Result<Overlay> {
    let damaged = || CacheError::Damaged { file: File::Cache };
    sqlx::query!("SELECT ticket, judgement, told FROM overlay")
        .fetch_all(tx)
        .await
        .in_cache()?
        .into_iter()
        .map(|row| {
            let overlaid = Overlaid {
                judgement: serde_json::from_str(&row.judgement).map_err(|_| damaged())?,
                told: row.told != 0,
            };
            Ok((row.ticket.parse().map_err(|_| damaged())?, overlaid))
        })
        .collect()
}

/// Takes a judgement off.
pub(super) async fn remove(tx: &mut SqliteConnection, ticket: &TicketCode) -> Result<()> {
    let ticket = ticket.as_str();
    sqlx::query!("DELETE FROM overlay WHERE ticket = ?1", ticket)
        .execute(tx)
        .await
        .in_cache()?;
    Ok(())
}

async fn ids_of(tx: &mut SqliteConnection, tickets: &[&TicketCode]) -> Result<Vec<i64>> {
    let codes = serde_json::to_string(tickets).map_err(CacheError::bug)?;
    sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM ticket WHERE code IN (SELECT value FROM json_each(?1))"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_cache()
}
