//! The sede's reading side: what its administrator and its operators look at.
//!
//! Nothing here changes anything, and nothing here is for a studio: a [`SedeRecords`] sees every studio's tickets and
//! appointments. Lists come in a fixed order and in pages: the next page begins after the last record of the one before,
//! so that what is added or changed meanwhile makes no record come twice or stay out.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::appointment::Appointment;
use domain::code::{
    AppointmentCode, AppointmentId, ContentHash, FiscalCode, Matricola, PointCode, SedeCode, StudioCode, TicketCode,
};
use domain::company::{Company, Delegation, Position};
use domain::contact_request::ContactRequest;
use domain::content::Limits;
use domain::point::{ConsultationPoint, Sede};
use domain::ticket::Ticket;
use domain::topic::Topic;
use serde::Serialize;

use crate::{Checkup, StoreError};

/// The most records on a page; who asks for more gets so many.
pub const MOST_RECORDS: u16 = 1_000;

/// Which delegations. Every field that is set narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DelegationFilter {
    /// Held by this studio.
    pub studio: Option<StudioCode>,
    /// For this position.
    pub position: Option<Matricola>,
    /// For a position of this company.
    pub company: Option<FiscalCode>,
}

/// A delegation with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationRecord {
    /// Who holds it.
    pub studio: StudioCode,
    /// Position and days.
    pub delegation: Delegation,
    /// Whose position it is.
    pub company: FiscalCode,
    /// The sede that is competent for the position.
    pub sede: SedeCode,
}

/// A position with the company whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionRecord {
    /// The position.
    pub position: Position,
    /// Its company.
    pub company: Company,
}

/// What an operator sorts tickets by. A ticket that was withdrawn is that and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketCondition {
    /// *Aperta*.
    Open,
    /// *In carico*.
    InProgress,
    /// *Chiusa*, with either outcome.
    Closed,
    /// Withdrawn (R5).
    Withdrawn,
}

/// Which tickets. Every field that is set narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// How they stand.
    pub condition: Option<TicketCondition>,
    /// Of a position that this sede is competent for.
    pub sede: Option<SedeCode>,
    /// Of this company.
    pub company: Option<FiscalCode>,
    /// Of a position that this studio has an active delegation for, today (R2).
    pub delegated_to: Option<StudioCode>,
}

/// A ticket as the sede sees it: without what studios think of the reply, which is their own (R3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRecord {
    /// The ticket, with its conversation.
    pub ticket: Ticket,
    /// R5: the live appointment that carries it.
    pub carried: Option<CarriedBy>,
}

/// What a studio sent with a request that it wrote here: for the sede alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// Who wrote it.
    pub studio: StudioCode,
    /// Position, topic, text, whom to reach, files.
    pub request: ContactRequest,
}

/// Which live appointment carries a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedBy {
    /// The appointment.
    pub appointment: AppointmentCode,
    /// Its end.
    pub until: DateTime<Utc>,
}

/// What an operator sorts appointments by; [`domain::appointment::Stage`] without who cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppointmentCondition {
    /// Confirmed, and its end has not passed.
    Confirmed,
    /// Confirmed, and its end has passed.
    Past,
    /// Resolved by the sede.
    Resolved,
    /// Cancelled by either side.
    Cancelled,
}

/// Which appointments. Every field that is set narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppointmentFilter {
    /// How they stand at this moment.
    pub condition: Option<AppointmentCondition>,
    /// At a point of this sede.
    pub sede: Option<SedeCode>,
    /// At this point.
    pub point: Option<PointCode>,
    /// Of this studio.
    pub studio: Option<StudioCode>,
    /// On this civil day at the sede or later.
    pub from: Option<NaiveDate>,
    /// On this civil day at the sede or earlier.
    pub until: Option<NaiveDate>,
}

/// An appointment with the studio whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentRecord {
    /// The studio.
    pub studio: StudioCode,
    /// The appointment, with what the sede said since.
    pub appointment: Appointment,
}

/// Where a page of appointments ended: they come in the order of their beginning, those of one moment by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentMark {
    /// Beginning of the last appointment of the page.
    pub start: DateTime<Utc>,
    /// Its code.
    pub code: AppointmentCode,
}

