//! Idempotency: what was asked under an attempt, and what came of it.

use domain::code::{DecisionId, StudioCode};
use domain::people::Person;
use domain::time::Now;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use store::{Attempt, RequestDigest, StoreError};

use crate::failure::{Failure, read, written};
use crate::reach::Reach;
use crate::{delegation, deposit};

/// A transaction that may write, and its moment. What became due by then is settled, in a transaction of its own: what came
/// of it stands, whatever becomes of this one.
pub(crate) async fn in_turn(reach: &Reach) -> Result<(Transaction<'static, Sqlite>, Now), Failure> {
    loop {
        let mut transaction = reach.write().await?;
        let now = reach.now();
        if !settle(&mut transaction, now).await? {
            return Ok((transaction, now));
        }
        reach.commit(transaction).await?;
    }
}

/// Settles what became due: delegations, then deposits. Returns whether something was.
pub(crate) async fn settle(connection: &mut SqliteConnection, now: Now) -> Result<bool, Failure> {
    let delegations = delegation::settle(connection, now).await?;
    // A call of its own, and not of its caller's size: it books.
    let deposits = Box::pin(deposit::settle(connection, now)).await?;
    Ok(delegations || deposits)
}

/// A write that is being answered.
pub(crate) struct Asked {
    /// Row of the studio.
    pub(crate) studio: i64,
    pub(crate) attempt: Attempt,
    pub(crate) digest: RequestDigest,
    /// In whose name, where that is kept with it.
    pub(crate) person: Option<Person>,
}

impl Asked {
    /// `operation` with `request`, asked by the studio `code`.
    pub(crate) async fn by<T: Serialize>(
        connection: &mut SqliteConnection,
        code: &StudioCode,
        attempt: Attempt,
        operation: &str,
        request: &T,
    ) -> Result<Self, Failure> {
        Ok(Self {
            studio: studio(connection, code).await?,
            attempt,
            digest: RequestDigest::of(operation, request).map_err(|_| Failure::Body("request"))?,
            person: None,
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
        if !self.digest.is_answered_by(&earlier.digest) {
            return Err(StoreError::AttemptReused.into());
        }
        read(&earlier.outcome, "outcome").map(Some)
    }

    /// The outcome of the attempt, whatever was asked under it.
    pub(crate) async fn whatever<T: DeserializeOwned>(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Option<T>, Failure> {
        let decision = self.attempt.decision.uuid();
        sqlx::query_scalar!(
            "SELECT outcome FROM attempt WHERE studio = ?1 AND decision = ?2 AND number = ?3",
            self.studio,
            decision,
            self.attempt.number
        )
        .fetch_optional(connection)
        .await?
        .map(|outcome| read(&outcome, "outcome"))
        .transpose()
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
