//! The training sede of this computer: made at the first start, opened at every other.

use std::sync::Arc;

use domain::time::Now;
use store::{CalendarStore, Clock};
use store_sqlite::{OpenError, SqliteStore};
use studio::view::app::{Progress, TrainingSize, Work};
use tauri::{AppHandle, Runtime};
use training::{Seed, Training};

use crate::desks::DeskError;
use crate::events::Page;
use crate::folders::Desk;
use crate::program::Program;

/// The same invented sede for everybody.
const SEED: Seed = Seed(6542);

const fn tickets(size: TrainingSize) -> u32 {
    match size {
        TrainingSize::Small => 50,
        TrainingSize::Ordinary => 1_200,
        TrainingSize::Huge => 200_000,
    }
}

/// Makes the training sede. It is made beside its place and moved there whole: a program that dies meanwhile begins anew.
///
/// # Errors
/// [`DeskError`]; the program is then where it was.
pub(crate) async fn make<R: Runtime>(
    app: &AppHandle<R>,
    program: &Program,
    size: TrainingSize,
) -> Result<(), DeskError> {
    let unfinished = program.folders().unfinished_training();
    if unfinished.exists() {
        std::fs::remove_dir_all(unfinished.folder())?;
    }
    std::fs::create_dir_all(unfinished.folder())?;
    fill(&unfinished, program.clock(), size, &Page::of(app.clone())).await?;
    std::fs::rename(unfinished.folder(), program.folders().training().folder())?;
    Ok(())
}

async fn fill<R: Runtime>(
    desk: &Desk,
    clock: Arc<dyn Clock>,
    size: TrainingSize,
    page: &Page<R>,
) -> Result<(), DeskError> {
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
    let known = match filled {
        Ok(()) => training::admit_people(&store.register()).await,
        Err(error) => Err(error),
    };
    store.close().await;
    known.map_err(DeskError::Fill)
}

/// The store of the training sede that is there, for the studio that everybody is in training.
///
/// # Errors
/// [`DeskError::Open`].
pub(crate) async fn store(desk: &Desk, clock: Arc<dyn Clock>) -> Result<Arc<dyn CalendarStore>, DeskError> {
    let store = match SqliteStore::open(&desk.store(), clock.clone()).await {
        // The work goes on without it, and with it again when it is there.
        Err(OpenError::Missing | OpenError::Unreachable(_)) => SqliteStore::at(&desk.store(), clock),
        opened => opened?,
    };
    Ok(Arc::new(
        store
            .studio(&training::studio().code)
            .in_the_name_of(training::person()),
    ))
}
