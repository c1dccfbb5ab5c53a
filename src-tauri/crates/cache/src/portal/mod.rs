//! R16: tickets that stand on the INPS portal alone, and the appointments that the studio wrote down for them. They live in
//! `studio.db`, and are projected into `cache.db` beside what was pulled, so that lists, search, companies, the agenda and
//! *Oggi* show them as they show all others ([`crate::pulled`] lays them).
//!
//! They never reach a store: the outbox takes no decision about one ([`CacheError::OfThePortal`]), whoever asks for it. A
//! ticket that the store has too, by now, is the store's: what a list said of it is kept, and shown no more.
//!
//! * `import`: a list, compared with what is held, and taken whole or not at all.
//! * `registered`: appointments that were written down.

mod import;
mod registered;
mod salvage;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::code::{FiscalCode, TicketCode};
use domain::dossier::Entry;
use domain::portal::comparison::{RowRefusal, Verdict};
use domain::portal::{PortalTicket, place};
use domain::ticket::Judgement;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use crate::db::Database;
use crate::drafts::{json, to_json};
use crate::error::{CacheError, File, In, Result};
use crate::instant::{from_micros, micros};
use crate::pulled::Pulled;

pub use import::{Imported, Preview};
pub use registered::Registration;

pub(crate) use import::{Changed, changed_since};
pub(crate) use registered::{carriers, changed_since as registered_since, put as put_registered};
pub(crate) use salvage::bring;

const DAMAGED: CacheError = CacheError::Damaged { file: File::Studio };

/// What stands on the portal, as the studio knows it.
#[derive(Debug, Clone)]
pub struct Portal {
    pub(crate) studio: Database,
    pub(crate) pulled: Pulled,
}

/// A ticket of the portal that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldTicket {
    /// What lists, or the studio, told of it.
    pub ticket: PortalTicket,
    /// When it was first told of.
    pub first_at: DateTime<Utc>,
    /// When something new was last told of it.
    pub changed_at: DateTime<Utc>,
}

