//! Closing the window: the page is asked to save what was typed last, and given a moment for it. What comes then: the end
//! of the program, or its going on without a window where the person chose so.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Emitter, Manager, Runtime, Window, WindowEvent};

use crate::background::BackgroundWork;
use crate::program::Program;
use crate::window::LABEL;

/// Event: the window wants to close; the page answers with the command `window_leave`.
pub const CLOSING_EVENT: &str = "closing";

/// A page that does not answer in this time is not waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// How far the end is.
#[derive(Debug, Default)]
pub struct Closing {
    /// Whether the page of this window was asked already.
    asked: AtomicBool,
    /// Whether the program ends with its window, whatever was chosen.
    quitting: AtomicBool,
}

/// Follows what happens to `window`.
pub fn follow<R: Runtime>(window: &Window<R>, event: &WindowEvent, closing: &Closing) {
    let api = match event {
        WindowEvent::CloseRequested { api, .. } => api,
        // The next window has a page of its own.
        WindowEvent::Destroyed => return closing.asked.store(false, Ordering::Relaxed),
        _ => return,
    };
    // The second time a person means it, whatever the page does.
    if closing.asked.swap(true, Ordering::Relaxed) || window.emit(CLOSING_EVENT, ()).is_err() {
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

/// Whether the program goes on now that its last window is gone.
pub(crate) fn goes_on<R: Runtime>(app: &AppHandle<R>) -> bool {
    // Before a sede was chosen there is nothing to go on with.
    !app.state::<Closing>().quitting.load(Ordering::Relaxed)
        && app.state::<BackgroundWork>().keeps_working()
        && app.state::<Program>().studio().is_ok()
}

/// Ends the program, with its window first where there is one.
pub(crate) fn quit<R: Runtime>(app: &AppHandle<R>) {
    app.state::<Closing>().quitting.store(true, Ordering::Relaxed);
    let closed = app.get_webview_window(LABEL).map(|window| window.close());
    match closed {
        Some(Ok(())) => {}
        Some(Err(_)) | None => app.exit(0),
    }
}
