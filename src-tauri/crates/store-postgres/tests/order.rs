//! Promise 3: transactions commit in another order than they began, and nothing slips behind a cursor.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sede_for_tests::copy::Copy;
use sede_for_tests::database::{Database, assert_sound, cluster};
use sede_for_tests::world::{clock, decided, fill, studio, ticket, wishing};
use store::{BookOutcome, CalendarStore, SedeDesk, TicketAct};

const STUDIOS: usize = 4;
const WRITERS: usize = 16;
const ROUNDS: usize = 40;

/// A client that pulls all the time while many write: booking and cancelling at two sedi, and the sede answers tickets of
/// all studios. Meanwhile long transactions hold back every snapshot. In the end it has exactly what the server has.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_pulls_all_the_time_ends_with_the_server_s_state() {
    let database = Database::fresh().await;
    let servers = [database.store(clock()).await, database.store(clock()).await];
    fill(&servers[0].desk(), STUDIOS, WRITERS / STUDIOS).await;
    let done = Arc::new(AtomicBool::new(false));

    let mut pullers = tokio::task::JoinSet::new();
    for number in 0..STUDIOS {
        let session = servers[number % 2].studio(&studio(number));
        let done = done.clone();
        pullers.spawn(async move {
            let mut copy = Copy::pulled(&session).await;
            let (mut pulls, mut came) = (0_usize, 0);
            while !done.load(Ordering::Relaxed) {
                came += copy.pull(&session).await;
                pulls += 1;
            }
            copy.pull(&session).await;
            println!("studio {number}: {pulls} pulls, {came} changes");
            assert!(came > 0, "a client that sees nothing happen proves nothing");
            (number, copy)
        });
    }

    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let session = servers[writer % 2].studio(&studio(writer % STUDIOS));
        let desk = servers[(writer + 1) % 2].desk();
        writers.spawn(async move {
            for round in 0..ROUNDS {
                let sede = ["LU", "PI"][(writer + round) % 2];
                let code = ticket(writer % STUDIOS, sede, 3, writer / STUDIOS);
                let slots: Vec<i32> = (0..5)
                    .map(|step| i32::try_from((writer * 7 + round + step) % 60).unwrap())
                    .collect();
                let outcome = session
                    .book(decided(), &wishing(&code, sede, 3, &slots))
                    .await
                    .expect("an outcome");
                if round % 3 == 0 {
                    let acted = desk.act(&code.parse().unwrap(), TicketAct::Reply, "Ancora.").await;
                    acted.expect("an outcome");
                }
                if let BookOutcome::Booked { appointment } = outcome {
                    session.cancel(decided(), appointment.id).await.expect("an outcome");
                }
            }
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer.expect("a writer to end");
    }
    done.store(true, Ordering::Relaxed);

    while let Some(copy) = pullers.join_next().await {
        let (number, copy) = copy.expect("a client to end");
        let fresh = Copy::pulled(&servers[0].studio(&studio(number))).await;
        assert_eq!(copy.entities, fresh.entities, "studio {number} missed something");
    }
    assert_sound(cluster(), &database.name);
}

/// A writer that has its number but has not committed holds the others of the same stream, so that no later number is seen
/// before it.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_never_seen_before_a_smaller_one() {
    let database = Database::fresh().await;
    let store = database.store(clock()).await;
    fill(&store.desk(), 2, 2).await;
    let session = store.studio(&studio(0));
    let mut copy = Copy::pulled(&session).await;

    // Somebody who has locked the stream and takes his time.
    let address = cluster().address(&database.name, "server");
    let mut slow = <sqlx::PgConnection as sqlx::Connection>::connect(&address)
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN; UPDATE studio_stream SET head = head + 1 WHERE studio = 'STUDIO-0'")
        .execute(&mut slow)
        .await
        .unwrap();
    let code = ticket(0, "LU", 1, 0);
    let act = {
        let (desk, code) = (store.desk(), code.clone());
        tokio::spawn(async move { desk.act(&code.parse().unwrap(), TicketAct::Reply, "Dopo.").await })
    };
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!act.is_finished(), "the second waits for the first to commit");
    assert_eq!(copy.pull(&session).await, 0, "reading waits for nobody");
    // Another studio's stream is not held.
    let other = ticket(1, "LU", 1, 0);
    store
        .desk()
        .act(&other.parse().unwrap(), TicketAct::Reply, "Subito.")
        .await
        .expect("an outcome");
    sqlx::raw_sql("COMMIT").execute(&mut slow).await.unwrap();
    act.await.unwrap().expect("an outcome");
    assert_eq!(copy.pull(&session).await, 1);
    assert_eq!(copy.entities, Copy::pulled(&session).await.entities);
}
