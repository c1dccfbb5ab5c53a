//! The feed: what is pulled is there, what is gone is gone, and the cursor goes with it.

use cache::pulled::{CompanySummary, TicketFilter, TicketSort, Touched};
use chrono::TimeDelta;
use domain::code::SedeCode;
use domain::company::Delegation;
use domain::eligibility::{Eligibility, Obstacle};
use domain::ticket::Outcome;
use store::{Change, Cursor, Entity, EntityKey, Page};

use crate::world::{
    Desk, EPOCH, closed, code, company, day, fiscal, gone, matricola, now, offer, page, point, present, put, ticket,
    ticket_code, topic, welcome,
};

#[tokio::test]
async fn the_cursor_goes_with_its_page_and_the_time_of_reading_with_the_last() {
    let desk = Desk::new().await;
    let pulled = &desk.cache.pulled;
    assert_eq!(pulled.cursor().await.expect("reads"), None);
    assert_eq!(pulled.read_at().await.expect("reads"), None);
    let mut first = page(offer());
    first.more = true;
    desk.cache.apply(&first, EPOCH).await.expect("applies");
    assert_eq!(pulled.cursor().await.expect("reads"), Some(Cursor("1".into())));
    assert_eq!(
        pulled.read_at().await.expect("reads"),
        None,
        "what is half read was not read"
    );
    let mut second = page(Vec::new());
    second.cursor = Cursor("2".into());
    let touched = desk.cache.apply(&second, EPOCH).await.expect("applies");
    assert_eq!(touched, Touched::default(), "nothing changed, nothing is shown anew");
    assert_eq!(pulled.read_at().await.expect("reads"), Some(now()));
    let (desk, _) = desk.reopened().await;
    assert_eq!(
        desk.cache.pulled.cursor().await.expect("reads"),
        Some(Cursor("2".into()))
    );
    assert_eq!(desk.cache.pulled.epoch().await.expect("reads").as_deref(), Some(EPOCH));
}

#[tokio::test]
async fn another_life_of_the_store_is_pulled_anew_and_studio_db_stays() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await;
    let draft = desk.draft(1, &["LU-1"]).await;
    desk.cache
        .pulled
        .keep_welcome(&welcome(), TimeDelta::seconds(-7))
        .await
        .expect("keeps");
    let changes = vec![put(ticket("LU-2", 1, "DENUNCE", "2026-01-10"))];
    desk.cache.apply(&page(changes), "second life").await.expect("applies");
    let pulled = &desk.cache.pulled;
    assert_eq!(pulled.ticket(&ticket_code("LU-1")).await.expect("reads"), None);
    assert!(pulled.ticket(&ticket_code("LU-2")).await.expect("reads").is_some());
    assert!(pulled.directory().await.expect("reads").points.is_empty());
    assert_eq!(desk.cache.drafts.get(draft.id).await.expect("is there"), draft);
    let kept = pulled.welcome().await.expect("reads").expect("is there");
    assert_eq!(kept.welcome, welcome());
    assert_eq!(kept.clock_offset(), TimeDelta::seconds(-7));
}

#[tokio::test]
async fn a_reset_throws_away_what_was_pulled_and_nothing_else() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await;
    let draft = desk.draft(1, &["LU-1"]).await;
    desk.cache.reset().await.expect("resets");
    assert_eq!(desk.cache.pulled.cursor().await.expect("reads"), None);
    assert_eq!(
        desk.cache.pulled.ticket(&ticket_code("LU-1")).await.expect("reads"),
        None
    );
    assert_eq!(desk.cache.drafts.get(draft.id).await.expect("is there"), draft);
    let mut changes = offer();
    changes.push(put(ticket("LU-1", 1, "DENUNCE", "2026-01-10")));
    desk.apply(changes).await;
    assert!(
        desk.cache
            .pulled
            .ticket(&ticket_code("LU-1"))
            .await
            .expect("reads")
            .is_some()
    );
}

