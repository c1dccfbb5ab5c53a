//! Appointments in the order of their beginning, and the files (R10) of these and of requests.

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::code::{AppointmentCode, AppointmentId, ContentHash, PointCode, SedeCode, StudioCode, TicketCode};
use domain::contact_request::ContactRequest;
use domain::time::{Now, midnight};
use sqlx::PgConnection;
use sqlx::types::Json;
use store::{AppointmentCondition, AppointmentFilter, AppointmentMark, AppointmentRecord, RequestRecord};

use crate::failure::{Failure, inner};

struct AppointmentRow {
    studio: String,
    body: Json<Appointment>,
}

impl AppointmentRow {
    fn record(self) -> Result<AppointmentRecord, Failure> {
        Ok(AppointmentRecord {
            studio: self.studio.parse().map_err(|_| Failure::Body("studio"))?,
            appointment: inner(self.body),
        })
    }
}

pub(super) async fn one(
    connection: &mut PgConnection,
    code: &AppointmentCode,
) -> Result<Option<AppointmentRecord>, Failure> {
    sqlx::query_as!(
        AppointmentRow,
        r#"SELECT studio, body AS "body: Json<Appointment>" FROM appointment WHERE code = $1"#,
        code.as_str()
    )
    .fetch_optional(connection)
    .await?
    .map(AppointmentRow::record)
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
    connection: &mut PgConnection,
    filter: &AppointmentFilter,
    after: Option<&AppointmentMark>,
    rows: i64,
    now: Now,
) -> Result<Vec<AppointmentRecord>, Failure> {
    let begins: Option<DateTime<Utc>> = filter.from.map(midnight).max(after.map(|mark| mark.start));
    let ends = filter.until.and_then(|day| day.succ_opt()).map(midnight);
    let (state, past) = filter.condition.map(state).unzip();
    sqlx::query_as!(
        AppointmentRow,
        r#"SELECT a.studio, a.body AS "body: Json<Appointment>" FROM appointment AS a
           WHERE a.starts_at >= coalesce($1::timestamptz, '-infinity') AND a.starts_at < coalesce($2::timestamptz, 'infinity')
             AND (a.starts_at, a.code) > (coalesce($3::timestamptz, '-infinity'), $4)
             AND ($5::text IS NULL OR EXISTS (
                 SELECT FROM point AS p WHERE p.code = a.point AND p.body ->> 'sede' = $5))
             AND ($6::text IS NULL OR a.point = $6)
             AND ($7::text IS NULL OR a.studio = $7)
             AND ($8::text IS NULL OR a.body -> 'state' ->> 'state' = $8)
             AND ($9::boolean IS NULL OR (a.ends_at <= $10) = $9)
           ORDER BY a.starts_at, a.code LIMIT $11"#,
        begins,
        ends,
        after.map(|mark| mark.start),
        after.map_or("", |mark| mark.code.as_str()),
        filter.sede.as_ref().map(SedeCode::as_str),
        filter.point.as_ref().map(PointCode::as_str),
        filter.studio.as_ref().map(StudioCode::as_str),
        state,
        past.flatten(),
        now.instant(),
        rows
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(AppointmentRow::record)
    .collect()
}

/// A piece of a file that is sent.
struct Piece {
    at: i64,
    bytes: Vec<u8>,
}

/// Bytes of a file that the appointment names; the file itself is its studio's.
pub(super) async fn piece(
    connection: &mut PgConnection,
    appointment: AppointmentId,
    hash: ContentHash,
    offset: u64,
    most: u32,
) -> Result<Option<Vec<u8>>, Failure> {
    let Some(row) = sqlx::query_as!(
        AppointmentRow,
        r#"SELECT studio, body AS "body: Json<Appointment>" FROM appointment WHERE id = $1"#,
        appointment.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    if !row.body.content.attachments.iter().any(|file| file.hash == hash) {
        return Ok(None);
    }
    piece_of(connection, &row.studio, hash, offset, most).await
}

/// What came with a ticket that a studio opened here.
pub(super) async fn request(
    connection: &mut PgConnection,
    ticket: &TicketCode,
) -> Result<Option<RequestRecord>, Failure> {
    sqlx::query!(
        r#"SELECT studio, body AS "body: Json<ContactRequest>" FROM request WHERE ticket = $1"#,
        ticket.as_str()
    )
    .fetch_optional(connection)
    .await?
    .map(|row| {
        Ok(RequestRecord {
            studio: row.studio.parse().map_err(|_| Failure::Body("studio"))?,
            request: inner(row.body),
        })
    })
    .transpose()
}

/// Bytes of a file that came with a ticket; the file itself is the studio's who wrote it.
pub(super) async fn request_piece(
    connection: &mut PgConnection,
    ticket: &TicketCode,
    hash: ContentHash,
    offset: u64,
    most: u32,
) -> Result<Option<Vec<u8>>, Failure> {
    let Some(found) = request(&mut *connection, ticket).await? else {
        return Ok(None);
    };
    if !found.request.content.attachments.iter().any(|file| file.hash == hash) {
        return Ok(None);
    }
    piece_of(connection, found.studio.as_str(), hash, offset, most).await
}

/// Bytes of a whole file of a studio's.
async fn piece_of(
    connection: &mut PgConnection,
    studio: &str,
    hash: ContentHash,
    offset: u64,
    most: u32,
) -> Result<Option<Vec<u8>>, Failure> {
    let (first, most) = (i64::try_from(offset).unwrap_or(i64::MAX), i64::from(most));
    let whole = sqlx::query_scalar!(
        r#"SELECT hash FROM upload WHERE studio = $1 AND hash = decode($2, 'hex') AND complete"#,
        studio,
        hash.to_string()
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(whole) = whole else {
        return Ok(None);
    };
    let pieces = sqlx::query_as!(
        Piece,
        "SELECT at, bytes FROM piece
         WHERE studio = $1 AND hash = $2 AND at < $3 AND at + length(bytes) > $4 ORDER BY at",
        studio,
        whole,
        first.saturating_add(most),
        first
    )
    .fetch_all(connection)
    .await?;
    let mut content = Vec::new();
    for Piece { at, bytes } in pieces {
        let skipped = usize::try_from(first.saturating_sub(at)).unwrap_or(0);
        content.extend_from_slice(bytes.get(skipped..).unwrap_or_default());
    }
    content.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(Some(content))
}
