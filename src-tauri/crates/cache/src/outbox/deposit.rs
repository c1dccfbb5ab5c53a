//! Promise 4: what lies with the store.

use chrono::{DateTime, Utc};
use domain::code::{DecisionId, DraftId};
use domain::deposit::Deposit;
use sqlx::SqliteConnection;
use store::{Attempt, BookOutcome, DepositOutcome, WithdrawOutcome};
use uuid::Uuid;

use super::decide::insert;
use super::settle::{close, drafted, moved_once};
use super::{Outbox, OutboxRow, RowState, Settled, Work};
use crate::drafts::to_json;
use crate::error::{In, Result};
use crate::instant::micros;

impl Outbox {
    /// Writes down the answer to a deposit: it lies with the store and waits, or is decided.
    ///
    /// # Errors
    /// As [`Outbox::complete_book`].
    pub async fn complete_deposit(
        &self,
        row: &OutboxRow,
        outcome: &DepositOutcome,
        now: DateTime<Utc>,
    ) -> Result<Settled> {
        let deposit = match outcome {
            DepositOutcome::Deposited { deposit } => deposit,
            DepositOutcome::Decided { of_it } => return self.complete_book(row, of_it, now).await,
        };
        let (id, body) = (drafted(row)?.to_string(), to_json(deposit)?);
        let (not_before, at) = (micros(deposit.until.at()), micros(now));
        let mut tx = self.studio.write().await?;
        let moved = sqlx::query!(
            "UPDATE outbox SET state = 'waiting', tries = 0, next_attempt = NULL, not_before = ?3, deposit = ?4
             WHERE id = ?1 AND attempt = ?2 AND state = 'sending'",
            row.id,
            row.attempt.number,
            not_before,
            body
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        let moved = sqlx::query!(
            "UPDATE draft SET state = 'queued', not_before = ?2, changed_at = ?3 WHERE id = ?1 AND state = 'sending'",
            id,
            not_before,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        moved_once(moved.rows_affected())?;
        tx.commit().await.in_studio()?;
        Ok(Settled::Deposited)
    }

    /// The store tells how a booking lies there, or that it does not any more: then it is asked what came of it.
    pub(crate) async fn lies(&self, decision: DecisionId, deposit: Option<&Deposit>) -> Result<()> {
        let decision = decision.to_string();
        let body = deposit.map(to_json).transpose()?;
        let (not_before, attempt) = match deposit {
            Some(deposit) => (micros(deposit.until.at()), Some(deposit.attempt)),
            None => (0, None),
        };
        let mut tx = self.studio.write().await?;
        let moved = sqlx::query!(
            "UPDATE outbox SET deposit = coalesce(?3, deposit), not_before = ?2
             WHERE decision = ?1 AND kind = 'book' AND state = 'waiting' AND deposit IS NOT NULL
                 AND attempt = coalesce(?4, attempt)",
            decision,
            not_before,
            body,
            attempt
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        if moved.rows_affected() > 0 && deposit.is_some() {
            sqlx::query!(
                "UPDATE draft SET not_before = ?2 WHERE decision = ?1 AND state = 'queued'",
                decision,
                not_before
            )
            .execute(&mut *tx)
            .await
            .in_studio()?;
        }
        tx.commit().await.in_studio()
    }

    /// Writes down the answer to a withdrawal. What was booked before it arrived is booked: the draft says so, whatever
    /// became of it here.
    ///
    /// # Errors
    /// [`crate::CacheError::Moved`] when it is not sending any more.
    pub async fn complete_withdraw(
        &self,
        row: &OutboxRow,
        outcome: &WithdrawOutcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.studio.write().await?;
        close(&mut tx, row, RowState::Done).await?;
        tx.commit().await.in_studio()?;
        if let WithdrawOutcome::Decided {
            of_it: BookOutcome::Booked { appointment },
        } = outcome
        {
            self.pulled.learn(appointment).await;
            let found = [(appointment.decision, appointment.id)];
            self.drafts().found_booked(&found, now).await?;
        }
        Ok(())
    }

    fn drafts(&self) -> crate::drafts::Drafts {
        crate::drafts::Drafts {
            studio: self.studio.clone(),
            pulled: self.pulled.clone(),
        }
    }
}

/// The row of a draft that is taken back. What lies with the store, or may have reached it, is withdrawn there too.
pub(crate) async fn recall_draft(tx: &mut SqliteConnection, draft: DraftId, now: DateTime<Utc>) -> Result<()> {
    let about = draft.to_string();
    let recalled = sqlx::query!(
        r#"UPDATE outbox SET state = 'recalled' WHERE kind IN ('book', 'change') AND about = ?1 AND state = 'waiting'
           RETURNING decision, attempt AS "attempt!: u32", kind, subjects,
               (tries > 0 OR deposit IS NOT NULL) AS "sent!: bool""#,
        about
    )
    .fetch_optional(&mut *tx)
    .await
    .in_studio()?;
    if let Some(row) = recalled
        && row.kind == "book"
        && row.sent
    {
        let subjects: Vec<String> = crate::drafts::json(&row.subjects)?;
        let work = Work::Withdraw {
            draft,
            attempt: Attempt {
                decision: crate::drafts::code(&row.decision)?,
                number: row.attempt,
            },
        };
        let own = Attempt::first(DecisionId::new(Uuid::now_v7()));
        insert(tx, own, &work, &subjects, None, now).await?;
    }
    Ok(())
}
