//! R1–R11 together: what is granted, and what is refused first.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Rule;
use domain::availability::{Taken, TakenPlaces};
use domain::booking::{
    BookedTicket, Booking, Facts, Refusal, Surroundings, check_company, check_content, check_point, check_tickets,
    decide,
};
use domain::code::Matricola;
use domain::company::Delegation;
use domain::content::{Breach, Limits};
use domain::eligibility::{Eligibility, Ground, Obstacle, Standing, Waiting};
use domain::point::ConsultationPoint;
use domain::routing::Routing;
use domain::slot::Slot;
use domain::ticket::{Outcome, Party, ReplyAssessment, Ticket, TicketStatus, Withdrawal};
use domain::time::Now;
use domain::topic::WaitingThreshold;
use domain::wish::{MOST_WISHES, Pattern, Unsuitable, Wish};
use proptest::prelude::*;

use crate::given::{
    clock, closed, company, content, day, file, lucca, now, open_since, other_company, point_code, position, sede,
    slot, taken, ticket, topic, utc,
};

/// A booking and all that surrounds it.
#[derive(Debug, Clone)]
struct Scene {
    booking: Booking,
    tickets: Vec<Facts>,
    delegations: Vec<Delegation>,
    points: Vec<ConsultationPoint>,
    taken: Vec<Taken>,
    limits: Limits,
}

const TODAY: &str = "2026-11-24T08:00:00";

fn facts(code: &str) -> Facts {
    Facts {
        code: ticket(code),
        company: company(),
        position: position(1),
        sede: sede("LU"),
        topic: topic("DEN-UNI"),
        standing: open_since("2026-11-01"),
    }
}

fn delegation(position: Matricola, from: &str, until: Option<&str>) -> Delegation {
    Delegation {
        position,
        from: day(from),
        until: until.map(day),
    }
}

fn exact(start: &str) -> Wish {
    Wish::Slot {
        start: slot(start, 30).start,
    }
}

impl Scene {
    /// Two ripe tickets of one company, everything in order; wished for: Thursday at nine, then any.
    fn in_order() -> Self {
        let mut second = facts("T2");
        second.position = position(2);
        second.topic = topic("DEN-VAR");
        let mut credits = lucca();
        credits.code = point_code("LU-CREDITI");
        credits.topics = vec![topic("CRE-DUR")];
        let tickets = vec![facts("T1"), second];
        Self {
            booking: Booking {
                tickets: tickets
                    .iter()
                    .map(|facts| BookedTicket {
                        code: facts.code.clone(),
                        judgement: None,
                        read: None,
                    })
                    .collect(),
                point: point_code("LU-AZIENDE"),
                wishes: vec![exact("2026-11-26T09:00:00"), Wish::Pattern(Pattern::default())],
                content: content(),
            },
            tickets,
            delegations: vec![
                delegation(position(1), "2020-01-01", None),
                delegation(position(2), "2020-01-01", Some("2026-11-24")),
            ],
            points: vec![lucca(), credits],
            taken: Vec::new(),
            limits: Limits::default(),
        }
    }

    fn decided(&self, now: Now) -> Result<(usize, Slot), Refusal> {
        decide(
            &self.booking,
            &Surroundings {
                tickets: &self.tickets,
                delegations: &self.delegations,
                routing: &Routing::new(&self.points),
                point: &self.points[0],
                taken: &TakenPlaces::new(self.taken.clone()),
                limits: &self.limits,
            },
            now,
        )
    }

    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut scene = Self::in_order();
        change(&mut scene);
        scene
    }
}

fn nine() -> Slot {
    slot("2026-11-26T09:00:00", 30)
}

#[test]
fn what_keeps_every_rule_is_granted() {
    assert_eq!(Scene::in_order().decided(now(TODAY)), Ok((0, nine())));
    let second = Scene::with(|scene| scene.taken = vec![taken("2026-11-26T09:00:00", 30, 1)]);
    assert_eq!(
        second.decided(now(TODAY)),
        Ok((1, slot("2026-11-24T13:30:00", 30))),
        "R9: the second wish is granted when the first is taken"
    );
    let one = Scene::with(|scene| {
        scene.tickets.truncate(1);
        scene.booking.tickets.truncate(1);
    });
    assert_eq!(one.decided(now(TODAY)), Ok((0, nine())), "R1: one ticket is enough");
}

