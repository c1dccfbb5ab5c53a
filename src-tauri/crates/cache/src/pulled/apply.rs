//! Takes a page of the feed, in one transaction with its cursor.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::code::{AppointmentId, DecisionId, TicketCode};
use domain::deposit::Deposit;
use sqlx::SqliteConnection;
use store::{Change, Entity, EntityKey, Page, PulledTicket};

use super::bulk::Source;
use super::columns::Touch;
use super::overlay::Overlay;
use super::{Directory, Pulled, bulk, deposits, dossiers, entities, feed, index, overlay};
use crate::error::{CacheError, File, In, Result};

/// What a page changed, for those who show it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched {
    /// Tickets, companies, positions or delegations.
    pub tickets: bool,
    /// Drafts: one turned out to be booked, or how one lies with the store is different.
    pub drafts: bool,
    /// Appointments or communications.
    pub agenda: bool,
    /// Sedi, topics, points, hours or taken places.
    pub board: bool,
    /// What the people of the studio keep among themselves.
    pub dossiers: bool,
}

impl Touched {
    /// What this page or that one changed.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            tickets: self.tickets || other.tickets,
            drafts: self.drafts || other.drafts,
            agenda: self.agenda || other.agenda,
            board: self.board || other.board,
            dossiers: self.dossiers || other.dossiers,
        }
    }
}

/// What a page said that `studio.db` must hear.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    pub(crate) touched: Touched,
    /// Appointments by the decision that they were booked by.
    pub(crate) booked: Vec<(DecisionId, AppointmentId)>,
    /// Tickets whose judgement the store has told back.
    pub(crate) settled: Vec<TicketCode>,
    /// Bookings that lie with the store, as they do now; or that do not any more.
    pub(crate) deposits: Vec<(DecisionId, Option<Deposit>)>,
    /// R16: tickets that only lists of the portal told of until now.
    pub(crate) taken_over: Vec<TicketCode>,
    /// Tickets that the store does not tell of any more.
    pub(crate) gone: Vec<TicketCode>,
    /// Another life of the store began with the page.
    pub(crate) another_life: bool,
    /// R16: whether what stands on the portal must be projected anew.
    pub(crate) lay_portal: bool,
}

impl Pulled {
    pub(crate) async fn apply(&self, page: &Page, epoch: &str) -> Result<Applied> {
        let mut applied = Applied::default();
        // What the sedi offer: the directory is another one.
        let mut offers_changed = false;
        let mut touch = Touch::default();
        let mut before = self.directory().await?;
        let mut tx = self.db.write().await?;
        let known = sqlx::query_scalar!("SELECT epoch FROM feed")
            .fetch_one(&mut *tx)
            .await
            .in_cache()?;
        if known.is_some_and(|known| known != epoch) {
            feed::clear(&mut tx).await?;
            before = Arc::default();
            touch.cleared = true;
            applied.another_life = true;
            applied.lay_portal = true;
            applied.touched = Touched {
                tickets: true,
                drafts: false,
                agenda: true,
                board: true,
                dossiers: true,
            };
            offers_changed = true;
        }
        let mut tickets: Vec<(&TicketCode, Option<&PulledTicket>)> = Vec::new();
        for change in &page.changes {
            match change {
                Change::Put(Entity::Ticket(ticket)) => tickets.push((&ticket.ticket.code, Some(ticket))),
                Change::Gone(EntityKey::Ticket(code)) => tickets.push((code, None)),
                Change::Put(entity) => put(&mut tx, entity, &mut applied, &mut offers_changed).await?,
                Change::Gone(key) => gone(&mut tx, key, &mut applied, &mut offers_changed).await?,
            }
        }
        let after = if offers_changed {
            Arc::new(Directory::read(&mut tx).await?)
        } else {
            Arc::clone(&before)
        };
        let mut overlay = overlay::read(&mut tx).await?;
        let (put, gone) = last_of_each(&tickets);
        applied.touched.tickets |= !put.is_empty() || !gone.is_empty();
        settle(&mut tx, &put, &mut overlay, &mut applied).await?;
        applied.taken_over = of_the_portal(&mut tx, &put).await?;
        applied.gone = gone.iter().copied().cloned().collect();
        applied.lay_portal |= !applied.taken_over.is_empty() || !applied.gone.is_empty();
        touch.tickets.extend(bulk::remove(&mut tx, &gone).await?);
        let ids = bulk::put(&mut tx, &put, &after, &overlay, Source::Store).await?;
        touch.tickets.extend(ids);
        if applied.lay_portal {
            sqlx::query!("UPDATE feed SET portal_revision = 0")
                .execute(&mut *tx)
                .await
                .in_cache()?;
        }
        if offers_changed {
            let topics = differing_topics(&mut tx, &before, &after).await?;
            if !topics.is_empty() {
                let ids = ids_of_topics(&mut tx, &topics).await?;
                bulk::reproject(&mut tx, &ids, &after, &overlay).await?;
                applied.touched.tickets |= !ids.is_empty();
                touch.tickets.extend(ids);
            }
        }
        let entered = index::enter(&mut tx, !page.more).await?;
        let read_at = (!page.more).then(|| page.read_at.to_rfc3339());
        sqlx::query!(
            "UPDATE feed SET epoch = ?1, cursor = ?2, read_at = coalesce(?3, read_at)",
            epoch,
            page.cursor.0,
            read_at
        )
        .execute(&mut *tx)
        .await
        .in_cache()?;
        let generation = if applied.touched.tickets || offers_changed || entered {
            Some(self.follow(&mut tx, &touch).await?)
        } else {
            None
        };
        tx.commit().await.in_cache()?;
        if let Some(generation) = &generation {
            self.committed(generation);
        }
        if !page.more {
            // What a long pull took of memory is not needed to wait for the next one.
            let mut connection = self.db.alone().await?;
            sqlx::query("PRAGMA shrink_memory")
                .execute(&mut *connection)
                .await
                .in_cache()?;
        }
        if offers_changed {
            self.set_directory(after);
        }
        Ok(applied)
    }
}

