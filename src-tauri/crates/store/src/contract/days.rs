//! R4 and R5 by the store's clock.

use chrono::TimeDelta;
use domain::booking::Refusal;
use domain::eligibility::{Eligibility, Obstacle};
use domain::ticket::Outcome;

use super::Bench;
use super::view::Replica;
use super::world::{
    ALFA_1, RIMBORSI, THURSDAY, TUESDAY, View, World, about, at, booking, closed, code, day, decided, ripe,
};
use crate::{CancelOutcome, TicketAct};

/// That `LU-1` is refused until this day.
async fn waits_until<B: Bench>(world: &World<B>, day: &str) {
    match world.rule_refuses(&booking(&["LU-1"], &["2026-12-17T09:00"])).await {
        Refusal::TicketNotBookable {
            eligibility: Eligibility::BookableFrom { on, .. },
            ..
        } => assert_eq!(on.to_string(), day, "R6: it says from when"),
        refusal => panic!("R4 must refuse, not {refusal:?}"),
    }
}

pub async fn r4_holds_to_the_second_by_the_store_s_clock<B: Bench>() {
    let world = World::<B>::new().await;
    for opened in ["2026-11-23T00:00", "2026-11-23T23:59"] {
        let mut ticket = ripe("LU-1", ALFA_1);
        ticket.opened_at = at(opened);
        world.admit([ticket]).await;
        world.clock.set(at("2026-11-29T00:00") - TimeDelta::seconds(1));
        waits_until(&world, "2026-11-29").await;
    }
    world.it_is("2026-11-29T00:00");
    world.book(&booking(&["LU-1"], &["2026-12-03T09:00"])).await;
}

pub async fn r4_counts_days_of_the_sede_across_the_change_of_clocks<B: Bench>() {
    let world = World::<B>::new().await;
    // Clocks went back on 25 October 2026: five days and an hour later it is not yet the day.
    world.it_is("2026-10-26T23:30");
    let mut ticket = ripe("LU-1", ALFA_1);
    ticket.opened_at = at("2026-10-21T12:00");
    world.admit([ticket]).await;
    match world.rule_refuses(&booking(&["LU-1"], &["2026-11-03T13:30"])).await {
        Refusal::TicketNotBookable {
            eligibility: Eligibility::BookableFrom { on, .. },
            ..
        } => assert_eq!(on.to_string(), "2026-10-27"),
        refusal => panic!("R4 must refuse, not {refusal:?}"),
    }
    world.it_is("2026-10-27T00:00");
    world.book(&booking(&["LU-1"], &["2026-11-03T13:30"])).await;
}

pub async fn the_threshold_of_the_topic_counts<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([about(RIMBORSI, ripe("LU-1", ALFA_1))]).await;
    waits_until(&world, &day(1)).await;
    world.it_is("2026-11-24T00:00");
    world.book(&booking(&["LU-1"], &[THURSDAY])).await;
}

pub async fn reopening_starts_the_count_again<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ko, ripe("LU-1", ALFA_1))]).await;
    world.it_is("2026-11-25T18:00");
    world
        .desk
        .act(&code("LU-1"), TicketAct::Reopen, "Si riapre.")
        .await
        .expect("an outcome");
    waits_until(&world, "2026-12-01").await;
    world.clock.set(at("2026-12-01T00:00") - TimeDelta::seconds(1));
    waits_until(&world, "2026-12-01").await;
    world.it_is("2026-12-01T00:00");
    world.book(&booking(&["LU-1"], &["2026-12-03T09:00"])).await;
}

pub async fn r5_ends_with_the_appointment_to_the_second<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let until = appointment.slot.end.instant();
    world.clock.set(until - TimeDelta::seconds(1));
    match world.rule_refuses(&booking(&["LU-1"], &[THURSDAY])).await {
        Refusal::TicketNotBookable { eligibility, .. } => {
            assert_eq!(eligibility, Eligibility::NotBookable(Obstacle::Carried { until }));
        }
        refusal => panic!("R5 must refuse, not {refusal:?}"),
    }
    world.clock.set(until);
    let next = world.book(&booking(&["LU-1"], &[THURSDAY])).await;
    assert_ne!(next.id, appointment.id);
    let view = super::world::View::of(&*world.alfa).await;
    assert_eq!(view.appointments.len(), 2, "R15: the one that has passed keeps its history");
    assert_eq!(view.ticket("LU-1").carried_until, next.carries_until());
}

pub async fn a_clock_that_jumps_loses_nothing_and_doubles_nothing<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut replica = Replica::pulled(&*world.alfa).await;
    world.it_is("2026-11-16T08:00");
    world.admit([ripe("LU-2", ALFA_1)]).await;
    let attempt = decided();
    let asked = booking(&["LU-2"], &[TUESDAY[1]]);
    world.clock.set(at("2026-11-23T10:00"));
    let booked = world.alfa.book(attempt, &asked).await.expect("an outcome");
    // Back again, and years ahead: what was decided stays decided.
    for local in ["2026-11-16T08:00", "2031-01-01T00:00", "2026-11-23T10:05"] {
        world.it_is(local);
        assert_eq!(world.alfa.book(attempt, &asked).await, Ok(booked.clone()), "at {local}");
        replica.pull(&*world.alfa).await;
        let seen = View::of(&*world.alfa).await;
        assert_eq!(replica.view.appointments, seen.appointments, "nothing slips behind a cursor");
    }
    assert_eq!(replica.view.appointments.len(), 2);
    let cancelled = world.alfa.cancel(decided(), appointment.id).await;
    assert!(matches!(cancelled, Ok(CancelOutcome::Cancelled { .. })), "{cancelled:?}");
    assert!(world.records.checkup().await.expect("looked").is_kept());
}
