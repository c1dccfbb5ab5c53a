//! What the sede changes of what it has published or admitted, one thing at a time: a point (R11), a delegation (R18).

use chrono::{DateTime, NaiveDate, Utc};
use domain::code::{AppointmentCode, Matricola, StudioCode, TopicCode};
use domain::company::Delegation;
use domain::point::ConsultationPoint;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::keeping::{self, HeldPlace};
use store::{EndOutcome, PointOutcome};

use crate::appointment::{LONGEST, StoredPoint};
use crate::attempt::nothing_due;
use crate::failure::{Failure, inner, written};
use crate::reach::Reach;
use crate::turn;
use crate::{delegation, deposit};

pub(crate) async fn change_point(
    reach: &Reach,
    before: &ConsultationPoint,
    after: &ConsultationPoint,
) -> Result<PointOutcome, Failure> {
    let now = reach.now().instant();
    let mut transaction = reach.begin().await?;
    turn::take_offering(&mut transaction).await?;
    let stored = StoredPoint::of(&mut transaction, &before.code).await?;
    let Some(stored) = stored.filter(|stored| after.code == before.code && after.sede == stored.point.sede) else {
        return Ok(PointOutcome::UnknownPoint);
    };
    if stored.point != *before {
        return Ok(PointOutcome::ChangedMeanwhile);
    }
    if let Some(topic) = unknown_topic(&mut transaction, after).await? {
        return Ok(PointOutcome::UnknownTopic { topic });
    }
    // Nobody books there from here on.
    turn::take(&mut transaction, &[], std::slice::from_ref(&stored.sede)).await?;
    if after.desks < before.desks {
        let held = held(&mut transaction, &stored, now).await?;
        let appointments = keeping::crowded(&held, after.desks);
        if !appointments.is_empty() {
            return Ok(PointOutcome::DesksHeld { appointments });
        }
    }
    if after != before {
        sqlx::query!(
            "WITH offering AS (UPDATE life SET head = head + 1 RETURNING head),
                 sede AS (UPDATE sede_stream SET head = head + 1 WHERE sede = $4)
             UPDATE point SET desks = $2, body = $3::text::json, at = (SELECT head FROM offering) WHERE code = $1",
            after.code.as_str(),
            i32::from(after.desks),
            written(after, "point")?,
            stored.sede
        )
        .execute(&mut *transaction)
        .await?;
        deposit::places_came_free(&mut transaction, &[after.code.to_string()]).await?;
    }
    transaction.commit().await?;
    Ok(PointOutcome::Published)
}

/// The first topic of `point` that nobody has published.
async fn unknown_topic(connection: &mut PgConnection, point: &ConsultationPoint) -> Result<Option<TopicCode>, Failure> {
    let topics: Vec<String> = point.topics.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"SELECT code AS "code!" FROM unnest($1::text[]) WITH ORDINALITY AS asked (code, place)
           WHERE NOT EXISTS (SELECT FROM topic WHERE topic.code = asked.code) ORDER BY place LIMIT 1"#,
        &topics
    )
    .fetch_optional(connection)
    .await?
    .map(|code| code.parse().map_err(|_| Failure::Body("topic")))
    .transpose()
}

/// The live appointments of a point from `now` on, in the order of their beginning.
async fn held(
    connection: &mut PgConnection,
    point: &StoredPoint,
    now: DateTime<Utc>,
) -> Result<Vec<HeldPlace>, Failure> {
    sqlx::query!(
        "SELECT a.code, p.starts_at, p.ends_at FROM place AS p JOIN appointment AS a ON a.id = p.appointment
         WHERE p.sede = $1 AND p.point = $2 AND p.starts_at > $3 AND p.ends_at > $4
         ORDER BY p.starts_at, a.code",
        point.sede,
        point.point.code.as_str(),
        now - LONGEST,
        now
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(HeldPlace {
            appointment: AppointmentCode::try_from(row.code).map_err(|_| Failure::Body("appointment"))?,
            interval: (row.starts_at, row.ends_at),
        })
    })
    .collect()
}

pub(crate) async fn end_delegation(
    reach: &Reach,
    studio: &StudioCode,
    position: &Matricola,
    last_day: NaiveDate,
) -> Result<EndOutcome, Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    nothing_due(&mut transaction, now).await?;
    let studios = [studio.to_string()];
    turn::take(&mut transaction, &studios, &[]).await?;
    let Some(delegation) = sqlx::query_scalar!(
        r#"SELECT body AS "body: Json<Delegation>" FROM delegation WHERE studio = $1 AND position = $2"#,
        studio.as_str(),
        position.as_str()
    )
    .fetch_optional(&mut *transaction)
    .await?
    else {
        return Ok(EndOutcome::UnknownDelegation);
    };
    let ended = match keeping::ended(&inner(delegation), last_day) {
        Ok(ended) => ended,
        Err(outcome) => return Ok(outcome),
    };
    sqlx::query!(
        "UPDATE delegation SET until_day = $3, body = $4::text::json, settles_at = '-infinity'
         WHERE studio = $1 AND position = $2",
        studio.as_str(),
        position.as_str(),
        last_day,
        written(&ended, "delegation")?
    )
    .execute(&mut *transaction)
    .await?;
    delegation::settle(&mut transaction, &studios, now).await?;
    transaction.commit().await?;
    Ok(EndOutcome::Ended)
}