async fn put(
    tx: &mut SqliteConnection,
    entity: &Entity,
    applied: &mut Applied,
    offers_changed: &mut bool,
) -> Result<()> {
    let touched = &mut applied.touched;
    match entity {
        Entity::Sede(sede) => {
            entities::put_sede(tx, sede).await?;
            *offers_changed = true;
            touched.board = true;
        }
        Entity::Topic(topic) => {
            touched.tickets |= entities::put_topic(tx, topic).await?;
            *offers_changed = true;
            touched.board = true;
        }
        Entity::Point(point) => {
            entities::put_point(tx, point).await?;
            *offers_changed = true;
            touched.board = true;
        }
        Entity::Taken(taken) => {
            entities::put_taken(tx, taken).await?;
            touched.board = true;
        }
        Entity::Company(company) => {
            entities::put_company(tx, company).await?;
            touched.tickets = true;
        }
        Entity::Position(position) => {
            applied.lay_portal |= entities::put_position(tx, position).await?;
            touched.tickets = true;
        }
        Entity::Delegation(delegation) => {
            entities::put_delegation(tx, delegation).await?;
            touched.tickets = true;
        }
        Entity::Appointment(appointment) => {
            entities::put_appointment(tx, appointment).await?;
            applied.booked.push((appointment.decision, appointment.id));
            touched.agenda = true;
        }
        Entity::Deposit(deposit) => {
            deposits::put(tx, deposit).await?;
            applied.deposits.push((deposit.decision, Some(Deposit::clone(deposit))));
            touched.drafts = true;
        }
        Entity::Dossier(dossier) => {
            dossiers::put(tx, dossier).await?;
            touched.dossiers = true;
        }
        // Taken together, in bulk.
        Entity::Ticket(_) => {}
    }
    Ok(())
}

async fn gone(
    tx: &mut SqliteConnection,
    key: &EntityKey,
    applied: &mut Applied,
    offers_changed: &mut bool,
) -> Result<()> {
    let touched = &mut applied.touched;
    match key {
        EntityKey::Sede(code) => {
            entities::gone_sede(tx, code).await?;
            *offers_changed = true;
            touched.board = true;
        }
        EntityKey::Topic(code) => {
            touched.tickets |= entities::gone_topic(tx, code).await?;
            *offers_changed = true;
            touched.board = true;
        }
        EntityKey::Point(code) => {
            entities::gone_point(tx, code).await?;
            *offers_changed = true;
            touched.board = true;
        }
        EntityKey::Company(code) => {
            entities::gone_company(tx, code).await?;
            applied.lay_portal = true;
            touched.tickets = true;
        }
        EntityKey::Position(matricola) => {
            entities::gone_position(tx, matricola).await?;
            applied.lay_portal = true;
            touched.tickets = true;
        }
        EntityKey::Appointment(id) => {
            entities::gone_appointment(tx, *id).await?;
            touched.agenda = true;
        }
        EntityKey::Deposit(decision) => {
            deposits::gone(tx, *decision).await?;
            applied.deposits.push((*decision, None));
            touched.drafts = true;
        }
        EntityKey::Dossier(subject) => {
            dossiers::gone(tx, subject).await?;
            touched.dossiers = true;
        }
        // Taken together, in bulk.
        EntityKey::Ticket(_) => {}
    }
    Ok(())
}

