//! S5: reminders on their way, and what became of them.

use chrono::{DateTime, Utc};
use domain::code::{DecisionId, TicketCode};
use sqlx::SqliteConnection;
use store::RemindOutcome;

use super::settle::close;
use super::{Outbox, OutboxRow, RowState, Unreminded, Work};
use crate::drafts::{code, json, to_json};
use crate::error::{CacheError, In, Result};
use crate::instant::{from_micros, micros};

/// A reminder that is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentReminder {
    /// The ticket.
    pub ticket: TicketCode,
    /// The person's words, or none.
    pub words: String,
    /// Its row.
    pub row: OutboxRow,
}

impl SentReminder {
    /// Whether it can be taken back: it has never left this computer.
    pub fn can_recall(&self) -> bool {
        self.row.state == RowState::Waiting && self.row.tries == 0
    }
}

/// A reminder that did not become an entry of the conversation, as long as nobody has read why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedReminder {
    /// The ticket.
    pub ticket: TicketCode,
    /// The person's words, or none.
    pub words: String,
    /// Why.
    pub why: Unreminded,
    /// Since when that is known.
    pub refused_at: DateTime<Utc>,
}

impl Outbox {
    /// S5: decides to remind the sede of a ticket. Where that is under way already, answers with its row. What was refused
    /// before is forgotten: the person tries again.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn remind(
        &self,
        ticket: &TicketCode,
        words: &str,
        decision: DecisionId,
        now: DateTime<Utc>,
    ) -> Result<OutboxRow> {
        self.forget_refused(ticket).await?;
        let work = Work::Remind {
            ticket: ticket.clone(),
            words: words.to_owned(),
        };
        self.decide_once(work, vec![format!("ticket:{ticket}")], decision, now)
            .await
    }

    /// Takes a reminder back that has never left this computer: waiting → recalled. Returns whether there was such a one.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn recall_reminder(&self, ticket: &TicketCode) -> Result<bool> {
        let mut tx = self.studio.write().await?;
        let about = ticket.as_str();
        let moved = sqlx::query!(
            "UPDATE outbox SET state = 'recalled', next_attempt = NULL
             WHERE kind = 'remind' AND about = ?1 AND state = 'waiting' AND tries = 0",
            about
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        tx.commit().await.in_studio()?;
        Ok(moved.rows_affected() > 0)
    }

    /// Reminders on their way, in the order of deciding.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn reminders(&self) -> Result<Vec<SentReminder>> {
        // What lies with the store is no reminder: of the many only those on their way are read.
        let ids = sqlx::query_scalar!(
            r#"SELECT id AS "id!" FROM outbox
               WHERE state IN ('waiting', 'sending') AND deposit IS NULL AND kind = 'remind' ORDER BY id"#
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?;
        let mut reminders = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = self.row(id).await?
                && let Work::Remind { ticket, words } = &row.work
            {
                reminders.push(SentReminder {
                    ticket: ticket.clone(),
                    words: words.clone(),
                    row,
                });
            }
        }
        Ok(reminders)
    }

    /// Reminders that did not go through and that nobody has read about, the last first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn refused_reminders(&self) -> Result<Vec<RefusedReminder>> {
        sqlx::query!("SELECT ticket, words, why, refused_at FROM refused_reminder ORDER BY refused_at DESC, ticket")
            .fetch_all(&self.studio.readers)
            .await
            .in_studio()?
            .into_iter()
            .map(|row| {
                Ok(RefusedReminder {
                    ticket: code(&row.ticket)?,
                    words: row.words,
                    why: json(&row.why)?,
                    refused_at: from_micros(row.refused_at)?,
                })
            })
            .collect()
    }

    /// The person has read why a reminder did not go through. Returns whether there was one.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn forget_refused(&self, ticket: &TicketCode) -> Result<bool> {
        let mut tx = self.studio.write().await?;
        let ticket = ticket.as_str();
        let gone = sqlx::query!("DELETE FROM refused_reminder WHERE ticket = ?1", ticket)
            .execute(&mut *tx)
            .await
            .in_studio()?;
        tx.commit().await.in_studio()?;
        Ok(gone.rows_affected() > 0)
    }

    /// Writes down the answer to a reminder. One that was refused is kept for the person to see.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more.
    pub async fn complete_remind(&self, row: &OutboxRow, outcome: &RemindOutcome, now: DateTime<Utc>) -> Result<()> {
        let Work::Remind { ticket, words } = &row.work else {
            return Err(CacheError::bug("the row reminds of nothing"));
        };
        let mut tx = self.studio.write().await?;
        match outcome {
            RemindOutcome::Reminded { .. } => close(&mut tx, row, RowState::Done).await?,
            RemindOutcome::Refused { why } => {
                close(&mut tx, row, RowState::Refused).await?;
                refuse(&mut tx, ticket, words, Unreminded::Refused { why: *why }, now).await?;
            }
        }
        tx.commit().await.in_studio()
    }
}

/// Keeps a reminder that did not go through, and why.
pub(super) async fn refuse(
    tx: &mut SqliteConnection,
    ticket: &TicketCode,
    words: &str,
    why: Unreminded,
    now: DateTime<Utc>,
) -> Result<()> {
    let (ticket, why, at) = (ticket.as_str(), to_json(&why)?, micros(now));
    sqlx::query!(
        "INSERT INTO refused_reminder (ticket, words, why, refused_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (ticket) DO UPDATE
             SET words = excluded.words, why = excluded.why, refused_at = excluded.refused_at",
        ticket,
        words,
        why,
        at
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}
