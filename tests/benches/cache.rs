//! T5 and the studio's half of T4: lists, windows and search over 2,000, 20,000 and 200,000 tickets, each beside the bare
//! SQLite query on the same file, taking turns.
//!
//! `cargo bench -p agenda-sede-tests --bench cache` — `TICKETS=2000,20000` for other sizes.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::fmt::Display;
use std::hint::black_box;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use cache::Cache;
use cache::pulled::{Bookable, StatusKind, TicketFilter, TicketSnapshot, TicketSort, TopicScope};
use chrono::{DateTime, TimeDelta, Utc};
use divan::Bencher;
use domain::code::FiscalCode;
use domain::time::Now;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use store::{Change, Cursor, Entity, Page, PulledTicket};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use training::{Seed, Training};

const WINDOW: usize = 100;
const PAGE: usize = 2_000;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    // Under `cargo test` each case runs once; the table is for `cargo bench`.
    if args.iter().any(|arg| arg == "--bench") && !args.iter().any(|arg| arg == "--list") {
        for size in sizes() {
            table(desk(size));
        }
    }
    divan::main();
}

fn sizes() -> Vec<u32> {
    // Run as a test, it is enough that it runs.
    let all = if std::env::args().any(|arg| arg == "--bench") {
        "2000,20000,200000"
    } else {
        "2000"
    };
    let given = std::env::var("TICKETS").unwrap_or_else(|_| all.into());
    given.split(',').map(|size| size.trim().parse().unwrap()).collect()
}

fn at() -> DateTime<Utc> {
    "2026-10-12T07:00:00Z".parse().unwrap()
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// A studio that has pulled so many tickets, with a bare connection to the same file.
struct Desk {
    size: u32,
    cache: Cache,
    company: FiscalCode,
    area: String,
    applied: Duration,
    bare: tokio::sync::Mutex<SqliteConnection>,
    _folder: TempDir,
}

fn desk(size: u32) -> &'static Desk {
    static DESKS: Mutex<Vec<&'static Desk>> = Mutex::new(Vec::new());
    let mut desks = DESKS.lock().unwrap();
    if let Some(known) = desks.iter().find(|desk| desk.size == size) {
        return known;
    }
    let desk: &'static Desk = Box::leak(Box::new(runtime().block_on(filled(size))));
    desks.push(desk);
    desk
}

async fn filled(size: u32) -> Desk {
    let training = Training::new(Seed(1), size, Now::at(at()));
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = Cache::open(folder.path(), at()).await.unwrap();
    let offering = training.offering();
    let area = offering.topics[0].area.clone();
    let mut changes: Vec<Change> = Vec::new();
    changes.extend(offering.sedi.into_iter().map(|sede| Change::Put(Entity::Sede(sede))));
    changes.extend(
        offering
            .topics
            .into_iter()
            .map(|topic| Change::Put(Entity::Topic(topic))),
    );
    changes.extend(
        offering
            .points
            .into_iter()
            .map(|point| Change::Put(Entity::Point(Box::new(point)))),
    );
    let companies = training.companies().iter().cloned();
    changes.extend(companies.map(|company| Change::Put(Entity::Company(company))));
    changes.extend(
        training
            .positions()
            .map(|position| Change::Put(Entity::Position(position))),
    );
    let tickets: Vec<Change> = training.tickets().map(put).collect();
    let company = training.tickets().next().unwrap().company;
    let mut applied = Duration::ZERO;
    for (n, piece) in std::iter::once(&changes[..]).chain(tickets.chunks(PAGE)).enumerate() {
        let page = page(piece.to_vec(), n);
        let begun = Instant::now();
        cache.apply(&page, "life").await.unwrap();
        applied += begun.elapsed();
    }
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("cache.db"))
        .read_only(true)
        .pragma("cache_size", "-6144");
    Desk {
        size,
        cache,
        company,
        area,
        applied,
        bare: tokio::sync::Mutex::new(SqliteConnection::connect_with(&options).await.unwrap()),
        _folder: folder,
    }
}

fn put(ticket: domain::ticket::Ticket) -> Change {
    Change::Put(Entity::Ticket(Box::new(PulledTicket {
        ticket,
        carried_until: None,
    })))
}

fn page(changes: Vec<Change>, n: usize) -> Page {
    Page {
        changes,
        cursor: Cursor(n.to_string()),
        more: false,
        remaining: 0,
        read_at: at(),
    }
}

impl Desk {
    fn open(&self, filter: &TicketFilter, sort: TicketSort, descending: bool, now: Now) -> TicketSnapshot {
        runtime()
            .block_on(self.cache.pulled.open_tickets(filter, sort, descending, now))
            .unwrap()
    }

