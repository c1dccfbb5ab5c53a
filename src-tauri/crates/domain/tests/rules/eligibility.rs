//! R3–R6: when a ticket is bookable, and why not.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Rule;
use domain::eligibility::{
    Eligibility, Ground, Obstacle, Standing, Waiting, eligibility, forecast, ripe_on, waiting_days,
};
use domain::ticket::{Outcome, ReplyAssessment, Ticket, TicketStatus};
use domain::time::{Now, midnight};
use domain::topic::{Topic, WaitingThreshold};
use proptest::prelude::*;

use crate::given::{
    any_day, any_instant, any_standing, clock, closed, company, day, now, open_since, position, sede, ticket, topic,
    utc,
};

const STATES: [TicketStatus; 2] = [TicketStatus::Open, TicketStatus::InProgress];

fn waited(days: u32, threshold: u16) -> Eligibility {
    Eligibility::Bookable(Ground::Waited(Waiting {
        days,
        threshold: WaitingThreshold(threshold),
    }))
}

fn waits(on: &str, days: u32, threshold: u16) -> Eligibility {
    Eligibility::BookableFrom {
        on: day(on),
        waiting: Waiting {
            days,
            threshold: WaitingThreshold(threshold),
        },
    }
}

fn carried(until: DateTime<Utc>) -> Eligibility {
    Eligibility::NotBookable(Obstacle::Carried { until })
}

#[test]
fn opened_on_the_first_is_bookable_from_the_seventh() {
    for status in STATES {
        let standing = Standing {
            status,
            ..open_since("2026-07-01")
        };
        for (at, expected) in [
            ("2026-07-01T00:00:00", waits("2026-07-07", 0, 5)),
            ("2026-07-01T23:59:59", waits("2026-07-07", 0, 5)),
            ("2026-07-05T12:00:00", waits("2026-07-07", 4, 5)),
            ("2026-07-06T00:00:00", waits("2026-07-07", 5, 5)),
            ("2026-07-06T23:59:59", waits("2026-07-07", 5, 5)),
            ("2026-07-07T00:00:00", waited(6, 5)),
            ("2026-07-08T00:00:00", waited(7, 5)),
            ("2027-07-01T00:00:00", waited(365, 5)),
        ] {
            assert_eq!(
                eligibility(&standing, now(at)),
                expected,
                "R4 at {at}: a day of somebody's waiting would be lost or given away"
            );
        }
    }
}

#[test]
fn more_than_n_days_whatever_n_the_sede_set_for_the_topic() {
    for (threshold, first) in [
        (0, "2026-07-02"),
        (1, "2026-07-03"),
        (5, "2026-07-07"),
        (10, "2026-07-12"),
        (30, "2026-08-01"),
    ] {
        let standing = Standing {
            threshold: WaitingThreshold(threshold),
            ..open_since("2026-07-01")
        };
        let last_second = Now::at(midnight(day(first)) - TimeDelta::seconds(1));
        assert_eq!(
            eligibility(&standing, last_second),
            waits(first, u32::from(threshold), threshold),
            "R4: {threshold} days reached are not exceeded"
        );
        assert_eq!(
            eligibility(&standing, Now::at(midnight(day(first)))),
            waited(u32::from(threshold) + 1, threshold)
        );
    }
}

#[test]
fn holidays_month_ends_leap_days_and_clock_changes_count_like_any_day() {
    for (opened, first) in [
        ("2026-12-24", "2026-12-30"),
        ("2026-12-28", "2027-01-03"),
        ("2026-08-12", "2026-08-18"),
        ("2026-01-28", "2026-02-03"),
        ("2026-02-25", "2026-03-03"),
        ("2028-02-25", "2028-03-02"),
        ("2028-02-29", "2028-03-06"),
        ("2028-02-23", "2028-02-29"),
        ("2026-03-27", "2026-04-02"),
        ("2026-10-23", "2026-10-29"),
    ] {
        assert_eq!(
            ripe_on(day(opened), WaitingThreshold::default()),
            day(first),
            "R4: opened on {opened}, the ticket would be booked on another day than {first}"
        );
    }
}

