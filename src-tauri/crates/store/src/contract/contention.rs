//! Promise 1: whoever asks at the same moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::code::{AppointmentId, DecisionId};

use super::Bench;
use super::world::{ALFA_1, BETA_1, THURSDAY, TUESDAY, View, World, booking, decided, ripe, slot};
use crate::{Attempt, BookOutcome, CalendarStore};

pub async fn thirty_two_compete_for_one_desk<B: Bench>() {
    compete::<B>(1).await;
}

pub async fn thirty_two_compete_for_two_desks<B: Bench>() {
    compete::<B>(2).await;
}

pub async fn thirty_two_compete_for_three_desks<B: Bench>() {
    compete::<B>(3).await;
}

/// 32 tasks of two studios, each with a ticket of its own, want one of four slots of `desks` desks. Each asks twice with the
/// same key, every second one both times at once.
async fn compete<B: Bench>(desks: u16) {
    let world = World::<B>::with_desks(desks).await;
    let position = |task: usize| if task.is_multiple_of(2) { ALFA_1 } else { BETA_1 };
    world
        .admit((0..32).map(|task| ripe(&format!("LU-{task}"), position(task))))
        .await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..32 {
        let session: Arc<dyn CalendarStore> = if task % 2 == 0 { &world.alfa } else { &world.beta }.clone();
        let mut wishes = TUESDAY;
        wishes.rotate_left(task % 4);
        let asked = booking(&[&format!("LU-{task}")], &wishes);
        tasks.spawn(async move {
            let attempt = decided();
            let (first, second) = if task % 4 < 2 {
                tokio::join!(session.book(attempt, &asked), session.book(attempt, &asked))
            } else {
                let first = session.book(attempt, &asked).await;
                (first, session.book(attempt, &asked).await)
            };
            let (first, second) = (first.expect("an outcome"), second.expect("an outcome"));
            assert_eq!(first, second, "one key has one outcome, also when it is asked twice at once");
            (attempt, first)
        });
    }
    let outcomes: Vec<(Attempt, BookOutcome)> = tasks.join_all().await;
    let booked: BTreeMap<AppointmentId, DecisionId> = outcomes
        .iter()
        .filter_map(|(attempt, outcome)| match outcome {
            BookOutcome::Booked { appointment } => Some((appointment.id, attempt.decision)),
            BookOutcome::Refused { .. } => None,
        })
        .collect();
    let places = TUESDAY.len() * usize::from(desks);
    assert_eq!(booked.len(), places, "exactly as many appointments as places: none lost, none too many");
    assert_eq!(booked.values().collect::<BTreeSet<_>>().len(), places, "one for a decision");

    let (alfa, beta) = world.everybody_sees().await;
    for local in TUESDAY {
        let in_it = |view: &View| {
            view.appointments
                .values()
                .filter(|held| held.slot == slot(super::world::AZIENDE, local))
                .count()
        };
        assert_eq!(in_it(&alfa) + in_it(&beta), usize::from(desks), "R11, {local}");
        assert_eq!(alfa.held(local), Some(desks), "the counts say the same");
    }
    let seen: BTreeSet<_> = alfa.appointments.keys().chain(beta.appointments.keys()).collect();
    assert_eq!(seen, booked.keys().collect(), "what was answered is what is there");
}

pub async fn one_ticket_is_never_in_two_live_appointments<B: Bench>() {
    let world = World::<B>::with_desks(3).await;
    world.admit([ripe("LU-1", ALFA_1)]).await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..16 {
        let session = world.alfa.clone();
        let asked = booking(&["LU-1"], &[if task % 2 == 0 { THURSDAY } else { TUESDAY[0] }]);
        tasks.spawn(async move { session.book(decided(), &asked).await.expect("an outcome") });
    }
    let booked = tasks
        .join_all()
        .await
        .into_iter()
        .filter(|outcome| matches!(outcome, BookOutcome::Booked { .. }))
        .count();
    assert_eq!(booked, 1, "R5");
    assert_eq!(View::of(&*world.alfa).await.appointments.len(), 1);
}
