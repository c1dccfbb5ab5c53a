//! Promise 4: bookings that lie here until their tickets are ripe (R4), or until a place comes free (R11).
//!
//! Each knows when it is due. Whoever takes a place at a point settles first what is due there, in the order of deposit. Who
//! gives one back makes what waits there for a place due in the same transaction: nobody gets it before the longest waiting.
//! What nobody asks for, the server settles as time passes.

use chrono::{DateTime, Utc};
use domain::booking::Booking;
use domain::code::{DecisionId, StudioCode};
use domain::deposit::{Awaited, Deposit};
use domain::people::Person;
use domain::time::Now;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{Attempt, BookOutcome, BookRefusal, DepositOutcome, RequestDigest, StoreError, WithdrawOutcome};

use crate::attempt::{Asked, admitted};
use crate::booking::{self, Came, Purpose};
use crate::delegation;
use crate::failure::{Failure, inner, written};
use crate::feed::{self, As, Kind, told};
use crate::reach::{PAUSE, ROUNDS, Reach};
use crate::turn;

/// A point, and the sede that keeps its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) sede: String,
    pub(crate) point: String,
}

/// A deposit that is not over.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) sede: String,
    pub(crate) number: i64,
    pub(crate) asked: Asked,
    pub(crate) booking: Booking,
    pub(crate) deposit: Deposit,
    pub(crate) waits: bool,
}

struct Row {
    sede: String,
    number: i64,
    studio: String,
    decision: uuid::Uuid,
    attempt: i64,
    digest: Vec<u8>,
    booking: Json<Booking>,
    body: Json<Deposit>,
    waits: bool,
}

impl TryFrom<Row> for Live {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        Ok(Self {
            sede: row.sede,
            number: row.number,
            asked: Asked {
                person: None,
                studio: row.studio,
                attempt: Attempt {
                    decision: DecisionId::new(row.decision),
                    number: u32::try_from(row.attempt).map_err(|_| Failure::Body("deposit"))?,
                },
                digest: RequestDigest::from_bytes(&row.digest).ok_or(Failure::Body("deposit"))?,
            },
            booking: inner(row.booking),
            deposit: inner(row.body),
            waits: row.waits,
        })
    }
}

impl Live {
    /// The one of this decision. It is the studio's turn.
    pub(crate) async fn of(
        connection: &mut PgConnection,
        studio: &str,
        decision: DecisionId,
    ) -> Result<Option<Self>, Failure> {
        sqlx::query_as!(
            Row,
            r#"SELECT sede, number, studio, decision, attempt, digest, booking AS "booking: Json<Booking>",
                   body AS "body: Json<Deposit>", waits
               FROM deposit WHERE studio = $1 AND decision = $2 AND ended_at IS NULL"#,
            studio,
            decision.uuid()
        )
        .fetch_optional(connection)
        .await?
        .map(Self::try_from)
        .transpose()
    }

    /// The first that is due at a point.
    async fn first_due(connection: &mut PgConnection, at: &At, now: Now) -> Result<Option<Self>, Failure> {
        sqlx::query_as!(
            Row,
            r#"SELECT sede, number, studio, decision, attempt, digest, booking AS "booking: Json<Booking>",
                   body AS "body: Json<Deposit>", waits
               FROM deposit WHERE sede = $1 AND point = $2 AND ended_at IS NULL AND due_at <= $3
               ORDER BY number LIMIT 1"#,
            at.sede,
            at.point,
            now.instant()
        )
        .fetch_optional(connection)
        .await?
        .map(Self::try_from)
        .transpose()
    }

    /// Whether it is still as it was read, now that it is the studio's turn.
    pub(crate) async fn still_lies(&self, connection: &mut PgConnection) -> Result<bool, Failure> {
        let there = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM deposit WHERE sede = $1 AND number = $2 AND ended_at IS NULL) AS "there!""#,
            self.sede,
            self.number
        )
        .fetch_one(connection)
        .await?;
        Ok(there)
    }

    /// It is over.
    pub(crate) async fn end(&self, connection: &mut PgConnection, now: Now) -> Result<(), Failure> {
        sqlx::query!(
            "UPDATE deposit SET ended_at = $3 WHERE sede = $1 AND number = $2 AND ended_at IS NULL",
            self.sede,
            self.number,
            now.instant()
        )
        .execute(&mut *connection)
        .await?;
        self.tell(connection, As::Gone).await
    }

    /// Nothing comes of it.
    pub(crate) async fn withdraw(&self, connection: &mut PgConnection, now: Now) -> Result<(), Failure> {
        self.asked.remember(connection, &WITHDRAWN).await?;
        self.end(connection, now).await
    }

    /// It waits for something else, or longer.
    pub(crate) async fn go_on(
        &self,
        connection: &mut PgConnection,
        until: Awaited,
        now: Now,
    ) -> Result<Deposit, Failure> {
        let after = Deposit {
            until,
            ..self.deposit.clone()
        };
        sqlx::query!(
            "UPDATE deposit SET body = $3::text::json, for_a_place = $4, due_at = $5 WHERE sede = $1 AND number = $2",
            self.sede,
            self.number,
            written(&after, "deposit")?,
            is_for_a_place(until),
            until.at()
        )
        .execute(&mut *connection)
        .await?;
        keep_files(connection, &self.asked.studio, &self.booking, now).await?;
        if after != self.deposit {
            self.tell(connection, As::Put).await?;
        }
        Ok(after)
    }

    async fn tell(&self, connection: &mut PgConnection, how: As) -> Result<(), Failure> {
        let decision = self.asked.attempt.decision.to_string();
        let changed = told(self.asked.studio.clone(), Kind::Deposit, self.sede.clone(), decision);
        feed::tell(connection, [(changed, how)]).await
    }
}

