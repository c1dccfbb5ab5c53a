//! Cancelling (R14), judging a reply (R3), acknowledging (R13).

use chrono::TimeDelta;
use domain::appointment::{AppointmentState, LifeRefusal, SedeChange};
use domain::booking::Refusal;
use domain::code::CommunicationId;
use domain::eligibility::{Eligibility, Obstacle};
use domain::ticket::{Judgement, Outcome, Party, ReplyAssessment, TicketStatus};
use uuid::Uuid;

use super::Bench;
use super::world::{
    ALFA_1, Replica, THURSDAY, TUESDAY, View, World, at, booked, booking, closed, code, decided, ripe,
};
use crate::{AcknowledgeOutcome, AssessOutcome, CancelOutcome, CancelRefusal, Change, Entity, TicketAct};

pub async fn cancelling_frees_the_slot_and_the_tickets<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    world.clock.set(appointment.slot.start.instant() - TimeDelta::seconds(1));
    let cancelled = match world.alfa.cancel(decided(), appointment.id).await.expect("an outcome") {
        CancelOutcome::Cancelled { appointment } => *appointment,
        outcome => panic!("R14: it has not begun, but: {outcome:?}"),
    };
    let state = AppointmentState::Cancelled {
        by: Party::Studio,
        at: world.now(),
    };
    assert_eq!(cancelled.state, state);
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.appointments[&appointment.id], cancelled, "R15: it stays, as cancelled");
    assert_eq!(copy.view.held(TUESDAY[0]), None, "the slot is free again, for everybody to see");
    assert_eq!(copy.view.ticket("LU-1").carried_until, None);
    world.it_is("2026-11-23T10:00");
    world.beta_takes("LU-91", TUESDAY[0]).await;
    world.book(&booking(&["LU-1"], &[THURSDAY])).await;
}

fn life(refusal: LifeRefusal) -> CancelOutcome {
    CancelOutcome::Refused {
        why: CancelRefusal::Life { refusal },
    }
}

pub async fn what_has_begun_is_not_cancelled<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let seen = world.everybody_sees().await;
    for (now, refusal) in [
        (appointment.slot.start, LifeRefusal::Begun),
        (appointment.slot.end, LifeRefusal::NotLive),
    ] {
        world.clock.set(now.instant());
        let outcome = world.alfa.cancel(decided(), appointment.id).await.expect("an outcome");
        assert_eq!(outcome, life(refusal), "R14");
    }
    world.it_is("2026-11-23T10:00");
    assert_eq!(world.everybody_sees().await, seen, "a refusal leaves everything as it was");
}

pub async fn what_is_over_is_not_cancelled_again<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let attempt = decided();
    let first = world.alfa.cancel(attempt, appointment.id).await.expect("an outcome");
    let seen = world.everybody_sees().await;
    let repeated = world.alfa.cancel(attempt, appointment.id).await.expect("an outcome");
    assert_eq!(repeated, first, "the same attempt has the same outcome");
    let another = world.alfa.cancel(decided(), appointment.id).await.expect("an outcome");
    assert_eq!(another, life(LifeRefusal::NotLive));
    assert_eq!(world.everybody_sees().await, seen, "a place is given back once");
}

/// Unsatisfactory, about the reply given at `local`.
fn unsatisfactory(local: &str) -> Judgement {
    Judgement {
        assessment: ReplyAssessment::Unsatisfactory,
        closed_at: at(local),
    }
}

pub async fn a_judgement_makes_a_closed_ticket_bookable<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ok, ripe("LU-1", ALFA_1))]).await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let judgement = unsatisfactory("2026-11-20T12:00");
    let outcome = world.alfa.assess_reply(decided(), &code("LU-1"), judgement).await;
    assert_eq!(outcome, Ok(AssessOutcome::Assessed));
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came.len(), 1, "colleagues see it: {came:?}");
    match &came[0] {
        Change::Put(Entity::Ticket(pulled)) => match pulled.ticket.status {
            TicketStatus::Closed { assessment, .. } => assert_eq!(assessment, ReplyAssessment::Unsatisfactory),
            status => panic!("the ticket is closed, not {status:?}"),
        },
        change => panic!("the ticket changed, not {change:?}"),
    }
    world.book(&booking(&["LU-1"], &[THURSDAY])).await;
}

