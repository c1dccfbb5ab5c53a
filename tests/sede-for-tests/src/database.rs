//! A cluster for the whole test file, and in it a database for each case: installed once as its owner, copied, and opened as
//! the server's role.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres_cluster::Cluster;
use store::{Clock, SedeDesk, SystemClock};
use store_postgres::{Connections, DatabaseAddress, Installed, PostgresStore, install};
use tokio::sync::OnceCell;

/// The database that the others are copies of.
const TEMPLATE: &str = "template_store";

/// The cluster of this test file.
///
/// # Panics
/// Where PostgreSQL does not start.
#[must_use]
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start(&[]))
}

/// The roles of an administrator: one that owns databases, one that the server logs in as.
pub fn make_roles(cluster: &Cluster) {
    cluster.sql(
        "postgres",
        "CREATE ROLE owner LOGIN CREATEROLE; CREATE ROLE sede_server NOLOGIN",
    );
    cluster.sql("postgres", "CREATE ROLE server LOGIN IN ROLE sede_server");
}

/// An empty database that `owner` owns.
pub fn empty(cluster: &Cluster, name: &str) {
    made(cluster, name, None);
}

/// A copy of `template`, to which nobody is connected. `owner` owns it too.
pub fn copy_of(cluster: &Cluster, template: &str, name: &str) {
    made(cluster, name, Some(template));
}

fn made(cluster: &Cluster, name: &str, template: Option<&str>) {
    cluster.create_database(name, template);
    cluster.sql("postgres", &format!("ALTER DATABASE \"{name}\" OWNER TO owner"));
}

/// Where `database` is, for who owns it.
#[must_use]
pub fn as_owner(cluster: &Cluster, database: &str) -> DatabaseAddress {
    address(cluster, database, "owner")
}

/// Where `database` is, for the server.
#[must_use]
pub fn as_server(cluster: &Cluster, database: &str) -> DatabaseAddress {
    address(cluster, database, "server")
}

fn address(cluster: &Cluster, database: &str, role: &str) -> DatabaseAddress {
    cluster.address(database, role).parse().expect("an address")
}

/// A store of its own; its database goes with it.
#[derive(Debug)]
pub struct Database {
    /// Its name in [`cluster`].
    pub name: String,
}

impl Database {
    /// A database with an empty store in it.
    pub async fn fresh() -> Self {
        static TEMPLATE_MADE: OnceCell<()> = OnceCell::const_new();
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let cluster = cluster();
        TEMPLATE_MADE
            .get_or_init(|| async {
                make_roles(cluster);
                empty(cluster, TEMPLATE);
                let installed = install(&as_owner(cluster, TEMPLATE)).await;
                assert_eq!(installed.expect("a store is installed"), Installed::New);
            })
            .await;
        let name = format!("store_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        copy_of(cluster, TEMPLATE, &name);
        let copy = Self { name };
        let store = copy.store(Arc::new(SystemClock)).await;
        store.desk().begin_new_life().await.expect("a life of its own");
        store.close().await;
        copy
    }

    /// The store in it, as the server's role.
    pub async fn store(&self, clock: Arc<dyn Clock>) -> PostgresStore {
        self.store_with(Connections::default(), clock).await
    }

    /// The store in it, with other connections.
    ///
    /// # Panics
    /// Where it is not there.
    pub async fn store_with(&self, connections: Connections, clock: Arc<dyn Clock>) -> PostgresStore {
        PostgresStore::open(&as_server(cluster(), &self.name), connections, clock)
            .await
            .expect("a store to open")
    }

    /// Runs statements in it as the superuser.
    pub fn sql(&self, statements: &str) -> String {
        cluster().sql(&self.name, statements)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        cluster().sql("postgres", &format!("DROP DATABASE \"{}\" WITH (FORCE)", self.name));
    }
}

/// What holds over all rows, whatever was asked: never more live appointments than desks, a desk never twice at a time, the
/// counts are what is held, every appointment that stands has its place, and what was granted is what is there.
pub fn assert_sound(cluster: &Cluster, database: &str) {
    let broken = cluster.sql(
        database,
        "SELECT 'places and counts differ', count(*) FROM (
             SELECT sede, point, starts_at, ends_at, count(*)::integer AS count FROM place GROUP BY 1, 2, 3, 4
             EXCEPT SELECT sede, point, starts_at, ends_at, count FROM taken) AS a
         UNION ALL
         SELECT 'counts and places differ', count(*) FROM (
             SELECT sede, point, starts_at, ends_at, count FROM taken WHERE count > 0
             EXCEPT SELECT sede, point, starts_at, ends_at, count(*)::integer FROM place GROUP BY 1, 2, 3, 4) AS b
         UNION ALL
         SELECT 'more places than desks', count(*) FROM place JOIN point ON point.code = place.point
         WHERE place.desk > point.desks
         UNION ALL
         SELECT 'two at one desk', count(*) FROM place AS a JOIN place AS b
             ON a.point = b.point AND a.desk = b.desk AND a.appointment < b.appointment
             AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
         UNION ALL
         SELECT 'stands without a place', count(*) FROM appointment AS a
         WHERE (a.body -> 'state' ->> 'state') = 'confirmed'
             AND NOT EXISTS (SELECT FROM place AS p WHERE p.appointment = a.id)
         UNION ALL
         SELECT 'a place of nobody', count(*) FROM place AS p
         WHERE NOT EXISTS (SELECT FROM appointment AS a
             WHERE a.id = p.appointment AND (a.body -> 'state' ->> 'state') = 'confirmed')
         UNION ALL
         SELECT 'granted and not there', count(*) FROM attempt AS t
         WHERE t.granted AND NOT EXISTS (
             SELECT FROM appointment AS a WHERE a.id = (t.outcome -> 'appointment' ->> 'id')::uuid)
         UNION ALL
         SELECT 'there and not granted', count(*) FROM appointment AS a
         WHERE NOT EXISTS (SELECT FROM attempt AS t
             WHERE t.granted AND t.studio = a.studio AND t.decision = (a.body ->> 'decision')::uuid)",
    );
    for line in broken.lines() {
        assert!(line.ends_with("|0"), "{broken}");
    }
    assert_eq!(broken.lines().count(), 8);
}
