//! Connections: taken in, encrypted, counted, closed. None of them can keep another waiting: each has a place of its own
//! among all and among those of its address, and a time for everything.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::limits::whose;
use super::server::Server;

/// Bytes of the head of a request.
const LARGEST_HEAD: u32 = 16 * 1024;
/// Requests at one time on one connection.
const STREAMS: u32 = 64;
/// After a connection could not be taken in: the system has no more to give at the moment.
const BREATH: Duration = Duration::from_millis(100);

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// How connections are taken in.
#[derive(Clone)]
pub(crate) enum Door {
    /// As they come: on this computer only.
    Plain,
    /// Encrypted.
    Tls(TlsAcceptor),
}

/// Takes in connections until the server ends, then waits for those that are open.
pub(crate) async fn accept(listener: TcpListener, door: Door, router: Router, server: Arc<Server>) {
    let connections = TaskTracker::new();
    let places = Arc::new(Places::new(&server));
    loop {
        let accepted = tokio::select! {
            () = server.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection can't be taken in");
                sleep(BREATH).await;
                continue;
            }
        };
        let Some(place) = places.take(peer.ip()) else {
            // Nothing is said: an answer would cost more than it is worth to either side.
            server.metrics.refused_connections.inc();
            continue;
        };
        let (door, router, server) = (door.clone(), router.clone(), Arc::clone(&server));
        connections.spawn(async move {
            let _place = place;
            attend(stream, peer, door, router, &server).await;
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn attend(stream: TcpStream, peer: SocketAddr, door: Door, router: Router, server: &Server) {
    let _ = stream.set_nodelay(true);
    match door {
        Door::Plain => speak(stream, false, peer, router, server).await,
        Door::Tls(acceptor) => match timeout(server.limits.handshake, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                speak(stream, is_http2, peer, router, server).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "no encrypted connection came about"),
            Err(_) => tracing::debug!("no encrypted connection came about in time"),
        },
    }
}

async fn speak<S>(stream: S, is_http2: bool, peer: SocketAddr, router: Router, server: &Server)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let activity = Activity::new();
    let service = {
        let activity = activity.clone();
        service_fn(move |request: Request<Incoming>| answer(request, peer, activity.clone(), router.clone()))
    };
    let io = TokioIo::new(stream);
    let limits = &server.limits;
    if is_http2 {
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(LARGEST_HEAD)
            .keep_alive_interval(limits.idle)
            .keep_alive_timeout(limits.head)
            .serve_connection(io, service);
        tend(
            pin!(connection),
            http2::Connection::graceful_shutdown,
            &activity,
            server,
        )
        .await;
    } else {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(LARGEST_HEAD as usize)
            .serve_connection(io, service);
        tend(
            pin!(connection),
            http1::Connection::graceful_shutdown,
            &activity,
            server,
        )
        .await;
    }
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    activity: Activity,
    router: Router,
) -> Result<Response, Infallible> {
    let _in_flight = activity.begins();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    request.extensions_mut().insert(activity);
    router.oneshot(request).await
}

/// Keeps a connection going until it ends; asks it to end when the server does, or when nothing was asked for too long;
/// drops it where it does not.
async fn tend<C, T, E>(mut connection: Pin<&mut C>, end: fn(Pin<&mut C>), activity: &Activity, server: &Server)
where
    C: Future<Output = Result<T, E>>,
    E: std::fmt::Display,
{
    let mut ends_at = None;
    loop {
        let farewell = ends_at.unwrap_or_else(Instant::now);
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            () = server.stop.cancelled(), if ends_at.is_none() => {}
            () = activity.is_idle(server.limits.idle), if ends_at.is_none() => {}
            () = sleep_until(farewell), if ends_at.is_some() => return,
        }
        end(connection.as_mut());
        ends_at = Some(Instant::now() + server.limits.farewell);
    }
}

/// How many requests of a connection are under way.
#[derive(Debug, Clone)]
pub(crate) struct Activity(Arc<watch::Sender<usize>>);

/// A request that is under way.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<watch::Sender<usize>>);

impl Activity {
    fn new() -> Self {
        Self(Arc::new(watch::channel(0).0))
    }

    /// Something is under way until what is returned is dropped.
    pub(crate) fn begins(&self) -> InFlight {
        self.0.send_modify(|count| *count += 1);
        InFlight(Arc::clone(&self.0))
    }

    /// Returns once nothing was under way for as long as `time`.
    async fn is_idle(&self, time: Duration) {
        let mut count = self.0.subscribe();
        loop {
            // The sender lives as long as we do.
            let _ = count.wait_for(|count| *count == 0).await;
            if timeout(time, count.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// The places for connections.
struct Places {
    all: Arc<Semaphore>,
    per_address: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    server: Arc<Server>,
}

/// A connection's place.
struct Place {
    _of_all: OwnedSemaphorePermit,
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    server: Arc<Server>,
}

impl Places {
    fn new(server: &Arc<Server>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(server.limits.connections)),
            per_address: server.limits.connections_per_address,
            taken: Arc::default(),
            server: Arc::clone(server),
        }
    }

    fn take(&self, address: IpAddr) -> Option<Place> {
        let of_all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let address = whose(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = taken.entry(address).or_default();
        if *of_address >= self.per_address {
            return None;
        }
        *of_address += 1;
        self.server.metrics.connections.inc();
        Some(Place {
            _of_all: of_all,
            address,
            taken: Arc::clone(&self.taken),
            server: Arc::clone(&self.server),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.server.metrics.connections.dec();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}
