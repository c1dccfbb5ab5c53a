//! A PostgreSQL of one's own, for tests: a real cluster, made anew in a folder of its own, that listens on a socket in that
//! folder and nowhere else. It can be stopped hard and started again, and it is gone when the test's process is, however
//! that ends: a guard of its own waits for the other end of a pipe to close.
//!
//! Everybody who reaches the folder is let in as whoever he says he is: it is for invented data only.
#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The oldest version that the program works with.
const OLDEST: u32 = 15;

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Clients are cut off, what they have not committed is rolled back, the rest is written down.
    Fast,
    /// As if the power went: at the next start the log is played back.
    Immediate,
}

/// A cluster of databases and its server.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    owner: Option<Owner>,
    /// Ends the server and removes the folder when its standard input closes: with this process at the latest.
    guard: Child,
}

/// Whom the server runs as, since it refuses to run as root.
#[derive(Debug, Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    /// The user `postgres`, where we are root; nobody else otherwise.
    fn needed() -> Option<Self> {
        let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        root.then(|| {
            let id = |which| {
                let output = Command::new("id")
                    .args([which, "postgres"])
                    .output()
                    .expect("id can be started");
                let text = String::from_utf8_lossy(&output.stdout);
                text.trim()
                    .parse()
                    .expect("a user postgres, whom PostgreSQL's package brings")
            };
            Self {
                user: id("-u"),
                group: id("-g"),
            }
        })
    }
}

impl Cluster {
    /// Makes a cluster and starts it. `settings` are added to its configuration: `("fsync", "off")`.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed or does not start.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let cluster = Self::unmade();
        cluster.ran(
            "initdb",
            [
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--pgdata",
            ],
            &[cluster.data().as_os_str()],
        );
        cluster.configure(&[
            ("listen_addresses", "''"),
            ("unix_socket_directories", &format!("'{}'", cluster.folder.display())),
            ("max_connections", "200"),
            ("shared_buffers", "'128MB'"),
        ]);
        cluster.configure(settings);
        cluster.start_again();
        cluster
    }

    /// A folder for a cluster, and nothing in it.
    fn unmade() -> Self {
        let programs = programs();
        let owner = Owner::needed();
        let folder = tempfile::Builder::new()
            .prefix("postgres-")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir()
            .expect("a folder for the cluster")
            .keep();
        if let Some(Owner { user, group }) = owner {
            chown(&folder, Some(user), Some(group)).expect("root may give a folder away");
        }
        let guard = guard(&folder, &programs, owner);
        Self {
            folder,
            programs,
            owner,
            guard,
        }
    }

    /// Makes a standby that follows this cluster, and starts it. From then on this cluster acknowledges nothing that the
    /// standby has not written too.
    ///
    /// # Panics
    /// Where it does not come to follow.
    pub fn standby(&self) -> Self {
        let standby = Self::unmade();
        let connection = format!("host={} user=postgres", self.folder.display());
        let arguments = [
            OsStr::new(&connection),
            OsStr::new("--pgdata"),
            standby.data().as_os_str(),
        ]
        .map(OsStr::to_owned);
        standby.ran(
            "pg_basebackup",
            [
                "--checkpoint=fast",
                "--wal-method=stream",
                "--write-recovery-conf",
                "--no-sync",
                "--dbname",
            ],
            &arguments.each_ref().map(|argument| argument.as_os_str()),
        );
        // What the copied configuration says of the folder is the other's.
        standby.configure(&[
            ("unix_socket_directories", &format!("'{}'", standby.folder.display())),
            ("cluster_name", "'standby'"),
        ]);
        standby.start_again();
        self.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        self.sql("postgres", "SELECT pg_reload_conf()");
        let follows = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'";
        let patience = Instant::now() + Duration::from_secs(30);
        while self.sql("postgres", follows) != "1" {
            assert!(
                Instant::now() < patience,
                "the standby does not follow: {}",
                standby.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        standby
    }

    /// Makes a standby a cluster of its own, which takes writes and waits for nobody.
    ///
    /// # Panics
    /// Where this is no standby.
    pub fn promote(&self) {
        self.ran(
            "pg_ctl",
            ["promote", "--wait", "--silent", "--pgdata"],
            &[self.data().as_os_str()],
        );
        self.sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
        self.sql("postgres", "SELECT pg_reload_conf()");
    }

    /// Adds settings to the configuration, for the next start. Values are written as they are: quote texts.
    ///
    /// # Panics
    /// Where the file can't be written.
    pub fn configure(&self, settings: &[(&str, &str)]) {
        let file = self.data().join("postgresql.conf");
        let mut text = fs::read_to_string(&file).expect("the configuration");
        for (name, value) in settings {
            text.push_str(&format!("{name} = {value}\n"));
        }
        fs::write(&file, text).expect("the configuration is ours");
    }

    /// Starts the server after a stop, and waits until it takes connections.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn start_again(&self) {
        let log = self.folder.join("log");
        self.ran(
            "pg_ctl",
            ["start", "--wait", "--silent", "--log"],
            &[log.as_os_str(), OsStr::new("--pgdata"), self.data().as_os_str()],
        );
    }

    /// Stops the server, and waits until it has stopped.
    ///
    /// # Panics
    /// Where it does not stop.
    pub fn stop(&self, how: Stop) {
        let how = match how {
            Stop::Fast => "--mode=fast",
            Stop::Immediate => "--mode=immediate",
        };
        self.ran(
            "pg_ctl",
            ["stop", "--wait", "--silent", how, "--pgdata"],
            &[self.data().as_os_str()],
        );
    }

    /// Makes a database, as a copy of `template` where one is named (nobody is connected to it).
    ///
    /// # Panics
    /// Where the server refuses.
    pub fn create_database(&self, name: &str, template: Option<&str>) {
        let template = template.unwrap_or("template0");
        self.sql(
            "postgres",
            &format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""),
        );
    }

    /// Runs statements in `database` as the superuser; returns what they print, columns divided by `|`.
    ///
    /// # Panics
    /// Where one of them fails.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        let output = self
            .client("psql", database, "postgres")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set=ON_ERROR_STOP=1", "--command", statements])
            .output()
            .expect("psql can be started");
        assert!(
            output.status.success(),
            "{statements}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// A client program of PostgreSQL's, which will go to `database` as `user` and find the files in the cluster's folder.
    pub fn client(&self, program: &str, database: &str, user: &str) -> Command {
        let mut client = self.command(program);
        client
            .env("PGHOST", &self.folder)
            .env("PGDATABASE", database)
            .env("PGUSER", user);
        client
    }

    /// Starts a program beside the server, as the same user and in the same folder: a pooler.
    ///
    /// # Panics
    /// Where there is no shell.
    pub fn beside(&self, program: &Path, arguments: &[&OsStr]) -> Companion {
        let script = r#""$@" & cat >/dev/null; kill $!; wait"#;
        let guard = command(Path::new("/bin/sh"), &self.folder, self.owner)
            .args(["-c", script, "companion"])
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell");
        Companion { guard }
    }

    /// The address of `database` for `user`, who needs no password.
    pub fn address(&self, database: &str, user: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.folder.display())
    }

    /// The folder of the cluster, with the server's socket.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the server has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, program: &str) -> Command {
        command(&self.programs.join(program), &self.folder, self.owner)
    }

    fn ran<const N: usize>(&self, program: &str, arguments: [&str; N], more: &[&OsStr]) {
        // To a file, not a pipe: the server keeps the descriptors of who starts it.
        let said = self.folder.join(format!("{program}.out"));
        let file = fs::File::create(&said).expect("a file in the folder");
        let status = self
            .command(program)
            .args(arguments)
            .args(more)
            .stdout(file.try_clone().expect("a descriptor"))
            .stderr(file)
            .status()
            .expect("PostgreSQL's programs can be started");
        assert!(
            status.success(),
            "{program}: {}\n{}",
            fs::read_to_string(&said).unwrap_or_default(),
            self.log()
        );
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // Nothing is left when the test goes on.
        let _ = self.guard.wait();
    }
}

