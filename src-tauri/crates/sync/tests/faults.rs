//! Stories of what goes wrong between a decision and its answer. Whatever it is, there is one appointment in the end.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod world;

use std::sync::Arc;

use cache::drafts::{Attention, DraftPhase, DraftState, Judged};
use cache::outbox::RowState;
use chrono::TimeDelta;
use domain::appointment::SedeChange;
use domain::code::DecisionId;
use domain::ticket::{Judgement, Outcome, ReplyAssessment};
use store::{SedeDesk, StoreError};
use sync::plan::LONGEST_PAUSE;
use sync::{LinkState, Pauses, Waypoint};
use uuid::Uuid;
use world::firm::{Firm, Mortal};
use world::gate::{Call, Fault, Gate, unreachable};
use world::{World, closed, code, monday, open_ticket, slot_at};

fn failed() -> StoreError {
    StoreError::Failed {
        reason: "a bug there".into(),
    }
}

fn new_decision() -> DecisionId {
    DecisionId::new(Uuid::now_v7())
}

/// Runs rounds until nothing waits, as the clock goes on.
async fn settle(world: &World, firm: &Firm) {
    for _ in 0..12 {
        firm.round().await;
        if firm.cache.outbox.waiting().await.unwrap() == 0 {
            return;
        }
        world.clock.advance(TimeDelta::seconds(40));
    }
    panic!("a decision is still waiting");
}

#[tokio::test]
async fn killed_at_any_waypoint_and_started_again_there_is_one_appointment() {
    for waypoint in [
        Waypoint::BeforeRequest,
        Waypoint::AfterStoreCommit,
        Waypoint::BeforeAnswerWritten,
        Waypoint::AfterAnswerWritten,
    ] {
        let world = World::with_one_ticket().await;
        let firm = Firm::with(&world, 1, Mortal::at(waypoint)).await;
        firm.engine.round(Pauses::Keep).await.unwrap();
        let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
        let row = firm.send(&draft, None).await;
        let engine = Arc::clone(&firm.engine);
        let killed = tokio::spawn(async move { engine.round(Pauses::Keep).await.map(drop) }).await;
        assert!(killed.unwrap_err().is_panic(), "killed at {waypoint:?}");
        let found = firm.cache.outbox.row(row.id).await.unwrap().unwrap().state;
        let over = waypoint == Waypoint::AfterAnswerWritten;
        assert_eq!(
            found,
            if over { RowState::Done } else { RowState::Sending },
            "{waypoint:?}"
        );

        let firm = firm.restarted().await;
        settle(&world, &firm).await;
        firm.round().await;

        assert_eq!(
            firm.again(&draft).await.state.phase(),
            DraftPhase::Booked,
            "{waypoint:?}"
        );
        assert_eq!(firm.agenda().await.len(), 1, "{waypoint:?}");
        let attempts = firm.gate.attempts.lock().unwrap().clone();
        assert!(
            attempts.iter().all(|attempt| *attempt == row.attempt),
            "always the same attempt"
        );
        assert_eq!(
            attempts.len(),
            if waypoint == Waypoint::BeforeRequest || over {
                1
            } else {
                2
            }
        );
    }
}

#[tokio::test]
async fn an_answer_that_gets_lost_is_asked_for_again_under_the_same_attempt() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    let row = firm.send(&draft, None).await;
    firm.gate.once(Call::Book, Fault::After(unreachable()));

    let report = firm.round().await;
    assert_eq!((report.swallowed, report.booked), (1, 0));
    assert_eq!(report.link, LinkState::Offline);
    assert_eq!(firm.again(&draft).await.state, DraftState::Queued { not_before: None });
    assert_eq!(firm.round().await.answered, 0, "its pause is kept");
    world.clock.advance(TimeDelta::seconds(2));
    assert_eq!(firm.round().await.booked, 1);

    assert_eq!(firm.agenda().await.len(), 1);
    assert_eq!(*firm.gate.attempts.lock().unwrap(), [row.attempt, row.attempt]);
}

