//! Promise 3: the feed misses nothing and costs what changed.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::code::TicketCode;

use super::Bench;
use super::world::{
    ALFA_1, ALFA_1B, ALFA_2, AZIENDE, BETA_1, Replica, THURSDAY, TUESDAY, View, World, booked, booking, code, day, decided,
    offering, refused, ripe,
};
use crate::{
    BookRefusal, CONTRACT_VERSION, CancelOutcome, Change, Cursor, DeskOutcome, Entity, EntityKey, StoreError, TicketAct,
};

pub async fn the_first_pull_is_the_whole_truth<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let mut elsewhere = ripe("LU-91", BETA_1);
    elsewhere.messages[0].text = "Cosa di BETA.".into();
    world.admit([elsewhere]).await;
    let view = View::of(&*world.alfa).await;
    let published = offering(1);
    assert_eq!(view.sedi.into_values().collect::<Vec<_>>(), published.sedi);
    assert_eq!(view.topics.len(), published.topics.len());
    for topic in published.topics {
        assert_eq!(view.topics[&topic.code], topic);
    }
    for point in published.points {
        assert_eq!(view.points[&point.code], point);
    }
    assert_eq!(view.companies.len(), 2, "its own companies only");
    assert_eq!(
        view.positions.keys().map(|matricola| matricola.as_str()).collect::<Vec<_>>(),
        [ALFA_1, ALFA_1B, ALFA_2]
    );
    assert_eq!(view.delegations.len(), 3);
    let ticket = &view.tickets[&code::<TicketCode>("LU-1")];
    assert_eq!(ticket.ticket, ripe("LU-1", ALFA_1), "with its whole conversation");
    assert_eq!(ticket.carried_until, appointment.carries_until());
    assert_eq!(view.tickets.len(), 1, "promise 2");
    assert_eq!(view.appointments.into_values().collect::<Vec<_>>(), [appointment]);
    assert_eq!(view.taken.len(), 1);
}

pub async fn after_that_only_what_changed_comes<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([ripe("LU-2", ALFA_1)]).await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let cursor = copy.cursor.clone();
    assert_eq!(copy.pull(&*world.alfa).await, [], "nothing new is nothing to pull");
    assert_eq!(copy.cursor, cursor);
    world
        .desk
        .act(&code("LU-2"), TicketAct::Reply, "Stiamo verificando.")
        .await
        .expect("an outcome");
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came.len(), 1, "one ticket changed: {came:?}");
    assert_eq!(copy.view.ticket("LU-2").ticket.messages.len(), 2);
    world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came.len(), 3, "an appointment, its ticket and a taken place: {came:?}");
    assert_eq!(copy.view, View::of(&*world.alfa).await, "a copy that is kept up is the whole truth");
}

pub async fn an_entity_that_changed_often_comes_once<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    for _ in 0..50 {
        world
            .desk
            .act(&code("LU-1"), TicketAct::Reply, "Ancora.")
            .await
            .expect("an outcome");
        let appointment = world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
        let outcome = world.alfa.cancel(decided(), appointment.id).await.expect("an outcome");
        assert!(matches!(outcome, CancelOutcome::Cancelled { .. }));
    }
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came.len(), 50 + 1 + 1, "fifty appointments, one ticket, one place");
    assert_eq!(copy.view, View::of(&*world.alfa).await);
}

pub async fn pages_add_up_to_the_whole<B: Bench>() {
    let world = World::<B>::new().await;
    let codes: BTreeSet<String> = (0..2_300).map(|number| format!("LU-{number:04}")).collect();
    world.admit(codes.iter().map(|ticket| ripe(ticket, ALFA_1))).await;
    let mut copy = Replica::default();
    let mut came = Vec::new();
    let mut pages = 1;
    while copy.pull_page(&*world.alfa, &mut came).await {
        pages += 1;
    }
    assert!(pages >= 3, "2,300 tickets do not fit on fewer pages");
    let tickets = came
        .iter()
        .filter(|change| matches!(change, Change::Put(Entity::Ticket(_))))
        .count();
    assert_eq!(tickets, codes.len(), "none twice");
    let seen: BTreeSet<String> = copy.view.tickets.keys().map(ToString::to_string).collect();
    assert_eq!(seen, codes, "none missing");
}

