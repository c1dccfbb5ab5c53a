//! Cancellations and entries of dossiers that came to nothing: what was asked, and why.

use serde::Serialize;
use ts_rs::TS;

use super::agenda::AppointmentStateView;
use super::board::SlotView;
use super::dossiers::MeetingView;

/// A decision that the sede would not take; somebody must read why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RefusalRow {
    /// Id of the decision, for `refusal_dismiss`.
    pub id: String,
    /// What it was about.
    pub about: RefusalAbout,
    /// Name of the company; empty where the studio does not see any more what it was about.
    pub company_name: String,
    /// What was asked, with the person's words.
    pub asked: RefusalAsked,
    /// Why it came to nothing.
    pub why: RefusalWhy,
    /// Instant since which that is known.
    pub refused_at: String,
}

/// What a decision was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RefusalAbout {
    /// A ticket.
    Ticket {
        /// Ticket code.
        code: String,
        /// Whether the studio still sees it.
        seen: bool,
    },
    /// An appointment.
    Appointment {
        /// Appointment id.
        id: String,
        /// The appointment as it is now; nothing where the studio does not see it any more.
        now: Option<RefusalAppointment>,
    },
}

/// The appointment that a decision was about, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RefusalAppointment {
    /// The identifier that the sede knows it by.
    pub code: String,
    /// When.
    pub slot: SlotView,
    /// Where it stands.
    pub state: AppointmentStateView,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RefusalAsked {
    /// R14: to cancel an appointment.
    Cancel,
    /// Who is in charge of a ticket.
    InCharge {
        /// The person, or nobody.
        person: Option<String>,
    },
    /// Whether somebody attends.
    Attends {
        /// The person.
        person: String,
        /// Whether they do.
        attends: bool,
    },
    /// Whether a document is to be brought.
    Document {
        /// The document.
        name: String,
        /// Whether it is.
        wanted: bool,
    },
    /// How a meeting went.
    Meeting {
        /// How.
        meeting: MeetingView,
    },
    /// A private note.
    Note {
        /// The note.
        text: String,
    },
}

/// Why a decision came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum RefusalWhy {
    /// The studio does not see any more what it was about.
    Gone,
    /// How a meeting went is known once it has begun.
    NotBegun,
    /// There is no room for more.
    Full,
    /// R14: the appointment has begun.
    Begun,
    /// R14: the appointment is not confirmed any more.
    Over,
    /// The store, or this program, failed at it.
    StoreFailed,
    /// The sede's program is of an older version, which does not know this yet.
    SedeTooOld,
}
