//! The program as it is started: what it says, what it never says, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod house;
mod office;

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use house::{code, store_file, write_certificate};
use office::{any_slot, decided, furnished, morning, ticket};
use sede_for_tests::authority::Authority;
use store::{
    BookOutcome, CONTRACT_VERSION, CalendarStore, DeviceRegister, DeviceToken, InvitationCode, InviteOutcome,
    RedeemOutcome, SetClock, StoreError, SystemClock,
};
use store_http::{HttpStore, ServerAddress, Trust};
use store_sqlite::SqliteStore;

/// A generous wait for what happens at once.
const SOON: Duration = Duration::from_secs(30);

fn sede() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sede"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that nobody has at the moment.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

async fn answers(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let response = client.get(format!("http://{address}{path}")).send().await.ok()?;
    Some((response.status().as_u16(), response.text().await.ok()?))
}

/// A file with a furnished store.
async fn stored(folder: &Path) {
    let clock = Arc::new(SetClock::new(morning()));
    let store = SqliteStore::create(&folder.join("store.sqlite"), clock)
        .await
        .expect("a store");
    furnished(&store, 3).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_the_door_and_what_people_write_is_in_no_log_argument_or_error() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    stored(folder.path()).await;
    let files = write_certificate(&folder, &Authority::shared().certify(&["localhost"]));
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, Authority::shared().certificate()).unwrap();
    let (port, operations) = (free_port(), SocketAddr::from(([127, 0, 0, 1], free_port())));
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut running = Running(
        sede()
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--operations", &operations.to_string()])
            .arg("--certificate")
            .arg(&files.certificate)
            .arg("--key")
            .arg(&files.key)
            .env("SEDE_STORE", format!("sqlite:{}", store_file(&folder).display()))
            .env("RUST_LOG", "trace")
            .stderr(log)
            .spawn()
            .unwrap(),
    );
    let begun = Instant::now();
    while answers(operations, "/ready")
        .await
        .is_none_or(|(status, _)| status != 200)
    {
        assert!(begun.elapsed() < SOON, "it is never ready");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let register = SqliteStore::open(&store_file(&folder), Arc::new(SystemClock))
        .await
        .unwrap()
        .register();
    let person = "Anna Segretissima";
    let invited = register
        .invite(&code("ALFA"), &code(person), chrono::TimeDelta::hours(1))
        .await;
    let InviteOutcome::Invited { code: invitation, .. } = invited.unwrap() else {
        panic!("she must be invited");
    };
    let address: ServerAddress = format!("https://localhost:{port}").parse().unwrap();
    let trust = Trust::system_and(&ca).unwrap();
    let token = DeviceToken::random();
    let mut told = Vec::new();
    let outcome = store_http::redeem(&address, &trust, invitation.clone(), code("Portatile di Anna"), &token).await;
    assert!(matches!(outcome, Ok(RedeemOutcome::Admitted { .. })), "{outcome:?}");
    let wrong = InvitationCode::random();
    told.push(format!(
        "{:?}",
        store_http::redeem(&address, &trust, wrong.clone(), code("PC"), &token).await
    ));
    let store = HttpStore::new(address.clone(), &trust, token.clone()).unwrap();
    store.hello(CONTRACT_VERSION).await.unwrap();
    let mut asked = any_slot(&ticket("ALFA", 0));
    asked.content.notes = "Una nota riservatissima".to_owned();
    asked.content.contact.email = "segreta@studio.example.it".to_owned();
    let outcome = store.book(decided(), &asked).await.unwrap();
    assert!(matches!(outcome, BookOutcome::Booked { .. }), "{outcome:?}");
    let stranger = DeviceToken::random();
    let out = HttpStore::new(address.clone(), &trust, stranger.clone()).unwrap();
    told.push(format!("{:?}", out.hello(CONTRACT_VERSION).await));
    let device = register.admitted(&token).await.unwrap();
    register.revoke(device.device).await.unwrap();
    told.push(format!("{:?}", store.hello(CONTRACT_VERSION).await));
    assert_eq!(store.hello(CONTRACT_VERSION).await, Err(StoreError::DeviceRevoked));

    let (status, figures) = answers(operations, "/metrics").await.unwrap();
    assert_eq!(status, 200);
    assert!(
        figures.contains("sede_requests_total{route=\"/api/v1/appointments\",status=\"200\"} 1"),
        "{figures}"
    );
    told.push(figures);

    // What the system shows of a process to everybody on the machine.
    #[cfg(target_os = "linux")]
    told.push(
        String::from_utf8_lossy(&std::fs::read(format!("/proc/{}/cmdline", running.0.id())).unwrap()).into_owned(),
    );
    #[cfg(unix)]
    {
        let asked = Command::new("kill").arg(running.0.id().to_string()).status().unwrap();
        assert!(asked.success());
        let begun = Instant::now();
        while running.0.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < SOON, "it does not end when it is told to");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(
            running.0.wait().unwrap().success(),
            "that it was told to end is no failure"
        );
    }
    let mut log = String::new();
    std::fs::File::open(folder.path().join("log"))
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    assert!(
        log.contains("\"route\":\"/api/v1/appointments\""),
        "the log says what was asked"
    );
    assert!(log.contains(&device.device.to_string()), "and by which device");
    told.push(log);
    for secret in [
        token.reveal().as_str(),
        stranger.reveal().as_str(),
        invitation.reveal().as_str(),
        &invitation.reveal().replace('-', ""),
        wrong.reveal().as_str(),
        person,
        "Portatile di Anna",
        "riservatissima",
        "segreta@studio",
    ] {
        for text in &told {
            let at = text.find(secret);
            assert!(
                at.is_none(),
                "…{}…",
                &text[at.unwrap().saturating_sub(200)..at.unwrap() + 20]
            );
        }
    }
}

#[test]
fn a_store_that_is_not_there_or_named_wrong_is_said_with_a_number_and_never_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let missing = format!("sqlite:{}", store_file(&folder).display());
    for (store, number) in [
        (None, 2),
        (Some("postgres://sede:segreto@localhost/sede"), 2),
        (Some(&*missing), 3),
    ] {
        let mut command = sede();
        command.arg("serve");
        if let Some(store) = store {
            command.args(["--store", store]);
        }
        let ended = command.output().unwrap();
        assert_eq!(ended.status.code(), Some(number), "{store:?}");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(said.contains("sede: ") && !said.contains("segreto"), "{said}");
    }
    assert!(!store_file(&folder).exists(), "to look for a store makes none");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_certificate_it_serves_this_computer_only() {
    let folder = tempfile::tempdir().unwrap();
    stored(folder.path()).await;
    let ended = tokio::task::spawn_blocking(move || {
        let store = format!("sqlite:{}", store_file(&folder).display());
        let ports = ["--listen", "0.0.0.0:0", "--operations", "127.0.0.1:0"];
        sede()
            .arg("serve")
            .args(["--store", &store])
            .args(ports)
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert_eq!(ended.status.code(), Some(6));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("--certificate"), "it says what to do: {said}");
}