    /// Filters of every kind, with a name.
    fn filters(&self) -> Vec<(&'static str, TicketFilter)> {
        let all = TicketFilter::default;
        vec![
            ("all", all()),
            (
                "bookable now",
                TicketFilter {
                    bookable: Some(Bookable::Now),
                    ..all()
                },
            ),
            (
                "open",
                TicketFilter {
                    statuses: vec![StatusKind::Open],
                    ..all()
                },
            ),
            (
                "an area",
                TicketFilter {
                    topic: Some(TopicScope::Area(self.area.clone())),
                    ..all()
                },
            ),
            (
                "this year",
                TicketFilter {
                    opened_from: Some("2026-01-01".parse().unwrap()),
                    ..all()
                },
            ),
            (
                "a company",
                TicketFilter {
                    company: Some(self.company.clone()),
                    ..all()
                },
            ),
        ]
    }

    /// The rows of a window, asked of SQLite with nothing around it.
    fn window_bare(&self, rowids: &[u32]) -> usize {
        let ids = serde_json::to_string(rowids).unwrap();
        runtime().block_on(async {
            sqlx::query(
                "SELECT t.id, t.code, c.code, c.name, o.code, t.position, t.sede, t.status, t.closed_at, t.assessment,
                     t.opened_day, t.carried, t.has_point
                 FROM json_each(?1) e CROSS JOIN ticket t ON t.id = e.value
                     CROSS JOIN company c ON c.id = t.company_id CROSS JOIN topic o ON o.id = t.topic_id",
            )
            .bind(ids)
            .fetch_all(&mut *self.bare.lock().await)
            .await
            .unwrap()
            .len()
        })
    }

    /// The ids of all tickets in an order and the figures of the filters, asked of SQLite with nothing around it.
    fn opening_bare(&self, order: &str) -> usize {
        let sql = format!(
            "SELECT group_concat(id), count(*), sum(bookable_from <= ?1), sum(bookable_from IS NULL OR carried > ?1)
             FROM (SELECT id, bookable_from, carried FROM ticket ORDER BY {order})"
        );
        runtime().block_on(async {
            let (ids, _, _, _): (String, i64, i64, i64) = sqlx::query_as(AssertSqlSafe(sql))
                .bind(at().timestamp())
                .fetch_one(&mut *self.bare.lock().await)
                .await
                .unwrap();
            ids.split(',')
                .map(|id| id.parse::<u32>().unwrap())
                .collect::<Vec<_>>()
                .len()
        })
    }

    /// The ids that some words find, asked of SQLite with nothing around it.
    fn search_bare(&self, query: &str) -> usize {
        runtime().block_on(async {
            let ids: Option<String> =
                sqlx::query_scalar("SELECT group_concat(rowid) FROM ticket_words WHERE ticket_words MATCH ?1")
                    .bind(query)
                    .fetch_one(&mut *self.bare.lock().await)
                    .await
                    .unwrap();
            ids.map_or(0, |ids| {
                ids.split(',')
                    .map(|id| id.parse::<u32>().unwrap())
                    .collect::<Vec<_>>()
                    .len()
            })
        })
    }
}

/// Times of one thing.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn take<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        self.0.push(begun.elapsed());
        black_box(done)
    }

    fn at(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let place = ((self.0.len() - 1) as f64 * share).round() as usize;
        self.0[place].as_secs_f64() * 1e3
    }
}

fn line(size: u32, what: impl Display, ours: &mut Times, bare: Option<&mut Times>) {
    let (median, p99) = (ours.at(0.5), ours.at(0.99));
    let beside = bare.map_or_else(String::new, |bare| {
        format!(
            "{:9.3} {:9.3} {:7.2}",
            bare.at(0.5),
            bare.at(0.99),
            median / bare.at(0.5)
        )
    });
    println!(
        "{size:>7}  {what:<44} {median:9.3} {p99:9.3} {beside}",
        what = what.to_string()
    );
}

