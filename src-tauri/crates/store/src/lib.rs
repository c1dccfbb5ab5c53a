//! The sede's calendar store seen from outside.
//!
//! [`CalendarStore`] is what a studio's device may do; [`SedeDesk`] is what the sede itself does, [`SedeRecords`] what it
//! looks at, and a [`Checkup`] whether the store keeps its promises; [`DeviceRegister`] says which devices there are, and
//! whose. The shape of every request, outcome and error stands here; the rules behind the outcomes are `domain`'s. Refusals
//! that the rules foresee are outcomes; a [`StoreError`] is what nobody can answer for.
//!
//! Every write of a studio carries an [`Attempt`]: the decision, made when the person decided, and a number that grows
//! only when a refusal was told and somebody tries again. A repeated attempt gets the first outcome; one decision has one
//! appointment at most, and a late attempt gets that.
//!
//! [`keeping`] is for those who implement the traits: what every store decides alike.
#![forbid(unsafe_code)]

mod attempt;
pub mod checkup;
mod clock;
#[cfg(feature = "contract")]
pub mod contract;
mod desk;
mod error;
mod feed;
pub mod keeping;
mod outcome;
mod records;
mod register;
mod secret;
mod session;

pub use attempt::{Attempt, RequestDigest};
pub use checkup::{Checked, Checkup, Finding};
pub use clock::{Clock, SetClock, SystemClock};
pub use desk::{
    Admission, AdmittedDelegation, DeskOutcome, EndOutcome, Offering, PointOutcome, SedeDesk, StudioProfile, TicketAct,
};
pub use error::StoreError;
pub use feed::{Change, Cursor, Entity, EntityKey, Page, PulledTicket, TakenAt};
pub use outcome::{
    AcknowledgeOutcome, AssessOutcome, BookOutcome, BookRefusal, CancelOutcome, CancelRefusal, ChangeOutcome,
    ChangeRefusal, DepositOutcome, EnterOutcome, EnterRefusal, OpenOutcome, OpenRefusal, RemindOutcome, RemindRefusal,
    UploadOutcome, UploadRefusal, WithdrawOutcome,
};
pub use records::{
    AppointmentCondition, AppointmentFilter, AppointmentMark, AppointmentRecord, CarriedBy, Counts, DelegationFilter,
    DelegationRecord, MOST_RECORDS, PositionRecord, RequestRecord, SedeRecords, TicketCondition, TicketFilter,
    TicketRecord,
};
pub use register::{
    AdmittedDevice, DeviceId, DeviceName, DeviceRegister, InviteOutcome, RedeemOutcome, RegisteredDevice,
    RegisteredStudio, RevokeOutcome, SuspendOutcome,
};
pub use secret::{DeviceToken, InvitationCode, SecretHash};
pub use session::{CONTRACT_VERSION, CalendarStore, Upload, Welcome};