#[test]
fn the_day_of_opening_is_the_sedes_day() {
    for (opened, first) in [
        ("2026-06-30T21:59:59Z", "2026-07-06"),
        ("2026-06-30T22:00:00Z", "2026-07-07"),
        ("2026-07-01T21:59:59Z", "2026-07-07"),
        ("2026-01-31T23:00:00Z", "2026-02-07"),
    ] {
        let ticket = a_ticket(utc(opened));
        assert_eq!(
            ripe_on(ticket.counts_from(), WaitingThreshold::default()),
            day(first),
            "R4: opened at {opened}"
        );
    }
}

fn a_ticket(opened_at: DateTime<Utc>) -> Ticket {
    Ticket {
        code: ticket("LU-48213"),
        position: position(1),
        company: company(),
        sede: sede("LU"),
        topic: topic("DEN-UNI"),
        opened_at,
        reopened_at: None,
        status: TicketStatus::Open,
        withdrawn: None,
        messages: Vec::new(),
    }
}

#[test]
fn reopening_a_closed_ticket_starts_the_count_again() {
    let mut ticket = a_ticket(clock("2026-06-01T10:00:00"));
    assert_eq!(ticket.counts_from(), day("2026-06-01"));
    ticket.reopened_at = Some(clock("2026-07-01T00:00:00"));
    assert_eq!(
        ticket.counts_from(),
        day("2026-07-01"),
        "R4: a ticket reopened today would be bookable today"
    );
}

#[test]
fn a_topic_waits_for_five_days_unless_the_sede_set_others() {
    let mut a_topic = Topic {
        code: topic("DEN-UNI"),
        area: "Denunce".into(),
        subject: "Uniemens".into(),
        detail: "Variazione".into(),
        threshold: None,
    };
    assert_eq!(a_topic.threshold(), WaitingThreshold(5));
    a_topic.threshold = Some(WaitingThreshold(0));
    assert_eq!(
        a_topic.threshold(),
        WaitingThreshold(0),
        "R4: what the sede sets wins, none too"
    );
}

#[test]
fn closed_tickets_are_bookable_when_the_reply_does_not_satisfy() {
    use Outcome::{Ko, Ok};
    use ReplyAssessment::{Satisfactory, Unassessed, Unsatisfactory};
    for (outcome, assessment, expected) in [
        (Ko, Unassessed, Eligibility::Bookable(Ground::ClosedKo)),
        (Ko, Unsatisfactory, Eligibility::Bookable(Ground::ClosedKo)),
        (Ko, Satisfactory, Eligibility::NotBookable(Obstacle::Satisfactory)),
        (Ok, Unassessed, Eligibility::NotBookable(Obstacle::Unassessed)),
        (Ok, Unsatisfactory, Eligibility::Bookable(Ground::Unsatisfactory)),
        (Ok, Satisfactory, Eligibility::NotBookable(Obstacle::Satisfactory)),
    ] {
        for opened in ["2026-07-01", "2026-01-01"] {
            let standing = Standing {
                status: closed(outcome, assessment),
                ..open_since(opened)
            };
            assert_eq!(
                eligibility(&standing, now("2026-07-01T10:00:00")),
                expected,
                "R3: closed {outcome:?}, {assessment:?}, however long ago"
            );
        }
    }
}

#[test]
fn what_can_never_be_booked_says_so_before_anything_else() {
    let at = now("2026-07-20T10:00:00");
    let later = clock("2026-07-21T10:00:00");
    for status in [
        TicketStatus::Open,
        closed(Outcome::Ko, ReplyAssessment::Unassessed),
        closed(Outcome::Ok, ReplyAssessment::Unassessed),
    ] {
        for carried_until in [None, Some(later)] {
            let withdrawn = Standing {
                status,
                carried_until,
                withdrawn: true,
                ..open_since("2026-07-01")
            };
            let pointless = Standing {
                withdrawn: false,
                has_point: false,
                ..withdrawn
            };
            let both = Standing {
                has_point: false,
                ..withdrawn
            };
            assert_eq!(
                eligibility(&withdrawn, at),
                Eligibility::NotBookable(Obstacle::Withdrawn),
                "R5"
            );
            assert_eq!(
                eligibility(&pointless, at),
                Eligibility::NotBookable(Obstacle::NoPoint),
                "R5"
            );
            assert_eq!(
                eligibility(&both, at),
                Eligibility::NotBookable(Obstacle::Withdrawn),
                "R5"
            );
            for standing in [withdrawn, pointless, both] {
                assert_eq!(forecast(&standing).bookable_from(), None, "R6: no date may be promised");
            }
        }
    }
}