impl Portal {
    /// A ticket of the portal; nothing for one that is not, or that the store has by now.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn ticket(&self, code: &TicketCode) -> Result<Option<HeldTicket>> {
        let code = code.as_str();
        sqlx::query!(
            "SELECT body, first_at, changed_at FROM portal_ticket WHERE code = ?1 AND at_store = 0",
            code
        )
        .fetch_optional(&self.studio.readers)
        .await
        .in_studio()?
        .map(|row| {
            Ok(HeldTicket {
                ticket: json(&row.body)?,
                first_at: from_micros(row.first_at)?,
                changed_at: from_micros(row.changed_at)?,
            })
        })
        .transpose()
    }

    /// The company of a position, as lists named it last; that which goes by the position alone where none did.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn company_of(&self, ticket: &PortalTicket) -> Result<FiscalCode> {
        let position = ticket.position.as_str();
        let company = sqlx::query_scalar!("SELECT company FROM portal_position WHERE matricola = ?1", position)
            .fetch_optional(&self.studio.readers)
            .await
            .in_studio()?
            .flatten();
        match company {
            Some(company) => company.parse().map_err(|_| DAMAGED),
            None => Ok(place::company_of(&ticket.position)),
        }
    }

    /// How many tickets of the portal are held, those that the store has by now left out.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn count(&self) -> Result<u32> {
        let count = sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM portal_ticket WHERE at_store = 0"#)
            .fetch_one(&self.studio.readers)
            .await
            .in_studio()?;
        u32::try_from(count).map_err(|_| DAMAGED)
    }

    /// Which of these tickets are the portal's.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn among(&self, tickets: &[TicketCode]) -> Result<Vec<TicketCode>> {
        let mut connection = self.studio.readers.acquire().await.in_studio()?;
        of_the_portal(&mut connection, tickets.iter().map(TicketCode::as_str)).await
    }

    /// Takes one ticket that somebody typed in, or corrected: what it leaves out stays, and it may go back to a state that
    /// a list could not.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn write(&self, ticket: &PortalTicket, now: DateTime<Utc>) -> Result<Verdict> {
        let today = domain::time::civil_day(now);
        if let Err(refusal) = ticket.check_days(today) {
            return Ok(Verdict::Refused(refusal));
        }
        if self
            .pulled
            .has_of_store(std::slice::from_ref(&ticket.code))
            .await?
            .len()
            == 1
        {
            return Ok(Verdict::Refused(RowRefusal::AtTheSede));
        }
        let mut tx = self.studio.write().await?;
        let held = import::held(&mut tx, [ticket.code.as_str()].into_iter()).await?;
        let held = held.get(&ticket.code);
        let verdict = match held {
            None => Verdict::New,
            Some(held) if held.position != ticket.position => Verdict::Refused(RowRefusal::OtherPosition),
            Some(held) => match held.differing(&held.told(ticket)) {
                none if none.is_empty() => Verdict::Same,
                differing => Verdict::Changed(differing),
            },
        };
        if matches!(verdict, Verdict::New | Verdict::Changed(_)) {
            let told = held.map_or_else(|| ticket.clone(), |held| held.told(ticket));
            import::put(&mut tx, &[told], now).await?;
            tx.commit().await.in_studio()?;
            self.pulled.lay_portal(&self.studio).await;
        }
        Ok(verdict)
    }

    /// R3: the studio's judgement on a reply. It stays on this computer.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn judge(&self, ticket: &TicketCode, judgement: Judgement) -> Result<()> {
        let mut tx = self.studio.write().await?;
        put_judgement(&mut tx, ticket, &judgement).await?;
        tx.commit().await.in_studio()?;
        self.pulled.overlay_from(&self.studio).await;
        Ok(())
    }

    /// Keeps what a person of the studio entered about a ticket of the portal, or an appointment that was written down.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn enter(&self, entry: &Entry, now: DateTime<Utc>) -> Result<()> {
        let (entry, at) = (to_json(entry)?, micros(now));
        let mut tx = self.studio.write().await?;
        sqlx::query!("INSERT INTO portal_entry (entry, at) VALUES (?1, ?2)", entry, at)
            .execute(&mut *tx)
            .await
            .in_studio()?;
        tx.commit().await.in_studio()?;
        self.pulled.lay_entries(&self.studio).await;
        Ok(())
    }

    /// How columns under this header were matched last.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn mapping<T: DeserializeOwned>(&self, header: &str) -> Result<Option<T>> {
        let mapping = sqlx::query_scalar!("SELECT mapping FROM column_mapping WHERE header = ?1", header)
            .fetch_optional(&self.studio.readers)
            .await
            .in_studio()?;
        // One of another shape counts as none.
        Ok(mapping.and_then(|mapping| json(&mapping).ok()))
    }

    /// Remembers how columns under this header are matched.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn remember<T: Serialize + Sync>(&self, header: &str, mapping: &T, now: DateTime<Utc>) -> Result<()> {
        let (mapping, at) = (to_json(mapping)?, micros(now));
        let mut tx = self.studio.write().await?;
        sqlx::query!(
            "INSERT INTO column_mapping (header, mapping, used_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (header) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at",
            header,
            mapping,
            at
        )
        .execute(&mut *tx)
        .await
        .in_studio()?;
        tx.commit().await.in_studio()
    }

    /// Reads every appointment that was written down, as those do who show them.
    pub(crate) async fn try_read(&self) -> Result<()> {
        registered::changed_since(&self.studio, 0).await?;
        Ok(())
    }
}