pub async fn what_changes_during_a_first_pull_is_not_missed<B: Bench>() {
    let world = World::<B>::new().await;
    world
        .admit((0..2_300).map(|number| ripe(&format!("LU-{number:04}"), ALFA_1)))
        .await;
    world.admit([ripe("LU-X", ALFA_2)]).await;
    let mut copy = Replica::default();
    let mut came = Vec::new();
    assert!(copy.pull_page(&*world.alfa, &mut came).await);
    // One that was on the page already, and one that is still to come; and a position goes altogether.
    let appointment = world.book(&booking(&["LU-0000"], &TUESDAY[..1])).await;
    world.book(&booking(&["LU-2299"], &[THURSDAY])).await;
    world.alfa.cancel(decided(), appointment.id).await.expect("an outcome");
    world.delegate("ALFA", ALFA_2, "2026-01-01", Some(&day(0))).await;
    assert!(copy.pull_page(&*world.alfa, &mut came).await);
    world.it_is("2026-11-24T00:00");
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view, View::of(&*world.alfa).await);
    assert!(!copy.view.tickets.contains_key(&code::<TicketCode>("LU-X")));
}

pub async fn a_cursor_of_another_life_of_the_store_is_told_so<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let other = World::<B>::with_a_ticket().await;
    let theirs = Replica::pulled(&*other.alfa).await.cursor;
    assert_eq!(world.alfa.pull(theirs.as_ref()).await, Err(StoreError::EpochChanged));
    let beta = Replica::pulled(&*world.beta).await.cursor;
    assert_eq!(
        world.alfa.pull(beta.as_ref()).await,
        Err(StoreError::EpochChanged),
        "a cursor of another studio has passed over what was not that studio's"
    );
    for text in ["", "nonsense", "1", "/", "00000000-0000-0000-0000-000000000000/5"] {
        let unreadable = Cursor(text.into());
        let answer = world.alfa.pull(Some(&unreadable)).await;
        assert_eq!(answer, Err(StoreError::EpochChanged), "{text:?} can only be pulled anew");
    }
}

pub async fn after_a_restore_everybody_pulls_from_the_beginning<B: Bench>() {
    let (world, _) = World::<B>::with_an_appointment().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let before = world.alfa.hello(CONTRACT_VERSION).await.expect("a welcome").epoch;
    let seen = world.everybody_sees().await;
    world.desk.begin_new_life().await.expect("begun");
    let after = world.alfa.hello(CONTRACT_VERSION).await.expect("a welcome").epoch;
    assert_ne!(after, before, "another life of the store");
    let page = world.alfa.pull(copy.cursor.as_ref()).await;
    assert_eq!(page, Err(StoreError::EpochChanged), "what it has may be of the time after the backup");
    copy = Replica::pulled(&*world.alfa).await;
    assert_eq!(copy.pull(&*world.alfa).await, [], "and its new cursor goes on");
    assert_eq!(world.everybody_sees().await, seen, "nothing else changed");
}

pub async fn what_another_studio_books_shows_as_a_count_only<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([ripe("LU-91", BETA_1)]).await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let theirs = world
        .beta
        .book(decided(), &booking(&["LU-91"], &TUESDAY[..1]))
        .await
        .expect("an outcome");
    let theirs = booked(theirs);
    let held = |change: &Change| match change {
        Change::Put(Entity::Taken(held)) => {
            assert_eq!(held.point, code(AZIENDE));
            assert_eq!(held.taken.start, theirs.slot.start.instant());
            assert_eq!(held.taken.end, theirs.slot.end.instant());
            held.taken.count
        }
        change => panic!("promise 2: a stranger sees a taken place only, not {change:?}"),
    };
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came.iter().map(held).collect::<Vec<_>>(), [1]);
    world.beta.cancel(decided(), theirs.id).await.expect("an outcome");
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came.iter().map(held).collect::<Vec<_>>(), [0], "given back");
}

