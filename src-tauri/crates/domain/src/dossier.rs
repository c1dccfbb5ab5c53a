//! What the people of a studio keep about a ticket or an appointment among themselves: who is in charge of it, who attends,
//! what to bring, how the meeting went, private notes. The sede does not read it, and another studio never sees it
//! (promise 2, R18).
//!
//! What two people enter at the same time both stands: an entry says one thing and leaves the rest as it is.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::appointment::Appointment;
use crate::code::{AppointmentId, MalformedCode, TicketCode};
use crate::people::Person;
use crate::text::{in_a_line, in_lines, written};
use crate::time::Now;

/// The most people who attend one appointment.
pub const MOST_PEOPLE: usize = 10;

/// The most documents to bring to one.
pub const MOST_DOCUMENTS: usize = 30;

/// The most notes of one dossier.
pub const MOST_NOTES: usize = 200;

/// What a dossier is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// A ticket.
    Ticket(TicketCode),
    /// An appointment.
    Appointment(AppointmentId),
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Subject {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Subject {}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ticket(code) => write!(f, "ticket:{code}"),
            Self::Appointment(id) => write!(f, "appointment:{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        match text.split_once(':') {
            Some(("ticket", code)) => code.parse().map(Self::Ticket),
            Some(("appointment", id)) => id.parse().map(Self::Appointment),
            _ => Err(MalformedCode { kind: "Subject" }),
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = MalformedCode;

    fn try_from(text: String) -> Result<Self, MalformedCode> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> String {
        subject.to_string()
    }
}

written!(
    /// Words of a studio to its own people: 1 to 2,000 characters.
    Words, 2_000, in_lines
);

written!(
    /// A document to bring, as somebody named it: 1 to 120 characters in one line.
    DocumentName, 120, in_a_line
);

/// One thing that somebody enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Entry {
    /// About a ticket.
    Ticket {
        /// Which.
        ticket: TicketCode,
        /// What.
        entry: TicketEntry,
    },
    /// About an appointment.
    Appointment {
        /// Which.
        appointment: AppointmentId,
        /// What.
        entry: AppointmentEntry,
    },
}

impl Entry {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Ticket { ticket, .. } => Subject::Ticket(ticket.clone()),
            Self::Appointment { appointment, .. } => Subject::Appointment(*appointment),
        }
    }

    /// Whether it may be entered about `appointment` at `now`: how a meeting went is known once it has begun.
    pub fn is_timely(&self, appointment: &Appointment, now: Now) -> bool {
        match self {
            Self::Appointment {
                entry: AppointmentEntry::Meeting { .. },
                ..
            } => now.instant() >= appointment.slot.start.instant(),
            Self::Ticket { .. } | Self::Appointment { .. } => true,
        }
    }
}

/// What is entered about a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "enters", rename_all = "snake_case")]
pub enum TicketEntry {
    /// *In carico a*: who is in charge from now on.
    InCharge {
        /// The person; nobody any more without one.
        person: Option<Person>,
    },
    /// A private note.
    Note {
        /// The note.
        words: Words,
    },
}

/// What is entered about an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "enters", rename_all = "snake_case")]
pub enum AppointmentEntry {
    /// *Partecipa*: whether a person attends.
    Attends {
        /// The person.
        person: Person,
        /// Whether they do.
        attends: bool,
    },
    /// *Documenti da portare*.
    Document {
        /// The document.
        name: DocumentName,
        /// Whether it is to be brought.
        wanted: bool,
    },
    /// *Esito dell'incontro*, in the place of what was entered before.
    Meeting {
        /// How it went.
        meeting: Meeting,
    },
    /// A private note.
    Note {
        /// The note.
        words: Words,
    },
}

/// How a meeting went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meeting {
    /// In one word.
    pub result: MeetingResult,
    /// What else is to be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
}

/// How a meeting went, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeetingResult {
    /// *Risolto*.
    Settled,
    /// *Da seguire*.
    ToFollowUp,
    /// *Non si è tenuto*.
    NotHeld,
}

/// A private note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// Who wrote it, where the store knows.
    pub by: Option<Person>,
    /// When.
    pub at: DateTime<Utc>,
    /// The note.
    pub words: Words,
}

