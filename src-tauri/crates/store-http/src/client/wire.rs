//! A request and what came of it. Every failure has its place in [`StoreError`]; none of them holds the token, an address
//! with a question in it, or what a body said.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use store::{DeviceToken, StoreError};
use zeroize::Zeroizing;

use super::{ServerAddress, Trust};
use crate::api::Problem;

/// How long a client waits. A request that is given up may have been carried out: it goes out again under its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the server says something more.
    pub silence: Duration,
    /// Until a whole answer is here: a page of the feed over a slow line.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            whole: Duration::from_secs(120),
        }
    }
}

/// The largest answer that is read: a page of the feed is far smaller.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// Answers of something on the way (a proxy, a balancer) that say how long to wait, or do not.
const BUSY_FOR: u32 = 5;

/// A client of one server. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub(crate) struct Wire {
    http: Client,
    address: ServerAddress,
    whole: Duration,
}

impl Wire {
    pub(crate) fn to(address: ServerAddress, trust: &Trust, patience: Patience) -> Result<Self, StoreError> {
        let http = Client::builder()
            .tls_backend_preconfigured(trust.config().as_ref().clone())
            .user_agent(concat!("agenda-sede/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.connect)
            .read_timeout(patience.silence)
            .tcp_keepalive(Duration::from_secs(30))
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(20))
            // A server that sends its callers elsewhere is not the one that was asked for.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| unreachable(&error))?;
        Ok(Self {
            http,
            address,
            whole: patience.whole,
        })
    }

    /// A request of `method` to `path`, whose answer may take as long as one.
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.open_ended(method, path).timeout(self.whole)
    }

    /// A request of `method` to `path`, whose answer has no end.
    pub(crate) fn open_ended(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.address.at(path))
    }
}

/// With the token, in the one header that holds it.
pub(crate) fn authorized(request: RequestBuilder, token: &DeviceToken) -> RequestBuilder {
    let secret = token.reveal();
    let text = Zeroizing::new(format!("Bearer {}", secret.as_str()));
    match HeaderValue::from_str(&text) {
        Ok(mut value) => {
            value.set_sensitive(true);
            request.header(AUTHORIZATION, value)
        }
        // Symbols of base 32 always are a header's value.
        Err(_) => request,
    }
}

/// Sends `request` and reads its answer.
pub(crate) async fn answered<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, StoreError> {
    let response = request
        .header(ACCEPT, "application/json")
        .send()
        .await
        .map_err(|error| unreachable(&error))?;
    let response = accepted(response).await?;
    let body = whole(response).await?;
    serde_json::from_slice(&body).map_err(|error| StoreError::Failed {
        // Of a newer server, or of none: the place says more than the content may.
        reason: format!(
            "an answer that can't be read, at byte {} of {}",
            error.column(),
            body.len()
        ),
    })
}

/// `response`, if the server took the request for one.
pub(crate) async fn accepted(response: Response) -> Result<Response, StoreError> {
    if response.status().is_success() {
        return Ok(response);
    }
    Err(refusal(response).await)
}

async fn refusal(response: Response) -> StoreError {
    let status = response.status();
    let seconds = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok());
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/problem+json"));
    if is_problem
        && let Ok(body) = whole(response).await
        && let Ok(problem) = serde_json::from_slice::<Problem>(&body)
    {
        return problem.into_error();
    }
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => StoreError::Busy {
            seconds: seconds.unwrap_or(BUSY_FOR),
        },
        // Something on the way answers in the server's place, or a kind of problem that is newer than we are.
        status => StoreError::Unreachable {
            reason: format!("HTTP status {}", status.as_u16()),
        },
    }
}

async fn whole(mut response: Response) -> Result<Vec<u8>, StoreError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(StoreError::Failed {
                reason: "an answer without end".into(),
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What the network library says, without the address, which may hold a cursor.
pub(crate) fn unreachable(error: &reqwest::Error) -> StoreError {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    let cause = std::iter::successors(error.source(), |error| (*error).source()).last();
    StoreError::Unreachable {
        reason: match cause {
            Some(cause) => format!("{kind}: {cause}"),
            None => kind.to_owned(),
        },
    }
}