#[tokio::test]
async fn one_booking_that_the_network_keeps_swallowing_holds_nobody_else() {
    let world = World::new().await;
    world.enrol(1).await;
    world
        .admit(vec![open_ticket("LU-1", 1, 6), open_ticket("LU-2", 1, 6)])
        .await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let first = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    let second = firm.draft(&["LU-2"], vec![slot_at(11, 26, 10, 0)]).await;
    firm.send(&first, None).await;
    firm.send(&second, None).await;
    firm.gate.once(Call::Book, Fault::Before(unreachable()));
    assert_eq!(firm.round().await.swallowed, 1);
    assert_eq!(firm.round().await.booked, 1, "the second goes while the first pauses");
    assert_eq!(firm.again(&first).await.state.phase(), DraftPhase::Queued);
    assert_eq!(
        firm.engine.round(Pauses::Skip).await.unwrap().booked,
        1,
        "somebody asked: no pause"
    );
}

#[tokio::test]
async fn pauses_grow_while_the_store_is_away_and_end_when_it_is_back() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, None).await;
    firm.gate.shut(Call::Book, unreachable());
    firm.gate.shut(Call::Hello, unreachable());
    let mut pauses = Vec::new();
    for _ in 0..12 {
        firm.round().await;
        let outage = firm.engine.outage().unwrap();
        pauses.push(outage.next_attempt - outage.last_attempt);
        world.clock.set(outage.next_attempt);
    }
    assert!(pauses.is_sorted(), "{pauses:?}");
    assert_eq!(pauses.last(), Some(&LONGEST_PAUSE));
    assert_eq!(
        firm.gate.count(Call::Book),
        1,
        "who does not answer a greeting is asked for nothing"
    );
    firm.gate.open();
    assert_eq!(firm.round().await.booked, 1);
}

#[tokio::test]
async fn a_store_that_speaks_another_version_is_told_and_keeps_the_outbox_waiting() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, None).await;
    let newer = StoreError::Incompatible { oldest: 7, newest: 9 };
    firm.gate.once(Call::Book, Fault::Before(newer.clone()));
    firm.gate.shut(Call::Hello, newer);
    assert_eq!(firm.round().await.link, LinkState::Incompatible);
    assert_eq!(firm.round().await.link, LinkState::Incompatible);
    assert_eq!(firm.again(&draft).await.state.phase(), DraftPhase::Queued);
    assert_eq!(firm.gate.count(Call::Book), 1);
    firm.gate.open();
    let report = firm.round().await;
    assert_eq!((report.link, report.booked), (LinkState::Connected, 1));
}

#[tokio::test]
async fn a_studio_that_is_not_enrolled_loses_nothing() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, None).await;
    firm.gate.once(Call::Book, Fault::Before(StoreError::StudioUnknown));
    let report = firm.round().await;
    assert_eq!((report.link, report.swallowed), (LinkState::Offline, 1));
    let outage = firm.engine.outage().unwrap();
    assert_eq!(outage.next_attempt - outage.last_attempt, LONGEST_PAUSE);
    assert_eq!(firm.round().await.booked, 1, "enrolled again");
}

#[tokio::test]
async fn a_device_that_is_not_let_in_is_told_why_and_loses_nothing() {
    for (error, state) in [
        (StoreError::DeviceUnknown, LinkState::NotAdmitted),
        (StoreError::DeviceRevoked, LinkState::Revoked),
        (StoreError::StudioSuspended, LinkState::Suspended),
    ] {
        let world = World::with_one_ticket().await;
        let firm = Firm::open(&world, 1).await;
        firm.round().await;
        let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
        firm.send(&draft, None).await;
        firm.gate.once(Call::Book, Fault::Before(error.clone()));
        firm.gate.shut(Call::Hello, error);
        assert_eq!(firm.round().await.link, state);
        assert_eq!(firm.round().await.link, state);
        assert_eq!(firm.again(&draft).await.state.phase(), DraftPhase::Queued);
        assert_eq!(firm.gate.count(Call::Book), 1, "who is not let in asks for nothing");
        let outage = firm.engine.outage().unwrap();
        assert_eq!(outage.next_attempt - outage.last_attempt, LONGEST_PAUSE);
        firm.gate.open();
        let report = firm.round().await;
        assert_eq!((report.link, report.booked), (LinkState::Connected, 1), "let in again");
    }
}

