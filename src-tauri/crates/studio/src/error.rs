//! What a person at the studio is told when something can't be done.

use cache::CacheError;
use domain::code::DraftId;

use crate::view::failure::{Failure, FailureCode, FailureDetails};

/// Everything that a function of this crate can answer with instead of a result. Texts are for the log: no names, no
/// notes, no codes of companies.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// An argument has not the form that it must have.
    #[error("{argument} has not the form that it must have")]
    InvalidArgument {
        /// Which.
        argument: &'static str,
    },
    /// A text is longer than any such text may be.
    #[error("{argument} is longer than {max} characters")]
    TooLong {
        /// Which.
        argument: &'static str,
        /// Characters that it may have.
        max: u32,
    },
    /// No such ticket among the studio's.
    #[error("no such ticket")]
    UnknownTicket,
    /// No such company among the studio's.
    #[error("no such company")]
    UnknownCompany,
    /// No such draft.
    #[error("no such draft")]
    UnknownDraft,
    /// No such appointment among the studio's.
    #[error("no such appointment")]
    UnknownAppointment,
    /// No such communication among the studio's.
    #[error("no such communication")]
    UnknownCommunication,
    /// No such point.
    #[error("no such point")]
    UnknownPoint,
    /// No such file in the draft.
    #[error("no such file in the draft")]
    UnknownAttachment,
    /// The list was closed, or newer ones took its place.
    #[error("the list is not open any more")]
    ListExpired,
    /// Nothing was selected.
    #[error("nothing is selected")]
    NothingSelected,
    /// R2: the tickets are of more than one company.
    #[error("R2: the tickets are of more than one company")]
    MixedCompanies,
    /// R8: the tickets lead to more than one point.
    #[error("R8: the tickets lead to more than one point")]
    MixedPoints,
    /// R3–R5: a ticket can be neither booked nor prepared.
    #[error("R3–R5: a ticket can be neither booked nor prepared")]
    NotBookable,
    /// A ticket is in another draft already.
    #[error("a ticket is in the draft {draft}")]
    AlreadyInDraft {
        /// Which.
        draft: DraftId,
    },
    /// R3: there is no reply that could be judged.
    #[error("R3: there is no reply that could be judged")]
    NotAssessable,
    /// S5: the ticket has been answered, its promised days have not passed, or a reminder is on its way.
    #[error("S5: the sede can't be reminded of the ticket now")]
    NotRemindable,
    /// The reminder has left this computer, or is not there any more.
    #[error("the reminder can't be taken back any more")]
    ReminderSent,
    /// The draft was changed elsewhere meanwhile.
    #[error("the draft was changed meanwhile")]
    DraftStale,
    /// The draft is in a state in which this can't be done.
    #[error("the draft's state does not allow it")]
    DraftLocked,
    /// Something is missing before the draft can be sent.
    #[error("something is missing before the draft can be sent")]
    DraftIncomplete,
    /// R16: it stands on the portal alone, where no sede hears of it; or it does not, where that is needed.
    #[error("R16: this can't be done on the portal, or only there")]
    OfThePortal,
    /// R14: the appointment has begun, was resolved or was cancelled.
    #[error("R14: the appointment can't be cancelled")]
    NotCancellable,
    /// R14: the appointment has begun, is over, or is being cancelled.
    #[error("R14: the appointment can't be changed")]
    NotChangeable,
    /// What the studio keeps about one thing holds no more of this.
    #[error("the dossier is full")]
    DossierFull,
    /// How a meeting went is known once it has begun.
    #[error("the appointment has not begun")]
    MeetingNotBegun,
    /// The content of a file is on another computer of the studio.
    #[error("the content of the file is on another computer")]
    FileElsewhere,
    /// The disk of this computer is full.
    #[error("the disk is full")]
    DiskFull,
    /// The studio's files can't be read or written.
    #[error("the studio's files can't be read or written")]
    Storage(#[source] CacheError),
    /// A file was written by a newer version of this program.
    #[error("a file was written by a newer version of this program")]
    NewerVersion(#[source] CacheError),
    /// A bug, found further below.
    #[error("a bug below")]
    Bug(#[source] CacheError),
}

impl StudioError {
    /// The code that crosses to the interface.
    pub const fn code(&self) -> FailureCode {
        match self {
            Self::InvalidArgument { .. } => FailureCode::InvalidArgument,
            Self::TooLong { .. } => FailureCode::TooLong,
            Self::UnknownTicket => FailureCode::UnknownTicket,
            Self::UnknownCompany => FailureCode::UnknownCompany,
            Self::UnknownDraft => FailureCode::UnknownDraft,
            Self::UnknownAppointment => FailureCode::UnknownAppointment,
            Self::UnknownCommunication => FailureCode::UnknownCommunication,
            Self::UnknownPoint => FailureCode::UnknownPoint,
            Self::UnknownAttachment => FailureCode::UnknownAttachment,
            Self::ListExpired => FailureCode::ListExpired,
            Self::NothingSelected => FailureCode::NothingSelected,
            Self::MixedCompanies => FailureCode::MixedCompanies,
            Self::MixedPoints => FailureCode::MixedPoints,
            Self::NotBookable => FailureCode::NotBookable,
            Self::AlreadyInDraft { .. } => FailureCode::AlreadyInDraft,
            Self::NotAssessable => FailureCode::NotAssessable,
            Self::NotRemindable => FailureCode::NotRemindable,
            Self::ReminderSent => FailureCode::ReminderSent,
            Self::DraftStale => FailureCode::DraftStale,
            Self::DraftLocked => FailureCode::DraftLocked,
            Self::DraftIncomplete => FailureCode::DraftIncomplete,
            Self::OfThePortal => FailureCode::OfThePortal,
            Self::NotCancellable => FailureCode::NotCancellable,
            Self::NotChangeable => FailureCode::NotChangeable,
            Self::DossierFull => FailureCode::DossierFull,
            Self::MeetingNotBegun => FailureCode::MeetingNotBegun,
            Self::FileElsewhere => FailureCode::FileElsewhere,
            Self::DiskFull => FailureCode::DiskFull,
            Self::Storage(_) => FailureCode::StorageFailed,
            Self::NewerVersion(_) => FailureCode::NewerVersion,
            Self::Bug(_) => FailureCode::Internal,
        }
    }

    /// The shape in which it crosses to the interface.
    pub fn failure(&self) -> Failure {
        let mut details = FailureDetails::default();
        match self {
            Self::InvalidArgument { argument } => details.argument = Some((*argument).to_owned()),
            Self::TooLong { argument, max } => {
                details.argument = Some((*argument).to_owned());
                details.max = Some(*max);
            }
            Self::AlreadyInDraft { draft } => details.draft = Some(draft.to_string()),
            _ => {}
        }
        Failure {
            code: self.code(),
            message: self.to_string(),
            details,
        }
    }
}

impl From<StudioError> for Failure {
    fn from(error: StudioError) -> Self {
        error.failure()
    }
}

impl From<CacheError> for StudioError {
    fn from(error: CacheError) -> Self {
        match error {
            CacheError::Newer { .. } => Self::NewerVersion(error),
            CacheError::Full => Self::DiskFull,
            CacheError::Io(_) | CacheError::Damaged { .. } => Self::Storage(error),
            CacheError::UnknownDraft => Self::UnknownDraft,
            CacheError::Stale { .. } => Self::DraftStale,
            CacheError::Locked { .. } | CacheError::Moved => Self::DraftLocked,
            CacheError::TicketInDraft { draft, .. } | CacheError::ChangeInDraft { draft } => {
                Self::AlreadyInDraft { draft }
            }
            CacheError::OfThePortal => Self::OfThePortal,
            CacheError::UnknownAppointment => Self::UnknownAppointment,
            CacheError::UnknownAttachment => Self::UnknownAttachment,
            CacheError::TooManyFiles { .. } | CacheError::AlreadyAttached | CacheError::Bug { .. } => Self::Bug(error),
        }
    }
}
