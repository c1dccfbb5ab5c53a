//! What the sede does, as the studio sees it.

use chrono::NaiveDate;
use domain::appointment::{Appointment, AppointmentState, LifeRefusal, SedeChange};
use domain::booking::Refusal;
use domain::code::AppointmentId;
use domain::communication;
use domain::point::Closure;
use domain::slot::Slot;
use domain::ticket::{Outcome, Party, ReplyAssessment, StatusChange, TicketStatus};
use uuid::Uuid;

use super::Bench;
use super::world::{
    ALFA_1, AZIENDE, Replica, PISA, THURSDAY, TUESDAY, View, World, about, booking, code, day, offering, ripe, slot,
};
use crate::{Admission, Change, DeskOutcome, EndOutcome, Entity, PointOutcome, TicketAct};

async fn act<B: Bench>(world: &World<B>, act: TicketAct) -> DeskOutcome {
    world.desk.act(&code("LU-1"), act, "Parole.").await.expect("an outcome")
}

pub async fn a_ticket_is_taken_in_charge_answered_and_closed<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let closed = |outcome| TicketStatus::Closed {
        outcome,
        at: world.now(),
        assessment: ReplyAssessment::Unassessed,
    };
    let steps = [
        (TicketAct::TakeInProgress, TicketStatus::InProgress, Some(StatusChange::TakenInProgress)),
        (TicketAct::Reply, TicketStatus::InProgress, None),
        (TicketAct::Close(Outcome::Ok), closed(Outcome::Ok), Some(StatusChange::ClosedOk)),
        (TicketAct::Reopen, TicketStatus::Open, Some(StatusChange::Opened)),
        (TicketAct::Close(Outcome::Ko), closed(Outcome::Ko), Some(StatusChange::ClosedKo)),
        (TicketAct::Withdraw, closed(Outcome::Ko), Some(StatusChange::Withdrawn)),
    ];
    for (written, (done, status, change)) in steps.into_iter().enumerate() {
        assert_eq!(act(&world, done).await, DeskOutcome::Done);
        copy.pull(&*world.alfa).await;
        let ticket = &copy.view.ticket("LU-1").ticket;
        assert_eq!(ticket.status, status);
        assert_eq!(ticket.messages.len(), written + 2, "every act is in the conversation");
        let message = &ticket.messages[written + 1];
        assert_eq!((message.author, message.at), (Party::Sede, world.now()));
        assert_eq!((message.text.as_str(), message.change), ("Parole.", change));
    }
    let ticket = &copy.view.ticket("LU-1").ticket;
    assert_eq!(ticket.reopened_at, Some(world.now()));
    assert_eq!(ticket.withdrawn.map(|withdrawn| withdrawn.by), Some(Party::Sede));
}

pub async fn an_act_that_the_status_does_not_allow_changes_nothing<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let unknown = world.desk.act(&code("LU-404"), TicketAct::Reply, "").await;
    assert_eq!(unknown, Ok(DeskOutcome::UnknownTicket));
    let refused = async |acts: &[TicketAct]| {
        let seen = View::of(&*world.alfa).await;
        for wrong in acts {
            assert_eq!(act(&world, *wrong).await, DeskOutcome::WrongStatus, "{wrong:?}");
        }
        assert_eq!(View::of(&*world.alfa).await, seen);
    };
    refused(&[TicketAct::Reopen]).await;
    act(&world, TicketAct::TakeInProgress).await;
    refused(&[TicketAct::TakeInProgress, TicketAct::Reopen]).await;
    act(&world, TicketAct::Close(Outcome::Ok)).await;
    refused(&[TicketAct::TakeInProgress, TicketAct::Reply, TicketAct::Close(Outcome::Ko)]).await;
    act(&world, TicketAct::Withdraw).await;
    refused(&[TicketAct::Reopen, TicketAct::Withdraw]).await;
}

/// A whole day on which a point stays closed.
fn closed_on(day: NaiveDate) -> Closure {
    Closure {
        from: day,
        until: day,
        part: None,
        reason: "Assemblea".into(),
    }
}

async fn tell<B: Bench>(world: &World<B>, appointment: &Appointment, change: SedeChange) -> DeskOutcome {
    world
        .desk
        .tell(appointment.id, change, "Lo comunica la sede.")
        .await
        .expect("an outcome")
}

