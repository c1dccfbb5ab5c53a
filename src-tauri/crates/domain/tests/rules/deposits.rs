//! Promise 4: when a booking that lies with the store is decided, and what it waits for afterwards.

use domain::booking::{Facts, Refusal};
use domain::deposit::{Awaited, awaited_after, ripe_at};
use domain::eligibility::{Eligibility, Obstacle, Standing, Waiting};
use domain::ticket::{Message, Outcome, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus};
use domain::time::midnight;
use domain::topic::WaitingThreshold;
use domain::wish::{Pattern, Wish};

use crate::given::{closed, company, day, now, open_since, position, sede, slot, ticket, topic, utc};

/// Tuesday 24 November 2026, 9:00 in Rome.
const TODAY: &str = "2026-11-24T09:00:00";

fn facts(standing: Standing) -> Facts {
    Facts {
        code: ticket("T1"),
        company: company(),
        position: position(1),
        sede: sede("LU"),
        topic: topic("DEN-UNI"),
        standing,
    }
}

#[test]
fn a_booking_is_ripe_with_its_last_ticket() {
    let ripe = facts(open_since("2026-11-01"));
    let on_25 = facts(open_since("2026-11-19"));
    let on_28 = facts(open_since("2026-11-22"));
    let never = facts(Standing {
        status: closed(Outcome::Ok, ReplyAssessment::Unassessed),
        ..open_since("2026-11-01")
    });
    let at = |tickets: &[&Facts]| {
        let tickets: Vec<Facts> = tickets.iter().map(|facts| (*facts).clone()).collect();
        ripe_at(&tickets, now(TODAY))
    };
    assert_eq!(at(&[]), None);
    assert_eq!(at(&[&ripe]), None, "nothing to wait for");
    assert_eq!(at(&[&on_25]), Some(midnight(day("2026-11-25"))));
    assert_eq!(at(&[&on_28, &ripe, &on_25]), Some(midnight(day("2026-11-28"))));
    assert_eq!(at(&[&on_28, &never]), None, "nobody can say when");
}

#[test]
fn what_ripens_later_is_waited_for_and_every_other_refusal_is_the_end() {
    let later = Refusal::TicketNotBookable {
        ticket: ticket("T1"),
        eligibility: Eligibility::BookableFrom {
            on: day("2026-11-28"),
            waiting: Waiting {
                days: 2,
                threshold: WaitingThreshold(5),
            },
        },
    };
    let at = midnight(day("2026-11-28"));
    for waits in [false, true] {
        assert_eq!(
            awaited_after(&later, waits, &[], now(TODAY)),
            Some(Awaited::Ripeness { at })
        );
        for refusal in [
            Refusal::NoTicket,
            Refusal::BadWishes,
            Refusal::Answered {
                ticket: ticket("T1"),
                at,
            },
            Refusal::DelegationMissing { position: position(1) },
            Refusal::TicketNotBookable {
                ticket: ticket("T1"),
                eligibility: Eligibility::NotBookable(Obstacle::Withdrawn),
            },
        ] {
            let wishes = [Wish::Pattern(Pattern::default())];
            assert_eq!(awaited_after(&refusal, waits, &wishes, now(TODAY)), None, "{refusal:?}");
        }
    }
    assert_eq!(Awaited::Ripeness { at }.at(), Awaited::Place { at }.at());
}

#[test]
fn who_waits_for_a_place_waits_as_long_as_a_wish_can_be_met() {
    let taken = Refusal::AllTaken { nearest: Vec::new() };
    let exact = |start: &str| Wish::Slot {
        start: slot(start, 30).start,
    };
    let until = |until: Option<&str>| {
        Wish::Pattern(Pattern {
            until: until.map(day),
            ..Pattern::default()
        })
    };
    let tomorrow = Some(Awaited::Place {
        at: midnight(day("2026-11-25")),
    });
    let cases = [
        (exact("2026-11-24T09:00:00"), false),
        (exact("2026-11-24T09:30:00"), true),
        (until(Some("2026-11-23")), false),
        (until(Some("2026-11-24")), true),
        (until(None), true),
    ];
    for (wish, ahead) in cases {
        assert_eq!(wish.is_ahead(now(TODAY)), ahead, "{wish:?}");
        let over = exact("2026-11-20T09:00:00");
        let wishes = [over, wish];
        assert_eq!(awaited_after(&taken, true, &wishes, now(TODAY)).is_some(), ahead);
        assert_eq!(
            awaited_after(&taken, false, &wishes, now(TODAY)),
            None,
            "who does not wait is told"
        );
    }
    assert_eq!(awaited_after(&taken, true, &[until(None)], now(TODAY)), tomorrow);
    assert_eq!(awaited_after(&taken, true, &[], now(TODAY)), None);
}

#[test]
fn an_answer_is_what_the_sede_replies_or_closes_with_after_what_was_read() {
    let entry = |author, change, second: u32| Message {
        author,
        at: utc(&format!("2026-11-20T08:00:{second:02}Z")),
        text: "Testo.".into(),
        change,
        files: Vec::new(),
        reminder: false,
    };
    let messages = vec![
        entry(Party::Studio, Some(StatusChange::Opened), 0),
        entry(Party::Sede, None, 1),
        entry(Party::Sede, Some(StatusChange::TakenInProgress), 2),
        entry(Party::Studio, None, 3),
        entry(Party::Sede, Some(StatusChange::Opened), 4),
        entry(Party::Sede, Some(StatusChange::Withdrawn), 5),
        entry(Party::Sede, Some(StatusChange::ClosedOk), 6),
        entry(Party::Sede, Some(StatusChange::ClosedKo), 7),
    ];
    let asked = Ticket {
        code: ticket("T1"),
        position: position(1),
        company: company(),
        sede: sede("LU"),
        topic: topic("DEN-UNI"),
        opened_at: utc("2026-11-20T08:00:00Z"),
        reopened_at: None,
        status: TicketStatus::Open,
        withdrawn: None,
        messages,
    };
    let answered = |entries| asked.answered_after(entries).map(|at| at.timestamp() % 60);
    let expected = [1, 1, 6, 6, 6, 6, 6, 7].map(Some);
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(answered), expected);
    assert_eq!([8, 9, u32::MAX].map(answered), [None; 3], "all of it was read");
}
