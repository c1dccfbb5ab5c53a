//! What a studio's device may do.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::attachment::FileKind;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, ContentHash, StudioCode, TicketCode};
use domain::contact_request::ContactRequest;
use domain::content::Limits;
use domain::dossier::Entry;
use domain::people::Person;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use serde::{Deserialize, Serialize};

use crate::{
    AcknowledgeOutcome, AssessOutcome, Attempt, BookOutcome, CancelOutcome, ChangeOutcome, Cursor, DepositOutcome,
    EnterOutcome, OpenOutcome, Page, RemindOutcome, StoreError, UploadOutcome, WithdrawOutcome,
};

/// The version of the contract that this crate writes down.
pub const CONTRACT_VERSION: u32 = 1;

/// How a session opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Welcome {
    /// The oldest and the newest version of the contract that the store speaks.
    pub versions: (u32, u32),
    /// The life of the store; another one after it was restored or filled anew.
    pub epoch: String,
    /// The store's clock: the one that decides.
    pub now: DateTime<Utc>,
    /// The limits in force (R10).
    pub limits: Limits,
    /// The studio that the device acts for.
    pub studio: StudioCode,
    /// Its name.
    pub studio_name: String,
    /// Whose device it is, where the store knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// The people of the studio, by name: those with a device that is admitted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Seconds after which to ask again when no hint came.
    pub ask_again_after: u32,
}

/// A file that is being sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Hash of the whole content.
    pub hash: ContentHash,
    /// Size of the whole content.
    pub bytes: u64,
    /// What it is by content.
    pub kind: FileKind,
}

/// The store as the device of one studio sees it. No argument names a studio: the device is the studio's.
///
/// Every method fails with [`StoreError::Unreachable`] when nobody answers, with [`StoreError::Busy`] when the store says
/// so, with [`StoreError::StudioUnknown`] for a device whose studio is gone, and with [`StoreError::DeviceUnknown`],
/// [`StoreError::DeviceRevoked`] or [`StoreError::StudioSuspended`] where the store admits devices and not this one.
#[async_trait]
pub trait CalendarStore: Send + Sync {
    /// Opens a session in version `version` of the contract.
    ///
    /// # Errors
    /// [`StoreError::Incompatible`] where the store does not speak it.
    async fn hello(&self, version: u32) -> Result<Welcome, StoreError>;

    /// The next page of changes after `cursor`, from the beginning without one.
    ///
    /// # Errors
    /// [`StoreError::EpochChanged`] for a cursor of another life of the store.
    async fn pull(&self, cursor: Option<&Cursor>) -> Result<Page, StoreError>;

    /// Books an appointment: R1–R11 by the store's clock, in one transaction with the outcome.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn book(&self, attempt: Attempt, booking: &Booking) -> Result<BookOutcome, StoreError>;

    /// Promise 4: leaves a booking with the store, which lets it go out by itself at the first moment that the rules allow
    /// (R4), in the order of deposit. One that `waits` does not give up for want of a place either: it gets the first that
    /// comes free within its wishes, the longest waiting first. Asked again, it says how the deposit stands. What is
    /// certain to be refused is refused at once.
    ///
    /// The attempt is the one that [`CalendarStore::book`] would have, and has the same outcome in the end. A deposit takes
    /// the place of an earlier attempt of its decision.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn deposit(&self, attempt: Attempt, booking: &Booking, waits: bool) -> Result<DepositOutcome, StoreError>;

    /// Takes an attempt to book back, deposited or not: nothing comes of it any more, even if it arrives later.
    async fn withdraw(&self, attempt: Attempt) -> Result<WithdrawOutcome, StoreError>;

    /// R14, R17: changes an appointment of the studio's: what it added, its slot, or both, in one transaction. The new place
    /// is taken before the old one is given up.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn change(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        change: &StudioChange,
    ) -> Result<ChangeOutcome, StoreError>;

    /// R14: cancels an appointment for the studio.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn cancel(&self, attempt: Attempt, appointment: AppointmentId) -> Result<CancelOutcome, StoreError>;

    /// R3: records the studio's judgement on a reply.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn assess_reply(
        &self,
        attempt: Attempt,
        ticket: &TicketCode,
        judgement: Judgement,
    ) -> Result<AssessOutcome, StoreError>;

    /// Opens a ticket: what a studio asks about a position, under a code of the sede's (S2, R2, R10). One decision has one
    /// ticket at most, and a late attempt returns it.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn open_ticket(&self, attempt: Attempt, request: &ContactRequest) -> Result<OpenOutcome, StoreError>;

    /// S5: reminds the sede of a ticket that it has not answered within the promised days, with words or without. It is an
    /// entry of the conversation, and changes neither the ticket's status nor the count of R4.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn remind(&self, attempt: Attempt, ticket: &TicketCode, words: &str) -> Result<RemindOutcome, StoreError>;

    /// R13: records that the studio read a communication; the first time counts.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn acknowledge(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        communication: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError>;

    /// Enters something into a dossier of the studio's, in the name of the device's person. The sede does not read it.
    ///
    /// # Errors
    /// [`StoreError::AttemptReused`].
    async fn enter(&self, attempt: Attempt, entry: &Entry) -> Result<EnterOutcome, StoreError>;

    /// R10: sends a piece of a file that begins at `offset`; an empty piece asks how much the store has. Pieces may be
    /// repeated; one that leaves a gap is not kept.
    async fn upload(&self, upload: &Upload, offset: u64, piece: &[u8]) -> Result<UploadOutcome, StoreError>;

    /// Returns when something that the studio sees may have changed. Only a hint: it may come for nothing, may never come,
    /// and whoever drops the future loses nothing that a pull would not find. A store that gives none never returns.
    async fn watch(&self) {
        std::future::pending::<()>().await;
    }
}