/// The appointment as ALFA sees it, with the one communication that must be there.
async fn heard<B: Bench>(
    world: &World<B>,
    appointment: &Appointment,
    copy: &mut Replica,
) -> (Appointment, communication::Change) {
    copy.pull(&*world.alfa).await;
    let held = copy.view.appointments[&appointment.id].clone();
    assert_eq!(held.communications.len(), 1);
    let said = held.communications[0].clone();
    assert_eq!(said.at, world.now());
    assert_eq!(said.text, "Lo comunica la sede.");
    assert_eq!(said.acknowledged_at, None);
    (held, said.change)
}

pub async fn an_appointment_is_resolved<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    assert_eq!(tell(&world, &appointment, SedeChange::Resolve).await, DeskOutcome::Done);
    let (held, change) = heard(&world, &appointment, &mut copy).await;
    assert_eq!(held.state, AppointmentState::Resolved { at: world.now() });
    assert_eq!(change, communication::Change::Resolved);
    assert_eq!(copy.view.held(TUESDAY[0]), None, "nobody comes: the place is free");
    assert_eq!(copy.view.ticket("LU-1").carried_until, None, "R5: R3 and R4 decide again");
    world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
}

pub async fn an_appointment_is_moved_with_before_and_after<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let after = slot(AZIENDE, THURSDAY);
    let moved = SedeChange::MoveTo { slot: after.clone() };
    assert_eq!(tell(&world, &appointment, moved).await, DeskOutcome::Done);
    let (held, change) = heard(&world, &appointment, &mut copy).await;
    assert_eq!(held.slot, after);
    assert_eq!(held.state, AppointmentState::Confirmed);
    let before = appointment.slot.clone();
    assert_eq!(change, communication::Change::Rescheduled { before, after: after.clone() }, "R13");
    assert_eq!((copy.view.held(TUESDAY[0]), copy.view.held(THURSDAY)), (None, Some(1)));
    assert_eq!(copy.view.ticket("LU-1").carried_until, Some(after.end.instant()), "R5 goes along");
    assert_eq!(copy.view, View::of(&*world.alfa).await);
    world.beta_takes("LU-91", TUESDAY[0]).await;
}

pub async fn an_appointment_is_relocated_to_another_sede<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let after = slot(PISA, "2026-11-25T09:00");
    let moved = SedeChange::MoveTo { slot: after.clone() };
    assert_eq!(tell(&world, &appointment, moved).await, DeskOutcome::Done);
    let (held, change) = heard(&world, &appointment, &mut copy).await;
    assert_eq!((held.slot, held.code), (after.clone(), appointment.code.clone()), "it keeps its code");
    let before = appointment.slot.clone();
    assert_eq!(change, communication::Change::Relocated { before, after }, "R13");
    assert_eq!(copy.view.held(TUESDAY[0]), None);
    assert_eq!(copy.view.taken.len(), 1, "the place is held at the other point");
}

pub async fn an_appointment_is_cancelled_by_the_sede<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    assert_eq!(tell(&world, &appointment, SedeChange::Cancel).await, DeskOutcome::Done);
    let (held, change) = heard(&world, &appointment, &mut copy).await;
    let state = AppointmentState::Cancelled {
        by: Party::Sede,
        at: world.now(),
    };
    assert_eq!((held.state, change), (state, communication::Change::Cancelled));
    assert_eq!(copy.view.held(TUESDAY[0]), None);
    assert_eq!(copy.view.ticket("LU-1").carried_until, None);
}

pub async fn words_of_the_sede_change_nothing_else<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    // R13: words may come when all is over, and of a kind that nobody knows.
    world.clock.set(appointment.slot.end.instant());
    let label = "invito_al_riesame".to_owned();
    let said = SedeChange::Say { label: label.clone() };
    assert_eq!(tell(&world, &appointment, said).await, DeskOutcome::Done);
    let (mut held, change) = heard(&world, &appointment, &mut copy).await;
    assert_eq!(change, communication::Change::Other { label, before: None, after: None });
    held.communications.clear();
    assert_eq!(held, appointment);
}