impl AppointmentMark {
    /// The mark of a page that ended with `appointment`.
    pub fn of(appointment: &Appointment) -> Self {
        Self {
            start: appointment.slot.start.instant(),
            code: appointment.code.clone(),
        }
    }
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Studios, suspended ones too.
    pub studios: u64,
    /// Sedi.
    pub sedi: u64,
    /// Topics.
    pub topics: u64,
    /// Points.
    pub points: u64,
    /// Companies.
    pub companies: u64,
    /// Positions.
    pub positions: u64,
    /// Delegations, ended ones too.
    pub delegations: u64,
    /// Tickets.
    pub tickets: u64,
    /// Appointments in whatever state.
    pub appointments: u64,
    /// Confirmed appointments whose end has not passed.
    pub live_appointments: u64,
    /// What the sede said about appointments.
    pub communications: u64,
    /// Files that are complete.
    pub attachments: u64,
    /// Their bytes.
    pub attachment_bytes: u64,
    /// Outcomes that are remembered for an attempt.
    pub outcomes: u64,
}

impl Counts {
    /// Whether nobody has put anything into the store yet.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a store holds, as the sede reads it.
///
/// Every method fails with [`StoreError::Unreachable`] when nobody answers.
#[async_trait]
pub trait SedeRecords: Send + Sync {
    /// The sedi, by code.
    async fn sedi(&self) -> Result<Vec<Sede>, StoreError>;

    /// The limits in force (R10).
    async fn limits(&self) -> Result<Limits, StoreError>;

    /// The topics, by code.
    async fn topics(&self) -> Result<Vec<Topic>, StoreError>;

    /// The points with their hours and closures, by code.
    async fn points(&self) -> Result<Vec<ConsultationPoint>, StoreError>;

    /// One point.
    async fn point(&self, code: &PointCode) -> Result<Option<ConsultationPoint>, StoreError>;

    /// One position with its company.
    async fn position(&self, matricola: &Matricola) -> Result<Option<PositionRecord>, StoreError>;

    /// At most `most` delegations by studio and position, those after a record of an earlier page.
    async fn delegations(
        &self,
        filter: &DelegationFilter,
        after: Option<(&StudioCode, &Matricola)>,
        most: u16,
    ) -> Result<Vec<DelegationRecord>, StoreError>;

    /// At most `most` tickets by code, those after a record of an earlier page.
    async fn tickets(
        &self,
        filter: &TicketFilter,
        after: Option<&TicketCode>,
        most: u16,
    ) -> Result<Vec<TicketRecord>, StoreError>;

    /// One ticket.
    async fn ticket(&self, code: &TicketCode) -> Result<Option<TicketRecord>, StoreError>;

    /// What came with a ticket that a studio opened here; nothing for one that came from elsewhere.
    async fn request(&self, ticket: &TicketCode) -> Result<Option<RequestRecord>, StoreError>;

    /// At most `most` bytes of a file that came with such a ticket, from `offset` on; none after its end. Nothing where no
    /// such file came with it.
    async fn request_file(
        &self,
        ticket: &TicketCode,
        hash: ContentHash,
        offset: u64,
        most: u32,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `most` appointments in the order of their beginning, those of one moment by code, those after a record of
    /// an earlier page.
    async fn appointments(
        &self,
        filter: &AppointmentFilter,
        after: Option<&AppointmentMark>,
        most: u16,
    ) -> Result<Vec<AppointmentRecord>, StoreError>;

    /// One appointment.
    async fn appointment(&self, code: &AppointmentCode) -> Result<Option<AppointmentRecord>, StoreError>;

    /// At most `most` bytes of a file of an appointment, from `offset` on; none after its end. Nothing where the
    /// appointment has no such file.
    async fn attachment(
        &self,
        appointment: AppointmentId,
        hash: ContentHash,
        offset: u64,
        most: u32,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// How much there is.
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// Looks at every row as it is at one moment, and says which promises of the store are kept. It may take a while.
    async fn checkup(&self) -> Result<Checkup, StoreError>;
}
