//! S5: a reminder is on its way once, can be taken back while it never left, and is never lost where it is refused.

use cache::outbox::{GaveUp, OutboxRow, RowState, SentReminder, Unreminded, Work};
use chrono::TimeDelta;
use domain::reminder::{Reminder, ReminderObstacle};
use store::{RemindOutcome, RemindRefusal};

use crate::world::{Desk, decision, now, ticket, ticket_code};

async fn remind(desk: &Desk, words: &str, n: u128) -> OutboxRow {
    let outbox = &desk.cache.outbox;
    outbox
        .remind(&ticket_code("LU-1"), words, decision(n), now())
        .await
        .expect("decides")
}

async fn on_the_way(desk: &Desk) -> Vec<SentReminder> {
    desk.cache.outbox.reminders().await.expect("reads")
}

async fn answered(desk: &Desk, row: &OutboxRow, outcome: RemindOutcome) {
    let outbox = &desk.cache.outbox;
    let row = outbox.take(row, now()).await.expect("takes").expect("is there");
    outbox.complete_remind(&row, &outcome, now()).await.expect("completes");
}

const CLOSED: RemindRefusal = RemindRefusal::NotDue {
    reminder: Reminder::NotPossible(ReminderObstacle::Closed),
};

async fn desk() -> Desk {
    Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await
}

#[tokio::test]
async fn a_reminder_is_on_its_way_once_in_the_order_of_its_ticket() {
    let desk = desk().await;
    let first = remind(&desk, "Attendiamo un cenno.", 1).await;
    let second = remind(&desk, "Di nuovo.", 2).await;
    assert_eq!(
        first, second,
        "one of a ticket at a time: the first is the one that goes out"
    );
    assert_eq!(
        first.subjects,
        ["ticket:LU-1"],
        "it keeps its place among what is decided of the ticket"
    );
    let work = Work::Remind {
        ticket: ticket_code("LU-1"),
        words: "Attendiamo un cenno.".into(),
    };
    assert_eq!(first.work, work);
    let (desk, _) = desk.reopened().await;
    let on_the_way = on_the_way(&desk).await;
    assert_eq!(on_the_way.len(), 1, "it outlives the program");
    assert_eq!(on_the_way[0].words, "Attendiamo un cenno.");
    answered(&desk, &on_the_way[0].row, RemindOutcome::Reminded { at: now() }).await;
    assert_eq!(self::on_the_way(&desk).await, []);
    assert_eq!(desk.cache.outbox.refused_reminders().await.expect("reads"), []);
    assert_ne!(
        remind(&desk, "", 3).await.id,
        first.id,
        "once it has arrived, another may follow"
    );
}

#[tokio::test]
async fn what_never_left_is_taken_back_and_what_may_have_arrived_is_not() {
    let desk = desk().await;
    let (outbox, code) = (&desk.cache.outbox, ticket_code("LU-1"));
    let row = remind(&desk, "", 1).await;
    assert!(on_the_way(&desk).await[0].can_recall());
    assert!(outbox.recall_reminder(&code).await.expect("recalls"));
    assert!(
        !outbox.recall_reminder(&code).await.expect("recalls"),
        "it is taken back once"
    );
    let recalled = outbox.row(row.id).await.expect("reads").expect("is kept");
    assert_eq!(recalled.state, RowState::Recalled);
    assert_eq!(
        outbox.take(&recalled, now()).await.expect("reads"),
        None,
        "nothing goes out any more"
    );

    let row = remind(&desk, "", 2).await;
    let sending = outbox.take(&row, now()).await.expect("takes").expect("is there");
    assert!(
        !outbox.recall_reminder(&code).await.expect("asks"),
        "it is with the network"
    );
    let later = now() + TimeDelta::seconds(2);
    outbox.swallowed(&sending, later).await.expect("waits");
    assert!(!on_the_way(&desk).await[0].can_recall(), "it may have arrived");
    assert!(!outbox.recall_reminder(&code).await.expect("asks"));
    assert_eq!(on_the_way(&desk).await.len(), 1);
}

#[tokio::test]
async fn a_refused_reminder_is_kept_with_its_words_until_it_was_read() {
    let desk = desk().await;
    let row = remind(&desk, "Attendiamo un cenno.", 1).await;
    answered(&desk, &row, RemindOutcome::Refused { why: CLOSED }).await;
    assert_eq!(on_the_way(&desk).await, []);
    let (desk, _) = desk.reopened().await;
    let outbox = &desk.cache.outbox;
    let refused = outbox.refused_reminders().await.expect("reads");
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].ticket, ticket_code("LU-1"));
    assert_eq!(
        refused[0].words, "Attendiamo un cenno.",
        "what the person wrote is not lost"
    );
    assert_eq!(refused[0].why, Unreminded::Refused { why: CLOSED });
    assert!(outbox.forget_refused(&ticket_code("LU-1")).await.expect("forgets"));
    assert!(!outbox.forget_refused(&ticket_code("LU-1")).await.expect("forgets"));
    assert_eq!(outbox.refused_reminders().await.expect("reads"), []);
}

#[tokio::test]
async fn who_reminds_again_is_not_told_of_the_last_refusal_any_more() {
    let desk = desk().await;
    let row = remind(&desk, "", 1).await;
    answered(&desk, &row, RemindOutcome::Refused { why: CLOSED }).await;
    remind(&desk, "Di nuovo.", 2).await;
    assert_eq!(desk.cache.outbox.refused_reminders().await.expect("reads"), []);
}

#[tokio::test]
async fn a_reminder_that_will_never_be_answered_is_told() {
    let desk = desk().await;
    let outbox = &desk.cache.outbox;
    let row = remind(&desk, "Attendiamo.", 1).await;
    let sending = outbox.take(&row, now()).await.expect("takes").expect("is there");
    outbox
        .give_up(&sending, GaveUp::StoreFailed, now())
        .await
        .expect("gives up");
    let refused = outbox.refused_reminders().await.expect("reads");
    assert_eq!(
        (refused[0].why, refused[0].words.as_str()),
        (Unreminded::StoreFailed, "Attendiamo.")
    );
}
