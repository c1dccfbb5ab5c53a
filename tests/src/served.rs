//! A sede over the network: the real program of the sede's side, `sede serve`, on a store of its own, with a certificate
//! of an authority that only this test knows.

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use domain::code::StudioCode;
use domain::time::Now;
use postgres_cluster::Cluster;
use rustix::process::{Pid, Signal, kill_process};
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

/// How studios reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Encrypted, as a sede is served.
    Encrypted,
    /// In plain HTTP/1.1, which a server answers on its own computer only: whoever stands between can tell the parts of a
    /// message.
    Plain,
}

/// A sede that is served. It ends with the value.
pub struct Served {
    keeping: Keeping,
    way: Way,
    folder: TempDir,
    port: u16,
    process: Option<Child>,
    runtime: Runtime,
    training: Option<Training>,
}

impl Served {
    /// Makes a sede with `tickets` of training, as of today, in a file, and serves it.
    ///
    /// # Panics
    /// Where the program does not come up.
    #[must_use]
    #[track_caller]
    pub fn begin(tickets: u32) -> Self {
        Self::trained(Keeping::File, tickets)
    }

    /// The same in PostgreSQL, in a cluster of its own.
    ///
    /// # Panics
    /// Where the program or PostgreSQL does not come up.
    #[must_use]
    #[track_caller]
    pub fn in_postgres(tickets: u32) -> Self {
        Self::trained(Keeping::Database(Cluster::start(&[])), tickets)
    }

    /// Makes a sede in a file, which `fill` fills, and serves it.
    ///
    /// # Panics
    /// Where the program does not come up.
    #[must_use]
    #[track_caller]
    pub fn filled(way: Way, fill: impl AsyncFnOnce(&dyn Backing)) -> Self {
        Self::keeping(Keeping::File, way, fill)
    }

    #[track_caller]
    fn trained(keeping: Keeping, tickets: u32) -> Self {
        let training = Training::new(Seed(6542), tickets, Now::at(Utc::now()));
        let mut served = Self::keeping(keeping, Way::Encrypted, async |store: &dyn Backing| {
            let rival = store.studio(&training.rival().code);
            training::load(&*store.desk(), &*rival, &training, &mut |_, _| {})
                .await
                .expect("the sede is filled");
        });
        served.training = Some(training);
        served
    }

    #[track_caller]
    fn keeping(keeping: Keeping, way: Way, fill: impl AsyncFnOnce(&dyn Backing)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write_certificates(folder.path());
        let runtime = Runtime::new().expect("a runtime");
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
            fill(&*store).await;
            store.close().await;
        });
        let mut served = Self {
            keeping,
            way,
            folder,
            port: free_port(),
            process: None,
            runtime,
            training: None,
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
        self.start_with([]);
    }

    /// The same, with more in its environment.
    ///
    /// # Panics
    /// Where the program does not come up.
    #[track_caller]
    pub fn start_with<const N: usize>(&mut self, variables: [(&str, OsString); N]) {
        let file = |name: &str| self.folder.path().join(name);
        let log = File::options()
            .create(true)
            .append(true)
            .open(file("sede.log"))
            .expect("a log");
        let mut command = self.program();
        command
            .envs(variables)
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .args(["--operations", &format!("127.0.0.1:{}", free_port())]);
        if self.way == Way::Encrypted {
            command
                .arg("--certificate")
                .arg(file("sede.pem"))
                .arg("--key")
                .arg(file("sede.key"));
        }
        let process = command
            .stdout(log.try_clone().expect("the log twice"))
            .stderr(log)
            .spawn()
            .expect("sede is built");
        self.process = Some(process);
        waiting::until("sede serve never listens", || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()
        });
    }

    /// The sede's program, on the store.
    fn program(&self) -> Command {
        let mut command = Command::new(target().join("debug/sede"));
        match &self.keeping {
            Keeping::File => command.env("SEDE_STORE", format!("sqlite:{}", store_file(&self.folder).display())),
            Keeping::Database(cluster) => command.env("SEDE_DATABASE_URL", cluster.address(DATABASE, "server")),
        };
        command.stdin(Stdio::null());
        command
    }

    /// What `sede install` says of the store in the file.
    ///
    /// # Panics
    /// Where the program can't be started.
    #[must_use]
    pub fn install(&self) -> Output {
        self.program().arg("install").output().expect("sede is built")
    }

    /// Kills the server.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Tells the server to end, as the system does, and waits until it has.
    ///
    /// # Panics
    /// Where it calls that a failure, or there is none.
    pub fn end(&mut self) {
        let mut process = self.process.take().expect("a server");
        signal(&process, Signal::TERM);
        let ended = process.wait().expect("a server ends");
        assert!(ended.success(), "that it was told to end is no failure: {ended}");
    }

    /// What sends `signal` to the server that runs now: for whoever stands between.
    ///
    /// # Panics
    /// Where there is none.
    pub fn sender(&self, signal: Signal) -> impl FnOnce() + Send + use<> {
        let process = self.process.as_ref().expect("a server").id();
        let process = Pid::from_raw(i32::try_from(process).expect("a process")).expect("a process");
        move || kill_process(process, signal).expect("it is ours")
    }

    /// Returns once the server has ended, whoever ended it.
    pub fn ended(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.wait();
        }
    }

    /// Its port on this computer.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its address, as a person writes it.
    #[must_use]
    pub fn address(&self) -> String {
        self.address_at(self.port)
    }

    /// Its address, for somebody who reaches it by way of another port.
    #[must_use]
    pub fn address_at(&self, port: u16) -> String {
        match self.way {
            Way::Encrypted => format!("https://localhost:{port}"),
            Way::Plain => format!("http://127.0.0.1:{port}"),
        }
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
    ///
    /// # Panics
    /// Where that was not training.
    #[must_use]
    pub const fn training(&self) -> &Training {
        self.training.as_ref().expect("a sede with training")
    }

    /// The file that it keeps its store in.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        store_file(&self.folder)
    }

    /// Its store, opened beside the server.
    ///
    /// # Panics
    /// Where it can't be opened.
    pub async fn store(&self) -> Arc<dyn Backing> {
        opened(&self.keeping, &self.folder).await
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

fn signal(process: &Child, signal: Signal) {
    let id = i32::try_from(process.id()).expect("a process");
    kill_process(Pid::from_raw(id).expect("a process"), signal).expect("it is ours");
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
