//! T2 from the cache: the board of a point. T5 and the studio's half of T4: lists, windows and search over 2,000, 20,000 and 200,000 tickets, each beside the bare
//! SQLite query on a copy of the file that has all that SQLite could wish for, taking turns: a covering index for every
//! order, and FTS5 over all words with its own index of short beginnings.
//!
//! `cargo bench -p agenda-sede-tests --bench cache` — `TICKETS=2000,20000` for other sizes.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

// The other half of it is measured by the benchmark of the rules.
#[allow(dead_code)]
mod busy;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::hint::black_box;
use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use cache::Cache;
use cache::fold::{folded, words};
use cache::pulled::{Bookable, StatusKind, TicketFilter, TicketSnapshot, TicketSort, TopicScope};
use chrono::{DateTime, Utc};
use divan::Bencher;
use domain::availability::{DayPlaces, Taken, places};
use domain::code::FiscalCode;
use domain::ticket::Ticket;
use domain::time::{Now, midnight};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use store::{Change, Cursor, Entity, Page, PulledTicket, TakenAt};
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
    typed: Vec<String>,
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
    changes.extend(busy_board());
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
    let mut pieces = std::iter::once(&changes[..])
        .chain(tickets.chunks(PAGE))
        .enumerate()
        .peekable();
    while let Some((n, piece)) = pieces.next() {
        let page = Page {
            more: pieces.peek().is_some(),
            ..page(piece.to_vec(), n)
        };
        let begun = Instant::now();
        cache.apply(&page, "life").await.unwrap();
        applied += begun.elapsed();
    }
    let bare = bare(folder.path(), &training).await;
    Desk {
        size,
        cache,
        company,
        area,
        applied,
        typed: typed(&training, size),
        bare: tokio::sync::Mutex::new(bare),
        _folder: folder,
    }
}

/// The busy point, and how many places of each interval are held.
fn busy_board() -> impl Iterator<Item = Change> {
    let point = busy::busy_point();
    let mut held: BTreeMap<_, u16> = BTreeMap::new();
    for taken in busy::taken_places(&point) {
        *held.entry((taken.start, taken.end)).or_default() += taken.count;
    }
    let code = point.code.clone();
    let taken = held.into_iter().map(move |((start, end), count)| {
        Change::Put(Entity::Taken(TakenAt {
            point: code.clone(),
            taken: Taken { start, end, count },
        }))
    });
    std::iter::once(Change::Put(Entity::Point(Box::new(point)))).chain(taken)
}

