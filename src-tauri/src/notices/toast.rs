//! Notices as Windows takes them. A click comes back to the program while it runs; the link in the Start menu, which the
//! installer makes, gives them the program's name and icon.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use tauri_winrt_notification::Toast;

use super::{NativeNotice, Notices};

/// The application id of the link in the Start menu.
const APPLICATION: &str = "it.agendasede.desktop";

/// Whether it was said already that Windows takes none.
static COMPLAINED: AtomicBool = AtomicBool::new(false);

/// See the module.
pub(super) struct Toasts;

#[async_trait]
impl Notices for Toasts {
    fn show(&self, notice: NativeNotice) {
        let NativeNotice { title, text, clicked } = notice;
        let toast = Toast::new(APPLICATION)
            .title(&title)
            .text1(&text)
            .on_activated(move |_| {
                clicked();
                Ok(())
            });
        match toast.show() {
            Ok(()) => COMPLAINED.store(false, Ordering::Relaxed),
            Err(error) if !COMPLAINED.swap(true, Ordering::Relaxed) => {
                tracing::warn!(%error, "the desktop takes no notices");
            }
            Err(_) => {}
        }
    }

    async fn are_taken(&self) -> bool {
        true
    }
}
