//! What of the portal can still be read in a damaged `studio.db`, and that the backup lacks or has older.

use domain::dossier::Entry;
use domain::portal::PortalTicket;
use domain::portal::registered::RegisteredAppointment;
use sqlx::SqliteConnection;

use super::import;
use crate::drafts::json;
use crate::error::{In, Result};
use crate::instant::from_micros;

/// Brings it over. What can't be read is left where it is: the damaged file is kept.
pub(crate) async fn bring(from: &mut SqliteConnection, into: &mut SqliteConnection) -> Result<()> {
    bring_tickets(from, into).await?;
    bring_appointments(from, into).await?;
    if let Ok(rows) = sqlx::query!("SELECT n, entry, at FROM portal_entry")
        .fetch_all(&mut *from)
        .await
    {
        for row in rows.into_iter().filter(|row| json::<Entry>(&row.entry).is_ok()) {
            sqlx::query!(
                "INSERT OR IGNORE INTO portal_entry (n, entry, at) VALUES (?1, ?2, ?3)",
                row.n,
                row.entry,
                row.at
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    if let Ok(rows) = sqlx::query!("SELECT header, mapping, used_at FROM column_mapping")
        .fetch_all(from)
        .await
    {
        let whole = |mapping: &str| json::<serde_json::Value>(mapping).is_ok();
        for row in rows.into_iter().filter(|row| whole(&row.mapping)) {
            sqlx::query!(
                "INSERT INTO column_mapping (header, mapping, used_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (header) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at
                 WHERE used_at < excluded.used_at",
                row.header,
                row.mapping,
                row.used_at
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    Ok(())
}

async fn bring_tickets(from: &mut SqliteConnection, into: &mut SqliteConnection) -> Result<()> {
    let Ok(rows) = sqlx::query!("SELECT code, body, at_store, first_at, changed_at FROM portal_ticket")
        .fetch_all(&mut *from)
        .await
    else {
        return Ok(());
    };
    for row in rows {
        let readable = json::<PortalTicket>(&row.body)
            .ok()
            .zip(from_micros(row.changed_at).ok());
        let Some((ticket, changed_at)) = readable.filter(|(ticket, _)| ticket.code.as_str() == row.code) else {
            continue;
        };
        let known = sqlx::query_scalar!("SELECT changed_at FROM portal_ticket WHERE code = ?1", row.code)
            .fetch_optional(&mut *into)
            .await
            .in_studio()?;
        if known.is_some_and(|known| known >= row.changed_at) {
            continue;
        }
        import::put(into, &[ticket], changed_at).await?;
        sqlx::query!(
            "UPDATE portal_ticket SET at_store = ?2, first_at = min(first_at, ?3) WHERE code = ?1",
            row.code,
            row.at_store,
            row.first_at
        )
        .execute(&mut *into)
        .await
        .in_studio()?;
    }
    if let Ok(rows) = sqlx::query!("SELECT n, code, until, body FROM portal_ticket_before")
        .fetch_all(from)
        .await
    {
        for row in rows.into_iter().filter(|row| json::<PortalTicket>(&row.body).is_ok()) {
            sqlx::query!(
                "INSERT INTO portal_ticket_before (code, until, body)
                 SELECT ?1, ?2, ?3 WHERE NOT EXISTS (
                     SELECT 1 FROM portal_ticket_before WHERE code = ?1 AND body = ?3)",
                row.code,
                row.until,
                row.body
            )
            .execute(&mut *into)
            .await
            .in_studio()?;
        }
    }
    Ok(())
}

async fn bring_appointments(from: &mut SqliteConnection, into: &mut SqliteConnection) -> Result<()> {
    let Ok(rows) = sqlx::query!("SELECT id, draft, body, changed_at FROM registered_appointment")
        .fetch_all(from)
        .await
    else {
        return Ok(());
    };
    for row in rows {
        let readable = json::<RegisteredAppointment>(&row.body)
            .ok()
            .zip(from_micros(row.changed_at).ok());
        let Some((appointment, changed_at)) = readable.filter(|(found, _)| found.id.to_string() == row.id) else {
            continue;
        };
        let known = sqlx::query_scalar!("SELECT changed_at FROM registered_appointment WHERE id = ?1", row.id)
            .fetch_optional(&mut *into)
            .await
            .in_studio()?;
        if known.is_some_and(|known| known >= row.changed_at) {
            continue;
        }
        let draft = row.draft.and_then(|draft| draft.parse().ok());
        super::put_registered(into, &appointment, draft, changed_at).await?;
    }
    Ok(())
}