#[tokio::test]
async fn an_opened_ticket_is_what_was_pulled() {
    let pulled = closed(
        ticket("LU-1", 1, "DENUNCE", "2026-01-10"),
        Outcome::Ko,
        "2026-03-01T09:30:00.5Z",
    );
    let desk = Desk::with(vec![pulled.clone()]).await;
    let opened = desk
        .cache
        .pulled
        .ticket(&ticket_code("LU-1"))
        .await
        .expect("reads")
        .expect("is there");
    assert_eq!(opened.ticket, pulled.ticket);
    assert_eq!(opened.point, Some(code("LU-AZIENDE")));
    assert_eq!(opened.row.company_name, "Cartiera Lucchese S.p.A.");
    assert_eq!(opened.row.topic, topic("DENUNCE", "Aziende", None));
    assert_eq!(opened.row.standing.status, pulled.ticket.status);
    let facts = domain::booking::Facts::of(
        &pulled.ticket,
        topic("DENUNCE", "Aziende", None).threshold(),
        &desk.cache.pulled.directory().await.expect("reads").routing,
        None,
    );
    assert_eq!(
        opened.row.facts(),
        facts,
        "the rules see the row as they see the ticket"
    );
}

#[tokio::test]
async fn rows_come_in_the_order_asked_for_and_unknown_ones_are_left_out() {
    let desk = Desk::with(vec![
        ticket("LU-1", 1, "DENUNCE", "2026-01-10"),
        ticket("LU-2", 1, "DENUNCE", "2026-01-10"),
    ])
    .await;
    let rows = desk
        .cache
        .pulled
        .tickets_of(&[ticket_code("LU-2"), ticket_code("LU-9"), ticket_code("LU-1")])
        .await
        .expect("reads");
    let codes: Vec<_> = rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["LU-2", "LU-1"]);
}

#[tokio::test]
async fn tickets_may_come_before_all_that_they_name() {
    let desk = Desk::new().await;
    desk.apply(vec![put(ticket("LU-1", 1, "DURC", "2026-03-05"))]).await;
    let row = |desk: &Desk| {
        let pulled = desk.cache.pulled.clone();
        async move {
            let opened = pulled.ticket(&ticket_code("LU-1")).await.expect("reads");
            opened.expect("is there").row
        }
    };
    let before = row(&desk).await;
    assert_eq!(before.company_name, fiscal(1), "it goes by its code");
    assert_eq!(
        before.eligibility(present()),
        Eligibility::NotBookable(Obstacle::NoPoint)
    );
    assert_eq!(
        desk.cache.pulled.companies("", now()).await.expect("reads"),
        [],
        "a company that is only named is not the studio's yet"
    );
    desk.apply(offer()).await;
    let after = row(&desk).await;
    assert_eq!(after.company_name, "Cartiera Lucchese S.p.A.");
    assert!(
        matches!(after.eligibility(present()), Eligibility::BookableFrom { on, .. } if on == day("2026-03-16")),
        "{after:?}"
    );
    assert_eq!(desk.cache.pulled.topics_in_use().await.expect("reads").len(), 1);
}

