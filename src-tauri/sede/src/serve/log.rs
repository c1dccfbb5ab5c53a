//! What is written down: one JSON object a line, on the error stream. Codes, ids and times; no name, no note, no token, and
//! of a path only the route as it is written in the code.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use store::DeviceId;
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

use super::metrics::{Answered, Route};
use super::server::Server;

/// Starts the log. `RUST_LOG` says how much; a second start changes nothing.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// Which device asks, once that is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct WhoAsks(Arc<OnceLock<DeviceId>>);

impl WhoAsks {
    pub(crate) fn is(&self, device: DeviceId) {
        let _ = self.0.set(device);
    }
}

/// Gives each request an id, and writes down and counts what came of it.
pub(crate) async fn written(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = Uuid::now_v7().to_string();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let who = WhoAsks::default();
    request.extensions_mut().insert(who.clone());
    let mut response = next.run(request).await;
    let (status, seconds) = (response.status().as_u16(), begun.elapsed().as_secs_f64());
    let device = who.0.get().map(ToString::to_string);
    tracing::info!(
        request = id,
        %method,
        route,
        status,
        ms = seconds * 1_000.0,
        device,
        "answered"
    );
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let metrics = &server.metrics;
    metrics
        .seconds
        .get_or_create(&Route { route: route.clone() })
        .observe(seconds);
    metrics.answered.get_or_create(&Answered { route, status }).inc();
    response
}
