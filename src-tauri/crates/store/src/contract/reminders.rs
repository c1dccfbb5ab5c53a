//! Reminding the sede of a ticket (S5).

use domain::content::{Breach, Limits};
use domain::reminder::{Promise, Reminder, ReminderObstacle};
use domain::ticket::{Message, Outcome, Party, Ticket, TicketStatus};

use super::Bench;
use super::world::{
    ALFA_1, BETA_1, RIMBORSI, Replica, TUESDAY, View, World, about, at, booking, closed, code, decided, ripe,
};
use crate::{Change, DepositOutcome, Entity, RemindOutcome, RemindRefusal, StoreError, TicketAct};

fn not_due(reminder: Reminder) -> RemindOutcome {
    RemindOutcome::Refused {
        why: RemindRefusal::NotDue { reminder },
    }
}

/// A ticket of ALFA's that was opened at `local`.
fn opened(ticket: &str, local: &str) -> Ticket {
    let mut ticket = ripe(ticket, ALFA_1);
    ticket.opened_at = at(local);
    ticket.messages[0].at = at(local);
    ticket
}

pub async fn a_reminder_is_an_entry_of_the_conversation_and_changes_nothing_else<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let mut expected = copy.view.ticket("LU-1").clone();
    let outcome = world.alfa.remind(decided(), &code("LU-1"), "Attendiamo un cenno.").await;
    assert_eq!(outcome, Ok(RemindOutcome::Reminded { at: world.now() }));
    expected.ticket.messages.push(Message {
        author: Party::Studio,
        at: world.now(),
        text: "Attendiamo un cenno.".into(),
        change: None,
        files: Vec::new(),
        reminder: true,
    });
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came, [Change::Put(Entity::Ticket(Box::new(expected.clone())))]);
    assert_eq!(expected.ticket.status, TicketStatus::Open, "it is as open as before");
    world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
}

pub async fn a_reminder_is_possible_to_the_second_by_the_store_s_clock<B: Bench>() {
    let world = World::<B>::new().await;
    // A Friday; the fifth working day is the next Friday.
    world.admit([opened("LU-1", "2026-11-20T23:30")]).await;
    world.it_is("2026-11-27T23:59");
    let promise = Promise {
        counts_from: "2026-11-20".parse().expect("a day"),
        reminded: false,
        reminder_from: "2026-11-28".parse().expect("a day"),
        director_from: "2026-12-22".parse().expect("a day"),
    };
    let outcome = world.alfa.remind(decided(), &code("LU-1"), "").await;
    assert_eq!(outcome, Ok(not_due(Reminder::PossibleFrom(promise))), "S5: it says from when");
    world.it_is("2026-11-28T00:00");
    let outcome = world.alfa.remind(decided(), &code("LU-1"), "").await;
    assert_eq!(outcome, Ok(RemindOutcome::Reminded { at: world.now() }), "words are not asked for");
}

pub async fn a_reminder_begins_the_promised_days_anew<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let ticket = code("LU-1");
    let remind = || world.alfa.remind(decided(), &ticket, "");
    assert_eq!(remind().await, Ok(RemindOutcome::Reminded { at: world.now() }));
    match remind().await {
        Ok(RemindOutcome::Refused {
            why: RemindRefusal::NotDue {
                reminder: Reminder::PossibleFrom(promise),
            },
        }) => {
            assert!(promise.reminded);
            assert_eq!(promise.reminder_from, "2026-12-01".parse().expect("a day"));
        }
        outcome => panic!("the sede has five working days again, not: {outcome:?}"),
    }
    world.it_is("2026-12-01T00:00");
    assert_eq!(remind().await, Ok(RemindOutcome::Reminded { at: world.now() }));
}