/// The store has these tickets, or has them no more.
pub(crate) async fn at_store(studio: &Database, tickets: &[TicketCode], there: bool) -> Result<()> {
    if tickets.is_empty() {
        return Ok(());
    }
    let codes = to_json(&tickets)?;
    let mut tx = studio.write().await?;
    let revision = next_revision(&mut tx).await?;
    sqlx::query!(
        "UPDATE portal_ticket SET at_store = ?2, revision = ?3
             WHERE at_store <> ?2 AND code IN (SELECT value FROM json_each(?1))",
        codes,
        there,
        revision
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    tx.commit().await.in_studio()
}

/// Another life of the store begins: which tickets it has is to be seen.
pub(crate) async fn none_at_store(studio: &Database) -> Result<()> {
    let mut tx = studio.write().await?;
    let revision = next_revision(&mut tx).await?;
    sqlx::query!(
        "UPDATE portal_ticket SET at_store = 0, revision = ?1 WHERE at_store <> 0",
        revision
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    tx.commit().await.in_studio()
}

/// A judgement for what is shown, and for drafts that are still being written.
pub(crate) async fn put_judgement(tx: &mut SqliteConnection, ticket: &TicketCode, judgement: &Judgement) -> Result<()> {
    let (ticket, judgement) = (ticket.as_str(), to_json(judgement)?);
    sqlx::query!(
        "INSERT INTO judgement (ticket, judgement, told) VALUES (?1, ?2, 0)
         ON CONFLICT (ticket) DO UPDATE SET judgement = excluded.judgement, told = 0",
        ticket,
        judgement
    )
    .execute(&mut *tx)
    .await
    .in_studio()?;
    // A draft that goes out, or may have gone out, under its attempt stays what was asked under it.
    sqlx::query!(
        "UPDATE draft_ticket SET judgement = ?2 WHERE ticket = ?1 AND live = 1
             AND draft IN (SELECT n FROM draft WHERE state IN ('editing', 'needs_attention'))",
        ticket,
        judgement
    )
    .execute(tx)
    .await
    .in_studio()?;
    Ok(())
}

/// The next number of what changes.
pub(crate) async fn next_revision(tx: &mut SqliteConnection) -> Result<i64> {
    sqlx::query_scalar!(r#"UPDATE portal SET revision = revision + 1 RETURNING revision AS "revision!""#)
        .fetch_one(tx)
        .await
        .in_studio()
}

/// Those of these tickets that are the portal's.
pub(crate) async fn of_the_portal(
    connection: &mut SqliteConnection,
    tickets: impl Iterator<Item = &str>,
) -> Result<Vec<TicketCode>> {
    let codes = to_json(&tickets.collect::<Vec<_>>())?;
    sqlx::query_scalar!(
        r#"SELECT p.code AS "code!" FROM json_each(?1) e CROSS JOIN portal_ticket p ON p.code = e.value
           WHERE p.at_store = 0"#,
        codes
    )
    .fetch_all(connection)
    .await
    .in_studio()?
    .iter()
    .map(|code| code.parse().map_err(|_| DAMAGED))
    .collect()
}

/// R16: refuses a decision about something of the portal. `subjects` are those of an outbox row.
pub(crate) async fn refuse(tx: &mut SqliteConnection, subjects: &[String]) -> Result<()> {
    let named = |kind: &'static str| {
        subjects.iter().filter_map(move |subject| {
            let subject = subject.strip_prefix("dossier:").unwrap_or(subject);
            subject.strip_prefix(kind)
        })
    };
    if !of_the_portal(tx, named("ticket:")).await?.is_empty() {
        return Err(CacheError::OfThePortal);
    }
    let appointments = to_json(&named("appointment:").collect::<Vec<_>>())?;
    let registered = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!: i64" FROM registered_appointment WHERE id IN (SELECT value FROM json_each(?1))"#,
        appointments
    )
    .fetch_one(tx)
    .await
    .in_studio()?;
    if registered > 0 {
        return Err(CacheError::OfThePortal);
    }
    Ok(())
}

/// What is held, by code.
pub(crate) type HeldByCode = HashMap<TicketCode, PortalTicket>;
