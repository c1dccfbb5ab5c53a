//! Idempotency: what was asked under an attempt, and what came of it.

use domain::code::StudioCode;
use domain::people::Person;
use domain::time::Now;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use store::{Attempt, RequestDigest, StoreError};

use crate::failure::{Failure, written};

/// A write that is being answered.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) studio: String,
    pub(crate) attempt: Attempt,
    pub(crate) digest: RequestDigest,
    /// In whose name, where that is kept with it.
    pub(crate) person: Option<Person>,
}

impl Asked {
    /// `operation` with `request`, asked by `studio`.
    pub(crate) fn by<T: Serialize>(
        studio: &StudioCode,
        attempt: Attempt,
        operation: &str,
        request: &T,
    ) -> Result<Self, Failure> {
        Ok(Self {
            studio: studio.as_str().to_owned(),
            attempt,
            digest: RequestDigest::of(operation, request).map_err(|_| Failure::Body("request"))?,
            person: None,
        })
    }

    /// The number of the attempt, as its column holds it.
    pub(crate) fn number(&self) -> i64 {
        i64::from(self.attempt.number)
    }

    /// The outcome, where this was asked before. It is the studio's turn.
    pub(crate) async fn earlier<T: DeserializeOwned>(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Option<T>, Failure> {
        let Some(earlier) = sqlx::query!(
            r#"SELECT digest, outcome::text AS "outcome!" FROM attempt
               WHERE studio = $1 AND decision = $2 AND number = $3"#,
            self.studio,
            self.attempt.decision.uuid(),
            self.number()
        )
        .fetch_optional(connection)
        .await?
        else {
            return Ok(None);
        };
        if !self.digest.is_answered_by(&earlier.digest) {
            return Err(StoreError::AttemptReused.into());
        }
        serde_json::from_str(&earlier.outcome)
            .map(Some)
            .map_err(|_| Failure::Body("outcome"))
    }

    /// The outcome of the attempt, whatever was asked under it. It is the studio's turn.
    pub(crate) async fn whatever<T: DeserializeOwned>(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Option<T>, Failure> {
        let outcome = sqlx::query_scalar!(
            r#"SELECT outcome::text AS "outcome!" FROM attempt WHERE studio = $1 AND decision = $2 AND number = $3"#,
            self.studio,
            self.attempt.decision.uuid(),
            self.number()
        )
        .fetch_optional(connection)
        .await?;
        read(outcome)
    }

    /// The outcome of the attempt that booked the decision's appointment, whichever that was. It is the studio's turn.
    pub(crate) async fn booked<T: DeserializeOwned>(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Option<T>, Failure> {
        let outcome = sqlx::query_scalar!(
            r#"SELECT outcome::text AS "outcome!" FROM attempt WHERE studio = $1 AND decision = $2 AND granted"#,
            self.studio,
            self.attempt.decision.uuid()
        )
        .fetch_optional(connection)
        .await?;
        read(outcome)
    }

    /// Keeps the outcome beside what was asked, in the same transaction as what it says.
    pub(crate) async fn remember<T: Serialize>(
        &self,
        connection: &mut PgConnection,
        outcome: &T,
    ) -> Result<(), Failure> {
        self.remember_as(connection, outcome, false).await
    }

    /// The same; `granted`: whether the attempt is the one of its decision that came to something.
    pub(crate) async fn remember_as<T: Serialize>(
        &self,
        connection: &mut PgConnection,
        outcome: &T,
        granted: bool,
    ) -> Result<(), Failure> {
        let outcome = written(outcome, "outcome")?;
        sqlx::query!(
            "INSERT INTO attempt (studio, decision, number, digest, outcome, granted)
             VALUES ($1, $2, $3, $4, $5::text::json, $6)",
            self.studio,
            self.attempt.decision.uuid(),
            self.number(),
            self.digest.as_bytes().as_slice(),
            outcome,
            granted
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

fn read<T: DeserializeOwned>(outcome: Option<String>) -> Result<Option<T>, Failure> {
    let read = |outcome: String| serde_json::from_str(&outcome).map_err(|_| Failure::Body("outcome"));
    outcome.map(read).transpose()
}

/// That the studio is known, and that nothing is due that comes first.
pub(crate) async fn admitted(connection: &mut PgConnection, studio: &str, now: Now) -> Result<(), Failure> {
    let gate = sqlx::query!(
        r#"SELECT EXISTS (SELECT FROM studio WHERE code = $1) AS "known!",
               EXISTS (SELECT FROM delegation WHERE settles_at <= $2) AS "due!""#,
        studio,
        now.instant()
    )
    .fetch_one(connection)
    .await?;
    match (gate.known, gate.due) {
        (false, _) => Err(StoreError::StudioUnknown.into()),
        (true, true) => Err(Failure::Due),
        (true, false) => Ok(()),
    }
}

/// That nothing is due that comes first, for a call of the sede's.
pub(crate) async fn nothing_due(connection: &mut PgConnection, now: Now) -> Result<(), Failure> {
    let due = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM delegation WHERE settles_at <= $1) AS "due!""#,
        now.instant()
    )
    .fetch_one(connection)
    .await?;
    if due { Err(Failure::Due) } else { Ok(()) }
}
