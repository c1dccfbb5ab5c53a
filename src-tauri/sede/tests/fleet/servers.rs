//! The sede's machines: a cluster at an address that can move to another, and two servers.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use postgres_cluster::{Cluster, Stop};
use sede_for_tests::authority::Authority;
use sede_for_tests::database::{as_owner, empty, make_roles};
use store::SystemClock;
use store_http::{ServerAddress, Trust};
use store_postgres::{Connections, PostgresStore, install};
use tempfile::TempDir;

/// A generous wait for what happens soon.
const SOON: Duration = Duration::from_secs(60);

pub(crate) const DATABASE: &str = "sede";

/// The machines. They end with the value.
pub(crate) struct Fleet {
    cluster: Mutex<Cluster>,
    servers: [Server; 2],
    pub(crate) trust: Trust,
    folder: TempDir,
}

/// A server's place: its port stays when it is killed and started again.
struct Server {
    port: u16,
    operations: u16,
    process: Mutex<Option<Child>>,
}

impl Fleet {
    /// A cluster with an empty store, and two servers that are ready.
    pub(crate) async fn begin() -> Self {
        // Which algorithms: ours, as the clients of these tests have no default of their own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let cluster = Cluster::start(&[]);
        make_roles(&cluster);
        empty(&cluster, DATABASE);
        install(&as_owner(&cluster, DATABASE)).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let certified = Authority::shared().certify(&["localhost"]);
        fs::write(folder.path().join("sede.pem"), certified.certificate).unwrap();
        fs::write(folder.path().join("sede.key"), certified.key).unwrap();
        fs::write(folder.path().join("authority.pem"), Authority::shared().certificate()).unwrap();
        let fleet = Self {
            trust: Trust::system_and(&folder.path().join("authority.pem")).unwrap(),
            servers: [(); 2].map(|()| Server {
                port: free_port(),
                operations: free_port(),
                process: Mutex::new(None),
            }),
            cluster: Mutex::new(cluster),
            folder,
        };
        fleet.database_is_here();
        for server in 0..2 {
            fleet.start(server);
            fleet.ready(server).await;
        }
        fleet
    }

    /// The store, past the servers.
    pub(crate) async fn store(&self) -> PostgresStore {
        let address = self.database().parse().unwrap();
        PostgresStore::open(&address, Connections::default(), Arc::new(SystemClock))
            .await
            .unwrap()
    }

    /// Where a server answers.
    pub(crate) fn address(&self, server: usize) -> ServerAddress {
        format!("https://localhost:{}", self.servers[server].port)
            .parse()
            .unwrap()
    }

    /// Starts a server.
    pub(crate) fn start(&self, server: usize) {
        let place = &self.servers[server];
        let file = |name: &str| self.folder.path().join(name);
        let log = File::options().create(true).append(true).open(file("log")).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_sede"))
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{}", place.port)])
            .args(["--operations", &format!("127.0.0.1:{}", place.operations)])
            .arg("--certificate")
            .arg(file("sede.pem"))
            .arg("--key")
            .arg(file("sede.key"))
            .env_clear()
            .env("SEDE_DATABASE_URL", self.database())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        *place.process.lock().unwrap() = Some(process);
    }

    /// Ends a server as a crash ends it.
    pub(crate) fn kill(&self, server: usize) {
        if let Some(mut process) = self.servers[server].process.lock().unwrap().take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Returns once a server says that it and its database are there.
    pub(crate) async fn ready(&self, server: usize) {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.servers[server].operations));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let begun = Instant::now();
        loop {
            let answer = client.get(format!("http://{address}/ready")).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            assert!(begun.elapsed() < SOON, "never ready: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops PostgreSQL as if the power went, and starts it again.
    pub(crate) fn power_goes(&self) {
        let cluster = self.cluster.lock().unwrap();
        cluster.stop(Stop::Immediate);
        cluster.start_again();
    }

    /// A standby that takes over when it is told to.
    pub(crate) fn standby(&self) -> Cluster {
        self.cluster.lock().unwrap().standby()
    }

    /// The machine with the database is lost, and `standby` takes its place and its address.
    pub(crate) fn fail_over(&self, standby: Cluster) {
        let mut cluster = self.cluster.lock().unwrap();
        cluster.stop(Stop::Immediate);
        standby.promote();
        *cluster = standby;
        drop(cluster);
        self.database_is_here();
    }

    /// Does something with the cluster as it is now.
    pub(crate) fn at_the_database(&self, act: impl FnOnce(&Cluster)) {
        act(&self.cluster.lock().unwrap());
    }

    /// What both servers wrote.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The address of the database, which stays the same wherever it is.
    fn database(&self) -> String {
        format!(
            "postgres://server@localhost/{DATABASE}?host={}",
            self.moving().display()
        )
    }

    fn moving(&self) -> PathBuf {
        self.folder.path().join("database")
    }

    fn database_is_here(&self) {
        let next = self.folder.path().join("next");
        symlink(self.cluster.lock().unwrap().folder(), &next).unwrap();
        fs::rename(next, self.moving()).unwrap();
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for server in 0..2 {
            self.kill(server);
        }
    }
}

/// A port that nobody has at the moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
