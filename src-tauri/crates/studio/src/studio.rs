//! The studio at work: what it is made of, and how it is opened, run and closed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cache::Cache;
use domain::code::DecisionId;
use domain::time::Now;
use store::{CalendarStore, Clock};
use sync::{Engine, LinkState, Watcher, Waypoint};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use uuid::Uuid;

use crate::StudioError;
use crate::guide::Guide;
use crate::import::Import;
use crate::listener::{Herald, Listener, PACE};
use crate::lists::Lists;
use crate::notices::next_morning;
use crate::view::app::{Area, Progress, Repair, Work};
use crate::view::desk::DeskView;

/// What a studio is opened with.
pub struct Options {
    /// The desk that these files and this store are of, as it is shown.
    pub desk: DeskView,
    /// Where its two files and its attachments live: one folder per store, so that stores never mix.
    pub folder: PathBuf,
    /// The clock of this computer.
    pub clock: Arc<dyn Clock>,
    /// The sede's store; nothing at a desk that works without a sede (R16).
    pub store: Option<Arc<dyn CalendarStore>>,
    /// Told of each waypoint on the path of a decision.
    pub watcher: Arc<dyn Watcher>,
    /// Told of what changes without being asked.
    pub listener: Arc<dyn Listener>,
}

/// What a person at the studio can do. Every function reads and writes on this computer only; what the store must know
/// goes through the outbox.
pub struct Studio {
    pub(crate) cache: Arc<Cache>,
    pub(crate) engine: Engine,
    pub(crate) herald: Arc<Herald>,
    pub(crate) folder: PathBuf,
    pub(crate) desk: DeskView,
    /// Whether there is a sede at all; without one nothing is ever sent or pulled.
    pub(crate) has_sede: bool,
    /// The list that is being imported.
    pub(crate) import: Import,
    watcher: Arc<dyn Watcher>,
    lists: Mutex<Lists>,
    repairs: Mutex<Vec<Repair>>,
    stirred: Arc<Stirred>,
    /// Whether a round is under way that lasts: what the foot of the page says.
    pub(crate) busy: Arc<AtomicBool>,
    /// Notices are taken one at a time: each is given once.
    pub(crate) telling: tokio::sync::Mutex<()>,
}

/// All that a page shows.
const EVERYTHING: [Area; 5] = [Area::Status, Area::Tickets, Area::Drafts, Area::Agenda, Area::Board];

/// How often to look whether it is another day.
const DAY_WATCH: Duration = Duration::from_secs(20);

/// A pull of fewer changes is over before anybody could read a figure.
const WORTH_A_FIGURE: u64 = 1_000;

impl Studio {
    /// Opens the studio's files, mending them where they are damaged. Nothing is sent or pulled before [`Studio::run`] or
    /// [`Studio::sync_now`].
    ///
    /// # Errors
    /// [`StudioError::NewerVersion`], [`StudioError::DiskFull`], [`StudioError::Storage`].
    pub async fn open(options: Options) -> Result<Self, StudioError> {
        let (cache, repairs) = Cache::open(&options.folder, options.clock.now()).await?;
        let cache = Arc::new(cache);
        let herald = Herald::new(options.listener);
        let stirred = Arc::new(Stirred::default());
        let has_sede = options.store.is_some();
        let busy = Arc::new(AtomicBool::new(false));
        let engine = Engine::new(sync::Parts {
            cache: Arc::clone(&cache),
            store: options.store,
            clock: options.clock,
            watcher: Arc::clone(&options.watcher),
            listener: Arc::new(Rounds {
                herald: Arc::clone(&herald),
                stirred: Arc::clone(&stirred),
                foot: Arc::default(),
                busy: Arc::clone(&busy),
            }),
        })
        .await?;
        let studio = Self {
            cache,
            engine,
            herald,
            folder: options.folder,
            desk: options.desk,
            has_sede,
            import: Import::default(),
            watcher: options.watcher,
            lists: Mutex::default(),
            repairs: Mutex::new(repairs.into_iter().map(crate::app::repair).collect()),
            stirred,
            busy,
            telling: tokio::sync::Mutex::default(),
        };
        studio.tidy().await;
        Ok(studio)
    }

