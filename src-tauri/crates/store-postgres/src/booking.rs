//! Booking: R1–R11 decided by `domain`, written down in one transaction with the outcome.
//!
//! Most bookings meet nobody: one statement reads all that decides, one writes all that follows, if what was read is still
//! so. Whatever does not go so smoothly is decided in its turn, behind those who came before.

use domain::booking::{Booking, Refusal};
use domain::code::StudioCode;
use domain::slot::Slot;
use domain::time::Now;
use sqlx::PgConnection;
use store::keeping::{self, Around, AskedTicket, Granted};
use store::{Attempt, BookOutcome, BookRefusal};

use crate::appointment::{StoredPoint, interval};
use crate::attempt::Asked;
use crate::facts::{Facts, TicketKey};
use crate::failure::{Constraint, Failure};
use crate::feed::count_taken;
use crate::grant::Grant;
use crate::offering::Offered;
use crate::reach::Reach;
use crate::turn;

/// Books for `studio`.
pub(crate) async fn book(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    booking: &Booking,
) -> Result<BookOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "book", booking)?;
    match at_once(reach, &asked, booking).await {
        Ok(Some(outcome)) => Ok(outcome),
        Ok(None) | Err(Failure::Overtaken | Failure::Due | Failure::Broken(_)) => {
            reach.tried(|| in_turn(reach, &asked, booking)).await
        }
        Err(failure) => Err(failure),
    }
}

/// Books without a turn. Nothing where there is nothing to grant, or where no connection can be had for two statements on
/// their own.
async fn at_once(reach: &Reach, asked: &Asked, booking: &Booking) -> Result<Option<BookOutcome>, Failure> {
    let Some(mut connection) = reach.plain().await? else {
        return Ok(None);
    };
    let now = reach.now();
    let mut facts = Facts::read(&mut connection, asked, booking, now).await?;
    if let Some(earlier) = facts.earlier(asked)? {
        return Ok(Some(earlier));
    }
    if facts.granted() {
        return Ok(None);
    }
    let offered = reach.offered(&mut connection, facts.offering).await?;
    let Ok(decided) = decided(&mut connection, &mut facts, &offered, booking, now).await? else {
        return Ok(None);
    };
    let grant = Grant::of(asked, booking, &facts, decided, now)?;
    let appointment = grant.write(&mut connection).await?;
    Ok(Some(BookOutcome::Booked {
        appointment: Box::new(appointment),
    }))
}

/// Books behind those who came before.
async fn in_turn(reach: &Reach, asked: &Asked, booking: &Booking) -> Result<BookOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    let mut facts = Facts::read_in_turn(&mut transaction, asked, booking, now).await?;
    if let Some(earlier) = facts.earlier(asked)? {
        return Ok(earlier);
    }
    if let Some(booked) = facts.booked()? {
        asked.remember(&mut transaction, &booked).await?;
        transaction.commit().await?;
        return Ok(booked);
    }
    let offered = reach.offered(&mut transaction, facts.offering).await?;
    let decided = match decided(&mut transaction, &mut facts, &offered, booking, now).await? {
        Ok(decided) => decided,
        Err(why) => {
            let outcome = BookOutcome::Refused { why };
            asked.remember(&mut transaction, &outcome).await?;
            transaction.commit().await?;
            return Ok(outcome);
        }
    };
    let grant = Grant::of(asked, booking, &facts, decided, now)?;
    match grant.write(&mut transaction).await {
        Ok(appointment) => {
            transaction.commit().await?;
            Ok(BookOutcome::Booked {
                appointment: Box::new(appointment),
            })
        }
        Err(Failure::Broken(constraint)) => {
            tracing::error!(?constraint, point = %grant.point.point.code, "a constraint refused what the rules had granted");
            transaction.rollback().await?;
            let mut transaction = reach.begin().await?;
            let outcome = broken(&mut transaction, constraint, &grant).await?;
            if let Some(outcome) = &outcome {
                asked.remember(&mut transaction, outcome).await?;
            }
            transaction.commit().await?;
            outcome.ok_or(Failure::Overtaken)
        }
        Err(failure) => Err(failure),
    }
}

/// What the rules grant, with where and for which tickets.
pub(crate) struct Decided<'a> {
    pub(crate) point: &'a StoredPoint,
    pub(crate) tickets: Vec<AskedTicket<TicketKey>>,
    pub(crate) granted: Granted,
}

