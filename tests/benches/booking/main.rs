//! T1: bookings in a second, of 8 and 32 clients at 300 sedi: through `store-postgres`, and through the server over HTTPS
//! with connections that are kept, beside pgbench, which writes the same rows with one statement written by hand
//! (`by_hand.sql`). Each has a database of its own with the same world, all on one cluster that writes to its disk before it
//! answers; they take turns, and each round books as many.
//!
//! `cargo bench -p agenda-sede-tests --bench booking` — `BOOKINGS=2000` for shorter rounds, `ROUNDS=9` for more.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod world;

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use agenda_sede_tests::house::House;
use postgres_cluster::Cluster;
use sede_for_tests::database::{as_owner, as_server, assert_sound, copy_of, empty, make_roles};
use sede_for_tests::world::decided;
use store::{BookOutcome, CalendarStore, SetClock};
use store_postgres::{Connections, PostgresStore, install};
use tokio::runtime::Runtime;
use world::STUDIOS;

const CLIENTS: [u32; 2] = [8, 32];
const DATABASES: [&str; 3] = ["by_hand", "in_the_store", "over_https"];

fn main() {
    // Under `cargo test` it is enough that this compiles.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let (bookings, rounds) = (given("BOOKINGS", 6_400), given("ROUNDS", 5));
    let cluster = Cluster::start(&[("shared_buffers", "'512MB'"), ("max_wal_size", "'4GB'")]);
    // As many as the clients book in all rounds; the first round warms up.
    let tickets: u32 = CLIENTS.iter().map(|clients| bookings / clients * (rounds + 1)).sum();
    Runtime::new().unwrap().block_on(fill(&cluster, tickets + 1));
    let ways: [Box<dyn Way + '_>; 3] = [
        Box::new(ByHand::over(&cluster)),
        Box::new(InTheStore::over(&cluster)),
        Box::new(OverHttps::over(&cluster)),
    ];
    let mut taken = vec![[const { Vec::new() }; CLIENTS.len()]; ways.len()];
    let mut booked = 0;
    for round in 0..=rounds {
        for (place, clients) in CLIENTS.into_iter().enumerate() {
            let each = bookings / clients;
            for (way, taken) in ways.iter().zip(&mut taken) {
                let rate = way.book(clients, booked, each);
                if round > 0 {
                    taken[place].push(rate);
                }
            }
            booked += each;
        }
        if round == 0 {
            // As PostgreSQL does by itself within a minute: plans made on empty tables are made anew.
            for database in DATABASES {
                cluster.sql(database, "ANALYZE");
            }
        }
    }
    for database in DATABASES {
        let expected: u32 = CLIENTS.iter().map(|clients| bookings / clients * clients).sum::<u32>() * (rounds + 1);
        let places = cluster.sql(database, "SELECT count(*) FROM place");
        assert_eq!(places, expected.to_string(), "{database}");
    }
    assert_sound(&cluster, "in_the_store");
    assert_sound(&cluster, "over_https");
    print(&ways, taken, bookings);
}

fn given(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

/// Three databases with the same world.
async fn fill(cluster: &Cluster, tickets: u32) {
    make_roles(cluster);
    empty(cluster, "world");
    install(&as_owner(cluster, "world")).await.unwrap();
    let store = opened(cluster, "world", 2).await;
    world::fill(&store.desk(), tickets).await;
    store.close().await;
    cluster.sql("world", "VACUUM ANALYZE");
    for name in DATABASES {
        copy_of(cluster, "world", name);
    }
    cluster.sql("postgres", "CHECKPOINT");
}

async fn opened(cluster: &Cluster, database: &str, most: u32) -> PostgresStore {
    let connections = Connections {
        most,
        ..Connections::default()
    };
    let clock = Arc::new(SetClock::new(world::morning()));
    PostgresStore::open(&as_server(cluster, database), connections, clock)
        .await
        .unwrap()
}

/// A way to book.
trait Way {
    fn name(&self) -> &'static str;

    /// Bookings in a second, of so many clients who book `each` of their tickets after the first `booked`.
    fn book(&self, clients: u32, booked: u32, each: u32) -> f64;
}

struct ByHand<'a> {
    cluster: &'a Cluster,
    body: String,
    outcome: String,
}

impl<'a> ByHand<'a> {
    fn over(cluster: &'a Cluster) -> Self {
        let script = include_str!("by_hand.sql");
        fs::write(cluster.folder().join("by_hand.sql"), script).unwrap();
        let (body, outcome) = example(cluster);
        Self { cluster, body, outcome }
    }
}

/// An appointment and its outcome as they are written down, so that rows are as long.
fn example(cluster: &Cluster) -> (String, String) {
    copy_of(cluster, "world", "example");
    Runtime::new().unwrap().block_on(async {
        let store = opened(cluster, "example", 1).await;
        let outcome = store
            .studio(&world::studio(0))
            .book(decided(), &world::booking(0, 1))
            .await;
        assert!(matches!(outcome, Ok(BookOutcome::Booked { .. })), "{outcome:?}");
        store.close().await;
    });
    (
        cluster.sql("example", "SELECT body FROM appointment"),
        cluster.sql("example", "SELECT outcome FROM attempt"),
    )
}

