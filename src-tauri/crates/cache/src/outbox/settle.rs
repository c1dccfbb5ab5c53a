//! What becomes of a row: taken, swallowed by the network, answered.

use chrono::{DateTime, Utc};
use domain::booking::Refusal;
use domain::code::DraftId;
use domain::eligibility::Eligibility;
use domain::ticket::Judgement;
use domain::time::midnight;
use sqlx::SqliteConnection;
use store::{AcknowledgeOutcome, AssessOutcome, BookOutcome, BookRefusal, ChangeOutcome, ChangeRefusal, OpenOutcome};

use super::read::read;
use super::{Outbox, OutboxRow, RowState, Settled, Work};
use crate::drafts::{Attention, Numbered, book, json, read as read_draft, to_json};
use crate::error::{CacheError, In, Result};
use crate::instant::micros;
use crate::requests::{self, RequestAttention};

impl Outbox {
    /// Waiting → sending, and its draft with it. A row that is `sending` at start is taken again under the same attempt.
    /// Returns the row as it is now; nothing where somebody moved it meanwhile (recalled it, say).
    ///
    /// # Errors
    /// Those of the file.
    pub async fn take(&self, row: &OutboxRow, now: DateTime<Utc>) -> Result<Option<OutboxRow>> {
        let mut tx = self.studio.write().await?;
        let at = micros(now);
        let moved = sqlx::query!(
            "UPDATE outbox SET state = 'sending', tries = tries + 1, last_attempt = ?4, next_attempt = NULL
             WHERE id = ?1 AND attempt = ?2 AND tries = ?3 AND state IN ('waiting', 'sending')",
            row.id,
            row.attempt.number,
            row.tries,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        if moved.rows_affected() == 0 {
            return Ok(None);
        }
        if let Some(draft) = row.work.draft() {
            let id = draft.to_string();
            let moved = sqlx::query!(
                "UPDATE draft SET state = 'sending', changed_at = ?2 WHERE id = ?1 AND state IN ('queued', 'sending')",
                id,
                at
            )
            .execute(&mut *tx)
            .await
            .in_studio()?;
            if moved.rows_affected() == 0 {
                return Ok(None);
            }
        }
        if let Work::OpenTicket { request } = &row.work
            && !requests::follow(&mut tx, *request, true, now).await?
        {
            return Ok(None);
        }
        let row = read(&mut tx, row.id).await?;
        tx.commit().await.in_studio()?;
        Ok(row)
    }

    /// Sending → waiting: the network gave no answer. It goes out again, under the same attempt, from `next_attempt` on.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more.
    pub async fn swallowed(&self, row: &OutboxRow, next_attempt: DateTime<Utc>) -> Result<()> {
        let mut tx = self.studio.write().await?;
        let next = micros(next_attempt);
        let moved = sqlx::query!(
            "UPDATE outbox SET state = 'waiting', next_attempt = ?3 WHERE id = ?1 AND attempt = ?2 AND state = 'sending'",
            row.id,
            row.attempt.number,
            next
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        if let Some(draft) = row.work.draft() {
            let id = draft.to_string();
            sqlx::query!(
                "UPDATE draft SET state = 'queued' WHERE id = ?1 AND state = 'sending'",
                id
            )
            .execute(&mut *tx)
            .await
            .in_studio()?;
        }
        if let Work::OpenTicket { request } = &row.work {
            requests::follow(&mut tx, *request, false, next_attempt).await?;
        }
        tx.commit().await.in_studio()
    }

    /// Writes down the answer to a request: the row and the request, in one transaction.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more; [`CacheError::Bug`] for a row of no request.
    pub async fn complete_open(&self, row: &OutboxRow, outcome: &OpenOutcome, now: DateTime<Utc>) -> Result<()> {
        match outcome {
            OpenOutcome::Opened { ticket } => {
                let mut tx = self.studio.write().await?;
                close(&mut tx, row, RowState::Done).await?;
                requests::opened(&mut tx, requested(row)?, &ticket.code, now).await?;
                tx.commit().await.in_studio()
            }
            OpenOutcome::Refused { why } => {
                let why = RequestAttention::Refused { why: why.clone() };
                self.request_needs_attention(row, &why, now).await
            }
        }
    }

    /// The request can't go out as it is, was refused, or the store failed at it: it needs attention.
    ///
    /// # Errors
    /// As [`Outbox::complete_open`].
    pub async fn request_needs_attention(
        &self,
        row: &OutboxRow,
        why: &RequestAttention,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.studio.write().await?;
        close(&mut tx, row, RowState::Refused).await?;
        requests::refused(&mut tx, requested(row)?, why, now).await?;
        tx.commit().await.in_studio()
    }

    /// Writes down the answer to a booking: the row and its draft, in one transaction. A ticket that ripens later (R4)
    /// waits for that midnight under the next attempt, by itself; every other refusal needs attention. What was booked is
    /// in the agenda at once.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more; [`CacheError::Bug`] for a row of no draft.
    pub async fn complete_book(&self, row: &OutboxRow, outcome: &BookOutcome, now: DateTime<Utc>) -> Result<Settled> {
        let draft = drafted(row)?;
        let mut tx = self.studio.write().await?;
        let settled = match outcome {
            BookOutcome::Booked { appointment } => {
                close(&mut tx, row, RowState::Done).await?;
                let Numbered { n, .. } = read_draft(&mut tx, draft).await?;
                book(&mut tx, n, appointment.id, now).await?;
                Settled::Booked(appointment.clone())
            }
            BookOutcome::Refused {
                why:
                    BookRefusal::Rule {
                        refusal:
                            Refusal::TicketNotBookable {
                                eligibility: Eligibility::BookableFrom { on, .. },
                                ..
                            },
                    },
            } => {
                let not_before = midnight(*on);
                requeue(&mut tx, row, draft, not_before, now).await?;
                Settled::Requeued { not_before }
            }
            BookOutcome::Refused { why } => {
                let attention = Attention::Refused { why: why.clone() };
                refuse(&mut tx, row, draft, &attention, now).await?;
                Settled::NeedsAttention(attention)
            }
        };
        tx.commit().await.in_studio()?;
        if let Settled::Booked(appointment) = &settled {
            self.pulled.learn(appointment).await;
        }
        Ok(settled)
    }

    /// Writes down the answer to a change: the row and its draft, in one transaction. The appointment is in the agenda as it
    /// is now at once, also where it was refused because it is another by now.
    ///
    /// # Errors
    /// As [`Outbox::complete_book`].
    pub async fn complete_change(
        &self,
        row: &OutboxRow,
        outcome: &ChangeOutcome,
        now: DateTime<Utc>,
    ) -> Result<Settled> {
        let draft = drafted(row)?;
        let mut tx = self.studio.write().await?;
        let settled = match outcome {
            ChangeOutcome::Changed { appointment } => {
                close(&mut tx, row, RowState::Done).await?;
                let Numbered { n, .. } = read_draft(&mut tx, draft).await?;
                book(&mut tx, n, appointment.id, now).await?;
                Settled::Booked(appointment.clone())
            }
            ChangeOutcome::Refused { why } => {
                let attention = Attention::ChangeRefused { why: why.clone() };
                refuse(&mut tx, row, draft, &attention, now).await?;
                Settled::NeedsAttention(attention)
            }
        };
        tx.commit().await.in_studio()?;
        match outcome {
            ChangeOutcome::Changed { appointment }
            | ChangeOutcome::Refused {
                why: ChangeRefusal::Overtaken { appointment },
            } => self.pulled.learn(appointment).await,
            ChangeOutcome::Refused { .. } => {}
        }
        Ok(settled)
    }

    /// Writes down the answer to a judgement. One that is about nothing any more (the ticket was reopened or answered
    /// anew) is forgotten: what the store says holds.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more.
    pub async fn complete_assess(&self, row: &OutboxRow, outcome: AssessOutcome) -> Result<()> {
        let Work::Assess { ticket, judgement } = &row.work else {
            return Err(CacheError::bug("the row judges no reply"));
        };
        let mut tx = self.studio.write().await?;
        let state = match outcome {
            AssessOutcome::Assessed => RowState::Done,
            AssessOutcome::ReplyChanged | AssessOutcome::UnknownTicket => RowState::Refused,
        };
        close(&mut tx, row, state).await?;
        let ticket = ticket.as_str();
        let known = sqlx::query_scalar!("SELECT judgement FROM judgement WHERE ticket = ?1", ticket)
            .fetch_optional(&mut *tx)
            .await
            .in_studio()?;
        // A later judgement of the same ticket may be on its way: this answer is not about it.
        if let Some(known) = known
            && json::<Judgement>(&known)? == *judgement
        {
            match state {
                RowState::Done => sqlx::query!("UPDATE judgement SET told = 1 WHERE ticket = ?1", ticket),
                RowState::Refused | RowState::Waiting | RowState::Sending | RowState::Recalled => {
                    sqlx::query!("DELETE FROM judgement WHERE ticket = ?1", ticket)
                }
            }
            .execute(&mut *tx)
            .await
            .in_studio()?;
        }
        tx.commit().await.in_studio()?;
        self.pulled.overlay_from(&self.studio).await;
        Ok(())
    }

    /// Writes down the answer to an acknowledgement.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more.
    pub async fn complete_acknowledge(
        &self,
        row: &OutboxRow,
        outcome: AcknowledgeOutcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let Work::Acknowledge {
            appointment,
            communication,
        } = &row.work
        else {
            return Err(CacheError::bug("the row acknowledges nothing"));
        };
        let mut tx = self.studio.write().await?;
        let state = match outcome {
            AcknowledgeOutcome::Acknowledged => RowState::Done,
            AcknowledgeOutcome::UnknownCommunication => RowState::Refused,
        };
        close(&mut tx, row, state).await?;
        tx.commit().await.in_studio()?;
        match outcome {
            AcknowledgeOutcome::Acknowledged => self.pulled.acknowledged(*appointment, *communication, now).await,
            AcknowledgeOutcome::UnknownCommunication => {}
        }
        Ok(())
    }
}

fn requested(row: &OutboxRow) -> Result<DraftId> {
    match row.work {
        Work::OpenTicket { request } => Ok(request),
        _ => Err(CacheError::bug("the row is of no request")),
    }
}

pub(super) fn drafted(row: &OutboxRow) -> Result<DraftId> {
    row.work
        .draft()
        .ok_or_else(|| CacheError::bug("the row is of no draft"))
}

pub(super) fn moved_once(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(CacheError::Moved) }
}

/// Sending → `state`.
pub(super) async fn close(tx: &mut SqliteConnection, row: &OutboxRow, state: RowState) -> Result<()> {
    let state = state.word();
    let moved = sqlx::query!(
        "UPDATE outbox SET state = ?3, next_attempt = NULL WHERE id = ?1 AND attempt = ?2 AND state = 'sending'",
        row.id,
        row.attempt.number,
        state
    )
    .execute(tx)
    .await
    .in_studio()?;
    moved_once(moved.rows_affected())
}

/// Row refused, draft sending → needs attention.
pub(super) async fn refuse(
    tx: &mut SqliteConnection,
    row: &OutboxRow,
    draft: DraftId,
    why: &Attention,
    now: DateTime<Utc>,
) -> Result<()> {
    close(tx, row, RowState::Refused).await?;
    let (id, why, at) = (draft.to_string(), to_json(why)?, micros(now));
    let moved = sqlx::query!(
        "UPDATE draft SET state = 'needs_attention', attention = ?2, not_before = NULL, changed_at = ?3
         WHERE id = ?1 AND state = 'sending'",
        id,
        why,
        at
    )
    .execute(tx)
    .await
    .in_studio()?;
    moved_once(moved.rows_affected())
}

/// Row sending → waiting under the next attempt, draft sending → queued.
async fn requeue(
    tx: &mut SqliteConnection,
    row: &OutboxRow,
    draft: DraftId,
    not_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (since, id, at) = (micros(not_before), draft.to_string(), micros(now));
    let moved = sqlx::query!(
        "UPDATE outbox SET state = 'waiting', attempt = attempt + 1, tries = 0, not_before = ?3, next_attempt = NULL,
             deposit = NULL
         WHERE id = ?1 AND attempt = ?2 AND state = 'sending'",
        row.id,
        row.attempt.number,
        since
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    moved_once(moved.rows_affected())?;
    let moved = sqlx::query!(
        "UPDATE draft SET state = 'queued', attempts = attempts + 1, not_before = ?2, changed_at = ?3
         WHERE id = ?1 AND state = 'sending'",
        id,
        since,
        at
    )
    .execute(tx)
    .await
    .in_studio()?;
    moved_once(moved.rows_affected())
}
