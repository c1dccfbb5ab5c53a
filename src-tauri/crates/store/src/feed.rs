//! The feed: what changed since a cursor.

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::availability::Taken;
use domain::code::{AppointmentId, DecisionId, FiscalCode, Matricola, PointCode, SedeCode, TicketCode, TopicCode};
use domain::company::{Company, Delegation, Position};
use domain::deposit::Deposit;
use domain::dossier::{Dossier, Subject};
use domain::point::{ConsultationPoint, Sede};
use domain::ticket::Ticket;
use domain::topic::Topic;
use serde::{Deserialize, Serialize};

/// A place in the feed. Only the store that made it can read it; it carries the store's epoch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Some changes. An entity that changed often is here once, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// In the order of their last change. An entity never comes before those that it names, or names them in a later
    /// page: the reader keeps no foreign keys.
    pub changes: Vec<Change>,
    /// Where the next page begins.
    pub cursor: Cursor,
    /// Whether there is more to pull at once.
    pub more: bool,
    /// How many changes are still to come after this page, as far as known: a figure for a progress bar.
    pub remaining: u64,
    /// The store's clock when the page was read.
    pub read_at: DateTime<Utc>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "change", content = "of", rename_all = "snake_case")]
pub enum Change {
    /// The entity is new or different.
    Put(Entity),
    /// The studio does not see the entity any more.
    Gone(EntityKey),
}

/// Something that a studio sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "entity", content = "value", rename_all = "snake_case")]
pub enum Entity {
    /// A sede.
    Sede(Sede),
    /// A topic.
    Topic(Topic),
    /// A point, with its hours and closures.
    Point(Box<ConsultationPoint>),
    /// Held places of a point in one interval; a count of zero when they were given back.
    Taken(TakenAt),
    /// A company with a position that the studio acts for.
    Company(Company),
    /// A position that the studio acts for.
    Position(Position),
    /// The studio's delegation for a position.
    Delegation(Delegation),
    /// A ticket of a position that the studio acts for.
    Ticket(Box<PulledTicket>),
    /// An appointment of the studio's.
    Appointment(Box<Appointment>),
    /// A booking of the studio's that lies with the store.
    Deposit(Box<Deposit>),
    /// What the studio's people keep among themselves about a ticket or an appointment.
    Dossier(Box<Dossier>),
}

/// Held places of a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakenAt {
    /// The point.
    pub point: PointCode,
    /// The interval and how many places of it are held.
    pub taken: Taken,
}

/// A ticket as a studio sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PulledTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// R5: end of the confirmed appointment that carries it, whichever studio's (R18).
    pub carried_until: Option<DateTime<Utc>>,
}

/// Names an [`Entity`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "entity", content = "key", rename_all = "snake_case")]
pub enum EntityKey {
    /// A sede.
    Sede(SedeCode),
    /// A topic.
    Topic(TopicCode),
    /// A point, with its taken places.
    Point(PointCode),
    /// A company.
    Company(FiscalCode),
    /// A position, with its delegation.
    Position(Matricola),
    /// A ticket.
    Ticket(TicketCode),
    /// An appointment.
    Appointment(AppointmentId),
    /// A booking that lay with the store: it came to something, or was withdrawn.
    Deposit(DecisionId),
    /// A dossier.
    Dossier(Subject),
}
