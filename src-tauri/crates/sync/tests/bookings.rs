//! Stories of bookings: real files on both sides, exact counts.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod world;

use cache::drafts::{Attention, DraftPhase, DraftState};
use chrono::TimeDelta;
use domain::booking::Refusal;
use domain::eligibility::{Eligibility, Obstacle};
use domain::slot::Slot;
use domain::ticket::Outcome;
use domain::time::{Civil, midnight};
use store::{BookRefusal, Clock, SedeDesk, TicketAct};
use sync::{LinkState, RoundReport};
use world::firm::Firm;
use world::{World, any_thursday, code, day, monday, open_ticket, rome, slot_at};

fn booked(state: &DraftState) -> bool {
    state.phase() == DraftPhase::Booked
}

fn refusal(state: &DraftState) -> &Refusal {
    match state {
        DraftState::NeedsAttention {
            why: Attention::Refused {
                why: BookRefusal::Rule { refusal },
            },
        } => refusal,
        other => panic!("{other:?} is no refusal by a rule"),
    }
}

fn starts(slots: &[Slot]) -> Vec<Civil> {
    slots.iter().map(|slot| slot.start).collect()
}

#[tokio::test]
async fn a_booking_is_sent_confirmed_and_in_the_agenda_in_one_round() {
    let world = World::new().await;
    world.enrol(1).await;
    world.admit(vec![open_ticket("LU-1", 1, 6)]).await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, None).await;

    let report = firm.round().await;

    assert_eq!((report.answered, report.booked, report.refused), (1, 1, 0));
    assert_eq!(report.link, LinkState::Connected);
    let agenda = firm.agenda().await;
    assert_eq!(agenda.len(), 1);
    assert_eq!(agenda[0].slot.start, Civil::at(rome(11, 26, 9, 30)));
    assert!(booked(&firm.again(&draft).await.state));
    assert_eq!(firm.cache.outbox.waiting().await.unwrap(), 0);
    let ticket = firm.cache.pulled.ticket(&code("LU-1")).await.unwrap().unwrap();
    assert!(ticket.row.standing.carried_until.is_some(), "R5: the ticket is carried");
    assert_eq!(
        firm.round().await,
        RoundReport {
            link: LinkState::Connected,
            ..RoundReport::default()
        },
        "nothing is left to do"
    );
}

#[tokio::test]
async fn of_two_studios_that_want_a_slot_the_later_gets_its_second_wish() {
    let world = World::new().await;
    let (first, second) = (world.enrol(1).await, world.enrol(2).await);
    assert_ne!(first, second);
    world
        .admit(vec![open_ticket("LU-1", 1, 6), open_ticket("LU-2", 2, 6)])
        .await;
    let (one, two) = (Firm::open(&world, 1).await, Firm::open(&world, 2).await);
    one.round().await;
    two.round().await;
    let wishes = vec![slot_at(11, 26, 9, 30), slot_at(11, 26, 10, 30)];
    let (mine, theirs) = (
        one.draft(&["LU-1"], wishes.clone()).await,
        two.draft(&["LU-2"], wishes).await,
    );
    one.send(&mine, None).await;
    two.send(&theirs, None).await;

    assert_eq!((one.round().await.booked, two.round().await.booked), (1, 1));

    let (mine, theirs) = (one.agenda().await, two.agenda().await);
    assert_eq!((mine.len(), theirs.len()), (1, 1), "each sees its own only");
    assert_eq!((mine[0].granted, theirs[0].granted), (0, 1));
    assert_eq!(theirs[0].slot.start, Civil::at(rome(11, 26, 10, 30)));
}

