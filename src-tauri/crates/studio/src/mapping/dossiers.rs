//! Dossiers.

use domain::dossier::{AppointmentDossier, Dossier, Meeting, MeetingResult, Note, TicketDossier, Words};
use domain::people::Person;
use domain::time::Civil;

use super::time;
use crate::view::dossiers::{MeetingResultView, MeetingView, NoteView, TicketDossierView};

pub(crate) fn ticket(dossier: Dossier) -> TicketDossierView {
    let (in_charge, notes) = match dossier {
        Dossier::Ticket(TicketDossier { in_charge, notes, .. }) => (in_charge, notes),
        Dossier::Appointment(AppointmentDossier { notes, .. }) => (None, notes),
    };
    TicketDossierView {
        in_charge: in_charge.map(String::from),
        notes: self::notes(&notes),
    }
}

/// Newest first.
pub(crate) fn notes(notes: &[Note]) -> Vec<NoteView> {
    let note = |note: &Note| {
        let at = Civil::at(note.at);
        NoteView {
            by: note.by.as_ref().map(Person::to_string),
            date: time::date(at.date()),
            time: time::clock(at),
            text: note.words.to_string(),
        }
    };
    notes.iter().rev().map(note).collect()
}

pub(crate) fn meeting(meeting: &Meeting) -> MeetingView {
    MeetingView {
        result: match meeting.result {
            MeetingResult::Settled => MeetingResultView::Settled,
            MeetingResult::ToFollowUp => MeetingResultView::ToFollowUp,
            MeetingResult::NotHeld => MeetingResultView::NotHeld,
        },
        text: meeting.words.as_ref().map(Words::to_string).unwrap_or_default(),
    }
}
