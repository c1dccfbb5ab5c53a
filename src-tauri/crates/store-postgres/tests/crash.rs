//! PostgreSQL is stopped as if the power went, again and again, while clients book and ask again: one outcome a key, nothing
//! that was acknowledged is lost, nothing is booked twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use domain::booking::Booking;
use postgres_cluster::{Cluster, Stop};
use sede_for_tests::copy::Copy;
use sede_for_tests::database::{as_owner, as_server, assert_sound, empty, make_roles};
use sede_for_tests::world::{DESKS, clock, decided, fill, studio, ticket, wishing};
use store::{Attempt, BookOutcome, CalendarStore, StoreError};
use store_postgres::{Connections, PostgresStore, install};

const CLIENTS: usize = 8;
const STUDIOS: usize = 4;
const STOPS: u32 = 12;
/// Outcomes between two stops.
const AT_LEAST: u32 = 20;

/// Asks until there is an outcome, as a client does that does not know what became of what it asked.
async fn until_answered(
    session: &dyn CalendarStore,
    attempt: Attempt,
    booking: &Booking,
    cut: &AtomicU32,
) -> BookOutcome {
    loop {
        match session.book(attempt, booking).await {
            Ok(outcome) => return outcome,
            Err(StoreError::Unreachable { .. }) => {
                cut.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("a server that was stopped can only be out of reach: {error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_hard_stop_is_there_once() {
    let cluster = Cluster::start(&[]);
    make_roles(&cluster);
    empty(&cluster, "sede");
    install(&as_owner(&cluster, "sede")).await.expect("a store");
    let connections = Connections {
        most: 12,
        ..Connections::default()
    };
    let store = PostgresStore::open(&as_server(&cluster, "sede"), connections, clock())
        .await
        .expect("a store to open");
    fill(&store.desk(), STUDIOS, 400).await;

    let done = Arc::new(AtomicBool::new(false));
    let (answered, cut) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let session = store.studio(&studio(client % STUDIOS));
        let (done, answered, cut) = (done.clone(), answered.clone(), cut.clone());
        clients.spawn(async move {
            let mut outcomes = Vec::new();
            for round in 0_usize.. {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                let (sede, kind) = (["LU", "PI"][round % 2], round / 2 % 3);
                // Each client has tickets of its own, and after two hundred begins again: refused, as they are carried.
                let code = ticket(
                    client % STUDIOS,
                    sede,
                    DESKS[kind],
                    client / STUDIOS * 200 + round / 6 % 200,
                );
                let first = i32::try_from(client * 11 + round * 7).unwrap();
                let slots: Vec<i32> = (0..5).map(|step| (first + step * 3) % 260).collect();
                let asked = wishing(&code, sede, DESKS[kind], &slots);
                let attempt = decided();
                let outcome = until_answered(&session, attempt, &asked, &cut).await;
                answered.fetch_add(1, Ordering::Relaxed);
                outcomes.push((client, attempt, asked, outcome));
            }
            outcomes
        });
    }
    for stop in 1..=STOPS {
        let before = answered.load(Ordering::Relaxed);
        while answered.load(Ordering::Relaxed) < before + AT_LEAST {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        // Each time a little later in what they are at.
        tokio::time::sleep(Duration::from_micros(900) * stop).await;
        cluster.stop(Stop::Immediate);
        cluster.start_again();
    }
    done.store(true, Ordering::Relaxed);
    let outcomes: Vec<_> = clients.join_all().await.into_iter().flatten().collect();
    let cut = cut.load(Ordering::Relaxed);
    println!("{STOPS} stops, {} outcomes, {cut} calls cut", outcomes.len());
    assert!(cut >= STOPS, "a stop that cuts nobody proves nothing");

    let mut booked = BTreeMap::new();
    for (client, attempt, asked, outcome) in &outcomes {
        let session = store.studio(&studio(client % STUDIOS));
        let again = until_answered(&session, *attempt, asked, &AtomicU32::new(0)).await;
        assert_eq!(again, *outcome, "one outcome a key, whatever happened since");
        if let BookOutcome::Booked { appointment } = outcome {
            booked.insert(attempt.decision, appointment.id.to_string());
        }
    }
    let mut seen = BTreeSet::new();
    for number in 0..STUDIOS {
        let copy = Copy::pulled(&store.studio(&studio(number))).await;
        for appointment in copy.appointments() {
            assert!(seen.insert(appointment.to_owned()), "one appointment is one studio's");
        }
    }
    assert_eq!(
        seen,
        booked.into_values().collect(),
        "nothing acknowledged is lost, nothing is there twice"
    );
    assert_sound(&cluster, "sede");
}
