//! Hints: something that a studio sees may have changed. They never touch a booking: one task asks the store how far its
//! feed has come, at once after a write of this process and every so often for those of others, and tells who listens.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use domain::code::StudioCode;
use futures_util::Stream;
use futures_util::stream::unfold;
use store::{DeviceToken, StoreError};
use store_http::api::HINT;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, interval_at, sleep};

use super::Metrics;
use super::connections::InFlight;
use super::server::Server;

/// Between two looks at the store, however many write.
const BREATH: Duration = Duration::from_millis(100);

/// How often somebody who listens is looked at again, and told that the line is still there.
const STILL_THERE: Duration = Duration::from_secs(15);

/// Who listens, and how far each studio's feed had come.
pub(crate) struct Notifier {
    studios: Mutex<HashMap<StudioCode, watch::Sender<i64>>>,
    places: Arc<Semaphore>,
    written: Notify,
    metrics: Metrics,
}

/// One who listens.
pub(crate) struct Listening {
    newest: watch::Receiver<i64>,
    _place: Place,
}

struct Place {
    _permit: OwnedSemaphorePermit,
    metrics: Metrics,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.metrics.watching.dec();
    }
}

impl Notifier {
    pub(crate) fn new(places: usize, metrics: Metrics) -> Self {
        Self {
            studios: Mutex::default(),
            places: Arc::new(Semaphore::new(places)),
            written: Notify::new(),
            metrics,
        }
    }

    /// This process wrote something.
    pub(crate) fn wrote(&self) {
        self.written.notify_one();
    }

    /// Listens for `studio`, whose feed has come to `newest`; nothing where too many listen.
    pub(crate) fn listen(&self, studio: &StudioCode, newest: i64) -> Option<Listening> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        self.metrics.watching.inc();
        let place = Place {
            _permit: permit,
            metrics: self.metrics.clone(),
        };
        let mut studios = self.studios.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = studios
            .entry(studio.clone())
            .or_insert_with(|| watch::channel(newest).0);
        Some(Listening {
            newest: sender.subscribe(),
            _place: place,
        })
    }

    /// The studios for which somebody listens.
    fn listened(&self) -> Vec<StudioCode> {
        let mut studios = self.studios.lock().unwrap_or_else(PoisonError::into_inner);
        studios.retain(|_, sender| sender.receiver_count() > 0);
        studios.keys().cloned().collect()
    }

    fn tell(&self, studios: &[StudioCode], newest: &[i64]) {
        let known = self.studios.lock().unwrap_or_else(PoisonError::into_inner);
        for (studio, newest) in studios.iter().zip(newest) {
            if let Some(sender) = known.get(studio) {
                // A smaller number is another life of the store: that is news, too.
                sender.send_if_modified(|before| std::mem::replace(before, *newest) != *newest);
            }
        }
    }
}

/// Looks at the store until the server ends.
pub(crate) async fn follow(server: Arc<Server>) {
    loop {
        tokio::select! {
            () = server.stop.cancelled() => return,
            () = server.notifier.written.notified() => {}
            () = sleep(server.limits.look) => {}
        }
        sleep(BREATH).await;
        let studios = server.notifier.listened();
        if studios.is_empty() {
            continue;
        }
        match server.backing.newest(&studios).await {
            Ok(newest) => server.notifier.tell(&studios, &newest),
            Err(error) => tracing::debug!(%error, "the store can't say what is new"),
        }
    }
}

struct Line {
    server: Arc<Server>,
    token: DeviceToken,
    listening: Listening,
    greeted: bool,
    checks: tokio::time::Interval,
    _in_flight: InFlight,
}

/// The stream of one who listens. It begins with a hint, since what happened before it is not known to have been pulled,
/// and ends with the server, or when the device is not admitted any more.
pub(crate) fn stream(
    server: Arc<Server>,
    token: DeviceToken,
    listening: Listening,
    in_flight: InFlight,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let line = Line {
        checks: interval_at(Instant::now() + STILL_THERE, STILL_THERE),
        server,
        token,
        listening,
        greeted: false,
        _in_flight: in_flight,
    };
    let events = unfold(line, |mut line| async move {
        line.next()
            .await
            .then(|| (Ok(Event::default().event(HINT).data("")), line))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_THERE))
}

impl Line {
    /// Whether there is another hint, once there is.
    async fn next(&mut self) -> bool {
        if !std::mem::replace(&mut self.greeted, true) {
            return true;
        }
        loop {
            tokio::select! {
                () = self.server.stop.cancelled() => return false,
                changed = self.listening.newest.changed() => return changed.is_ok(),
                _ = self.checks.tick() => {
                    if self.is_out().await {
                        return false;
                    }
                }
            }
        }
    }

    /// Whether the device was revoked, or its studio suspended, since it was let in.
    async fn is_out(&self) -> bool {
        matches!(
            self.server.backing.register().admitted(&self.token).await,
            Err(StoreError::DeviceUnknown | StoreError::DeviceRevoked | StoreError::StudioSuspended)
        )
    }
}
