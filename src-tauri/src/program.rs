//! The state behind the commands: whether a sede was chosen, and the studio that works with it.

use std::sync::{Arc, PoisonError, RwLock};

use store::Clock;
use studio::Studio;
use studio::view::failure::{Failure, FailureCode, FailureDetails};
use tauri::{AppHandle, Runtime};
use tokio::sync::Mutex;

use crate::folders::Folders;
use crate::training::{self, TrainingError};

/// What a command answers.
pub type Answer<T> = Result<T, Failure>;

/// Where the program stands.
#[derive(Clone)]
enum Stage {
    /// Nothing was chosen yet, or what was chosen is not open.
    Idle,
    /// The training sede is being made.
    Preparing,
    /// At work.
    AtWork(Arc<Studio>),
}

/// The program, as its commands see it.
pub struct Program {
    folders: Folders,
    clock: Arc<dyn Clock>,
    stage: RwLock<Stage>,
    opening: Mutex<()>,
}

/// A failure of the shell itself.
pub(crate) fn failure(code: FailureCode, message: &str) -> Failure {
    Failure {
        code,
        message: message.to_owned(),
        details: FailureDetails::default(),
    }
}

impl Program {
    /// A program that keeps its files in `folders`, whose training sede goes by `clock`.
    pub fn new(folders: Folders, clock: Arc<dyn Clock>) -> Self {
        Self {
            folders,
            clock,
            stage: RwLock::new(Stage::Idle),
            opening: Mutex::new(()),
        }
    }

    /// Its folders.
    pub const fn folders(&self) -> &Folders {
        &self.folders
    }

    /// The clock of the training sede.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    fn stage(&self) -> Stage {
        self.stage.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_stage(&self, stage: Stage) {
        *self.stage.write().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    /// The studio at work.
    ///
    /// # Errors
    /// [`FailureCode::NotReady`] before the first start is done.
    pub fn studio(&self) -> Answer<Arc<Studio>> {
        match self.stage() {
            Stage::AtWork(studio) => Ok(studio),
            Stage::Idle | Stage::Preparing => Err(failure(FailureCode::NotReady, "no sede was chosen yet")),
        }
    }

    /// Whether the training sede is being made.
    pub fn is_preparing(&self) -> bool {
        matches!(self.stage(), Stage::Preparing)
    }

    /// Begins the first start, once.
    ///
    /// # Errors
    /// [`FailureCode::AlreadyStarted`] while one is under way, and after it.
    pub fn begin_preparing(&self) -> Answer<()> {
        let mut stage = self.stage.write().unwrap_or_else(PoisonError::into_inner);
        match *stage {
            Stage::Idle if !self.folders.training().exists() => {
                *stage = Stage::Preparing;
                Ok(())
            }
            _ => Err(failure(FailureCode::AlreadyStarted, "the first start was done already")),
        }
    }

    /// The first start came to nothing: it can be begun again.
    pub fn give_up_preparing(&self) {
        self.set_stage(Stage::Idle);
    }

    /// Goes to work with `studio`.
    pub fn go_to_work(&self, studio: Arc<Studio>) {
        self.set_stage(Stage::AtWork(studio));
    }

    /// Opens what was chosen at an earlier start, where it is not open yet. Where that fails it can be tried again.
    ///
    /// # Errors
    /// [`TrainingError`].
    pub async fn resume<R: Runtime>(&self, app: &AppHandle<R>) -> Result<(), TrainingError> {
        let _one_at_a_time = self.opening.lock().await;
        match self.stage() {
            Stage::Idle if self.folders.training().exists() => training::open(app, self).await,
            _ => Ok(()),
        }
    }

    /// Lets the studio finish what it has in hand, before the program ends.
    pub async fn rest(&self) {
        if let Stage::AtWork(studio) = self.stage() {
            studio.close().await;
        }
    }
}
