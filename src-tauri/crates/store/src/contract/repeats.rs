//! Idempotency: one outcome for one attempt, one appointment for one decision.

use domain::appointment::SedeChange;
use domain::booking::Refusal;

use super::Bench;
use super::world::{
    ALFA_1, BETA_1, THURSDAY, TUESDAY, View, World, again, booked, booking, decided, refused_by_rule, ripe,
};
use crate::{BookOutcome, CancelOutcome, StoreError};

pub async fn a_repeated_attempt_gets_the_first_outcome_whatever_happened_since<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let (attempt, asked) = (decided(), booking(&["LU-1"], &TUESDAY[..1]));
    let first = world.alfa.book(attempt, &asked).await.expect("an outcome");
    let appointment = booked(first.clone());
    world
        .desk
        .tell(appointment.id, SedeChange::Cancel, "La sede è chiusa.")
        .await
        .expect("an outcome");
    world.it_is("2026-12-24T10:00");
    let seen = world.everybody_sees().await;
    let repeated = world.alfa.book(attempt, &asked).await.expect("an outcome");
    assert_eq!(repeated, first, "the answer that was lost on the way is the answer that comes");
    assert_eq!(world.everybody_sees().await, seen, "a repeated attempt changes nothing");

    let attempt = decided();
    let first = world.alfa.cancel(attempt, appointment.id).await.expect("an outcome");
    assert!(matches!(first, CancelOutcome::Refused { .. }));
    let repeated = world.alfa.cancel(attempt, appointment.id).await.expect("an outcome");
    assert_eq!(repeated, first);
}

pub async fn a_repeated_refusal_stays_one_and_the_next_attempt_is_decided_anew<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let theirs = world.beta_takes("LU-91", TUESDAY[0]).await;
    let (attempt, asked) = (decided(), booking(&["LU-1"], &TUESDAY[..1]));
    let first = world.alfa.book(attempt, &asked).await.expect("an outcome");
    assert!(matches!(refused_by_rule(first.clone()), Refusal::AllTaken { .. }));
    world.beta.cancel(decided(), theirs.id).await.expect("an outcome");
    let repeated = world.alfa.book(attempt, &asked).await.expect("an outcome");
    assert_eq!(repeated, first, "what was told stays told");
    let next = world.alfa.book(again(attempt), &asked).await.expect("an outcome");
    assert_eq!(booked(next).decision, attempt.decision);
}

pub async fn an_attempt_never_stands_for_two_requests<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.admit([ripe("LU-2", ALFA_1)]).await;
    let attempt = decided();
    let asked = booking(&["LU-2"], &[TUESDAY[1]]);
    world.alfa.book(attempt, &asked).await.expect("an outcome");
    let seen = world.everybody_sees().await;
    let other = world.alfa.book(attempt, &booking(&["LU-2"], &[THURSDAY])).await;
    assert_eq!(other, Err(StoreError::AttemptReused));
    let other = world.alfa.cancel(attempt, appointment.id).await;
    assert_eq!(other, Err(StoreError::AttemptReused), "nor for two operations");
    assert_eq!(world.everybody_sees().await, seen, "nothing was done");
}

pub async fn a_late_attempt_of_a_decision_gets_its_one_appointment<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let first = decided();
    let second = again(first);
    let booked_second = world
        .alfa
        .book(second, &booking(&["LU-1"], &[THURSDAY]))
        .await
        .expect("an outcome");
    let seen = world.everybody_sees().await;
    let late = world
        .alfa
        .book(first, &booking(&["LU-1"], &TUESDAY[..1]))
        .await
        .expect("an outcome");
    assert_eq!(late, booked_second, "one decision has one appointment at most");
    let later = world
        .alfa
        .book(again(second), &booking(&["LU-404"], &TUESDAY[..1]))
        .await
        .expect("an outcome");
    assert_eq!(later, booked_second);
    assert_eq!(world.everybody_sees().await, seen);
}

pub async fn two_studios_may_use_one_decision_id<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([ripe("LU-91", BETA_1)]).await;
    let attempt = decided();
    let ours = world
        .alfa
        .book(attempt, &booking(&["LU-1"], &TUESDAY[..1]))
        .await
        .expect("an outcome");
    let theirs: BookOutcome = world
        .beta
        .book(attempt, &booking(&["LU-91"], &[THURSDAY]))
        .await
        .expect("promise 2: of ALFA's attempt BETA learns nothing");
    assert_ne!(booked(ours).id, booked(theirs).id);
    assert_eq!(View::of(&*world.beta).await.appointments.len(), 1);
}
