//! R16: what stands on the portal alone, projected beside what was pulled.
//!
//! `studio.db` numbers what changes there; `cache.db` knows the last number that it has projected. Whatever is newer is
//! projected again, all of it where `cache.db` begins anew. What the store tells of a ticket, a company or a position wins.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::code::{AppointmentId, FiscalCode, Matricola, SedeCode, TicketCode, TopicCode};
use domain::point::{ConsultationPoint, Sede};
use domain::portal::{PortalTicket, SedeName, place};
use domain::topic::Topic;
use sqlx::SqliteConnection;
use store::PulledTicket;

use super::bulk::{self, Source, to_json};
use super::columns::Touch;
use super::overlay::{self, Overlay};
use super::{Directory, Pulled, entities, index};
use crate::db::Database;
use crate::error::{CacheError, File, In, Result};
use crate::fold::folded;
use crate::portal::{self, Changed};

const DAMAGED: CacheError = CacheError::Damaged { file: File::Cache };

/// Tickets that are projected at one time.
const PIECE: i64 = 4_000;

impl Pulled {
    /// Projects what changed on the portal since the last time. It is durable in `studio.db` already, and projected again
    /// at the next opening: that `cache.db` fails is no failure of what was decided. Returns whether it went well.
    pub(crate) async fn lay_portal(&self, studio: &Database) -> bool {
        match self.try_lay_portal(studio).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "what stands on the portal could not be projected");
                false
            }
        }
    }

    pub(crate) async fn try_lay_portal(&self, studio: &Database) -> Result<()> {
        let wanted = sqlx::query_scalar!("SELECT revision FROM portal")
            .fetch_one(&studio.readers)
            .await
            .in_studio()?;
        let mut tx = self.db.write().await?;
        let known = sqlx::query_scalar!("SELECT portal_revision FROM feed")
            .fetch_one(&mut *tx)
            .await
            .in_cache()?;
        if known == wanted {
            return Ok(());
        }
        let mut laying = Laying {
            overlay: overlay::read(&mut tx).await?,
            carriers: portal::carriers(studio).await?,
            touch: Touch::default(),
            theirs: Vec::new(),
        };
        let since = if known < wanted {
            known
        } else {
            // A `studio.db` that was restored numbers anew what it had numbered before.
            laying.touch.tickets.extend(forget(&mut tx).await?);
            0
        };
        for appointment in portal::registered_since(studio, since).await? {
            let body = serde_json::to_string(&appointment).map_err(CacheError::bug)?;
            entities::put_appointment(&mut tx, &appointment.as_appointment()).await?;
            let id = appointment.id.to_string();
            sqlx::query!("UPDATE appointment SET portal = ?2 WHERE id = ?1", id, body)
                .execute(&mut *tx)
                .await
                .in_cache()?;
        }
        let mut directory = Directory::read(&mut tx).await?;
        let mut after = String::new();
        loop {
            let changed = portal::changed_since(studio, since, &after, PIECE).await?;
            let Some(last) = changed.last() else { break };
            after = last.ticket.code.to_string();
            laying.lay(&mut tx, &changed, &mut directory).await?;
        }
        forget_nameless(&mut tx).await?;
        index::enter(&mut tx, true).await?;
        sqlx::query!("UPDATE feed SET portal_revision = ?1", wanted)
            .execute(&mut *tx)
            .await
            .in_cache()?;
        let generation = self.follow(&mut tx, &laying.touch).await?;
        tx.commit().await.in_cache()?;
        self.committed(&generation);
        self.set_directory(Arc::new(directory));
        // What the store had before anybody looked is the store's from now on.
        portal::at_store(studio, &laying.theirs, true).await
    }

    /// Has all of it projected anew: what was projected may not be what `studio.db` holds now.
    pub(crate) async fn distrust_portal(&self) -> Result<()> {
        let mut tx = self.db.write().await?;
        sqlx::query!("UPDATE feed SET portal_revision = ?1", i64::MAX)
            .execute(&mut *tx)
            .await
            .in_cache()?;
        tx.commit().await.in_cache()
    }

    /// Which of these tickets the store has.
    pub(crate) async fn has_of_store(&self, tickets: &[TicketCode]) -> Result<Vec<TicketCode>> {
        let codes = to_json(tickets)?;
        sqlx::query_scalar!(
            r#"SELECT t.code AS "code!" FROM json_each(?1) e CROSS JOIN ticket t ON t.code = e.value
               WHERE t.portal = 0"#,
            codes
        )
        .fetch_all(&self.db.readers)
        .await
        .in_cache()?
        .iter()
        .map(|code| code.parse().map_err(|_| DAMAGED))
        .collect()
    }

    /// Whether an appointment is one that the studio wrote down.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn is_registered(&self, id: AppointmentId) -> Result<bool> {
        let id = id.to_string();
        let found = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!: i64" FROM appointment WHERE id = ?1 AND portal IS NOT NULL"#,
            id
        )
        .fetch_one(&self.db.readers)
        .await
        .in_cache()?;
        Ok(found > 0)
    }
}

