//! Files that were dropped on the window. Their paths stay here: the page is told how many there are, and asks for them
//! to be attached; it can't name a file of the computer itself.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tauri::{DragDropEvent, Emitter, Runtime, Window, WindowEvent};

/// Event: files are over the window, or no longer. Payload: [`Hover`].
pub const HOVER_EVENT: &str = "files-hover";

/// Event: files were dropped. Payload: [`Dropped`].
pub const DROPPED_EVENT: &str = "files-dropped";

/// See [`HOVER_EVENT`].
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Hover {
    over: bool,
}

/// See [`DROPPED_EVENT`].
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Dropped {
    count: usize,
}

/// The files dropped last and not yet taken.
#[derive(Debug, Default)]
pub struct DroppedFiles(Mutex<Vec<PathBuf>>);

impl DroppedFiles {
    /// Keeps what was dropped; what was dropped before and not taken is forgotten.
    pub fn keep(&self, paths: Vec<PathBuf>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = paths;
    }

    /// Hands them over, once.
    pub fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Follows what happens over `window`.
pub fn follow<R: Runtime>(window: &Window<R>, event: &WindowEvent, dropped: &DroppedFiles) {
    let WindowEvent::DragDrop(event) = event else { return };
    let told = match event {
        DragDropEvent::Enter { .. } => window.emit(HOVER_EVENT, Hover { over: true }),
        DragDropEvent::Leave => window.emit(HOVER_EVENT, Hover { over: false }),
        DragDropEvent::Drop { paths, .. } => {
            dropped.keep(paths.clone());
            window
                .emit(HOVER_EVENT, Hover { over: false })
                .and_then(|()| window.emit(DROPPED_EVENT, Dropped { count: paths.len() }))
        }
        _ => Ok(()),
    };
    if let Err(error) = told {
        tracing::warn!(%error, "the page could not be told about dropped files");
    }
}