pub async fn a_move_into_a_full_or_missing_slot_is_refused<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.beta_takes("LU-91", THURSDAY).await;
    world.it_is("2026-11-24T10:00");
    let seen = world.everybody_sees().await;
    let mut odd = slot(AZIENDE, "2026-11-24T14:30");
    odd.end = slot(AZIENDE, "2026-11-24T15:30").end;
    let nowhere: [Slot; 6] = [
        slot(AZIENDE, THURSDAY),
        slot(AZIENDE, "2026-11-25T09:00"),
        slot(AZIENDE, "2026-11-24T13:45"),
        slot(AZIENDE, "2026-11-19T09:00"),
        slot("LU-NESSUNO", THURSDAY),
        odd,
    ];
    for slot in nowhere {
        let moved = SedeChange::MoveTo { slot: slot.clone() };
        assert_eq!(tell(&world, &appointment, moved).await, DeskOutcome::NoPlace, "R11: {slot:?}");
    }
    assert_eq!(world.everybody_sees().await, seen, "nothing was moved, nothing was said");
}

pub async fn what_is_over_is_not_moved<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.admit([ripe("LU-2", ALFA_1)]).await;
    let past = world.book(&booking(&["LU-2"], &TUESDAY[1..2])).await;
    assert_eq!(tell(&world, &appointment, SedeChange::Resolve).await, DeskOutcome::Done);
    world.clock.set(past.slot.end.instant());
    let seen = View::of(&*world.alfa).await;
    let over = DeskOutcome::Life(LifeRefusal::NotLive);
    for appointment in [&appointment, &past] {
        let moved = SedeChange::MoveTo {
            slot: slot(AZIENDE, THURSDAY),
        };
        for change in [SedeChange::Resolve, SedeChange::Cancel, moved] {
            assert_eq!(tell(&world, appointment, change).await, over);
        }
    }
    let unknown = AppointmentId::new(Uuid::now_v7());
    let told = world.desk.tell(unknown, SedeChange::Resolve, "").await;
    assert_eq!(told, Ok(DeskOutcome::UnknownAppointment));
    assert_eq!(View::of(&*world.alfa).await, seen);
}

pub async fn an_admission_that_names_the_unknown_changes_nothing<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let seen = world.everybody_sees().await;
    let mut stray = ripe("LU-3", ALFA_1);
    stray.position = code("4699999999");
    for wrong in [stray, about("NESSUN-ARGOMENTO", ripe("LU-3", ALFA_1))] {
        let admission = Admission {
            tickets: vec![ripe("LU-2", ALFA_1), wrong],
            ..Admission::default()
        };
        world.desk.admit(&admission).await.expect_err("nobody knows its position or topic");
        assert_eq!(world.everybody_sees().await, seen, "nothing of it is taken in");
    }
}

pub async fn a_point_is_changed_in_one_piece_and_everybody_hears_of_it<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let (mut alfa, mut beta) = (Replica::pulled(&*world.alfa).await, Replica::pulled(&*world.beta).await);
    let before = alfa.view.points[&code(AZIENDE)].clone();
    let mut after = before.clone();
    after.hours.remove(0);
    after.closures.push(closed_on(day(3).parse().expect("a day")));
    assert_eq!(world.desk.change_point(&before, &after).await, Ok(PointOutcome::Published));
    let came = alfa.pull(&*world.alfa).await;
    assert_eq!(came, [Change::Put(Entity::Point(Box::new(after.clone())))]);
    assert_eq!(beta.pull(&*world.beta).await, came, "the same for everybody");
    let why = world.rule_refuses(&booking(&["LU-1"], &[THURSDAY])).await;
    assert!(matches!(why, Refusal::AllTaken { .. }), "R11: it is closed then: {why:?}");
    assert_eq!(world.desk.change_point(&after, &after).await, Ok(PointOutcome::Published));
    assert_eq!(alfa.pull(&*world.alfa).await, [], "what is published again unchanged is no change");
}

