//! What the people of a studio keep among themselves.

use domain::code::{AppointmentId, TicketCode};
use domain::dossier::{
    AppointmentEntry, DocumentName, Dossier, Entry, Full, MOST_DOCUMENTS, MOST_NOTES, MOST_PEOPLE, Meeting,
    MeetingResult, Note, Subject, TicketEntry, Words,
};
use domain::people::Person;
use proptest::prelude::*;
use uuid::Uuid;

use crate::given::now;

fn person(name: &str) -> Person {
    name.parse().expect("a name")
}

fn words(text: &str) -> Words {
    text.parse().expect("words")
}

fn document(name: &str) -> DocumentName {
    name.parse().expect("a document")
}

fn ticket() -> TicketCode {
    "LU-1".parse().expect("a code")
}

const fn appointment() -> AppointmentId {
    AppointmentId::new(Uuid::from_u128(7))
}

fn about_ticket(entry: TicketEntry) -> Entry {
    Entry::Ticket {
        ticket: ticket(),
        entry,
    }
}

fn about_appointment(entry: AppointmentEntry) -> Entry {
    Entry::Appointment {
        appointment: appointment(),
        entry,
    }
}

fn attends(name: &str, attends: bool) -> Entry {
    about_appointment(AppointmentEntry::Attends {
        person: person(name),
        attends,
    })
}

fn to_bring(name: &str, wanted: bool) -> Entry {
    about_appointment(AppointmentEntry::Document {
        name: document(name),
        wanted,
    })
}

fn after(entries: &[Entry]) -> Dossier {
    let first = entries.first().expect("an entry");
    entries
        .iter()
        .fold(Dossier::empty(first.subject()), |mut dossier, entry| {
            let by = person("Anna");
            dossier
                .take(entry, Some(&by), now("2026-11-24T09:00:00").instant())
                .expect("there is room");
            dossier
        })
}

#[test]
fn a_subject_is_read_as_it_is_written() {
    for subject in [Subject::Ticket(ticket()), Subject::Appointment(appointment())] {
        assert_eq!(subject.to_string().parse(), Ok(subject));
    }
    for text in ["", "ticket:", "ticket", "appointment:LU-1", "studio:LU-1"] {
        assert!(text.parse::<Subject>().is_err(), "{text}");
    }
}

#[test]
fn who_is_in_charge_is_the_last_who_was_put_in_charge() {
    let put = |name: Option<&str>| {
        about_ticket(TicketEntry::InCharge {
            person: name.map(person),
        })
    };
    assert_eq!(after(&[put(Some("Anna"))]).in_charge(), Some(&person("Anna")));
    let handed_on = after(&[put(Some("Anna")), put(Some("Bruno"))]);
    assert_eq!(handed_on.in_charge(), Some(&person("Bruno")));
    assert_eq!(after(&[put(Some("Anna")), put(None)]).in_charge(), None);
}

#[test]
fn a_note_says_who_wrote_it_and_when_and_stays() {
    let note = |text: &str| about_ticket(TicketEntry::Note { words: words(text) });
    let Dossier::Ticket(dossier) = after(&[note("Sentito il cliente."), note("Manca il DM10.")]) else {
        panic!("it is about a ticket");
    };
    let written = |text: &str| Note {
        by: Some(person("Anna")),
        at: now("2026-11-24T09:00:00").instant(),
        words: words(text),
    };
    assert_eq!(
        dossier.notes,
        [written("Sentito il cliente."), written("Manca il DM10.")]
    );
}

#[test]
fn how_the_meeting_went_is_what_was_entered_last() {
    let entered = |result| {
        about_appointment(AppointmentEntry::Meeting {
            meeting: Meeting { result, words: None },
        })
    };
    let dossier = after(&[entered(MeetingResult::NotHeld), entered(MeetingResult::Settled)]);
    let Dossier::Appointment(dossier) = dossier else {
        panic!("it is about an appointment");
    };
    assert_eq!(
        dossier.meeting.map(|meeting| meeting.result),
        Some(MeetingResult::Settled)
    );
}

