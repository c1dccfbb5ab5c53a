//! Who hears, without asking, that something changed, how far something is, or what is worth a notice.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::notices::Notice;
use crate::view::app::{Area, Changed, Progress};

/// The page and the desktop around it, as this crate sees them.
pub trait Listener: Send + Sync {
    /// What is shown of these areas is old.
    fn changed(&self, changed: Changed);
    /// How far some work is.
    fn progress(&self, progress: Progress);
    /// Something is to be told, whether the page is there or not.
    fn noticed(&self, _notice: Notice) {}
    /// Whether somebody has the page before them.
    fn is_watched(&self) -> bool {
        false
    }
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deaf;

impl Listener for Deaf {
    fn changed(&self, _: Changed) {}
    fn progress(&self, _: Progress) {}
}

/// Between two calls of [`Listener::changed`] or [`Listener::progress`], at least.
pub(crate) const PACE: Duration = Duration::from_millis(150);

/// Tells a listener of changes at a pace that a page can follow: those that come close together are one.
pub(crate) struct Herald {
    listener: Arc<dyn Listener>,
    news: Mutex<News>,
}

#[derive(Default)]
struct News {
    areas: BTreeSet<Area>,
    told: Option<Instant>,
    waiting: bool,
    progress: Option<Instant>,
}

impl Herald {
    pub(crate) fn new(listener: Arc<dyn Listener>) -> Arc<Self> {
        Arc::new(Self {
            listener,
            news: Mutex::default(),
        })
    }

    pub(crate) fn listener(&self) -> &dyn Listener {
        &*self.listener
    }

    fn news(&self) -> std::sync::MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that what is shown of tickets, drafts and appointments is old, wherever it is shown.
    pub(crate) fn work_changed(self: &Arc<Self>) {
        self.changed([Area::Tickets, Area::Drafts, Area::Agenda, Area::Status]);
    }

    /// Tells of `areas`: at once, or together with what follows shortly.
    pub(crate) fn changed(self: &Arc<Self>, areas: impl IntoIterator<Item = Area>) {
        let wait = {
            let mut news = self.news();
            news.areas.extend(areas);
            if news.areas.is_empty() || news.waiting {
                return;
            }
            let wait = news
                .told
                .and_then(|told| PACE.checked_sub(told.elapsed()))
                .unwrap_or_default();
            news.waiting = !wait.is_zero();
            wait
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if !wait.is_zero() => {
                let herald = Arc::clone(self);
                runtime.spawn(async move {
                    tokio::time::sleep(wait).await;
                    herald.tell();
                });
            }
            _ => self.tell(),
        }
    }

    fn tell(&self) {
        let areas = {
            let mut news = self.news();
            news.waiting = false;
            news.told = Some(Instant::now());
            std::mem::take(&mut news.areas)
        };
        if !areas.is_empty() {
            self.listener.changed(Changed {
                areas: areas.into_iter().collect(),
            });
        }
    }

    /// Tells how far some work is; the beginning and the end always, what lies between at a pace.
    pub(crate) fn progress(&self, progress: Progress) {
        let edge = progress.done == 0 || progress.done >= progress.total;
        {
            let mut news = self.news();
            if !edge && news.progress.is_some_and(|told| told.elapsed() < PACE) {
                return;
            }
            news.progress = Some(Instant::now());
        }
        self.listener.progress(progress);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::app::Work;

    #[derive(Default)]
    struct Heard {
        changed: Mutex<Vec<Vec<Area>>>,
        progress: Mutex<Vec<u32>>,
    }

    impl Listener for Heard {
        fn changed(&self, changed: Changed) {
            self.changed.lock().unwrap().push(changed.areas);
        }
        fn progress(&self, progress: Progress) {
            self.progress.lock().unwrap().push(progress.done);
        }
    }

    #[tokio::test]
    async fn changes_that_come_close_together_are_told_once() {
        let heard = Arc::new(Heard::default());
        let herald = Herald::new(heard.clone());
        herald.changed([Area::Drafts]);
        for _ in 0..100 {
            herald.changed([Area::Agenda, Area::Tickets]);
        }
        herald.changed([Area::Drafts]);
        tokio::time::sleep(PACE * 2).await;
        assert_eq!(
            *heard.changed.lock().unwrap(),
            [vec![Area::Drafts], vec![Area::Tickets, Area::Drafts, Area::Agenda]],
            "the first at once, the others together"
        );
        herald.changed([]);
        assert_eq!(heard.changed.lock().unwrap().len(), 2, "nothing is no news");
    }

    #[tokio::test]
    async fn progress_tells_its_beginning_and_its_end() {
        let heard = Arc::new(Heard::default());
        let herald = Herald::new(heard.clone());
        for done in 0..=1000 {
            herald.progress(Progress {
                work: Work::ReadStore,
                done,
                total: 1000,
            });
        }
        let told = heard.progress.lock().unwrap();
        assert_eq!((told.first(), told.last()), (Some(&0), Some(&1000)));
        assert!(told.len() < 10, "not every step");
    }
}
