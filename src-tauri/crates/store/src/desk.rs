//! What the sede itself does: its administrator and its operators.

use async_trait::async_trait;
use domain::appointment::{LifeRefusal, SedeChange};
use domain::code::{AppointmentId, StudioCode, TicketCode};
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

/// The sede's side of a store.
#[async_trait]
pub trait SedeDesk: Send + Sync {
    /// Publishes what the sede offers.
    async fn publish(&self, offering: &Offering) -> Result<(), StoreError>;

    /// Sets the limits in force (R10).
    async fn set_limits(&self, limits: Limits) -> Result<(), StoreError>;

    /// Enrols a studio, or renames it.
    async fn enrol(&self, studio: &StudioProfile) -> Result<(), StoreError>;

    /// Takes in companies and what is theirs, in one transaction.
    async fn admit(&self, admission: &Admission) -> Result<(), StoreError>;

    /// Does something to a ticket, with the words that the studio reads.
    async fn act(&self, ticket: &TicketCode, act: TicketAct, text: &str) -> Result<DeskOutcome, StoreError>;

    /// R13: says something about an appointment, of whichever studio.
    async fn tell(&self, appointment: AppointmentId, change: SedeChange, text: &str)
    -> Result<DeskOutcome, StoreError>;
}