#[test]
fn a_dossier_takes_so_much_and_is_left_as_it_was_by_more() {
    let mut dossier = Dossier::empty(Subject::Appointment(appointment()));
    let at = now("2026-11-24T09:00:00").instant();
    let many = (0..MOST_PEOPLE)
        .map(|n| attends(&format!("Persona {n}"), true))
        .chain((0..MOST_DOCUMENTS).map(|n| to_bring(&format!("Documento {n}"), true)))
        .chain((0..MOST_NOTES).map(|n| {
            about_appointment(AppointmentEntry::Note {
                words: words(&format!("Nota {n}")),
            })
        }));
    for entry in many {
        assert_eq!(dossier.take(&entry, None, at), Ok(()));
    }
    let full = dossier.clone();
    let one_more = AppointmentEntry::Note {
        words: words("Una in più"),
    };
    for entry in [
        attends("Uno in più", true),
        to_bring("Uno in più", true),
        about_appointment(one_more),
    ] {
        assert_eq!(dossier.take(&entry, None, at), Err(Full));
        assert_eq!(dossier, full);
    }
    assert_eq!(
        dossier.take(&attends("Persona 1", true), None, at),
        Ok(()),
        "who attends already takes no room"
    );
    assert_eq!(dossier, full);
}

#[test]
fn an_entry_about_something_else_says_nothing() {
    let mut dossier = Dossier::empty(Subject::Ticket("LU-2".parse().expect("a code")));
    let before = dossier.clone();
    let at = now("2026-11-24T09:00:00").instant();
    for entry in [
        about_ticket(TicketEntry::Note { words: words("Nota") }),
        attends("Anna", true),
    ] {
        assert_eq!(dossier.take(&entry, None, at), Ok(()));
        assert_eq!(dossier, before);
    }
}

#[test]
fn texts_keep_their_limits() {
    let long = |characters: usize| "è".repeat(characters);
    assert!(long(Words::LONGEST).parse::<Words>().is_ok());
    assert!(long(Words::LONGEST + 1).parse::<Words>().is_err());
    assert!("Due\nrighe".parse::<Words>().is_ok());
    assert!("Due\nrighe".parse::<DocumentName>().is_err());
    assert!("Zero\0".parse::<Words>().is_err());
    assert!(" \n".parse::<Words>().is_err());
    assert_eq!(person("  Anna Ricci ").as_str(), "Anna Ricci");
    assert!(long(Person::LONGEST + 1).parse::<Person>().is_err());
}

/// Entries that say nothing about the same thing.
fn apart() -> impl Strategy<Value = (Entry, Entry)> {
    let entries = prop_oneof![
        (0..4_u8, any::<bool>()).prop_map(|(n, yes)| (u32::from(n), attends(&format!("Persona {n}"), yes))),
        (0..4_u8, any::<bool>()).prop_map(|(n, yes)| (10 + u32::from(n), to_bring(&format!("Documento {n}"), yes))),
        Just((
            20,
            about_appointment(AppointmentEntry::Meeting {
                meeting: Meeting {
                    result: MeetingResult::Settled,
                    words: None,
                },
            })
        )),
    ];
    (entries.clone(), entries)
        .prop_filter("they are about different things", |((one, _), (other, _))| one != other)
        .prop_map(|((_, one), (_, other))| (one, other))
}

proptest! {
    #[test]
    fn what_two_people_enter_at_the_same_time_both_stands((one, other) in apart()) {
        let (Dossier::Appointment(mut this), Dossier::Appointment(mut that)) =
            (after(&[one.clone(), other.clone()]), after(&[other, one]))
        else {
            panic!("they are about an appointment");
        };
        this.documents.sort();
        that.documents.sort();
        prop_assert_eq!(this, that);
    }
}
