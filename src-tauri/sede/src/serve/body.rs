//! Bodies: read whole before anything is done, up to a size and within a time, so that a slow or endless one costs nobody
//! else a turn.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use store_http::api::{LARGEST_PIECE, LARGEST_REQUEST, Problem, ProblemKind};
use tokio::time::timeout;

use super::problem::Refused;
use super::server::Server;

/// A body that is `T` as JSON.
pub(crate) struct Json<T>(pub(crate) T);

/// A body that is a piece of a file.
pub(crate) struct Octets(pub(crate) Bytes);

/// No body, or one that nobody looks at.
pub(crate) struct Nothing;

async fn read(server: &Server, headers: &HeaderMap, body: Body, largest: usize) -> Result<Bytes, Refused> {
    // Who says beforehand that it is too much need not send it.
    let said = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if said.is_some_and(|said| said > largest as u64) {
        return Err(ProblemKind::TooLarge.into());
    }
    match timeout(server.limits.body, Limited::new(body, largest).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ProblemKind::TooLarge.into()),
        Ok(Err(_)) => Err(Problem::new(ProblemKind::Malformed)
            .with_detail("The body broke off.")
            .into()),
        Err(_) => Err(ProblemKind::TooSlow.into()),
    }
}

fn is(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(kind))
}

impl<T: DeserializeOwned> FromRequest<Arc<Server>> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        if !is(&parts.headers, "application/json") {
            return Err(ProblemKind::MediaType.into());
        }
        let body = read(server, &parts.headers, body, LARGEST_REQUEST).await?;
        serde_json::from_slice(&body).map(Self).map_err(|error| {
            // Where, and not what: a detail may end up in somebody's log.
            let place = format!(
                "The body can't be read: line {}, column {}.",
                error.line(),
                error.column()
            );
            Problem::new(ProblemKind::Malformed).with_detail(place).into()
        })
    }
}

impl FromRequest<Arc<Server>> for Octets {
    type Rejection = Refused;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        if !is(&parts.headers, "application/octet-stream") {
            return Err(ProblemKind::MediaType.into());
        }
        read(server, &parts.headers, body, LARGEST_PIECE).await.map(Self)
    }
}

impl FromRequest<Arc<Server>> for Nothing {
    type Rejection = Refused;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        read(server, &parts.headers, body, LARGEST_REQUEST).await.map(|_| Self)
    }
}