pub async fn a_point_that_somebody_else_changed_is_not_overwritten<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let read = offering(1).points[0].clone();
    let mut theirs = read.clone();
    theirs.horizon_days = 60;
    assert_eq!(world.desk.change_point(&read, &theirs).await, Ok(PointOutcome::Published));
    let seen = world.everybody_sees().await;
    let mut ours = read.clone();
    ours.closures.push(closed_on(day(3).parse().expect("a day")));
    assert_eq!(world.desk.change_point(&read, &ours).await, Ok(PointOutcome::ChangedMeanwhile));
    let mut unknown = theirs.clone();
    unknown.code = code("LU-NESSUNO");
    assert_eq!(world.desk.change_point(&unknown, &unknown).await, Ok(PointOutcome::UnknownPoint));
    assert_eq!(world.desk.change_point(&theirs, &unknown).await, Ok(PointOutcome::UnknownPoint), "another point");
    let mut elsewhere = theirs.clone();
    elsewhere.sede = code("PI");
    assert_eq!(world.desk.change_point(&theirs, &elsewhere).await, Ok(PointOutcome::UnknownPoint), "another sede");
    let mut odd = theirs.clone();
    odd.topics.push(code("NESSUN-ARGOMENTO"));
    let unknown = PointOutcome::UnknownTopic {
        topic: code("NESSUN-ARGOMENTO"),
    };
    assert_eq!(world.desk.change_point(&theirs, &odd).await, Ok(unknown));
    assert_eq!(world.everybody_sees().await, seen, "nothing of it is published");
}

pub async fn a_desk_that_is_needed_is_not_taken_away<B: Bench>() {
    let world = World::<B>::with_desks(2).await;
    world.admit([ripe("LU-1", ALFA_1), ripe("LU-2", ALFA_1)]).await;
    let one = world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
    let two = world.beta_takes("LU-91", TUESDAY[0]).await;
    world.book(&booking(&["LU-2"], &TUESDAY[1..2])).await;
    let before = offering(2).points[0].clone();
    let mut after = before.clone();
    after.desks = 1;
    let held = PointOutcome::DesksHeld {
        appointments: vec![one.code.clone(), two.code],
    };
    let seen = world.everybody_sees().await;
    assert_eq!(world.desk.change_point(&before, &after).await, Ok(held), "R11: both would sit at one desk");
    assert_eq!(world.everybody_sees().await, seen);
    // The one at the first desk goes: the other keeps the second, and is the only one.
    assert_eq!(tell(&world, &one, SedeChange::Resolve).await, DeskOutcome::Done);
    assert_eq!(world.desk.change_point(&before, &after).await, Ok(PointOutcome::Published));
    let why = world.rule_refuses(&booking(&["LU-1"], &TUESDAY[..1])).await;
    assert!(matches!(why, Refusal::AllTaken { .. }), "R11: one desk, one appointment: {why:?}");
    world.it_is("2026-11-24T18:00");
    after.desks = 0;
    let before = offering(1).points[0].clone();
    assert_eq!(world.desk.change_point(&before, &after).await, Ok(PointOutcome::Published), "the past is over");
}

pub async fn a_delegation_is_ended_by_the_sede<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let end = async |studio: &str, position: &str, last: &str| {
        let last = last.parse().expect("a day");
        let outcome = world.desk.end_delegation(&code(studio), &code(position), last).await;
        outcome.expect("an outcome")
    };
    let mut copy = Replica::pulled(&*world.alfa).await;
    let seen = world.everybody_sees().await;
    assert_eq!(end("BETA", ALFA_1, &day(0)).await, EndOutcome::UnknownDelegation);
    assert_eq!(end("NESSUNO", ALFA_1, &day(0)).await, EndOutcome::UnknownDelegation);
    assert_eq!(end("ALFA", "4699999999", &day(0)).await, EndOutcome::UnknownDelegation);
    let from = "2026-01-01".parse().expect("a day");
    assert_eq!(end("ALFA", ALFA_1, "2025-12-31").await, EndOutcome::NotBegunByThen { from });
    assert_eq!(world.everybody_sees().await, seen, "nothing of it was done");
    assert_eq!(end("ALFA", ALFA_1, &day(2)).await, EndOutcome::Ended);
    let until = day(2).parse().ok();
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.delegations[&code(ALFA_1)].until, until, "the studio is told");
    assert_eq!(copy.view.ticket_codes(), ["LU-1"], "R2: its last day counts");
    let later = EndOutcome::EndsEarlier {
        until: until.expect("a day"),
    };
    assert_eq!(end("ALFA", ALFA_1, &day(3)).await, later, "an end is no renewal");
    assert_eq!(end("ALFA", ALFA_1, &day(2)).await, EndOutcome::Ended, "said again");
    assert_eq!(copy.pull(&*world.alfa).await, []);
    assert_eq!(end("ALFA", ALFA_1, "2026-11-22").await, EndOutcome::Ended, "yesterday: at once");
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.ticket_codes().len(), 0, "R18");
    assert_eq!(copy.view, View::of(&*world.alfa).await);
}
