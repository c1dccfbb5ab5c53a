//! What the people of a studio keep among themselves.

use domain::code::{AppointmentId, TicketCode};
use domain::dossier::{
    AppointmentEntry, Dossier, Entry, MOST_DOCUMENTS, Meeting, MeetingResult, Note, Subject, TicketEntry,
};
use domain::people::Person;
use uuid::Uuid;

use super::Bench;
use super::world::{ALFA_1, BETA_1, Replica, View, World, again, code, decided, ripe};
use crate::{CalendarStore, Change, EnterOutcome, EnterRefusal, Entity, StoreError};

fn bruno() -> Person {
    code("Bruno Verdi")
}

fn in_charge(ticket: &str, person: Option<Person>) -> Entry {
    Entry::Ticket {
        ticket: code(ticket),
        entry: TicketEntry::InCharge { person },
    }
}

fn noted(ticket: &str, words: &str) -> Entry {
    Entry::Ticket {
        ticket: code(ticket),
        entry: TicketEntry::Note { words: code(words) },
    }
}

const fn about(appointment: AppointmentId, entry: AppointmentEntry) -> Entry {
    Entry::Appointment { appointment, entry }
}

const fn went_well() -> AppointmentEntry {
    AppointmentEntry::Meeting {
        meeting: Meeting {
            result: MeetingResult::Settled,
            words: None,
        },
    }
}

async fn entered(store: &dyn CalendarStore, entry: &Entry) -> Dossier {
    match store.enter(decided(), entry).await.expect("an outcome") {
        EnterOutcome::Entered { dossier } => *dossier,
        EnterOutcome::Refused { why } => panic!("this must be entered, and is refused: {why:?}"),
    }
}

async fn refused(store: &dyn CalendarStore, entry: &Entry) -> EnterRefusal {
    match store.enter(decided(), entry).await.expect("an outcome") {
        EnterOutcome::Refused { why } => why,
        EnterOutcome::Entered { dossier } => panic!("this must be refused, and is entered: {dossier:?}"),
    }
}

fn only(came: &[Change]) -> &Dossier {
    match came {
        [Change::Put(Entity::Dossier(dossier))] => dossier,
        other => panic!("nothing else changed, but: {other:?}"),
    }
}

pub async fn what_one_enters_the_colleagues_read<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    entered(&*world.alfa, &in_charge("LU-1", Some(bruno()))).await;
    let dossier = entered(&*world.alfa, &noted("LU-1", "Sentito il cliente.")).await;
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(only(&came), &dossier, "what changed twice comes once");
    let Dossier::Ticket(dossier) = dossier else {
        panic!("it is about a ticket");
    };
    assert_eq!(dossier.in_charge, Some(bruno()), "the note left it as it was");
    let welcome = world.alfa.hello(1).await.expect("a welcome");
    let note = Note {
        by: welcome.person,
        at: world.now(),
        words: code("Sentito il cliente."),
    };
    assert_eq!(dossier.notes, [note], "by the store's clock, in the name of the device's person");
}

pub async fn an_appointment_s_dossier_says_who_attends_what_to_bring_and_how_it_went<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let attends = |attends| {
        let person = bruno();
        about(appointment.id, AppointmentEntry::Attends { person, attends })
    };
    let document = |wanted| {
        let name = code("Ricevute F24");
        about(appointment.id, AppointmentEntry::Document { name, wanted })
    };
    entered(&*world.alfa, &attends(true)).await;
    entered(&*world.alfa, &document(true)).await;
    assert_eq!(
        refused(&*world.alfa, &about(appointment.id, went_well())).await,
        EnterRefusal::NotBegun,
        "nobody knows yet how it went"
    );
    world.clock.set(appointment.slot.start.instant());
    let Dossier::Appointment(dossier) = entered(&*world.alfa, &about(appointment.id, went_well())).await else {
        panic!("it is about an appointment");
    };
    assert_eq!(dossier.attends.into_iter().collect::<Vec<_>>(), [bruno()]);
    assert_eq!(dossier.documents, [code("Ricevute F24")]);
    assert_eq!(dossier.meeting.map(|meeting| meeting.result), Some(MeetingResult::Settled));
    entered(&*world.alfa, &attends(false)).await;
    let Dossier::Appointment(dossier) = entered(&*world.alfa, &document(false)).await else {
        panic!("it is about an appointment");
    };
    assert!(dossier.attends.is_empty() && dossier.documents.is_empty());
}

