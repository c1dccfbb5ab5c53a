//! How a draft moves from one state to another by what the person decides.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::code::{AppointmentId, DecisionId, DraftId, TicketCode};
use sqlx::SqliteConnection;
use store::Attempt;

use super::change::{changed_elsewhere, fresh, held_elsewhere, next_attempt};
use super::read::{Numbered, read};
use super::{Aim, Draft, DraftPhase, Drafts};
use crate::error::{CacheError, In, Result};
use crate::instant::micros;
use crate::outbox::{self, OutboxRow};

impl Drafts {
    /// *Invia*: editing → queued, and the outbox row, in one transaction. `decision` is kept unless the draft was sent
    /// before: one draft is one decision, and has one appointment at most. `read_entries` says how much of the conversation
    /// of each ticket is known: what the sede answers later stops the booking.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Locked`] unless it is editing, [`CacheError::Stale`].
    pub async fn send(
        &self,
        id: DraftId,
        revision: u32,
        decision: DecisionId,
        not_before: Option<DateTime<Utc>>,
        read_entries: &HashMap<TicketCode, u32>,
        now: DateTime<Utc>,
    ) -> Result<(Draft, OutboxRow)> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, attempts, draft } = read(&mut tx, id).await?;
        fresh(&draft, revision)?;
        let attempt = Attempt {
            decision: draft.decision.unwrap_or(decision),
            number: next_attempt(attempts)?,
        };
        let (at, since, decision) = (micros(now), not_before.map(micros), attempt.decision.to_string());
        let moved = sqlx::query!(
            "UPDATE draft SET state = 'queued', decision = ?2, attempts = ?3, not_before = ?4, attention = NULL,
                 changed_at = ?5
             WHERE n = ?1 AND state = 'editing'",
            n,
            decision,
            attempt.number,
            since,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected(), &draft)?;
        for ticket in &draft.tickets {
            let (code, entries) = (ticket.code.as_str(), read_entries.get(&ticket.code));
            sqlx::query!(
                "UPDATE draft_ticket SET read = ?3 WHERE draft = ?1 AND ticket = ?2",
                n,
                code,
                entries
            )
            .execute(&mut *tx)
            .await
            .in_studio()?;
        }
        let row = outbox::insert_draft(&mut tx, attempt, &draft, not_before, now).await?;
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok((draft, row))
    }

    /// Queued or needs attention → editing; its outbox row is recalled. Where an earlier try may have reached the store
    /// all the same, the appointment is found by its decision when it is pulled.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Locked`] in any other state.
    pub async fn recall(&self, id: DraftId, now: DateTime<Utc>) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, draft, .. } = read(&mut tx, id).await?;
        let at = micros(now);
        let moved = sqlx::query!(
            "UPDATE draft SET state = 'editing', not_before = NULL, attention = NULL, revision = revision + 1,
                 changed_at = ?2
             WHERE n = ?1 AND state IN ('queued', 'needs_attention')",
            n,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected(), &draft)?;
        outbox::recall_draft(&mut tx, id, now).await?;
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok(draft)
    }

    /// Throws the draft away, from any state before sending; its tickets are free for another.
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Locked`] from `sending` on.
    pub async fn discard(&self, id: DraftId, now: DateTime<Utc>) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, draft, .. } = read(&mut tx, id).await?;
        let at = micros(now);
        let moved = sqlx::query!(
            "UPDATE draft SET state = 'discarded', not_before = NULL, revision = revision + 1, changed_at = ?2
             WHERE n = ?1 AND state IN ('editing', 'queued', 'needs_attention')",
            n,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected(), &draft)?;
        sqlx::query!("UPDATE draft_ticket SET live = 0 WHERE draft = ?1", n)
            .execute(&mut *tx)
            .await
            .in_studio()?;
        outbox::recall_draft(&mut tx, id, now).await?;
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok(draft)
    }

    /// Takes a discarded draft back: to needing attention where it did, else to editing (what was queued is not sent
    /// behind the person's back).
    ///
    /// # Errors
    /// [`CacheError::UnknownDraft`], [`CacheError::Locked`] unless it is discarded, [`CacheError::TicketInDraft`] when a
    /// ticket of it went into another draft meanwhile, [`CacheError::ChangeInDraft`] when its appointment did.
    pub async fn restore(&self, id: DraftId, now: DateTime<Utc>) -> Result<Draft> {
        let mut tx = self.studio.write().await?;
        let Numbered { n, draft, .. } = read(&mut tx, id).await?;
        let at = micros(now);
        let moved = sqlx::query!(
            "UPDATE draft SET state = iif(attention IS NULL, 'editing', 'needs_attention'), revision = revision + 1,
                 changed_at = ?2
             WHERE n = ?1 AND state = 'discarded'",
            n,
            at
        )
        .execute(&mut *tx)
        .await;
        let moved = changed_elsewhere(&mut tx, moved, &draft.aim).await?;
        moved_once(moved.rows_affected(), &draft)?;
        let held = if draft.aim == Aim::Book {
            draft.tickets.as_slice()
        } else {
            &[]
        };
        for ticket in held {
            let code = ticket.code.as_str();
            let taken = sqlx::query!(
                "UPDATE draft_ticket SET live = 1 WHERE draft = ?1 AND ticket = ?2",
                n,
                code
            )
            .execute(&mut *tx)
            .await;
            held_elsewhere(&mut tx, taken, &ticket.code).await?;
        }
        let draft = read(&mut tx, id).await?.draft;
        tx.commit().await.in_studio()?;
        Ok(draft)
    }

    /// Writes down that the store has an appointment of a draft's decision, however it came to it: a draft that was
    /// recalled after a try that did reach the store is booked all the same. Returns the drafts that this changed.
    pub(crate) async fn found_booked(
        &self,
        found: &[(DecisionId, AppointmentId)],
        now: DateTime<Utc>,
    ) -> Result<Vec<DraftId>> {
        let mut changed = Vec::new();
        for (decision, appointment) in found {
            let text = decision.to_string();
            // Rows under way hear it from their own answer.
            let known = sqlx::query_scalar!(
                r#"SELECT n AS "n!" FROM draft
                   WHERE decision = ?1 AND state IN ('editing', 'needs_attention', 'discarded')"#,
                text
            )
            .fetch_optional(&self.studio.readers)
            .await
            .in_studio()?;
            if let Some(n) = known {
                let mut tx = self.studio.write().await?;
                let draft = super::read::read_at(&mut tx, n).await?.draft;
                match draft.state.phase() {
                    DraftPhase::Editing | DraftPhase::NeedsAttention | DraftPhase::Discarded => {
                        book(&mut tx, n, *appointment, now).await?;
                        tx.commit().await.in_studio()?;
                        changed.push(draft.id);
                    }
                    DraftPhase::Queued | DraftPhase::Sending | DraftPhase::Booked => {}
                }
            }
        }
        Ok(changed)
    }
}

/// Any state → booked; its tickets are free for another draft.
pub(crate) async fn book(
    tx: &mut SqliteConnection,
    n: i64,
    appointment: AppointmentId,
    now: DateTime<Utc>,
) -> Result<()> {
    let (appointment, at) = (appointment.to_string(), micros(now));
    sqlx::query!(
        "UPDATE draft SET state = 'booked', appointment = ?2, not_before = NULL, attention = NULL, changed_at = ?3
         WHERE n = ?1 AND state <> 'booked'",
        n,
        appointment,
        at
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    sqlx::query!("UPDATE draft_ticket SET live = 0 WHERE draft = ?1", n)
        .execute(tx)
        .await
        .in_studio()?;
    Ok(())
}

/// Nothing moved: the draft is in a state that does not allow it.
fn moved_once(rows: u64, draft: &Draft) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(CacheError::Locked {
            phase: draft.state.phase(),
        })
    }
}