/// A program that runs beside a server. It ends with this, or with the test's process.
#[derive(Debug)]
pub struct Companion {
    guard: Child,
}

impl Drop for Companion {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

fn command(program: &Path, folder: &Path, owner: Option<Owner>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    if let Some(Owner { user, group }) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// A process of its own that outlives this one, if only to clean up behind it. Signals to our group are not for it.
fn guard(folder: &Path, programs: &Path, owner: Option<Owner>) -> Child {
    let script = r#"
        cat >/dev/null
        cd /
        [ ! -f "$1/data/postmaster.pid" ] || "$2/pg_ctl" stop --silent --mode=immediate --pgdata "$1/data"
        rm -rf "$1"
    "#;
    command(Path::new("/bin/sh"), folder, owner)
        .args(["-c", script, "guard"])
        .args([folder, programs])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("a shell")
}

/// Where PostgreSQL's programs are: the newest version that is new enough. `POSTGRES_PROGRAMS` names another folder.
fn programs() -> PathBuf {
    if let Some(named) = std::env::var_os("POSTGRES_PROGRAMS") {
        return named.into();
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions
        .filter_map(|version| {
            let number: u32 = version.file_name().to_str()?.parse().ok()?;
            let programs = version.path().join("bin");
            (number >= OLDEST && programs.join("initdb").exists()).then_some((number, programs))
        })
        .max()
        .expect("PostgreSQL 15 or newer; scripts/setup.sh installs it")
        .1
}
