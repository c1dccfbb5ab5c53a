//! Everything but tickets, put one by one: there is little of it.

use domain::appointment::{Appointment, AppointmentState};
use domain::code::{AppointmentId, FiscalCode, Matricola, PointCode, SedeCode, TopicCode};
use domain::company::{Company, Delegation, Position};
use domain::point::{ConsultationPoint, Sede};
use domain::topic::Topic;
use sqlx::SqliteConnection;
use store::TakenAt;

use crate::error::{CacheError, In, Result};
use crate::fold::folded;

pub(super) async fn put_sede(tx: &mut SqliteConnection, sede: &Sede) -> Result<()> {
    let code = sede.code.as_str();
    sqlx::query!(
        "INSERT INTO sede (code, name) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET name = excluded.name",
        code,
        sede.name
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(())
}

pub(super) async fn gone_sede(tx: &mut SqliteConnection, code: &SedeCode) -> Result<()> {
    let code = code.as_str();
    sqlx::query!("DELETE FROM sede WHERE code = ?1", code)
        .execute(tx)
        .await
        .in_cache()?;
    Ok(())
}

/// The words of a topic by which lists sort.
fn label_key(topic: &Topic) -> String {
    // The sign between the levels sorts before every letter: an area stands before those that its name begins.
    [&topic.area, &topic.subject, &topic.detail]
        .map(|level| folded(level))
        .join("\u{1}")
}

/// Returns whether its labels changed.
pub(super) async fn put_topic(tx: &mut SqliteConnection, topic: &Topic) -> Result<bool> {
    let (code, key) = (topic.code.as_str(), label_key(topic));
    let threshold = topic.threshold.map(|days| i64::from(days.0));
    sqlx::query!(
        "UPDATE topic SET threshold = ?2 WHERE code = ?1 AND known = 1 AND threshold IS NOT ?2",
        code,
        threshold
    )
    .execute(&mut *tx)
    .await
    .in_cache()?;
    let put = sqlx::query!(
        "INSERT INTO topic (code, area, subject, detail, label_key, threshold, known)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
         ON CONFLICT (code) DO UPDATE SET area = excluded.area, subject = excluded.subject, detail = excluded.detail,
             label_key = excluded.label_key, threshold = excluded.threshold, known = 1
         WHERE known = 0 OR area <> excluded.area OR subject <> excluded.subject OR detail <> excluded.detail",
        code,
        topic.area,
        topic.subject,
        topic.detail,
        key,
        threshold
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(put.rows_affected() > 0)
}

/// It goes by its code from now on. Returns whether there was one.
pub(super) async fn gone_topic(tx: &mut SqliteConnection, code: &TopicCode) -> Result<bool> {
    let code = code.as_str();
    let gone = sqlx::query!(
        "UPDATE topic SET area = code, subject = '', detail = '', label_key = lower(code), threshold = NULL, known = 0
         WHERE code = ?1",
        code
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(gone.rows_affected() > 0)
}

pub(super) async fn put_point(tx: &mut SqliteConnection, point: &ConsultationPoint) -> Result<()> {
    let (code, body) = (
        point.code.as_str(),
        serde_json::to_string(point).map_err(CacheError::bug)?,
    );
    sqlx::query!(
        "INSERT INTO point (code, body) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET body = excluded.body",
        code,
        body
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(())
}

pub(super) async fn gone_point(tx: &mut SqliteConnection, code: &PointCode) -> Result<()> {
    let code = code.as_str();
    sqlx::query!("DELETE FROM point WHERE code = ?1", code)
        .execute(&mut *tx)
        .await
        .in_cache()?;
    sqlx::query!("DELETE FROM taken WHERE point = ?1", code)
        .execute(tx)
        .await
        .in_cache()?;
    Ok(())
}

pub(super) async fn put_taken(tx: &mut SqliteConnection, at: &TakenAt) -> Result<()> {
    let point = at.point.as_str();
    let (starts, ends) = (at.taken.start.timestamp(), at.taken.end.timestamp());
    if at.taken.count == 0 {
        sqlx::query!(
            "DELETE FROM taken WHERE point = ?1 AND starts = ?2 AND ends = ?3",
            point,
            starts,
            ends
        )
        .execute(tx)
        .await
        .in_cache()?;
    } else {
        sqlx::query!(
            "INSERT INTO taken (point, starts, ends, places) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (point, starts, ends) DO UPDATE SET places = excluded.places",
            point,
            starts,
            ends,
            at.taken.count
        )
        .execute(tx)
        .await
        .in_cache()?;
    }
    Ok(())
}

pub(super) async fn put_company(tx: &mut SqliteConnection, company: &Company) -> Result<()> {
    let (code, key) = (company.code.as_str(), folded(&company.name));
    sqlx::query!(
        "INSERT INTO company (code, name, name_key, known) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, known = 1
         WHERE known <> 1 OR name <> excluded.name",
        code,
        company.name,
        key
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(())
}

/// Its tickets show its code from now on.
pub(super) async fn gone_company(tx: &mut SqliteConnection, code: &FiscalCode) -> Result<()> {
    let code = code.as_str();
    sqlx::query!(
        "UPDATE company SET name = code, name_key = lower(code), known = 0 WHERE code = ?1",
        code
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(())
}

/// Returns whether until now only lists of the portal told of it (R16).
pub(super) async fn put_position(tx: &mut SqliteConnection, position: &Position) -> Result<bool> {
    let (matricola, company, sede) = (
        position.matricola.as_str(),
        position.company.as_str(),
        position.sede.as_str(),
    );
    let taken_over = sqlx::query!(
        "UPDATE position SET portal = 0 WHERE matricola = ?1 AND portal = 1",
        matricola
    )
    .execute(&mut *tx)
    .await
    .in_cache()?;
    sqlx::query!(
        "INSERT INTO position (matricola, company, sede) VALUES (?1, ?2, ?3)
         ON CONFLICT (matricola) DO UPDATE SET company = excluded.company, sede = excluded.sede",
        matricola,
        company,
        sede
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(taken_over.rows_affected() > 0)
}

pub(super) async fn gone_position(tx: &mut SqliteConnection, matricola: &Matricola) -> Result<()> {
    let matricola = matricola.as_str();
    sqlx::query!("DELETE FROM position WHERE matricola = ?1", matricola)
        .execute(&mut *tx)
        .await
        .in_cache()?;
    sqlx::query!("DELETE FROM delegation WHERE position = ?1", matricola)
        .execute(tx)
        .await
        .in_cache()?;
    Ok(())
}

pub(super) async fn put_delegation(tx: &mut SqliteConnection, delegation: &Delegation) -> Result<()> {
    let position = delegation.position.as_str();
    let (from, until) = (
        delegation.from.to_string(),
        delegation.until.map(|until| until.to_string()),
    );
    sqlx::query!(
        "INSERT INTO delegation (position, from_day, until_day) VALUES (?1, ?2, ?3)
         ON CONFLICT (position) DO UPDATE SET from_day = excluded.from_day, until_day = excluded.until_day",
        position,
        from,
        until
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(())
}

pub(super) async fn put_appointment(tx: &mut SqliteConnection, appointment: &Appointment) -> Result<()> {
    let (id, decision, company) = (
        appointment.id.to_string(),
        appointment.decision.to_string(),
        appointment.company.as_str(),
    );
    let (starts, ends) = (
        appointment.slot.start.instant().timestamp(),
        appointment.slot.end.instant().timestamp(),
    );
    let confirmed = match appointment.state {
        AppointmentState::Confirmed => true,
        AppointmentState::Resolved { .. } | AppointmentState::Cancelled { .. } => false,
    };
    let body = serde_json::to_string(appointment).map_err(CacheError::bug)?;
    sqlx::query!(
        "INSERT INTO appointment (id, decision, company, starts, ends, confirmed, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET decision = excluded.decision, company = excluded.company,
             starts = excluded.starts, ends = excluded.ends, confirmed = excluded.confirmed, body = excluded.body",
        id,
        decision,
        company,
        starts,
        ends,
        confirmed,
        body
    )
    .execute(&mut *tx)
    .await
    .in_cache()?;
    forget_links(tx, &id).await?;
    for ticket in &appointment.tickets {
        let ticket = ticket.as_str();
        sqlx::query!(
            "INSERT OR IGNORE INTO appointment_ticket (appointment, ticket) VALUES (?1, ?2)",
            id,
            ticket
        )
        .execute(&mut *tx)
        .await
        .in_cache()?;
    }
    for communication in &appointment.communications {
        if communication.acknowledged_at.is_none() {
            let (communication, said_at) = (communication.id.to_string(), communication.at.timestamp_micros());
            sqlx::query!(
                "INSERT OR REPLACE INTO unread (communication, appointment, said_at) VALUES (?1, ?2, ?3)",
                communication,
                id,
                said_at
            )
            .execute(&mut *tx)
            .await
            .in_cache()?;
        }
    }
    Ok(())
}

pub(super) async fn gone_appointment(tx: &mut SqliteConnection, id: AppointmentId) -> Result<()> {
    let id = id.to_string();
    sqlx::query!("DELETE FROM appointment WHERE id = ?1", id)
        .execute(&mut *tx)
        .await
        .in_cache()?;
    forget_links(tx, &id).await
}

async fn forget_links(tx: &mut SqliteConnection, id: &str) -> Result<()> {
    sqlx::query!("DELETE FROM appointment_ticket WHERE appointment = ?1", id)
        .execute(&mut *tx)
        .await
        .in_cache()?;
    sqlx::query!("DELETE FROM unread WHERE appointment = ?1", id)
        .execute(tx)
        .await
        .in_cache()?;
    Ok(())
}
