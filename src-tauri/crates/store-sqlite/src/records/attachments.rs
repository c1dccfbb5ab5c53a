//! R10: the files of an appointment.

use domain::appointment::Appointment;
use domain::code::{AppointmentId, ContentHash};
use sqlx::SqlitePool;

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
    let hash = hash.to_string();
    // SQLite counts bytes from 1.
    let first = i64::try_from(offset).unwrap_or(i64::MAX).saturating_add(1);
    sqlx::query_scalar!(
        r#"SELECT substr(piece.bytes, ?3, ?4) AS "bytes!: Vec<u8>"
           FROM upload JOIN piece ON piece.upload = upload.id AND piece.at = 0
           WHERE upload.studio = ?1 AND upload.hash = ?2 AND upload.complete = 1"#,
        row.studio,
        hash,
        first,
        most
    )
    .fetch_optional(reads)
    .await
    .map_err(Failure::from)
}