#[tokio::test]
async fn with_no_wish_left_the_draft_asks_for_attention_with_the_nearest_free_slots() {
    let world = World::new().await;
    world.enrol(1).await;
    world.enrol(2).await;
    world
        .admit(vec![open_ticket("LU-1", 1, 6), open_ticket("LU-2", 2, 6)])
        .await;
    let (one, two) = (Firm::open(&world, 1).await, Firm::open(&world, 2).await);
    one.round().await;
    two.round().await;
    let wish = vec![slot_at(11, 26, 9, 30)];
    one.send(&one.draft(&["LU-1"], wish.clone()).await, None).await;
    let theirs = two.draft(&["LU-2"], wish).await;
    two.send(&theirs, None).await;
    one.round().await;

    let report = two.round().await;

    assert_eq!((report.booked, report.refused), (0, 1));
    let refused = two.again(&theirs).await;
    let Refusal::AllTaken { nearest } = refusal(&refused.state) else {
        panic!("{:?}", refused.state)
    };
    assert_eq!(nearest.len(), 6);
    assert!(!starts(nearest).contains(&Civil::at(rome(11, 26, 9, 30))));
    assert!(starts(nearest).contains(&Civil::at(rome(11, 26, 9, 0))));
    assert_eq!(two.agenda().await.len(), 0);

    // Choosing one of those and sending again is the second attempt of the same decision.
    let recalled = two.cache.drafts.recall(theirs.id, two.engine.present()).await.unwrap();
    let change = cache::drafts::DraftChange {
        wishes: Some(vec![slot_at(11, 26, 9, 0)]),
        ..Default::default()
    };
    let now = two.engine.present();
    let saved = two
        .cache
        .drafts
        .save(recalled.id, recalled.revision, change, now)
        .await
        .unwrap();
    let row = two.send(&saved, None).await;
    assert_eq!(row.attempt.number, 2);
    assert_eq!(two.round().await.booked, 1);
    assert_eq!(two.agenda().await.len(), 1);
}

#[tokio::test]
async fn what_was_decided_without_a_network_goes_out_when_the_store_is_back() {
    let world = World::new().await;
    world.enrol(1).await;
    world
        .admit(vec![open_ticket("LU-1", 1, 6), open_ticket("LU-2", 1, 7)])
        .await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let away = world.folder.path().join("elsewhere");
    std::fs::create_dir(&away).unwrap();
    let files = ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"];
    for file in files {
        let _ = std::fs::rename(world.folder.path().join(file), away.join(file));
    }

    let first = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    let second = firm
        .draft(&["LU-2"], vec![slot_at(11, 26, 9, 30), any_thursday()])
        .await;
    firm.send(&first, None).await;
    firm.send(&second, None).await;
    for _ in 0..3 {
        let report = firm.round().await;
        assert_eq!(report.link, LinkState::Offline);
        assert_eq!(report.booked, 0);
        world.clock.advance(TimeDelta::seconds(30));
    }
    assert_eq!(firm.cache.outbox.waiting().await.unwrap(), 2);
    assert_eq!(firm.again(&first).await.state, DraftState::Queued { not_before: None });
    assert!(firm.engine.outage().is_some());

    for file in files {
        let _ = std::fs::rename(away.join(file), world.folder.path().join(file));
    }
    let report = firm.round().await;
    assert_eq!((report.link, report.booked), (LinkState::Connected, 2));
    let agenda = firm.agenda().await;
    let mut granted: Vec<_> = agenda
        .iter()
        .map(|one| (one.tickets[0].clone(), one.slot.start))
        .collect();
    granted.sort();
    assert_eq!(
        granted,
        [
            (code("LU-1"), Civil::at(rome(11, 26, 9, 30))),
            (code("LU-2"), Civil::at(rome(11, 26, 9, 0)))
        ],
        "in the order of deciding: the second found the first's slot taken"
    );
    assert_eq!(firm.engine.outage(), None);
}

#[tokio::test]
async fn a_booking_for_a_ticket_that_ripens_goes_out_when_midnight_passes_in_rome() {
    let world = World::new().await;
    world.enrol(1).await;
    // Opened on Thursday the 19th: bookable from Wednesday the 25th.
    world.admit(vec![open_ticket("LU-1", 1, 4)]).await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, Some(midnight(day(11, 25)))).await;

    let report = firm.round().await;
    assert_eq!(
        (report.deposited, report.booked),
        (1, 0),
        "promise 4: it is left with the store at once"
    );
    for moment in [rome(11, 24, 18, 0), midnight(day(11, 25)) - TimeDelta::seconds(1)] {
        world.clock.set(moment);
        assert_eq!(firm.round().await.answered, 0, "not before its day, at {moment}");
    }
    world.clock.set(midnight(day(11, 25)));
    assert_eq!(firm.round().await.booked, 1);
    assert_eq!(firm.agenda().await[0].booked_at, midnight(day(11, 25)));
}

