//! *Richieste*: lists, windows, one ticket, the judgement on a reply.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use domain::time::midnight;
use office::{Office, code, everything, failure};
use studio::view::app::Area;
use studio::view::drafts::DraftStateView;
use studio::view::failure::FailureCode;
use studio::view::tickets::{
    AssessmentView, AuthorView, BookableCounts, BookableFilter, BookableView, GroundView, ObstacleView, StatusView,
    TicketQuery, TicketRow, TicketSort,
};
use world::{day, open_ticket};

async fn rows(office: &Office, query: TicketQuery) -> Vec<TicketRow> {
    let list = office.studio.tickets_open(query).await.unwrap();
    let rows = office.studio.tickets_window(list.list, 0, 200).await.unwrap();
    assert_eq!(rows.len(), usize::try_from(list.total).unwrap());
    rows
}

async fn codes(office: &Office, query: TicketQuery) -> Vec<String> {
    rows(office, query).await.into_iter().map(|row| row.code).collect()
}

#[tokio::test]
async fn a_list_counts_what_each_filter_would_show() {
    let office = Office::new().await;
    let list = office.studio.tickets_open(everything()).await.unwrap();
    assert_eq!(list.total, 7);
    let counts = BookableCounts {
        any: 7,
        now: 5,
        soon: 1,
        not: 1,
    };
    assert_eq!(list.counts, counts);
    for (bookable, expected) in [
        (BookableFilter::Now, &["LU-1", "LU-2", "LU-5", "LU-6", "LU-9"][..]),
        (BookableFilter::Soon, &["LU-3"]),
        (BookableFilter::Not, &["LU-4"]),
    ] {
        let query = TicketQuery {
            bookable,
            ..everything()
        };
        assert_eq!(office.studio.tickets_open(query.clone()).await.unwrap().counts, counts);
        assert_eq!(codes(&office, query).await, expected);
    }
}

#[tokio::test]
async fn lists_are_filtered_by_all_that_the_chips_offer() {
    let office = Office::new().await;
    let all = everything;
    let cases: Vec<(TicketQuery, &[&str])> = vec![
        (
            TicketQuery {
                statuses: vec![StatusView::ClosedOk, StatusView::ClosedKo],
                ..all()
            },
            &["LU-4", "LU-5"],
        ),
        (
            TicketQuery {
                company: Some("00000000002".into()),
                ..all()
            },
            &["LU-9"],
        ),
        (
            TicketQuery {
                topic: Some(world::OTHER_TOPIC.into()),
                ..all()
            },
            &["LU-6"],
        ),
        (
            TicketQuery {
                topic: Some("Cassetto".into()),
                ..all()
            },
            &["LU-6"],
        ),
        (
            TicketQuery {
                topic: Some("Cassetto › Regolarità".into()),
                ..all()
            },
            &["LU-6"],
        ),
        (
            TicketQuery {
                topic: Some("Cassetto › Altro".into()),
                ..all()
            },
            &[],
        ),
        (
            TicketQuery {
                opened_from: Some("2026-11-17".into()),
                opened_to: Some("2026-11-19".into()),
                ..all()
            },
            &["LU-1", "LU-3"],
        ),
        (
            TicketQuery {
                text: "zet tras".into(),
                ..all()
            },
            &["LU-9"],
        ),
        (
            TicketQuery {
                text: "\" OR NEAR( *".into(),
                ..all()
            },
            &[],
        ),
    ];
    for (query, expected) in cases {
        let what = format!("{query:?}");
        assert_eq!(codes(&office, query).await, expected, "{what}");
    }
    let by_date = TicketQuery {
        sort: TicketSort::Opened,
        descending: true,
        ..everything()
    };
    assert_eq!(codes(&office, by_date).await[..2], ["LU-3", "LU-1"]);
}

