//! The server that studios' programs speak to, over HTTPS.
//!
//! * `connections`, `tls`: connections, taken in, encrypted, counted and closed; the certificate.
//! * `admission`, `body`, `problem`: who asks; what is read of a request; how a refusal is written.
//! * `calls`, `hints`, `openapi`: what is answered; the API's description.
//! * `limits`, `server`: what may be asked for, and what all requests share; `clock`: whether this computer's was set.
//! * `operations`, `metrics`, `log`: health and figures on a port of their own; what is written down.
//!
//! It keeps nothing between requests that matters: any number of servers on one store are as one. What the rules say, the
//! store says; here is only who may ask, how much, and in which words.

mod admission;
mod body;
mod calls;
mod clock;
mod connections;
mod hints;
mod limits;
mod log;
mod metrics;
mod openapi;
mod operations;
mod problem;
mod server;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post, put};
use clap::Args;
use store_http::api::{ProblemKind, path};
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::exit::Failure;
use crate::store::{Backing, StoreArgs};
use connections::Door;
pub use limits::{Limits, Rate};
pub use metrics::Metrics;
pub use openapi::description;
use problem::Refused;
use server::Server;
use tls::Certificates;
pub use tls::{CertificateError, CertificateFiles};

/// How the server is started.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where studios are answered. Without a certificate only on this computer's own addresses.
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:443", env = "SEDE_LISTEN")]
    pub listen: SocketAddr,
    /// The certificate and those that lead to its authority, PEM. Read again when it changes.
    #[arg(long, value_name = "FILE", requires = "key", env = "SEDE_CERTIFICATE")]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key, PEM. Read again when it changes.
    #[arg(long, value_name = "FILE", requires = "certificate", env = "SEDE_KEY")]
    pub key: Option<PathBuf>,
    /// Where health (`/live`, `/ready`) and Prometheus' figures (`/metrics`) are answered, over plain HTTP. Never an
    /// address that studios reach.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:9464",
        env = "SEDE_OPERATIONS"
    )]
    pub operations: SocketAddr,
}

/// Why the server can't be started.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can't be listened on.
    #[error("{address} can't be listened on: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Without a certificate everybody on the way could read along.
    #[error("{0} can be reached from elsewhere: give --certificate and --key, or listen on 127.0.0.1")]
    NotSecret(SocketAddr),
    /// The certificate can't be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// How often the files of the certificate are looked at.
const RENEW: Duration = Duration::from_secs(5);

/// Serves until the process is told to end.
///
/// # Errors
/// [`Failure`]; nothing is listened on any more.
pub async fn serve(store: &StoreArgs, args: ServeArgs) -> Result<(), Failure> {
    log::start();
    let files = args
        .certificate
        .zip(args.key)
        .map(|(certificate, key)| CertificateFiles { certificate, key });
    let backing = store.open().await?;
    let stop = stopped_by_the_system();
    let metrics = Metrics::new();
    let operations = listen(args.operations).await?;
    let operations = operations::answer(operations, backing.clone(), metrics.clone(), stop.clone());
    let running = Serving::begin(
        args.listen,
        files,
        RENEW,
        backing.clone(),
        Limits::default(),
        metrics,
        stop,
    )
    .await?;
    tracing::info!(address = %running.address(), version = env!("CARGO_PKG_VERSION"), "serving");
    tokio::join!(operations, running.ended());
    backing.close().await;
    Ok(())
}

/// A server that is running.
pub struct Serving {
    address: SocketAddr,
    stop: CancellationToken,
    tasks: tokio::task::JoinSet<()>,
}

