//! S5: whether a request that waits for an answer may be followed by a reminder (*sollecito*), from when, and what comes
//! after that.
//!
//! The sede promises an answer within five working days. The day of the request does not count, nor do Saturdays, Sundays
//! and public holidays; the promise ends with the fifth working day, so a reminder may follow from the day after. A reminder
//! is a request again: it starts the five days anew, and so does whatever else the studio writes, an answer of the sede that
//! leaves the request open, and a reopening. That the sede took the request in charge answers nothing. When twenty working
//! days have passed since the request, its reopening or the sede's last answer, however often it was reminded, the director
//! of the sede is next: a word of advice, and no bar to another reminder. (our choices, where S5 is silent; its seven and
//! ten days are those of single protocols)

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ticket::{Party, Ticket, TicketStatus};
use crate::time::{Now, civil_day, days_after};
use crate::working_day::working_days_after;

/// S5: working days within which an answer is promised.
pub const PROMISED: u32 = 5;

/// S5: working days in all, after which the director of the sede is next.
pub const IN_ALL: u32 = 20;

/// The answer, always with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "answer", content = "why", rename_all = "snake_case")]
pub enum Reminder {
    /// The promised days have passed.
    Possible(Promise),
    /// It will be from midnight of [`Promise::reminder_from`], if nothing happens.
    PossibleFrom(Promise),
    /// There is nothing to remind of.
    NotPossible(ReminderObstacle),
}

/// What the sede promised about a request, by civil days at the sede.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Promise {
    /// The day of the last word, from which the promised working days count.
    pub counts_from: NaiveDate,
    /// Whether that word was a reminder.
    pub reminded: bool,
    /// The first day on which a reminder is possible.
    pub reminder_from: NaiveDate,
    /// The first day on which the director of the sede is next.
    pub director_from: NaiveDate,
}

/// Why there is nothing to remind of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "obstacle", rename_all = "snake_case")]
pub enum ReminderObstacle {
    /// The studio or the sede withdrew the request.
    Withdrawn,
    /// The sede has closed it: what is wrong with the reply is said at an appointment (R3).
    Closed,
}

/// S5 at one moment.
pub fn reminder(ticket: &Ticket, now: Now) -> Reminder {
    if ticket.withdrawn.is_some() {
        return Reminder::NotPossible(ReminderObstacle::Withdrawn);
    }
    if matches!(ticket.status, TicketStatus::Closed { .. }) {
        return Reminder::NotPossible(ReminderObstacle::Closed);
    }
    let promise = promise(ticket);
    if now.today() >= promise.reminder_from {
        Reminder::Possible(promise)
    } else {
        Reminder::PossibleFrom(promise)
    }
}

fn promise(ticket: &Ticket) -> Promise {
    let asked_at = ticket.reopened_at.unwrap_or(ticket.opened_at);
    let words = || ticket.messages.iter().filter(|message| message.at >= asked_at);
    let answered_at = words()
        .filter(|message| message.is_answer())
        .map(|message| message.at)
        .max();
    let last_by_studio = words()
        .filter(|message| message.author == Party::Studio)
        .max_by_key(|message| message.at);
    let open_since: DateTime<Utc> = answered_at.map_or(asked_at, |at| at.max(asked_at));
    let later = last_by_studio.filter(|message| message.at > open_since);
    let counts_from = civil_day(later.map_or(open_since, |message| message.at));
    Promise {
        counts_from,
        reminded: later.is_some_and(|message| message.reminder),
        reminder_from: days_after(working_days_after(counts_from, PROMISED), 1),
        director_from: days_after(working_days_after(civil_day(open_since), IN_ALL), 1),
    }
}
