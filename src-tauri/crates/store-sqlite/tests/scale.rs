//! A training sede of any size goes in, and comes out page by page as it went in. `SCALE=200000` measures; the usual run is
//! small.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use domain::time::Now;
use store::{
    AppointmentFilter, CalendarStore, Change, Clock, Entity, MOST_RECORDS, SedeDesk, SedeRecords, SystemClock,
    TicketCondition, TicketFilter,
};
use store_sqlite::SqliteStore;
use training::{Seed, Training};

#[tokio::test(flavor = "multi_thread")]
async fn a_training_sede_comes_out_as_it_went_in() {
    let tickets = std::env::var("SCALE")
        .ok()
        .and_then(|size| size.parse().ok())
        .unwrap_or(2_000);
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SystemClock);
    let store = SqliteStore::create(&folder.path().join("store.sqlite"), clock.clone())
        .await
        .unwrap();
    let training = Training::new(Seed(1), tickets, Now::at(clock.now()));
    let desk = store.desk();

    let start = Instant::now();
    desk.publish(&training.offering()).await.unwrap();
    for studio in training.studios() {
        desk.enrol(&studio).await.unwrap();
    }
    let mut admitting = std::time::Duration::ZERO;
    for admission in training.admissions(2_000) {
        let start = Instant::now();
        desk.admit(&admission).await.unwrap();
        admitting += start.elapsed();
    }
    println!(
        "{tickets} tickets admitted in {admitting:?} ({:?} with inventing them)",
        start.elapsed()
    );

    let rival = store.studio(&training.rival().code);
    let start = Instant::now();
    for (attempt, booking) in training.rival_bookings() {
        let outcome = rival.book(*attempt, booking).await.unwrap();
        assert!(matches!(outcome, store::BookOutcome::Booked { .. }), "{outcome:?}");
    }
    let booked = training.rival_bookings().len();
    println!("{booked} bookings in {:?}", start.elapsed());

    let session = store.studio(&training.studio().code);
    let start = Instant::now();
    let (mut cursor, mut pages, mut seen) = (None, 0, BTreeSet::new());
    let mut taken = 0;
    loop {
        let page = session.pull(cursor.as_ref()).await.unwrap();
        assert!(page.changes.len() <= 1_000, "a page holds at most 1,000 changes");
        pages += 1;
        for change in page.changes {
            match change {
                Change::Put(Entity::Ticket(pulled)) => {
                    assert!(seen.insert(pulled.ticket.code), "each ticket comes once");
                }
                Change::Put(Entity::Taken(_)) => taken += 1,
                _ => {}
            }
        }
        cursor = Some(page.cursor);
        if !page.more {
            assert_eq!(page.remaining, 0);
            break;
        }
    }
    println!(
        "{} tickets in {pages} pages in {:?}; {taken} taken",
        seen.len(),
        start.elapsed()
    );
    let start = Instant::now();
    let page = session.pull(cursor.as_ref()).await.unwrap();
    assert_eq!(page.changes, []);
    println!("nothing new: {:?}", start.elapsed());

    let records = store.records();
    let start = Instant::now();
    let (mut read, mut after) = (BTreeSet::new(), None);
    loop {
        let page = records
            .tickets(&TicketFilter::default(), after.as_ref(), MOST_RECORDS)
            .await
            .unwrap();
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.ticket.code.clone());
        for record in page {
            assert!(read.insert(record.ticket.code), "each ticket comes once");
        }
    }
    assert_eq!(
        read.len() as u64,
        records.counts().await.unwrap().tickets,
        "and all of them come"
    );
    assert!(read.is_superset(&seen), "the sede sees what the studio sees");
    println!("{} tickets read by the sede in {:?}", read.len(), start.elapsed());
    for condition in [TicketCondition::Open, TicketCondition::Withdrawn] {
        let start = Instant::now();
        let filter = TicketFilter {
            condition: Some(condition),
            ..TicketFilter::default()
        };
        let page = records.tickets(&filter, None, 100).await.unwrap();
        println!("a page of {} {condition:?}: {:?}", page.len(), start.elapsed());
    }
    let start = Instant::now();
    let page = records
        .appointments(&AppointmentFilter::default(), None, 100)
        .await
        .unwrap();
    println!("a page of {} appointments: {:?}", page.len(), start.elapsed());
    let start = Instant::now();
    let checkup = records.checkup().await.unwrap();
    assert!(checkup.is_kept(), "{:?}", checkup.broken().collect::<Vec<_>>());
    println!("every promise looked at in {:?}", start.elapsed());
}