/// R16: those of these tickets that only lists of the portal told of until now.
async fn of_the_portal(tx: &mut SqliteConnection, put: &[&PulledTicket]) -> Result<Vec<TicketCode>> {
    let any = sqlx::query_scalar!(r#"SELECT portal_revision AS "revision!" FROM feed"#)
        .fetch_one(&mut *tx)
        .await
        .in_cache()?;
    if any == 0 {
        return Ok(Vec::new());
    }
    let codes = bulk::to_json(&put.iter().map(|ticket| &ticket.ticket.code).collect::<Vec<_>>())?;
    sqlx::query_scalar!(
        r#"SELECT t.code AS "code!" FROM json_each(?1) e CROSS JOIN ticket t ON t.code = e.value WHERE t.portal = 1"#,
        codes
    )
    .fetch_all(tx)
    .await
    .in_cache()?
    .iter()
    .map(|code| code.parse().map_err(|_| CacheError::Damaged { file: File::Cache }))
    .collect()
}

/// An entity is in a page once; where it were there more often, the last one holds.
fn last_of_each<'a>(
    tickets: &[(&'a TicketCode, Option<&'a PulledTicket>)],
) -> (Vec<&'a PulledTicket>, Vec<&'a TicketCode>) {
    let last: HashMap<&TicketCode, usize> = tickets.iter().enumerate().map(|(at, (code, _))| (*code, at)).collect();
    let mut put = Vec::with_capacity(tickets.len());
    let mut gone = Vec::new();
    for (at, (code, ticket)) in tickets.iter().enumerate() {
        if last.get(code) == Some(&at) {
            match ticket {
                Some(ticket) => put.push(*ticket),
                None => gone.push(*code),
            }
        }
    }
    (put, gone)
}

/// A judgement that the store has taken and whose ticket it tells anew is the ticket's own from now on.
async fn settle(
    tx: &mut SqliteConnection,
    put: &[&PulledTicket],
    overlay: &mut Overlay,
    applied: &mut Applied,
) -> Result<()> {
    if overlay.is_empty() {
        return Ok(());
    }
    for ticket in put {
        let code = &ticket.ticket.code;
        if overlay.get(code).is_some_and(|overlaid| overlaid.told) {
            overlay.remove(code);
            overlay::remove(tx, code).await?;
            applied.settled.push(code.clone());
        }
    }
    Ok(())
}

/// Topics whose tickets the rules see differently in the two directories: another threshold, or a point where there was
/// none.
async fn differing_topics(tx: &mut SqliteConnection, before: &Directory, after: &Directory) -> Result<Vec<i64>> {
    let pairs = sqlx::query!(r#"SELECT id AS "id!", code AS "code!" FROM topic"#)
        .fetch_all(tx)
        .await
        .in_cache()?;
    let sedi: BTreeSet<_> = before
        .points
        .values()
        .chain(after.points.values())
        .map(|point| &point.sede)
        .collect();
    let mut differing = Vec::new();
    for topic in pairs {
        let Ok(code) = topic.code.parse() else { continue };
        let routes = |directory: &Directory| -> Vec<bool> {
            sedi.iter()
                .map(|sede| directory.routing.point(sede, &code).is_some())
                .collect()
        };
        if before.threshold(&code) != after.threshold(&code) || routes(before) != routes(after) {
            differing.push(topic.id);
        }
    }
    Ok(differing)
}

async fn ids_of_topics(tx: &mut SqliteConnection, topics: &[i64]) -> Result<Vec<i64>> {
    let topics = bulk::to_json(topics)?;
    sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM ticket WHERE topic_id IN (SELECT value FROM json_each(?1))"#,
        topics
    )
    .fetch_all(tx)
    .await
    .in_cache()
}
