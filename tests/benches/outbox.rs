//! Deciding what is due among 100,000 drafts and waiting wishes that lie with the store costs
//! what is due, not what lies there. Absolute, on one connection: the limit is 5 ms.
//!
//! `cargo bench -p agenda-sede-tests --bench outbox`

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::path::Path;
use std::time::{Duration, Instant};

use cache::Cache;
use cache::outbox::Work;
use chrono::{DateTime, TimeDelta, Utc};
use domain::code::{DecisionId, DraftId};
use domain::deposit::{Awaited, Deposit};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

const LYING: u32 = 100_000;
const DUE: i64 = 3;
const ROUNDS: usize = 200;

fn now() -> DateTime<Utc> {
    "2026-11-25T08:00:00Z".parse().unwrap()
}

fn main() {
    // Run as a test, it is enough that it runs.
    let (lying, rounds) = match std::env::args().any(|arg| arg == "--bench") {
        true => (LYING, ROUNDS),
        false => (1_000, 2),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure(lying, rounds));
}

async fn measure(lying: u32, rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = Cache::open(folder.path(), now()).await.unwrap();
    cache.close().await;
    fill(&folder.path().join("studio.db"), lying).await;
    let (cache, _) = Cache::open(folder.path(), now()).await.unwrap();
    let mut took: Vec<Duration> = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let began = Instant::now();
        let due = cache.outbox.due(now()).await.unwrap();
        let next = cache.outbox.next_deposited().await.unwrap();
        took.push(began.elapsed());
        assert_eq!(i64::try_from(due.len()).unwrap(), DUE);
        assert!(
            next.is_some_and(|next| next <= now()),
            "those that are due are the next"
        );
    }
    took.sort_unstable();
    let figure = |place: usize| took[place].as_secs_f64() * 1e3;
    println!(
        "what is due among {lying} deposits, ms                      {:9.3} {:9.3} {:9.3}",
        figure(0),
        figure(took.len() / 2),
        figure(took.len() - 1)
    );
    cache.close().await;
}

/// Lays them down as the outbox does, in one transaction: [`DUE`] of them are due, the others on days to come.
async fn fill(path: &Path, lying: u32) {
    let mut file = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path))
        .await
        .unwrap();
    let mut transaction = file.begin().await.unwrap();
    for n in 0..i64::from(lying) {
        let id = u128::try_from(n).unwrap();
        let (decision, draft) = (DecisionId::new(Uuid::from_u128(id)), DraftId::new(Uuid::from_u128(id)));
        let at = if n < DUE {
            now()
        } else {
            now() + TimeDelta::hours(24 + n % 500)
        };
        let deposit = Deposit {
            decision,
            attempt: 1,
            by: None,
            tickets: vec![format!("LU-{n}").parse().unwrap()],
            point: "LU-AZIENDE".parse().unwrap(),
            wishes: Vec::new(),
            deposited_at: now(),
            until: if n % 2 == 0 {
                Awaited::Ripeness { at }
            } else {
                Awaited::Place { at }
            },
        };
        sqlx::query(
            "INSERT INTO outbox (decision, attempt, kind, about, work, subjects, state, not_before, tries, decided_at, deposit)
             VALUES (?1, 1, 'book', ?2, ?3, ?4, 'waiting', ?5, 0, 0, ?6)",
        )
        .bind(decision.to_string())
        .bind(draft.to_string())
        .bind(serde_json::to_string(&Work::Book { draft }).unwrap())
        .bind(format!(r#"["draft:{draft}","ticket:LU-{n}"]"#))
        .bind(at.timestamp_micros())
        .bind(serde_json::to_string(&deposit).unwrap())
        .execute(&mut *transaction)
        .await
        .unwrap();
    }
    transaction.commit().await.unwrap();
    file.close().await.unwrap();
}
