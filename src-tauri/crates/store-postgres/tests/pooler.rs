//! Through PgBouncer in transaction mode, which hands every transaction to whichever connection is free: different
//! statements of many clients interleave on few connections, and every answer is its own.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use postgres_cluster::Companion;
use sede_for_tests::copy::Copy;
use sede_for_tests::database::{Database, assert_sound, cluster};
use sede_for_tests::world::{booked, clock, decided, fill, slot_start, studio, ticket, wishing};
use store::{CONTRACT_VERSION, CalendarStore, SedeDesk, TicketAct};
use store_postgres::{Connections, DatabaseAddress, OpenError, Pooling, PostgresStore};

const CLIENTS: usize = 24;
const STUDIOS: usize = 4;
const ROUNDS: usize = 7;
/// Connections of the pooler to the server.
const POOL: usize = 3;

fn through() -> Connections {
    Connections {
        most: 16,
        patience: Duration::from_secs(30),
        pooling: Pooling::BehindAPooler,
    }
}

/// A pooler before the cluster of this test file, and the address of `database` through it.
async fn pooler(database: &Database) -> (Companion, DatabaseAddress) {
    let folder = cluster().folder();
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("readable");
        path
    };
    let users = file("users.txt", "\"server\" \"\"\n");
    let place = folder.display();
    let configuration = file(
        "pgbouncer.ini",
        &format!(
            "[databases]\n* = host={place}\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = {place}\n\
             auth_type = trust\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = {POOL}\n\
             max_client_conn = 200\nignore_startup_parameters = extra_float_digits\n",
            users.display()
        ),
    );
    let companion = cluster().beside(
        Path::new("/usr/sbin/pgbouncer"),
        &[configuration.as_os_str(), OsStr::new("--quiet")],
    );
    let address = format!("postgres://server@localhost:6432/{}?host={place}", database.name);
    let address: DatabaseAddress = address.parse().expect("an address");
    for _ in 0..100 {
        match PostgresStore::open(&address, through(), clock()).await {
            Err(OpenError::Unreachable { .. }) => tokio::time::sleep(Duration::from_millis(50)).await,
            _ => break,
        }
    }
    (companion, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_on_few_connections_get_their_own_answers() {
    let database = Database::fresh().await;
    fill(
        &database.store(clock()).await.desk(),
        STUDIOS,
        CLIENTS / STUDIOS * ROUNDS,
    )
    .await;
    let (_pooler, address) = pooler(&database).await;
    let store = PostgresStore::open(&address, through(), clock())
        .await
        .expect("a store to open");
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let number = client % STUDIOS;
        let (session, desk) = (store.studio(&studio(number)), store.desk());
        clients.spawn(async move {
            let mut copy = Copy::pulled(&session).await;
            for round in 0..ROUNDS {
                let welcome = session.hello(CONTRACT_VERSION).await.expect("a welcome");
                assert_eq!(welcome.studio, studio(number));
                assert_eq!(welcome.studio_name, format!("Studio {number}"));

                let code = ticket(number, "LU", 3, client / STUDIOS * ROUNDS + round);
                desk.act(&code.parse().unwrap(), TicketAct::Reply, &code)
                    .await
                    .expect("an outcome");
                // Three share a slot of three desks: nobody is in another's way.
                let slot = i32::try_from((client * ROUNDS + round) / 3).unwrap();
                let attempt = decided();
                let asked = wishing(&code, "LU", 3, &[slot]);
                let appointment = booked(session.book(attempt, &asked).await.expect("an outcome"));
                assert_eq!(appointment.decision, attempt.decision);
                assert_eq!(appointment.tickets, [code.parse().unwrap()]);
                assert_eq!(appointment.slot.start.instant(), slot_start(slot));

                copy.pull(&session).await;
                let seen = &copy.entities[&format!("ticket {code}")];
                assert!(
                    seen.contains(&format!(r#""text":"{code}""#)),
                    "the answer is about this ticket: {seen}"
                );
                assert!(copy.entities.contains_key(&format!("appointment {}", appointment.id)));
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.expect("a client to end well");
    }
    let pooled =
        database.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'server'");
    let pooled: usize = pooled.parse().unwrap();
    assert!(pooled <= POOL, "they shared {POOL} connections, not {pooled}");
    assert_sound(cluster(), &database.name);
    store.close().await;
}
