//! Reading the outbox.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::code::{AppointmentId, CommunicationId, DraftId};
use sqlx::SqliteConnection;
use store::Attempt;

use super::{Outbox, OutboxRow, RowState, Work};
use crate::drafts::{code, json, small};
use crate::error::{CacheError, File, In, Result};
use crate::instant::{from_micros, micros};
use crate::requests;

const DAMAGED: CacheError = CacheError::Damaged { file: File::Studio };

pub(super) struct Raw {
    pub(super) id: i64,
    pub(super) decision: String,
    pub(super) attempt: i64,
    pub(super) work: String,
    pub(super) subjects: String,
    pub(super) state: String,
    pub(super) not_before: Option<i64>,
    pub(super) tries: i64,
    pub(super) decided_at: i64,
    pub(super) last_attempt: Option<i64>,
    pub(super) next_attempt: Option<i64>,
    pub(super) deposit: Option<String>,
}

impl TryFrom<Raw> for OutboxRow {
    type Error = CacheError;

    fn try_from(raw: Raw) -> Result<Self> {
        Ok(Self {
            id: raw.id,
            attempt: Attempt {
                decision: code(&raw.decision)?,
                number: small(raw.attempt)?,
            },
            work: json(&raw.work)?,
            subjects: json(&raw.subjects)?,
            state: RowState::of_word(&raw.state).ok_or(DAMAGED)?,
            not_before: raw.not_before.map(from_micros).transpose()?,
            tries: small(raw.tries)?,
            decided_at: from_micros(raw.decided_at)?,
            last_attempt: raw.last_attempt.map(from_micros).transpose()?,
            next_attempt: raw.next_attempt.map(from_micros).transpose()?,
            deposit: raw.deposit.as_deref().map(json).transpose()?,
        })
    }
}

impl Outbox {
    /// What is still under way, in the order of deciding.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn pending(&self) -> Result<Vec<OutboxRow>> {
        sqlx::query_as!(
            Raw,
            r#"SELECT id AS "id!", decision, attempt, work, subjects, state, not_before, tries, decided_at, last_attempt,
                   next_attempt, deposit
               FROM outbox WHERE state IN ('waiting', 'sending') ORDER BY id"#
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?
        .into_iter()
        .map(OutboxRow::try_from)
        .collect()
    }