#[tokio::test]
async fn a_threshold_a_point_and_their_ends_reach_every_ticket_of_the_topic() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-03-05")]).await;
    let answer = |desk: &Desk| {
        let pulled = desk.cache.pulled.clone();
        async move {
            let rows = pulled.tickets_of(&[ticket_code("LU-1")]).await.expect("reads");
            let ripe = pulled.bookable_now(present()).await.expect("counts");
            let row = rows[0].eligibility(present());
            assert_eq!(
                ripe == 1,
                matches!(row, Eligibility::Bookable(_)),
                "row and column say the same: {row:?}"
            );
            row
        }
    };
    assert!(matches!(answer(&desk).await, Eligibility::Bookable(_)));
    desk.apply(vec![Change::Put(Entity::Topic(topic("DENUNCE", "Aziende", Some(30))))])
        .await;
    assert!(matches!(answer(&desk).await, Eligibility::BookableFrom { on, .. } if on == day("2026-04-05")));
    desk.apply(vec![Change::Put(Entity::Topic(topic("DENUNCE", "Aziende", None)))])
        .await;
    assert!(matches!(answer(&desk).await, Eligibility::Bookable(_)));
    desk.apply(vec![Change::Put(Entity::Point(Box::new(point(
        "LU-AZIENDE",
        &["DURC"],
    ))))])
    .await;
    assert_eq!(answer(&desk).await, Eligibility::NotBookable(Obstacle::NoPoint));
    desk.apply(vec![Change::Put(Entity::Point(Box::new(point(
        "LU-ALTRO",
        &["DENUNCE"],
    ))))])
    .await;
    assert!(matches!(answer(&desk).await, Eligibility::Bookable(_)));
    desk.apply(vec![Change::Gone(EntityKey::Point(code("LU-ALTRO")))]).await;
    assert_eq!(answer(&desk).await, Eligibility::NotBookable(Obstacle::NoPoint));
    desk.apply(vec![Change::Gone(EntityKey::Topic(code("DENUNCE")))]).await;
    let rows = desk
        .cache
        .pulled
        .tickets_of(&[ticket_code("LU-1")])
        .await
        .expect("reads");
    assert_eq!(rows[0].topic.area, "DENUNCE", "it goes by its code again");
}

#[tokio::test]
async fn companies_have_their_figures_positions_and_delegations() {
    let desk = Desk::with(vec![
        ticket("LU-1", 1, "DENUNCE", "2026-01-10"),
        ticket("LU-2", 1, "DENUNCE", "2026-03-11"),
        closed(
            ticket("LU-3", 1, "DENUNCE", "2026-01-10"),
            Outcome::Ko,
            "2026-02-01T10:00:00Z",
        ),
        ticket("LU-4", 2, "NESSUNO", "2026-01-10"),
    ])
    .await;
    let pulled = &desk.cache.pulled;
    let all = pulled.companies("", now()).await.expect("reads");
    let names: Vec<_> = all.iter().map(|summary| summary.company.name.as_str()).collect();
    assert_eq!(
        names,
        ["Àncora S.r.l.", "bar Zanzibar", "Cartiera Lucchese S.p.A."],
        "as people sort names"
    );
    let one = CompanySummary {
        company: company(1, "Cartiera Lucchese S.p.A."),
        positions: 1,
        open_tickets: 2,
        bookable: 2,
    };
    assert_eq!(all[2], one);
    let found = pulled.company(&code(&fiscal(1)), now()).await.expect("reads");
    assert_eq!(found, Some(one), "one and all are counted alike");
    let found = pulled.companies("ancor", now()).await.expect("reads");
    assert_eq!(found.len(), 1);
    let found = pulled.companies(&fiscal(3), now()).await.expect("reads");
    assert_eq!(found.len(), 1, "a company is found by its code too");
    assert_eq!(
        pulled.company_name(&code(&fiscal(2))).await.expect("reads").as_deref(),
        Some("Àncora S.r.l.")
    );
    assert_eq!(pulled.company(&code(&fiscal(9)), now()).await.expect("reads"), None);

    let ended = Delegation {
        position: code(&matricola(1)),
        from: day("2020-01-01"),
        until: Some(day("2026-03-31")),
    };
    desk.apply(vec![
        Change::Put(Entity::Delegation(ended.clone())),
        Change::Gone(EntityKey::Position(code(&matricola(2)))),
        Change::Gone(EntityKey::Company(code(&fiscal(3)))),
    ])
    .await;
    let positions = pulled.positions(&code(&fiscal(1))).await.expect("reads");
    assert_eq!(positions[0].delegation.as_ref(), Some(&ended));
    let delegations = pulled
        .delegations(&[code(&matricola(1)), code(&matricola(2))])
        .await
        .expect("reads");
    assert_eq!(delegations, [ended], "a position takes its delegation with it");
    assert_eq!(pulled.positions(&code(&fiscal(2))).await.expect("reads"), []);
    assert_eq!(pulled.companies("", now()).await.expect("reads").len(), 2);
}

