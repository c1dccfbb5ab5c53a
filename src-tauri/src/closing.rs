//! Closing the window: the page is asked to save what was typed last, and given a moment for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{Emitter, Runtime, Window, WindowEvent};

/// Event: the window wants to close; the page answers with the command `window_leave`.
pub const CLOSING_EVENT: &str = "closing";

/// A page that does not answer in this time is not waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the page was asked already.
#[derive(Debug, Default)]
pub struct Closing(AtomicBool);

/// Follows what happens to `window`.
pub fn follow<R: Runtime>(window: &Window<R>, event: &WindowEvent, closing: &Closing) {
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    // The second time a person means it, whatever the page does.
    if closing.0.swap(true, Ordering::Relaxed) || window.emit(CLOSING_EVENT, ()).is_err() {
        return;
    }
    api.prevent_close();
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        leave(&window);
    });
}

/// Lets the window go.
pub fn leave<R: Runtime>(window: &Window<R>) {
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "the window does not close");
    }
}
