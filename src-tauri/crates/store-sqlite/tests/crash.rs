//! A process that is killed while it books: what it acknowledged is there, once.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{any_slot, appointments, booked, clock, code, filled, raw, ticket};
use domain::code::{AppointmentId, DecisionId};
use store::{Attempt, CalendarStore};
use store_sqlite::SqliteStore;
use uuid::Uuid;

const STORE: &str = "BOOK_IN_STORE";
const FIRST: &str = "BOOK_FROM_TICKET";
const ROUNDS: u32 = 20;
/// Bookings of a child before it is killed.
const AT_LEAST: u32 = 5;
const TICKETS: u32 = 4_000;

/// The child: books one ticket after the other and says so, until it is killed. Only a process that was given a store does
/// anything.
#[tokio::test]
async fn child() {
    let Ok(path) = std::env::var(STORE) else { return };
    let first: u32 = std::env::var(FIRST).unwrap().parse().unwrap();
    let store = SqliteStore::open(path.as_ref(), clock()).await.unwrap();
    let session = store.studio(&code("ALFA"));
    for index in first..TICKETS {
        let decision = DecisionId::new(Uuid::now_v7());
        println!("asked {index} {decision}");
        std::io::stdout().flush().unwrap();
        let outcome = session
            .book(Attempt::first(decision), &any_slot(&ticket("ALFA", index)))
            .await;
        let appointment = booked(outcome.unwrap());
        println!("acknowledged {index} {decision} {}", appointment.id);
        std::io::stdout().flush().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_kill_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    filled(folder.path(), 20, TICKETS).await.close().await;
    let mut asked = BTreeMap::<DecisionId, u32>::new();
    let mut acknowledged = BTreeMap::<DecisionId, AppointmentId>::new();
    let mut next = 0;
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(STORE, &path)
            .env(FIRST, next.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut child = Some(child);
        let mut killer = None;
        let mut booked_by_it = 0;
        for line in lines.map_while(Result::ok) {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["asked", index, decision] => {
                    next = index.parse::<u32>().unwrap() + 1;
                    asked.insert(code(decision), next - 1);
                }
                ["acknowledged", _, decision, appointment] => {
                    acknowledged.insert(code(decision), code(appointment));
                    booked_by_it += 1;
                }
                _ => {}
            }
            // While it is at it, each time a little later in what it does.
            if booked_by_it == AT_LEAST
                && let Some(mut child) = child.take()
            {
                killer = Some(std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_micros(700) * round);
                    child.kill().unwrap();
                    child.wait().unwrap();
                }));
            }
        }
        killer.expect("the child books until it is killed").join().unwrap();
    }
    println!(
        "{ROUNDS} kills, {} asked, {} acknowledged",
        asked.len(),
        acknowledged.len()
    );
    assert!(
        acknowledged.len() >= (ROUNDS * AT_LEAST) as usize,
        "a child that books nothing proves nothing"
    );

    let store = SqliteStore::open(&path, clock()).await.unwrap();
    let session = store.studio(&code("ALFA"));
    // As a client does that does not know what became of it: the same attempts once more.
    for (decision, index) in &asked {
        let outcome = session
            .book(Attempt::first(*decision), &any_slot(&ticket("ALFA", *index)))
            .await;
        let appointment = booked(outcome.unwrap());
        if let Some(told) = acknowledged.get(decision) {
            assert_eq!(
                appointment.id, *told,
                "an acknowledged booking was lost and booked again"
            );
        }
    }
    let stored = appointments(&session).await;
    assert_eq!(stored.len(), asked.len(), "one appointment for a decision");
    let decisions: BTreeSet<_> = stored.iter().map(|appointment| appointment.decision).collect();
    assert_eq!(decisions, asked.into_keys().collect());
    let wrong: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM taken AS t WHERE count <> (SELECT count(*) FROM place AS p
         WHERE p.point = t.point AND p.starts_at = t.starts_at AND p.ends_at = t.ends_at AND released = 0)",
    )
    .fetch_one(&mut raw(folder.path()).await)
    .await
    .unwrap();
    assert_eq!(wrong, 0, "what everybody sees is what is held");
}
