//! The engine: greets the store, sends what is due, pulls what changed, waits.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cache::{Cache, CacheError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::code::DecisionId;
use store::{CONTRACT_VERSION, CalendarStore, Clock, StoreError};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::link::{Link, LinkState};
use crate::plan::{self, Pauses};
use crate::{Listener, Watcher};

/// What the engine works with.
pub struct Parts {
    /// The studio's two files.
    pub cache: Arc<Cache>,
    /// The sede's store; nothing at a desk that works without a sede (R16).
    pub store: Option<Arc<dyn CalendarStore>>,
    /// The clock of this computer.
    pub clock: Arc<dyn Clock>,
    /// Told of each waypoint.
    pub watcher: Arc<dyn Watcher>,
    /// Told of what a round does.
    pub listener: Arc<dyn Listener>,
}

/// Carries decisions to the store and changes back. One per studio; a round at a time.
pub struct Engine {
    pub(crate) parts: Parts,
    link: Mutex<Link>,
    offset: Mutex<TimeDelta>,
    one_round: tokio::sync::Mutex<()>,
    busy: AtomicBool,
    nudged: Notify,
    stopped: AtomicBool,
}

/// What a round came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundReport {
    /// The state of the connection after it.
    pub link: LinkState,
    /// Requests that the store answered.
    pub answered: u32,
    /// Bookings that were left with the store.
    pub deposited: u32,
    /// Bookings that became appointments.
    pub booked: u32,
    /// Bookings that wait for a later date by themselves, since the store said so.
    pub requeued: u32,
    /// Decisions that the store refused, or that could not be sent as they are.
    pub refused: u32,
    /// Requests that nobody answered; they go out again.
    pub swallowed: u32,
    /// Changes pulled.
    pub pulled: u64,
    /// Whether everything was thrown away and pulled again.
    pub reset: bool,
}

/// What ended a round early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The store, or the way to it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// This computer.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// How long to sleep at most before looking at the clock again: it may have been set, and this computer may have slept.
const NAP: Duration = Duration::from_secs(20);

/// Between two rounds that nobody asked for.
const BREATH: TimeDelta = TimeDelta::seconds(1);