/// The copy, open.
async fn bare(folder: &Path, training: &Training) -> SqliteConnection {
    let copy = folder.join("bare.db");
    let options = SqliteConnectOptions::new().filename(folder.join("cache.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("VACUUM INTO ?1")
        .bind(copy.to_str().unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    let options = SqliteConnectOptions::new()
        .filename(copy)
        .journal_mode(SqliteJournalMode::Off)
        .pragma("cache_size", "-32768");
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let rest = "company_id, topic_id, status, opened_day, carried, bookable_from";
    for key in [
        "code",
        "company_id",
        "topic_id",
        "opened_day",
        "status",
        "bookable_from",
    ] {
        let index = format!("CREATE INDEX sorted_{key} ON ticket ({key}, id, {rest})");
        sqlx::query(AssertSqlSafe(index))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    sqlx::query(
        "CREATE VIRTUAL TABLE fts USING fts5 (
             words, content = '', detail = none, tokenize = 'ascii', prefix = '1 2 3'
         )",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let companies: HashMap<_, _> = training.companies().iter().map(|known| (&known.code, known)).collect();
    let topics: HashMap<_, _> = training
        .offering()
        .topics
        .into_iter()
        .map(|known| (known.code.clone(), known))
        .collect();
    let tickets: Vec<_> = training.tickets().collect();
    for piece in tickets.chunks(PAGE) {
        let texts: Vec<(&str, String)> = piece
            .iter()
            .map(|ticket| {
                let (company, topic) = (companies[&ticket.company], &topics[&ticket.topic]);
                let names = [
                    company.code.as_str(),
                    &company.name,
                    &topic.area,
                    &topic.subject,
                    &topic.detail,
                ];
                (
                    ticket.code.as_str(),
                    folded(&format!("{} {}", own(ticket), names.join(" "))),
                )
            })
            .collect();
        sqlx::query(
            "INSERT INTO fts (rowid, words)
             SELECT t.id, e.value ->> 1 FROM json_each(?1) e CROSS JOIN ticket t ON t.code = e.value ->> 0",
        )
        .bind(serde_json::to_string(&texts).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    }
    sqlx::query("INSERT INTO fts (fts) VALUES ('optimize')")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let options = options.read_only(true).pragma("cache_size", "-6144");
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// What a ticket says of itself.
fn own(ticket: &Ticket) -> String {
    let mut parts = vec![ticket.code.to_string(), ticket.position.to_string()];
    for message in &ticket.messages {
        parts.push(message.text.clone());
        parts.extend(message.files.iter().map(ToString::to_string));
    }
    parts.join(" ")
}

/// What people type: codes and words of some tickets, and two words one after the other, letter by letter.
fn typed(training: &Training, size: u32) -> Vec<String> {
    let mut typed = Vec::new();
    for (n, ticket) in training.tickets().step_by(size as usize / 50).enumerate() {
        let words = words(&own(&ticket));
        let word = |place: usize| words[(n * 31 + place * 17) % words.len()].as_str();
        for text in [
            ticket.code.as_str(),
            word(1),
            word(2),
            word(3),
            &format!("{} {}", word(4), word(5)),
        ] {
            typed.extend((1..=text.len()).filter_map(|end| text.get(..end)).map(str::to_owned));
        }
    }
    typed
}

fn put(ticket: Ticket) -> Change {
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

    /// What is free at the busy point in twelve weeks.
    fn board(&self) -> Vec<DayPlaces> {
        let point = busy::busy_point();
        let taken = self.cache.pulled.taken(&point.code, midnight(busy::today()));
        let taken = runtime().block_on(taken).unwrap();
        places(&point, busy::today(), busy::last(), &taken)
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
    fn opening_bare(&self, index: &str, order: &str) -> usize {
        let sql = format!(
            "SELECT group_concat(id), count(*), sum(bookable_from <= ?1), sum(bookable_from IS NULL OR carried > ?1)
             FROM (SELECT id, bookable_from, carried FROM ticket INDEXED BY {index} ORDER BY {order})"
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

    /// Looks for a text, in both ways. Returns how many it finds.
    fn search(&self, text: &str, ours: &mut Times, bare: &mut Times) -> usize {
        let filter = TicketFilter {
            text: text.into(),
            ..TicketFilter::default()
        };
        let list = ours.take(|| self.open(&filter, TicketSort::Bookable, false, Now::at(at())));
        let query: Vec<String> = words(text).iter().map(|word| format!("\"{word}\"*")).collect();
        let query = query.join(" AND ");
        let found = bare.take(|| self.search_bare(&query));
        assert_eq!(list.rowids.len(), found, "{text:?}");
        found
    }

    /// The ids that some words find, asked of SQLite with nothing around it.
    fn search_bare(&self, query: &str) -> usize {
        runtime().block_on(async {
            let ids: Option<String> = sqlx::query_scalar("SELECT group_concat(rowid) FROM fts WHERE fts MATCH ?1")
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
    for (sort, index, order) in [
        (TicketSort::Code, "sorted_code", "code"),
        (TicketSort::Opened, "sorted_opened_day", "opened_day, id"),
        (TicketSort::Bookable, "sorted_bookable_from", "bookable_from, id"),
    ] {
        let (mut ours, mut bare) = (Times::default(), Times::default());
        for _ in 0..15 {
            ours.take(|| desk.open(&TicketFilter::default(), sort, false, now));
            assert_eq!(bare.take(|| desk.opening_bare(index, order)), size as usize);
        }
        line(size, format!("opening all by {sort:?}"), &mut ours, Some(&mut bare));
    }
    for (name, filter) in desk.filters() {
        let mut ours = Times::default();
        for sort in TicketSort::ALL {
            for descending in [false, true, false, true] {
                ours.take(|| desk.open(&filter, sort, descending, now));
            }
        }
        line(size, format!("opening {name}, any order"), &mut ours, None);
    }
    for text in ["d", "du", "dur", "durc", "durc irr", "lu-1", "zzz"] {
        let (mut ours, mut bare) = (Times::default(), Times::default());
        let mut found = 0;
        for _ in 0..15 {
            found = desk.search(text, &mut ours, &mut bare);
        }
        line(
            size,
            format!("typing {text:?} ({found} found)"),
            &mut ours,
            Some(&mut bare),
        );
    }
    let (mut ours, mut bare) = (Times::default(), Times::default());
    for text in &desk.typed {
        desk.search(text, &mut ours, &mut bare);
    }
    line(size, "typing words of tickets, each letter", &mut ours, Some(&mut bare));
    println!();
}

/// T2: under 1 ms, whatever else the cache holds.
#[divan::bench(args = sizes(), sample_count = 200)]
fn board_of_twelve_weeks_with_1500_taken_places(bencher: Bencher<'_, '_>, size: u32) {
    let desk = desk(size);
    let point = busy::busy_point();
    let days = desk.board();
    let places: Vec<_> = days.iter().flat_map(|day| &day.places).collect();
    let free: usize = places.iter().map(|place| usize::from(place.free)).sum();
    assert_eq!(free, places.len() * usize::from(point.desks) - busy::TAKEN);
    bencher.bench_local(|| desk.board());
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
