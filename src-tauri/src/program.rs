//! The state behind the commands: at which desk the studio works.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError, RwLock};

use store::Clock;
use studio::Studio;
use studio::view::app::TrainingSize;
use studio::view::desk::AuthorityView;
use studio::view::failure::{Failure, FailureCode, FailureDetails};
use tauri::{AppHandle, Runtime};
use tokio::sync::Mutex;

use crate::desks::choice::{self, DeskId};
use crate::desks::sede::{Authority, Joining};
use crate::desks::{self, DeskError, sede, training};
use crate::folders::Folders;
use crate::tray;

/// What a command answers.
pub type Answer<T> = Result<T, Failure>;

/// The studio at work, and where.
#[derive(Clone)]
struct AtWork {
    desk: DeskId,
    studio: Arc<Studio>,
}

/// The program, as its commands see it.
pub struct Program {
    folders: Folders,
    clock: Arc<dyn Clock>,
    at_work: RwLock<Option<AtWork>>,
    /// One change of desk at a time.
    changing: Mutex<()>,
    /// Whether the training sede is being made.
    preparing: AtomicBool,
    /// The certificates that were picked since the program started, by their digest.
    authorities: StdMutex<HashMap<String, Authority>>,
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
    /// A program that keeps its files in `folders`, whose desks on this computer alone go by `clock`.
    pub fn new(folders: Folders, clock: Arc<dyn Clock>) -> Self {
        Self {
            folders,
            clock,
            at_work: RwLock::new(None),
            changing: Mutex::new(()),
            preparing: AtomicBool::new(false),
            authorities: StdMutex::default(),
        }
    }

    /// Its folders.
    pub const fn folders(&self) -> &Folders {
        &self.folders
    }

    /// The clock of the training sede, and of a desk without one.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    fn at_work(&self) -> Option<AtWork> {
        self.at_work.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_at_work(&self, at_work: Option<AtWork>) -> Option<AtWork> {
        std::mem::replace(
            &mut *self.at_work.write().unwrap_or_else(PoisonError::into_inner),
            at_work,
        )
    }

    fn authorities(&self) -> MutexGuard<'_, HashMap<String, Authority>> {
        self.authorities.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The studio at work.
    ///
    /// # Errors
    /// [`FailureCode::NotReady`] before the first start is done.
    pub fn studio(&self) -> Answer<Arc<Studio>> {
        self.at_work()
            .map(|at_work| at_work.studio)
            .ok_or_else(|| failure(FailureCode::NotReady, "no sede was chosen yet"))
    }

    /// The desk at work.
    pub(crate) fn current(&self) -> Option<DeskId> {
        self.at_work().map(|at_work| at_work.desk)
    }

    /// Whether the training sede is being made.
    pub fn is_preparing(&self) -> bool {
        self.preparing.load(Ordering::Relaxed)
    }

    /// Makes the training sede, once, and goes to work there.
    ///
    /// # Errors
    /// [`FailureCode::AlreadyStarted`] while that is under way, and after it.
    pub(crate) async fn start_training<R: Runtime>(&self, app: &AppHandle<R>, size: TrainingSize) -> Answer<()> {
        let already = || failure(FailureCode::AlreadyStarted, "the training sede was made already");
        if self.preparing.swap(true, Ordering::Relaxed) {
            return Err(already());
        }
        let started = if self.folders.training().exists() {
            Err(already())
        } else {
            self.prepare(app, size).await.map_err(Failure::from)
        };
        self.preparing.store(false, Ordering::Relaxed);
        started
    }

    async fn prepare<R: Runtime>(&self, app: &AppHandle<R>, size: TrainingSize) -> Result<(), DeskError> {
        let _one_at_a_time = self.changing.lock().await;
        training::make(app, self, size).await?;
        self.enter(app, DeskId::Training).await
    }

    /// Makes the desk that works without a sede where it is not there yet, and goes to work there.
    ///
    /// # Errors
    /// [`DeskError`]; the program is then where it was.
    pub(crate) async fn start_portal<R: Runtime>(&self, app: &AppHandle<R>) -> Result<(), DeskError> {
        let _one_at_a_time = self.changing.lock().await;
        if self.current() == Some(DeskId::Portal) {
            return Ok(());
        }
        std::fs::create_dir_all(self.folders.portal().folder())?;
        let studio = desks::open(app, self, &DeskId::Portal).await?;
        self.choose(app, DeskId::Portal, studio).await
    }

