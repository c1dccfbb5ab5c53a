//! Promise 4: bookings that lie here until their tickets are ripe (R4), or until a place comes free (R11).
//!
//! Each knows when it is due. Whoever writes or pulls after that moment settles first what is due, in the order of deposit;
//! and whoever gives a place back settles, in the same transaction, what waits for one.

use chrono::{DateTime, TimeDelta, Utc};
use domain::attachment::Attachment;
use domain::booking::Booking;
use domain::code::{DecisionId, StudioCode};
use domain::deposit::{Awaited, Deposit, awaited_after};
use domain::people::Person;
use domain::time::Now;
use sqlx::{SqliteConnection, SqlitePool};
use store::{Attempt, BookOutcome, BookRefusal, DepositOutcome, RequestDigest, StoreError, WithdrawOutcome};
use uuid::Uuid;

use crate::appointment::StoredPoint;
use crate::attempt::{self, Asked};
use crate::booking;
use crate::failure::{Failure, read, written};
use crate::feed;
use crate::reach::{Reach, instant, seconds};

/// Leaves a booking here for the studio of code `studio`.
pub(crate) async fn deposit(
    reach: &Reach,
    studio: &StudioCode,
    person: Option<&Person>,
    attempt: Attempt,
    booking: &Booking,
    waits: bool,
) -> Result<DepositOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let asked = Asked {
        person: person.cloned(),
        ..Asked::by(&mut transaction, studio, attempt, "book", booking).await?
    };
    let outcome = asked_once(&mut transaction, &asked, booking, waits, now).await?;
    reach.commit(transaction).await?;
    Ok(outcome)
}

async fn asked_once(
    connection: &mut SqliteConnection,
    asked: &Asked,
    booking: &Booking,
    waits: bool,
    now: Now,
) -> Result<DepositOutcome, Failure> {
    if let Some(of_it) = asked.earlier(connection).await? {
        return Ok(DepositOutcome::Decided { of_it });
    }
    match live(connection, asked.studio, asked.attempt.decision).await? {
        Some(there) if there.number == asked.attempt.number => {
            if there.digest != asked.digest.as_bytes() || there.waits != waits {
                return Err(StoreError::AttemptReused.into());
            }
            let deposit = read(&there.body, "deposit")?;
            return Ok(DepositOutcome::Deposited { deposit });
        }
        Some(earlier) => {
            let earlier = earlier.asked(asked.studio, asked.attempt.decision)?;
            withdrawn(connection, &earlier, now).await?;
        }
        None => {}
    }
    let of_it = match attempt::booked(connection, asked.studio, asked.attempt.decision).await? {
        Some(booked) => booked,
        None => match booking::ripens(connection, asked, booking, now).await? {
            Err(why) => BookOutcome::Refused { why },
            Ok(Some(at)) => return keep(connection, asked, booking, waits, Awaited::Ripeness { at }, now).await,
            Ok(None) => {
                let outcome = booking::decided(connection, asked, booking, now).await?;
                if let Some(until) = awaited(&outcome, booking, waits, now) {
                    return keep(connection, asked, booking, waits, until, now).await;
                }
                outcome
            }
        },
    };
    asked.remember(connection, &of_it).await?;
    Ok(DepositOutcome::Decided { of_it })
}

/// What a booking that came to `outcome` goes on waiting for.
fn awaited(outcome: &BookOutcome, booking: &Booking, waits: bool, now: Now) -> Option<Awaited> {
    match outcome {
        BookOutcome::Refused {
            why: BookRefusal::Rule { refusal },
        } => awaited_after(refusal, waits, &booking.wishes, now),
        BookOutcome::Refused { .. } | BookOutcome::Booked { .. } => None,
    }
}

async fn keep(
    connection: &mut SqliteConnection,
    asked: &Asked,
    booking: &Booking,
    waits: bool,
    until: Awaited,
    now: Now,
) -> Result<DepositOutcome, Failure> {
    let Attempt { decision, number } = asked.attempt;
    let deposit = Deposit::of(booking, decision, number, asked.person.clone(), now.instant(), until);
    let point = StoredPoint::of(connection, booking.point.as_str())
        .await?
        .ok_or(Failure::Body("booking"))?;
    let (decision, digest) = (decision.uuid(), asked.digest.as_bytes().as_slice());
    let (asked_for, body) = (written(booking, "booking")?, written(&deposit, "deposit")?);
    let (for_a_place, due_at) = columns(until);
    let at = seconds(now.instant());
    let row = sqlx::query!(
        "INSERT INTO deposit (studio, decision, number, digest, point, booking, body, waits, for_a_place, due_at,
             deposited_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        asked.studio,
        decision,
        asked.attempt.number,
        digest,
        point.id,
        asked_for,
        body,
        waits,
        for_a_place,
        due_at,
        at
    )
    .execute(&mut *connection)
    .await?
    .last_insert_rowid();
    let codes = written(&deposit.tickets, "list of codes")?;
    sqlx::query!(
        "INSERT INTO deposit_ticket (ticket, deposit)
         SELECT ticket.id, ?1 FROM json_each(?2) AS named JOIN ticket ON ticket.code = named.value",
        row,
        codes
    )
    .execute(&mut *connection)
    .await?;
    keep_files(connection, asked.studio, &booking.content.attachments, now).await?;
    feed::deposit(connection, asked.studio, row, false).await?;
    Ok(DepositOutcome::Deposited {
        deposit: Box::new(deposit),
    })
}

