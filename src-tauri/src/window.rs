//! The program's one window: brought forward, or made anew where it was closed and the program went on; and what it is to
//! show, for a page that may not be there yet.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use studio::view::notices::Place;
use tauri::{AppHandle, Emitter, Manager, Runtime, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent};

use crate::desks::choice::DeskId;
use crate::program::Program;

/// Its name, also in `tauri.conf.json` and in `capabilities/`.
pub const LABEL: &str = "main";

/// Event: the page is asked to show a place; it takes it with the command `place_take`.
pub const PLACE_EVENT: &str = "place-asked";

/// What is known of the window beside what the window system knows.
#[derive(Debug, Default)]
pub struct MainWindow {
    /// Where somebody wants to be, and at which desk.
    asked: Mutex<Option<(DeskId, Place)>>,
    watched: AtomicBool,
    /// It is made once, however many ask for it.
    making: tokio::sync::Mutex<()>,
}

impl MainWindow {
    fn asked(&self) -> MutexGuard<'_, Option<(DeskId, Place)>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody has it before them.
    pub(crate) fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed)
    }

    /// Keeps the place at which somebody at `desk` wants to be, until the page takes it.
    pub fn ask_for(&self, desk: DeskId, place: Place) {
        *self.asked() = Some((desk, place));
    }

    /// The place that the page is to show, once. At another desk than the one that is worked at there is no such place:
    /// *Oggi* then.
    pub(crate) fn take(&self, at_work: Option<&DeskId>) -> Option<Place> {
        let (desk, place) = self.asked().take()?;
        Some(if at_work == Some(&desk) { place } else { Place::Today })
    }
}

/// Follows what happens to the window.
pub fn follow<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let watched = match event {
        WindowEvent::Focused(focused) => *focused,
        WindowEvent::Destroyed => false,
        _ => return,
    };
    window.state::<MainWindow>().watched.store(watched, Ordering::Relaxed);
}

/// Makes the window as the configuration describes it.
///
/// # Errors
/// Those of the window system.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let described = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let described = described.ok_or(tauri::Error::WindowNotFound)?;
    WebviewWindowBuilder::from_config(app, described)?.build()
}

/// Brings the window before the others, also where it was minimised or is not there.
pub(crate) fn bring_forward<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    // Never in answer to an event of the window system: on Windows it would wait for itself to make a window.
    tauri::async_runtime::spawn(async move {
        let state = app.state::<MainWindow>();
        let _one_at_a_time = state.making.lock().await;
        let shown = match app.get_webview_window(LABEL) {
            Some(window) => window
                .unminimize()
                .and_then(|()| window.show())
                .and_then(|()| window.set_focus()),
            None => open(&app).map(drop),
        };
        if let Err(error) = shown {
            tracing::warn!(%error, "the window can't be brought forward");
        }
    });
}

/// Brings the window forward and has its page show `place`, which is one of `desk`.
pub(crate) fn show_place<R: Runtime>(app: &AppHandle<R>, desk: DeskId, place: Place) {
    app.state::<MainWindow>().ask_for(desk, place);
    if let Err(error) = app.emit(PLACE_EVENT, ()) {
        tracing::warn!(%error, "the page could not be told where to go");
    }
    bring_forward(app);
}

/// The place that the page is to show, where somebody asked for one.
pub(crate) fn take_place<R: Runtime>(app: &AppHandle<R>) -> Option<Place> {
    let at_work = app.state::<Program>().current();
    app.state::<MainWindow>().take(at_work.as_ref())
}
