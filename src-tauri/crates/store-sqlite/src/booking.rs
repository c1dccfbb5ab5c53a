//! Booking: R1–R11 decided by `domain`, written down in one transaction with the outcome.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::booking::{Booking, Refusal};
use domain::code::{ContentHash, SedeCode, StudioCode, TicketCode};
use domain::content::{Content, Limits};
use domain::point::ConsultationPoint;
use domain::slot::Slot;
use domain::time::Now;
use sqlx::{Connection, SqliteConnection};
use store::keeping::{self, Around, AskedTicket};
use store::{Attempt, BookOutcome, BookRefusal};

use crate::appointment::{StoredPoint, count_taken, interval};
use crate::attempt::{self, Asked};
use crate::deposit;
use crate::failure::{Constraint, Failure, constraint, read, written};
use crate::grant::Grant;
use crate::pull::pulled;
use crate::reach::{Reach, instant};

/// Those of `codes` for whose positions the studio has or had a delegation.
async fn visible(
    connection: &mut SqliteConnection,
    studio: i64,
    codes: &[&TicketCode],
    now: Now,
) -> Result<HashMap<TicketCode, AskedTicket<i64>>, Failure> {
    let codes = written(codes, "list of codes")?;
    let today = now.today().to_string();
    let rows = sqlx::query!(
        r#"SELECT t.id AS "id!", t.body AS ticket, topic.body AS topic, d.body AS delegation,
               (SELECT ends_at FROM carriage WHERE ticket = t.id AND released = 0) AS "carried_until?: i64",
               (SELECT body FROM judgement WHERE studio = ?1 AND ticket = t.id) AS "judgement?: String"
           FROM json_each(?2) AS asked
           JOIN ticket AS t ON t.code = asked.value
           JOIN topic ON topic.id = t.topic
           JOIN delegation AS d ON d.position = t.position AND d.studio = ?1 AND d.from_day <= ?3"#,
        studio,
        codes,
        today
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let ticket = pulled(&row.ticket, row.judgement.as_deref(), None)?.ticket;
            let asked = AskedTicket {
                key: row.id,
                topic: read(&row.topic, "topic")?,
                delegation: read(&row.delegation, "delegation")?,
                carried_until: row.carried_until.map(instant),
                judged_now: None,
                answered: None,
                ticket,
            };
            Ok((asked.ticket.code.clone(), asked))
        })
        .collect()
}

/// Books for the studio of code `studio`.
pub(crate) async fn book(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    booking: &Booking,
) -> Result<BookOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let asked = Asked::by(&mut transaction, studio, attempt, "book", booking).await?;
    if let Some(earlier) = asked.earlier(&mut transaction).await? {
        return Ok(earlier);
    }
    let outcome = match attempt::booked(&mut transaction, asked.studio, attempt.decision).await? {
        Some(booked) => booked,
        None => decided(&mut transaction, &asked, booking, now).await?,
    };
    let lies_here =
        matches!(outcome, BookOutcome::Refused { .. }) && deposit::lies_here(&mut transaction, &asked).await?;
    if !lies_here {
        asked.remember(&mut transaction, &outcome).await?;
    }
    reach.commit(transaction).await?;
    Ok(outcome)
}

fn refused(why: BookRefusal) -> BookOutcome {
    BookOutcome::Refused { why }
}

