//! What comes of a write: closed sets.

use chrono::{DateTime, Utc};
use domain::appointment::{Appointment, LifeRefusal};
use domain::booking::Refusal;
use domain::code::{ContentHash, TicketCode};
use domain::contact_request::RequestRefusal;
use domain::content::Breach;
use domain::deposit::Deposit;
use domain::dossier::Dossier;
use domain::reminder::Reminder;
use domain::ticket::Ticket;
use serde::{Deserialize, Serialize};

/// What comes of [`crate::CalendarStore::book`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum BookOutcome {
    /// R12: confirmed. Which wish was granted is [`Appointment::granted`].
    Booked {
        /// As it was booked.
        appointment: Box<Appointment>,
    },
    /// Nothing was booked.
    Refused {
        /// Why.
        why: BookRefusal,
    },
}

/// Why nothing was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum BookRefusal {
    /// No such ticket, or not one of this studio's (promise 2: the answer is the same).
    UnknownTicket {
        /// The ticket.
        ticket: TicketCode,
    },
    /// No such point.
    UnknownPoint,
    /// The content of a file is not in the store: upload it first.
    AttachmentMissing {
        /// Which.
        hash: ContentHash,
    },
    /// The studio took the attempt back.
    Withdrawn,
    /// A rule refuses.
    Rule {
        /// Which, and why.
        refusal: Refusal,
    },
}

/// What comes of [`crate::CalendarStore::deposit`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum DepositOutcome {
    /// The store keeps it, and lets it go out by itself (promise 4).
    Deposited {
        /// As it lies there.
        deposit: Box<Deposit>,
    },
    /// There is nothing to wait for (any more): this came of it.
    Decided {
        /// The outcome of the attempt.
        of_it: BookOutcome,
    },
}

/// What comes of [`crate::CalendarStore::withdraw`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum WithdrawOutcome {
    /// Nothing comes of the attempt, also where it arrives later.
    Withdrawn,
    /// It was decided before.
    Decided {
        /// The outcome of the attempt, or of the one that booked the decision's appointment.
        of_it: BookOutcome,
    },
}

/// What comes of [`crate::CalendarStore::cancel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum CancelOutcome {
    /// R14: cancelled.
    Cancelled {
        /// As it is now.
        appointment: Box<Appointment>,
    },
    /// Nothing was cancelled.
    Refused {
        /// Why.
        why: CancelRefusal,
    },
}

/// Why nothing was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum CancelRefusal {
    /// No such appointment, or not one of this studio's.
    UnknownAppointment,
    /// Its life does not allow it (R14).
    Life {
        /// Why.
        refusal: LifeRefusal,
    },
}

/// What comes of [`crate::CalendarStore::change`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ChangeOutcome {
    /// R17: changed, all of it.
    Changed {
        /// As it is now.
        appointment: Box<Appointment>,
    },
    /// Nothing was changed.
    Refused {
        /// Why.
        why: ChangeRefusal,
    },
}

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum ChangeRefusal {
    /// No such appointment, or not one of this studio's.
    UnknownAppointment,
    /// Its life does not allow it (R14).
    Life {
        /// Why.
        refusal: LifeRefusal,
    },
    /// Somebody else changed the same meanwhile, the sede or a colleague.
    Overtaken {
        /// As it is now.
        appointment: Box<Appointment>,
    },
    /// The content of a file is not in the store: upload it first.
    AttachmentMissing {
        /// Which.
        hash: ContentHash,
    },
    /// A rule refuses (R17).
    Rule {
        /// Which, and why.
        refusal: Refusal,
    },
}

/// What comes of [`crate::CalendarStore::assess_reply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AssessOutcome {
    /// The judgement stands (R3).
    Assessed,
    /// The ticket is not closed any more, or was closed again with another reply: the judgement is about nothing.
    ReplyChanged,
    /// No such ticket, or not one of this studio's.
    UnknownTicket,
}

/// What comes of [`crate::CalendarStore::open_ticket`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum OpenOutcome {
    /// It is a ticket now.
    Opened {
        /// As it was opened.
        ticket: Box<Ticket>,
    },
    /// Nothing was opened.
    Refused {
        /// Why.
        why: OpenRefusal,
    },
}

/// Why nothing was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum OpenRefusal {
    /// The content of a file is not in the store: upload it first.
    AttachmentMissing {
        /// Which.
        hash: ContentHash,
    },
    /// A rule refuses.
    Rule {
        /// Which, and why.
        refusal: RequestRefusal,
    },
}

/// What comes of [`crate::CalendarStore::remind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RemindOutcome {
    /// S5: it stands in the conversation.
    Reminded {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Nothing was written.
    Refused {
        /// Why.
        why: RemindRefusal,
    },
}

/// Why a reminder was not written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum RemindRefusal {
    /// No such ticket, or not one of this studio's.
    UnknownTicket,
    /// S5: the ticket has been answered, or its promised days have not passed.
    NotDue {
        /// How it stands.
        reminder: Reminder,
    },
    /// Its words break a limit.
    Words {
        /// Which.
        breach: Breach,
    },
}

/// What comes of [`crate::CalendarStore::acknowledge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AcknowledgeOutcome {
    /// Acknowledged, by this call or an earlier one.
    Acknowledged,
    /// No such communication, or not one of this studio's.
    UnknownCommunication,
}

/// What comes of [`crate::CalendarStore::enter`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum EnterOutcome {
    /// It stands in the dossier.
    Entered {
        /// As it is now.
        dossier: Box<Dossier>,
    },
    /// Nothing was entered.
    Refused {
        /// Why.
        why: EnterRefusal,
    },
}

/// Why nothing was entered into a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EnterRefusal {
    /// No such ticket or appointment, or not one of this studio's.
    UnknownSubject,
    /// How a meeting went is known once it has begun.
    NotBegun,
    /// The dossier holds no more of this.
    Full,
}

/// What comes of [`crate::CalendarStore::upload`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum UploadOutcome {
    /// The store has the first `next` bytes: go on from there, whatever was sent.
    Partial {
        /// Offset of the next byte that it wants.
        next: u64,
    },
    /// The store has the whole file, and its content has the hash.
    Complete,
    /// Nothing is kept of it.
    Refused {
        /// Why.
        why: UploadRefusal,
    },
}

/// Why a file is not kept (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadRefusal {
    /// Larger than the limit.
    TooLarge,
    /// No bytes.
    Empty,
    /// The content has another hash.
    WrongHash,
    /// By content it is not of the kind that was said, or of none that is allowed.
    WrongKind,
    /// With it, the store would keep more for the studio than the limit allows.
    NoRoom,
}