#[tokio::test]
async fn a_window_ends_where_the_list_does_and_a_list_closes_after_eight_newer_ones() {
    let office = Office::new().await;
    let list = office.studio.tickets_open(everything()).await.unwrap().list;
    let window = |offset, limit| office.studio.tickets_window(list, offset, limit);
    assert_eq!(window(5, 200).await.unwrap().len(), 2);
    assert_eq!(window(7, 10).await.unwrap().len(), 0);
    assert_eq!(window(u32::MAX, 200).await.unwrap().len(), 0);
    assert_eq!(window(0, 0).await.unwrap().len(), 0);
    let refused = failure(window(0, 201).await);
    assert_eq!(refused.code, FailureCode::InvalidArgument);
    assert_eq!(refused.details.argument.as_deref(), Some("limit"));
    for _ in 0..7 {
        office.studio.tickets_open(everything()).await.unwrap();
    }
    assert_eq!(window(0, 1).await.unwrap().len(), 1);
    office.studio.tickets_open(everything()).await.unwrap();
    assert_eq!(code(window(0, 1).await), FailureCode::ListExpired);
    assert_eq!(
        code(office.studio.tickets_window(4_000_000, 0, 1).await),
        FailureCode::ListExpired
    );
}

#[tokio::test]
async fn what_can_not_be_looked_for_names_its_argument() {
    let office = Office::new().await;
    let cases = [
        (
            "text",
            FailureCode::TooLong,
            TicketQuery {
                text: "x".repeat(201),
                ..everything()
            },
        ),
        (
            "topic",
            FailureCode::TooLong,
            TicketQuery {
                topic: Some("x".repeat(501)),
                ..everything()
            },
        ),
        (
            "company",
            FailureCode::InvalidArgument,
            TicketQuery {
                company: Some("not a code".into()),
                ..everything()
            },
        ),
        (
            "opened_from",
            FailureCode::InvalidArgument,
            TicketQuery {
                opened_from: Some("ieri".into()),
                ..everything()
            },
        ),
        (
            "opened_to",
            FailureCode::InvalidArgument,
            TicketQuery {
                opened_to: Some("2026-13-01".into()),
                ..everything()
            },
        ),
    ];
    for (argument, expected, query) in cases {
        let refused = failure(office.studio.tickets_open(query).await);
        assert_eq!(
            (refused.code, refused.details.argument.as_deref()),
            (expected, Some(argument))
        );
    }
}

#[tokio::test]
async fn a_ticket_opens_with_all_that_is_known_of_it() {
    let office = Office::new().await;
    let opened = office.studio.ticket_open("lu-1").await.unwrap();
    assert_eq!(opened.row.code, "LU-1");
    assert_eq!(opened.row.waiting_days, Some(6));
    assert_eq!(
        opened.row.bookable,
        BookableView::Yes {
            ground: GroundView::Waiting { days: 6, threshold: 5 }
        }
    );
    assert_eq!(opened.sede_name, "Lucca");
    assert_eq!(opened.matricola, "4600000001");
    assert_eq!(opened.point.unwrap().code, world::POINT);
    let first_free = opened.first_free.unwrap();
    assert_eq!(
        (first_free.date.as_str(), first_free.time.as_str()),
        ("2026-11-24", "13:30")
    );
    assert_eq!(opened.messages.len(), 1);
    assert_eq!(opened.messages[0].author, AuthorView::Studio);
    assert_eq!(opened.messages[0].time, "09:41");
    assert!(!opened.can_assess, "there is no reply to judge");
    let companions: Vec<_> = opened.companions.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(
        companions,
        ["LU-5", "LU-2"],
        "of the same point, bookable now, longest waiting first"
    );
    assert_eq!(opened.appointments, []);

    let closed = office.studio.ticket_open("LU-4").await.unwrap();
    assert_eq!((closed.row.waiting_days, closed.can_assess), (None, true));

    for unknown in ["LU-77", "", "'; DROP TABLE ticket", &"x".repeat(100_000)] {
        assert_eq!(
            code(office.studio.ticket_open(unknown).await),
            FailureCode::UnknownTicket
        );
    }
}

