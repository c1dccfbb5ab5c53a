//! What of all that stands is told now. Pure: no clock, no I/O.
//!
//! * What stands is told once; what was told stays told, whatever is pulled anew.
//! * What stands when nothing was ever told here is no news: it counts as told. Tomorrow's appointments are, all the same.
//! * What happened at once is one notice; tomorrow's appointments are another, tickets that ripened on the portal a third.
//! * What comes of a booking while the person waits for it in front of the page is told there, and nowhere else.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::code::{CommunicationId, DraftId, TicketCode};
use domain::communication::Change;
use domain::time::{Civil, Now};

use super::told::Told;
use super::{Appointed, MORNING, News, Notice, Several, Stop, appointment_place, draft_place};
use crate::view::notices::Place;

/// Somebody who has just sent a booking waits for so long in front of the page.
const WAITED_FOR: TimeDelta = TimeDelta::seconds(30);

/// What stands now.
#[derive(Debug, Clone)]
pub(super) struct Situation {
    pub(super) now: Now,
    /// Whether somebody has the page before them.
    pub(super) watched: bool,
    pub(super) said: Vec<Said>,
    pub(super) outcomes: Vec<Outcome>,
    /// Confirmed appointments up to the next working day, soonest first.
    pub(super) coming: Vec<Appointed>,
    /// Tickets of the portal that became bookable today, with the name of their company; the longest waiting first.
    pub(super) ripened: Vec<(TicketCode, String)>,
}

/// What the sede said and nobody acknowledged.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) id: CommunicationId,
    pub(super) appointment: Appointed,
    pub(super) change: Change,
}

/// What came of an attempt of a draft.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) draft: DraftId,
    pub(super) attempt: u32,
    pub(super) came: Came,
    /// From the decision to the answer, where the decision is known.
    pub(super) waited: Option<TimeDelta>,
}

/// See [`Outcome`].
#[derive(Debug, Clone)]
pub(super) enum Came {
    Booked(Appointed),
    Changed(Appointed),
    Stopped { company: String, stop: Stop },
}

/// What is told in `situation`, and what was told after that. `told` is what was before; nothing at the very first time.
pub(super) fn decide(situation: Situation, told: Option<&Told>) -> (Vec<Notice>, Told) {
    let Situation {
        now,
        watched,
        said,
        outcomes,
        coming,
        ripened,
    } = situation;
    let mut standing = BTreeSet::new();
    let is_new = |name: &str| told.is_some_and(|told| !told.has(name));
    let mut news = Vec::new();
    for one in said {
        let name = format!("communication {}", one.id);
        if is_new(&name) {
            news.push(of_communication(one));
        }
        standing.insert(name);
    }
    for one in outcomes {
        let name = format!("draft {} {}", one.draft, one.attempt);
        let was_seen = watched && one.waited.is_some_and(|waited| waited < WAITED_FOR);
        if is_new(&name) && !was_seen {
            news.push(of_outcome(one));
        }
        standing.insert(name);
    }
    let (mut reminded, mut ripe) = (Vec::new(), Vec::new());
    if Civil::at(now.instant()).time() >= MORNING {
        for appointment in coming {
            let name = format!("reminder {} {}", appointment.id, appointment.start.date());
            if told.is_none_or(|told| !told.has(&name)) {
                reminded.push(appointment);
            }
            standing.insert(name);
        }
        for (ticket, company) in ripened {
            let name = format!("ripe {ticket} {}", now.today());
            // Whoever has the page before them sees it there.
            if told.is_none_or(|told| !told.has(&name)) && !watched {
                ripe.push((ticket, company));
            }
            standing.insert(name);
        }
    }
    let mut notices: Vec<Notice> = gathered(news).into_iter().collect();
    notices.extend(reminder(now, reminded));
    notices.extend(of_ripened(ripe));
    let told = told.cloned().unwrap_or_default().with(&standing, now.instant());
    (notices, told)
}

fn of_ripened(ripe: Vec<(TicketCode, String)>) -> Option<Notice> {
    let count = ripe.len();
    let (first, company) = ripe.into_iter().next()?;
    Some(Notice {
        news: News::Ripened { first, company, count },
        place: Place::Today,
    })
}

fn of_communication(said: Said) -> Notice {
    Notice {
        place: appointment_place(&said.appointment),
        news: News::Communication {
            appointment: said.appointment,
            change: said.change,
        },
    }
}

fn of_outcome(outcome: Outcome) -> Notice {
    match outcome.came {
        Came::Booked(appointment) => Notice {
            place: appointment_place(&appointment),
            news: News::Booked { appointment },
        },
        Came::Changed(appointment) => Notice {
            place: appointment_place(&appointment),
            news: News::Changed { appointment },
        },
        Came::Stopped { company, stop } => Notice {
            place: draft_place(outcome.draft),
            news: News::Stopped { company, stop },
        },
    }
}

/// One notice for what happened at once; nothing where nothing did.
fn gathered(mut news: Vec<Notice>) -> Option<Notice> {
    if news.len() < 2 {
        return news.pop();
    }
    let mut several = Several::default();
    for one in &news {
        match one.news {
            News::Communication { .. } => several.communications += 1,
            News::Booked { .. } | News::Changed { .. } => several.granted += 1,
            News::Stopped { .. } => several.stopped += 1,
            News::Several(_) | News::Reminder { .. } | News::Ripened { .. } => {}
        }
    }
    Some(Notice {
        news: News::Several(several),
        place: Place::Today,
    })
}

fn reminder(now: Now, appointments: Vec<Appointed>) -> Option<Notice> {
    let place = match appointments.as_slice() {
        [] => return None,
        [only] => appointment_place(only),
        _ => Place::Agenda,
    };
    Some(Notice {
        news: News::Reminder {
            today: now.today(),
            appointments,
        },
        place,
    })
}

#[cfg(test)]
mod tests;
