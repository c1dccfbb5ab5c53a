//! Promise 4, on this computer: what lies with the store, what is taken back, and what is due among many.

use std::collections::HashMap;

use cache::drafts::{DraftPhase, DraftState};
use cache::outbox::{OutboxRow, RowState, Settled, Work};
use chrono::{DateTime, TimeDelta, Utc};
use domain::deposit::{Awaited, Deposit};
use store::{BookOutcome, BookRefusal, Change, DepositOutcome, Entity, EntityKey, WithdrawOutcome};

use crate::world::{Desk, appointment, decision, now, ticket, ticket_code};

fn on(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

fn lying(row: &OutboxRow, until: Awaited) -> Deposit {
    Deposit {
        decision: row.attempt.decision,
        attempt: row.attempt.number,
        by: None,
        tickets: vec!["LU-1".parse().expect("a code")],
        point: "LU-AZIENDE".parse().expect("a code"),
        wishes: Vec::new(),
        deposited_at: now(),
        until,
    }
}

fn deposited(deposit: &Deposit) -> DepositOutcome {
    DepositOutcome::Deposited {
        deposit: Box::new(deposit.clone()),
    }
}

/// A desk with a draft that goes on the third day, and its row.
async fn sent() -> (Desk, OutboxRow) {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await;
    let draft = desk.draft(1, &["LU-1"]).await;
    let read = HashMap::from([("LU-1".parse().expect("a code"), 2)]);
    let (draft, row) = desk
        .cache
        .drafts
        .send(draft.id, draft.revision, decision(1), Some(on(3)), &read, now())
        .await
        .expect("sends");
    assert_eq!(
        draft.tickets[0].read,
        Some(2),
        "what was known of the conversation goes with it"
    );
    (desk, row)
}

async fn laid_down(desk: &Desk, row: &OutboxRow) -> OutboxRow {
    let outbox = &desk.cache.outbox;
    let row = outbox.take(row, now()).await.expect("takes").expect("is there");
    let deposit = lying(&row, Awaited::Ripeness { at: on(3) });
    let settled = outbox
        .complete_deposit(&row, &deposited(&deposit), now())
        .await
        .expect("written");
    assert_eq!(settled, Settled::Deposited);
    outbox.row(row.id).await.expect("reads").expect("is there")
}

#[tokio::test]
async fn what_lies_with_the_store_is_asked_for_on_its_day_and_not_before() {
    let (desk, row) = sent().await;
    let outbox = &desk.cache.outbox;
    assert_eq!(outbox.due(now()).await.expect("reads").len(), 1, "to be left there");
    let row = laid_down(&desk, &row).await;
    assert_eq!(row.state, RowState::Waiting);
    assert_eq!(outbox.due(on(3) - TimeDelta::seconds(1)).await.expect("reads"), []);
    assert_eq!(outbox.due(on(3)).await.expect("reads"), std::slice::from_ref(&row));
    assert_eq!(outbox.next_deposited().await.expect("reads"), Some(on(3)));
    assert_eq!(outbox.waiting().await.expect("counts"), 0, "it has arrived");
    let draft = desk
        .cache
        .drafts
        .get(row.work.draft().expect("its draft"))
        .await
        .expect("reads");
    let not_before = Some(on(3));
    assert_eq!(draft.state, DraftState::Queued { not_before });
}

#[tokio::test]
async fn what_lies_there_no_more_is_asked_for_at_once() {
    let (desk, row) = sent().await;
    let row = laid_down(&desk, &row).await;
    let outbox = &desk.cache.outbox;
    let later = lying(&row, Awaited::Ripeness { at: on(5) });
    desk.apply(vec![Change::Put(Entity::Deposit(Box::new(later.clone())))])
        .await;
    assert_eq!(
        outbox.next_deposited().await.expect("reads"),
        Some(on(5)),
        "the store says when"
    );
    let (pulled, tickets) = (&desk.cache.pulled, [ticket_code("LU-1"), ticket_code("LU-2")]);
    let of_tickets = HashMap::from([(ticket_code("LU-1"), later.clone())]);
    assert_eq!(pulled.deposits_of(&tickets).await.expect("reads"), of_tickets);
    assert_eq!(pulled.deposits().await.expect("reads"), [later]);
    desk.apply(vec![Change::Gone(EntityKey::Deposit(row.attempt.decision))])
        .await;
    assert_eq!(outbox.due(now()).await.expect("reads").len(), 1);
    assert_eq!(pulled.deposits().await.expect("reads"), []);
    assert_eq!(pulled.deposits_of(&tickets).await.expect("reads"), HashMap::new());

    let row = outbox.due(now()).await.expect("reads").remove(0);
    let row = outbox.take(&row, now()).await.expect("takes").expect("is there");
    let booked = appointment(1, row.attempt.decision, &["LU-1"], "2026-03-19T08:00:00Z");
    let outcome = DepositOutcome::Decided {
        of_it: BookOutcome::Booked {
            appointment: Box::new(booked),
        },
    };
    outbox.complete_deposit(&row, &outcome, now()).await.expect("written");
    assert_eq!(outbox.pending().await.expect("reads"), []);
}

#[tokio::test]
async fn what_was_never_sent_is_taken_back_without_a_word_and_the_rest_at_the_store_too() {
    let (desk, row) = sent().await;
    let (drafts, outbox) = (&desk.cache.drafts, &desk.cache.outbox);
    let id = row.work.draft().expect("its draft");
    let recalled = drafts.recall(id, now()).await.expect("recalls");
    assert_eq!(
        outbox.pending().await.expect("reads"),
        [],
        "the store never heard of it"
    );
    let (_, row) = drafts
        .send(id, recalled.revision, decision(9), Some(on(3)), &HashMap::new(), now())
        .await
        .expect("sends");
    let row = laid_down(&desk, &row).await;
    drafts.discard(id, now()).await.expect("discards");
    assert!(outbox.is_withdrawing(id).await.expect("reads"));
    let pending = outbox.pending().await.expect("reads");
    let attempt = row.attempt;
    assert_eq!(
        (pending.len(), &pending[0].work),
        (1, &Work::Withdraw { draft: id, attempt })
    );
    assert_ne!(pending[0].attempt.decision, attempt.decision, "a decision of its own");

    let taking = outbox.take(&pending[0], now()).await.expect("takes").expect("is there");
    outbox
        .complete_withdraw(&taking, &WithdrawOutcome::Withdrawn, now())
        .await
        .expect("written");
    assert!(!outbox.is_withdrawing(id).await.expect("reads"));
    assert_eq!(
        drafts.get(id).await.expect("reads").state.phase(),
        DraftPhase::Discarded
    );
}

#[tokio::test]
async fn what_was_booked_before_it_could_be_taken_back_is_booked() {
    let (desk, row) = sent().await;
    let row = laid_down(&desk, &row).await;
    let (drafts, outbox) = (&desk.cache.drafts, &desk.cache.outbox);
    let id = row.work.draft().expect("its draft");
    drafts.discard(id, now()).await.expect("discards");
    let pending = outbox.pending().await.expect("reads").remove(0);
    let taking = outbox.take(&pending, now()).await.expect("takes").expect("is there");
    let booked = appointment(1, row.attempt.decision, &["LU-1"], "2026-03-19T08:00:00Z");
    let of_it = BookOutcome::Booked {
        appointment: Box::new(booked.clone()),
    };
    let outcome = WithdrawOutcome::Decided { of_it };
    outbox
        .complete_withdraw(&taking, &outcome, now())
        .await
        .expect("written");
    let state = drafts.get(id).await.expect("reads").state;
    assert_eq!(state, DraftState::Booked { appointment: booked.id });
    let known = desk.cache.pulled.appointment(booked.id).await.expect("reads");
    assert_eq!(known, Some(booked), "and stands in the agenda at once");
}

#[tokio::test]
async fn a_refusal_of_what_was_deposited_needs_attention() {
    let (desk, row) = sent().await;
    let row = laid_down(&desk, &row).await;
    let outbox = &desk.cache.outbox;
    let row = outbox.take(&row, on(3)).await.expect("takes").expect("is there");
    let of_it = BookOutcome::Refused {
        why: BookRefusal::Withdrawn,
    };
    let outcome = DepositOutcome::Decided { of_it };
    let settled = outbox.complete_deposit(&row, &outcome, on(3)).await.expect("written");
    assert!(matches!(settled, Settled::NeedsAttention(_)));
}
