//! The server: hints, certificates, two of them, beginning and ending.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod house;

use std::sync::Arc;
use std::time::{Duration, Instant};

use house::{House, backing, code, generous, write_certificate};
use sede::serve::{Limits, Metrics, ServeError, Serving};
use sede_for_tests::authority::{Authority, SHARED_NAME};
use store::{CONTRACT_VERSION, CalendarStore, SedeDesk, StoreError, SystemClock};
use store_http::{Fault, HttpStore, ServerAddress, Step, Trust, check};
use store_sqlite::SqliteStore;
use tokio_util::sync::CancellationToken;

/// A generous wait for what happens at once: on a machine that is busy, nothing is at once.
const SOON: Duration = Duration::from_secs(20);

async fn house() -> House {
    let house = House::empty(Arc::new(SystemClock), generous()).await;
    house.enrol("ALFA").await;
    house
}

async fn plain(store: &SqliteStore) -> Serving {
    Serving::begin(
        "127.0.0.1:0".parse().unwrap(),
        None,
        Duration::from_secs(60),
        backing(store),
        generous(),
        Metrics::new(),
        CancellationToken::new(),
    )
    .await
    .unwrap()
}

async fn hinted(store: &HttpStore) {
    tokio::time::timeout(SOON, store.watch()).await.expect("a hint");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_hinted_whoever_changed_it() {
    let house = house().await;
    let store = house.as_seen_by(&house.device(&code("ALFA")).await);
    store.hello(CONTRACT_VERSION).await.unwrap();
    // The first hint says that somebody listens now.
    hinted(&store).await;
    // Another process at the same file: this server hears of it by asking.
    let other = SqliteStore::open(&house::store_file(&house.folder), Arc::new(SystemClock))
        .await
        .unwrap();
    other
        .desk()
        .publish(&store::Offering {
            sedi: vec![domain::point::Sede {
                code: code("LU"),
                name: "Lucca".into(),
            }],
            ..store::Offering::default()
        })
        .await
        .unwrap();
    let begun = Instant::now();
    hinted(&store).await;
    assert!(begun.elapsed() < SOON);
    assert_eq!(store.pull(None).await.unwrap().changes.len(), 1);
    let nothing = tokio::time::timeout(Duration::from_millis(600), store.watch()).await;
    assert!(nothing.is_err(), "no change, no hint");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_shown_without_a_restart_and_a_broken_one_never() {
    let house = house().await;
    let token = house.device(&code("ALFA")).await;
    let greets = async |names: &ServerAddress| {
        // A client without a past: one that was here before takes up its session, and is shown no certificate.
        let trust = Trust::system_and(&house.folder.path().join("ca.pem")).unwrap();
        let store = HttpStore::new(names.clone(), &trust, token.clone()).unwrap();
        store.hello(CONTRACT_VERSION).await.is_ok()
    };
    let port = house.running.address().port();
    let by_number: ServerAddress = format!("https://127.0.0.1:{port}").parse().unwrap();
    assert!(greets(&house.address).await && greets(&by_number).await);

    // A certificate without its key is no certificate: the one before stays.
    let renewed = Authority::shared().certify(&["localhost"]);
    std::fs::write(house.folder.path().join("server.pem"), &renewed.certificate).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(greets(&by_number).await);

    // With its key it is shown, and it does not name the number.
    write_certificate(&house.folder, &renewed);
    let begun = Instant::now();
    while greets(&by_number).await {
        assert!(begun.elapsed() < SOON, "the new certificate is never shown");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(greets(&house.address).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_answered_on_this_computer_only() {
    let house = house().await;
    let refused = Serving::begin(
        "0.0.0.0:0".parse().unwrap(),
        None,
        Duration::from_secs(60),
        backing(&house.store),
        Limits::default(),
        Metrics::new(),
        CancellationToken::new(),
    )
    .await;
    assert!(matches!(refused.map(drop), Err(ServeError::NotSecret(_))));
    let running = plain(&house.store).await;
    let address: ServerAddress = format!("http://{}", running.address()).parse().unwrap();
    let token = house.device(&code("ALFA")).await;
    let store = HttpStore::new(address, &house.trust, token).unwrap();
    assert_eq!(store.hello(CONTRACT_VERSION).await.unwrap().studio, code("ALFA"));
    running.stop();
    running.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_store_are_as_one() {
    let house = house().await;
    let second = plain(&house.store).await;
    let token = house.device(&code("ALFA")).await;
    let address: ServerAddress = format!("http://{}", second.address()).parse().unwrap();
    let (one, two) = (
        house.as_seen_by(&token),
        HttpStore::new(address, &house.trust, token).unwrap(),
    );
    let welcome = one.hello(CONTRACT_VERSION).await.unwrap();
    assert_eq!(two.hello(CONTRACT_VERSION).await.unwrap().epoch, welcome.epoch);
    let cursor = one.pull(None).await.unwrap().cursor;
    assert_eq!(two.pull(Some(&cursor)).await.unwrap().changes, []);
    second.stop();
    second.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_end_it_answers_what_is_under_way_and_lets_go_of_who_listens() {
    let house = house().await;
    let running = plain(&house.store).await;
    let address: ServerAddress = format!("http://{}", running.address()).parse().unwrap();
    let token = house.device(&code("ALFA")).await;
    let store = HttpStore::new(address, &house.trust, token).unwrap();
    hinted(&store).await;
    store.hello(CONTRACT_VERSION).await.unwrap();
    running.stop();
    tokio::time::timeout(SOON, running.ended()).await.expect("it ends");
    let answer = store.hello(CONTRACT_VERSION).await;
    assert!(matches!(answer, Err(StoreError::Unreachable { .. })), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_not_spoken_is_told_across_the_wire() {
    let house = house().await;
    let store = house.as_seen_by(&house.device(&code("ALFA")).await);
    let answer = store.hello(CONTRACT_VERSION + 7).await;
    let newest = CONTRACT_VERSION;
    assert_eq!(answer, Err(StoreError::Incompatible { oldest: 1, newest }));
}

/// The last step, and what it found.
async fn found(house: &House, address: &str, token: Option<&store::DeviceToken>) -> (Step, Option<Fault>) {
    let mut told = Vec::new();
    let address: ServerAddress = address.parse().unwrap();
    let findings = check(&address, &house.trust, token, |finding| told.push(finding.clone())).await;
    assert_eq!(told, findings, "each step is told as it ends");
    let last = findings.last().unwrap();
    (last.step, last.fault.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_stops_at_the_first_step_that_fails_and_says_why() {
    let house = house().await;
    let here = house.address.to_string();
    let token = house.device(&code("ALFA")).await;
    let nobody = found(&house, "https://sede.invalid", Some(&token)).await;
    let host = "sede.invalid".to_owned();
    assert_eq!(nobody, (Step::Name, Some(Fault::NameUnknown { host })));

    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let port = closed.port();
    let refused = found(&house, &format!("https://{closed}"), Some(&token)).await;
    assert_eq!(refused, (Step::Port, Some(Fault::PortRefused { port })));

    let plain = plain(&house.store).await;
    let no_tls = format!("https://{}", plain.address());
    assert_eq!(
        found(&house, &no_tls, Some(&token)).await,
        (Step::Tls, Some(Fault::TlsFailed))
    );

    assert_eq!(
        found(&house, &here, None).await,
        (Step::Device, Some(Fault::NotAdmitted))
    );
    let stranger = store::DeviceToken::random();
    assert_eq!(
        found(&house, &here, Some(&stranger)).await,
        (Step::Device, Some(Fault::NotAdmitted))
    );
    assert_eq!(
        found(&house, &here, Some(&token)).await,
        (Step::Delegations, Some(Fault::NoDelegation))
    );
    plain.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_what_is_wrong_with_a_certificate() {
    use rcgen::date_time_ymd;
    let house = house().await;
    let expired = Authority::shared().certify_with(&["localhost"], |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    });
    let early = Authority::shared().certify_with(&["localhost"], |params| {
        params.not_before = date_time_ymd(2200, 1, 1);
    });
    let elsewhere = Authority::shared().certify(&["sede.example.it"]);
    let foreign = Authority::named("Un'altra").certify(&["localhost"]);
    let pretended = Authority::named(SHARED_NAME).certify(&["localhost"]);
    for (certificate, fault) in [
        (expired, Fault::CertificateExpired),
        (early, Fault::CertificateNotYetValid),
        (elsewhere, Fault::NameMismatch),
        (foreign, Fault::IssuerUnknown),
        (pretended, Fault::IssuerUnknown),
    ] {
        write_certificate(&house.folder, &certificate);
        let begun = Instant::now();
        let here = house.address.to_string();
        while found(&house, &here, None).await != (Step::Tls, Some(fault.clone())) {
            assert!(begun.elapsed() < SOON, "never {fault:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
