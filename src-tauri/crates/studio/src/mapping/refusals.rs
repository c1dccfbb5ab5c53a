//! Decisions that came to nothing: what was asked, and why.

use cache::outbox::Untaken;
use domain::appointment::LifeRefusal;
use domain::dossier::{AppointmentEntry, Entry, TicketEntry, Words};
use store::{CancelRefusal, EnterRefusal};

use super::dossiers::meeting;
use crate::view::refusals::{RefusalAsked, RefusalWhy};

pub(crate) fn entry(entry: &Entry) -> RefusalAsked {
    let note = |words: &Words| RefusalAsked::Note {
        text: words.to_string(),
    };
    match entry {
        Entry::Ticket { entry, .. } => match entry {
            TicketEntry::InCharge { person } => RefusalAsked::InCharge {
                person: person.as_ref().map(ToString::to_string),
            },
            TicketEntry::Note { words } => note(words),
        },
        Entry::Appointment { entry, .. } => match entry {
            AppointmentEntry::Attends { person, attends } => RefusalAsked::Attends {
                person: person.to_string(),
                attends: *attends,
            },
            AppointmentEntry::Document { name, wanted } => RefusalAsked::Document {
                name: name.to_string(),
                wanted: *wanted,
            },
            AppointmentEntry::Meeting { meeting: how } => RefusalAsked::Meeting { meeting: meeting(how) },
            AppointmentEntry::Note { words } => note(words),
        },
    }
}

pub(crate) const fn why(why: Untaken) -> RefusalWhy {
    match why {
        Untaken::StoreFailed => RefusalWhy::StoreFailed,
        Untaken::Unsupported => RefusalWhy::SedeTooOld,
        Untaken::Cancel { why } => match why {
            CancelRefusal::UnknownAppointment => RefusalWhy::Gone,
            CancelRefusal::Life { refusal } => match refusal {
                LifeRefusal::Begun => RefusalWhy::Begun,
                LifeRefusal::NotLive => RefusalWhy::Over,
            },
        },
        Untaken::Enter { why } => match why {
            EnterRefusal::UnknownSubject => RefusalWhy::Gone,
            EnterRefusal::NotBegun => RefusalWhy::NotBegun,
            EnterRefusal::Full => RefusalWhy::Full,
        },
    }
}