fn not_bookable(code: &str, eligibility: Eligibility) -> Refusal {
    Refusal::TicketNotBookable {
        ticket: ticket(code),
        eligibility,
    }
}

#[test]
fn every_rule_refuses_what_breaks_it() {
    let until = clock("2026-11-24T08:00:01");
    let cases: Vec<(Scene, Refusal, u8)> = vec![
        (
            Scene::with(|scene| {
                scene.tickets.clear();
                scene.booking.tickets.clear();
            }),
            Refusal::NoTicket,
            1,
        ),
        (
            Scene::with(|scene| scene.tickets[1].company = other_company()),
            Refusal::MixedCompanies,
            2,
        ),
        (
            Scene::with(|scene| {
                scene.delegations.remove(1);
            }),
            Refusal::DelegationMissing { position: position(2) },
            2,
        ),
        (
            Scene::with(|scene| scene.delegations.clear()),
            Refusal::DelegationMissing { position: position(1) },
            2,
        ),
        (
            Scene::with(|scene| scene.delegations[1].until = Some(day("2026-11-23"))),
            Refusal::DelegationMissing { position: position(2) },
            2,
        ),
        (
            Scene::with(|scene| scene.delegations[1].from = day("2026-11-25")),
            Refusal::DelegationMissing { position: position(2) },
            2,
        ),
        (
            Scene::with(|scene| {
                scene.tickets[1].standing.status = closed(Outcome::Ok, ReplyAssessment::Unassessed);
            }),
            not_bookable("T2", Eligibility::NotBookable(Obstacle::Unassessed)),
            3,
        ),
        (
            Scene::with(|scene| scene.tickets[0].standing.counts_from = day("2026-11-19")),
            not_bookable(
                "T1",
                Eligibility::BookableFrom {
                    on: day("2026-11-25"),
                    waiting: Waiting {
                        days: 5,
                        threshold: WaitingThreshold(5),
                    },
                },
            ),
            4,
        ),
        (
            Scene::with(|scene| scene.tickets[1].standing.carried_until = Some(until)),
            not_bookable("T2", Eligibility::NotBookable(Obstacle::Carried { until })),
            5,
        ),
        (
            Scene::with(|scene| scene.tickets[1].standing.withdrawn = true),
            not_bookable("T2", Eligibility::NotBookable(Obstacle::Withdrawn)),
            5,
        ),
        (
            Scene::with(|scene| scene.tickets[1].topic = topic("NIENTE")),
            not_bookable("T2", Eligibility::NotBookable(Obstacle::NoPoint)),
            5,
        ),
        (
            Scene::with(|scene| scene.tickets[1].topic = topic("CRE-DUR")),
            Refusal::OtherPoint {
                ticket: ticket("T2"),
                leads_to: point_code("LU-CREDITI"),
            },
            8,
        ),
        (Scene::with(|scene| scene.booking.wishes.clear()), Refusal::BadWishes, 9),
        (
            Scene::with(|scene| scene.booking.wishes = vec![exact("2026-11-26T09:00:00"); MOST_WISHES + 1]),
            Refusal::BadWishes,
            9,
        ),
        (
            Scene::with(|scene| scene.booking.content.contact.phone.clear()),
            Refusal::Content {
                breaches: vec![Breach::NoContact],
            },
            9,
        ),
        (
            Scene::with(|scene| scene.booking.content.attachments = vec![file(1); 4]),
            Refusal::Content {
                breaches: vec![Breach::TooManyFiles { max: 3 }],
            },
            10,
        ),
        (
            Scene::with(|scene| {
                scene.booking.wishes.truncate(1);
                scene.points[0].horizon_days = 2;
                scene.taken = vec![
                    taken("2026-11-26T09:00:00", 30, 1),
                    taken("2026-11-24T13:30:00", 240, 1),
                ];
            }),
            Refusal::AllTaken {
                nearest: ["09:30", "10:00", "10:30", "11:00", "11:30"]
                    .map(|time| slot(&format!("2026-11-26T{time}:00"), 30))
                    .into(),
            },
            11,
        ),
    ];
    for (scene, refusal, rule) in cases {
        assert_eq!(refusal.rule(), Rule(rule), "R6: {refusal:?}");
        let json = serde_json::to_string(&refusal).unwrap();
        assert_eq!(serde_json::from_str::<Refusal>(&json).unwrap(), refusal);
        assert_eq!(scene.decided(now(TODAY)), Err(refusal), "R{rule} would be broken");
    }
}

