//! What the page hears without asking.

use studio::view::app::{Changed, Progress};
use tauri::{AppHandle, Emitter, Runtime};

/// Event: what is shown of some areas is old. Payload: [`Changed`].
pub const CHANGED_EVENT: &str = "changed";

/// Event: how far some work is. Payload: [`Progress`].
pub const PROGRESS_EVENT: &str = "progress";

/// Tells the page.
#[derive(Clone)]
pub struct Page<R: Runtime>(AppHandle<R>);

impl<R: Runtime> Page<R> {
    /// The page of `app`.
    pub const fn of(app: AppHandle<R>) -> Self {
        Self(app)
    }

    fn tell<T: serde::Serialize + Clone>(&self, event: &str, payload: T) {
        if let Err(error) = self.0.emit(event, payload) {
            tracing::warn!(event, %error, "the page could not be told");
        }
    }

    /// What is shown of some areas is old.
    pub fn changed(&self, changed: Changed) {
        self.tell(CHANGED_EVENT, changed);
    }

    /// How far some work is.
    pub fn progress(&self, progress: Progress) {
        self.tell(PROGRESS_EVENT, progress);
    }
}
