//! What all requests share: the store, the limits, the figures, the hints.

use std::future::Future;
use std::sync::Arc;

use store::StoreError;
use store_http::api::{Problem, ProblemKind};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Metrics;
use super::hints::Notifier;
use super::limits::{Limits, Rates};
use super::problem::Refused;
use crate::store::Backing;

/// When to come back where there was no turn.
const COME_BACK: u32 = 2;

/// The state of a server. It keeps nothing of a studio: two servers on one store are as one.
pub(crate) struct Server {
    pub(crate) backing: Arc<dyn Backing>,
    pub(crate) limits: Limits,
    pub(crate) rates: Rates,
    pub(crate) metrics: Metrics,
    pub(crate) notifier: Notifier,
    /// Cancelled when the server is told to end.
    pub(crate) stop: CancellationToken,
    turns: Semaphore,
}

impl Server {
    pub(crate) fn new(backing: Arc<dyn Backing>, limits: Limits, metrics: Metrics, stop: CancellationToken) -> Self {
        Self {
            rates: Rates::new(&limits),
            notifier: Notifier::new(limits.watching, metrics.clone()),
            turns: Semaphore::new(limits.calls),
            backing,
            limits,
            metrics,
            stop,
        }
    }

    /// A call of the store, in its turn and within its time. One that was given up may have been carried out: the client
    /// asks again with the same key.
    pub(crate) async fn call<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, Refused> {
        let busy = || Problem::new(ProblemKind::Busy).with_retry_after(COME_BACK);
        let Ok(Ok(_turn)) = timeout(self.limits.turn, self.turns.acquire()).await else {
            return Err(busy().into());
        };
        match timeout(self.limits.call, call).await {
            Ok(answer) => Ok(answer?),
            Err(_) => {
                let reason = "a call took too long".into();
                Err(StoreError::Unreachable { reason }.into())
            }
        }
    }
}