pub async fn an_entry_is_made_once_whatever_happens_to_its_answer<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let (attempt, entry) = (decided(), noted("LU-1", "Una volta."));
    let first = world.alfa.enter(attempt, &entry).await;
    let seen = world.everybody_sees().await;
    assert_eq!(world.alfa.enter(attempt, &entry).await, first);
    assert_eq!(world.everybody_sees().await, seen);
    let another = world.alfa.enter(attempt, &noted("LU-1", "Altro.")).await;
    assert_eq!(another, Err(StoreError::AttemptReused));
    let next = world.alfa.enter(again(attempt), &entry).await.expect("an outcome");
    assert!(matches!(next, EnterOutcome::Entered { .. }), "the next attempt is another: {next:?}");
}

pub async fn a_dossier_is_the_studio_s_own<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    entered(&*world.alfa, &noted("LU-1", "Riservata.")).await;
    entered(&*world.alfa, &about(appointment.id, AppointmentEntry::Note { words: code("Riservata.") })).await;
    world.delegate("BETA", ALFA_1, "2026-01-01", None).await;
    let view = View::of(&*world.beta).await;
    assert!(view.tickets.contains_key(&code::<TicketCode>("LU-1")), "BETA acts for the position, too");
    assert!(view.dossiers.is_empty(), "R18: it does not see who worked on it");
    entered(&*world.beta, &in_charge("LU-1", Some(bruno()))).await;
    let view = View::of(&*world.alfa).await;
    let dossier = &view.dossiers[&Subject::Ticket(code("LU-1"))];
    assert_eq!(dossier.in_charge(), None, "each has one of its own");
}

pub async fn about_what_one_does_not_see_nothing_is_entered<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.admit([ripe("LU-91", BETA_1)]).await;
    let seen = world.everybody_sees().await;
    let note = || AppointmentEntry::Note { words: code("Nota") };
    let unknown = AppointmentId::new(Uuid::now_v7());
    for (store, entry) in [
        (&world.alfa, noted("LU-91", "Nota")),
        (&world.alfa, noted("LU-404", "Nota")),
        (&world.beta, about(appointment.id, note())),
        (&world.beta, about(unknown, note())),
    ] {
        assert_eq!(refused(&**store, &entry).await, EnterRefusal::UnknownSubject);
    }
    assert_eq!(world.everybody_sees().await, seen);
}

pub async fn a_full_dossier_takes_no_more<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let document = |number: usize| {
        let name = code(&format!("Documento {number}"));
        about(appointment.id, AppointmentEntry::Document { name, wanted: true })
    };
    for number in 0..MOST_DOCUMENTS {
        entered(&*world.alfa, &document(number)).await;
    }
    assert_eq!(refused(&*world.alfa, &document(MOST_DOCUMENTS)).await, EnterRefusal::Full);
}

pub async fn the_people_of_a_studio_are_those_with_a_device<B: Bench>() {
    let world = World::<B>::new().await;
    let before = world.alfa.hello(1).await.expect("a welcome");
    assert!(before.person.iter().all(|person| before.people.contains(person)));
    world.admit_device("ALFA", &bruno()).await;
    let after = world.alfa.hello(1).await.expect("a welcome");
    assert!(after.people.contains(&bruno()), "a colleague who joined: {:?}", after.people);
    let others = world.beta.hello(1).await.expect("a welcome");
    assert!(!others.people.contains(&bruno()), "promise 2");
}
