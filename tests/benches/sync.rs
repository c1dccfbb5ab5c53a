//! T4: what a studio's program reads of the sede, over HTTPS out of PostgreSQL into its own files, with 2,000, 20,000 and
//! 200,000 tickets: everything for the first time, beside `COPY` out of the same database and a bulk insert into an SQLite
//! file with the same tables and indexes; a hundred tickets that changed; and nothing. Requests are counted.
//!
//! `cargo bench -p agenda-sede-tests --bench sync` — `TICKETS=2000,20000` for other sizes, `ROUNDS=9` for more rounds.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use agenda_sede_tests::house::House;
use async_trait::async_trait;
use chrono::Utc;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, TicketCode};
use domain::contact_request::ContactRequest;
use domain::dossier::Entry;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use domain::time::Now;
use postgres_cluster::Cluster;
use sede_for_tests::database::{as_owner, as_server, empty, make_roles};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use store::{
    AcknowledgeOutcome, AssessOutcome, Attempt, BookOutcome, CalendarStore, CancelOutcome, ChangeOutcome, Cursor,
    DepositOutcome, DeskOutcome, EnterOutcome, OpenOutcome, Page, RemindOutcome, SedeDesk, StoreError, SystemClock,
    TicketAct, Upload, UploadOutcome, Welcome, WithdrawOutcome,
};
use store_http::HttpStore;
use store_postgres::{Connections, PostgresStore, install};
use studio::view::desk::DeskView;
use studio::{Deaf, Options, Studio};
use sync::TracingWatcher;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use training::{Seed, Training};

const CHANGED: u32 = 100;

fn main() {
    // Under `cargo test` it is enough that this compiles.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let sizes = std::env::var("TICKETS").unwrap_or_else(|_| "2000,20000,200000".into());
    let rounds: u32 = std::env::var("ROUNDS").map_or(5, |rounds| rounds.parse().unwrap());
    let cluster = Cluster::start(&[("shared_buffers", "'512MB'"), ("max_wal_size", "'4GB'")]);
    make_roles(&cluster);
    let runtime = Runtime::new().unwrap();
    println!(
        "{:<58} {:>9} {:>9} {:>9} {:>7}",
        "T4: a studio reads the sede, milliseconds", "fastest", "median", "slowest", "ratio"
    );
    for size in sizes.split(',') {
        let tickets: u32 = size.trim().parse().unwrap();
        let sede = runtime.block_on(Sede::with(&cluster, tickets));
        // The first round warms up.
        let mut seen: Vec<Round> = (0..=rounds).map(|_| runtime.block_on(sede.round())).skip(1).collect();
        print(tickets, &mut seen);
    }
}

/// A sede with training in it, and its server.
struct Sede<'a> {
    cluster: &'a Cluster,
    database: String,
    store: PostgresStore,
    house: House,
    training: Training,
}

impl<'a> Sede<'a> {
    async fn with(cluster: &'a Cluster, tickets: u32) -> Self {
        let database = format!("sede_{tickets}");
        empty(cluster, &database);
        install(&as_owner(cluster, &database)).await.unwrap();
        let store = opened(cluster, &database).await;
        let training = Training::new(Seed(6542), tickets, Now::at(Utc::now()));
        let rival = store.studio(&training::rival().code);
        training::load(&store.desk(), &rival, &training, &mut |_, _| {})
            .await
            .unwrap();
        cluster.sql(&database, "VACUUM ANALYZE");
        let address = as_server(cluster, &database);
        let house = std::thread::spawn(move || {
            House::before(async move {
                PostgresStore::open(&address, Connections::default(), Arc::new(SystemClock))
                    .await
                    .unwrap()
            })
        });
        Self {
            cluster,
            database,
            store,
            house: house.join().unwrap(),
            training,
        }
    }

    async fn round(&self) -> Round {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Counted::over(self.house.device(&training::studio().code).await));
        let studio = opened_studio(folder.path(), store.clone()).await;

        let begun = Instant::now();
        studio.sync_now().await.unwrap();
        let first = begun.elapsed();
        let (pages, came) = store.seen();
        assert!(came > self.tickets(), "{came}");

