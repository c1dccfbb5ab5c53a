//! The program on a store in PostgreSQL: installed by the owner, used by the server's role, and checked.

use std::path::Path;
use std::process::{Command, Stdio};

use postgres_cluster::{Cluster, Stop};

const SECRET: &str = "very-secret";

/// What a process ended with and said.
#[derive(Debug)]
struct Answer {
    code: i32,
    said: String,
}

/// A cluster with a database that `owner` owns, and a role for the server.
struct Installation {
    cluster: Cluster,
}

impl Installation {
    fn new() -> Self {
        let cluster = Cluster::start(&[]);
        cluster.sql(
            "postgres",
            "CREATE ROLE owner LOGIN CREATEROLE; CREATE ROLE sede_server NOLOGIN",
        );
        cluster.sql("postgres", "CREATE ROLE server LOGIN IN ROLE sede_server");
        cluster.create_database("sede", None);
        cluster.sql("postgres", "ALTER DATABASE sede OWNER TO owner");
        Self { cluster }
    }

    fn address(&self, role: &str) -> String {
        self.cluster.address("sede", &format!("{role}:{SECRET}"))
    }

    /// The program, with both addresses in its environment.
    fn sede(&self, args: &[&str]) -> Answer {
        self.run(
            &[
                ("SEDE_DATABASE_URL", &self.address("server")),
                ("SEDE_OWNER_DATABASE_URL", &self.address("owner")),
            ],
            args,
        )
    }

    /// The program, with this environment.
    fn run(&self, environment: &[(&str, &str)], args: &[&str]) -> Answer {
        let output = Command::new(env!("CARGO_BIN_EXE_sede"))
            .args(args)
            .current_dir(self.cluster.folder())
            .env_remove("SEDE_STORE")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("the program starts");
        let said = [output.stdout, output.stderr].concat();
        let answer = Answer {
            code: output.status.code().expect("it ends by itself"),
            said: String::from_utf8_lossy(&said).into_owned(),
        };
        assert!(
            !answer.said.contains(SECRET),
            "{args:?}: an address is never told: {answer:?}"
        );
        answer
    }

    fn configuration(&self, text: &str) -> String {
        let path = Path::new(self.cluster.folder()).join("sede.conf");
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }
}

#[test]
fn a_store_is_installed_filled_and_checked() {
    let installation = Installation::new();
    let empty = installation.sede(&["check"]);
    assert_eq!(empty.code, 3, "nothing is installed yet: {empty:?}");
    for created in [true, false] {
        let answer = installation.sede(&["--json", "install"]);
        assert_eq!(answer.code, 0, "{answer:?}");
        assert!(
            answer.said.contains(&format!(r#""created":{created}"#)),
            "twice changes nothing: {answer:?}"
        );
    }
    let seeded = installation.sede(&["seed", "--tickets", "60"]);
    assert_eq!(seeded.code, 0, "{seeded:?}");
    let studios = installation.sede(&["studio", "list"]);
    assert_eq!(studios.code, 0, "{studios:?}");
    let checked = installation.sede(&["check"]);
    assert_eq!(checked.code, 0, "{checked:?}");

    // What is acknowledged may be lost with the power: that is no store to book in.
    installation.cluster.configure(&[("fsync", "off")]);
    installation.cluster.stop(Stop::Fast);
    let away = installation.sede(&["check"]);
    assert_eq!(away.code, 3, "nobody answers: {away:?}");
    installation.cluster.start_again();
    let refused = installation.sede(&["check"]);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.said.contains("fsync is off"), "{refused:?}");
}

#[test]
fn a_database_is_named_by_the_environment_or_a_file_and_once() {
    let installation = Installation::new();
    let config = installation.configuration(&format!(
        "# The sede of Lucca\nSEDE_DATABASE_URL = {}\n\nSEDE_OWNER_DATABASE_URL={}\nSEDE_DATABASE_POOLING = pgbouncer\n",
        installation.address("server"),
        installation.address("owner"),
    ));
    let by_file = |verb: &str| installation.run(&[], &["--config", &config, verb]);
    assert_eq!(by_file("install").code, 0);
    let checked = by_file("check");
    assert_eq!(
        checked.code, 0,
        "also with nothing that outlives a transaction: {checked:?}"
    );

    let server = installation.address("server");
    let nowhere = format!("nowhere:{SECRET}");
    for (environment, args, why) in [
        (
            &[("SEDE_DATABASE_URL", server.as_str())][..],
            &["--store", "sqlite:sede.sqlite", "check"][..],
            "two stores",
        ),
        (
            &[("SEDE_DATABASE_URL", server.as_str())],
            &["install"],
            "the owner's address is missing",
        ),
        (&[("SEDE_DATABASE_URL", nowhere.as_str())], &["check"], "no address"),
        (
            &[("SEDE_DATABASE_URL", server.as_str()), ("SEDE_DATABASE_POOLING", "odd")],
            &["check"],
            "no such pooling",
        ),
        (&[], &["check"], "no store"),
        (&[], &["--config", "nowhere.conf", "check"], "no such file"),
    ] {
        let answer = installation.run(environment, args);
        assert_eq!(answer.code, 2, "{why}: {answer:?}");
    }
    for text in [format!("{SECRET} without a name"), format!("SEDE_PASSWORD = {SECRET}")] {
        let config = installation.configuration(&text);
        let answer = installation.run(&[], &["--config", &config, "check"]);
        assert_eq!(answer.code, 2, "{answer:?}");
    }
}
