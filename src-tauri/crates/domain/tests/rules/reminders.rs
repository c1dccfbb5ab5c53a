//! S5: when a request may be followed by a reminder.

use chrono::{DateTime, TimeDelta, Utc};
use domain::reminder::{IN_ALL, PROMISED, Promise, Reminder, ReminderObstacle, reminder};
use domain::ticket::{Message, Outcome, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus, Withdrawal};
use domain::time::{Now, civil_day, midnight};
use domain::working_day::is_working_day;
use proptest::prelude::*;

use crate::given::{any_instant, clock, closed, company, day, now, position, sede, ticket, topic};

fn entry(author: Party, at: DateTime<Utc>, change: Option<StatusChange>, reminder: bool) -> Message {
    Message {
        author,
        at,
        text: String::new(),
        change,
        files: Vec::new(),
        reminder,
    }
}

/// Opened on Monday, 23 November 2026, and nothing said since.
fn opened() -> Ticket {
    opened_at(clock("2026-11-23T18:00:00"))
}

fn opened_at(at: DateTime<Utc>) -> Ticket {
    Ticket {
        code: ticket("T1"),
        position: position(1),
        company: company(),
        sede: sede("LU"),
        topic: topic("DEN-UNI"),
        opened_at: at,
        reopened_at: None,
        status: TicketStatus::Open,
        withdrawn: None,
        messages: vec![entry(Party::Studio, at, Some(StatusChange::Opened), false)],
    }
}

fn promise(ticket: &Ticket, at: &str) -> Promise {
    match reminder(ticket, now(at)) {
        Reminder::Possible(promise) | Reminder::PossibleFrom(promise) => promise,
        Reminder::NotPossible(obstacle) => panic!("it waits for an answer, but: {obstacle:?}"),
    }
}

#[test]
fn a_reminder_is_possible_from_the_day_after_the_fifth_working_day() {
    let ticket = opened();
    for (at, possible) in [
        ("2026-11-23T18:00:00", false),
        ("2026-11-30T23:59:59", false),
        ("2026-12-01T00:00:00", true),
        ("2027-12-01T00:00:00", true),
    ] {
        let answer = reminder(&ticket, now(at));
        assert_eq!(matches!(answer, Reminder::Possible(_)), possible, "{at}: {answer:?}");
        let expected = Promise {
            counts_from: day("2026-11-23"),
            reminded: false,
            reminder_from: day("2026-12-01"),
            director_from: day("2026-12-23"),
        };
        assert_eq!(
            promise(&ticket, at),
            expected,
            "S5: the days stay the same whenever it is asked"
        );
    }
}

#[test]
fn saturdays_sundays_and_holidays_keep_nobody_to_a_promise() {
    for (opened_on, reminder_from) in [
        ("2026-11-20T09:00:00", "2026-11-28"),
        ("2026-11-21T09:00:00", "2026-11-28"),
        ("2026-12-04T09:00:00", "2026-12-15"),
        ("2026-12-23T09:00:00", "2027-01-01"),
        ("2026-04-02T09:00:00", "2026-04-11"),
    ] {
        let ticket = opened_at(clock(opened_on));
        assert_eq!(
            promise(&ticket, opened_on).reminder_from,
            day(reminder_from),
            "opened {opened_on}"
        );
    }
}

#[test]
fn what_the_sede_answered_or_somebody_took_back_is_not_reminded_of() {
    let withdrawn = Ticket {
        withdrawn: Some(Withdrawal {
            by: Party::Studio,
            at: clock("2026-11-24T10:00:00"),
        }),
        ..opened()
    };
    let status = closed(Outcome::Ko, ReplyAssessment::Unsatisfactory);
    for (ticket, obstacle) in [
        (Ticket { status, ..opened() }, ReminderObstacle::Closed),
        (
            Ticket {
                status,
                ..withdrawn.clone()
            },
            ReminderObstacle::Withdrawn,
        ),
        (withdrawn, ReminderObstacle::Withdrawn),
    ] {
        let answer = reminder(&ticket, now("2027-01-30T10:00:00"));
        assert_eq!(answer, Reminder::NotPossible(obstacle));
    }
}

