//! The training sede of this computer: made at the first start, opened at every other.

use std::io;
use std::sync::Arc;

use domain::time::Now;
use store::{Clock, StoreError};
use store_sqlite::{OpenError, SqliteStore};
use studio::view::app::{Progress, TrainingSize, Work};
use studio::view::failure::FailureCode;
use studio::{Listener, Options, Studio, StudioError};
use sync::TracingWatcher;
use tauri::{AppHandle, Runtime};
use training::{Seed, Training};

use crate::events::Page;
use crate::folders::Desk;
use crate::program::Program;

/// The same invented sede for everybody.
const SEED: Seed = Seed(6542);

/// Why there is no training sede to work with.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// Its folder can't be made or moved.
    #[error("the folder of the training sede: {0}")]
    Folder(#[from] io::Error),
    /// Its file can't be opened.
    #[error("the file of the training sede: {0}")]
    Open(#[from] OpenError),
    /// It can't be filled.
    #[error("filling the training sede: {0}")]
    Fill(#[from] StoreError),
    /// The studio's own files can't be opened.
    #[error("the studio's files: {0}")]
    Studio(#[from] StudioError),
}

impl TrainingError {
    /// The code that crosses to the interface.
    pub fn code(&self) -> FailureCode {
        match self {
            Self::Folder(error) if error.kind() == io::ErrorKind::StorageFull => FailureCode::DiskFull,
            Self::Folder(_) | Self::Fill(_) => FailureCode::StorageFailed,
            Self::Open(OpenError::NewerSchema { .. }) => FailureCode::NewerVersion,
            Self::Open(_) => FailureCode::StorageFailed,
            Self::Studio(error) => error.code(),
        }
    }
}

const fn tickets(size: TrainingSize) -> u32 {
    match size {
        TrainingSize::Small => 50,
        TrainingSize::Ordinary => 1_200,
        TrainingSize::Huge => 200_000,
    }
}

/// Makes the training sede and goes to work with it. It is made beside its place and moved there whole: a program that
/// dies meanwhile begins anew.
///
/// # Errors
/// [`TrainingError`]; the program is then where it was.
pub(crate) async fn start<R: Runtime>(
    app: &AppHandle<R>,
    program: &Program,
    size: TrainingSize,
) -> Result<(), TrainingError> {
    let unfinished = program.folders().unfinished_training();
    if unfinished.exists() {
        std::fs::remove_dir_all(unfinished.folder())?;
    }
    std::fs::create_dir_all(unfinished.folder())?;
    fill(&unfinished, program.clock(), size, &Page::of(app.clone())).await?;
    std::fs::rename(unfinished.folder(), program.folders().training().folder())?;
    let studio = open_studio(app, program).await?;
    // The first reading belongs to the first start: whoever comes in finds the tickets there.
    studio.sync_now().await?;
    go_to_work(program, studio);
    Ok(())
}

async fn fill<R: Runtime>(
    desk: &Desk,
    clock: Arc<dyn Clock>,
    size: TrainingSize,
    page: &Page<R>,
) -> Result<(), TrainingError> {
    let training = Training::new(SEED, tickets(size), Now::at(clock.now()));
    let store = SqliteStore::create(&desk.store(), clock).await?;
    let rival = store.studio(&training::rival().code);
    let filled = training::load(&store.desk(), &rival, &training, &mut |done, total| {
        page.progress(Progress {
            work: Work::FillTraining,
            done,
            total,
        });
    })
    .await;
    store.close().await;
    Ok(filled?)
}

/// Opens the training sede that is there and goes to work with it.
///
/// # Errors
/// [`TrainingError`].
pub(crate) async fn open<R: Runtime>(app: &AppHandle<R>, program: &Program) -> Result<(), TrainingError> {
    let studio = open_studio(app, program).await?;
    go_to_work(program, studio);
    Ok(())
}

async fn open_studio<R: Runtime>(app: &AppHandle<R>, program: &Program) -> Result<Studio, TrainingError> {
    let desk = program.folders().training();
    let store = match SqliteStore::open(&desk.store(), program.clock()).await {
        // The work goes on without it, and with it again when it is there.
        Err(OpenError::Missing | OpenError::Unreachable(_)) => SqliteStore::at(&desk.store(), program.clock()),
        opened => opened?,
    };
    let studio = Studio::open(Options {
        folder: desk.folder().to_owned(),
        clock: program.clock(),
        store: Arc::new(store.studio(&training::studio().code)),
        watcher: Arc::new(TracingWatcher),
        listener: Arc::new(Page::of(app.clone())),
    })
    .await?;
    Ok(studio)
}

fn go_to_work(program: &Program, studio: Studio) {
    let studio = Arc::new(studio);
    program.go_to_work(Arc::clone(&studio));
    tauri::async_runtime::spawn(async move { studio.run().await });
}
