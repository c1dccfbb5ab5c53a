//! Drafts: bookings, and changes of appointments, that the studio prepares. They live in `studio.db`.
//!
//! `editing` → `queued` → `sending` → `booked` | `needs attention`; `discarded` from any state before `sending`. Every
//! change of state names the state that it comes from, and does nothing to a draft that is in another one.

mod change;
mod life;
mod read;

use chrono::{DateTime, TimeDelta, Utc};
use domain::attachment::FileName;
use domain::booking::{BookedTicket, Booking};
use domain::code::{AppointmentId, DecisionId, DraftId, FiscalCode, PointCode, TicketCode};
use domain::content::Content;
use domain::studio_change::{Seen, StudioChange};
use domain::ticket::Judgement;
use domain::wish::Wish;
use serde::{Deserialize, Serialize};
use store::{BookRefusal, ChangeRefusal};

use crate::db::Database;
use crate::pulled::Pulled;

pub(crate) use change::{insert_attachment, next_attempt, to_json};
pub(crate) use life::book;
pub(crate) use read::{Numbered, code, json, read, read_at, small};

/// How long booked and discarded drafts are listed.
pub const LISTED_FOR: TimeDelta = TimeDelta::days(30);

/// The drafts of the studio.
#[derive(Debug, Clone)]
pub struct Drafts {
    pub(crate) studio: Database,
    pub(crate) pulled: Pulled,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its identity.
    pub id: DraftId,
    /// Grows with each change of what the person wrote.
    pub revision: u32,
    /// Where it stands.
    pub state: DraftState,
    /// What it is to come to.
    pub aim: Aim,
    /// The company of its tickets (R2).
    pub company: FiscalCode,
    /// The point that its wishes are about (R8).
    pub point: PointCode,
    /// Its tickets, with the judgement that it is booked on (R3).
    pub tickets: Vec<BookedTicket>,
    /// The wishes, best first.
    pub wishes: Vec<Wish>,
    /// Whether it waits for a place where all that are wished for are taken.
    pub waits: bool,
    /// Notes, contact and files.
    pub content: Content,
    /// The decision to send it, once it was made: the same however often it is sent.
    pub decision: Option<DecisionId>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed, by the person or by what became of it.
    pub changed_at: DateTime<Utc>,
}

impl Draft {
    /// What the store is asked for.
    pub fn request(&self) -> Request {
        match &self.aim {
            Aim::Book => Request::Book(Booking {
                tickets: self.tickets.clone(),
                point: self.point.clone(),
                wishes: self.wishes.clone(),
                content: self.content.clone(),
            }),
            Aim::Change { appointment, seen } => Request::Change(
                *appointment,
                StudioChange::from(seen.clone(), &self.content, self.wishes.clone()),
            ),
        }
    }
}

/// What a draft is to come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// A new appointment.
    Book,
    /// R14, R17: an appointment changed.
    Change {
        /// Which.
        appointment: AppointmentId,
        /// What stood there, as the person had it in view.
        seen: Seen,
    },
}

/// What a draft asks of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A booking.
    Book(Booking),
    /// A change of an appointment.
    Change(AppointmentId, StudioChange),
}

/// The life of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftState {
    /// The person is writing it.
    Editing,
    /// It waits for its moment or for the network.
    Queued {
        /// Not to be sent before.
        not_before: Option<DateTime<Utc>>,
    },
    /// On its way; nobody knows yet what the store said.
    Sending,
    /// It became an appointment.
    Booked {
        /// Which.
        appointment: AppointmentId,
    },
    /// Somebody must decide.
    NeedsAttention {
        /// Why.
        why: Attention,
    },
    /// Thrown away.
    Discarded,
}

impl DraftState {
    /// Its kind.
    pub const fn phase(&self) -> DraftPhase {
        match self {
            Self::Editing => DraftPhase::Editing,
            Self::Queued { .. } => DraftPhase::Queued,
            Self::Sending => DraftPhase::Sending,
            Self::Booked { .. } => DraftPhase::Booked,
            Self::NeedsAttention { .. } => DraftPhase::NeedsAttention,
            Self::Discarded => DraftPhase::Discarded,
        }
    }
}

/// The kind of a [`DraftState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DraftPhase {
    /// See [`DraftState::Editing`].
    Editing,
    /// See [`DraftState::Queued`].
    Queued,
    /// See [`DraftState::Sending`].
    Sending,
    /// See [`DraftState::Booked`].
    Booked,
    /// See [`DraftState::NeedsAttention`].
    NeedsAttention,
    /// See [`DraftState::Discarded`].
    Discarded,
}

impl DraftPhase {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Editing,
        Self::Queued,
        Self::Sending,
        Self::Booked,
        Self::NeedsAttention,
        Self::Discarded,
    ];

    /// Whether the draft keeps its tickets from other drafts.
    pub const fn is_live(self) -> bool {
        match self {
            Self::Editing | Self::Queued | Self::Sending | Self::NeedsAttention => true,
            Self::Booked | Self::Discarded => false,
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Editing => "editing",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Booked => "booked",
            Self::NeedsAttention => "needs_attention",
            Self::Discarded => "discarded",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.word() == word)
    }
}

/// Why a draft needs somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "attention", rename_all = "snake_case")]
pub enum Attention {
    /// The store refused.
    Refused {
        /// Why.
        why: BookRefusal,
    },
    /// The store refused a change.
    ChangeRefused {
        /// Why.
        why: ChangeRefusal,
    },
    /// A file of the draft is gone or damaged on this computer.
    AttachmentLost {
        /// Its name.
        name: FileName,
    },
    /// The store keeps no more files of this studio's.
    NoRoomForFiles,
    /// The store failed at the booking in a way that nobody foresaw; nothing was booked.
    StoreFailed,
}

/// A draft that is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// Its identity (UUIDv7).
    pub id: DraftId,
    /// What it is to come to.
    pub aim: Aim,
    /// The company of its tickets (R2).
    pub company: FiscalCode,
    /// The point that they lead to (R8).
    pub point: PointCode,
    /// The tickets.
    pub tickets: Vec<BookedTicket>,
    /// What it begins with: the contact of the settings, or what the appointment has.
    pub content: Content,
}

/// A judgement on a reply that is decided (R3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The decision.
    pub decision: DecisionId,
    /// The ticket.
    pub ticket: TicketCode,
    /// The judgement.
    pub judgement: Judgement,
}

/// What the person changed; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftChange {
    /// All wishes, best first.
    pub wishes: Option<Vec<Wish>>,
    /// Whether it waits for a place.
    pub waits: Option<bool>,
    /// Notes.
    pub notes: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// A draft whose last attempt was answered: it is booked, or needs somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The draft.
    pub draft: Draft,
    /// The number of the attempt.
    pub attempt: u32,
    /// When that attempt was decided, by the person or by a wish that waits.
    pub decided_at: Option<DateTime<Utc>>,
}

/// The draft that holds a ticket, or an appointment that it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The draft.
    pub draft: DraftId,
    /// Its state.
    pub phase: DraftPhase,
}