#[tokio::test]
async fn companions_lead_to_the_same_point_and_are_bookable_now() {
    let desk = Desk::with(vec![
        ticket("LU-1", 1, "DENUNCE", "2026-03-01"),
        ticket("LU-2", 1, "DURC", "2026-01-10"),
        ticket("LU-3", 1, "COLF", "2026-01-10"),
        ticket("LU-4", 1, "DENUNCE", "2026-03-11"),
        ticket("LU-5", 2, "DENUNCE", "2026-01-10"),
        ticket("LU-6", 1, "DENUNCE", "2026-01-05"),
    ])
    .await;
    let pulled = &desk.cache.pulled;
    let of = pulled
        .tickets_of(&[ticket_code("LU-1")])
        .await
        .expect("reads")
        .remove(0);
    let codes: Vec<_> = pulled
        .companions(&of, present())
        .await
        .expect("reads")
        .into_iter()
        .map(|row| row.code.to_string())
        .collect();
    assert_eq!(codes, ["LU-6", "LU-2"], "longest waiting first");
}

#[tokio::test]
async fn a_ticket_that_is_gone_leaves_nothing() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await;
    let mut changes = vec![gone("LU-1"), gone("LU-404")];
    desk.apply(changes.clone()).await;
    let pulled = &desk.cache.pulled;
    assert_eq!(pulled.ticket(&ticket_code("LU-1")).await.expect("reads"), None);
    assert_eq!(pulled.topics_in_use().await.expect("reads"), []);
    changes.push(put(ticket("LU-1", 1, "DENUNCE", "2026-01-10")));
    desk.apply(changes).await;
    assert!(
        pulled.ticket(&ticket_code("LU-1")).await.expect("reads").is_some(),
        "where an entity is in a page twice, the last one holds"
    );
}

#[tokio::test]
async fn the_directory_names_what_it_does_not_know_by_its_code() {
    let desk = Desk::with(Vec::new()).await;
    let directory = desk.cache.pulled.directory().await.expect("reads");
    assert_eq!(directory.sede_name(&code("LU")), "Lucca");
    assert_eq!(directory.sede_name(&code::<SedeCode>("PI")), "PI");
    assert_eq!(directory.topic(&code("IGNOTO")).area, "IGNOTO");
    desk.apply(vec![Change::Gone(EntityKey::Sede(code("LU")))]).await;
    let directory = desk.cache.pulled.directory().await.expect("reads");
    assert_eq!(directory.sede_name(&code("LU")), "LU");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_opened_while_pages_come_in_is_of_whole_pages() {
    const PAGES: u32 = 40;
    let desk = Desk::new().await;
    let cache = desk.cache.clone();
    let pull = tokio::spawn(async move {
        for n in 0..PAGES {
            let tickets = (0..10).map(|k| put(ticket(&format!("T-{}", n * 10 + k), 1, "DENUNCE", "2026-01-10")));
            let page = Page {
                more: n % 3 != 0,
                ..page(tickets.collect())
            };
            cache.apply(&page, EPOCH).await.expect("applies");
        }
    });
    let mut last = 0;
    while last < PAGES * 10 {
        for text in ["", "t", "buongiorno"] {
            let filter = TicketFilter {
                text: text.into(),
                ..TicketFilter::default()
            };
            let pulled = &desk.cache.pulled;
            let list = pulled.open_tickets(&filter, TicketSort::Code, false, present()).await;
            let list = list.expect("opens");
            assert_eq!(list.total() % 10, 0, "a page is there or it is not");
            assert!(list.total() >= last, "nothing that was there is gone");
            last = list.total();
        }
    }
    pull.await.expect("pulls");
}
