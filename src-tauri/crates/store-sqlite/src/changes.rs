//! What the sede changes of what it has published or admitted, one thing at a time: a point (R11), a delegation (R18).

use chrono::NaiveDate;
use domain::code::{AppointmentCode, Matricola, StudioCode, TopicCode};
use domain::point::ConsultationPoint;
use domain::time::Now;
use sqlx::SqliteConnection;
use store::keeping::{self, HeldPlace};
use store::{EndOutcome, PointOutcome};

use crate::appointment::StoredPoint;
use crate::failure::{Failure, read, written};
use crate::feed::{self, Shared};
use crate::reach::{Reach, instant, seconds};
use crate::{attempt, delegation, deposit};

pub(crate) async fn change_point(
    reach: &Reach,
    before: &ConsultationPoint,
    after: &ConsultationPoint,
) -> Result<PointOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let stored = StoredPoint::of(&mut transaction, before.code.as_str()).await?;
    let Some(stored) = stored.filter(|stored| after.code == before.code && after.sede == stored.point.sede) else {
        return Ok(PointOutcome::UnknownPoint);
    };
    if stored.point != *before {
        return Ok(PointOutcome::ChangedMeanwhile);
    }
    if let Some(topic) = unknown_topic(&mut transaction, after).await? {
        return Ok(PointOutcome::UnknownTopic { topic });
    }
    let appointments = crowded(&mut transaction, stored.id, after.desks, now).await?;
    if after.desks < before.desks && !appointments.is_empty() {
        return Ok(PointOutcome::DesksHeld { appointments });
    }
    if after != before {
        let body = written(after, "point")?;
        sqlx::query!(
            "UPDATE point SET desks = ?2, body = ?3 WHERE id = ?1",
            stored.id,
            after.desks,
            body
        )
        .execute(&mut *transaction)
        .await?;
        feed::shared(&mut transaction, Shared::Point, &[stored.id]).await?;
        deposit::places_came_free(&mut transaction, stored.id).await?;
    }
    attempt::settle(&mut transaction, now).await?;
    reach.commit(transaction).await?;
    Ok(PointOutcome::Published)
}

/// The first topic of `point` that nobody has published.
async fn unknown_topic(
    connection: &mut SqliteConnection,
    point: &ConsultationPoint,
) -> Result<Option<TopicCode>, Failure> {
    let topics = written(&point.topics, "list of codes")?;
    sqlx::query_scalar!(
        r#"SELECT CAST(asked.value AS TEXT) AS "code!: String" FROM json_each(?1) AS asked
           WHERE NOT EXISTS (SELECT 1 FROM topic WHERE code = asked.value) ORDER BY asked.key LIMIT 1"#,
        topics
    )
    .fetch_optional(connection)
    .await?
    .map(|code| code.parse().map_err(|_| Failure::Body("topic")))
    .transpose()
}

/// R11: the live appointments of the moments from `now` on at which there are more of them than `desks`.
async fn crowded(
    connection: &mut SqliteConnection,
    point: i64,
    desks: u16,
    now: Now,
) -> Result<Vec<AppointmentCode>, Failure> {
    let now = seconds(now.instant());
    let held: Vec<HeldPlace> = sqlx::query!(
        "SELECT a.code, p.starts_at, p.ends_at FROM place AS p JOIN appointment AS a ON a.id = p.appointment
         WHERE p.point = ?1 AND p.released = 0 AND p.starts_at > ?2 - 86400 AND p.ends_at > ?2
         ORDER BY p.starts_at, a.code",
        point,
        now
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(HeldPlace {
            appointment: row.code.parse().map_err(|_| Failure::Body("appointment"))?,
            interval: (instant(row.starts_at), instant(row.ends_at)),
        })
    })
    .collect::<Result<_, Failure>>()?;
    Ok(keeping::crowded(&held, desks))
}

pub(crate) async fn end_delegation(
    reach: &Reach,
    studio: &StudioCode,
    position: &Matricola,
    last_day: NaiveDate,
) -> Result<EndOutcome, Failure> {
    let (mut transaction, now) = attempt::in_turn(reach).await?;
    let (studio, position) = (studio.as_str(), position.as_str());
    let Some(row) = sqlx::query!(
        r#"SELECT d.id AS "id!", d.body FROM delegation AS d
           JOIN studio ON studio.id = d.studio JOIN position ON position.id = d.position
           WHERE studio.code = ?1 AND position.matricola = ?2"#,
        studio,
        position
    )
    .fetch_optional(&mut *transaction)
    .await?
    else {
        return Ok(EndOutcome::UnknownDelegation);
    };
    let delegation = match keeping::ended(&read(&row.body, "delegation")?, last_day) {
        Ok(ended) => ended,
        Err(outcome) => return Ok(outcome),
    };
    let (until, body) = (last_day.to_string(), written(&delegation, "delegation")?);
    sqlx::query!(
        "UPDATE delegation SET until_day = ?2, body = ?3, settles_at = 0 WHERE id = ?1",
        row.id,
        until,
        body
    )
    .execute(&mut *transaction)
    .await?;
    delegation::settle(&mut transaction, now).await?;
    reach.commit(transaction).await?;
    Ok(EndOutcome::Ended)
}