    /// What may go out now: what is on its way, and what lies with the store once its moment has come; in the order of
    /// deciding. However much lies there, only that is read.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn due(&self, now: DateTime<Utc>) -> Result<Vec<OutboxRow>> {
        let now = micros(now);
        let mut rows = sqlx::query_as!(
            Raw,
            r#"SELECT id AS "id!", decision AS "decision!", attempt AS "attempt!: i64", work AS "work!",
                   subjects AS "subjects!", state AS "state!", not_before AS "not_before: i64", tries AS "tries!: i64",
                   decided_at AS "decided_at!: i64", last_attempt AS "last_attempt: i64",
                   next_attempt AS "next_attempt: i64", deposit AS "deposit: String"
               FROM outbox WHERE state IN ('waiting', 'sending') AND deposit IS NULL
               UNION ALL
               SELECT id, decision, attempt, work, subjects, state, not_before, tries, decided_at, last_attempt,
                   next_attempt, deposit
               FROM outbox WHERE state IN ('waiting', 'sending') AND deposit IS NOT NULL AND not_before <= ?1"#,
            now
        )
        .fetch_all(&self.studio.readers)
        .await
        .in_studio()?
        .into_iter()
        .map(OutboxRow::try_from)
        .collect::<Result<Vec<_>>>()?;
        rows.sort_by_key(|row| row.id);
        Ok(rows)
    }

    /// When the next of what lies with the store is to be asked for.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn next_deposited(&self) -> Result<Option<DateTime<Utc>>> {
        sqlx::query_scalar!(
            r#"SELECT min(not_before) AS "at: i64" FROM outbox
               WHERE state IN ('waiting', 'sending') AND deposit IS NOT NULL"#
        )
        .fetch_one(&self.studio.readers)
        .await
        .in_studio()?
        .map(from_micros)
        .transpose()
    }

    /// Whether an attempt of the draft is being taken back.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn is_withdrawing(&self, draft: DraftId) -> Result<bool> {
        let about = draft.to_string();
        sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM outbox
                   WHERE kind = 'withdraw' AND about = ?1 AND state IN ('waiting', 'sending')) AS "is!: bool""#,
            about
        )
        .fetch_one(&self.studio.readers)
        .await
        .in_studio()
    }

    /// How many decisions are still under way. What lies with the store has arrived.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn waiting(&self) -> Result<u32> {
        let count = sqlx::query_scalar!(
            r#"SELECT count(*) AS "n!: i64" FROM outbox WHERE state IN ('waiting', 'sending') AND deposit IS NULL"#
        )
        .fetch_one(&self.studio.readers)
        .await
        .in_studio()?;
        small(count)
    }

    /// The row as it is now.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn row(&self, id: i64) -> Result<Option<OutboxRow>> {
        let mut connection = self.studio.readers.acquire().await.in_studio()?;
        read(&mut connection, id).await
    }

    /// The newest row of a draft.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn of_draft(&self, draft: DraftId) -> Result<Option<OutboxRow>> {
        let about = draft.to_string();
        sqlx::query_as!(
            Raw,
            r#"SELECT id AS "id!", decision, attempt, work, subjects, state, not_before, tries, decided_at, last_attempt,
                   next_attempt, deposit
               FROM outbox WHERE kind IN ('book', 'change') AND about = ?1 ORDER BY id DESC LIMIT 1"#,
            about
        )
        .fetch_optional(&self.studio.readers)
        .await
        .in_studio()?
        .map(OutboxRow::try_from)
        .transpose()
    }

    /// The newest row of a request.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn of_request(&self, request: DraftId) -> Result<Option<OutboxRow>> {
        let mut connection = self.studio.readers.acquire().await.in_studio()?;
        requests::row_of(&mut connection, request).await
    }

    /// Appointments whose cancellation is on its way.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn cancelling(&self) -> Result<HashSet<AppointmentId>> {
        let pending = self.pending().await?;
        Ok(pending
            .into_iter()
            .filter_map(|row| match row.work {
                Work::Cancel { appointment } => Some(appointment),
                Work::Book { .. }
                | Work::Change { .. }
                | Work::Withdraw { .. }
                | Work::Assess { .. }
                | Work::OpenTicket { .. }
                | Work::Remind { .. }
                | Work::Acknowledge { .. }
                | Work::Enter { .. } => None,
            })
            .collect())
    }

    /// Communications whose acknowledgement is on its way.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn acknowledging(&self) -> Result<HashSet<CommunicationId>> {
        let pending = self.pending().await?;
        Ok(pending
            .into_iter()
            .filter_map(|row| match row.work {
                Work::Acknowledge { communication, .. } => Some(communication),
                Work::Book { .. }
                | Work::Change { .. }
                | Work::Withdraw { .. }
                | Work::Assess { .. }
                | Work::OpenTicket { .. }
                | Work::Remind { .. }
                | Work::Cancel { .. }
                | Work::Enter { .. } => None,
            })
            .collect())
    }
}

pub(crate) async fn read(connection: &mut SqliteConnection, id: i64) -> Result<Option<OutboxRow>> {
    sqlx::query_as!(
        Raw,
        r#"SELECT id AS "id!", decision, attempt, work, subjects, state, not_before, tries, decided_at, last_attempt,
               next_attempt, deposit
           FROM outbox WHERE id = ?1"#,
        id
    )
    .fetch_optional(connection)
    .await
    .in_studio()?
    .map(OutboxRow::try_from)
    .transpose()
}