        let begun = Instant::now();
        studio.sync_now().await.unwrap();
        let nothing = begun.elapsed();
        assert_eq!(store.seen(), (1, 0), "one question, and nothing is the answer");

        self.change().await;
        let begun = Instant::now();
        studio.sync_now().await.unwrap();
        let changed = begun.elapsed();
        assert_eq!(store.seen(), (1, CHANGED), "what changed, on one page");
        studio.close().await;

        let copied = self.copied(&folder).await;
        Round {
            first,
            pages,
            nothing,
            changed,
            copied,
        }
    }

    fn tickets(&self) -> u32 {
        u32::try_from(self.training.tickets().count()).unwrap()
    }

    /// The sede answers a hundred tickets, or opens them again where they are closed.
    async fn change(&self) {
        let desk = self.store.desk();
        let mut changed = 0;
        for ticket in self.training.tickets() {
            for act in [TicketAct::Reply, TicketAct::Reopen] {
                let outcome = desk.act(&ticket.code, act, "Stiamo verificando.").await.unwrap();
                if outcome == DeskOutcome::Done {
                    changed += 1;
                    break;
                }
            }
            if changed == CHANGED {
                return;
            }
        }
        panic!("only {changed} tickets were changed");
    }

    /// `COPY` of the bodies that the studio sees out of PostgreSQL, and what the studio's file holds, in bulk into another.
    async fn copied(&self, folder: &TempDir) -> Duration {
        let filled = folder.path().join("cache.db");
        let other = folder.path().join("other.db");
        let mut bare = SqliteConnection::connect_with(
            &SqliteConnectOptions::new()
                .filename(&other)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal),
        )
        .await
        .unwrap();
        let tables = tables(&mut bare, &filled).await;

        let begun = Instant::now();
        let output = self
            .cluster
            .client("psql", &self.database, "server")
            .args(["--no-psqlrc", "--quiet", "--output=copied", "--command"])
            .arg(
                "COPY (SELECT t.body FROM seen AS s JOIN ticket AS t ON t.sede = s.sede AND t.code = s.key
                 WHERE s.studio = 'STUDIO-RICCI' AND s.kind = 'ticket' AND NOT s.gone) TO STDOUT",
            )
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut all = bare.begin().await.unwrap();
        for table in &tables {
            let insert = format!("INSERT INTO main.{table} SELECT * FROM filled.{table}");
            sqlx::query(AssertSqlSafe(insert)).execute(&mut *all).await.unwrap();
        }
        all.commit().await.unwrap();
        let copied = begun.elapsed();

        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM main.ticket_body")
            .fetch_one(&mut bare)
            .await
            .unwrap();
        assert_eq!(rows, i64::from(self.tickets()));
        bare.close().await.unwrap();
        copied
    }
}

/// Attaches `filled`, makes its tables and indexes anew, and says which tables have to be filled.
async fn tables(bare: &mut SqliteConnection, filled: &Path) -> Vec<String> {
    sqlx::query("ATTACH ? AS filled")
        .bind(filled.display().to_string())
        .execute(&mut *bare)
        .await
        .unwrap();
    let made: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT type, name, sql FROM filled.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid",
    )
    .fetch_all(&mut *bare)
    .await
    .unwrap();
    let mut tables = Vec::new();
    for (kind, name, sql) in made {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *bare).await.unwrap();
        if kind == "table" {
            tables.push(name);
        }
    }
    tables
}

async fn opened(cluster: &Cluster, database: &str) -> PostgresStore {
    PostgresStore::open(
        &as_server(cluster, database),
        Connections::default(),
        Arc::new(SystemClock),
    )
    .await
    .unwrap()
}

async fn opened_studio(folder: &Path, store: Arc<dyn CalendarStore>) -> Studio {
    Studio::open(Options {
        desk: DeskView::training(),
        folder: PathBuf::from(folder),
        clock: Arc::new(SystemClock),
        store: Some(store),
        watcher: Arc::new(TracingWatcher),
        listener: Arc::new(Deaf),
    })
    .await
    .unwrap()
}

/// What was seen of one studio.
struct Round {
    first: Duration,
    pages: u32,
    nothing: Duration,
    changed: Duration,
    copied: Duration,
}

