//! Stores in PostgreSQL: one cluster for the test file, one installation, and a copy of it for each case.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres_cluster::Cluster;
use store::{Clock, SedeDesk as _, SystemClock};
use store_postgres::{Connections, DatabaseAddress, PostgresStore, install};
use tokio::sync::OnceCell;

/// The database that the others are copies of.
const TEMPLATE: &str = "template_store";

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start(&[]))
}

fn address(database: &str, role: &str) -> DatabaseAddress {
    cluster().address(database, role).parse().expect("an address")
}

/// The roles of an administrator, and an installed store without anything in it.
async fn make_template() {
    let roles = "CREATE ROLE owner LOGIN CREATEROLE; CREATE ROLE sede_server NOLOGIN";
    cluster().sql("postgres", roles);
    cluster().sql("postgres", "CREATE ROLE server LOGIN IN ROLE sede_server");
    cluster().create_database(TEMPLATE, None);
    cluster().sql("postgres", &format!("ALTER DATABASE {TEMPLATE} OWNER TO owner"));
    install(&address(TEMPLATE, "owner"))
        .await
        .expect("a store is installed");
}

/// A store of its own; its database goes with it.
pub(crate) struct Database {
    name: String,
}

impl Database {
    /// A database with an empty store in it.
    pub(crate) async fn fresh() -> Self {
        static TEMPLATE_MADE: OnceCell<()> = OnceCell::const_new();
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        TEMPLATE_MADE.get_or_init(make_template).await;
        let name = format!("store_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        cluster().create_database(&name, Some(TEMPLATE));
        cluster().sql("postgres", &format!("ALTER DATABASE \"{name}\" OWNER TO owner"));
        let copy = Self { name };
        let store = copy.store(Arc::new(SystemClock)).await;
        store.desk().begin_new_life().await.expect("a life of its own");
        store.close().await;
        copy
    }

    /// The store in it, as the server's role.
    pub(crate) async fn store(&self, clock: Arc<dyn Clock>) -> PostgresStore {
        PostgresStore::open(&address(&self.name, "server"), Connections::default(), clock)
            .await
            .expect("a store to open")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        cluster().sql("postgres", &format!("DROP DATABASE \"{}\" WITH (FORCE)", self.name));
    }
}