#[tokio::test]
async fn a_ticket_that_the_sede_answers_meanwhile_asks_for_attention() {
    let world = World::new().await;
    world.enrol(1).await;
    world.admit(vec![open_ticket("LU-1", 1, 4)]).await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, Some(midnight(day(11, 25)))).await;
    world
        .store
        .desk()
        .act(&code("LU-1"), TicketAct::Close(Outcome::Ok), "Definita.")
        .await
        .unwrap();
    world.clock.set(midnight(day(11, 25)));

    let report = firm.round().await;

    assert_eq!((report.booked, report.refused), (0, 1));
    assert_eq!(
        refusal(&firm.again(&draft).await.state),
        &Refusal::TicketNotBookable {
            ticket: code("LU-1"),
            eligibility: Eligibility::NotBookable(Obstacle::Unassessed)
        }
    );
}

#[tokio::test]
async fn a_ticket_that_turns_out_to_ripen_later_waits_by_itself() {
    let world = World::new().await;
    world.enrol(1).await;
    world.admit(vec![open_ticket("LU-1", 1, 6)]).await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(12, 3, 9, 30)]).await;
    firm.send(&draft, None).await;
    // Closed and opened again on Monday: it counts from there, and is ripe on Sunday the 29th.
    let desk = world.store.desk();
    desk.act(&code("LU-1"), TicketAct::Close(Outcome::Ko), "No.")
        .await
        .unwrap();
    desk.act(&code("LU-1"), TicketAct::Reopen, "Riaperta.").await.unwrap();

    let report = firm.round().await;
    assert_eq!((report.requeued, report.booked, report.refused), (1, 0, 0));
    assert_eq!(
        firm.again(&draft).await.state,
        DraftState::Queued {
            not_before: Some(midnight(day(11, 29)))
        }
    );
    assert_eq!(firm.round().await.deposited, 1);
    world.clock.set(rome(11, 28, 23, 59));
    assert_eq!(firm.round().await.answered, 0);
    world.clock.set(rome(11, 29, 0, 0));
    assert_eq!(firm.round().await.booked, 1);
    let numbers: Vec<u32> = firm
        .gate
        .attempts
        .lock()
        .unwrap()
        .iter()
        .map(|attempt| attempt.number)
        .collect();
    assert_eq!(
        numbers,
        [1, 2, 2],
        "a refusal was told in between; then it was left with the store, and asked for"
    );
    assert_eq!(firm.agenda().await.len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_wrong_on_this_computer_decides_nothing() {
    let world = World::new().await;
    world.enrol(1).await;
    world.admit(vec![open_ticket("LU-1", 1, 4)]).await;
    let ahead = std::sync::Arc::new(store::SetClock::new(monday() + TimeDelta::days(40)));
    let gate = world::gate::Gate::before(world.store.studio(&"STUDIO-1".parse().unwrap()));
    let folder = world.folder.path().join("firm-1");
    let firm = Firm::assemble(
        folder,
        1,
        ahead.clone(),
        gate,
        std::sync::Arc::new(sync::TracingWatcher),
    )
    .await;
    firm.round().await;
    assert_eq!(firm.engine.present(), monday(), "the store's clock counts");
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    firm.send(&draft, Some(midnight(day(11, 25)))).await;
    let report = firm.round().await;
    assert_eq!((report.deposited, report.booked), (1, 0));
    assert_eq!(
        firm.round().await.answered,
        0,
        "not before its day by the store's clock"
    );
    ahead.advance(midnight(day(11, 25)) - monday());
    world.clock.set(midnight(day(11, 25)));
    assert_eq!(firm.round().await.booked, 1);
    assert_eq!(ahead.now() - firm.engine.present(), TimeDelta::days(40));
    let restarted = firm.restarted().await;
    assert_eq!(
        restarted.engine.present(),
        world.now(),
        "and is known at the next start"
    );
}
