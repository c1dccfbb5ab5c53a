//! The desks of this computer: the training sede's, one that works without any sede (R16), and one for each sede over the
//! network that admitted it. Each has a folder of its own with the studio's files, so that what belongs to one never meets
//! what belongs to another.
//!
//! * `choice`: which there are, and which is worked at;
//! * `training`: a sede made on this computer; `sede`: one over the network; `way`: whether it can be reached, step by
//!   step.

pub mod choice;
mod error;
pub(crate) mod sede;
pub(crate) mod training;
pub(crate) mod way;

use std::sync::Arc;

use store::{Clock, SystemClock};
use studio::view::desk::{DeskView, Desks};
use studio::{Options, Studio};
use sync::TracingWatcher;
use tauri::{AppHandle, Runtime};

pub use error::DeskError;

use crate::hearing::Hearing;
use crate::program::Program;
use choice::DeskId;

/// Opens the studio's files at `desk`, with the store that they are of. Nothing is sent or pulled yet.
///
/// # Errors
/// [`DeskError`].
pub(crate) async fn open<R: Runtime>(
    app: &AppHandle<R>,
    program: &Program,
    desk: &DeskId,
) -> Result<Arc<Studio>, DeskError> {
    let place = program.folders().desk(desk);
    let (view, store, clock) = match desk {
        DeskId::Training => {
            let store = training::store(&place, program.clock()).await?;
            (DeskView::training(), Some(store), program.clock())
        }
        DeskId::Portal => (DeskView::portal(), None, program.clock()),
        DeskId::Sede(folder) => {
            let connection = sede::Connection::read(&place)?;
            let store = sede::store(&place, &connection)?;
            (
                connection.view(folder),
                Some(store),
                Arc::new(SystemClock) as Arc<dyn Clock>,
            )
        }
    };
    let studio = Studio::open(Options {
        desk: view,
        folder: place.folder().to_owned(),
        clock,
        store,
        watcher: Arc::new(TracingWatcher),
        listener: Arc::new(Hearing::of(app.clone(), desk.clone())),
    })
    .await?;
    Ok(Arc::new(studio))
}

/// The desks of this computer, as they are shown. One whose description can't be read is left out, and said in the log.
pub(crate) fn list(program: &Program) -> Desks {
    let folders = program.folders();
    let view = |desk: &DeskId| match desk {
        DeskId::Training => Some(DeskView::training()),
        DeskId::Portal => Some(DeskView::portal()),
        DeskId::Sede(folder) => match sede::Connection::read(&folders.sede(folder)) {
            Ok(connection) => Some(connection.view(folder)),
            Err(error) => {
                tracing::error!(%error, "a sede of this computer can't be shown");
                None
            }
        },
    };
    Desks {
        current: program.current().map(|desk| desk.as_str().to_owned()),
        desks: choice::all(folders).iter().filter_map(view).collect(),
    }
}
