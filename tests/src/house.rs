//! The sede's server within this process, for what counts calls or time: a real port, real TLS, any store.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::code::StudioCode;
use sede::serve::{CertificateFiles, Limits, Metrics, Rate, Serving};
use sede::store::Backing;
use sede_for_tests::authority::Authority;
use sede_for_tests::world::code;
use store::{DeviceToken, InviteOutcome, RedeemOutcome};
use store_http::{HttpStore, ServerAddress, Trust};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A server, on threads of its own. It ends with the value.
pub struct House {
    backing: Arc<dyn Backing>,
    address: ServerAddress,
    trust: Trust,
    _running: Serving,
    _threads: Runtime,
    _folder: TempDir,
}

impl House {
    /// A server before a store that is opened on the server's own threads, as it is started but for one limit: how often a
    /// device may ask.
    ///
    /// # Panics
    /// Where it does not come up.
    pub fn before<B: Backing + 'static>(open: impl Future<Output = B>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        let files = CertificateFiles {
            certificate: file("sede.pem"),
            key: file("sede.key"),
        };
        let certified = Authority::shared().certify(&["localhost"]);
        fs::write(file("authority.pem"), Authority::shared().certificate()).expect("written");
        fs::write(&files.certificate, certified.certificate).expect("written");
        fs::write(&files.key, certified.key).expect("written");
        let rate = Rate {
            every: Duration::from_micros(1),
            burst: 1_000_000.try_into().expect("not zero"),
        };
        let limits = Limits {
            device: rate,
            redemptions: rate,
            ..Limits::default()
        };
        let threads = Runtime::new().expect("a runtime");
        let (backing, running) = threads.block_on(async {
            let backing: Arc<dyn Backing> = Arc::new(open.await);
            let running = Serving::begin(
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                Some(files),
                Duration::from_secs(60),
                backing.clone(),
                limits,
                Metrics::new(),
                CancellationToken::new(),
            );
            (backing, running.await.expect("a server"))
        });
        let address = format!("https://localhost:{}", running.address().port());
        Self {
            address: address.parse().expect("an address"),
            trust: Trust::system_and(&file("authority.pem")).expect("an authority"),
            backing,
            _running: running,
            _threads: threads,
            _folder: folder,
        }
    }

    /// The store as a new device of `studio` sees it, through the server.
    ///
    /// # Panics
    /// Where the studio is unknown.
    pub async fn device(&self, studio: &StudioCode) -> HttpStore {
        let register = self.backing.register();
        let invited = register
            .invite(studio, &code("Anna Bianchi"), TimeDelta::hours(1))
            .await;
        let Ok(InviteOutcome::Invited { code: invitation, .. }) = invited else {
            panic!("nobody is invited: {invited:?}");
        };
        let token = DeviceToken::random();
        let redeemed = store_http::redeem(&self.address, &self.trust, invitation, code("SCRIVANIA"), &token).await;
        assert!(matches!(redeemed, Ok(RedeemOutcome::Admitted { .. })), "{redeemed:?}");
        HttpStore::new(self.address.clone(), &self.trust, token).expect("a store")
    }
}