#[tokio::test]
async fn a_store_that_is_busy_is_left_alone_for_as_long_as_it_says() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, None).await;
    firm.gate
        .once(Call::Book, Fault::Before(StoreError::Busy { seconds: 40 }));
    let report = firm.round().await;
    assert_eq!((report.link, report.swallowed), (LinkState::Offline, 1));
    let outage = firm.engine.outage().unwrap();
    assert_eq!(outage.next_attempt - outage.last_attempt, TimeDelta::seconds(40));
    assert_eq!(firm.again(&draft).await.state.phase(), DraftPhase::Queued);
    world.clock.advance(TimeDelta::seconds(40));
    assert_eq!(firm.round().await.booked, 1);

    firm.gate.shut(Call::Hello, StoreError::Busy { seconds: u32::MAX });
    world.clock.advance(TimeDelta::hours(1));
    firm.round().await;
    let outage = firm.engine.outage().unwrap();
    assert_eq!(
        outage.next_attempt - outage.last_attempt,
        LONGEST_PAUSE,
        "a store that says \"never\" is asked again all the same"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hint_is_pulled_at_once_and_no_hint_loses_nothing() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    *firm.gate.ask_again_after.lock().unwrap() = Some(3_600);
    let engine = firm.engine.clone();
    let running = tokio::spawn(async move { engine.run().await });
    let pulls = |at_least: usize| {
        let gate = firm.gate.clone();
        async move {
            while gate.count(Call::Pull) < at_least {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        }
    };
    pulls(1).await;
    assert!(firm.cache.pulled.ticket(&code("LU-2")).await.unwrap().is_none());
    world.admit(vec![open_ticket("LU-2", 1, 10)]).await;
    // The store wants to be asked in an hour, and its clock stands still: only the hint can bring it.
    firm.gate.hint();
    pulls(2).await;
    firm.engine.stop();
    running.await.unwrap();
    assert!(firm.cache.pulled.ticket(&code("LU-2")).await.unwrap().is_some());
}

#[tokio::test]
async fn another_life_of_the_store_is_pulled_from_the_beginning() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    let first = firm.round().await.pulled;
    assert_eq!(firm.round().await.pulled, 0);
    firm.gate.once(Call::Pull, Fault::Before(StoreError::EpochChanged));
    let report = firm.round().await;
    assert_eq!((report.reset, report.pulled), (true, first), "everything, once");
    assert!(firm.cache.pulled.ticket(&code("LU-1")).await.unwrap().is_some());
    firm.gate.shut(Call::Pull, StoreError::EpochChanged);
    let asked = firm.gate.count(Call::Pull);
    firm.round().await;
    assert!(
        firm.gate.count(Call::Pull) - asked <= 2,
        "a store that says so for ever is not asked for ever"
    );
}

#[tokio::test]
async fn a_booking_at_which_the_store_fails_asks_for_attention_and_the_others_go_on() {
    for error in [failed(), StoreError::AttemptReused] {
        let world = World::new().await;
        world.enrol(1).await;
        world
            .admit(vec![open_ticket("LU-1", 1, 6), open_ticket("LU-2", 1, 6)])
            .await;
        let firm = Firm::open(&world, 1).await;
        firm.round().await;
        let first = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
        let second = firm.draft(&["LU-2"], vec![slot_at(11, 26, 10, 0)]).await;
        firm.send(&first, None).await;
        firm.send(&second, None).await;
        firm.gate.once(Call::Book, Fault::Before(error));
        let report = firm.round().await;
        assert_eq!((report.refused, report.booked), (1, 1));
        assert_eq!(
            firm.again(&first).await.state,
            DraftState::NeedsAttention {
                why: Attention::StoreFailed
            }
        );
        let recalled = firm.cache.drafts.recall(first.id, firm.engine.present()).await.unwrap();
        assert_eq!(firm.send(&recalled, None).await.attempt.number, 2);
        assert_eq!(firm.round().await.booked, 1);
        assert_eq!(firm.agenda().await.len(), 2);
    }
}