#[test]
fn an_appointment_keeps_its_tickets_until_its_end_has_passed_and_then_r3_and_r4_decide_again() {
    let end = clock("2026-07-20T10:30:00");
    let before = Now::at(end - TimeDelta::seconds(1));
    let after = Now::at(end);
    for (status, opened, then) in [
        (TicketStatus::Open, "2026-07-01", waited(19, 5)),
        (TicketStatus::Open, "2026-07-15", waits("2026-07-21", 5, 5)),
        (
            closed(Outcome::Ko, ReplyAssessment::Unassessed),
            "2026-07-01",
            Eligibility::Bookable(Ground::ClosedKo),
        ),
        (
            closed(Outcome::Ok, ReplyAssessment::Unsatisfactory),
            "2026-07-01",
            Eligibility::Bookable(Ground::Unsatisfactory),
        ),
        (
            closed(Outcome::Ok, ReplyAssessment::Unassessed),
            "2026-07-01",
            Eligibility::NotBookable(Obstacle::Unassessed),
        ),
    ] {
        let standing = Standing {
            status,
            carried_until: Some(end),
            ..open_since(opened)
        };
        assert_eq!(
            eligibility(&standing, before),
            carried(end),
            "R5: the ticket would be in two appointments"
        );
        assert_eq!(
            eligibility(&standing, after),
            then,
            "R5: the ticket would be held by an appointment that is over"
        );
    }
}

#[test]
fn bookable_from_is_the_later_of_ripeness_and_the_appointments_end() {
    let forever = Some(DateTime::<Utc>::MIN_UTC);
    let end = clock("2026-07-20T10:30:00");
    let ripe = Some(clock("2026-07-07T00:00:00"));
    let ko = closed(Outcome::Ko, ReplyAssessment::Unassessed);
    let unassessed = closed(Outcome::Ok, ReplyAssessment::Unassessed);
    for (status, carried_until, expected) in [
        (TicketStatus::Open, None, ripe),
        (TicketStatus::Open, Some(end), Some(end)),
        (TicketStatus::InProgress, Some(clock("2026-07-02T10:00:00")), ripe),
        (ko, None, forever),
        (ko, Some(end), Some(end)),
        (unassessed, None, None),
        (unassessed, Some(end), None),
    ] {
        let standing = Standing {
            status,
            carried_until,
            ..open_since("2026-07-01")
        };
        assert_eq!(
            forecast(&standing).bookable_from(),
            expected,
            "a waiting draft would go out at the wrong moment: {standing:?}"
        );
    }
}

#[test]
fn waiting_days_are_whole_civil_days_and_never_less_than_none() {
    for (since, today, expected) in [
        ("2026-07-01", "2026-07-01", 0),
        ("2026-07-01", "2026-07-02", 1),
        ("2028-02-28", "2028-03-01", 2),
        ("2026-02-28", "2026-03-01", 1),
        ("2026-07-02", "2026-07-01", 0),
        ("1900-01-01", "2026-07-01", 46_202),
    ] {
        assert_eq!(
            waiting_days(day(since), day(today)),
            expected,
            "from {since} to {today}"
        );
    }
}

#[test]
fn a_ticket_of_the_future_waits_and_counts_nothing() {
    assert_eq!(
        eligibility(&open_since("2026-07-10"), now("2026-07-01T10:00:00")),
        waits("2026-07-16", 0, 5)
    );
}

#[test]
fn a_ripeness_beyond_the_calendar_is_its_last_day() {
    assert_eq!(
        ripe_on(chrono::NaiveDate::MAX, WaitingThreshold(5)),
        chrono::NaiveDate::MAX,
        "a nonsense date from outside would stop the program"
    );
}

