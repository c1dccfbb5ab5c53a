//! R14, R17: a studio changes its own appointment.

use domain::appointment::{Appointment, LifeRefusal};
use domain::booking::Refusal;
use domain::code::AppointmentId;
use domain::content::{Breach, Contact};
use domain::studio_change::{Seen, StudioChange, StudioEdit};
use domain::ticket::Outcome;
use uuid::Uuid;

use super::Bench;
use super::uploads::{PDF, pdf, upload_of};
use super::world::{ALFA_1, AZIENDE, Replica, THURSDAY, TUESDAY, World, code, day, decided, slot, wish};
use crate::{CancelOutcome, ChangeOutcome, ChangeRefusal, TicketAct, UploadOutcome};

fn notes(text: &str) -> StudioChange {
    StudioChange {
        notes: Some(text.to_owned()),
        ..StudioChange::default()
    }
}

/// A move to the first of these slots that is free.
fn to(slots: &[&str]) -> StudioChange {
    StudioChange {
        wishes: slots.iter().map(|local| wish(local)).collect(),
        ..StudioChange::default()
    }
}

async fn changed<B: Bench>(world: &World<B>, id: AppointmentId, change: &StudioChange) -> Appointment {
    match world.alfa.change(decided(), id, change).await.expect("an outcome") {
        ChangeOutcome::Changed { appointment } => *appointment,
        ChangeOutcome::Refused { why } => panic!("this must be granted, and is refused: {why:?}"),
    }
}

/// ALFA wants what must be refused; nothing may be different afterwards, for nobody.
async fn refused<B: Bench>(world: &World<B>, id: AppointmentId, change: &StudioChange) -> ChangeRefusal {
    let before = world.everybody_sees().await;
    let why = match world.alfa.change(decided(), id, change).await.expect("an outcome") {
        ChangeOutcome::Refused { why } => why,
        ChangeOutcome::Changed { appointment } => panic!("this must be refused, and is granted: {appointment:?}"),
    };
    assert_eq!(world.everybody_sees().await, before, "a refusal leaves everything as it was");
    why
}

fn rule(refusal: Refusal) -> ChangeRefusal {
    ChangeRefusal::Rule { refusal }
}

pub async fn what_is_changed_is_changed_and_the_rest_stays<B: Bench>() {
    let (world, before) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    world.it_is("2026-11-23T11:00");
    let attempt = decided();
    let change = notes("Porteremo la delega.");
    let outcome = world.alfa.change(attempt, before.id, &change).await.expect("an outcome");
    assert_eq!(copy.pull(&*world.alfa).await.len(), 1, "an appointment, and nothing else");
    let after = &copy.view.appointments[&before.id];
    assert_eq!(after.content.notes, "Porteremo la delega.");
    assert_eq!((&after.content.contact, &after.slot), (&before.content.contact, &before.slot));
    let edit = StudioEdit {
        at: world.now(),
        content: Some(before.content.clone()),
        slot: None,
    };
    assert_eq!(after.edits, [edit], "R15: what stood before is kept");

    let phone = "0583 999999".to_owned();
    let contact = Contact {
        phone,
        ..Contact::default()
    };
    let other = StudioChange {
        contact: Some(contact.clone()),
        ..StudioChange::default()
    };
    let after = changed(&world, before.id, &other).await;
    assert_eq!(after.content.notes, "Porteremo la delega.", "who changes one field takes back no other");
    assert_eq!(after.content.contact, contact);
    assert_eq!(world.alfa.change(attempt, before.id, &change).await, Ok(outcome), "one outcome a key");
    let again = changed(&world, before.id, &other).await;
    assert_eq!(again.edits.len(), 2, "what is as it shall be is no change");
    assert!(world.records.checkup().await.expect("looked").is_kept());
}

pub async fn a_move_takes_the_first_place_that_is_free_and_gives_up_the_old_one<B: Bench>() {
    let (world, before) = World::<B>::with_an_appointment().await;
    world.beta_takes("LU-91", THURSDAY).await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let after = changed(&world, before.id, &to(&[THURSDAY, TUESDAY[1]])).await;
    assert_eq!(after.slot, slot(AZIENDE, TUESDAY[1]), "the first is taken");
    assert_eq!(after.granted, 1);
    assert_eq!(after.edits[0].slot, Some(before.slot.clone()));
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.appointments[&before.id], after);
    assert_eq!((copy.view.held(TUESDAY[0]), copy.view.held(TUESDAY[1])), (None, Some(1)));
    assert_eq!(copy.view.ticket("LU-1").carried_until, after.carries_until(), "R5");
    world.beta_takes("LU-92", TUESDAY[0]).await;
    assert!(world.records.checkup().await.expect("looked").is_kept());
}

pub async fn a_move_to_where_it_is_changes_nothing<B: Bench>() {
    let (world, before) = World::<B>::with_an_appointment().await;
    world.beta_takes("LU-91", TUESDAY[1]).await;
    let seen = world.everybody_sees().await;
    let after = changed(&world, before.id, &to(&[TUESDAY[1], TUESDAY[0]])).await;
    assert_eq!(after, before, "it does not stand in its own way");
    assert_eq!(world.everybody_sees().await, seen);
}

