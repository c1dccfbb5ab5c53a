//! What comes of what the studio tells without being asked: the page shows it, the icon beside the clock counts it, the
//! desktop gives notice of it.

use studio::Listener;
use studio::notices::Notice;
use studio::view::app::{Area, Changed, Progress};
use tauri::{AppHandle, Manager, Runtime};

use crate::desks::choice::DeskId;
use crate::events::Page;
use crate::window::MainWindow;
use crate::{notices, tray};

/// Hears the studio at a desk.
pub(crate) struct Hearing<R: Runtime> {
    app: AppHandle<R>,
    desk: DeskId,
}

impl<R: Runtime> Hearing<R> {
    /// At `desk`, in `app`.
    pub(crate) const fn of(app: AppHandle<R>, desk: DeskId) -> Self {
        Self { app, desk }
    }
}

impl<R: Runtime> Listener for Hearing<R> {
    fn changed(&self, changed: Changed) {
        // What needs somebody is a communication or a draft.
        if changed
            .areas
            .iter()
            .any(|area| matches!(area, Area::Agenda | Area::Drafts))
        {
            tray::refresh(&self.app);
        }
        Page::of(self.app.clone()).changed(changed);
    }

    fn progress(&self, progress: Progress) {
        Page::of(self.app.clone()).progress(progress);
    }

    fn noticed(&self, notice: Notice) {
        notices::show(&self.app, &self.desk, notice);
    }

    fn is_watched(&self) -> bool {
        self.app.state::<MainWindow>().is_watched()
    }
}