#[tokio::test]
async fn a_ticket_on_its_last_day_of_waiting_says_from_when_and_is_bookable_at_midnight() {
    let office = Office::with(vec![open_ticket("LU-1", 1, 5)]).await;
    let answer = async || office.studio.ticket_open("LU-1").await.unwrap().row.bookable;
    let from = BookableView::From {
        on: "2026-11-24".into(),
        days: 5,
        threshold: 5,
    };
    assert_eq!(answer().await, from);
    office
        .world
        .clock
        .set(midnight(day(11, 24)) - chrono::TimeDelta::seconds(1));
    assert_eq!(answer().await, from);
    office.world.clock.set(midnight(day(11, 24)));
    assert_eq!(
        answer().await,
        BookableView::Yes {
            ground: GroundView::Waiting { days: 6, threshold: 5 }
        },
        "R4, with no round in between"
    );
    let now = TicketQuery {
        bookable: BookableFilter::Now,
        ..everything()
    };
    assert_eq!(codes(&office, now).await, ["LU-1"]);
}

#[tokio::test]
async fn a_judgement_counts_at_once_and_reaches_the_store() {
    let office = Office::new().await;
    let judged = office
        .studio
        .ticket_assess("LU-4", AssessmentView::Unsatisfactory)
        .await
        .unwrap();
    assert_eq!(judged.assessment, AssessmentView::Unsatisfactory);
    assert_eq!(
        judged.row.bookable,
        BookableView::Yes {
            ground: GroundView::Unsatisfactory
        }
    );
    assert_eq!(office.studio.status().await.unwrap().connection.waiting, 1);
    office
        .studio
        .ticket_assess("LU-4", AssessmentView::Unsatisfactory)
        .await
        .unwrap();
    let status = office.studio.sync_now().await.unwrap();
    assert_eq!(status.connection.waiting, 0);
    assert_eq!(
        office.gate.count(world::gate::Call::Assess),
        1,
        "the same again is no decision"
    );
    let judged = office
        .studio
        .ticket_assess("LU-5", AssessmentView::Satisfactory)
        .await
        .unwrap();
    assert_eq!(
        judged.row.bookable,
        BookableView::No {
            obstacle: ObstacleView::Satisfactory
        }
    );
    office.told(&[Area::Tickets]).await;
    let undone = office
        .studio
        .ticket_assess("LU-5", AssessmentView::Unassessed)
        .await
        .unwrap();
    assert_eq!(
        undone.row.bookable,
        BookableView::Yes {
            ground: GroundView::ClosedKo
        }
    );
}

#[tokio::test]
async fn what_is_no_reply_can_not_be_judged() {
    let office = Office::new().await;
    let assess = |ticket| office.studio.ticket_assess(ticket, AssessmentView::Unsatisfactory);
    assert_eq!(code(assess("LU-1").await), FailureCode::NotAssessable);
    assert_eq!(code(assess("LU-77").await), FailureCode::UnknownTicket);
    let draft = office.ready(&["LU-5"], &["09:30"]).await;
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    assert_eq!(
        code(assess("LU-5").await),
        FailureCode::NotAssessable,
        "an appointment carries it"
    );
    assert_eq!(
        office.studio.status().await.unwrap().connection.waiting,
        0,
        "nothing was decided"
    );
}

#[tokio::test]
async fn a_row_shows_the_draft_that_holds_its_ticket_and_the_appointment_that_carries_it() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let all = rows(&office, everything()).await;
    let mark = all[0].draft.clone().unwrap();
    assert_eq!((mark.id, mark.state), (draft.id.clone(), DraftStateView::Editing));
    assert!(all[1..].iter().all(|row| row.draft.is_none()));
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let all = rows(&office, everything()).await;
    let BookableView::No {
        obstacle: ObstacleView::Carried { appointment, slot },
    } = &all[0].bookable
    else {
        panic!("{:?}", all[0].bookable)
    };
    assert!(appointment.is_some());
    assert_eq!(slot.as_ref().unwrap().time, "09:30");
    assert_eq!(all[0].draft, None);
}

#[tokio::test]
async fn the_menus_offer_the_topics_that_occur() {
    let office = Office::new().await;
    let facets = office.studio.ticket_facets().await.unwrap();
    let codes: Vec<_> = facets.topics.iter().map(|topic| topic.code.as_str()).collect();
    assert_eq!(codes, [world::TOPIC, world::OTHER_TOPIC]);
}
