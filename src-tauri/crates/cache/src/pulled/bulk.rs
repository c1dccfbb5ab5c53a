//! Tickets by the thousand: each statement takes a piece of the page at once, so that 200,000 tickets are some hundreds of
//! statements.

use std::collections::{BTreeSet, HashMap};

use domain::code::{FiscalCode, TicketCode, TopicCode};
use domain::ticket::Ticket;
use serde::Serialize;
use sqlx::SqliteConnection;
use store::PulledTicket;

use super::index::Changes;
use super::overlay::Overlay;
use super::project::project;
use super::{Directory, words};
use crate::error::{CacheError, File, In, Result};
use crate::instant::from_seconds;

const PIECE: usize = 1_000;
const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

pub(super) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(CacheError::bug)
}

/// Where tickets come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The store tells of them.
    Store,
    /// R16: lists of the portal do.
    Portal,
}

/// Puts tickets: rows, bodies, and the words of those that stand in the index. Returns their ids.
pub(super) async fn put(
    tx: &mut SqliteConnection,
    tickets: &[&PulledTicket],
    directory: &Directory,
    overlay: &Overlay,
    source: Source,
) -> Result<Vec<i64>> {
    let mut ids = Vec::with_capacity(tickets.len());
    if tickets.is_empty() {
        return Ok(ids);
    }
    let companies = companies_of(tx, tickets).await?;
    let topics = topics_of(tx, tickets).await?;
    let mut next = sqlx::query_scalar!(
        r#"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ticket'), 0) + 1 AS "id!: i64""#
    )
    .fetch_one(&mut *tx)
    .await
    .in_cache()?;
    for piece in tickets.chunks(PIECE) {
        let known = known(tx, piece).await?;
        let mut rows = Vec::with_capacity(piece.len());
        let mut bodies = Vec::new();
        let mut places = Vec::with_capacity(piece.len());
        let mut changes = Changes::default();
        for PulledTicket { ticket, carried_until } in piece.iter().copied() {
            let id = match known.get(ticket.code.as_str()) {
                Some(known) => {
                    if let Some(body) = &known.indexed {
                        changes.change(known.id, &own_words(body)?, &words::own(ticket))?;
                    }
                    known.id
                }
                None => {
                    next += 1;
                    next - 1
                }
            };
            let company_id = companies.get(&ticket.company).ok_or_else(|| lost("company"))?;
            let topic_id = topics.get(&ticket.topic).ok_or_else(|| lost("topic"))?;
            let judgement = overlay.get(&ticket.code).map(|overlaid| overlaid.judgement);
            let p = project(ticket, *carried_until, judgement, directory);
            rows.push((
                id,
                &ticket.code,
                company_id,
                topic_id,
                &ticket.position,
                &ticket.sede,
                p.status.number(),
                p.closed_at,
                p.assessment,
                p.opened_day,
                p.carried,
                p.has_point,
                p.bookable_from,
                u8::from(source == Source::Portal),
            ));
            let from = bodies.len();
            serde_json::to_writer(&mut bodies, ticket).map_err(CacheError::bug)?;
            // SQLite counts from 1.
            places.push((id, from + 1, bodies.len() - from));
            ids.push(id);
        }
        let rows = to_json(&rows)?;
        sqlx::query!(
            "INSERT INTO ticket (id, code, company_id, topic_id, position, sede, status, closed_at, assessment, opened_day,
                 carried, has_point, bookable_from, portal)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
                 value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13
             FROM json_each(?1) WHERE true
             ON CONFLICT (id) DO UPDATE SET company_id = excluded.company_id, topic_id = excluded.topic_id,
                 position = excluded.position, sede = excluded.sede, status = excluded.status,
                 closed_at = excluded.closed_at, assessment = excluded.assessment, opened_day = excluded.opened_day,
                 carried = excluded.carried, has_point = excluded.has_point, bookable_from = excluded.bookable_from,
                 portal = excluded.portal",
            rows
        )
        .execute(&mut *tx)
        .await
        .in_cache()?;
        // Texts within JSON would be escaped and read again, letter by letter; pieces of bytes are copied.
        let places = to_json(&places)?;
        sqlx::query!(
            "INSERT OR REPLACE INTO ticket_body (id, body)
             SELECT value ->> 0, CAST(substr(?2, value ->> 1, value ->> 2) AS TEXT) FROM json_each(?1)",
            places,
            bodies
        )
        .execute(&mut *tx)
        .await
        .in_cache()?;
        changes.write(tx).await?;
    }
    Ok(ids)
}

/// Removes tickets. Returns the ids that they had.
pub(super) async fn remove(tx: &mut SqliteConnection, tickets: &[&TicketCode]) -> Result<Vec<i64>> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let mut changes = Changes::default();
    let mut removed = Vec::with_capacity(tickets.len());
    for known in known_of(tx, tickets).await?.into_values() {
        if let Some(body) = &known.indexed {
            changes.change(known.id, &own_words(body)?, "")?;
        }
        removed.push(known.id);
    }
    changes.write(tx).await?;
    let ids = to_json(&removed)?;
    for statement in [
        sqlx::query!("DELETE FROM ticket WHERE id IN (SELECT value FROM json_each(?1))", ids),
        sqlx::query!(
            "DELETE FROM ticket_body WHERE id IN (SELECT value FROM json_each(?1))",
            ids
        ),
    ] {
        statement.execute(&mut *tx).await.in_cache()?;
    }
    Ok(removed)
}