impl Way for ByHand<'_> {
    fn name(&self) -> &'static str {
        "one statement by hand (pgbench)"
    }

    fn book(&self, clients: u32, booked: u32, each: u32) -> f64 {
        let output = self
            .cluster
            .client("pgbench", "by_hand", "server")
            .args(["--no-vacuum", "--protocol=prepared", "--file=by_hand.sql"])
            .arg(format!("--client={clients}"))
            .arg("--jobs=2")
            .arg(format!("--transactions={each}"))
            .arg(format!("--define=n={booked}"))
            .arg(format!("--define=sedi={}", world::SEDI))
            .arg(format!("--define=studios={STUDIOS}"))
            .arg(format!("--define=slots_of_a_day={}", world::SLOTS_OF_A_DAY))
            .arg(format!("--define=body={}", self.body))
            .arg(format!("--define=outcome={}", self.outcome))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")).unwrap();
        rate.split(' ').next().unwrap().parse().unwrap()
    }
}

/// Bookings in a second of clients that all begin at once, each with a store of his own.
fn booked_at_once(runtime: &Runtime, stores: Vec<Arc<dyn CalendarStore>>, booked: u32, each: u32) -> f64 {
    runtime.block_on(async {
        let mut clients = tokio::task::JoinSet::new();
        let begun = Instant::now();
        for (studio, store) in (0..).zip(stores) {
            clients.spawn(async move {
                for number in booked + 1..=booked + each {
                    let outcome = store.book(decided(), &world::booking(studio, number)).await;
                    assert!(
                        matches!(outcome, Ok(BookOutcome::Booked { .. })),
                        "{studio} {number}: {outcome:?}"
                    );
                }
                each
            });
        }
        let booked: u32 = clients.join_all().await.into_iter().sum();
        f64::from(booked) / begun.elapsed().as_secs_f64()
    })
}

struct InTheStore<'a> {
    cluster: &'a Cluster,
    runtime: Runtime,
}

impl<'a> InTheStore<'a> {
    fn over(cluster: &'a Cluster) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { cluster, runtime }
    }
}

impl Way for InTheStore<'_> {
    fn name(&self) -> &'static str {
        "store-postgres"
    }

    fn book(&self, clients: u32, booked: u32, each: u32) -> f64 {
        // As many connections as clients, as pgbench has.
        let store = self.runtime.block_on(opened(self.cluster, "in_the_store", clients));
        let stores =
            (0..clients).map(|number| Arc::new(store.studio(&world::studio(number))) as Arc<dyn CalendarStore>);
        let rate = booked_at_once(&self.runtime, stores.collect(), booked, each);
        self.runtime.block_on(store.close());
        rate
    }
}

struct OverHttps {
    runtime: Runtime,
    stores: Vec<Arc<dyn CalendarStore>>,
    _house: House,
}

impl OverHttps {
    fn over(cluster: &Cluster) -> Self {
        let house = House::before(opened(cluster, "over_https", 32));
        let runtime = Runtime::new().unwrap();
        let stores = runtime.block_on(async {
            let mut stores: Vec<Arc<dyn CalendarStore>> = Vec::new();
            for number in 0..STUDIOS {
                stores.push(Arc::new(house.device(&world::studio(number)).await));
            }
            stores
        });
        Self {
            runtime,
            stores,
            _house: house,
        }
    }
}

impl Way for OverHttps {
    fn name(&self) -> &'static str {
        "sede serve, HTTPS"
    }

    fn book(&self, clients: u32, booked: u32, each: u32) -> f64 {
        let stores = self.stores[..usize::try_from(clients).unwrap()].to_vec();
        booked_at_once(&self.runtime, stores, booked, each)
    }
}

fn print(ways: &[Box<dyn Way + '_>], mut taken: Vec<[Vec<f64>; CLIENTS.len()]>, bookings: u32) {
    let heading = format!("T1: {bookings} bookings a round, in a second");
    println!(
        "{heading:<48} {:>8} {:>8} {:>8} {:>8}",
        "slowest", "median", "fastest", "ratio"
    );
    for (place, clients) in CLIENTS.into_iter().enumerate() {
        let mut base = None;
        for (way, taken) in ways.iter().zip(&mut taken) {
            let rates = &mut taken[place];
            rates.sort_unstable_by(f64::total_cmp);
            let median = rates[rates.len() / 2];
            let base = *base.get_or_insert(median);
            let name = format!("{clients:>2} clients, {}", way.name());
            let (least, most) = (rates[0], rates[rates.len() - 1]);
            println!("{name:<48} {least:8.0} {median:8.0} {most:8.0} {:8.2}", median / base);
        }
    }
}