    /// Trades an invitation of a sede, and goes to work there. The same invitation can be traded again by this computer
    /// until that is done.
    ///
    /// # Errors
    /// [`DeskError`]; the program is then where it was.
    pub(crate) async fn join<R: Runtime>(&self, app: &AppHandle<R>, joining: Joining) -> Result<(), DeskError> {
        let _one_at_a_time = self.changing.lock().await;
        let sede = sede::join(&self.folders, joining).await?;
        self.enter(app, DeskId::Sede(sede)).await
    }

    /// Goes to work at a desk of this computer.
    ///
    /// # Errors
    /// [`DeskError`]; the program is then where it was.
    pub(crate) async fn change_to<R: Runtime>(&self, app: &AppHandle<R>, desk: DeskId) -> Result<(), DeskError> {
        let _one_at_a_time = self.changing.lock().await;
        if !choice::all(&self.folders).contains(&desk) {
            return Err(DeskError::Unknown);
        }
        if self.current().as_ref() == Some(&desk) {
            return Ok(());
        }
        let studio = desks::open(app, self, &desk).await?;
        self.choose(app, desk, studio).await
    }

    /// Goes to a desk that is new here, or that was given a new key: whoever comes in finds the tickets there.
    async fn enter<R: Runtime>(&self, app: &AppHandle<R>, desk: DeskId) -> Result<(), DeskError> {
        if self.current().as_ref() == Some(&desk) {
            self.leave().await;
        }
        let studio = desks::open(app, self, &desk).await?;
        studio.sync_now().await?;
        self.choose(app, desk, studio).await
    }

    /// Keeps the choice of `desk`, and works there.
    async fn choose<R: Runtime>(&self, app: &AppHandle<R>, desk: DeskId, studio: Arc<Studio>) -> Result<(), DeskError> {
        choice::keep(&self.folders, &desk)?;
        self.work(app, desk, studio).await;
        Ok(())
    }

    /// Works with `studio` from now on.
    async fn work<R: Runtime>(&self, app: &AppHandle<R>, desk: DeskId, studio: Arc<Studio>) {
        self.leave().await;
        self.set_at_work(Some(AtWork {
            desk,
            studio: Arc::clone(&studio),
        }));
        tauri::async_runtime::spawn(async move { studio.run().await });
        tray::refresh(app);
    }

    async fn leave(&self) {
        if let Some(before) = self.set_at_work(None) {
            before.studio.close().await;
        }
    }

    /// Opens what was chosen at an earlier start, where it is not open yet. Where that fails it can be tried again.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn resume<R: Runtime>(&self, app: &AppHandle<R>) -> Result<(), DeskError> {
        if self.at_work().is_some() || self.is_preparing() {
            return Ok(());
        }
        let _one_at_a_time = self.changing.lock().await;
        match choice::chosen(&self.folders) {
            Some(desk) if self.at_work().is_none() => {
                let studio = desks::open(app, self, &desk).await?;
                self.work(app, desk, studio).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes in the file that was picked for the certificates of the office's own authority.
    ///
    /// # Errors
    /// [`DeskError::Authority`] where it holds none.
    pub fn take_authority(&self, path: &Path) -> Result<AuthorityView, DeskError> {
        let authority = Authority::read(path)?;
        let view = AuthorityView {
            id: authority.digest(),
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        };
        self.authorities().insert(view.id.clone(), authority);
        Ok(view)
    }

    /// What was picked, by its id.
    ///
    /// # Errors
    /// [`DeskError::Authority`] where nothing of this id was picked.
    pub(crate) fn authority(&self, id: Option<&str>) -> Result<Option<Authority>, DeskError> {
        let picked = |id| self.authorities().get(id).cloned().ok_or(DeskError::Authority);
        id.map(picked).transpose()
    }

    /// Lets the studio finish what it has in hand, before the program ends.
    pub async fn rest(&self) {
        self.leave().await;
    }
}