/// Whether it waits for a place, and when it is due.
fn columns(until: Awaited) -> (bool, i64) {
    (matches!(until, Awaited::Place { .. }), seconds(until.at()))
}

/// Takes an attempt back.
pub(crate) async fn withdraw(reach: &Reach, studio: &StudioCode, attempt: Attempt) -> Result<WithdrawOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let asked = Asked {
        person: None,
        studio: attempt::studio(&mut transaction, studio).await?,
        attempt,
        digest: RequestDigest::ANYTHING,
    };
    let outcome = match asked.whatever(&mut transaction).await? {
        Some(of_it) => decided_before(of_it),
        None => match live(&mut transaction, asked.studio, attempt.decision).await? {
            Some(there) if there.number == attempt.number => {
                let there = there.asked(asked.studio, attempt.decision)?;
                withdrawn(&mut transaction, &there, now).await?;
                WithdrawOutcome::Withdrawn
            }
            _ => {
                let booked: Option<BookOutcome> =
                    attempt::booked(&mut transaction, asked.studio, attempt.decision).await?;
                let of_it = booked.unwrap_or(WITHDRAWN);
                asked.remember(&mut transaction, &of_it).await?;
                decided_before(of_it)
            }
        },
    };
    reach.commit(transaction).await?;
    Ok(outcome)
}

const WITHDRAWN: BookOutcome = BookOutcome::Refused {
    why: BookRefusal::Withdrawn,
};

fn decided_before(of_it: BookOutcome) -> WithdrawOutcome {
    if of_it == WITHDRAWN {
        WithdrawOutcome::Withdrawn
    } else {
        WithdrawOutcome::Decided { of_it }
    }
}

/// Nothing comes of the live deposit that was `asked`.
async fn withdrawn(connection: &mut SqliteConnection, asked: &Asked, now: Now) -> Result<(), Failure> {
    asked.remember(connection, &WITHDRAWN).await?;
    end(connection, asked, now).await
}

/// The live deposit of an attempt is over.
async fn end(connection: &mut SqliteConnection, asked: &Asked, now: Now) -> Result<(), Failure> {
    let (decision, at) = (asked.attempt.decision.uuid(), seconds(now.instant()));
    let row = sqlx::query_scalar!(
        r#"UPDATE deposit SET ended_at = ?4
           WHERE studio = ?1 AND decision = ?2 AND number = ?3 AND ended_at IS NULL RETURNING id AS "id!""#,
        asked.studio,
        decision,
        asked.attempt.number,
        at
    )
    .fetch_one(&mut *connection)
    .await?;
    feed::deposit(connection, asked.studio, row, true).await
}

/// Whether a booking of this attempt lies here: then a refusal is not its outcome.
pub(crate) async fn lies_here(connection: &mut SqliteConnection, asked: &Asked) -> Result<bool, Failure> {
    let there = live(connection, asked.studio, asked.attempt.decision).await?;
    Ok(there.is_some_and(|there| there.number == asked.attempt.number))
}

/// A deposit that is not over.
struct Live {
    number: u32,
    digest: Vec<u8>,
    waits: bool,
    body: String,
}

impl Live {
    fn asked(&self, studio: i64, decision: DecisionId) -> Result<Asked, Failure> {
        Ok(Asked {
            person: None,
            studio,
            attempt: Attempt {
                decision,
                number: self.number,
            },
            digest: RequestDigest::from_bytes(&self.digest).ok_or(Failure::Body("deposit"))?,
        })
    }
}

async fn live(connection: &mut SqliteConnection, studio: i64, decision: DecisionId) -> Result<Option<Live>, Failure> {
    let decision = decision.uuid();
    Ok(sqlx::query_as!(
        Live,
        r#"SELECT number AS "number!: u32", digest, waits AS "waits!: bool", body FROM deposit
           WHERE studio = ?1 AND decision = ?2 AND ended_at IS NULL"#,
        studio,
        decision
    )
    .fetch_optional(connection)
    .await?)
}

/// A deposit whose moment has come.
struct Due {
    id: i64,
    studio: i64,
    decision: Vec<u8>,
    number: u32,
    digest: Vec<u8>,
    waits: bool,
    booking: String,
    body: String,
}

