//! Health and figures, for the machine's own network: nothing here asks who is asking, and nothing tells of a studio.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Metrics;
use crate::store::Backing;

/// How long the store may take to say that it is there.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// Answers on `listener` until `stop`.
pub(crate) async fn answer(
    listener: TcpListener,
    backing: Arc<dyn Backing>,
    metrics: Metrics,
    stop: CancellationToken,
) {
    let stopping = stop.clone();
    let router = Router::new()
        .route("/live", get(|| async { "alive\n" }))
        .route("/ready", get(move || ready(backing.clone(), stopping.clone())))
        .route("/metrics", get(move || figures(metrics.clone())));
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = served.await {
        tracing::error!(%error, "the operations port is not answered any more");
    }
}

/// Whether a balancer should send requests here.
async fn ready(backing: Arc<dyn Backing>, stop: CancellationToken) -> impl IntoResponse {
    if stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "ending\n");
    }
    match tokio::time::timeout(READY_WITHIN, backing.newest(&[])).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store can't be reached\n"),
    }
}

async fn figures(metrics: Metrics) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], metrics.text())
}