#[tokio::test]
async fn a_judgement_is_tried_again_when_the_store_fails_and_given_up_when_it_never_can_be_heard() {
    let world = World::new().await;
    world.enrol(1).await;
    world.admit(vec![closed(open_ticket("LU-1", 1, 9), Outcome::Ok)]).await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let judged = |assessment| Judged {
        decision: new_decision(),
        ticket: code("LU-1"),
        judgement: Judgement {
            assessment,
            closed_at: monday() - TimeDelta::days(1),
        },
    };
    let unsatisfactory = judged(ReplyAssessment::Unsatisfactory);
    firm.cache
        .outbox
        .assess(&unsatisfactory, world_now(&firm))
        .await
        .unwrap();
    firm.gate.once(Call::Assess, Fault::Before(failed()));
    let report = firm.round().await;
    assert_eq!(
        (report.swallowed, report.link),
        (1, LinkState::Connected),
        "the rest of the round went on"
    );
    settle(&world, &firm).await;
    assert_eq!(firm.gate.count(Call::Assess), 2);

    firm.cache
        .outbox
        .assess(&judged(ReplyAssessment::Satisfactory), world_now(&firm))
        .await
        .unwrap();
    firm.gate.once(Call::Assess, Fault::Before(StoreError::AttemptReused));
    assert_eq!(firm.round().await.refused, 1);
    assert_eq!(firm.cache.outbox.waiting().await.unwrap(), 0);
    let ticket = firm.cache.pulled.ticket(&code("LU-1")).await.unwrap().unwrap();
    let domain::ticket::TicketStatus::Closed { assessment, .. } = ticket.ticket.status else {
        panic!("closed")
    };
    assert_eq!(assessment, ReplyAssessment::Unsatisfactory, "what the store says holds");
}

fn world_now(firm: &Firm) -> chrono::DateTime<chrono::Utc> {
    firm.engine.present()
}

#[tokio::test]
async fn a_cancellation_and_an_acknowledgement_survive_a_lost_answer() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, None).await;
    firm.round().await;
    let appointment = firm.agenda().await[0].id;
    let say = SedeChange::Say {
        label: "documenti".into(),
    };
    world
        .store
        .desk()
        .tell(appointment, say, "Portare il DURC.")
        .await
        .unwrap();
    firm.round().await;
    let said = firm.cache.pulled.unread().await.unwrap()[0].communication.id;

    let now = firm.engine.present();
    firm.cache
        .outbox
        .acknowledge(appointment, said, new_decision(), now)
        .await
        .unwrap();
    firm.cache
        .outbox
        .cancel(appointment, new_decision(), now)
        .await
        .unwrap();
    firm.gate.once(Call::Acknowledge, Fault::After(unreachable()));
    firm.gate.once(Call::Cancel, Fault::After(unreachable()));
    settle(&world, &firm).await;

    assert_eq!(
        (firm.gate.count(Call::Acknowledge), firm.gate.count(Call::Cancel)),
        (2, 2)
    );
    assert_eq!(firm.cache.pulled.unread().await.unwrap(), []);
    let agenda = firm.agenda().await;
    assert!(matches!(
        agenda[0].state,
        domain::appointment::AppointmentState::Cancelled { .. }
    ));
    firm.round().await;
    let ticket = firm.cache.pulled.ticket(&code("LU-1")).await.unwrap().unwrap();
    assert_eq!(ticket.row.standing.carried_until, None, "R14: bookable again");
}

#[tokio::test]
async fn the_loop_sends_what_is_decided_and_stops_when_it_is_told() {
    let world = World::with_one_ticket().await;
    let gate = Gate::before(world.store.studio(&"STUDIO-1".parse().unwrap()));
    let folder = world.folder.path().join("firm-1");
    let clock = Arc::new(store::SystemClock);
    world.clock.set(monday());
    let firm = Firm::assemble(folder, 1, clock, gate, Arc::new(sync::TracingWatcher)).await;
    let engine = Arc::clone(&firm.engine);
    let running = tokio::spawn(async move { engine.run().await });
    while firm.cache.pulled.read_at().await.unwrap().is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, None).await;
    firm.engine.nudge();
    while firm.again(&draft).await.state.phase() != DraftPhase::Booked {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    firm.engine.stop();
    tokio::time::timeout(std::time::Duration::from_secs(10), running)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(firm.agenda().await.len(), 1);
}
