//! Lists: filters, orders and figures are those of the rules at the moment of opening, and what was opened stays.

use cache::pulled::{
    Bookable, BookableCounts, StatusKind, TicketFilter, TicketRow, TicketSnapshot, TicketSort, TopicScope,
};
use chrono::TimeDelta;
use domain::eligibility::Eligibility;
use domain::ticket::{Outcome, Party, ReplyAssessment, Ticket, TicketStatus, Withdrawal};
use domain::time::{Now, midnight};
use proptest::prelude::*;
use store::{Change, Entity, PulledTicket};

use crate::world::{Desk, closed, code, company, day, fiscal, gone, instant, now, present, put, ticket, ticket_code};

async fn open(desk: &Desk, filter: &TicketFilter, sort: TicketSort, descending: bool, at: Now) -> TicketSnapshot {
    desk.cache
        .pulled
        .open_tickets(filter, sort, descending, at)
        .await
        .expect("opens")
}

async fn rows(desk: &Desk, list: &TicketSnapshot) -> Vec<TicketRow> {
    desk.cache.pulled.tickets_at(&list.rowids).await.expect("reads")
}

async fn codes(desk: &Desk, filter: &TicketFilter, sort: TicketSort, descending: bool) -> Vec<String> {
    let list = open(desk, filter, sort, descending, present()).await;
    rows(desk, &list)
        .await
        .into_iter()
        .map(|row| row.code.to_string())
        .collect()
}

fn withdrawn(mut pulled: PulledTicket) -> PulledTicket {
    pulled.ticket.withdrawn = Some(Withdrawal {
        by: Party::Studio,
        at: now(),
    });
    pulled
}

fn carried(mut pulled: PulledTicket, until: &str) -> PulledTicket {
    pulled.carried_until = Some(instant(until));
    pulled
}

/// One of each kind.
async fn one_of_each() -> Desk {
    let mut judged = closed(
        ticket("T-06", 3, "DENUNCE", "2026-01-06"),
        Outcome::Ok,
        "2026-02-01T10:00:00Z",
    );
    if let TicketStatus::Closed { assessment, .. } = &mut judged.ticket.status {
        *assessment = ReplyAssessment::Unsatisfactory;
    }
    let mut in_progress = ticket("T-02", 2, "DURC", "2026-03-05");
    in_progress.ticket.status = TicketStatus::InProgress;
    Desk::with(vec![
        ticket("T-01", 1, "DENUNCE", "2026-01-10"),
        in_progress,
        closed(
            ticket("T-03", 3, "COLF", "2026-01-03"),
            Outcome::Ko,
            "2026-02-01T10:00:00Z",
        ),
        closed(
            ticket("T-04", 1, "DURC", "2026-01-04"),
            Outcome::Ok,
            "2026-02-01T10:00:00Z",
        ),
        withdrawn(ticket("T-05", 2, "DENUNCE", "2026-01-05")),
        judged,
        ticket("T-07", 1, "NESSUNO", "2026-01-07"),
        carried(ticket("T-08", 2, "COLF", "2026-01-08"), "2026-03-19T09:00:00Z"),
        carried(ticket("T-09", 3, "DENUNCE", "2026-01-09"), "2026-03-05T09:00:00Z"),
    ])
    .await
}

#[tokio::test]
async fn eligibility_filters_show_what_the_rules_say_and_their_figures_add_up() {
    let desk = one_of_each().await;
    for (bookable, expected) in [
        (Some(Bookable::Now), vec!["T-01", "T-03", "T-06", "T-09"]),
        (Some(Bookable::Soon), vec!["T-02"]),
        (Some(Bookable::Not), vec!["T-04", "T-05", "T-07", "T-08"]),
        (
            None,
            vec!["T-01", "T-02", "T-03", "T-04", "T-05", "T-06", "T-07", "T-08", "T-09"],
        ),
    ] {
        let filter = TicketFilter {
            bookable,
            ..TicketFilter::default()
        };
        assert_eq!(
            codes(&desk, &filter, TicketSort::Code, false).await,
            expected,
            "{bookable:?}"
        );
        let list = open(&desk, &filter, TicketSort::Code, false, present()).await;
        assert_eq!(
            list.counts,
            BookableCounts {
                any: 9,
                now: 4,
                soon: 1,
                not: 4
            },
            "figures do not depend on the filter that they are about"
        );
    }
}

#[tokio::test]
async fn midnight_changes_a_list_without_any_pull() {
    let desk = Desk::with(vec![ticket("T-01", 1, "DENUNCE", "2026-03-07")]).await;
    let filter = TicketFilter {
        bookable: Some(Bookable::Now),
        ..TicketFilter::default()
    };
    let ripe = midnight(day("2026-03-13"));
    for (at, total) in [
        (ripe - TimeDelta::seconds(1), 0),
        (ripe - TimeDelta::seconds(1), 0),
        (ripe, 1),
        (ripe - TimeDelta::seconds(1), 0),
    ] {
        let list = open(&desk, &filter, TicketSort::Code, false, Now::at(at)).await;
        assert_eq!(list.total(), total, "at {at}");
    }
}

