//! What a person decides, with its row, in one transaction.

use chrono::{DateTime, Utc};
use domain::code::{AppointmentId, CommunicationId, DecisionId, DraftId};
use domain::dossier::Entry;
use sqlx::SqliteConnection;
use store::Attempt;

use super::read::read;
use super::refused::forget_like;
use super::{Outbox, OutboxRow, Work};
use crate::drafts::{Aim, Draft, Judged, to_json};
use crate::error::{CacheError, In, Result};
use crate::instant::micros;
use crate::portal;

impl Outbox {
    /// R14: decides to cancel an appointment. Where that is under way already, answers with its row. What was refused
    /// before is forgotten: the person tries again.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn cancel(
        &self,
        appointment: AppointmentId,
        decision: DecisionId,
        now: DateTime<Utc>,
    ) -> Result<OutboxRow> {
        let work = Work::Cancel { appointment };
        self.decide_once(work, vec![format!("appointment:{appointment}")], decision, now)
            .await
    }

    /// R13: decides that a communication was read. Where that is under way already, answers with its row.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn acknowledge(
        &self,
        appointment: AppointmentId,
        communication: CommunicationId,
        decision: DecisionId,
        now: DateTime<Utc>,
    ) -> Result<OutboxRow> {
        let work = Work::Acknowledge {
            appointment,
            communication,
        };
        self.decide_once(work, vec![format!("appointment:{appointment}")], decision, now)
            .await
    }

    /// R3: decides a judgement on a reply. Lists and drafts that are still being written know it at once; what was sent
    /// goes on as it was sent.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn assess(&self, judged: &Judged, now: DateTime<Utc>) -> Result<OutboxRow> {
        let mut tx = self.studio.write().await?;
        let row = insert_assess(&mut tx, judged, now).await?;
        tx.commit().await.in_studio()?;
        self.pulled.overlay_from(&self.studio).await;
        Ok(row)
    }

    /// Decides to enter something into a dossier: it is shown there at once. Entries of one dossier keep their order.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn enter(&self, entry: Entry, decision: DecisionId, now: DateTime<Utc>) -> Result<OutboxRow> {
        let subjects = [format!("dossier:{}", entry.subject())];
        let work = Work::Enter { entry };
        let mut tx = self.studio.write().await?;
        let row = insert(&mut tx, Attempt::first(decision), &work, &subjects, None, now).await?;
        tx.commit().await.in_studio()?;
        self.pulled.lay_entries(&self.studio).await;
        Ok(row)
    }

    /// *Riprova*: the row of a draft or a request does not wait for the network's next turn any more. A date that the rules
    /// set still
    /// holds. Returns whether there is such a row.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn hasten(&self, draft: DraftId) -> Result<bool> {
        let mut tx = self.studio.write().await?;
        let about = draft.to_string();
        let moved = sqlx::query!(
            "UPDATE outbox SET next_attempt = NULL
             WHERE kind IN ('book', 'change', 'open_ticket') AND about = ?1 AND state = 'waiting'",
            about
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        tx.commit().await.in_studio()?;
        Ok(moved.rows_affected() > 0)
    }

    pub(super) async fn decide_once(
        &self,
        work: Work,
        subjects: Vec<String>,
        decision: DecisionId,
        now: DateTime<Utc>,
    ) -> Result<OutboxRow> {
        let mut tx = self.studio.write().await?;
        let (kind, about) = (work.kind(), work.about());
        let under_way = sqlx::query_scalar!(
            r#"SELECT id AS "id!" FROM outbox WHERE kind = ?1 AND about = ?2 AND state IN ('waiting', 'sending')"#,
            kind,
            about
        )
        .fetch_optional(&mut *tx)
        .await
        .in_studio()?;
        let row = match under_way {
            Some(id) => read(&mut tx, id)
                .await?
                .ok_or_else(|| CacheError::bug("a row vanished"))?,
            None => {
                forget_like(&mut tx, &work).await?;
                insert(&mut tx, Attempt::first(decision), &work, &subjects, None, now).await?
            }
        };
        tx.commit().await.in_studio()?;
        Ok(row)
    }
}

/// The row of a draft that is sent.
pub(crate) async fn insert_draft(
    tx: &mut SqliteConnection,
    attempt: Attempt,
    draft: &Draft,
    not_before: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<OutboxRow> {
    let mut subjects = vec![format!("draft:{}", draft.id)];
    let work = match draft.aim {
        Aim::Book => {
            subjects.extend(draft.tickets.iter().map(|ticket| format!("ticket:{}", ticket.code)));
            Work::Book { draft: draft.id }
        }
        Aim::Change { appointment, .. } => {
            subjects.push(format!("appointment:{appointment}"));
            Work::Change {
                draft: draft.id,
                appointment,
            }
        }
    };
    insert(tx, attempt, &work, &subjects, not_before, now).await
}

/// The row of a judgement, and the judgement for what is shown meanwhile.
pub(crate) async fn insert_assess(tx: &mut SqliteConnection, judged: &Judged, now: DateTime<Utc>) -> Result<OutboxRow> {
    portal::put_judgement(tx, &judged.ticket, &judged.judgement).await?;
    let work = Work::Assess {
        ticket: judged.ticket.clone(),
        judgement: judged.judgement,
    };
    let subjects = [format!("ticket:{}", judged.ticket)];
    insert(tx, Attempt::first(judged.decision), &work, &subjects, None, now).await
}

/// The one way into the outbox.
///
/// # Errors
/// R16: [`CacheError::OfThePortal`] for what stands on the portal alone.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    attempt: Attempt,
    work: &Work,
    subjects: &[String],
    not_before: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<OutboxRow> {
    portal::refuse(tx, subjects).await?;
    let (decision, kind, about) = (attempt.decision.to_string(), work.kind(), work.about());
    let (body, named) = (to_json(work)?, to_json(&subjects)?);
    let (since, at) = (not_before.map(micros), micros(now));
    let id = sqlx::query!(
        "INSERT INTO outbox (decision, attempt, kind, about, work, subjects, state, not_before, tries, decided_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, 0, ?8)",
        decision,
        attempt.number,
        kind,
        about,
        body,
        named,
        since,
        at
    )
    .execute(&mut *tx)
    .await
    .in_studio()?
    .last_insert_rowid();
    read(tx, id).await?.ok_or_else(|| CacheError::bug("a row vanished"))
}