#[test]
fn a_refusal_names_the_rule_even_where_it_says_little() {
    let waiting = Waiting {
        days: 6,
        threshold: WaitingThreshold(5),
    };
    assert_eq!(
        not_bookable("T1", Eligibility::Bookable(Ground::Waited(waiting))).rule(),
        Rule(4)
    );
    assert_eq!(Refusal::Content { breaches: Vec::new() }.rule(), Rule(9));
}

#[test]
fn a_ticket_named_twice_is_booked_once() {
    let scene = Scene::with(|scene| {
        let again = scene.booking.tickets[0].clone();
        scene.booking.tickets.push(again);
    });
    assert_eq!(
        scene.booking.codes(),
        [&ticket("T1"), &ticket("T2")],
        "R5: a ticket would stand twice in one appointment"
    );
}

#[test]
fn as_many_wishes_as_can_be_ranked_are_taken() {
    let scene = Scene::with(|scene| scene.booking.wishes = vec![exact("2026-11-26T09:00:00"); MOST_WISHES]);
    assert_eq!(MOST_WISHES, 10);
    assert_eq!(scene.decided(now(TODAY)), Ok((0, nine())));
}

#[test]
fn the_first_thing_to_mend_is_told_first() {
    let mut scene = Scene::with(|scene| {
        scene.tickets[1].company = other_company();
        scene.delegations.clear();
        scene.tickets[0].standing.withdrawn = true;
        scene.tickets[1].topic = topic("CRE-DUR");
        scene.booking.wishes.clear();
        scene.taken = vec![taken("2026-11-24T00:00:00", 100_000, 1)];
    });
    let mut rules = Vec::new();
    while let Err(refusal) = scene.decided(now(TODAY)) {
        rules.push(refusal.rule().0);
        assert!(rules.len() <= 6, "what was mended is refused again: {rules:?}");
        match refusal {
            Refusal::MixedCompanies => scene.tickets[1].company = company(),
            Refusal::DelegationMissing { .. } => scene.delegations = Scene::in_order().delegations,
            Refusal::TicketNotBookable { .. } => scene.tickets[0].standing.withdrawn = false,
            Refusal::OtherPoint { .. } => scene.tickets[1].topic = topic("DEN-VAR"),
            Refusal::BadWishes => scene.booking.wishes = Scene::in_order().booking.wishes,
            Refusal::AllTaken { .. } => scene.taken.clear(),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(rules, [2, 2, 5, 8, 9, 11]);
}

#[test]
fn the_checks_stand_alone_for_those_who_change_an_appointment() {
    let scene = Scene::in_order();
    let at = now(TODAY);
    assert_eq!(
        check_company(&scene.tickets, &scene.delegations, at),
        Ok(&company()),
        "R17: R2 holds"
    );
    assert_eq!(check_tickets(&scene.tickets, at), Ok(()));
    assert_eq!(
        check_point(&scene.tickets, &point_code("LU-CREDITI"), &Routing::new(&scene.points)),
        Err(Refusal::OtherPoint {
            ticket: ticket("T1"),
            leads_to: point_code("LU-AZIENDE"),
        }),
        "R17: R8 holds"
    );
    assert_eq!(check_content(&scene.booking, &scene.limits), Ok(()));
}

#[test]
fn the_facts_of_a_ticket_are_what_decides_about_it() {
    let opened_at = utc("2026-06-30T22:00:00Z");
    let at = utc("2026-07-03T10:00:00Z");
    let mut a_ticket = Ticket {
        code: ticket("T1"),
        position: position(3),
        company: company(),
        sede: sede("LU"),
        topic: topic("DEN-UNI"),
        opened_at,
        reopened_at: None,
        status: TicketStatus::InProgress,
        withdrawn: None,
        messages: Vec::new(),
    };
    let routing = Routing::new(&[lucca()]);
    let expected = Facts {
        code: ticket("T1"),
        company: company(),
        position: position(3),
        sede: sede("LU"),
        topic: topic("DEN-UNI"),
        standing: Standing {
            status: TicketStatus::InProgress,
            counts_from: day("2026-07-01"),
            threshold: WaitingThreshold(7),
            withdrawn: false,
            has_point: true,
            carried_until: Some(at),
        },
    };
    let facts = |ticket: &Ticket| Facts::of(ticket, WaitingThreshold(7), &routing, Some(at));
    assert_eq!(facts(&a_ticket), expected);
    a_ticket.withdrawn = Some(Withdrawal { by: Party::Sede, at });
    assert!(facts(&a_ticket).standing.withdrawn, "R5");
    a_ticket.topic = topic("NIENTE");
    assert!(!facts(&a_ticket).standing.has_point, "R5");
    a_ticket.reopened_at = Some(at);
    assert_eq!(facts(&a_ticket).standing.counts_from, day("2026-07-03"), "R4");
}

prop_compose! {
    fn any_facts()(
        code in 1u8..9,
        other in proptest::bool::weighted(0.05),
        digit in 1u8..4,
        about in prop_oneof![6 => Just("DEN-UNI"), 3 => Just("DEN-VAR"), 1 => Just("CRE-DUR"), 1 => Just("NIENTE")],
        since in 0i64..25,
        status in prop_oneof![4 => Just(TicketStatus::Open).boxed(), 3 => crate::given::any_status().boxed()],
        withdrawn in proptest::bool::weighted(0.05),
        carried in proptest::option::weighted(0.2, -100_000i64..100_000),
    ) -> Facts {
        Facts {
            code: ticket(&format!("T{code}")),
            company: if other { other_company() } else { company() },
            position: position(digit),
            sede: sede("LU"),
            topic: topic(about),
            standing: Standing {
                status,
                counts_from: day("2026-11-24") - TimeDelta::days(since),
                threshold: WaitingThreshold(5),
                withdrawn,
                has_point: about != "NIENTE",
                carried_until: carried.map(|seconds| clock(TODAY) + TimeDelta::seconds(seconds)),
            },
        }
    }
}

prop_compose! {
    fn any_scene()(
        tickets in proptest::collection::vec(any_facts(), 0..4),
        delegated in prop_oneof![3 => Just(vec![1, 2, 3]), 1 => Just(vec![1, 2])],
        ends in proptest::option::weighted(0.3, -3i64..10),
        wishes in proptest::collection::vec(
            prop_oneof![
                (0usize..6).prop_map(|n| {
                    exact(["2026-11-26T09:00:00", "2026-11-26T09:30:00", "2026-11-24T13:30:00",
                        "2026-11-24T07:30:00", "2026-12-01T17:00:00", "2027-03-02T13:30:00"][n])
                }),
                // 09:30 at the sede, written as clocks elsewhere show it, where it is another day.
                Just(Wish::Slot { start: "2026-11-27T00:30:00+16:00[Europe/Rome]".parse().unwrap() }),
                Just(Wish::Pattern(Pattern { weekdays: vec![chrono::Weekday::Thu], ..Pattern::default() })),
                (0usize..2).prop_map(|n| {
                    Wish::Never(Unsuitable { days: vec![day(["2026-11-26", "2026-12-01"][n])], ..Unsuitable::default() })
                }),
            ],
            0..12,
        ),
        files in 0usize..5,
        held in proptest::collection::vec((0i64..20_000, 1i64..600, 0u16..3), 0..20),
        desks in 0u16..3,
    ) -> Scene {
        let mut scene = Scene::in_order();
        scene.tickets = tickets;
        scene.booking.tickets = scene
            .tickets
            .iter()
            .map(|facts| BookedTicket { code: facts.code.clone(), judgement: None, read: None })
            .collect();
        scene.delegations = delegated
            .into_iter()
            .map(|digit| Delegation {
                position: position(digit),
                from: day("2020-01-01"),
                until: ends.map(|days| day("2026-11-24") + TimeDelta::days(days)),
            })
            .collect();
        scene.booking.wishes = wishes;
        scene.booking.content.attachments = vec![file(1); files];
        scene.points[0].desks = desks;
        scene.taken = held
            .into_iter()
            .map(|(minute, length, count)| {
                let start = clock("2026-11-24T00:00:00") + TimeDelta::minutes(minute);
                Taken { start, end: start + TimeDelta::minutes(length), count }
            })
            .collect();
        scene
    }
}

/// The rules once more, word by word: the first wish that could be met and its slot, if nothing stands against it.
fn by_the_words(scene: &Scene, now: DateTime<Utc>) -> Option<(usize, DateTime<Utc>)> {
    let today = day("2026-11-24");
    let companies: BTreeSet<_> = scene.tickets.iter().map(|facts| &facts.company).collect();
    let delegated = scene.tickets.iter().all(|facts| {
        scene.delegations.iter().any(|delegation| {
            delegation.position == facts.position
                && delegation.from <= today
                && delegation.until.is_none_or(|until| today <= until)
        })
    });
    let bookable = scene.tickets.iter().all(|facts| {
        let standing = facts.standing;
        let by_status = match standing.status {
            TicketStatus::Closed {
                outcome, assessment, ..
            } => {
                assessment == ReplyAssessment::Unsatisfactory
                    || (outcome == Outcome::Ko && assessment == ReplyAssessment::Unassessed)
            }
            _ => (today - standing.counts_from).num_days() > 5,
        };
        by_status && !standing.withdrawn && standing.carried_until.is_none_or(|until| until <= now)
    });
    let same_point = scene
        .tickets
        .iter()
        .all(|facts| ["DEN-UNI", "DEN-VAR"].contains(&facts.topic.as_str()));
    let wishes = &scene.booking.wishes;
    let nevers = wishes.iter().filter(|wish| matches!(wish, Wish::Never(_))).count();
    let within =
        nevers <= 1 && (1..=10).contains(&(wishes.len() - nevers)) && scene.booking.content.attachments.len() <= 3;
    if companies.len() != 1 || !delegated || !bookable || !same_point || !within {
        return None;
    }
    // Half an hour each: Tuesdays 13:30–17:30, Thursdays 9:00–12:00, 56 days ahead.
    let grid = (0..=56).flat_map(|ahead| {
        let date = today + TimeDelta::days(ahead);
        let times = match chrono::Datelike::weekday(&date) {
            chrono::Weekday::Tue => 27..35,
            chrono::Weekday::Thu => 18..24,
            _ => 0..0,
        };
        times.map(move |half_hour: i64| {
            domain::time::resolve(date.and_time(chrono::NaiveTime::MIN)) + TimeDelta::minutes(half_hour * 30)
        })
    });
    let free: Vec<_> = grid
        .filter(|start| {
            let end = *start + TimeDelta::minutes(30);
            let held: u32 = scene
                .taken
                .iter()
                .filter(|taken| taken.start < end && *start < taken.end)
                .map(|taken| u32::from(taken.count))
                .sum();
            let day = domain::time::civil_day(*start);
            let never = wishes
                .iter()
                .any(|wish| matches!(wish, Wish::Never(never) if never.days.contains(&day)));
            *start > now && held < u32::from(scene.points[0].desks) && !never
        })
        .collect();
    scene.booking.wishes.iter().enumerate().find_map(|(n, wish)| {
        let fits = |start: &DateTime<Utc>| match wish {
            Wish::Slot { start: wanted } => wanted.instant() == *start,
            Wish::Pattern(_) => chrono::Datelike::weekday(start) == chrono::Weekday::Thu,
            Wish::Never(_) => false,
        };
        free.iter().find(|start| fits(start)).map(|start| (n, *start))
    })
}

proptest! {
    #[test]
    fn what_is_granted_is_exactly_what_the_words_of_the_rules_grant(scene in any_scene()) {
        let decided = scene.decided(now(TODAY));
        let granted = decided.as_ref().ok().map(|(wish, slot)| (*wish, slot.start.instant()));
        prop_assert_eq!(granted, by_the_words(&scene, clock(TODAY)), "{:?}", decided);
    }

    #[test]
    fn a_booking_survives_json(scene in any_scene()) {
        let json = serde_json::to_string(&scene.booking).unwrap();
        prop_assert_eq!(serde_json::from_str::<Booking>(&json).unwrap(), scene.booking);
    }
}