pub async fn a_move_into_what_is_taken_leaves_it_where_it_is<B: Bench>() {
    let (world, before) = World::<B>::with_an_appointment().await;
    world.beta_takes("LU-91", THURSDAY).await;
    let change = StudioChange {
        notes: Some("Solo se si sposta.".to_owned()),
        ..to(&[THURSDAY])
    };
    let why = refused(&world, before.id, &change).await;
    let ChangeRefusal::Rule {
        refusal: Refusal::AllTaken { nearest },
    } = why
    else {
        panic!("R11 must refuse, not {why:?}");
    };
    assert!(!nearest.is_empty() && !nearest.contains(&slot(AZIENDE, THURSDAY)), "what is near is told");
}

pub async fn what_somebody_else_changed_meanwhile_is_not_written_over<B: Bench>() {
    let (world, before) = World::<B>::with_an_appointment().await;
    let seen = || Some(Box::new(Seen::of(&before)));
    let colleague = changed(&world, before.id, &notes("Della collega.")).await;
    let mine = StudioChange {
        seen: seen(),
        ..notes("Mie.")
    };
    let appointment = Box::new(colleague);
    assert_eq!(
        refused(&world, before.id, &mine).await,
        ChangeRefusal::Overtaken { appointment }
    );
    let elsewhere = StudioChange {
        seen: seen(),
        ..to(&[THURSDAY])
    };
    let moved = changed(&world, before.id, &elsewhere).await;
    assert_eq!(
        (moved.content.notes.as_str(), &moved.slot),
        ("Della collega.", &slot(AZIENDE, THURSDAY)),
        "each field on its own: both get what they want"
    );
    let again = StudioChange {
        seen: seen(),
        ..to(&[TUESDAY[1]])
    };
    let appointment = Box::new(moved);
    assert_eq!(
        refused(&world, before.id, &again).await,
        ChangeRefusal::Overtaken { appointment },
        "R13: who moves it has seen where it is"
    );
    let same = StudioChange {
        seen: seen(),
        ..notes("Della collega.")
    };
    assert_eq!(changed(&world, before.id, &same).await.edits.len(), 2, "no quarrel over the same");
}

pub async fn a_change_beyond_the_limits_is_refused_whole<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let change = StudioChange {
        contact: Some(Contact::default()),
        ..notes(&"è".repeat(501))
    };
    let breaches = vec![Breach::NotesTooLong { length: 501, max: 500 }, Breach::NoContact];
    assert_eq!(refused(&world, appointment.id, &change).await, rule(Refusal::Content { breaches }));
    let many = to(&[THURSDAY; 11]);
    assert_eq!(refused(&world, appointment.id, &many).await, rule(Refusal::BadWishes), "R9");
}

pub async fn files_are_changed_once_they_are_there<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let change = StudioChange {
        attachments: Some(vec![pdf(PDF)]),
        ..StudioChange::default()
    };
    let hash = upload_of(PDF).hash;
    assert_eq!(
        refused(&world, appointment.id, &change).await,
        ChangeRefusal::AttachmentMissing { hash }
    );
    assert_eq!(world.alfa.upload(&upload_of(PDF), 0, PDF).await, Ok(UploadOutcome::Complete));
    let after = changed(&world, appointment.id, &change).await;
    assert_eq!(after.content.attachments, [pdf(PDF)]);
    world.it_is("2027-03-01T10:00");
    assert_eq!(
        world.alfa.upload(&upload_of(PDF), 0, &[]).await,
        Ok(UploadOutcome::Complete),
        "R10: what an appointment names is kept"
    );
}

pub async fn what_has_begun_is_over_or_is_not_one_s_own_is_not_changed<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    for (now, refusal) in [
        (appointment.slot.start, LifeRefusal::Begun),
        (appointment.slot.end, LifeRefusal::NotLive),
    ] {
        world.clock.set(now.instant());
        let why = refused(&world, appointment.id, &notes("Tardi.")).await;
        assert_eq!(why, ChangeRefusal::Life { refusal }, "R14");
    }
    world.it_is("2026-11-23T10:00");
    let seen = world.everybody_sees().await;
    for id in [appointment.id, AppointmentId::new(Uuid::now_v7())] {
        let outcome = world.beta.change(decided(), id, &notes("Di altri.")).await;
        let why = ChangeRefusal::UnknownAppointment;
        assert_eq!(outcome, Ok(ChangeOutcome::Refused { why }), "promise 2");
    }
    assert_eq!(world.everybody_sees().await, seen);
    let cancelled = world.alfa.cancel(decided(), appointment.id).await;
    assert!(matches!(cancelled, Ok(CancelOutcome::Cancelled { .. })));
    let refusal = LifeRefusal::NotLive;
    let why = refused(&world, appointment.id, &to(&[THURSDAY])).await;
    assert_eq!(why, ChangeRefusal::Life { refusal });
}

pub async fn r17_asks_for_the_delegation_and_not_for_what_made_the_ticket_bookable<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let act = TicketAct::Close(Outcome::Ok);
    let closed = world.desk.act(&code("LU-1"), act, "Risolto.").await;
    closed.expect("an outcome");
    let after = changed(&world, appointment.id, &to(&[THURSDAY])).await;
    assert_eq!(after.slot, slot(AZIENDE, THURSDAY), "R3 and R4 held when it was booked");

    world.delegate("ALFA", ALFA_1, "2026-01-01", Some(&day(0))).await;
    world.it_is("2026-11-24T00:30");
    let position = code(ALFA_1);
    let why = refused(&world, appointment.id, &notes("Ancora noi.")).await;
    assert_eq!(why, rule(Refusal::DelegationMissing { position }), "R2");
    let cancelled = world.alfa.cancel(decided(), appointment.id).await;
    assert!(matches!(cancelled, Ok(CancelOutcome::Cancelled { .. })), "R18: to cancel it is its own");
}
