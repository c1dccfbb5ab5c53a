//! What the sede itself does: its administrator and its operators.

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::appointment::{LifeRefusal, SedeChange};
use domain::code::{AppointmentCode, AppointmentId, Matricola, StudioCode, TicketCode, TopicCode};
use domain::company::{Company, Delegation, Position};
use domain::content::Limits;
use domain::point::{ConsultationPoint, Sede};
use domain::ticket::{Outcome, Ticket};
use domain::topic::Topic;

use crate::StoreError;

/// What a sede offers: published whole, replacing what had the same codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offering {
    /// Sedi.
    pub sedi: Vec<Sede>,
    /// Topics.
    pub topics: Vec<Topic>,
    /// Points.
    pub points: Vec<ConsultationPoint>,
}

/// A studio as the sede knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudioProfile {
    /// Its identity.
    pub code: StudioCode,
    /// Its name.
    pub name: String,
}

/// A delegation with the studio that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmittedDelegation {
    /// The studio.
    pub studio: StudioCode,
    /// Position and days.
    pub delegation: Delegation,
}

/// Companies, positions, delegations and tickets, taken in together; those known already are replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Admission {
    /// Companies.
    pub companies: Vec<Company>,
    /// Positions; their companies and sedi are known or among these.
    pub positions: Vec<Position>,
    /// Delegations; their studios and positions are known or among these.
    pub delegations: Vec<AdmittedDelegation>,
    /// Tickets; their positions and topics are known or among these.
    pub tickets: Vec<Ticket>,
}

/// What an operator does to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketAct {
    /// Takes it in charge.
    TakeInProgress,
    /// Answers without closing it.
    Reply,
    /// Closes it.
    Close(Outcome),
    /// Opens it again: R4 counts anew.
    Reopen,
    /// Withdraws it (R5).
    Withdraw,
}

/// What comes of an act of the sede.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskOutcome {
    /// Done.
    Done,
    /// No such ticket.
    UnknownTicket,
    /// The ticket's status does not allow it.
    WrongStatus,
    /// No such appointment.
    UnknownAppointment,
    /// The appointment's life does not allow it.
    Life(LifeRefusal),
    /// R11: the slot does not exist or has no place.
    NoPlace,
}

/// What comes of changing a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointOutcome {
    /// Published: every studio hears of it.
    Published,
    /// No such point, or what shall replace it is another one or of another sede.
    UnknownPoint,
    /// The point is not what was read any more: somebody else published it meanwhile.
    ChangedMeanwhile,
    /// It would answer a topic that is not known.
    UnknownTopic {
        /// The topic.
        topic: TopicCode,
    },
    /// R11: at some moment to come it would have more live appointments than desks. Move some of these first.
    DesksHeld {
        /// The appointments of such moments, in the order of their beginning.
        appointments: Vec<AppointmentCode>,
    },
}

/// What comes of ending a delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndOutcome {
    /// It ends with that day. What the studio keeps of it, R18 says.
    Ended,
    /// The studio has no delegation for the position.
    UnknownDelegation,
    /// It begins later than that.
    NotBegunByThen {
        /// Its first day.
        from: NaiveDate,
    },
    /// It ends earlier already.
    EndsEarlier {
        /// Its last day.
        until: NaiveDate,
    },
}

/// The sede's side of a store.
#[async_trait]
pub trait SedeDesk: Send + Sync {
    /// Publishes what the sede offers.
    async fn publish(&self, offering: &Offering) -> Result<(), StoreError>;

    /// Publishes `after` in the place of `before`, which is what the sede has read of the point: hours, closures, desks or
    /// whatever else is different. Live appointments stay as they are, also where the point is not open any more.
    async fn change_point(
        &self,
        before: &ConsultationPoint,
        after: &ConsultationPoint,
    ) -> Result<PointOutcome, StoreError>;

    /// Sets the limits in force (R10).
    async fn set_limits(&self, limits: Limits) -> Result<(), StoreError>;

    /// Begins another life of the store, with an epoch of its own: after it was restored from a backup. Every studio pulls
    /// from the beginning, since what it has may be of the time after the backup; nothing else changes.
    async fn begin_new_life(&self) -> Result<(), StoreError>;

    /// Enrols a studio, or renames it.
    async fn enrol(&self, studio: &StudioProfile) -> Result<(), StoreError>;

    /// Takes in companies and what is theirs, in one transaction.
    async fn admit(&self, admission: &Admission) -> Result<(), StoreError>;

    /// R18: sets the last day of a studio's delegation for a position. A day that has passed ends it at once.
    async fn end_delegation(
        &self,
        studio: &StudioCode,
        position: &Matricola,
        last_day: NaiveDate,
    ) -> Result<EndOutcome, StoreError>;

    /// Does something to a ticket, with the words that the studio reads.
    async fn act(&self, ticket: &TicketCode, act: TicketAct, text: &str) -> Result<DeskOutcome, StoreError>;

    /// R13: says something about an appointment, of whichever studio.
    async fn tell(&self, appointment: AppointmentId, change: SedeChange, text: &str)
    -> Result<DeskOutcome, StoreError>;
}