impl Serving {
    /// Begins to answer on `listen`, encrypted where there is a certificate, which is looked at again every `renew`.
    ///
    /// # Errors
    /// [`ServeError`].
    pub async fn begin(
        listen_on: SocketAddr,
        files: Option<CertificateFiles>,
        renew: Duration,
        backing: Arc<dyn Backing>,
        limits: Limits,
        metrics: Metrics,
        stop: CancellationToken,
    ) -> Result<Self, ServeError> {
        if files.is_none() && !listen_on.ip().is_loopback() {
            return Err(ServeError::NotSecret(listen_on));
        }
        let mut tasks = tokio::task::JoinSet::new();
        let door = match files {
            None => Door::Plain,
            Some(files) => {
                let certificates = Certificates::read(files).await?;
                tasks.spawn(renewing(Arc::clone(&certificates), renew, stop.clone()));
                Door::Tls(tls::acceptor(certificates)?)
            }
        };
        let listener = listen(listen_on).await?;
        let address = listener.local_addr().unwrap_or(listen_on);
        let server = Arc::new(Server::new(backing, limits, metrics, stop.clone()));
        tasks.spawn(hints::follow(Arc::clone(&server)));
        tasks.spawn(tidying(Arc::clone(&server)));
        tasks.spawn(settling(Arc::clone(&server)));
        tasks.spawn(clock::watch(stop.clone()));
        tasks.spawn(connections::accept(listener, door, router(Arc::clone(&server)), server));
        Ok(Self { address, stop, tasks })
    }

    /// Where it answers.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Tells it to end: what is under way is answered, nothing new is begun.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Returns once it has ended.
    pub async fn ended(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What is answered where.
fn router(server: Arc<Server>) -> Router {
    let problems = format!("{}{{name}}", path::PROBLEMS);
    Router::new()
        .route(path::HELLO, get(calls::hello))
        .route(path::CHANGES, get(calls::changes))
        .route(path::APPOINTMENTS, post(calls::book))
        .route(path::DEPOSITS, post(calls::deposit))
        .route(path::WITHDRAWALS, post(calls::withdraw))
        .route(path::CHANGE, post(calls::change))
        .route(path::CANCELLATION, post(calls::cancel))
        .route(path::DOSSIERS, post(calls::enter))
        .route(path::ACKNOWLEDGEMENT, post(calls::acknowledge))
        .route(path::ASSESSMENTS, post(calls::assess))
        .route(path::TICKETS, post(calls::open_ticket))
        .route(path::REMINDERS, post(calls::remind))
        .route(path::UPLOAD, put(calls::upload))
        .route(path::HINTS, get(calls::watch))
        .route(path::DEVICES, post(calls::redeem))
        .route(path::OPENAPI, get(openapi::described))
        .route(&problems, get(calls::problem))
        .fallback(nothing_here)
        .method_not_allowed_fallback(another_method)
        .layer(axum::middleware::map_response(sealed))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&server), log::written))
        .with_state(server)
}

async fn nothing_here() -> Refused {
    ProblemKind::NotFound.into()
}

async fn another_method() -> Refused {
    ProblemKind::Method.into()
}

/// No answer is kept on the way, and none is taken for something else.
async fn sealed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn renewing(certificates: Arc<Certificates>, every: Duration, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(every) => {}
        }
        match certificates.renew().await {
            Ok(true) => tracing::info!("the certificate was renewed"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the certificate in the files can't be used: the one before stays"),
        }
    }
}

/// Between two looks at what lies with the store, at most and at least.
const SETTLE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(1));

/// Promise 4: what is deposited goes out when its moment comes, whether or not anybody asks for anything.
async fn settling(server: Arc<Server>) {
    let (longest, shortest) = SETTLE;
    loop {
        let wait = match server.backing.settle_due().await {
            Ok(next) => next.and_then(|next| next.to_std().ok()).unwrap_or(longest),
            Err(error) => {
                tracing::warn!(%error, "what is deposited can't be settled now");
                longest
            }
        };
        server.notifier.wrote();
        tokio::select! {
            () = server.stop.cancelled() => return,
            () = sleep(wait.clamp(shortest, longest)) => {}
        }
    }
}

/// Forgets who has not asked for a while.
async fn tidying(server: Arc<Server>) {
    loop {
        tokio::select! {
            () = server.stop.cancelled() => return,
            () = sleep(Duration::from_secs(60)) => server.rates.tidy(),
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Listen { address, source })
}

/// Cancelled when the system or a person at the terminal ends the process.
fn stopped_by_the_system() -> CancellationToken {
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        asked_to_end().await;
        tracing::info!("asked to end");
        stopping.cancel();
    });
    stop
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM can't be waited for");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}