pub async fn places_of_the_past_are_not_pulled_first<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.clock.set(appointment.slot.end.instant());
    let view = View::of(&*world.alfa).await;
    assert_eq!(view.taken.len(), 0, "no slot of the past is booked any more");
    assert_eq!(view.appointments.len(), 1, "R15: the appointment is history, and stays");
}

pub async fn what_is_published_again_unchanged_is_no_change<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let (mut alfa, mut beta) = (Replica::pulled(&*world.alfa).await, Replica::pulled(&*world.beta).await);
    let mut published = offering(1);
    world.desk.publish(&published).await.expect("published");
    world.admit([ripe("LU-1", ALFA_1)]).await;
    assert_eq!(alfa.pull(&*world.alfa).await, []);
    published.points[0].desks = 4;
    world.desk.publish(&published).await.expect("published");
    let came = alfa.pull(&*world.alfa).await;
    let changed = Change::Put(Entity::Point(Box::new(published.points[0].clone())));
    assert_eq!(came, [changed], "one point changed");
    assert_eq!(beta.pull(&*world.beta).await, came, "the same for everybody");
}

fn gone_tickets(came: &[Change]) -> BTreeSet<&str> {
    came.iter()
        .filter_map(|change| match change {
            Change::Gone(EntityKey::Ticket(ticket)) => Some(ticket.as_str()),
            _ => None,
        })
        .collect()
}

pub async fn a_delegation_that_ends_takes_its_tickets_along<B: Bench>() {
    let world = World::<B>::new().await;
    world
        .admit([ripe("LU-1", ALFA_1), ripe("LU-2", ALFA_1), ripe("LU-3", ALFA_1B), ripe("LU-4", ALFA_2)])
        .await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    world.delegate("ALFA", ALFA_1, "2026-01-01", Some(&day(0))).await;
    world.delegate("ALFA", ALFA_2, "2026-01-01", Some(&day(1))).await;
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(gone_tickets(&came).len(), 0, "R2: its last day counts");
    assert_eq!(came.len(), 2, "the delegations say when they end: {came:?}");
    world.clock.set(super::world::at("2026-11-24T00:00") - TimeDelta::seconds(1));
    assert_eq!(copy.pull(&*world.alfa).await, []);
    world.it_is("2026-11-24T00:00");
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(gone_tickets(&came), ["LU-1", "LU-2"].into(), "R18, with the day");
    assert_eq!(copy.view.ticket_codes(), ["LU-3", "LU-4"]);
    assert_eq!(copy.view.delegations.len(), 2);
    assert_eq!(copy.view.companies.len(), 2, "the company has another position");
    world.it_is("2026-11-25T08:00");
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.companies.len(), 1, "this one has none");
    // What happens there now is nobody's business here.
    world.admit([ripe("LU-5", ALFA_1)]).await;
    world
        .desk
        .act(&code("LU-1"), TicketAct::Reply, "Ad altri.")
        .await
        .expect("an outcome");
    assert_eq!(copy.pull(&*world.alfa).await, []);
    assert_eq!(copy.view, View::of(&*world.alfa).await, "a new device sees the same");
}