/// Takes out all that was projected. Returns the ids that its tickets had.
async fn forget(tx: &mut SqliteConnection) -> Result<Vec<i64>> {
    let codes: Vec<TicketCode> = sqlx::query_scalar!("SELECT code FROM ticket WHERE portal = 1")
        .fetch_all(&mut *tx)
        .await
        .in_cache()?
        .iter()
        .map(|code| code.parse().map_err(|_| DAMAGED))
        .collect::<Result<_>>()?;
    let ids = bulk::remove(tx, &codes.iter().collect::<Vec<_>>()).await?;
    for statement in [
        sqlx::query!(
            "DELETE FROM appointment_ticket WHERE appointment IN (SELECT id FROM appointment WHERE portal IS NOT NULL)"
        ),
        sqlx::query!("DELETE FROM appointment WHERE portal IS NOT NULL"),
        sqlx::query!("DELETE FROM position WHERE portal = 1"),
    ] {
        statement.execute(&mut *tx).await.in_cache()?;
    }
    Ok(ids)
}

/// What is needed to project tickets, and what that did.
struct Laying {
    overlay: Overlay,
    carriers: HashMap<TicketCode, DateTime<Utc>>,
    touch: Touch,
    /// Tickets that the store turned out to have.
    theirs: Vec<TicketCode>,
}

impl Laying {
    async fn lay(&mut self, tx: &mut SqliteConnection, changed: &[Changed], directory: &mut Directory) -> Result<()> {
        let theirs = of_store(tx, changed).await?;
        let (shown, hidden): (Vec<&Changed>, Vec<&Changed>) = changed
            .iter()
            .partition(|one| !one.at_store && !theirs.contains(&one.ticket.code));
        // The store had it, and has it no more, or has it by now: what stays is what it put.
        let unmarked = hidden.iter().filter(|one| !one.at_store);
        self.theirs.extend(unmarked.map(|one| one.ticket.code.clone()));
        let gone: Vec<&TicketCode> = hidden
            .iter()
            .map(|one| &one.ticket.code)
            .filter(|code| !theirs.contains(*code))
            .collect();
        self.touch.tickets.extend(bulk::remove(tx, &gone).await?);
        let tickets: Vec<PortalTicket> = shown.iter().map(|one| named(one)).collect();
        if put_offers(tx, &tickets, directory).await? {
            *directory = Directory::read(tx).await?;
        }
        let companies = put_companies(tx, &tickets).await?;
        let pulled: Vec<PulledTicket> = tickets
            .iter()
            .map(|ticket| {
                let company = companies.get(&ticket.position).cloned();
                let company = company.unwrap_or_else(|| place::company_of(&ticket.position));
                PulledTicket {
                    ticket: ticket.as_ticket(company),
                    carried_until: self.carriers.get(&ticket.code).copied(),
                }
            })
            .collect();
        let pulled: Vec<&PulledTicket> = pulled.iter().collect();
        let ids = bulk::put(tx, &pulled, directory, &self.overlay, Source::Portal).await?;
        self.touch.tickets.extend(ids);
        Ok(())
    }
}

/// The ticket with what lists said of its position with any ticket.
fn named(one: &Changed) -> PortalTicket {
    let (ticket, position) = (&one.ticket, &one.position);
    let parsed = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    PortalTicket {
        company: position.company.as_deref().and_then(|code| code.parse().ok()),
        company_name: position.company_name.as_deref().and_then(|name| name.parse().ok()),
        sede: parsed(&position.sede).or_else(|| ticket.sede.clone()),
        ..ticket.clone()
    }
}

