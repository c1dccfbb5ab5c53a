//! Reminders (*solleciti*, S5): whether a ticket may be reminded of, and what is on its way.

use serde::Serialize;
use ts_rs::TS;

/// Whether the sede may be reminded of a ticket, always with the reason (S5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum ReminderView {
    /// Now.
    Yes {
        /// What was promised.
        promise: PromiseView,
    },
    /// From the date of the promise.
    From {
        /// What was promised.
        promise: PromiseView,
    },
    /// Not.
    No {
        /// Why not.
        obstacle: ReminderObstacleView,
    },
}

/// What the sede promised about a ticket (S5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PromiseView {
    /// Date of the last word, from which the working days count.
    pub counts_from: String,
    /// Whether that word was a reminder.
    pub reminded: bool,
    /// First date on which a reminder is possible.
    pub reminder_from: String,
    /// First date on which the director of the sede is next.
    pub director_from: String,
    /// Whether that date has come.
    pub director: bool,
}

/// Why there is nothing to remind of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum ReminderObstacleView {
    /// Withdrawn by the studio or the sede.
    Withdrawn,
    /// The sede has closed it.
    Closed,
    /// It stands on the portal alone, and the sede is reminded there (R16).
    OfThePortal,
}

/// A reminder that is on its way, or that did not go through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReminderRow {
    /// Ticket code.
    pub ticket: String,
    /// Name of the company; empty where the studio does not see the ticket any more.
    pub company_name: String,
    /// The person's words, or none.
    pub words: String,
    /// Where it stands.
    pub state: ReminderStateView,
    /// Whether it can be taken back: it has never left this computer.
    pub can_recall: bool,
    /// When it was last sent.
    pub last_attempt: Option<String>,
    /// When it is sent again, as far as known.
    pub next_attempt: Option<String>,
    /// How often the network swallowed it.
    pub failures: u32,
    /// Why it did not go through, if it did not.
    pub refusal: Option<ReminderRefusalView>,
}

/// The life of a reminder until it stands in the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum ReminderStateView {
    /// It waits for the network.
    Queued,
    /// On its way; nobody knows yet what the store said.
    Sending,
    /// It did not go through: somebody must read why.
    Refused,
}

/// Why a reminder did not go through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReminderRefusalView {
    /// The studio does not see the ticket any more.
    TicketUnknown,
    /// The sede answered meanwhile, or somebody of the studio reminded it.
    NotDue {
        /// How it stands.
        reminder: ReminderView,
    },
    /// The words are longer than the sede takes.
    TooLong {
        /// Characters allowed.
        max: u32,
    },
    /// The store, or this program, failed at it.
    StoreFailed,
    /// The sede's program is of an older version, which knows no reminders yet.
    SedeTooOld,
}
