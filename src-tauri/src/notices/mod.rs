//! The desktop's own notices: what `studio` finds worth telling, whether the window is there or not. A click shows what it
//! is about. Where the desktop takes none, the program goes on and says so once in the log, without what they would say.

#[cfg(target_os = "linux")]
mod freedesktop;
#[cfg(windows)]
mod toast;

use std::sync::Arc;

use async_trait::async_trait;
use studio::notices::Notice;
use tauri::{AppHandle, Manager, Runtime};

use crate::background::BackgroundWork;
use crate::desks::choice::DeskId;
use crate::texts;
use crate::window;

/// A notice as the desktop shows it.
pub struct NativeNotice {
    /// Its title.
    pub title: String,
    /// The text below, in lines.
    pub text: String,
    /// What a click does.
    pub clicked: Arc<dyn Fn() + Send + Sync>,
}

/// Where notices are shown. Tests put one of their own in place of the desktop's.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Shows a notice. Nobody waits for it; what goes wrong is in the log.
    fn show(&self, notice: NativeNotice);

    /// Whether the desktop takes notices.
    async fn are_taken(&self) -> bool;
}

/// Those of this system.
pub(crate) fn of_this_system() -> Arc<dyn Notices> {
    #[cfg(target_os = "linux")]
    return Arc::new(freedesktop::Freedesktop::begin());
    #[cfg(windows)]
    return Arc::new(toast::Toasts);
    #[cfg(not(any(target_os = "linux", windows)))]
    return Arc::new(Nowhere);
}

/// A system whose notices nobody has taught the program.
#[cfg(not(any(target_os = "linux", windows)))]
struct Nowhere;

#[cfg(not(any(target_os = "linux", windows)))]
#[async_trait]
impl Notices for Nowhere {
    fn show(&self, _: NativeNotice) {}

    async fn are_taken(&self) -> bool {
        false
    }
}

/// Shows what happened at `desk`, unless the person wants no notices.
pub(crate) fn show<R: Runtime>(app: &AppHandle<R>, desk: &DeskId, notice: Notice) {
    let background = app.state::<BackgroundWork>();
    if !background.shows_notices() {
        return;
    }
    let words = texts::notices::words(&notice.news);
    let (app, desk) = (app.clone(), desk.clone());
    background.desktop().notices.show(NativeNotice {
        title: words.title,
        text: words.text,
        clicked: Arc::new(move || window::show_place(&app, desk.clone(), notice.place.clone())),
    });
}
