//! What a studio knows after pulling, kept as any client keeps it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::availability::Taken;
use domain::code::{AppointmentId, DecisionId, FiscalCode, Matricola, PointCode, SedeCode, TicketCode, TopicCode};
use domain::company::{Company, Delegation, Position};
use domain::deposit::Deposit;
use domain::dossier::{Dossier, Subject};
use domain::point::{ConsultationPoint, Sede};
use domain::topic::Topic;

use super::world::{AZIENDE, code, slot};
use crate::{CalendarStore, Change, Cursor, Entity, EntityKey, PulledTicket};

/// What a studio knows after pulling: a copy, as any client keeps one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct View {
    pub(crate) sedi: BTreeMap<SedeCode, Sede>,
    pub(crate) topics: BTreeMap<TopicCode, Topic>,
    pub(crate) points: BTreeMap<PointCode, ConsultationPoint>,
    pub(crate) taken: BTreeMap<(PointCode, DateTime<Utc>, DateTime<Utc>), u16>,
    pub(crate) companies: BTreeMap<FiscalCode, Company>,
    pub(crate) positions: BTreeMap<Matricola, Position>,
    pub(crate) delegations: BTreeMap<Matricola, Delegation>,
    pub(crate) tickets: BTreeMap<TicketCode, PulledTicket>,
    pub(crate) appointments: BTreeMap<AppointmentId, Appointment>,
    pub(crate) deposits: BTreeMap<DecisionId, Deposit>,
    pub(crate) dossiers: BTreeMap<Subject, Dossier>,
}

impl View {
    /// All that `session` sees, pulled from the beginning.
    pub(crate) async fn of(session: &dyn CalendarStore) -> Self {
        Replica::pulled(session).await.view
    }

    pub(crate) fn ticket(&self, ticket: &str) -> &PulledTicket {
        &self.tickets[&code::<TicketCode>(ticket)]
    }

    /// The codes of the tickets.
    pub(crate) fn ticket_codes(&self) -> Vec<&str> {
        self.tickets.keys().map(TicketCode::as_str).collect()
    }

    /// How many places of [`AZIENDE`] are held in the half hour that begins at `local`, as far as is told.
    pub(crate) fn held(&self, local: &str) -> Option<u16> {
        let slot = slot(AZIENDE, local);
        let key = (slot.point, slot.start.instant(), slot.end.instant());
        self.taken.get(&key).copied()
    }

    /// The same without the places of the past, which a later first pull does not bring.
    pub(crate) fn from(mut self, now: DateTime<Utc>) -> Self {
        self.taken.retain(|(_, _, end), _| now < *end);
        self
    }

    /// Takes a change in.
    pub(crate) fn take(&mut self, change: Change) {
        match change {
            Change::Put(entity) => self.put(entity),
            Change::Gone(key) => self.remove(&key),
        }
    }

    fn put(&mut self, entity: Entity) {
        match entity {
            Entity::Sede(sede) => drop(self.sedi.insert(sede.code.clone(), sede)),
            Entity::Topic(topic) => drop(self.topics.insert(topic.code.clone(), topic)),
            Entity::Point(point) => drop(self.points.insert(point.code.clone(), *point)),
            Entity::Taken(held) => {
                let Taken { start, end, count } = held.taken;
                if count == 0 {
                    self.taken.remove(&(held.point, start, end));
                } else {
                    self.taken.insert((held.point, start, end), count);
                }
            }
            Entity::Company(company) => drop(self.companies.insert(company.code.clone(), company)),
            Entity::Position(position) => drop(self.positions.insert(position.matricola.clone(), position)),
            Entity::Delegation(delegation) => {
                drop(self.delegations.insert(delegation.position.clone(), delegation));
            }
            Entity::Ticket(pulled) => drop(self.tickets.insert(pulled.ticket.code.clone(), *pulled)),
            Entity::Appointment(appointment) => drop(self.appointments.insert(appointment.id, *appointment)),
            Entity::Deposit(deposit) => drop(self.deposits.insert(deposit.decision, *deposit)),
            Entity::Dossier(dossier) => drop(self.dossiers.insert(dossier.subject(), *dossier)),
        }
    }

    fn remove(&mut self, key: &EntityKey) {
        match key {
            EntityKey::Sede(sede) => drop(self.sedi.remove(sede)),
            EntityKey::Topic(topic) => drop(self.topics.remove(topic)),
            EntityKey::Point(point) => {
                self.points.remove(point);
                self.taken.retain(|(of, ..), _| of != point);
            }
            EntityKey::Company(company) => drop(self.companies.remove(company)),
            EntityKey::Position(position) => {
                self.positions.remove(position);
                self.delegations.remove(position);
            }
            EntityKey::Ticket(ticket) => drop(self.tickets.remove(ticket)),
            EntityKey::Appointment(appointment) => drop(self.appointments.remove(appointment)),
            EntityKey::Deposit(decision) => drop(self.deposits.remove(decision)),
            EntityKey::Dossier(subject) => drop(self.dossiers.remove(subject)),
        }
    }
}

/// A client's copy, with the cursor that goes on from it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Replica {
    pub(crate) view: View,
    pub(crate) cursor: Option<Cursor>,
}

impl Replica {
    /// A first pull.
    pub(crate) async fn pulled(session: &dyn CalendarStore) -> Self {
        let mut copy = Self::default();
        copy.pull(session).await;
        copy
    }

    /// Pulls until there is no more. Returns what came.
    pub(crate) async fn pull(&mut self, session: &dyn CalendarStore) -> Vec<Change> {
        let mut came = Vec::new();
        while self.pull_page(session, &mut came).await {}
        came
    }

    /// Pulls one page; whether there is more.
    pub(crate) async fn pull_page(&mut self, session: &dyn CalendarStore, came: &mut Vec<Change>) -> bool {
        let page = session.pull(self.cursor.as_ref()).await.expect("a page");
        assert!(page.changes.len() <= 1_000, "a page holds at most 1,000 changes");
        for change in page.changes {
            came.push(change.clone());
            self.view.take(change);
        }
        self.cursor = Some(page.cursor);
        if !page.more {
            assert_eq!(page.remaining, 0, "nothing remains where there is no more");
        }
        page.more
    }
}
