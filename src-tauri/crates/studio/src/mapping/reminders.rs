//! Reminders: how a promise stands, and why one did not go through.

use cache::outbox::Unreminded;
use domain::content::Breach;
use domain::reminder::{Promise, Reminder, ReminderObstacle};
use domain::time::Now;
use store::RemindRefusal;

use super::time;
use crate::view::reminders::{PromiseView, ReminderObstacleView, ReminderRefusalView, ReminderView};

pub(crate) fn reminder(given: Reminder, now: Now) -> ReminderView {
    match given {
        Reminder::Possible(given) => ReminderView::Yes {
            promise: promise(given, now),
        },
        Reminder::PossibleFrom(given) => ReminderView::From {
            promise: promise(given, now),
        },
        Reminder::NotPossible(obstacle) => ReminderView::No {
            obstacle: match obstacle {
                ReminderObstacle::Withdrawn => ReminderObstacleView::Withdrawn,
                ReminderObstacle::Closed => ReminderObstacleView::Closed,
            },
        },
    }
}

fn promise(given: Promise, now: Now) -> PromiseView {
    PromiseView {
        counts_from: time::date(given.counts_from),
        reminded: given.reminded,
        reminder_from: time::date(given.reminder_from),
        director_from: time::date(given.director_from),
        director: now.today() >= given.director_from,
    }
}

pub(crate) fn refusal(why: Unreminded, now: Now) -> ReminderRefusalView {
    match why {
        Unreminded::StoreFailed => ReminderRefusalView::StoreFailed,
        Unreminded::Unsupported => ReminderRefusalView::SedeTooOld,
        Unreminded::Refused { why } => match why {
            RemindRefusal::UnknownTicket => ReminderRefusalView::TicketUnknown,
            RemindRefusal::NotDue { reminder: given } => ReminderRefusalView::NotDue {
                reminder: reminder(given, now),
            },
            RemindRefusal::Words { breach } => match breach {
                Breach::NotesTooLong { max, .. } => ReminderRefusalView::TooLong { max },
                // What can't be read is taken out before it is sent; a reminder has no contact and no files.
                Breach::NotesUnreadable
                | Breach::NoContact
                | Breach::BadPhone
                | Breach::BadEmail
                | Breach::TooManyFiles { .. }
                | Breach::FileTooLarge { .. } => ReminderRefusalView::StoreFailed,
            },
        },
    }
}