pub async fn a_delegation_that_ends_leaves_live_appointments_until_they_are_over<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([ripe("LU-1", ALFA_1), ripe("LU-2", ALFA_1)]).await;
    let kept = world.book(&booking(&["LU-1"], &[THURSDAY])).await;
    let cancelled = world.book(&booking(&["LU-2"], &["2026-12-03T09:00"])).await;
    world.delegate("ALFA", ALFA_1, "2026-01-01", Some(&day(0))).await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    world.it_is("2026-11-24T08:00");
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.ticket_codes(), ["LU-1", "LU-2"], "R18: it keeps what it has");
    assert_eq!(copy.view.appointments.len(), 2);
    world
        .desk
        .act(&code("LU-1"), TicketAct::Reply, "Ad altri.")
        .await
        .expect("an outcome");
    world.admit([ripe("LU-3", ALFA_1)]).await;
    assert_eq!(copy.pull(&*world.alfa).await, [], "R18: nothing new of that position");
    assert_eq!(
        View::of(&*world.alfa).await.ticket("LU-1").ticket.messages.len(),
        1,
        "not for a new device either"
    );
    let why = refused(
        world
            .alfa
            .book(decided(), &booking(&["LU-3"], &["2026-12-03T09:30"]))
            .await
            .expect("an outcome"),
    );
    assert!(matches!(why, BookRefusal::Rule { .. }), "R2: {why:?}");
    let outcome = world.alfa.cancel(decided(), cancelled.id).await.expect("an outcome");
    assert!(matches!(outcome, CancelOutcome::Cancelled { .. }), "R18: its own to cancel");
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.appointments.len(), 2, "one is live still");
    world.clock.set(kept.slot.end.instant());
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.tickets.len(), 0, "R18: after the last appointment its copy is removed");
    assert_eq!(copy.view.appointments.len(), 0);
    assert_eq!(copy.view.delegations.len(), 2);
    assert_eq!(copy.view.from(world.now()), View::of(&*world.alfa).await);
}

pub async fn a_delegation_that_is_announced_shows_tickets_when_it_begins<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut copy = Replica::pulled(&*world.beta).await;
    world.delegate("BETA", ALFA_1, &day(2), None).await;
    copy.pull(&*world.beta).await;
    assert_eq!(copy.view.tickets.len(), 0, "not before its day");
    world.it_is("2026-11-25T00:00");
    copy.pull(&*world.beta).await;
    assert_eq!(copy.view.ticket_codes(), ["LU-1"]);
    assert!(copy.view.positions.contains_key(&code(ALFA_1)));
    assert!(copy.view.companies.contains_key(&code("01000000001")));
    assert_eq!(copy.view, View::of(&*world.beta).await);
}

pub async fn a_delegation_that_is_renewed_brings_everything_back<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let appointment = world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
    let before = Replica::pulled(&*world.alfa).await;
    let mut copy = before.clone();
    world.delegate("ALFA", ALFA_1, "2026-01-01", Some(&day(0))).await;
    world.it_is("2026-11-25T08:00");
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.tickets.len(), 0);
    world
        .desk
        .act(&code("LU-1"), TicketAct::Reply, "Intanto.")
        .await
        .expect("an outcome");
    world.delegate("ALFA", ALFA_1, "2026-01-01", None).await;
    copy.pull(&*world.alfa).await;
    assert_eq!(copy.view.ticket("LU-1").ticket.messages.len(), 2);
    assert_eq!(copy.view.appointments[&appointment.id], appointment);
    assert_eq!(copy.view.from(world.now()), View::of(&*world.alfa).await);
}

pub async fn who_takes_over_sees_the_tickets_and_that_one_is_carried<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.delegate("ALFA", ALFA_1, "2026-01-01", Some(&day(0))).await;
    world.delegate("BETA", ALFA_1, &day(1), None).await;
    world.it_is("2026-11-24T08:00");
    let mut copy = Replica::pulled(&*world.beta).await;
    let ticket = copy.view.ticket("LU-1");
    assert_eq!(ticket.carried_until, appointment.carries_until(), "R5, R18: that it is carried, no more");
    assert_eq!(copy.view.appointments.len(), 0, "not who holds it");
    let told = world
        .desk
        .tell(
            appointment.id,
            domain::appointment::SedeChange::MoveTo {
                slot: super::world::slot(AZIENDE, THURSDAY),
            },
            "Spostato.",
        )
        .await;
    assert_eq!(told, Ok(DeskOutcome::Done));
    copy.pull(&*world.beta).await;
    let until = super::world::slot(AZIENDE, THURSDAY).end.instant();
    assert_eq!(copy.view.ticket("LU-1").carried_until, Some(until));
    world.alfa.cancel(decided(), appointment.id).await.expect("an outcome");
    copy.pull(&*world.beta).await;
    assert_eq!(copy.view.ticket("LU-1").carried_until, None);
    assert_eq!(copy.view, View::of(&*world.beta).await);
}
