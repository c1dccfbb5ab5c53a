//! A sede's server, as studios reach it: a real port, real TLS with an authority made on the spot, a store in a file or in
//! PostgreSQL.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::code::StudioCode;
use domain::people::Person;
use sede::serve::{CertificateFiles, Limits, Metrics, Rate, Serving};
use sede::store::Backing;
use sede_for_tests::authority::{Authority, Certified};
use store::{Clock, DeviceName, DeviceToken, InvitationCode, InviteOutcome, RedeemOutcome, StudioProfile};
use store_http::{HttpStore, ServerAddress, Trust};
use store_sqlite::SqliteStore;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Limits that no honest test reaches.
pub(crate) fn generous() -> Limits {
    let rate = Rate {
        every: Duration::from_micros(1),
        burst: 1_000_000.try_into().expect("not zero"),
    };
    Limits {
        device: rate,
        redemptions: rate,
        strangers: rate,
        look: Duration::from_millis(200),
        ..Limits::default()
    }
}

/// A server and its store.
pub(crate) struct House<S = SqliteStore> {
    pub(crate) store: S,
    pub(crate) address: ServerAddress,
    pub(crate) trust: Trust,
    pub(crate) running: Serving,
    pub(crate) folder: Arc<TempDir>,
}

impl<S> Drop for House<S> {
    fn drop(&mut self) {
        self.running.stop();
    }
}

impl House {
    /// An empty store behind a server.
    pub(crate) async fn empty(clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let store = SqliteStore::create(&folder.path().join("store.sqlite"), clock)
            .await
            .expect("a store");
        Self::before(folder, store, limits).await
    }
}

impl<S: Backing + Clone + 'static> House<S> {
    /// A server before a store that is there.
    pub(crate) async fn before(folder: Arc<TempDir>, store: S, limits: Limits) -> Self {
        let authority = Authority::shared();
        let files = write_certificate(&folder, &authority.certify(&["localhost", "127.0.0.1"]));
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, authority.certificate()).expect("written");
        let running = Serving::begin(
            "127.0.0.1:0".parse().expect("an address"),
            Some(files),
            Duration::from_millis(50),
            Arc::new(store.clone()),
            limits,
            Metrics::new(),
            CancellationToken::new(),
        )
        .await
        .expect("a server");
        Self {
            address: format!("https://localhost:{}", running.address().port())
                .parse()
                .expect("an address"),
            trust: Trust::system_and(&ca).expect("trust"),
            running,
            store,
            folder,
        }
    }

    /// The store, whichever, as the server sees it.
    pub(crate) fn backing(&self) -> Arc<dyn Backing> {
        Arc::new(self.store.clone())
    }

    /// Enrols `studio`.
    pub(crate) async fn enrol(&self, studio: &str) {
        let profile = StudioProfile {
            code: code(studio),
            name: format!("Studio {studio}"),
        };
        self.backing().desk().enrol(&profile).await.expect("enrolled");
    }

    /// An invitation of `studio`.
    pub(crate) async fn invite(&self, studio: &StudioCode) -> InvitationCode {
        let (person, valid): (Person, _) = (code("Anna Bianchi"), TimeDelta::hours(48));
        match self.backing().register().invite(studio, &person, valid).await {
            Ok(InviteOutcome::Invited { code, .. }) => code,
            other => panic!("she must be invited: {other:?}"),
        }
    }

    /// A device of `studio`, admitted through the server.
    pub(crate) async fn device(&self, studio: &StudioCode) -> DeviceToken {
        let token = DeviceToken::random();
        let invitation = self.invite(studio).await;
        let name: DeviceName = code("SCRIVANIA-1");
        let outcome = store_http::redeem(&self.address, &self.trust, invitation, name, &token).await;
        assert!(matches!(outcome, Ok(RedeemOutcome::Admitted { .. })), "{outcome:?}");
        token
    }

    /// The store as a device sees it.
    pub(crate) fn as_seen_by(&self, token: &DeviceToken) -> HttpStore {
        HttpStore::new(self.address.clone(), &self.trust, token.clone()).expect("a store")
    }

    /// A client that sends whatever a test wants.
    pub(crate) fn anybody(&self) -> reqwest::Client {
        self.anybody_with(|builder| builder)
    }

    pub(crate) fn anybody_with(
        &self,
        change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> reqwest::Client {
        let ca = reqwest::Certificate::from_pem(Authority::shared().certificate().as_bytes()).expect("a certificate");
        // Which algorithms: ours, as the program has no default of its own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        change(reqwest::Client::builder().tls_certs_only([ca]).no_proxy())
            .build()
            .expect("a client")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

/// Writes certificate and key where a server finds them.
pub(crate) fn write_certificate(folder: &TempDir, certified: &Certified) -> CertificateFiles {
    let files = CertificateFiles {
        certificate: folder.path().join("server.pem"),
        key: folder.path().join("server.key"),
    };
    std::fs::write(&files.key, &certified.key).expect("written");
    std::fs::write(&files.certificate, &certified.certificate).expect("written");
    files
}

/// A code that is well formed, as those of the tests are.
pub(crate) fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("the codes of the tests are well formed")
}

/// Where the store is.
pub(crate) fn store_file(folder: &TempDir) -> PathBuf {
    folder.path().join("store.sqlite")
}

/// The store, whichever, as the server sees it.
pub(crate) fn backing(store: &SqliteStore) -> Arc<dyn Backing> {
    Arc::new(store.clone())
}
