//! What becomes of a row that has no answer and will have none.

use chrono::{DateTime, Utc};

use super::settle::{close, drafted, refuse};
use super::{GaveUp, Outbox, OutboxRow, RowState, Unreminded, Work, refused, reminder};
use crate::drafts::{Attention, to_json};
use crate::error::{In, Result};

impl Outbox {
    /// The draft can't go out as it is, or the store failed at it: it needs attention.
    ///
    /// # Errors
    /// As [`Outbox::complete_book`].
    pub async fn needs_attention(&self, row: &OutboxRow, why: &Attention, now: DateTime<Utc>) -> Result<()> {
        let draft = drafted(row)?;
        let mut tx = self.studio.write().await?;
        refuse(&mut tx, row, draft, why, now).await?;
        tx.commit().await.in_studio()
    }

    /// The store will never answer this row otherwise than it did: it is over, and what the store says holds. A judgement
    /// is forgotten with it; a reminder, a cancellation and an entry of a dossier are kept for the person to see.
    ///
    /// # Errors
    /// [`crate::CacheError::Moved`] when it is not sending any more.
    pub async fn give_up(&self, row: &OutboxRow, why: GaveUp, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.studio.write().await?;
        close(&mut tx, row, RowState::Refused).await?;
        let judged = match &row.work {
            Work::Assess { ticket, judgement } => {
                let (ticket, judgement) = (ticket.as_str(), to_json(judgement)?);
                sqlx::query!(
                    "DELETE FROM judgement WHERE ticket = ?1 AND judgement = ?2",
                    ticket,
                    judgement
                )
                .execute(&mut *tx)
                .await
                .in_studio()?;
                true
            }
            Work::Remind { ticket, words } => {
                let why = match why {
                    GaveUp::StoreFailed => Unreminded::StoreFailed,
                    GaveUp::Unsupported => Unreminded::Unsupported,
                };
                reminder::refuse(&mut tx, ticket, words, why, now).await?;
                false
            }
            Work::Cancel { .. } | Work::Enter { .. } => {
                refused::keep(&mut tx, row, why.into(), now).await?;
                false
            }
            Work::Book { .. }
            | Work::Change { .. }
            | Work::Withdraw { .. }
            | Work::OpenTicket { .. }
            | Work::Acknowledge { .. } => false,
        };
        tx.commit().await.in_studio()?;
        if judged {
            self.pulled.overlay_from(&self.studio).await;
        }
        if let Work::Enter { .. } = &row.work {
            self.pulled.lay_entries(&self.studio).await;
        }
        Ok(())
    }
}
