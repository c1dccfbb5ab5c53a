//! Decisions that no draft stands for and that the store would not take: kept until the person has read why.

use chrono::{DateTime, Utc};
use domain::code::{AppointmentId, DecisionId};
use domain::dossier::Entry;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use store::{CancelOutcome, CancelRefusal, EnterOutcome, EnterRefusal};

use super::settle::close;
use super::{GaveUp, Outbox, OutboxRow, RowState, Work};
use crate::drafts::{code, json, to_json};
use crate::error::{CacheError, File, In, Result};
use crate::instant::{from_micros, micros};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Studio };

/// A cancellation (R14) or an entry into a dossier that came to nothing, as long as nobody has read why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedDecision {
    /// The decision.
    pub decision: DecisionId,
    /// What was asked, with the person's words.
    pub asked: Asked,
    /// Why it came to nothing.
    pub why: Untaken,
    /// Since when that is known.
    pub refused_at: DateTime<Utc>,
}

/// What such a decision asked of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// R14: to cancel an appointment.
    Cancel {
        /// Which.
        appointment: AppointmentId,
    },
    /// To enter something into a dossier.
    Enter {
        /// What.
        entry: Entry,
    },
}

impl Asked {
    fn of(work: Work) -> Option<Self> {
        match work {
            Work::Cancel { appointment } => Some(Self::Cancel { appointment }),
            Work::Enter { entry } => Some(Self::Enter { entry }),
            Work::Book { .. }
            | Work::Change { .. }
            | Work::Withdraw { .. }
            | Work::Assess { .. }
            | Work::OpenTicket { .. }
            | Work::Remind { .. }
            | Work::Acknowledge { .. } => None,
        }
    }
}

/// Why a decision came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Untaken {
    /// The store cancelled nothing.
    Cancel {
        /// Why.
        why: CancelRefusal,
    },
    /// The store entered nothing.
    Enter {
        /// Why.
        why: EnterRefusal,
    },
    /// The store failed at it, or this program did.
    StoreFailed,
    /// The store is of an older version, which does not know what was asked.
    Unsupported,
}

impl From<GaveUp> for Untaken {
    fn from(why: GaveUp) -> Self {
        match why {
            GaveUp::StoreFailed => Self::StoreFailed,
            GaveUp::Unsupported => Self::Unsupported,
        }
    }
}

impl Outbox {
    /// Writes down the answer to a cancellation. A cancelled appointment is cancelled in the agenda at once; a refusal is
    /// kept for the person to see.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more.
    pub async fn complete_cancel(&self, row: &OutboxRow, outcome: &CancelOutcome, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.studio.write().await?;
        match outcome {
            CancelOutcome::Cancelled { .. } => close(&mut tx, row, RowState::Done).await?,
            CancelOutcome::Refused { why } => {
                close(&mut tx, row, RowState::Refused).await?;
                keep(&mut tx, row, Untaken::Cancel { why: *why }, now).await?;
            }
        }
        tx.commit().await.in_studio()?;
        if let CancelOutcome::Cancelled { appointment } = outcome {
            self.pulled.learn(appointment).await;
        }
        Ok(())
    }

    /// Writes down the answer to an entry into a dossier. One that was refused is not shown there any more, and is kept for
    /// the person to see.
    ///
    /// # Errors
    /// [`CacheError::Moved`] when it is not sending any more.
    pub async fn complete_enter(&self, row: &OutboxRow, outcome: &EnterOutcome, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.studio.write().await?;
        match outcome {
            EnterOutcome::Entered { .. } => close(&mut tx, row, RowState::Done).await?,
            EnterOutcome::Refused { why } => {
                close(&mut tx, row, RowState::Refused).await?;
                keep(&mut tx, row, Untaken::Enter { why: *why }, now).await?;
            }
        }
        tx.commit().await.in_studio()?;
        if let EnterOutcome::Entered { dossier } = outcome {
            self.pulled.learn_dossier(dossier).await;
        }
        self.pulled.lay_entries(&self.studio).await;
        Ok(())
    }

    /// Decisions that came to nothing and that nobody has read about, the last first.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn refused_decisions(&self) -> Result<Vec<RefusedDecision>> {
        sqlx::query!(
            "SELECT decision, work, why, refused_at FROM refused_decision ORDER BY refused_at DESC, decision DESC"
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?
        .into_iter()
        .map(|row| {
            Ok(RefusedDecision {
                decision: code(&row.decision)?,
                asked: Asked::of(json(&row.work)?).ok_or(DAMAGED)?,
                why: json(&row.why)?,
                refused_at: from_micros(row.refused_at)?,
            })
        })
        .collect()
    }

    /// The person has read why a decision came to nothing. Returns whether there was such a one.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn forget_refused_decision(&self, decision: DecisionId) -> Result<bool> {
        let mut tx = self.studio.write().await?;
        let decision = decision.to_string();
        let gone = sqlx::query!("DELETE FROM refused_decision WHERE decision = ?1", decision)
            .execute(&mut *tx)
            .await
            .in_studio()?;
        tx.commit().await.in_studio()?;
        Ok(gone.rows_affected() > 0)
    }
}

/// Keeps a decision that came to nothing, and why.
pub(super) async fn keep(tx: &mut SqliteConnection, row: &OutboxRow, why: Untaken, now: DateTime<Utc>) -> Result<()> {
    let (decision, kind, about) = (row.attempt.decision.to_string(), row.work.kind(), row.work.about());
    let (work, why, at) = (to_json(&row.work)?, to_json(&why)?, micros(now));
    sqlx::query!(
        "INSERT OR REPLACE INTO refused_decision (decision, kind, about, work, why, refused_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        decision,
        kind,
        about,
        work,
        why,
        at
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}

/// The person decides the same anew: what came of it the last time is no news any more.
pub(super) async fn forget_like(tx: &mut SqliteConnection, work: &Work) -> Result<()> {
    let (kind, about) = (work.kind(), work.about());
    sqlx::query!(
        "DELETE FROM refused_decision WHERE kind = ?1 AND about = ?2",
        kind,
        about
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}
