//! The tables are those of what the store said, however it was cut into pages and whatever came in between.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::ticket::{Outcome, ReplyAssessment, TicketStatus};
use proptest::prelude::*;
use sqlx::Connection as _;
use store::{Change, Cursor, Entity, EntityKey, Page, PulledTicket};

use crate::world::{
    Desk, EPOCH, appointment, code, company, day, decision, fiscal, gone, instant, now, offer, point, put,
    put_appointment, ticket, topic,
};

/// The tables in words that do not depend on the numbers that rows were given.
async fn tables(desk: &Desk) -> Vec<String> {
    desk.cache.close().await;
    let path = desk.folder.path().join("cache.db");
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .expect("opens");
    let mut lines = Vec::new();
    for query in [
        "SELECT concat_ws('|', 'ticket', t.code, c.code, c.name, o.code, o.area, position, sede, status,
             coalesce(closed_at, '-'), assessment, opened_day, coalesce(carried, '-'), has_point,
             coalesce(bookable_from, '-'), b.body)
         FROM ticket t JOIN company c ON c.id = t.company_id JOIN topic o ON o.id = t.topic_id
             JOIN ticket_body b ON b.id = t.id ORDER BY t.code",
        "SELECT concat_ws('|', 'company', code, name, name_key) FROM company WHERE known ORDER BY code",
        "SELECT concat_ws('|', 'topic', code, area, subject, detail, coalesce(threshold, '-')) FROM topic WHERE known
         ORDER BY code",
        "SELECT concat_ws('|', 'point', code, body) FROM point ORDER BY code",
        "SELECT concat_ws('|', 'appointment', id, body) FROM appointment ORDER BY id",
        "SELECT concat_ws('|', 'link', ticket, appointment) FROM appointment_ticket ORDER BY ticket, appointment",
    ] {
        let found: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(&mut connection)
            .await
            .expect("reads");
        lines.extend(found);
    }
    let words: Vec<(i64, String, Vec<u8>)> = sqlx::query_as("SELECT block, word, ids FROM word")
        .fetch_all(&mut connection)
        .await
        .expect("reads");
    let tickets: HashMap<i64, String> = sqlx::query_as("SELECT id, code FROM ticket")
        .fetch_all(&mut connection)
        .await
        .expect("reads")
        .into_iter()
        .collect();
    for (block, word, ids) in words {
        assert!(
            !ids.is_empty() && ids.len() < 512,
            "few tickets are listed by their numbers"
        );
        lines.extend(ids.chunks(2).map(|pair| {
            let id = block * 4_096 + i64::from(u16::from_le_bytes([pair[0], pair[1]]));
            format!("word|{word}|{}", tickets[&id])
        }));
    }
    lines.sort();
    for (check, sound) in [("PRAGMA integrity_check", "ok")] {
        let verdict: String = sqlx::query_scalar(check)
            .fetch_one(&mut connection)
            .await
            .expect("checks");
        assert_eq!(verdict, sound);
    }
    lines
}

pub(crate) fn any_change() -> impl Strategy<Value = Change> {
    let tickets = (0_u32..12, 0_u32..4, 0_usize..4, 0_i64..30, 0_u8..6, 0_i64..3).prop_map(
        |(n, of, about, age, status, carried)| {
            let opened = (day("2026-03-12") - TimeDelta::days(age)).to_string();
            let mut pulled: PulledTicket = ticket(
                &format!("T-{n}"),
                of,
                ["DENUNCE", "DURC", "COLF", "NESSUNO"][about],
                &opened,
            );
            pulled.ticket.status = match status {
                0 | 1 => TicketStatus::Open,
                2 => TicketStatus::InProgress,
                other => TicketStatus::Closed {
                    outcome: if other == 3 { Outcome::Ko } else { Outcome::Ok },
                    at: instant("2026-03-01T10:00:00Z"),
                    assessment: if other == 5 {
                        ReplyAssessment::Unsatisfactory
                    } else {
                        ReplyAssessment::Unassessed
                    },
                },
            };
            pulled.carried_until = (carried > 0).then(|| now() + TimeDelta::days(carried));
            put(pulled)
        },
    );
    prop_oneof![
        6 => tickets,
        1 => (0_u32..12).prop_map(|n| gone(&format!("T-{n}"))),
        1 => (0_u32..4, 0_u32..3).prop_map(|(n, name)| Change::Put(Entity::Company(company(n, &format!("Ditta {name}"))))),
        1 => (0_u32..4).prop_map(|n| Change::Gone(EntityKey::Company(code(&fiscal(n))))),
        2 => (0_usize..4, prop::option::of(0_u16..20), 0_u8..2).prop_map(|(n, threshold, area)| {
            let name = ["DENUNCE", "DURC", "COLF", "NESSUNO"][n];
            Change::Put(Entity::Topic(topic(name, &format!("Area {area}"), threshold)))
        }),
        1 => (0_usize..4).prop_map(|n| {
            Change::Gone(EntityKey::Topic(code(["DENUNCE", "DURC", "COLF", "NESSUNO"][n])))
        }),
        2 => (0_u8..2, prop::sample::subsequence(vec!["DENUNCE", "DURC", "COLF", "NESSUNO"], 0..4)).prop_map(
            |(n, topics)| Change::Put(Entity::Point(Box::new(point(&format!("P-{n}"), &topics))))
        ),
        1 => (0_u8..2).prop_map(|n| Change::Gone(EntityKey::Point(code(&format!("P-{n}"))))),
        1 => (0_u128..3, prop::sample::subsequence(vec!["T-1", "T-2", "T-3"], 1..3)).prop_map(|(n, tickets)| {
            put_appointment(appointment(n, decision(n), &tickets, "2026-03-19T08:00:00Z"))
        }),
    ]
}

