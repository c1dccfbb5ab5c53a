//! What the program does while nobody looks at it: notices, going on without its window, starting with the computer.
//!
//! What was chosen holds for the computer and every desk of it. It is kept in a file beside the desks; whether the program
//! starts with the computer only the system knows, and it is asked each time.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use studio::view::background::{Background, BackgroundChoice, BackgroundMeans};
use studio::view::failure::FailureCode;
use tauri::{AppHandle, Runtime};
use tauri_plugin_autostart::ManagerExt as _;

use crate::desks::DeskError;
use crate::desks::choice::write_whole;
use crate::folders::Folders;
use crate::notices::{self, Notices};
use crate::program::{Answer, failure};

/// Whether the program starts with the computer. Calls block.
pub trait Autostart: Send + Sync {
    /// Whether it does.
    ///
    /// # Errors
    /// In words, where this computer can't tell.
    fn is_on(&self) -> Result<bool, String>;

    /// That it does, or does not any more.
    ///
    /// # Errors
    /// In words, where this computer does not allow it.
    fn set(&self, on: bool) -> Result<(), String>;
}

/// As the system has it: a value in the registry, or a file in the folder for that.
struct OfThisSystem<R: Runtime>(AppHandle<R>);

impl<R: Runtime> Autostart for OfThisSystem<R> {
    fn is_on(&self) -> Result<bool, String> {
        self.0.autolaunch().is_enabled().map_err(|error| error.to_string())
    }

    fn set(&self, on: bool) -> Result<(), String> {
        let autostart = self.0.autolaunch();
        let set = if on { autostart.enable() } else { autostart.disable() };
        set.map_err(|error| error.to_string())
    }
}

/// The desktop around the program. Tests put another in its place.
pub struct Desktop {
    /// Its notices.
    pub notices: Arc<dyn Notices>,
    /// What it starts by itself.
    pub autostart: Arc<dyn Autostart>,
}

impl Desktop {
    /// That of this system.
    pub(crate) fn around<R: Runtime>(app: &AppHandle<R>) -> Self {
        Self {
            notices: notices::of_this_system(),
            autostart: Arc::new(OfThisSystem(app.clone())),
        }
    }
}

/// What is kept of the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    notices: bool,
    keep_working: bool,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            notices: true,
            keep_working: false,
        }
    }
}

/// See the module.
pub struct BackgroundWork {
    file: PathBuf,
    kept: Mutex<Kept>,
    has_tray: AtomicBool,
    desktop: Desktop,
}

impl BackgroundWork {
    /// With what was chosen at an earlier start.
    pub fn new(folders: &Folders, desktop: Desktop) -> Self {
        let file = folders.background();
        let kept = match std::fs::read(&file).map(|text| serde_json::from_slice(&text)) {
            Ok(Ok(kept)) => kept,
            Ok(Err(error)) => {
                tracing::warn!(%error, "what was chosen for the background can't be read: it is as at the first start");
                Kept::default()
            }
            Err(_) => Kept::default(),
        };
        Self {
            file,
            kept: Mutex::new(kept),
            has_tray: AtomicBool::new(false),
            desktop,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) const fn desktop(&self) -> &Desktop {
        &self.desktop
    }

    /// The program's icon stands beside the clock.
    pub(crate) fn has_tray(&self) {
        self.has_tray.store(true, Ordering::Relaxed);
    }

    /// Whether the desktop shows notices.
    pub(crate) fn shows_notices(&self) -> bool {
        self.kept().notices
    }

    /// Whether the program goes on when its window is closed.
    pub(crate) fn keeps_working(&self) -> bool {
        self.kept().keep_working
    }

    /// What holds, and what this computer can.
    pub(crate) async fn read(&self) -> Background {
        let Kept { notices, keep_working } = *self.kept();
        let starts = self.autostart(|autostart| autostart.is_on()).await;
        if let Err(error) = &starts {
            tracing::warn!(error, "whether the program starts with the computer can't be told");
        }
        Background {
            means: BackgroundMeans {
                notices: self.desktop.notices.are_taken().await,
                tray: self.has_tray.load(Ordering::Relaxed),
                start_with_computer: starts.is_ok(),
            },
            choice: BackgroundChoice {
                notices,
                keep_working,
                start_with_computer: starts.unwrap_or_default(),
            },
        }
    }

    /// Keeps `choice`.
    ///
    /// # Errors
    /// [`FailureCode::AutostartFailed`] with nothing kept; [`FailureCode::StorageFailed`], [`FailureCode::DiskFull`].
    pub(crate) async fn choose(&self, choice: BackgroundChoice) -> Answer<Background> {
        let BackgroundChoice {
            notices,
            keep_working,
            start_with_computer: wanted,
        } = choice;
        let set = self.autostart(move |autostart| match autostart.is_on() {
            Ok(on) if on == wanted => Ok(()),
            Err(_) if !wanted => Ok(()),
            _ => autostart.set(wanted),
        });
        if let Err(error) = set.await {
            tracing::error!(error, "whether the program starts with the computer can't be set");
            let message = "this computer does not let the program be started with it, or not be";
            return Err(failure(FailureCode::AutostartFailed, message));
        }
        let kept = Kept { notices, keep_working };
        let text = serde_json::to_vec_pretty(&kept).map_err(|error| DeskError::Folder(error.into()))?;
        write_whole(&self.file, &text).map_err(DeskError::Folder)?;
        *self.kept() = kept;
        Ok(self.read().await)
    }

    async fn autostart<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Autostart) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let autostart = Arc::clone(&self.desktop.autostart);
        let asked = tauri::async_runtime::spawn_blocking(move || ask(&*autostart));
        asked.await.map_err(|error| error.to_string())?
    }
}
