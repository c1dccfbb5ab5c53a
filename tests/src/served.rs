//! A sede over the network: the real program of the sede's side, `sede serve`, on a store of its own, with a certificate
//! of an authority that only this test knows.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use domain::code::StudioCode;
use domain::time::Now;
use postgres_cluster::Cluster;
use sede::store::Backing;
use sede_for_tests::authority::Authority;
use sede_for_tests::database::{as_owner, as_server, empty, make_roles};
use store::{InviteOutcome, SystemClock};
use store_postgres::{Connections, PostgresStore, install};
use store_sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use training::{Seed, Training};

use crate::program::target;
use crate::waiting;

/// Where a sede keeps its store.
enum Keeping {
    /// In a file of the folder.
    File,
    /// In PostgreSQL.
    Database(Cluster),
}

const DATABASE: &str = "sede";

/// A sede that is served. It ends with the value.
pub struct Served {
    keeping: Keeping,
    folder: TempDir,
    port: u16,
    process: Option<Child>,
    runtime: Runtime,
    training: Training,
}

impl Served {
    /// Makes a sede with `tickets` of training, as of today, in a file, and serves it.
    ///
    /// # Panics
    /// Where the program does not come up.
    #[must_use]
    #[track_caller]
    pub fn begin(tickets: u32) -> Self {
        Self::keeping(Keeping::File, tickets)
    }

    /// The same in PostgreSQL, in a cluster of its own.
    ///
    /// # Panics
    /// Where the program or PostgreSQL does not come up.
    #[must_use]
    #[track_caller]
    pub fn in_postgres(tickets: u32) -> Self {
        Self::keeping(Keeping::Database(Cluster::start(&[])), tickets)
    }

    #[track_caller]
    fn keeping(keeping: Keeping, tickets: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write_certificates(folder.path());
        let runtime = Runtime::new().expect("a runtime");
        let training = Training::new(Seed(6542), tickets, Now::at(Utc::now()));
        runtime.block_on(async {
            match &keeping {
                Keeping::File => {
                    let store = SqliteStore::create(&store_file(&folder), Arc::new(SystemClock)).await;
                    store.expect("a new store").close().await;
                }
                Keeping::Database(cluster) => {
                    make_roles(cluster);
                    empty(cluster, DATABASE);
                    install(&as_owner(cluster, DATABASE)).await.expect("a new store");
                }
            }
            let store = opened(&keeping, &folder).await;
            let rival = store.studio(&training.rival().code, None);
            training::load(&*store.desk(), &*rival, &training, &mut |_, _| {})
                .await
                .expect("the sede is filled");
            store.close().await;
        });
        let mut served = Self {
            keeping,
            folder,
            port: free_port(),
            process: None,
            runtime,
            training,
        };
        served.start();
        served
    }

    /// Serves again, at the same address.
    ///
    /// # Panics
    /// Where the program does not come up.
    #[track_caller]
    pub fn start(&mut self) {
        let file = |name: &str| self.folder.path().join(name);
        let log = File::options()
            .create(true)
            .append(true)
            .open(file("sede.log"))
            .expect("a log");
        let mut command = Command::new(target().join("debug/sede"));
        match &self.keeping {
            Keeping::File => command.env("SEDE_STORE", format!("sqlite:{}", store_file(&self.folder).display())),
            Keeping::Database(cluster) => command.env("SEDE_DATABASE_URL", cluster.address(DATABASE, "server")),
        };
        let process = command
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .args(["--operations", &format!("127.0.0.1:{}", free_port())])
            .arg("--certificate")
            .arg(file("sede.pem"))
            .arg("--key")
            .arg(file("sede.key"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log twice"))
            .stderr(log)
            .spawn()
            .expect("sede is built");
        self.process = Some(process);
        waiting::until("sede serve never listens", || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()
        });
    }

    /// Kills the server.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Its address, as a person writes it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The file with the certificate of its authority.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// What it wrote into its log.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("sede.log")).expect("the server keeps a log")
    }

    /// What it was filled with.
    #[must_use]
    pub const fn training(&self) -> &Training {
        &self.training
    }

    /// Does something with its store, as somebody at the sede does beside the server.
    ///
    /// # Panics
    /// Where the store can't be opened.
    pub fn at_the_sede<T>(&self, act: impl AsyncFnOnce(&dyn Backing) -> T) -> T {
        self.runtime.block_on(async {
            let store = opened(&self.keeping, &self.folder).await;
            let done = act(&*store).await;
            store.close().await;
            done
        })
    }

    /// A new invitation for `person` of `studio`.
    ///
    /// # Panics
    /// Where the studio is unknown.
    #[must_use]
    pub fn invite(&self, studio: &StudioCode, person: &str) -> String {
        self.at_the_sede(async |store| {
            let person = person.parse().expect("a name");
            match store.register().invite(studio, &person, TimeDelta::days(1)).await {
                Ok(InviteOutcome::Invited { code, .. }) => code.reveal().to_string(),
                other => panic!("nobody is invited: {other:?}"),
            }
        })
    }

    /// Revokes every device of `studio`.
    ///
    /// # Panics
    /// Where the store refuses.
    pub fn revoke_all(&self, studio: &StudioCode) {
        self.at_the_sede(async |store| {
            let register = store.register();
            for known in register.devices(Some(studio)).await.expect("the devices") {
                register.revoke(known.admitted.device).await.expect("revoked");
            }
        });
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}

fn store_file(folder: &TempDir) -> PathBuf {
    folder.path().join("store.sqlite")
}

/// The store, as the server opens it.
async fn opened(keeping: &Keeping, folder: &TempDir) -> Arc<dyn Backing> {
    match keeping {
        Keeping::File => {
            let store = SqliteStore::open(&store_file(folder), Arc::new(SystemClock)).await;
            Arc::new(store.expect("the store is there"))
        }
        Keeping::Database(cluster) => {
            let address = as_server(cluster, DATABASE);
            let store = PostgresStore::open(&address, Connections::default(), Arc::new(SystemClock)).await;
            Arc::new(store.expect("the store is there"))
        }
    }
}

/// A port that nobody has at the moment.
///
/// # Panics
/// Where there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("its number").port()
}

/// The authority's certificate, and one of it for this computer.
fn write_certificates(folder: &Path) {
    let authority = Authority::shared();
    let certified = authority.certify(&["localhost"]);
    fs::write(folder.join("authority.pem"), authority.certificate()).expect("written");
    fs::write(folder.join("sede.pem"), certified.certificate).expect("written");
    fs::write(folder.join("sede.key"), certified.key).expect("written");
}
