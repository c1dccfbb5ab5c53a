//! Idempotency: what was asked under an attempt, and what came of it.

use domain::code::{DecisionId, StudioCode};
use domain::time::Now;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;
use store::{Attempt, RequestDigest, StoreError};

use crate::delegation;
use crate::failure::{Failure, read, written};

/// A write that is being answered.
pub(crate) struct Asked {
    /// Row of the studio.
    pub(crate) studio: i64,
    pub(crate) attempt: Attempt,
    digest: RequestDigest,
}

impl Asked {
    /// `operation` with `request`, asked by the studio `code` at `now`. What became due with the time is settled first, so
    /// that nobody is told of what comes after the end of his delegation.
    pub(crate) async fn by<T: Serialize>(
        connection: &mut SqliteConnection,
        code: &StudioCode,
        attempt: Attempt,
        operation: &str,
        request: &T,
        now: Now,
    ) -> Result<Self, Failure> {
        delegation::settle(connection, now).await?;
        Ok(Self {
            studio: studio(connection, code).await?,
            attempt,
            digest: RequestDigest::of(operation, request).map_err(|_| Failure::Body("request"))?,
        })
    }

    /// The outcome, where this was asked before.
    pub(crate) async fn earlier<T: DeserializeOwned>(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Option<T>, Failure> {
        let decision = self.attempt.decision.uuid();
        let Some(earlier) = sqlx::query!(
            "SELECT digest, outcome FROM attempt WHERE studio = ?1 AND decision = ?2 AND number = ?3",
            self.studio,
            decision,
            self.attempt.number
        )
        .fetch_optional(connection)
        .await?
        else {
            return Ok(None);
        };
        if earlier.digest != self.digest.as_bytes() {
            return Err(StoreError::AttemptReused.into());
        }
        read(&earlier.outcome, "outcome").map(Some)
    }

    /// Keeps the outcome beside what was asked, in the same transaction as what it says.
    pub(crate) async fn remember<T: Serialize>(
        &self,
        connection: &mut SqliteConnection,
        outcome: &T,
    ) -> Result<(), Failure> {
        let decision = self.attempt.decision.uuid();
        let digest = self.digest.as_bytes().as_slice();
        let outcome = written(outcome, "outcome")?;
        sqlx::query!(
            "INSERT INTO attempt (studio, decision, number, digest, outcome) VALUES (?1, ?2, ?3, ?4, ?5)",
            self.studio,
            decision,
            self.attempt.number,
            digest,
            outcome
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The outcome under which the appointment of `decision` was booked, whatever attempt asks now.
pub(crate) async fn booked<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    studio: i64,
    decision: DecisionId,
) -> Result<Option<T>, Failure> {
    let decision = decision.uuid();
    sqlx::query_scalar!(
        "SELECT attempt.outcome FROM appointment
         JOIN attempt ON attempt.studio = appointment.studio AND attempt.decision = appointment.decision
             AND attempt.number = appointment.attempt
         WHERE appointment.studio = ?1 AND appointment.decision = ?2",
        studio,
        decision
    )
    .fetch_optional(connection)
    .await?
    .map(|outcome| read(&outcome, "outcome"))
    .transpose()
}

/// The row of a studio.
pub(crate) async fn studio(connection: &mut SqliteConnection, code: &StudioCode) -> Result<i64, Failure> {
    let code = code.as_str();
    sqlx::query_scalar!(r#"SELECT id AS "id!" FROM studio WHERE code = ?1"#, code)
        .fetch_optional(connection)
        .await?
        .ok_or(Failure::Store(StoreError::StudioUnknown))
}