async fn decided<'a>(
    connection: &mut PgConnection,
    facts: &mut Facts,
    offered: &'a Offered,
    booking: &Booking,
    now: Now,
) -> Result<Result<Decided<'a>, BookRefusal>, Failure> {
    let tickets = match keeping::asked_for(booking, facts.visible(offered)?) {
        Ok(tickets) => tickets,
        Err(why) => return Ok(Err(why)),
    };
    let Some(point) = offered.points.get(&booking.point) else {
        return Ok(Err(BookRefusal::UnknownPoint));
    };
    let points = offered.points_of(tickets.iter().map(|asked| &asked.ticket.sede));
    let decide = |facts: &Facts| {
        let around = Around {
            point: &point.point,
            points: &points,
            taken: &facts.taken(),
            limits: &offered.limits,
        };
        keeping::decide(booking, &tickets, &around, now)
    };
    let mut granted = decide(facts);
    if matches!(granted, Err(Refusal::AllTaken { .. })) && !facts.whole {
        facts.read_whole(connection, point, now).await?;
        granted = decide(facts);
    }
    let granted = match granted {
        Ok(granted) => granted,
        Err(refusal) => return Ok(Err(BookRefusal::Rule { refusal })),
    };
    Ok(match facts.missing(booking) {
        Some(file) => Err(BookRefusal::AttachmentMissing { hash: file.hash }),
        None => Ok(Decided {
            point,
            tickets,
            granted,
        }),
    })
}

/// What a constraint that refused a grant says, in a transaction that begins with nothing of it. Nothing where the counts
/// were wrong: now they are what the places say, and the booking is decided anew.
async fn broken(
    connection: &mut PgConnection,
    constraint: Constraint,
    grant: &Grant<'_>,
) -> Result<Option<BookOutcome>, Failure> {
    let sedi = [grant.point.sede.clone()];
    turn::take(connection, std::slice::from_ref(&grant.asked.studio), &sedi).await?;
    let refusal = match constraint {
        Constraint::Place if recount(connection, grant.point, &grant.granted.slot).await? => return Ok(None),
        Constraint::Place => Refusal::AllTaken { nearest: Vec::new() },
        Constraint::Carriage => carried(connection, &grant.tickets).await?,
    };
    Ok(Some(BookOutcome::Refused {
        why: BookRefusal::Rule { refusal },
    }))
}

/// Sets the counts of what touches `slot` to what the places say. Returns whether one was another.
async fn recount(connection: &mut PgConnection, point: &StoredPoint, slot: &Slot) -> Result<bool, Failure> {
    let (starts_at, ends_at) = interval(slot);
    let code = point.point.code.as_str();
    let wrong = sqlx::query!(
        r#"SELECT p.starts_at, p.ends_at,
               (count(*) - coalesce((SELECT t.count FROM taken AS t
                   WHERE t.sede = p.sede AND t.point = p.point AND t.starts_at = p.starts_at AND t.ends_at = p.ends_at), 0)
               )::integer AS "by!"
           FROM place AS p
           WHERE p.sede = $1 AND p.point = $2 AND tstzrange(p.starts_at, p.ends_at) && tstzrange($3, $4)
           GROUP BY p.sede, p.point, p.starts_at, p.ends_at"#,
        point.sede,
        code,
        starts_at,
        ends_at
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut changed = false;
    for row in wrong.into_iter().filter(|row| row.by != 0) {
        count_taken(connection, (&point.sede, code), (row.starts_at, row.ends_at), row.by).await?;
        changed = true;
    }
    Ok(changed)
}

/// R5: which ticket another live appointment carries, as the constraint found.
async fn carried(connection: &mut PgConnection, tickets: &[AskedTicket<TicketKey>]) -> Result<Refusal, Failure> {
    for asked in tickets {
        let until = sqlx::query_scalar!(
            "SELECT ends_at FROM carriage WHERE sede = $1 AND ticket = $2",
            asked.key.sede,
            asked.ticket.code.as_str()
        )
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(until) = until {
            return Ok(keeping::carried(asked.ticket.code.clone(), until));
        }
    }
    Err(Failure::Body("carriage"))
}
