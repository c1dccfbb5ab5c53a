//! What the people of the studio keep among themselves about tickets and appointments.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The people of the studio.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct People {
    /// Whose device this is, where the sede said so.
    pub me: Option<String>,
    /// All of them, by name.
    pub all: Vec<String>,
}

/// What is kept about a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TicketDossierView {
    /// *In carico a*.
    pub in_charge: Option<String>,
    /// Private notes, newest first.
    pub notes: Vec<NoteView>,
}

/// What is kept about an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AppointmentDossierView {
    /// Who attends, by name.
    pub attends: Vec<String>,
    /// Those of them who attend another appointment at the same time.
    pub clashes: Vec<Clash>,
    /// Documents to bring, in the order of entering.
    pub documents: Vec<String>,
    /// *Esito dell'incontro*.
    pub meeting: Option<MeetingView>,
    /// Whether it may be entered now: the appointment has begun.
    pub can_report: bool,
    /// Private notes, newest first.
    pub notes: Vec<NoteView>,
}

/// Somebody who would have to be in two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Clash {
    /// Who.
    pub person: String,
    /// Id of the other appointment.
    pub appointment: String,
    /// Name of its company.
    pub company_name: String,
    /// Its clock time.
    pub start: String,
}

/// A private note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NoteView {
    /// Who wrote it, where the sede knows.
    pub by: Option<String>,
    /// Date, in the sede's zone.
    pub date: String,
    /// Clock time, in the sede's zone.
    pub time: String,
    /// The text, to be shown as text.
    pub text: String,
}

/// How a meeting went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MeetingView {
    /// In one word.
    pub result: MeetingResultView,
    /// What else was said; empty for nothing.
    pub text: String,
}

/// How a meeting went, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum MeetingResultView {
    /// *Risolto*.
    Settled,
    /// *Da seguire*.
    ToFollowUp,
    /// *Non si è tenuto*.
    NotHeld,
}
