//! New requests to the sede (S2): writing them, and what became of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attachments::{AttachmentView, LimitsView, RefusedFile};
use super::tickets::TopicView;

/// The life of a request until it is a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum RequestStateView {
    /// The person is writing it.
    Editing,
    /// It waits for the network.
    Queued,
    /// On its way; nobody knows yet what the store said.
    Sending,
    /// It is a ticket.
    Opened,
    /// The store refused: somebody must decide.
    NeedsAttention,
    /// Thrown away.
    Discarded,
}

/// One request, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RequestDetail {
    /// Its id.
    pub id: String,
    /// Grows with each change; given back with the next one.
    pub revision: u32,
    /// Where it stands.
    pub state: RequestStateView,
    /// The position that was chosen.
    pub position: Option<RequestPosition>,
    /// The topic that was chosen.
    pub topic: Option<TopicView>,
    /// The text.
    pub text: String,
    /// Telephone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// The files.
    pub attachments: Vec<AttachmentView>,
    /// The limits in force; `notes_max` is that of the text.
    pub limits: LimitsView,
    /// What is missing before it can be sent, in the order of the page.
    pub missing: Vec<RequestMissing>,
    /// When it was last saved, `9:41`.
    pub saved_time: String,
    /// Why it needs somebody.
    pub attention: Option<RequestAttentionView>,
    /// The code of the ticket that it became.
    pub ticket: Option<String>,
    /// Whether that ticket has been pulled, and can be opened.
    pub ticket_known: bool,
    /// What waits for the network: whether it has never left this computer.
    pub never_left: bool,
}

/// A position that a request can be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RequestPosition {
    /// Ten digits.
    pub matricola: String,
    /// Fiscal code of the company.
    pub company: String,
    /// Its name.
    pub company_name: String,
    /// Name of the sede that is competent for it.
    pub sede_name: String,
}

/// What the person changed; what is not there stays. An empty code takes a choice back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[ts(export, optional_fields)]
#[serde(default)]
pub struct RequestChange {
    /// The position: ten digits.
    pub position: Option<String>,
    /// The topic.
    pub topic: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// What a request lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RequestMissing {
    /// No position was chosen.
    Position,
    /// R2: the studio holds no active delegation for the position.
    Delegation,
    /// No topic was chosen, or the sede has it no more.
    Topic,
    /// No text.
    Text,
    /// The text is too long.
    TextTooLong {
        /// Characters written.
        length: u32,
        /// Characters allowed.
        max: u32,
    },
    /// S2: neither telephone nor e-mail address.
    Contact,
    /// What is written can't be a telephone number.
    BadPhone,
    /// What is written can't be an e-mail address.
    BadEmail,
    /// R10: too many files, or one that is too large.
    Attachments,
}

/// Why a request needs somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RequestAttentionView {
    /// R2: the studio holds no active delegation for the position.
    NotDelegated,
    /// The sede has no such topic any more.
    UnknownTopic,
    /// Limits of the sede are broken.
    LimitsBroken {
        /// Which.
        missing: Vec<RequestMissing>,
    },
    /// A file is gone or damaged on this computer, or the sede lost it.
    AttachmentLost {
        /// Its name.
        name: String,
    },
    /// The sede keeps no more files of this studio's.
    NoRoomForFiles,
    /// The store failed at it.
    StoreFailed,
    /// The sede's program is of an older version, which takes no requests yet.
    SedeTooOld,
}

/// One line of *Bozze e invii*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RequestRow {
    /// Its id.
    pub id: String,
    /// Its revision.
    pub revision: u32,
    /// Where it stands.
    pub state: RequestStateView,
    /// The position that was chosen.
    pub position: Option<RequestPosition>,
    /// The topic that was chosen.
    pub topic: Option<TopicView>,
    /// The beginning of the text.
    pub text: String,
    /// When it was last sent.
    pub last_attempt: Option<String>,
    /// When it is sent again, as far as known.
    pub next_attempt: Option<String>,
    /// How often the network swallowed it.
    pub failures: u32,
    /// Why it needs somebody.
    pub attention: Option<RequestAttentionView>,
    /// The code of the ticket that it became.
    pub ticket: Option<String>,
    /// When it was last changed.
    pub changed_at: String,
}

/// What came of picking or dropping files: those that could be taken were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RequestFiles {
    /// The request with them.
    pub request: RequestDetail,
    /// Those that were not taken, and why.
    pub refused: Vec<RefusedFile>,
}