/// Decides every deposit whose moment has come, in the order of deposit. Returns whether there was one.
pub(crate) async fn settle(connection: &mut SqliteConnection, now: Now) -> Result<bool, Failure> {
    let at = seconds(now.instant());
    let due = sqlx::query_as!(
        Due,
        r#"SELECT id AS "id!", studio, decision, number AS "number!: u32", digest, waits AS "waits!: bool", booking, body
           FROM deposit WHERE ended_at IS NULL AND due_at <= ?1 ORDER BY id"#,
        at
    )
    .fetch_all(&mut *connection)
    .await?;
    let some = !due.is_empty();
    for due in due {
        settle_one(connection, due, now).await?;
    }
    Ok(some)
}

/// Settles in a transaction of its own, where something is due. Returns after how long the next one is.
pub(crate) async fn settle_all(reach: &Reach) -> Result<Option<TimeDelta>, Failure> {
    let now = reach.now();
    let reads = reach.read().await?;
    let mut next = next_due(&reads).await?;
    if next.is_some_and(|next| next <= now.instant()) {
        drop(attempt::in_turn(reach).await?);
        next = next_due(&reads).await?;
    }
    Ok(next.map(|next| next - now.instant()))
}

async fn next_due(reads: &SqlitePool) -> Result<Option<DateTime<Utc>>, Failure> {
    let next = sqlx::query_scalar!(r#"SELECT min(due_at) AS "at: i64" FROM deposit WHERE ended_at IS NULL"#)
        .fetch_one(reads)
        .await?;
    Ok(next.map(instant))
}

async fn settle_one(connection: &mut SqliteConnection, due: Due, now: Now) -> Result<(), Failure> {
    let decision = Uuid::from_slice(&due.decision).map_err(|_| Failure::Body("deposit"))?;
    let asked = Asked {
        person: None,
        studio: due.studio,
        attempt: Attempt {
            decision: DecisionId::new(decision),
            number: due.number,
        },
        digest: RequestDigest::from_bytes(&due.digest).ok_or(Failure::Body("deposit"))?,
    };
    if asked.whatever::<BookOutcome>(connection).await?.is_none() {
        let booking: Booking = read(&due.booking, "booking")?;
        let outcome = match attempt::booked(connection, asked.studio, asked.attempt.decision).await? {
            Some(booked) => booked,
            None => booking::decided(connection, &asked, &booking, now).await?,
        };
        if let Some(until) = awaited(&outcome, &booking, due.waits, now) {
            keep_files(connection, due.studio, &booking.content.attachments, now).await?;
            return go_on(connection, &due, until).await;
        }
        asked.remember(connection, &outcome).await?;
    }
    end(connection, &asked, now).await
}

/// R10: what no appointment names is forgotten after a while, and not as long as a booking waits that names it.
async fn keep_files(
    connection: &mut SqliteConnection,
    studio: i64,
    files: &[Attachment],
    now: Now,
) -> Result<(), Failure> {
    let at = seconds(now.instant());
    for file in files {
        let hash = file.hash.to_string();
        sqlx::query!(
            "UPDATE upload SET touched_at = ?3 WHERE studio = ?1 AND hash = ?2 AND claimed = 0",
            studio,
            hash,
            at
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// It waits for something else, or longer.
async fn go_on(connection: &mut SqliteConnection, due: &Due, until: Awaited) -> Result<(), Failure> {
    let before: Deposit = read(&due.body, "deposit")?;
    let after = Deposit {
        until,
        ..before.clone()
    };
    let body = written(&after, "deposit")?;
    let (for_a_place, due_at) = columns(until);
    sqlx::query!(
        "UPDATE deposit SET body = ?2, for_a_place = ?3, due_at = ?4 WHERE id = ?1",
        due.id,
        body,
        for_a_place,
        due_at
    )
    .execute(&mut *connection)
    .await?;
    if after == before {
        return Ok(());
    }
    feed::deposit(connection, due.studio, due.id, false).await
}

/// Something happened to a ticket: whether its bookings still go out, and when, is decided anew.
pub(crate) async fn ticket_changed(connection: &mut SqliteConnection, ticket: i64, now: Now) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE deposit SET due_at = 0
         WHERE ended_at IS NULL AND id IN (SELECT deposit FROM deposit_ticket WHERE ticket = ?1)",
        ticket
    )
    .execute(&mut *connection)
    .await?;
    settle(connection, now).await.map(drop)
}

/// Places came free at a point, or hours did: what waits for one is due.
pub(crate) async fn places_came_free(connection: &mut SqliteConnection, point: i64) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE deposit SET due_at = 0 WHERE point = ?1 AND for_a_place = 1 AND ended_at IS NULL",
        point
    )
    .execute(connection)
    .await?;
    Ok(())
}
