//! What a command answers when it can't do what was asked.

use serde::Serialize;
use ts_rs::TS;

/// The one shape of every failure across IPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Failure {
    /// What happened: the interface has one Italian text for each.
    pub code: FailureCode,
    /// For the log and for developers, in English, without personal data.
    pub message: String,
    /// The figures that the text needs.
    pub details: FailureDetails,
}

/// Figures of a [`Failure`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FailureDetails {
    /// The argument that is wrong.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argument: Option<String>,
    /// A limit that was passed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// The draft that is in the way.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
}

/// The closed set of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// An argument has not the form that it must have.
    InvalidArgument,
    /// A text is longer than any such text may be.
    TooLong,
    /// No such ticket among the studio's.
    UnknownTicket,
    /// No such company among the studio's.
    UnknownCompany,
    /// No such draft.
    UnknownDraft,
    /// No such appointment among the studio's.
    UnknownAppointment,
    /// No such communication among the studio's.
    UnknownCommunication,
    /// No such point.
    UnknownPoint,
    /// No such file in the draft.
    UnknownAttachment,
    /// The list was closed, or newer ones took its place: open it again.
    ListExpired,
    /// Nothing was selected.
    NothingSelected,
    /// The tickets are of more than one company (R2).
    MixedCompanies,
    /// The tickets lead to more than one point (R8).
    MixedPoints,
    /// A ticket can be neither booked nor prepared (R3–R5).
    NotBookable,
    /// A ticket is in another draft already.
    AlreadyInDraft,
    /// The reply can't be judged: the ticket is not closed, was withdrawn, or stands in an appointment.
    NotAssessable,
    /// The sede can't be reminded of the ticket now: answered, too early, or a reminder is on its way (S5).
    NotRemindable,
    /// The reminder has left this computer, or is not there any more.
    ReminderSent,
    /// The draft was changed elsewhere meanwhile: read it again.
    DraftStale,
    /// The draft is in a state in which this can't be done.
    DraftLocked,
    /// Something is missing before the draft can be sent.
    DraftIncomplete,
    /// It stands on the portal alone, where no sede hears of it; or it does not, where that is needed (R16).
    OfThePortal,
    /// The appointment has begun, was resolved or was cancelled (R14).
    NotCancellable,
    /// The appointment has begun, is over, or is being cancelled (R14).
    NotChangeable,
    /// What the studio keeps about one thing holds no more of this.
    DossierFull,
    /// How a meeting went is known once it has begun.
    MeetingNotBegun,
    /// The content of a file is on another computer of the studio.
    FileElsewhere,
    /// The first start has not been done.
    NotReady,
    /// The first start was done already.
    AlreadyStarted,
    /// No such desk on this computer.
    UnknownDesk,
    /// What was picked holds no certificate.
    NotACertificate,
    /// The sede can't be reached, or does not answer in order.
    SedeUnreachable,
    /// The certificate of the sede is not one that this computer trusts.
    SedeUntrusted,
    /// What answers is no sede, or one whose versions of the contract are not ours.
    SedeIncompatible,
    /// The sede has more to do than it can.
    SedeBusy,
    /// The sede knows no such invitation.
    InvitationUnknown,
    /// The invitation is too old.
    InvitationExpired,
    /// The invitation was used already.
    InvitationUsed,
    /// The sede suspended the studio.
    StudioSuspended,
    /// The keyring of this computer does not answer.
    KeyringFailed,
    /// The file can't be opened with a program of this computer.
    OpenFailed,
    /// This computer does not let the program be started with it, or not be.
    AutostartFailed,
    /// The disk of this computer is full.
    DiskFull,
    /// The studio's file can't be read or written.
    StorageFailed,
    /// A file was written by a newer version of this program.
    NewerVersion,
    /// A bug: it is in the log.
    Internal,
}