async fn apply_in_pieces(changes: &[Change], pieces: &[usize]) -> Desk {
    let desk = Desk::new().await;
    let mut rest = changes;
    let mut sizes = pieces.iter().cycle();
    let mut n = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((*sizes.next().expect("a size")).min(rest.len()));
        rest = after;
        n += 1;
        let page = Page {
            changes: piece.to_vec(),
            cursor: Cursor(n.to_string()),
            more: !rest.is_empty(),
            remaining: rest.len() as u64,
            read_at: now(),
        };
        desk.cache.apply(&page, EPOCH).await.expect("applies");
    }
    desk
}

/// What the changes leave, each entity once: what a first pull would bring.
fn standing(changes: &[Change]) -> Vec<Change> {
    let key = |change: &Change| match change {
        Change::Put(entity) => match entity {
            Entity::Sede(sede) => EntityKey::Sede(sede.code.clone()),
            Entity::Topic(topic) => EntityKey::Topic(topic.code.clone()),
            Entity::Point(point) => EntityKey::Point(point.code.clone()),
            Entity::Company(company) => EntityKey::Company(company.code.clone()),
            Entity::Position(position) => EntityKey::Position(position.matricola.clone()),
            Entity::Ticket(ticket) => EntityKey::Ticket(ticket.ticket.code.clone()),
            Entity::Appointment(appointment) => EntityKey::Appointment(appointment.id),
            Entity::Deposit(deposit) => EntityKey::Deposit(deposit.decision),
            Entity::Dossier(dossier) => EntityKey::Dossier(dossier.subject()),
            Entity::Delegation(_) | Entity::Taken(_) => unreachable!("none of these here"),
        },
        Change::Gone(key) => key.clone(),
    };
    changes
        .iter()
        .enumerate()
        .filter(|(at, change)| {
            matches!(change, Change::Put(_)) && !changes[at + 1..].iter().any(|later| key(later) == key(change))
        })
        .map(|(_, change)| change.clone())
        .collect()
}

fn offer_without_delegations() -> Vec<Change> {
    offer()
        .into_iter()
        .filter(|change| !matches!(change, Change::Put(Entity::Delegation(_) | Entity::Taken(_))))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// T4's small pulls and the one great pull end in the same tables: nothing is projected or indexed with what was there
    /// before.
    #[test]
    fn pages_of_any_size_and_a_first_pull_end_in_the_same_tables(
        mut changes in prop::collection::vec(any_change(), 0..50),
        pieces in prop::collection::vec(1_usize..12, 1..5),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            changes.splice(0..0, offer_without_delegations());
            let in_pieces = tables(&apply_in_pieces(&changes, &pieces).await).await;
            let at_once = tables(&apply_in_pieces(&changes, &[usize::MAX]).await).await;
            let one_by_one = tables(&apply_in_pieces(&changes, &[1]).await).await;
            let from_scratch = tables(&apply_in_pieces(&standing(&changes), &[usize::MAX]).await).await;
            prop_assert_eq!(&in_pieces, &at_once);
            prop_assert_eq!(&in_pieces, &one_by_one);
            prop_assert_eq!(&in_pieces, &from_scratch);
            Ok(())
        })?;
    }
}