pub async fn what_was_answered_meanwhile_is_not_reminded_of<B: Bench>() {
    let world = World::<B>::new().await;
    let tickets = [
        closed(Outcome::Ok, ripe("LU-1", ALFA_1)),
        ripe("LU-2", ALFA_1),
        ripe("LU-3", ALFA_1),
    ];
    world.admit(tickets).await;
    for (ticket, act) in [("LU-2", TicketAct::Withdraw), ("LU-3", TicketAct::Reply)] {
        world.desk.act(&code(ticket), act, "Risposta.").await.expect("an outcome");
    }
    let seen = world.everybody_sees().await;
    for (ticket, expected) in [
        ("LU-1", Some(ReminderObstacle::Closed)),
        ("LU-2", Some(ReminderObstacle::Withdrawn)),
        ("LU-3", None),
    ] {
        match world.alfa.remind(decided(), &code(ticket), "").await.expect("an outcome") {
            RemindOutcome::Refused {
                why: RemindRefusal::NotDue { reminder },
            } => match (reminder, expected) {
                (Reminder::NotPossible(obstacle), Some(expected)) => assert_eq!(obstacle, expected),
                (Reminder::PossibleFrom(_), None) => {}
                (reminder, _) => panic!("{ticket} has been answered, but: {reminder:?}"),
            },
            outcome => panic!("{ticket} has been answered, but: {outcome:?}"),
        }
    }
    assert_eq!(world.everybody_sees().await, seen, "a refusal leaves everything as it was");
}

pub async fn the_words_of_a_reminder_have_a_limit<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let limits = Limits {
        notes_max: 10,
        ..Limits::default()
    };
    world.desk.set_limits(limits).await.expect("set");
    let words = |breach| RemindOutcome::Refused {
        why: RemindRefusal::Words { breach },
    };
    let remind = async |text: &str| world.alfa.remind(decided(), &code("LU-1"), text).await.expect("an outcome");
    let long = Breach::NotesTooLong { length: 11, max: 10 };
    assert_eq!(remind("àààààààààà.").await, words(long), "the limits of the sede win, by characters");
    assert_eq!(remind("nulla\0").await, words(Breach::NotesUnreadable));
    assert_eq!(remind("àààààààààà").await, RemindOutcome::Reminded { at: world.now() });
}

pub async fn a_repeated_reminder_is_written_once<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let attempt = decided();
    let first = world.alfa.remind(attempt, &code("LU-1"), "Uno.").await.expect("an outcome");
    let seen = world.everybody_sees().await;
    world.it_is("2026-12-15T10:00");
    let again = world.alfa.remind(attempt, &code("LU-1"), "Uno.").await;
    assert_eq!(again, Ok(first), "an answer that was lost does no harm");
    let other = world.alfa.remind(attempt, &code("LU-1"), "Due.").await;
    assert_eq!(other, Err(StoreError::AttemptReused));
    assert_eq!(world.everybody_sees().await, seen);
}

pub async fn who_shares_a_position_reads_the_reminder_and_nobody_else_writes_one<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([ripe("LU-91", BETA_1)]).await;
    let unknown = RemindOutcome::Refused {
        why: RemindRefusal::UnknownTicket,
    };
    for ticket in ["LU-91", "LU-404"] {
        let outcome = world.alfa.remind(decided(), &code(ticket), "").await;
        assert_eq!(outcome, Ok(unknown), "promise 2: the answer is the same");
    }
    world.delegate("BETA", ALFA_1, "2026-01-01", None).await;
    world.alfa.remind(decided(), &code("LU-1"), "Attendiamo.").await.expect("an outcome");
    let messages = View::of(&*world.beta).await.ticket("LU-1").ticket.messages.clone();
    assert!(messages.last().is_some_and(|last| last.reminder), "a conversation is one: {messages:?}");
    world.delegate("ALFA", ALFA_1, "2026-01-01", Some("2026-11-22")).await;
    world.it_is("2026-12-15T10:00");
    let outcome = world.alfa.remind(decided(), &code("LU-1"), "").await;
    assert_eq!(outcome, Ok(unknown), "R18: what it has no delegation for is not its own any more");
}

pub async fn a_reminder_does_not_stop_a_deposit<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([about(RIMBORSI, ripe("LU-1", ALFA_1))]).await;
    let mut asked = booking(&["LU-1"], &TUESDAY[..1]);
    asked.tickets[0].read = Some(1);
    let attempt = decided();
    let outcome = world.alfa.deposit(attempt, &asked, false).await.expect("an outcome");
    assert!(matches!(outcome, DepositOutcome::Deposited { .. }), "it waits for its day: {outcome:?}");
    world.alfa.remind(decided(), &code("LU-1"), "").await.expect("an outcome");
    let outcome = world.alfa.deposit(attempt, &asked, false).await.expect("an outcome");
    assert!(matches!(outcome, DepositOutcome::Deposited { .. }), "nobody answered: {outcome:?}");
}