const fn is_for_a_place(until: Awaited) -> bool {
    matches!(until, Awaited::Place { .. })
}

/// R10: what no appointment names is forgotten after a while, and not as long as a booking waits that names it.
async fn keep_files(connection: &mut PgConnection, studio: &str, booking: &Booking, now: Now) -> Result<(), Failure> {
    let files = &booking.content.attachments;
    if files.is_empty() {
        return Ok(());
    }
    let hashes: Vec<Vec<u8>> = files.iter().map(|file| file.hash.as_bytes().to_vec()).collect();
    sqlx::query!(
        "UPDATE upload SET touched_at = $3 WHERE studio = $1 AND hash = ANY ($2) AND NOT claimed",
        studio,
        &hashes,
        now.instant()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lays a booking down here. It is the studio's turn and the sede's.
pub(crate) async fn keep(
    connection: &mut PgConnection,
    asked: &Asked,
    sede: &str,
    booking: &Booking,
    waits: bool,
    until: Awaited,
    now: Now,
) -> Result<Deposit, Failure> {
    let Attempt { decision, number } = asked.attempt;
    let deposit = Deposit::of(booking, decision, number, asked.person.clone(), now.instant(), until);
    let tickets: Vec<String> = deposit.tickets.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "INSERT INTO deposit (sede, studio, decision, attempt, digest, point, tickets, booking, body, waits, for_a_place,
             due_at, deposited_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json, $9::text::json, $10, $11, $12, $13)",
        sede,
        asked.studio,
        asked.attempt.decision.uuid(),
        asked.number(),
        asked.digest.as_bytes().as_slice(),
        booking.point.as_str(),
        &tickets,
        written(booking, "booking")?,
        written(&deposit, "deposit")?,
        waits,
        is_for_a_place(until),
        until.at(),
        now.instant()
    )
    .execute(&mut *connection)
    .await?;
    keep_files(connection, &asked.studio, booking, now).await?;
    let decision = asked.attempt.decision.to_string();
    let changed = told(asked.studio.clone(), Kind::Deposit, sede.to_owned(), decision);
    feed::tell(connection, [(changed, As::Put)]).await?;
    Ok(deposit)
}

/// Leaves a booking here for `studio`.
pub(crate) async fn deposit(
    reach: &Reach,
    studio: &StudioCode,
    person: Option<&Person>,
    attempt: Attempt,
    booking: &Booking,
    waits: bool,
) -> Result<DepositOutcome, Failure> {
    let asked = Asked {
        person: person.cloned(),
        ..Asked::by(studio, attempt, "book", booking)?
    };
    let purpose = Purpose::Deposit { waits };
    let came = reach
        .tried(|| booking::in_turn(reach, &asked, booking, purpose))
        .await?;
    Ok(match came {
        Came::To(of_it) => DepositOutcome::Decided { of_it },
        Came::Lies(deposit) => DepositOutcome::Deposited { deposit },
    })
}

/// Takes an attempt back.
pub(crate) async fn withdraw(reach: &Reach, studio: &StudioCode, attempt: Attempt) -> Result<WithdrawOutcome, Failure> {
    let asked = Asked {
        person: None,
        studio: studio.as_str().to_owned(),
        attempt,
        digest: RequestDigest::ANYTHING,
    };
    settle_for(reach, &asked.studio).await?;
    reach.tried(|| withdraw_once(reach, &asked)).await
}