#[test]
fn the_last_word_starts_the_days_anew() {
    use Party::{Sede, Studio};
    use StatusChange::TakenInProgress;
    // Who writes on Wednesday the 2nd, what it does, whether it is a reminder; from when five and twenty days count then.
    for (author, change, reminds, five, twenty) in [
        (Studio, None, true, "2026-12-02", "2026-11-23"),
        (Studio, None, false, "2026-12-02", "2026-11-23"),
        (Sede, None, false, "2026-12-02", "2026-12-02"),
        (Sede, Some(TakenInProgress), false, "2026-11-23", "2026-11-23"),
    ] {
        let mut ticket = opened();
        ticket
            .messages
            .push(entry(author, clock("2026-12-02T10:00:00"), change, reminds));
        let found = promise(&ticket, "2026-12-03T10:00:00");
        let case = format!("{author:?} {change:?} {reminds}");
        assert_eq!((found.counts_from, found.reminded), (day(five), reminds), "{case}");
        let director = if twenty == "2026-12-02" {
            "2027-01-05"
        } else {
            "2026-12-23"
        };
        assert_eq!(found.director_from, day(director), "{case}");
    }
}

#[test]
fn an_answer_after_a_reminder_is_the_last_word() {
    let mut ticket = opened();
    ticket
        .messages
        .push(entry(Party::Studio, clock("2026-12-02T10:00:00"), None, true));
    ticket
        .messages
        .push(entry(Party::Sede, clock("2026-12-02T11:00:00"), None, false));
    let found = promise(&ticket, "2026-12-03T10:00:00");
    assert!(!found.reminded, "what was reminded of has been answered");
}

#[test]
fn a_reopening_asks_anew_whatever_was_said_before() {
    let mut ticket = opened();
    ticket
        .messages
        .push(entry(Party::Studio, clock("2026-12-02T10:00:00"), None, true));
    ticket.messages.push(entry(
        Party::Sede,
        clock("2026-12-03T10:00:00"),
        Some(StatusChange::ClosedOk),
        false,
    ));
    ticket.messages.push(entry(
        Party::Sede,
        clock("2026-12-09T10:00:00"),
        Some(StatusChange::Opened),
        false,
    ));
    ticket.reopened_at = Some(clock("2026-12-09T10:00:00"));
    let found = promise(&ticket, "2026-12-09T12:00:00");
    assert_eq!((found.counts_from, found.reminded), (day("2026-12-09"), false));
    assert_eq!(found.reminder_from, day("2026-12-17"));
}

proptest! {
    #[test]
    fn the_answer_changes_once_and_at_a_midnight(opened in any_instant(), after in 0_i64..40 * 24 * 60) {
        let ticket = opened_at(opened);
        let at = opened + TimeDelta::minutes(after);
        match reminder(&ticket, Now::at(at)) {
            Reminder::Possible(promise) => prop_assert!(midnight(promise.reminder_from) <= at),
            Reminder::PossibleFrom(promise) => {
                prop_assert!(at < midnight(promise.reminder_from));
                let then = reminder(&ticket, Now::at(midnight(promise.reminder_from)));
                prop_assert_eq!(then, Reminder::Possible(promise));
            }
            Reminder::NotPossible(obstacle) => prop_assert!(false, "{:?}", obstacle),
        }
    }

    #[test]
    fn the_sede_has_all_its_working_days(opened in any_instant()) {
        let ticket = opened_at(opened);
        let (Reminder::Possible(promise) | Reminder::PossibleFrom(promise)) = reminder(&ticket, Now::at(opened)) else {
            return Err(TestCaseError::fail("it waits for an answer"));
        };
        let worked = |until| {
            let days = civil_day(opened).iter_days().skip(1).take_while(move |day| *day < until);
            days.filter(|day| is_working_day(*day)).count()
        };
        prop_assert_eq!(worked(promise.reminder_from), PROMISED as usize);
        prop_assert_eq!(worked(promise.director_from), IN_ALL as usize);
    }
}
