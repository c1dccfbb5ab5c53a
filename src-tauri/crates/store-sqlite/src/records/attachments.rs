//! R10: the files of an appointment, and those of a request.

use domain::appointment::Appointment;
use domain::code::{AppointmentId, ContentHash, TicketCode};
use domain::contact_request::ContactRequest;
use sqlx::SqlitePool;
use store::RequestRecord;

use crate::failure::{Failure, read};

/// Bytes of a file that the appointment names; the file itself is its studio's.
pub(super) async fn piece(
    reads: &SqlitePool,
    appointment: AppointmentId,
    hash: ContentHash,
    offset: u64,
    most: u32,
) -> Result<Option<Vec<u8>>, Failure> {
    let uuid = appointment.uuid();
    let Some(row) = sqlx::query!("SELECT studio, body FROM appointment WHERE uuid = ?1", uuid)
        .fetch_optional(reads)
        .await?
    else {
        return Ok(None);
    };
    let appointment: Appointment = read(&row.body, "appointment")?;
    if !appointment.content.attachments.iter().any(|file| file.hash == hash) {
        return Ok(None);
    }
    piece_of(reads, row.studio, hash, offset, most).await
}

/// What came with a ticket that a studio opened here.
pub(super) async fn request(reads: &SqlitePool, ticket: &TicketCode) -> Result<Option<RequestRecord>, Failure> {
    let code = ticket.as_str();
    sqlx::query!(
        "SELECT studio.code, request.body FROM request
         JOIN ticket ON ticket.id = request.ticket JOIN studio ON studio.id = request.studio WHERE ticket.code = ?1",
        code
    )
    .fetch_optional(reads)
    .await?
    .map(|row| {
        Ok(RequestRecord {
            studio: row.code.parse().map_err(|_| Failure::Body("studio"))?,
            request: read(&row.body, "request")?,
        })
    })
    .transpose()
}

/// Bytes of a file that came with a ticket; the file itself is the studio's who wrote it.
pub(super) async fn request_piece(
    reads: &SqlitePool,
    ticket: &TicketCode,
    hash: ContentHash,
    offset: u64,
    most: u32,
) -> Result<Option<Vec<u8>>, Failure> {
    let code = ticket.as_str();
    let Some(row) = sqlx::query!(
        "SELECT request.studio, request.body FROM request JOIN ticket ON ticket.id = request.ticket
         WHERE ticket.code = ?1",
        code
    )
    .fetch_optional(reads)
    .await?
    else {
        return Ok(None);
    };
    let request: ContactRequest = read(&row.body, "request")?;
    if !request.content.attachments.iter().any(|file| file.hash == hash) {
        return Ok(None);
    }
    piece_of(reads, row.studio, hash, offset, most).await
}

/// Bytes of a whole file of a studio's.
async fn piece_of(
    reads: &SqlitePool,
    studio: i64,
    hash: ContentHash,
    offset: u64,
    most: u32,
) -> Result<Option<Vec<u8>>, Failure> {
    let hash = hash.to_string();
    // SQLite counts bytes from 1.
    let first = i64::try_from(offset).unwrap_or(i64::MAX).saturating_add(1);
    sqlx::query_scalar!(
        r#"SELECT substr(piece.bytes, ?3, ?4) AS "bytes!: Vec<u8>"
           FROM upload JOIN piece ON piece.upload = upload.id AND piece.at = 0
           WHERE upload.studio = ?1 AND upload.hash = ?2 AND upload.complete = 1"#,
        studio,
        hash,
        first,
        most
    )
    .fetch_optional(reads)
    .await
    .map_err(Failure::from)
}