async fn withdraw_once(reach: &Reach, asked: &Asked) -> Result<WithdrawOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    admitted(&mut transaction, &asked.studio, now).await?;
    turn::take(&mut transaction, std::slice::from_ref(&asked.studio), &[]).await?;
    let known = match asked.whatever(&mut transaction).await? {
        Some(of_it) => Some(of_it),
        None => asked.booked(&mut transaction).await?,
    };
    let outcome = match known {
        Some(of_it) if of_it == WITHDRAWN => WithdrawOutcome::Withdrawn,
        Some(of_it) => WithdrawOutcome::Decided { of_it },
        None => {
            match Live::of(&mut transaction, &asked.studio, asked.attempt.decision).await? {
                Some(there) if there.asked.attempt == asked.attempt => there.withdraw(&mut transaction, now).await?,
                _ => asked.remember(&mut transaction, &WITHDRAWN).await?,
            }
            WithdrawOutcome::Withdrawn
        }
    };
    transaction.commit().await?;
    Ok(outcome)
}

pub(crate) const WITHDRAWN: BookOutcome = BookOutcome::Refused {
    why: BookRefusal::Withdrawn,
};

/// Settles what is due at a point, in the order of deposit.
pub(crate) async fn settle_at(reach: &Reach, at: &At) -> Result<(), Failure> {
    let mut pause = PAUSE;
    let mut rounds = 0;
    loop {
        let mut reading = reach.read().await?;
        let Some(due) = Live::first_due(reading.connection(), at, reach.now()).await? else {
            return Ok(());
        };
        drop(reading);
        match booking::in_turn(reach, &due.asked, &due.booking, Purpose::Settle(&due)).await {
            Ok(_) => (pause, rounds) = (PAUSE, 0),
            Err(Failure::Due) => delegation::settle_all(reach).await?,
            // Others write there too, or one that waited longer became due: begin again with the first.
            Err(Failure::Overtaken | Failure::DueAt(_)) if rounds < ROUNDS => {
                rounds += 1;
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// Settles what is due of a studio's, with all that comes before it.
pub(crate) async fn settle_for(reach: &Reach, studio: &str) -> Result<(), Failure> {
    let mut reading = reach.read().await?;
    let points = sqlx::query_as!(
        At,
        "SELECT DISTINCT sede, point FROM deposit WHERE studio = $1 AND ended_at IS NULL AND due_at <= $2",
        studio,
        reach.now().instant()
    )
    .fetch_all(reading.connection())
    .await?;
    drop(reading);
    for at in points {
        settle_at(reach, &at).await?;
    }
    Ok(())
}

/// Settles whatever is due. Returns when the next will be, as far as is known now.
pub(crate) async fn settle_all(reach: &Reach) -> Result<Option<DateTime<Utc>>, Failure> {
    let mut reading = reach.read().await?;
    let points = sqlx::query_as!(
        At,
        "SELECT DISTINCT sede, point FROM deposit WHERE ended_at IS NULL AND due_at <= $1",
        reach.now().instant()
    )
    .fetch_all(reading.connection())
    .await?;
    drop(reading);
    for at in points {
        settle_at(reach, &at).await?;
    }
    let mut reading = reach.read().await?;
    Ok(
        sqlx::query_scalar!("SELECT min(due_at) FROM deposit WHERE ended_at IS NULL")
            .fetch_one(reading.connection())
            .await?,
    )
}

/// Settles whatever is due, for who has just written: that it can't be done now is not his business. The server does it a
/// little later.
pub(crate) async fn settled(reach: &Reach) {
    if let Err(failure) = settle_all(reach).await {
        let error = StoreError::from(failure);
        tracing::warn!(%error, "what waited could not be settled");
    }
}

/// Places came free at these points, or hours did: what waits for one is due. It is the sedi's turn.
pub(crate) async fn places_came_free(connection: &mut PgConnection, points: &[String]) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE deposit SET due_at = '-infinity' FROM point
         WHERE point.code = ANY ($1) AND deposit.sede = point.sede AND deposit.point = point.code
             AND for_a_place AND ended_at IS NULL",
        points
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Something happened to a ticket: whether its bookings still go out, and when, is decided anew.
pub(crate) async fn ticket_changed(connection: &mut PgConnection, ticket: &str) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE deposit SET due_at = '-infinity' WHERE tickets @> ARRAY[$1] AND ended_at IS NULL",
        ticket
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// That nothing is due at a point, for who is about to take a place there.
pub(crate) async fn nothing_due_at(connection: &mut PgConnection, at: &At, now: Now) -> Result<(), Failure> {
    let due = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM deposit
               WHERE sede = $1 AND point = $2 AND ended_at IS NULL AND due_at <= $3) AS "due!""#,
        at.sede,
        at.point,
        now.instant()
    )
    .fetch_one(connection)
    .await?;
    if due { Err(Failure::DueAt(at.clone())) } else { Ok(()) }
}

/// What an asked attempt, deposited before, has come to: it still lies here.
pub(crate) fn lies(there: Live, asked: &Asked, waits: bool) -> Result<Deposit, Failure> {
    if there.asked.digest != asked.digest || there.waits != waits {
        return Err(StoreError::AttemptReused.into());
    }
    Ok(there.deposit)
}