    /// Works with the store until [`Studio::stop`]; to be spawned once.
    pub async fn run(&self) {
        tokio::select! {
            () = self.engine.run() => {}
            () = self.watch_the_day() => {}
            () = self.tell_what_happened() => {}
        }
    }

    /// Ends [`Studio::run`] after the round that is under way.
    pub fn stop(&self) {
        self.engine.stop();
    }

    /// Closes the files; nothing can be asked afterwards.
    pub async fn close(&self) {
        self.engine.stop();
        self.cache.close().await;
    }

    /// At midnight of the sede's zone, what is shown is old.
    async fn watch_the_day(&self) {
        let mut today = self.now().today();
        tokio::time::sleep(DAY_WATCH).await;
        // A large copy is not read whole for damage at each start, but in peace; a damaged one is rebuilt at the next.
        match self.cache.check_pulled().await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("the copy of the store's content is damaged: it is rebuilt at the next start"),
            Err(error) => tracing::warn!(%error, "the copy of the store's content could not be checked"),
        }
        loop {
            tokio::time::sleep(DAY_WATCH).await;
            let now = self.now().today();
            if now != today {
                today = now;
                self.herald.changed(EVERYTHING);
                self.tidy().await;
                if let Err(error) = self.cache.back_up_daily(self.engine.present()).await {
                    tracing::error!(%error, "the studio's file could not be backed up");
                }
            }
        }
    }

    /// After a round in which something happened, and in the morning, tells the desktop what is worth a notice.
    async fn tell_what_happened(&self) {
        let listener = self.herald.listener();
        let mut morning = None;
        loop {
            self.stirred.round_over.notified().await;
            // Another one began: by its end everything is there.
            if self.engine.is_busy() {
                continue;
            }
            let now = self.now();
            let is_new_morning = morning.is_none_or(|next| now.instant() >= next);
            if !self.stirred.something_happened.swap(false, Ordering::Relaxed) && !is_new_morning {
                continue;
            }
            match self.notices_where_read(listener.is_watched()).await {
                Ok(Some(notices)) => {
                    notices.into_iter().for_each(|notice| listener.noticed(notice));
                    morning = Some(next_morning(now));
                    continue;
                }
                // The store was never read to its end: after the next round, perhaps.
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "what is worth a notice can't be read"),
            }
            self.stirred.something_happened.store(true, Ordering::Relaxed);
        }
    }

    /// The present, by the store's clock as far as it is known.
    pub(crate) fn now(&self) -> Now {
        Now::at(self.engine.present())
    }

    /// The present and what the sedi offer: what nearly every view needs.
    pub(crate) async fn guide(&self) -> Result<Guide, StudioError> {
        Ok(Guide {
            directory: self.cache.pulled.directory().await?,
            now: self.now(),
        })
    }

    pub(crate) fn lists(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn repairs(&self) -> MutexGuard<'_, Vec<Repair>> {
        self.repairs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what a person decided, watched, and gets it on its way.
    pub(crate) async fn decide<T>(
        &self,
        decision: DecisionId,
        write: impl Future<Output = Result<T, cache::CacheError>>,
    ) -> Result<T, StudioError> {
        self.watcher.reached(Waypoint::BeforeOutboxRow, decision);
        let written = write.await?;
        self.watcher.reached(Waypoint::AfterOutboxRow, decision);
        self.engine.nudge();
        Ok(written)
    }
}

/// Identity of something that is decided now.
pub(crate) fn new_decision() -> DecisionId {
    DecisionId::new(Uuid::now_v7())
}

/// What rounds did since somebody looked.
#[derive(Default)]
struct Stirred {
    /// A round ended.
    round_over: Notify,
    /// A draft, an appointment or a communication is another.
    something_happened: AtomicBool,
}

/// Hears what a round does, and tells the page which areas are old.
struct Rounds {
    herald: Arc<Herald>,
    stirred: Arc<Stirred>,
    foot: Arc<Mutex<Foot>>,
    busy: Arc<AtomicBool>,
}

/// What the line at the foot of the page says of the connection.
#[derive(Default)]
struct Foot {
    link: Option<LinkState>,
    told: Option<Instant>,
    /// Tells of the round that is under way, once it lasts.
    round: Option<AbortHandle>,
}

