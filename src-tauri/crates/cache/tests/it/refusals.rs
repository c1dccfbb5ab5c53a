//! A cancellation or an entry that the store would not take is kept, with what was asked, until somebody has read why.

use cache::outbox::{Asked, GaveUp, OutboxRow, RefusedDecision, Untaken};
use domain::appointment::LifeRefusal;
use domain::dossier::{Entry, TicketEntry};
use store::{CancelOutcome, CancelRefusal, EnterOutcome, EnterRefusal};

use crate::world::{Desk, appointment, appointment_id, code, decision, now, ticket};

const BEGUN: CancelRefusal = CancelRefusal::Life {
    refusal: LifeRefusal::Begun,
};

fn note() -> Entry {
    Entry::Ticket {
        ticket: code("LU-1"),
        entry: TicketEntry::Note {
            words: code("Sentito il cliente."),
        },
    }
}

async fn desk() -> Desk {
    Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await
}

async fn sending(desk: &Desk, row: &OutboxRow) -> OutboxRow {
    let taken = desk.cache.outbox.take(row, now()).await.expect("takes");
    taken.expect("is there")
}

async fn cancelling(desk: &Desk, n: u128) -> OutboxRow {
    let outbox = &desk.cache.outbox;
    let row = outbox.cancel(appointment_id(1), decision(n), now()).await;
    sending(desk, &row.expect("decides")).await
}

async fn entering(desk: &Desk, n: u128) -> OutboxRow {
    let row = desk.cache.outbox.enter(note(), decision(n), now()).await;
    sending(desk, &row.expect("decides")).await
}

async fn told(desk: &Desk) -> Vec<RefusedDecision> {
    desk.cache.outbox.refused_decisions().await.expect("reads")
}

#[tokio::test]
async fn a_refused_note_is_kept_with_its_words_until_it_was_read() {
    let desk = desk().await;
    let row = entering(&desk, 1).await;
    let why = EnterRefusal::UnknownSubject;
    let outcome = EnterOutcome::Refused { why };
    let outbox = &desk.cache.outbox;
    outbox.complete_enter(&row, &outcome, now()).await.expect("completes");
    let (desk, _) = desk.reopened().await;
    let kept = RefusedDecision {
        decision: decision(1),
        asked: Asked::Enter { entry: note() },
        why: Untaken::Enter { why },
        refused_at: now(),
    };
    assert_eq!(told(&desk).await, [kept], "what the person wrote is not lost");
    let outbox = &desk.cache.outbox;
    assert!(outbox.forget_refused_decision(decision(1)).await.expect("forgets"));
    assert!(!outbox.forget_refused_decision(decision(1)).await.expect("forgets"));
    assert_eq!(told(&desk).await, []);
}

#[tokio::test]
async fn who_cancels_again_is_not_told_of_the_last_refusal_any_more() {
    let desk = desk().await;
    let row = cancelling(&desk, 1).await;
    let refused = CancelOutcome::Refused { why: BEGUN };
    let outbox = &desk.cache.outbox;
    outbox.complete_cancel(&row, &refused, now()).await.expect("completes");
    let [kept] = &told(&desk).await[..] else {
        panic!("it is told");
    };
    assert_eq!(kept.why, Untaken::Cancel { why: BEGUN });
    let row = cancelling(&desk, 2).await;
    assert_eq!(told(&desk).await, []);
    let cancelled = CancelOutcome::Cancelled {
        appointment: Box::new(appointment(1, decision(9), &["LU-1"], "2026-03-19T08:00:00Z")),
    };
    outbox
        .complete_cancel(&row, &cancelled, now())
        .await
        .expect("completes");
    assert_eq!(told(&desk).await, [], "what was done needs nobody");
}

#[tokio::test]
async fn what_will_never_be_answered_is_told_and_two_notes_are_told_as_two() {
    let desk = desk().await;
    let outbox = &desk.cache.outbox;
    for n in [1, 2] {
        let row = entering(&desk, n).await;
        outbox
            .give_up(&row, GaveUp::StoreFailed, now())
            .await
            .expect("gives up");
    }
    let row = cancelling(&desk, 3).await;
    outbox
        .give_up(&row, GaveUp::StoreFailed, now())
        .await
        .expect("gives up");
    let told = told(&desk).await;
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|kept| kept.why == Untaken::StoreFailed));
}