/// Computes the projection of these tickets anew.
pub(super) async fn reproject(
    tx: &mut SqliteConnection,
    ids: &[i64],
    directory: &Directory,
    overlay: &Overlay,
) -> Result<()> {
    for piece in ids.chunks(PIECE) {
        let piece = to_json(piece)?;
        let stored = sqlx::query!(
            r#"SELECT t.id AS "id!", t.carried, b.body AS "body!"
               FROM json_each(?1) e CROSS JOIN ticket t ON t.id = e.value CROSS JOIN ticket_body b ON b.id = t.id"#,
            piece
        )
        .fetch_all(&mut *tx)
        .await
        .in_cache()?;
        let mut rows = Vec::with_capacity(stored.len());
        for row in &stored {
            let ticket: Ticket = serde_json::from_str(&row.body).map_err(|_| DAMAGED)?;
            let judgement = overlay.get(&ticket.code).map(|overlaid| overlaid.judgement);
            let carried = row.carried.map(from_seconds).transpose()?;
            let p = project(&ticket, carried, judgement, directory);
            rows.push((
                row.id,
                p.status.number(),
                p.closed_at,
                p.assessment,
                p.opened_day,
                p.carried,
                p.has_point,
                p.bookable_from,
            ));
        }
        let rows = to_json(&rows)?;
        sqlx::query!(
            "UPDATE ticket SET status = p.value ->> 1, closed_at = p.value ->> 2, assessment = p.value ->> 3,
                 opened_day = p.value ->> 4, carried = p.value ->> 5, has_point = p.value ->> 6,
                 bookable_from = p.value ->> 7
             FROM json_each(?1) p WHERE ticket.id = p.value ->> 0",
            rows
        )
        .execute(&mut *tx)
        .await
        .in_cache()?;
    }
    Ok(())
}

/// A ticket that is there already.
struct Known {
    id: i64,
    /// Its body, where its words stand in the index.
    indexed: Option<String>,
}

async fn known(tx: &mut SqliteConnection, tickets: &[&PulledTicket]) -> Result<HashMap<String, Known>> {
    let codes: Vec<_> = tickets.iter().map(|ticket| &ticket.ticket.code).collect();
    known_of(tx, &codes).await
}

async fn known_of(tx: &mut SqliteConnection, codes: &[&TicketCode]) -> Result<HashMap<String, Known>> {
    let codes = to_json(codes)?;
    Ok(sqlx::query!(
        r#"SELECT t.code AS "code!", t.id AS "id!", b.body AS "indexed?"
           FROM json_each(?1) e CROSS JOIN ticket t ON t.code = e.value
               LEFT JOIN ticket_body b ON b.id = t.id AND b.id <= (SELECT indexed FROM feed)"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_cache()?
    .into_iter()
    .map(|row| {
        let known = Known {
            id: row.id,
            indexed: row.indexed,
        };
        (row.code, known)
    })
    .collect())
}

fn own_words(body: &str) -> Result<String> {
    let ticket: Ticket = serde_json::from_str(body).map_err(|_| DAMAGED)?;
    Ok(words::own(&ticket))
}

/// The companies that these tickets name, those not pulled yet too: they go by their code.
async fn companies_of(tx: &mut SqliteConnection, tickets: &[&PulledTicket]) -> Result<HashMap<FiscalCode, i64>> {
    let codes: BTreeSet<&FiscalCode> = tickets.iter().map(|ticket| &ticket.ticket.company).collect();
    let codes = to_json(&codes)?;
    sqlx::query!(
        "INSERT OR IGNORE INTO company (code, name, name_key, known)
         SELECT value, value, lower(value), 0 FROM json_each(?1)",
        codes
    )
    .execute(&mut *tx)
    .await
    .in_cache()?;
    sqlx::query!(
        r#"SELECT c.id AS "id!", c.code AS "code!" FROM json_each(?1) e CROSS JOIN company c ON c.code = e.value"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_cache()?
    .into_iter()
    .map(|row| Ok((row.code.parse().map_err(|_| DAMAGED)?, row.id)))
    .collect()
}

/// The topics that these tickets name, those not pulled yet too: they go by their code.
async fn topics_of(tx: &mut SqliteConnection, tickets: &[&PulledTicket]) -> Result<HashMap<TopicCode, i64>> {
    let codes: BTreeSet<&TopicCode> = tickets.iter().map(|ticket| &ticket.ticket.topic).collect();
    let codes = to_json(&codes)?;
    sqlx::query!(
        "INSERT OR IGNORE INTO topic (code, area, subject, detail, label_key, known)
         SELECT value, value, '', '', lower(value), 0 FROM json_each(?1)",
        codes
    )
    .execute(&mut *tx)
    .await
    .in_cache()?;
    sqlx::query!(
        r#"SELECT o.id AS "id!", o.code AS "code!" FROM json_each(?1) e CROSS JOIN topic o ON o.code = e.value"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_cache()?
    .into_iter()
    .map(|row| Ok((row.code.parse().map_err(|_| DAMAGED)?, row.id)))
    .collect()
}

fn lost(what: &str) -> CacheError {
    CacheError::bug(format_args!("a ticket's {what} was not put before it"))
}