/// The foot names the minute of the last reading; it may lag behind by so much.
const READ_AT_HOLDS: Duration = Duration::from_secs(60);

impl Rounds {
    fn foot(&self) -> MutexGuard<'_, Foot> {
        self.foot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl sync::Listener for Rounds {
    fn round_began(&self) {
        // Most rounds are over before anybody could see that there was one, and nobody is woken for them.
        let (herald, busy, foot) = (Arc::clone(&self.herald), Arc::clone(&self.busy), Arc::clone(&self.foot));
        let told = tokio::spawn(async move {
            tokio::time::sleep(PACE).await;
            // It may be over by now.
            let foot = foot.lock().unwrap_or_else(PoisonError::into_inner);
            if foot.round.is_some() {
                busy.store(true, Ordering::Relaxed);
                herald.changed([Area::Status]);
            }
        });
        self.foot().round = Some(told.abort_handle());
    }

    fn greeted(&self) {
        if self.foot().link.replace(LinkState::Connected) != Some(LinkState::Connected) {
            self.herald.changed([Area::Status]);
        }
    }

    fn round_ended(&self, link: LinkState) {
        let mut foot = self.foot();
        if let Some(round) = foot.round.take() {
            round.abort();
        }
        let was_busy = self.busy.swap(false, Ordering::Relaxed);
        let is_old = foot.told.is_none_or(|told| told.elapsed() >= READ_AT_HOLDS);
        if was_busy || is_old || foot.link != Some(link) {
            (foot.link, foot.told) = (Some(link), Some(Instant::now()));
            self.herald.changed([Area::Status]);
        }
        self.stirred.round_over.notify_one();
    }

    fn decisions_moved(&self) {
        self.stirred.something_happened.store(true, Ordering::Relaxed);
        self.herald.work_changed();
    }

    fn pulled(&self, touched: &cache::pulled::Touched) {
        if touched.agenda || touched.drafts {
            self.stirred.something_happened.store(true, Ordering::Relaxed);
        }
        self.herald.changed(crate::app::areas(touched));
    }

    fn pulling(&self, done: u64, total: u64) {
        if total >= WORTH_A_FIGURE {
            let small = |count| u32::try_from(count).unwrap_or(u32::MAX);
            self.herald.progress(Progress {
                work: Work::ReadStore,
                done: small(done),
                total: small(total),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use sync::Listener as _;

    use super::*;
    use crate::view::app::Changed;

    #[derive(Default)]
    struct Heard(Mutex<u32>);

    impl Listener for Heard {
        fn changed(&self, changed: Changed) {
            assert_eq!(changed.areas, [Area::Status]);
            *self.0.lock().unwrap() += 1;
        }
        fn progress(&self, _: Progress) {}
    }

    impl Heard {
        /// How often the page was told since the last time, when all that waits was told.
        async fn times(&self) -> u32 {
            tokio::time::sleep(PACE * 2).await;
            std::mem::take(&mut *self.0.lock().unwrap())
        }
    }

    #[tokio::test]
    async fn a_round_that_changes_nothing_at_the_foot_wakes_nobody() {
        let heard = Arc::new(Heard::default());
        let rounds = Rounds {
            herald: Herald::new(heard.clone()),
            stirred: Arc::default(),
            foot: Arc::default(),
            busy: Arc::default(),
        };
        rounds.round_began();
        rounds.greeted();
        rounds.round_ended(LinkState::Connected);
        assert_ne!(heard.times().await, 0, "it is connected, and was read");
        for _ in 0..3 {
            rounds.round_began();
            rounds.round_ended(LinkState::Connected);
        }
        assert_eq!(heard.times().await, 0);

        rounds.round_began();
        rounds.round_ended(LinkState::Offline);
        assert_eq!(heard.times().await, 1, "another state is told at once");

        rounds.round_began();
        assert!(
            !rounds.busy.load(Ordering::Relaxed),
            "whoever looks meanwhile is shown what is told"
        );
        assert_eq!(heard.times().await, 1, "one that lasts is told");
        assert!(rounds.busy.load(Ordering::Relaxed));
        rounds.round_ended(LinkState::Offline);
        assert_eq!(heard.times().await, 1, "and its end");
        assert!(!rounds.busy.load(Ordering::Relaxed));
    }
}