async fn of_store(tx: &mut SqliteConnection, changed: &[Changed]) -> Result<BTreeSet<TicketCode>> {
    let codes = to_json(&changed.iter().map(|one| &one.ticket.code).collect::<Vec<_>>())?;
    sqlx::query_scalar!(
        r#"SELECT t.code AS "code!" FROM json_each(?1) e CROSS JOIN ticket t ON t.code = e.value WHERE t.portal = 0"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_cache()?
    .iter()
    .map(|code| code.parse().map_err(|_| DAMAGED))
    .collect()
}

/// Sedi and topics of these tickets, and the portal in the place of each sede's point. Returns whether any is new.
async fn put_offers(tx: &mut SqliteConnection, tickets: &[PortalTicket], directory: &Directory) -> Result<bool> {
    let mut sedi: BTreeMap<SedeCode, (Sede, BTreeSet<TopicCode>)> = BTreeMap::new();
    let mut topics: BTreeMap<TopicCode, Topic> = BTreeMap::new();
    for ticket in tickets {
        let (sede, topic) = (place::sede(ticket.sede.as_ref()), place::topic(&ticket.subject));
        let (_, asked) = sedi.entry(sede.code.clone()).or_insert_with(|| (sede, BTreeSet::new()));
        asked.insert(topic.code.clone());
        topics.entry(topic.code.clone()).or_insert(topic);
    }
    let mut new = false;
    for topic in topics
        .values()
        .filter(|topic| !directory.topics.contains_key(&topic.code))
    {
        entities::put_topic(tx, topic).await?;
        new = true;
    }
    for (sede, asked) in sedi.values() {
        let code = place::point_code(&sede.code);
        let known: BTreeSet<TopicCode> = directory
            .points
            .get(&code)
            .map(|point| point.topics.iter().cloned().collect())
            .unwrap_or_default();
        if !directory.sedi.contains_key(&sede.code) {
            entities::put_sede(tx, sede).await?;
            new = true;
        }
        if !asked.is_subset(&known) || !directory.points.contains_key(&code) {
            let all: Vec<TopicCode> = known.union(asked).cloned().collect();
            let point: ConsultationPoint = place::point(sede, all);
            entities::put_point(tx, &point).await?;
            new = true;
        }
    }
    Ok(new)
}

/// Positions of these tickets and their companies, as far as the store tells nothing of them. Returns whose each is.
async fn put_companies(tx: &mut SqliteConnection, tickets: &[PortalTicket]) -> Result<HashMap<Matricola, FiscalCode>> {
    let mut positions: BTreeMap<&Matricola, (&PortalTicket, FiscalCode, Sede)> = BTreeMap::new();
    for ticket in tickets {
        let company = ticket.company.clone();
        let company = company.unwrap_or_else(|| place::company_of(&ticket.position));
        let sede = place::sede(ticket.sede.as_ref().map(|name: &SedeName| name));
        positions.entry(&ticket.position).or_insert((ticket, company, sede));
    }
    let rows: Vec<_> = positions
        .values()
        .map(|(ticket, company, sede)| (&ticket.position, company, &sede.code))
        .collect();
    let rows = to_json(&rows)?;
    sqlx::query!(
        "INSERT INTO position (matricola, company, sede, portal)
         SELECT value ->> 0, value ->> 1, value ->> 2, 1 FROM json_each(?1) WHERE true
         ON CONFLICT (matricola) DO UPDATE SET company = excluded.company, sede = excluded.sede WHERE portal = 1",
        rows
    )
    .execute(&mut *tx)
    .await
    .in_cache()?;
    let matricole = to_json(&positions.keys().collect::<Vec<_>>())?;
    let whose: HashMap<Matricola, FiscalCode> = sqlx::query!(
        r#"SELECT p.matricola AS "matricola!", p.company AS "company!"
           FROM json_each(?1) e CROSS JOIN position p ON p.matricola = e.value"#,
        matricole
    )
    .fetch_all(&mut *tx)
    .await
    .in_cache()?
    .into_iter()
    .map(|row| {
        Ok((
            row.matricola.parse().map_err(|_| DAMAGED)?,
            row.company.parse().map_err(|_| DAMAGED)?,
        ))
    })
    .collect::<Result<_>>()?;
    // A company has one name; that of the last position, where lists write it in several ways.
    let mut names: BTreeMap<&FiscalCode, Option<&str>> = BTreeMap::new();
    for (ticket, _, _) in positions.values() {
        if let Some(company) = whose.get(&ticket.position) {
            let name = names.entry(company).or_default();
            *name = ticket.company_name.as_ref().map(|name| name.as_str()).or(*name);
        }
    }
    let rows: Vec<_> = names
        .iter()
        .map(|(company, name)| (company, name, name.map(folded)))
        .collect();
    let rows = to_json(&rows)?;
    sqlx::query!(
        "INSERT INTO company (code, name, name_key, known)
         SELECT value ->> 0, coalesce(value ->> 1, value ->> 0), coalesce(value ->> 2, lower(value ->> 0)), 2
         FROM json_each(?1) WHERE true
         ON CONFLICT (code) DO UPDATE SET known = 2,
             name = CASE WHEN excluded.name <> excluded.code OR known = 0 THEN excluded.name ELSE name END,
             name_key = CASE WHEN excluded.name <> excluded.code OR known = 0 THEN excluded.name_key ELSE name_key END
         WHERE known <> 1",
        rows
    )
    .execute(tx)
    .await
    .in_cache()?;
    Ok(whose)
}

/// Companies that went by a position, and have a fiscal code by now.
async fn forget_nameless(tx: &mut SqliteConnection) -> Result<()> {
    sqlx::query!("DELETE FROM company WHERE known = 2 AND code NOT IN (SELECT company FROM position)")
        .execute(tx)
        .await
        .in_cache()?;
    Ok(())
}