/// All that was entered about one subject, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Dossier {
    /// About a ticket.
    Ticket(TicketDossier),
    /// About an appointment.
    Appointment(AppointmentDossier),
}

/// See [`Dossier`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketDossier {
    /// The ticket.
    pub ticket: TicketCode,
    /// Who is in charge.
    pub in_charge: Option<Person>,
    /// The notes, oldest first.
    pub notes: Vec<Note>,
}

/// See [`Dossier`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppointmentDossier {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Who attends.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Person>))]
    pub attends: BTreeSet<Person>,
    /// What to bring, in the order of entering.
    pub documents: Vec<DocumentName>,
    /// How the meeting went.
    pub meeting: Option<Meeting>,
    /// The notes, oldest first.
    pub notes: Vec<Note>,
}

/// The dossier holds no more of this: [`MOST_PEOPLE`], [`MOST_DOCUMENTS`], [`MOST_NOTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the dossier is full")]
pub struct Full;

impl Dossier {
    /// A dossier in which nothing stands.
    pub fn empty(subject: Subject) -> Self {
        match subject {
            Subject::Ticket(ticket) => Self::Ticket(TicketDossier {
                ticket,
                in_charge: None,
                notes: Vec::new(),
            }),
            Subject::Appointment(appointment) => Self::Appointment(AppointmentDossier {
                appointment,
                attends: BTreeSet::new(),
                documents: Vec::new(),
                meeting: None,
                notes: Vec::new(),
            }),
        }
    }

    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Ticket(dossier) => Subject::Ticket(dossier.ticket.clone()),
            Self::Appointment(dossier) => Subject::Appointment(dossier.appointment),
        }
    }

    /// Who is in charge of a ticket.
    pub const fn in_charge(&self) -> Option<&Person> {
        match self {
            Self::Ticket(dossier) => dossier.in_charge.as_ref(),
            Self::Appointment(_) => None,
        }
    }

    /// Takes an entry of `by` at `at`. One about something else says nothing here.
    ///
    /// # Errors
    /// [`Full`]; the dossier is as it was.
    pub fn take(&mut self, entry: &Entry, by: Option<&Person>, at: DateTime<Utc>) -> Result<(), Full> {
        match (self, entry) {
            (Self::Ticket(dossier), Entry::Ticket { ticket, entry }) if dossier.ticket == *ticket => match entry {
                TicketEntry::InCharge { person } => {
                    dossier.in_charge.clone_from(person);
                    Ok(())
                }
                TicketEntry::Note { words } => noted(&mut dossier.notes, words, by, at),
            },
            (Self::Appointment(dossier), Entry::Appointment { appointment, entry })
                if dossier.appointment == *appointment =>
            {
                dossier.take(entry, by, at)
            }
            _ => Ok(()),
        }
    }
}

impl AppointmentDossier {
    fn take(&mut self, entry: &AppointmentEntry, by: Option<&Person>, at: DateTime<Utc>) -> Result<(), Full> {
        match entry {
            AppointmentEntry::Attends { person, attends: true } => {
                if !self.attends.contains(person) {
                    room(self.attends.len(), MOST_PEOPLE)?;
                    self.attends.insert(person.clone());
                }
            }
            AppointmentEntry::Attends { person, attends: false } => {
                self.attends.remove(person);
            }
            AppointmentEntry::Document { name, wanted: true } => {
                if !self.documents.contains(name) {
                    room(self.documents.len(), MOST_DOCUMENTS)?;
                    self.documents.push(name.clone());
                }
            }
            AppointmentEntry::Document { name, wanted: false } => self.documents.retain(|known| known != name),
            AppointmentEntry::Meeting { meeting } => self.meeting = Some(meeting.clone()),
            AppointmentEntry::Note { words } => noted(&mut self.notes, words, by, at)?,
        }
        Ok(())
    }
}

fn noted(notes: &mut Vec<Note>, words: &Words, by: Option<&Person>, at: DateTime<Utc>) -> Result<(), Full> {
    room(notes.len(), MOST_NOTES)?;
    notes.push(Note {
        by: by.cloned(),
        at,
        words: words.clone(),
    });
    Ok(())
}

const fn room(taken: usize, most: usize) -> Result<(), Full> {
    if taken < most { Ok(()) } else { Err(Full) }
}