/// What the rules make of a booking; what they grant is written.
pub(crate) async fn decided(
    connection: &mut SqliteConnection,
    asked: &Asked,
    booking: &Booking,
    now: Now,
) -> Result<BookOutcome, Failure> {
    let known = visible(connection, asked.studio, &booking.codes(), now).await?;
    let tickets = match keeping::asked_for(booking, known) {
        Ok(tickets) => tickets,
        Err(why) => return Ok(refused(why)),
    };
    let Some(point) = StoredPoint::of(connection, booking.point.as_str()).await? else {
        return Ok(refused(BookRefusal::UnknownPoint));
    };
    let points = points_of(connection, tickets.iter().map(|asked| &asked.ticket.sede).collect()).await?;
    let limits = limits(connection).await?;
    let mut taken = point.taken(connection, now, None).await?;
    loop {
        let around = Around {
            point: &point.point,
            points: &points,
            taken: &taken,
            limits: &limits,
        };
        let granted = match keeping::decide(booking, &tickets, &around, now) {
            Ok(granted) => granted,
            Err(refusal) => return Ok(refused(BookRefusal::Rule { refusal })),
        };
        if let Some(hash) = missing_file(connection, asked.studio, &booking.content).await? {
            return Ok(refused(BookRefusal::AttachmentMissing { hash }));
        }
        let grant = Grant {
            asked,
            booking,
            tickets: &tickets,
            point: &point,
            granted,
            now,
        };
        // A savepoint: a constraint that refuses leaves no half of an appointment behind.
        let mut savepoint = connection.begin().await?;
        match grant.write(&mut savepoint).await {
            Ok(appointment) => {
                savepoint.commit().await?;
                let appointment = Box::new(appointment);
                return Ok(BookOutcome::Booked { appointment });
            }
            Err(Failure::Database(error)) if constraint(&error).is_some() => {
                savepoint.rollback().await?;
                tracing::error!(point = %point.point.code, "a constraint refused what the rules had granted");
                match constraint(&error) {
                    // The counts were wrong: count again, from what the places themselves say.
                    Some(Constraint::Place) if recount(connection, &point, &grant.granted.slot).await? => {
                        taken = point.taken(connection, now, None).await?;
                    }
                    Some(Constraint::Place) => {
                        let nearest = Vec::new();
                        let refusal = Refusal::AllTaken { nearest };
                        return Ok(refused(BookRefusal::Rule { refusal }));
                    }
                    _ => return carried(connection, &tickets).await,
                }
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// The moment at which a booking is to be decided that is left here; nothing where that is now.
pub(crate) async fn ripens(
    connection: &mut SqliteConnection,
    asked: &Asked,
    booking: &Booking,
    now: Now,
) -> Result<Result<Option<DateTime<Utc>>, BookRefusal>, Failure> {
    let known = visible(connection, asked.studio, &booking.codes(), now).await?;
    let tickets = match keeping::asked_for(booking, known) {
        Ok(tickets) => tickets,
        Err(why) => return Ok(Err(why)),
    };
    let Some(point) = StoredPoint::of(connection, booking.point.as_str()).await? else {
        return Ok(Err(BookRefusal::UnknownPoint));
    };
    let points = points_of(connection, tickets.iter().map(|asked| &asked.ticket.sede).collect()).await?;
    let around = Around {
        point: &point.point,
        points: &points,
        taken: &point.taken(connection, now, None).await?,
        limits: &limits(connection).await?,
    };
    let at = match keeping::ripens(booking, &tickets, &around, now) {
        Ok(at) => at,
        Err(refusal) => return Ok(Err(BookRefusal::Rule { refusal })),
    };
    Ok(match missing_file(connection, asked.studio, &booking.content).await? {
        Some(hash) => Err(BookRefusal::AttachmentMissing { hash }),
        None => Ok(at),
    })
}

/// R8: the points of the sedi that are competent.
pub(crate) async fn points_of(
    connection: &mut SqliteConnection,
    sedi: BTreeSet<&SedeCode>,
) -> Result<Vec<ConsultationPoint>, Failure> {
    let sedi = written(&sedi, "list of codes")?;
    sqlx::query_scalar!(
        "SELECT point.body FROM json_each(?1) AS asked
         JOIN sede ON sede.code = asked.value JOIN point ON point.sede = sede.id",
        sedi
    )
    .fetch_all(connection)
    .await?
    .iter()
    .map(|body| read(body, "point"))
    .collect()
}

/// R10: the limits in force.
pub(crate) async fn limits(connection: &mut SqliteConnection) -> Result<Limits, Failure> {
    let limits = sqlx::query_scalar!("SELECT limits FROM life")
        .fetch_one(connection)
        .await?;
    read(&limits, "limits")
}

/// The first file of which the studio has not sent the whole content, as it is described.
pub(crate) async fn missing_file(
    connection: &mut SqliteConnection,
    studio: i64,
    content: &Content,
) -> Result<Option<ContentHash>, Failure> {
    for attachment in &content.attachments {
        let hash = attachment.hash.to_string();
        let kind = written(&attachment.kind, "kind of file")?;
        let bytes = i64::try_from(attachment.bytes).unwrap_or(i64::MAX);
        let there = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM upload
                   WHERE studio = ?1 AND hash = ?2 AND kind = ?3 AND bytes = ?4 AND complete = 1) AS "there!: bool""#,
            studio,
            hash,
            kind,
            bytes
        )
        .fetch_one(&mut *connection)
        .await?;
        if !there {
            return Ok(Some(attachment.hash));
        }
    }
    Ok(None)
}

/// Sets the count of `slot` to what its places say. Returns whether it was another.
async fn recount(connection: &mut SqliteConnection, point: &StoredPoint, slot: &Slot) -> Result<bool, Failure> {
    let (starts_at, ends_at) = interval(slot);
    let wrong = sqlx::query!(
        r#"SELECT p.starts_at, p.ends_at, count(*) AS "held!: i64",
               coalesce((SELECT count FROM taken AS t
                         WHERE t.point = p.point AND t.starts_at = p.starts_at AND t.ends_at = p.ends_at), 0)
                   AS "counted!: i64"
           FROM place AS p
           WHERE p.point = ?1 AND p.released = 0
             AND p.starts_at > ?2 - 86400 AND p.starts_at < ?3 AND p.ends_at > ?2
           GROUP BY p.starts_at, p.ends_at"#,
        point.id,
        starts_at,
        ends_at
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut changed = false;
    for row in wrong.into_iter().filter(|row| row.held != row.counted) {
        let by = row.held - row.counted;
        count_taken(connection, point.id, (row.starts_at, row.ends_at), by).await?;
        changed = true;
    }
    Ok(changed)
}

/// R5: which ticket another live appointment carries, as the constraint found.
async fn carried(connection: &mut SqliteConnection, tickets: &[AskedTicket<i64>]) -> Result<BookOutcome, Failure> {
    for asked in tickets {
        let until = sqlx::query_scalar!(
            "SELECT ends_at FROM carriage WHERE ticket = ?1 AND released = 0",
            asked.key
        )
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(until) = until {
            let refusal = keeping::carried(asked.ticket.code.clone(), instant(until));
            return Ok(refused(BookRefusal::Rule { refusal }));
        }
    }
    Err(Failure::Body("carriage"))
}
