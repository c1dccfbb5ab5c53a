//! The outbox: decisions on their way to the store. It lives in `studio.db`.
//!
//! A decision and its row are written in one transaction. A row is `waiting` until somebody takes it, `sending` until the
//! answer is written down, and then `done`, `refused`, `recalled`, or waiting again. What becomes of a row and what that
//! means for its draft is one transaction too.

mod decide;
mod deposit;
mod fail;
mod read;
mod refused;
mod reminder;
mod settle;

use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::code::{AppointmentId, CommunicationId, DraftId, TicketCode};
use domain::deposit::Deposit;
use domain::dossier::Entry;
use domain::ticket::Judgement;
use serde::{Deserialize, Serialize};
use store::{Attempt, RemindRefusal};

use crate::db::Database;
use crate::drafts::Attention;
use crate::pulled::Pulled;

pub(crate) use decide::{insert, insert_assess, insert_draft};
pub(crate) use deposit::recall_draft;
pub(crate) use read::read;
pub use refused::{Asked, RefusedDecision, Untaken};
pub use reminder::{RefusedReminder, SentReminder};

/// The outbox of the studio.
#[derive(Debug, Clone)]
pub struct Outbox {
    pub(crate) studio: Database,
    pub(crate) pulled: Pulled,
}

/// A decision on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place in the order of deciding.
    pub id: i64,
    /// The idempotency key under which it goes out.
    pub attempt: Attempt,
    /// What is to be done.
    pub work: Work,
    /// What it is about (`ticket:LU-1`, `appointment:…`): rows that share one keep their order.
    pub subjects: Vec<String>,
    /// Where it stands.
    pub state: RowState,
    /// Not to be sent before.
    pub not_before: Option<DateTime<Utc>>,
    /// How often it was sent under this attempt.
    pub tries: u32,
    /// When the person decided.
    pub decided_at: DateTime<Utc>,
    /// When it was last sent.
    pub last_attempt: Option<DateTime<Utc>>,
    /// When it may be sent again after the network swallowed it.
    pub next_attempt: Option<DateTime<Utc>>,
    /// As it lies with the store, which lets it go out by itself (promise 4).
    pub deposit: Option<Deposit>,
}

/// What a decision asks of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Work {
    /// Book what the draft says.
    Book {
        /// The draft.
        draft: DraftId,
    },
    /// R14, R17: change an appointment as the draft says.
    Change {
        /// The draft.
        draft: DraftId,
        /// The appointment.
        appointment: AppointmentId,
    },
    /// Take an attempt back that lies with the store, or may.
    Withdraw {
        /// Whose booking it was.
        draft: DraftId,
        /// The attempt.
        attempt: Attempt,
    },
    /// R14: cancel an appointment.
    Cancel {
        /// Which.
        appointment: AppointmentId,
    },
    /// R3: tell the judgement on a reply.
    Assess {
        /// The ticket.
        ticket: TicketCode,
        /// The judgement.
        judgement: Judgement,
    },
    /// Open a ticket as the request says.
    OpenTicket {
        /// The request.
        request: DraftId,
    },
    /// S5: remind the sede of a ticket.
    Remind {
        /// The ticket.
        ticket: TicketCode,
        /// Words of the studio, or none.
        words: String,
    },
    /// R13: tell that a communication was read.
    Acknowledge {
        /// Its appointment.
        appointment: AppointmentId,
        /// The communication.
        communication: CommunicationId,
    },
    /// Enter something into a dossier.
    Enter {
        /// What.
        entry: Entry,
    },
}

impl Work {
    /// The draft whose state goes with it.
    pub const fn draft(&self) -> Option<DraftId> {
        match self {
            Self::Book { draft } | Self::Change { draft, .. } => Some(*draft),
            Self::Withdraw { .. }
            | Self::Cancel { .. }
            | Self::Assess { .. }
            | Self::OpenTicket { .. }
            | Self::Remind { .. }
            | Self::Acknowledge { .. }
            | Self::Enter { .. } => None,
        }
    }

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Book { .. } => "book",
            Self::Change { .. } => "change",
            Self::Withdraw { .. } => "withdraw",
            Self::Cancel { .. } => "cancel",
            Self::Assess { .. } => "assess",
            Self::OpenTicket { .. } => "open_ticket",
            Self::Remind { .. } => "remind",
            Self::Acknowledge { .. } => "acknowledge",
            Self::Enter { .. } => "enter",
        }
    }

    pub(crate) fn about(&self) -> String {
        match self {
            Self::Book { draft } | Self::Change { draft, .. } | Self::Withdraw { draft, .. } => draft.to_string(),
            Self::OpenTicket { request } => request.to_string(),
            Self::Cancel { appointment } => appointment.to_string(),
            Self::Assess { ticket, .. } | Self::Remind { ticket, .. } => ticket.to_string(),
            Self::Acknowledge { communication, .. } => communication.to_string(),
            Self::Enter { entry } => entry.subject().to_string(),
        }
    }
}

/// The life of an outbox row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowState {
    /// To be sent.
    Waiting,
    /// On its way. Found at start, the program died meanwhile: it is sent again under the same attempt.
    Sending,
    /// The store did it.
    Done,
    /// The store refused.
    Refused,
    /// The person took it back before it was answered.
    Recalled,
}

impl RowState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Sending, Self::Done, Self::Refused, Self::Recalled];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Recalled => "recalled",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Why a reminder did not become an entry of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unreminded {
    /// The store refused it.
    Refused {
        /// Why.
        why: RemindRefusal,
    },
    /// The store failed at it, or this program did.
    StoreFailed,
    /// The store is of an older version, which knows no reminders.
    Unsupported,
}

/// Why a row has no answer and will have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GaveUp {
    /// The store failed at it, or this program did.
    StoreFailed,
    /// The store is of an older version, which does not know what was asked.
    Unsupported,
}

/// What an answer to a booking came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The draft came to what it was to come to.
    Booked(Box<Appointment>),
    /// The draft needs attention.
    NeedsAttention(Attention),
    /// Promise 4: it lies with the store now.
    Deposited,
    /// R4: the ticket ripens later than this computer thought; the row waits for that midnight under a new attempt.
    Requeued {
        /// That midnight.
        not_before: DateTime<Utc>,
    },
}