pub async fn a_judgement_is_about_the_reply_that_stood<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let ticket = code("LU-1");
    let judge = |local: &str| {
        let judgement = unsatisfactory(local);
        world.alfa.assess_reply(decided(), &ticket, judgement)
    };
    assert_eq!(judge("2026-11-23T10:00").await, Ok(AssessOutcome::ReplyChanged), "there is no reply yet");
    let act = async |act| world.desk.act(&ticket, act, "Risposta.").await.expect("an outcome");
    act(TicketAct::Close(Outcome::Ok)).await;
    assert_eq!(judge("2026-11-23T10:00").await, Ok(AssessOutcome::Assessed));
    act(TicketAct::Reopen).await;
    assert_eq!(judge("2026-11-23T10:00").await, Ok(AssessOutcome::ReplyChanged));
    world.it_is("2026-11-23T11:00");
    act(TicketAct::Close(Outcome::Ok)).await;
    assert_eq!(judge("2026-11-23T10:00").await, Ok(AssessOutcome::ReplyChanged), "it was closed again");
    match world.rule_refuses(&booking(&["LU-1"], &[THURSDAY])).await {
        Refusal::TicketNotBookable { eligibility, .. } => {
            assert_eq!(
                eligibility,
                Eligibility::NotBookable(Obstacle::Unassessed),
                "R3: what was thought of the first reply says nothing about the second"
            );
        }
        refusal => panic!("R3 must refuse, not {refusal:?}"),
    }
}

pub async fn a_judgement_is_the_studio_s_own<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ok, ripe("LU-1", ALFA_1))]).await;
    world.delegate("BETA", ALFA_1, "2026-01-01", None).await;
    let mut copy = Replica::pulled(&*world.beta).await;
    let judgement = unsatisfactory("2026-11-20T12:00");
    world
        .alfa
        .assess_reply(decided(), &code("LU-1"), judgement)
        .await
        .expect("an outcome");
    assert_eq!(copy.pull(&*world.beta).await, [], "promise 2: what ALFA thinks, BETA does not see");
    let outcome = world.beta.book(decided(), &booking(&["LU-1"], &[THURSDAY])).await;
    super::world::refused(outcome.expect("an outcome"));
}

pub async fn the_first_acknowledgement_counts<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let label = "documenti".to_owned();
    world
        .desk
        .tell(appointment.id, SedeChange::Say { label }, "Portare il modello.")
        .await
        .expect("an outcome");
    let mut copy = Replica::pulled(&*world.alfa).await;
    let communication = copy.view.appointments[&appointment.id].communications[0].id;
    let first_time = world.now();
    let acknowledged = Ok(AcknowledgeOutcome::Acknowledged);
    let answer = world.alfa.acknowledge(decided(), appointment.id, communication).await;
    assert_eq!(answer, acknowledged);
    world.it_is("2026-11-23T11:00");
    let answer = world.alfa.acknowledge(decided(), appointment.id, communication).await;
    assert_eq!(answer, acknowledged, "a colleague may do it too");
    copy.pull(&*world.alfa).await;
    let held = &copy.view.appointments[&appointment.id];
    assert_eq!(held.communications[0].acknowledged_at, Some(first_time), "R13: the first time counts");
    let unknown = CommunicationId::new(Uuid::now_v7());
    let answer = world.alfa.acknowledge(decided(), appointment.id, unknown).await;
    assert_eq!(answer, Ok(AcknowledgeOutcome::UnknownCommunication));
    let next = booked(
        world
            .alfa
            .book(decided(), &{
                world.admit([ripe("LU-2", ALFA_1)]).await;
                booking(&["LU-2"], &[THURSDAY])
            })
            .await
            .expect("an outcome"),
    );
    let answer = world.alfa.acknowledge(decided(), next.id, communication).await;
    assert_eq!(answer, Ok(AcknowledgeOutcome::UnknownCommunication), "it is about another appointment");
    assert_eq!(View::of(&*world.alfa).await.appointments.len(), 2);
}
