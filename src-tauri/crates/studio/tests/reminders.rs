//! *Solleciti* (S5): when, offline too, taken back, refused.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use chrono::TimeDelta;
use domain::ticket::Outcome;
use domain::time::midnight;
use office::{Office, code};
use store::{SedeDesk, StoreError, TicketAct};
use studio::view::app::{Area, ConnectionState};
use studio::view::failure::FailureCode;
use studio::view::reminders::{ReminderObstacleView, ReminderRefusalView, ReminderStateView, ReminderView};
use world::day;
use world::gate::{Call, Fault, unreachable};

async fn offline(office: &Office) {
    for call in [Call::Hello, Call::Pull, Call::Remind] {
        office.gate.shut(call, unreachable());
    }
    office.studio.sync_now().await.unwrap();
}

#[tokio::test]
async fn a_ticket_says_whether_it_may_be_reminded_of_and_from_when() {
    let office = Office::new().await;
    let answer = async |ticket| office.studio.ticket_open(ticket).await.unwrap().reminder;
    match answer("LU-2").await {
        ReminderView::Yes { promise } => {
            assert_eq!(promise.counts_from, "2026-11-11");
            assert_eq!(promise.reminder_from, "2026-11-19");
            assert_eq!((promise.reminded, promise.director), (false, false));
        }
        other => panic!("five working days have passed: {other:?}"),
    }
    match answer("LU-1").await {
        ReminderView::From { promise } => assert_eq!(promise.reminder_from, "2026-11-25"),
        other => panic!("it was opened on Tuesday the 17th: {other:?}"),
    }
    let closed = ReminderView::No {
        obstacle: ReminderObstacleView::Closed,
    };
    assert_eq!(answer("LU-4").await, closed);
    office.world.clock.set(midnight(day(11, 25)));
    assert!(
        matches!(answer("LU-1").await, ReminderView::Yes { .. }),
        "at midnight it may"
    );
    office.world.clock.set(midnight("2027-01-20".parse().unwrap()));
    match answer("LU-1").await {
        ReminderView::Yes { promise } => assert!(promise.director, "twenty working days have passed"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_reminder_stands_in_the_conversation_and_changes_nothing_else() {
    let office = Office::new().await;
    let before = office.studio.ticket_open("LU-2").await.unwrap();
    let told = office
        .studio
        .ticket_remind("LU-2", "Attendiamo\0 un cenno.")
        .await
        .unwrap();
    let reminding = told.reminding.unwrap();
    assert_eq!(
        (reminding.state, reminding.can_recall),
        (ReminderStateView::Queued, true)
    );
    assert_eq!(reminding.words, "Attendiamo un cenno.");
    assert_eq!(office.studio.status().await.unwrap().connection.waiting, 1);
    office.studio.sync_now().await.unwrap();
    office.told(&[Area::Tickets, Area::Drafts]).await;
    let after = office.studio.ticket_open("LU-2").await.unwrap();
    assert_eq!(after.reminding, None);
    let last = after.messages.last().unwrap();
    assert_eq!((last.text.as_str(), last.reminder), ("Attendiamo un cenno.", true));
    assert_eq!((last.status, last.date.as_str()), (None, "2026-11-23"));
    assert_eq!(
        after.row, before.row,
        "neither status nor waiting days nor what may be booked"
    );
    match after.reminder {
        ReminderView::From { promise } => {
            assert!(promise.reminded);
            assert_eq!(promise.reminder_from, "2026-12-01");
        }
        other => panic!("the sede has its five days again: {other:?}"),
    }
    assert_eq!(
        code(office.studio.ticket_remind("LU-2", "").await),
        FailureCode::NotRemindable
    );
}

#[tokio::test]
async fn what_can_not_be_reminded_of_is_refused_before_anything_is_written() {
    let office = Office::new().await;
    let remind = |ticket, words| office.studio.ticket_remind(ticket, words);
    for ticket in ["LU-1", "LU-4"] {
        assert_eq!(code(remind(ticket, "").await), FailureCode::NotRemindable, "{ticket}");
    }
    assert_eq!(code(remind("LU-77", "").await), FailureCode::UnknownTicket);
    let long = "à".repeat(501);
    assert_eq!(code(remind("LU-2", &long).await), FailureCode::TooLong);
    assert_eq!(office.studio.status().await.unwrap().connection.waiting, 0);
    remind("LU-2", &long[..1000]).await.unwrap();
    assert_eq!(
        code(remind("LU-2", "").await),
        FailureCode::NotRemindable,
        "one is on its way"
    );
}

#[tokio::test]
async fn without_a_network_it_waits_where_it_can_be_seen_and_taken_back() {
    let office = Office::new().await;
    offline(&office).await;
    office.studio.ticket_remind("LU-2", "Attendiamo.").await.unwrap();
    office.studio.sync_now().await.unwrap();
    let listed = office.studio.reminders_list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].state, ReminderStateView::Queued);
    assert_eq!(
        (listed[0].ticket.as_str(), listed[0].words.as_str()),
        ("LU-2", "Attendiamo.")
    );
    assert!(
        listed[0].next_attempt.is_some(),
        "it says when it is tried again: {listed:?}"
    );
    assert_eq!(office.studio.status().await.unwrap().badges.drafts, 1);
    office.studio.reminder_recall("LU-2").await.unwrap();
    assert_eq!(
        code(office.studio.reminder_recall("LU-2").await),
        FailureCode::ReminderSent
    );
    assert_eq!(office.studio.reminders_list().await.unwrap(), []);
    office.studio.ticket_remind("LU-2", "Meglio così.").await.unwrap();
    let office = office.restarted().await;
    office.studio.sync_now().await.unwrap();
    assert_eq!(office.studio.reminders_list().await.unwrap(), []);
    let messages = office.studio.ticket_open("LU-2").await.unwrap().messages;
    let reminders: Vec<_> = messages
        .iter()
        .filter(|message| message.reminder)
        .map(|message| &message.text)
        .collect();
    assert_eq!(
        reminders,
        ["Meglio così."],
        "what was taken back never arrives, what was kept does, once"
    );
}

#[tokio::test]
async fn what_the_sede_answered_meanwhile_is_told_once_with_the_words() {
    let office = Office::new().await;
    offline(&office).await;
    office.studio.ticket_remind("LU-2", "Attendiamo.").await.unwrap();
    let desk = office.world.store.desk();
    let close = TicketAct::Close(Outcome::Ko);
    desk.act(&"LU-2".parse().unwrap(), close, "Respinta.").await.unwrap();
    let office = office.restarted().await;
    office.studio.sync_now().await.unwrap();
    let listed = office.studio.reminders_list().await.unwrap();
    let closed = ReminderView::No {
        obstacle: ReminderObstacleView::Closed,
    };
    assert_eq!(
        listed[0].refusal,
        Some(ReminderRefusalView::NotDue { reminder: closed })
    );
    assert_eq!(
        (listed[0].state, listed[0].words.as_str()),
        (ReminderStateView::Refused, "Attendiamo.")
    );
    assert_eq!(
        office.studio.today_read().await.unwrap().reminders,
        listed,
        "it needs somebody"
    );
    let badges = office.studio.status().await.unwrap().badges;
    assert_eq!((badges.today, badges.drafts), (1, 1));
    assert_eq!(
        office.studio.ticket_open("LU-2").await.unwrap().reminding.as_ref(),
        Some(&listed[0])
    );
    office.studio.reminder_dismiss("LU-2").await.unwrap();
    assert_eq!(office.studio.reminders_list().await.unwrap(), []);
    assert_eq!(office.studio.status().await.unwrap().badges.today, 0);
}

#[tokio::test]
async fn an_answer_that_was_lost_does_not_remind_twice() {
    let office = Office::new().await;
    office.gate.once(Call::Remind, Fault::After(unreachable()));
    office.studio.ticket_remind("LU-2", "").await.unwrap();
    office.studio.sync_now().await.unwrap();
    let reminding = office.studio.ticket_open("LU-2").await.unwrap().reminding.unwrap();
    assert!(!reminding.can_recall, "it may have arrived");
    assert_eq!(
        code(office.studio.reminder_recall("LU-2").await),
        FailureCode::ReminderSent
    );
    office.world.clock.set(office.world.now() + TimeDelta::minutes(10));
    office.studio.sync_now().await.unwrap();
    let opened = office.studio.ticket_open("LU-2").await.unwrap();
    assert_eq!(opened.messages.iter().filter(|message| message.reminder).count(), 1);
    assert_eq!(opened.reminding, None);
}

#[tokio::test]
async fn a_sede_that_knows_no_reminders_yet_says_so_and_the_words_stay() {
    let office = Office::new().await;
    office.gate.shut(Call::Remind, StoreError::Unsupported);
    office.studio.ticket_remind("LU-2", "Attendiamo.").await.unwrap();
    office.studio.sync_now().await.unwrap();
    let connection = office.studio.status().await.unwrap().connection;
    assert_eq!(
        (connection.state, connection.waiting),
        (ConnectionState::Connected, 0),
        "all the rest goes on"
    );
    let told = office.studio.reminders_list().await.unwrap();
    assert_eq!(told[0].refusal, Some(ReminderRefusalView::SedeTooOld));
    assert_eq!(told[0].words, "Attendiamo.");
    office.gate.open();
    office.studio.ticket_remind("LU-2", &told[0].words).await.unwrap();
    office.studio.sync_now().await.unwrap();
    assert_eq!(
        office.studio.reminders_list().await.unwrap(),
        [],
        "after an upgrade it arrives"
    );
}