impl Engine {
    /// An engine at rest, with what is known of the store's clock from earlier.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn new(parts: Parts) -> Result<Self, CacheError> {
        let kept = parts.cache.pulled.welcome().await?;
        Ok(Self {
            link: Mutex::new(Link::new()),
            offset: Mutex::new(kept.map(|kept| kept.clock_offset()).unwrap_or_default()),
            one_round: tokio::sync::Mutex::new(()),
            busy: AtomicBool::new(false),
            nudged: Notify::new(),
            stopped: AtomicBool::new(false),
            parts,
        })
    }

    /// The present, by the store's clock as far as it is known.
    pub fn present(&self) -> DateTime<Utc> {
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.parts.clock.now();
        now.checked_add_signed(offset).unwrap_or(now)
    }

    /// The state of the connection.
    pub fn link_state(&self) -> LinkState {
        self.link().state
    }

    /// While the store can't be reached: when it was last tried, and when it is tried again.
    pub fn outage(&self) -> Option<Outage> {
        let link = self.link();
        Some(Outage {
            last_attempt: link.last_failure?,
            next_attempt: link.not_before?,
        })
    }

    /// Whether a round is under way.
    pub fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed)
    }

    /// Asks for a round at once: somebody decided something.
    pub fn nudge(&self) {
        self.nudged.notify_one();
    }

    /// Ends [`Engine::run`] after the round that is under way.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.nudged.notify_one();
    }

    /// The store. Whoever comes here has one: without, no round begins.
    pub(crate) fn store(&self) -> Result<&dyn CalendarStore, StoreError> {
        self.parts.store.as_deref().ok_or_else(|| StoreError::Unreachable {
            reason: "this desk has no sede".to_owned(),
        })
    }

    pub(crate) fn link(&self) -> MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One round with the store: greets it where that is due, sends what may go, pulls what changed. With
    /// [`Pauses::Skip`], what waits after a failure does not wait any longer.
    ///
    /// A round that is interrupted, at whatever point, leaves every decision where the next one goes on with the same
    /// attempt.
    ///
    /// # Errors
    /// Those of the studio's files. What goes wrong at the store is in the report. Without a store nothing is done.
    pub async fn round(&self, pauses: Pauses) -> Result<RoundReport, CacheError> {
        if self.parts.store.is_none() {
            return Ok(RoundReport::default());
        }
        let _one = self.one_round.lock().await;
        let _busy = Busy::set(self);
        let mut report = RoundReport::default();
        let ended = self.attempt_round(pauses, &mut report).await;
        let now = self.present();
        let result = match ended {
            Ok(()) => {
                self.link().succeeded();
                Ok(())
            }
            Err(Broken::Store(error)) => {
                match &error {
                    StoreError::Unreachable { .. } | StoreError::Busy { .. } => {
                        tracing::info!(%error, "the round ended early");
                    }
                    StoreError::Incompatible { .. }
                    | StoreError::StudioUnknown
                    | StoreError::DeviceUnknown
                    | StoreError::DeviceRevoked
                    | StoreError::StudioSuspended => {
                        tracing::warn!(%error, "the round ended early");
                    }
                    StoreError::EpochChanged
                    | StoreError::AttemptReused
                    | StoreError::Unsupported
                    | StoreError::Failed { .. } => {
                        tracing::error!(%error, "the round ended early");
                    }
                }
                self.link().failed(&error, now);
                Ok(())
            }
            Err(Broken::Cache(error)) => Err(error),
        };
        report.link = self.link_state();
        result.map(|()| report)
    }

    async fn attempt_round(&self, pauses: Pauses, report: &mut RoundReport) -> Result<(), Broken> {
        let (greet, was_away) = {
            let link = self.link();
            (link.must_greet(self.parts.clock.now()), link.away)
        };
        if greet && let Err(error) = self.greet(report).await {
            self.link().away = true;
            return Err(error);
        }
        // What waits for the network to come back has waited long enough: it is back.
        let pauses = if was_away { Pauses::Skip } else { pauses };
        let sent = self.send_due(pauses, report).await;
        // What was booked is pulled even where the sending ended early, as far as that goes.
        let pulled = match &sent {
            Ok(()) => self.pull_all(report).await,
            Err(_) => Ok(()),
        };
        sent.and(pulled)
    }

    /// Opens a session: version, epoch, clock, limits.
    pub(crate) async fn greet(&self, report: &mut RoundReport) -> Result<(), Broken> {
        let welcome = self.store()?.hello(CONTRACT_VERSION).await?;
        // The store's clock has moved on since it answered: we are never ahead of it.
        let here = self.parts.clock.now();
        let offset = welcome.now - here;
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner) = offset;
        let pulled = &self.parts.cache.pulled;
        pulled.keep_welcome(&welcome, offset).await?;
        if pulled.epoch().await?.is_some_and(|epoch| epoch != welcome.epoch) {
            self.parts.cache.reset().await?;
            report.reset = true;
        }
        self.link().welcomed(&welcome, here);
        self.parts.listener.greeted();
        Ok(())
    }

    /// Rounds, one after the other, whenever something is due, the store wants to be asked, it hints that something changed,
    /// or somebody asks, until [`Engine::stop`].
    pub async fn run(&self) {
        // A disk that is full or gone is not tried every second.
        let mut unwritten = 0;
        while !self.stopped.load(Ordering::Relaxed) {
            match self.round(Pauses::Keep).await {
                Ok(_) => unwritten = 0,
                Err(error) => {
                    unwritten += 1;
                    tracing::error!(%error, "a round could not be written down");
                    let pause = plan::pause(unwritten, DecisionId::new(Uuid::nil()));
                    self.sleep_until(self.present() + pause).await;
                    continue;
                }
            }
            let wake = match self.next_round().await {
                Ok(wake) => wake,
                Err(error) => {
                    tracing::error!(%error, "the outbox can't be read");
                    self.present() + plan::LONGEST_PAUSE
                }
            };
            self.sleep_until(wake).await;
        }
    }

    /// When the next round is due.
    async fn next_round(&self) -> Result<DateTime<Utc>, CacheError> {
        let now = self.present();
        let (look, cut_off) = {
            let link = self.link();
            (link.next_look(now), link.not_before.is_some())
        };
        if cut_off {
            return Ok(look);
        }
        let due = self.next_due(now).await?;
        Ok(due.map_or(look, |due| due.min(look)).max(now + BREATH))
    }

    /// Sleeps until `wake`, until somebody asks, or until the store hints that something changed.
    async fn sleep_until(&self, wake: DateTime<Utc>) {
        // One future for the whole sleep: dropped with each nap, a hint could fall between two.
        let mut hinted = pin!(self.hinted());
        loop {
            let left = (wake - self.present()).to_std().unwrap_or_default();
            if left.is_zero() || self.stopped.load(Ordering::Relaxed) {
                return;
            }
            // A hint is no reason to try a store that is left alone after a failure.
            let cut_off = self.link().not_before.is_some();
            tokio::select! {
                () = self.nudged.notified() => return,
                () = &mut hinted, if !cut_off => return,
                () = tokio::time::sleep(left.min(NAP)) => {}
            }
        }
    }

    /// Something may have changed at the store. Where many work, hints are many: a breath lies before each. Where none comes,
    /// nothing wakes for it.
    async fn hinted(&self) {
        let breath = tokio::time::Instant::now() + BREATH.to_std().unwrap_or_default();
        match &self.parts.store {
            Some(store) => store.watch().await,
            None => std::future::pending().await,
        }
        tokio::time::sleep_until(breath).await;
    }
}

/// The store can't be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// When it was last tried.
    pub last_attempt: DateTime<Utc>,
    /// When it is tried again.
    pub next_attempt: DateTime<Utc>,
}

/// Says that a round is under way, until it is dropped: at its end, or where it is interrupted.
struct Busy<'a>(&'a Engine);

impl<'a> Busy<'a> {
    fn set(engine: &'a Engine) -> Self {
        engine.busy.store(true, Ordering::Relaxed);
        engine.parts.listener.round_began();
        Self(engine)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.store(false, Ordering::Relaxed);
        self.0.parts.listener.round_ended(self.0.link_state());
    }
}