/// The figures of T5, ours and bare taking turns.
fn table(desk: &Desk) {
    let size = desk.size;
    let now = Now::at(at());
    println!(
        "{:>7}  {:<44} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "tickets", "ms", "median", "p99", "bare", "bare p99", "ratio"
    );
    println!(
        "{size:>7}  {:<44} {:9.0}",
        "first pull, applied",
        desk.applied.as_secs_f64() * 1e3
    );
    let (mut windows, mut bare) = (Times::default(), Times::default());
    let mut step = 7_919_usize;
    for (_, filter) in desk.filters() {
        for sort in TicketSort::ALL {
            for descending in [false, true] {
                let list = desk.open(&filter, sort, descending, now);
                let whole = desk.open(&TicketFilter::default(), sort, descending, now);
                assert_eq!(whole.total(), size, "every ticket is in the list of all");
                for _ in 0..20 {
                    step = step.wrapping_mul(48_271) % 2_147_483_647;
                    let from = step % list.rowids.len().max(1);
                    let window = &list.rowids[from..(from + WINDOW).min(list.rowids.len())];
                    let rows = windows.take(|| runtime().block_on(desk.cache.pulled.tickets_at(window)).unwrap());
                    assert_eq!(rows.len(), window.len(), "a window has all its rows");
                    assert_eq!(bare.take(|| desk.window_bare(window)), window.len());
                }
            }
        }
    }
    line(
        size,
        "a window of 100 of any filter and order",
        &mut windows,
        Some(&mut bare),
    );
    // A walk is remembered from its moment on: asked for an earlier one it is walked anew.
    let mut earlier = 0;
    let mut unremembered = || {
        earlier += 1;
        Now::at(at() - TimeDelta::seconds(earlier))
    };
    for (sort, order) in [
        (TicketSort::Code, "code"),
        (TicketSort::Opened, "opened_day, id"),
        (TicketSort::Bookable, "bookable_from, id"),
    ] {
        let (mut ours, mut bare) = (Times::default(), Times::default());
        for _ in 0..15 {
            let now = unremembered();
            ours.take(|| desk.open(&TicketFilter::default(), sort, false, now));
            assert_eq!(bare.take(|| desk.opening_bare(order)), size as usize);
        }
        line(size, format!("opening all by {sort:?}"), &mut ours, Some(&mut bare));
    }
    for (name, filter) in desk.filters() {
        let mut first = Times::default();
        let mut again = Times::default();
        for sort in TicketSort::ALL {
            for _ in 0..3 {
                let now = unremembered();
                first.take(|| desk.open(&filter, sort, true, now));
                again.take(|| desk.open(&filter, sort, true, now));
            }
        }
        line(size, format!("opening {name}, any order"), &mut first, None);
        line(size, format!("opening {name} again"), &mut again, None);
    }
    for text in ["d", "du", "dur", "durc", "durc irr", "lu-1", "zzz"] {
        let filter = TicketFilter {
            text: text.into(),
            ..TicketFilter::default()
        };
        let words: Vec<String> = cache::fold::words(text)
            .iter()
            .map(|word| format!("\"{word}\"*"))
            .collect();
        let (mut ours, mut bare) = (Times::default(), Times::default());
        let now = Now::at(at());
        desk.open(&TicketFilter::default(), TicketSort::Bookable, false, now);
        let mut found = 0;
        for _ in 0..15 {
            found = ours
                .take(|| desk.open(&filter, TicketSort::Bookable, false, now))
                .rowids
                .len();
            assert_eq!(bare.take(|| desk.search_bare(&words.join(" AND "))), found);
        }
        let first = ours.0[0].as_secs_f64() * 1e3;
        line(
            size,
            format!("typing {text:?} ({found} found, first {first:.2})"),
            &mut ours,
            Some(&mut bare),
        );
    }
    println!();
}

#[divan::bench(args = sizes(), sample_count = 100)]
fn window(bencher: Bencher<'_, '_>, size: u32) {
    let desk = desk(size);
    let list = desk.open(&TicketFilter::default(), TicketSort::Company, false, Now::at(at()));
    let window = &list.rowids[list.rowids.len() / 2..][..WINDOW];
    bencher.bench_local(|| runtime().block_on(desk.cache.pulled.tickets_at(window)).unwrap());
}

#[divan::bench(args = sizes(), sample_count = 100)]
fn window_bare(bencher: Bencher<'_, '_>, size: u32) {
    let desk = desk(size);
    let list = desk.open(&TicketFilter::default(), TicketSort::Company, false, Now::at(at()));
    let window = &list.rowids[list.rowids.len() / 2..][..WINDOW];
    bencher.bench_local(|| desk.window_bare(window));
}

/// T4, the cache's part: a hundred changes among all.
#[divan::bench(args = sizes(), sample_count = 10)]
fn a_hundred_changes(bencher: Bencher<'_, '_>, size: u32) {
    let desk = desk(size);
    let training = Training::new(Seed(1), size, Now::at(at()));
    let every = (size / 100) as usize;
    let changed: Vec<Change> = training
        .tickets()
        .step_by(every)
        .take(100)
        .map(|mut ticket| {
            ticket.reopened_at = Some(at());
            put(ticket)
        })
        .collect();
    bencher.bench_local(|| {
        runtime()
            .block_on(desk.cache.apply(&page(changed.clone(), 0), "life"))
            .unwrap()
    });
}
