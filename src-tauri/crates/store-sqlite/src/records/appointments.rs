//! Appointments, in the order of their beginning.

use domain::code::{AppointmentCode, PointCode, SedeCode, StudioCode};
use domain::time::{Now, midnight};
use sqlx::SqlitePool;
use store::{AppointmentCondition, AppointmentFilter, AppointmentMark, AppointmentRecord};

use crate::failure::{Failure, read};
use crate::reach::seconds;

fn record(studio: &str, body: &str) -> Result<AppointmentRecord, Failure> {
    Ok(AppointmentRecord {
        studio: studio.parse().map_err(|_| Failure::Body("studio"))?,
        appointment: read(body, "appointment")?,
    })
}

pub(super) async fn one(reads: &SqlitePool, code: &AppointmentCode) -> Result<Option<AppointmentRecord>, Failure> {
    let code = code.as_str();
    sqlx::query!(
        "SELECT studio.code AS studio, a.body
         FROM appointment AS a JOIN studio ON studio.id = a.studio WHERE a.code = ?1",
        code
    )
    .fetch_optional(reads)
    .await?
    .map(|row| record(&row.studio, &row.body))
    .transpose()
}

/// As the bodies name it, and whether the end has passed, where that matters.
const fn state(condition: AppointmentCondition) -> (&'static str, Option<bool>) {
    match condition {
        AppointmentCondition::Confirmed => ("confirmed", Some(false)),
        AppointmentCondition::Past => ("confirmed", Some(true)),
        AppointmentCondition::Resolved => ("resolved", None),
        AppointmentCondition::Cancelled => ("cancelled", None),
    }
}

/// Along the index of beginnings, within the days that are asked for.
pub(super) async fn page(
    reads: &SqlitePool,
    filter: &AppointmentFilter,
    after: Option<&AppointmentMark>,
    rows: i64,
    now: Now,
) -> Result<Vec<AppointmentRecord>, Failure> {
    let begins = filter.from.map_or(i64::MIN, |day| seconds(midnight(day)));
    let (passed, code) = after.map_or((i64::MIN, ""), |mark| (seconds(mark.start), mark.code.as_str()));
    let begins = begins.max(passed);
    let ends = filter
        .until
        .and_then(|day| day.succ_opt())
        .map_or(i64::MAX, |day| seconds(midnight(day)));
    let (state, past) = filter.condition.map(state).unzip();
    let past = past.flatten();
    let sede = filter.sede.as_ref().map(SedeCode::as_str);
    let point = filter.point.as_ref().map(PointCode::as_str);
    let studio = filter.studio.as_ref().map(StudioCode::as_str);
    let now = seconds(now.instant());
    sqlx::query!(
        "SELECT studio.code AS studio, a.body
         FROM place AS p
         JOIN appointment AS a ON a.id = p.appointment
         JOIN studio ON studio.id = a.studio
         JOIN point ON point.id = p.point
         JOIN sede ON sede.id = point.sede
         WHERE p.starts_at >= ?1 AND p.starts_at < ?2
           AND (p.starts_at, a.code) > (?3, ?4)
           AND (?5 IS NULL OR sede.code = ?5)
           AND (?6 IS NULL OR point.code = ?6)
           AND (?7 IS NULL OR studio.code = ?7)
           AND (?8 IS NULL OR a.body ->> '$.state.state' = ?8)
           AND (?9 IS NULL OR (p.ends_at <= ?10) = ?9)
         ORDER BY p.starts_at, a.code LIMIT ?11",
        begins,
        ends,
        passed,
        code,
        sede,
        point,
        studio,
        state,
        past,
        now,
        rows
    )
    .fetch_all(reads)
    .await?
    .into_iter()
    .map(|row| record(&row.studio, &row.body))
    .collect()
}