#[tokio::test]
async fn every_filter_narrows_and_all_together_too() {
    let desk = one_of_each().await;
    let all = TicketFilter::default;
    let cases: Vec<(TicketFilter, Vec<&str>)> = vec![
        (
            TicketFilter {
                statuses: vec![StatusKind::ClosedOk, StatusKind::Withdrawn],
                ..all()
            },
            vec!["T-04", "T-05", "T-06"],
        ),
        (
            TicketFilter {
                company: Some(code(&fiscal(2))),
                ..all()
            },
            vec!["T-02", "T-05", "T-08"],
        ),
        (
            TicketFilter {
                company: Some(code(&fiscal(77))),
                ..all()
            },
            vec![],
        ),
        (
            TicketFilter {
                topic: Some(TopicScope::Topic(code("COLF"))),
                ..all()
            },
            vec!["T-03", "T-08"],
        ),
        (
            TicketFilter {
                topic: Some(TopicScope::Area("Aziende".into())),
                ..all()
            },
            vec!["T-01", "T-02", "T-04", "T-05", "T-06", "T-09"],
        ),
        (
            TicketFilter {
                topic: Some(TopicScope::Subject {
                    area: "Aziende".into(),
                    subject: "Materia DURC".into(),
                }),
                ..all()
            },
            vec!["T-02", "T-04"],
        ),
        (
            TicketFilter {
                topic: Some(TopicScope::Area("Nessuna".into())),
                ..all()
            },
            vec![],
        ),
        (
            TicketFilter {
                opened_from: Some(day("2026-01-09")),
                ..all()
            },
            vec!["T-01", "T-02", "T-09"],
        ),
        (
            TicketFilter {
                opened_to: Some(day("2026-01-04")),
                ..all()
            },
            vec!["T-03", "T-04"],
        ),
        (
            TicketFilter {
                bookable: Some(Bookable::Now),
                statuses: vec![StatusKind::Open],
                company: Some(code(&fiscal(1))),
                topic: Some(TopicScope::Area("Aziende".into())),
                opened_from: Some(day("2026-01-10")),
                opened_to: Some(day("2026-01-10")),
                in_charge: None,
                text: "cartiera".into(),
            },
            vec!["T-01"],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(
            codes(&desk, &filter, TicketSort::Code, false).await,
            expected,
            "{filter:?}"
        );
        let searched = TicketFilter {
            text: if filter.text.is_empty() {
                "t".into()
            } else {
                filter.text.clone()
            },
            ..filter
        };
        assert_eq!(
            codes(&desk, &searched, TicketSort::Code, false).await,
            expected,
            "the same among what a search found: {searched:?}"
        );
    }
}

#[tokio::test]
async fn orders_are_those_of_people_and_turn_around() {
    let desk = one_of_each().await;
    let order = |sort, descending| {
        let desk = &desk;
        async move { codes(desk, &TicketFilter::default(), sort, descending).await.join(" ") }
    };
    assert_eq!(
        order(TicketSort::Company, false).await,
        "T-02 T-05 T-08 T-03 T-06 T-09 T-01 T-04 T-07",
        "Àncora, bar Zanzibar, Cartiera"
    );
    assert_eq!(
        order(TicketSort::Topic, false).await,
        "T-01 T-05 T-06 T-09 T-02 T-04 T-03 T-08 T-07"
    );
    assert_eq!(
        order(TicketSort::Opened, false).await,
        "T-03 T-04 T-05 T-06 T-07 T-08 T-09 T-01 T-02"
    );
    assert_eq!(
        order(TicketSort::Opened, true).await,
        "T-02 T-01 T-09 T-08 T-07 T-06 T-05 T-04 T-03"
    );
    assert_eq!(
        order(TicketSort::Status, false).await,
        "T-01 T-07 T-08 T-09 T-02 T-04 T-06 T-03 T-05"
    );
    for descending in [false, true] {
        let list = order(TicketSort::Bookable, descending).await;
        let mut never: Vec<_> = list.split(' ').skip(6).collect();
        never.sort_unstable();
        assert_eq!(never, ["T-04", "T-05", "T-07"], "those never bookable last: {list}");
    }
    assert!(order(TicketSort::Bookable, true).await.starts_with("T-08 T-02"));
}

#[tokio::test]
async fn an_opened_list_stays_while_changes_are_applied() {
    let desk = one_of_each().await;
    let list = open(&desk, &TicketFilter::default(), TicketSort::Company, false, present()).await;
    let before: Vec<_> = rows(&desk, &list).await.into_iter().map(|row| row.code).collect();
    desk.apply(vec![
        put(ticket("T-00", 1, "DENUNCE", "2026-01-01")),
        Change::Put(Entity::Company(company(1, "Aaa"))),
    ])
    .await;
    let after: Vec<_> = rows(&desk, &list).await.into_iter().map(|row| row.code).collect();
    assert_eq!(after, before);
    desk.apply(vec![gone("T-03"), put(ticket("T-10", 1, "DENUNCE", "2026-01-01"))])
        .await;
    let after: Vec<_> = rows(&desk, &list).await.into_iter().map(|row| row.code).collect();
    let expected: Vec<_> = before.into_iter().filter(|code| *code != ticket_code("T-03")).collect();
    assert_eq!(after, expected, "what is gone leaves its place, and nobody takes it");
    let anew = open(&desk, &TicketFilter::default(), TicketSort::Company, false, present()).await;
    assert_eq!(rows(&desk, &anew).await[0].company_name, "Aaa");
}

#[tokio::test]
async fn an_empty_list_is_a_list() {
    let desk = Desk::new().await;
    for sort in TicketSort::ALL {
        let list = open(&desk, &TicketFilter::default(), sort, true, present()).await;
        assert_eq!(list.total(), 0);
        assert_eq!(list.counts, BookableCounts::default());
        assert_eq!(rows(&desk, &list).await, []);
    }
}

/// A ticket out of a few numbers.
fn any_ticket() -> impl Strategy<Value = PulledTicket> {
    (0_u32..4, 0_usize..4, -2_i64..40, 0_u8..8, any::<bool>(), -3_i64..4).prop_map(
        |(company, topic, age, status, withdraw, carried)| {
            let opened = (day("2026-03-12") - TimeDelta::days(age)).to_string();
            let topic = ["DENUNCE", "DURC", "COLF", "NESSUNO"][topic];
            let mut pulled = ticket("X", company, topic, &opened);
            let assessment = [
                ReplyAssessment::Unassessed,
                ReplyAssessment::Satisfactory,
                ReplyAssessment::Unsatisfactory,
            ][usize::from(status % 3)];
            pulled.ticket.status = match status {
                0 | 1 => TicketStatus::Open,
                2 => TicketStatus::InProgress,
                other => TicketStatus::Closed {
                    outcome: if other % 2 == 0 { Outcome::Ok } else { Outcome::Ko },
                    at: instant("2026-03-01T10:00:00Z"),
                    assessment,
                },
            };
            if withdraw && age % 4 == 0 {
                pulled = withdrawn(pulled);
            }
            if carried != 0 {
                pulled.carried_until = Some(now() + TimeDelta::hours(carried * 24));
            }
            pulled
        },
    )
}

fn numbered(tickets: Vec<PulledTicket>) -> Vec<PulledTicket> {
    tickets
        .into_iter()
        .enumerate()
        .map(|(n, pulled)| PulledTicket {
            ticket: Ticket {
                code: code(&format!("T-{n:03}")),
                ..pulled.ticket
            },
            ..pulled
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever is pulled, in whichever order and at whichever moment, each ticket stands where the rules put it.
    #[test]
    fn every_ticket_stands_where_the_rules_put_it(
        tickets in prop::collection::vec(any_ticket(), 0..40),
        hours in 0_i64..24 * 20,
        descending: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let tickets = numbered(tickets);
            let desk = Desk::with(tickets.clone()).await;
            let at = Now::at(now() + TimeDelta::hours(hours));
            for sort in TicketSort::ALL {
                let all = open(&desk, &TicketFilter::default(), sort, descending, at).await;
                prop_assert_eq!(all.total() as usize, tickets.len());
                let mut parts = Vec::new();
                for bookable in [Bookable::Now, Bookable::Soon, Bookable::Not] {
                    let filter = TicketFilter { bookable: Some(bookable), ..TicketFilter::default() };
                    let list = open(&desk, &filter, sort, descending, at).await;
                    for row in rows(&desk, &list).await {
                        let stands = match row.eligibility(at) {
                            Eligibility::Bookable(_) => Bookable::Now,
                            Eligibility::BookableFrom { .. } => Bookable::Soon,
                            Eligibility::NotBookable(_) => Bookable::Not,
                        };
                        prop_assert_eq!(stands, bookable, "{} at {:?}", row.code, at);
                    }
                    parts.extend_from_slice(&list.rowids);
                }
                parts.sort_unstable();
                let mut whole = all.rowids.to_vec();
                whole.sort_unstable();
                prop_assert_eq!(parts, whole, "each ticket is in one of the three");
            }
            Ok(())
        })?;
    }
}