#[test]
fn every_answer_names_the_rule_behind_it() {
    let waiting = Waiting {
        days: 6,
        threshold: WaitingThreshold(5),
    };
    for (ground, rule) in [
        (Ground::ClosedKo, 3),
        (Ground::Unsatisfactory, 3),
        (Ground::Waited(waiting), 4),
    ] {
        assert_eq!(ground.rule(), Rule(rule), "R6: {ground:?}");
    }
    let until = utc("2026-07-01T00:00:00Z");
    for (obstacle, rule) in [
        (Obstacle::Withdrawn, 5),
        (Obstacle::NoPoint, 5),
        (Obstacle::Carried { until }, 5),
        (Obstacle::Unassessed, 3),
        (Obstacle::Satisfactory, 3),
    ] {
        assert_eq!(obstacle.rule(), Rule(rule), "R6: {obstacle:?}");
    }
    assert_eq!(Rule(4).to_string(), "R4");
}

/// The rules once more, word by word and slowly.
fn by_the_words(standing: &Standing, now: Now) -> bool {
    let five_or_so_days_exceeded = {
        let mut day = standing.counts_from;
        let mut waited = 0;
        while day < now.today() && waited <= standing.threshold.0 {
            day = day.succ_opt().unwrap();
            waited += 1;
        }
        waited > standing.threshold.0
    };
    let negative = match standing.status {
        TicketStatus::Closed {
            outcome: Outcome::Ok,
            assessment,
            ..
        } => assessment == ReplyAssessment::Unsatisfactory,
        TicketStatus::Closed {
            outcome: Outcome::Ko,
            assessment,
            ..
        } => assessment != ReplyAssessment::Satisfactory,
        _ => false,
    };
    let waiting = matches!(standing.status, TicketStatus::Open | TicketStatus::InProgress);
    let live = standing.carried_until.is_some_and(|end| end > now.instant());
    (negative || (waiting && five_or_so_days_exceeded)) && !live && !standing.withdrawn && standing.has_point
}

fn is_bookable(standing: &Standing, now: Now) -> bool {
    matches!(eligibility(standing, now), Eligibility::Bookable(_))
}

proptest! {
    #[test]
    fn the_answer_is_what_the_words_of_the_rules_say(
        standing in any_standing(),
        near in -4_000_000i64..4_000_000,
        far in any_instant(),
    ) {
        for instant in [midnight(standing.counts_from) + TimeDelta::seconds(near), far] {
            let now = Now::at(instant);
            prop_assert_eq!(is_bookable(&standing, now), by_the_words(&standing, now));
        }
    }

    #[test]
    fn while_nothing_happens_the_answer_turns_to_yes_once_at_bookable_from_and_never_back(
        standing in any_standing(),
        at in any_instant(),
        near in -3i64..=3,
    ) {
        let from = forecast(&standing).bookable_from();
        let around = from.map(|from| from.checked_add_signed(TimeDelta::seconds(near)).unwrap_or(from));
        for instant in [Some(at), from, around].into_iter().flatten() {
            prop_assert_eq!(
                is_bookable(&standing, Now::at(instant)),
                from.is_some_and(|from| from <= instant),
                "at {}, with bookable_from {:?}", instant, from
            );
        }
    }

    #[test]
    fn the_promised_day_is_exactly_the_first(standing in any_standing(), at in any_instant()) {
        if let Eligibility::BookableFrom { on, waiting } = eligibility(&standing, Now::at(at)) {
            prop_assert!(waiting.days <= u32::from(waiting.threshold.0));
            prop_assert!(is_bookable(&standing, Now::at(midnight(on))), "R6: the promise is not kept");
            prop_assert!(!is_bookable(&standing, Now::at(midnight(on) - TimeDelta::seconds(1))), "R6: it was bookable before");
        }
    }

    #[test]
    fn the_hour_of_opening_makes_no_difference(date in any_day(), second in 0i64..82_800) {
        let opened = a_ticket(midnight(date) + TimeDelta::seconds(second));
        prop_assert_eq!(opened.counts_from(), date);
    }

    #[test]
    fn an_answer_survives_json(standing in any_standing(), at in any_instant()) {
        let answer = eligibility(&standing, Now::at(at));
        let json = serde_json::to_string(&answer).unwrap();
        prop_assert_eq!(serde_json::from_str::<Eligibility>(&json).unwrap(), answer);
    }
}