fn print(tickets: u32, rounds: &mut [Round]) {
    let middle = rounds.len() / 2;
    let mut line = |what: &str, figure: fn(&Round) -> Duration, base: Option<Duration>| {
        rounds.sort_unstable_by_key(figure);
        let [least, median, most] = [0, middle, rounds.len() - 1].map(|place| figure(&rounds[place]));
        let ratio = base.map_or_else(String::new, |base| {
            format!("{:7.2}", median.as_secs_f64() / base.as_secs_f64())
        });
        let name = format!("{tickets:>7} tickets, {what}");
        let [least, shown, most] = [least, median, most].map(|time| time.as_secs_f64() * 1e3);
        println!("{name:<58} {least:9.1} {shown:9.1} {most:9.1} {ratio}");
        median
    };
    let base = line("COPY out and a bulk insert", |round| round.copied, None);
    line("everything, the first time", |round| round.first, Some(base));
    line("a hundred tickets that changed", |round| round.changed, None);
    line("nothing new", |round| round.nothing, None);
    println!(
        "{tickets:>7} tickets, requests: {} for everything, 1 for the rest",
        rounds[0].pages
    );
}

/// Counts how often the store is asked for changes, and how many come.
struct Counted {
    store: HttpStore,
    asked: AtomicU32,
    came: AtomicU32,
}

impl Counted {
    fn over(store: HttpStore) -> Self {
        Self {
            store,
            asked: AtomicU32::new(0),
            came: AtomicU32::new(0),
        }
    }

    /// Requests and changes since this was last asked.
    fn seen(&self) -> (u32, u32) {
        (
            self.asked.swap(0, Ordering::Relaxed),
            self.came.swap(0, Ordering::Relaxed),
        )
    }
}

#[async_trait]
impl CalendarStore for Counted {
    async fn hello(&self, version: u32) -> Result<Welcome, StoreError> {
        self.store.hello(version).await
    }

    async fn pull(&self, cursor: Option<&Cursor>) -> Result<Page, StoreError> {
        let page = self.store.pull(cursor).await?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.came
            .fetch_add(u32::try_from(page.changes.len()).unwrap(), Ordering::Relaxed);
        Ok(page)
    }

    async fn book(&self, attempt: Attempt, booking: &Booking) -> Result<BookOutcome, StoreError> {
        self.store.book(attempt, booking).await
    }

    async fn deposit(&self, attempt: Attempt, booking: &Booking, waits: bool) -> Result<DepositOutcome, StoreError> {
        self.store.deposit(attempt, booking, waits).await
    }

    async fn withdraw(&self, attempt: Attempt) -> Result<WithdrawOutcome, StoreError> {
        self.store.withdraw(attempt).await
    }

    async fn change(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        change: &StudioChange,
    ) -> Result<ChangeOutcome, StoreError> {
        self.store.change(attempt, appointment, change).await
    }

    async fn cancel(&self, attempt: Attempt, appointment: AppointmentId) -> Result<CancelOutcome, StoreError> {
        self.store.cancel(attempt, appointment).await
    }

    async fn assess_reply(
        &self,
        attempt: Attempt,
        ticket: &TicketCode,
        judgement: Judgement,
    ) -> Result<AssessOutcome, StoreError> {
        self.store.assess_reply(attempt, ticket, judgement).await
    }

    async fn open_ticket(&self, attempt: Attempt, request: &ContactRequest) -> Result<OpenOutcome, StoreError> {
        self.store.open_ticket(attempt, request).await
    }

    async fn remind(&self, attempt: Attempt, ticket: &TicketCode, words: &str) -> Result<RemindOutcome, StoreError> {
        self.store.remind(attempt, ticket, words).await
    }

    async fn acknowledge(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        communication: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError> {
        self.store.acknowledge(attempt, appointment, communication).await
    }

    async fn enter(&self, attempt: Attempt, entry: &Entry) -> Result<EnterOutcome, StoreError> {
        self.store.enter(attempt, entry).await
    }

    async fn upload(&self, upload: &Upload, offset: u64, piece: &[u8]) -> Result<UploadOutcome, StoreError> {
        self.store.upload(upload, offset, piece).await
    }
}
