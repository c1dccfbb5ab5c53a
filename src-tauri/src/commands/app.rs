//! The program as a whole: first start, status, settings.

use studio::view::app::{AppStatus, Badges, Connection, ConnectionState, Phase, Settings, TrainingSize};
use studio::view::dossiers::People;
use studio::view::failure::FailureCode;
use tauri::{AppHandle, Runtime, State, Window};

use crate::program::{Answer, Program};
use crate::{closing, page_faults};

/// What the program shows before a sede was chosen.
fn unstarted(program: &Program) -> AppStatus {
    AppStatus {
        phase: if program.is_preparing() {
            Phase::Preparing
        } else {
            Phase::FirstStart
        },
        version: env!("CARGO_PKG_VERSION").to_owned(),
        desk: None,
        studio: None,
        people: People::default(),
        today: domain::time::civil_day(program.clock().now()).to_string(),
        connection: Connection {
            state: ConnectionState::Unknown,
            read_at: None,
            read_time: None,
            waiting: 0,
            busy: false,
        },
        badges: Badges::default(),
        settings: Settings::default(),
        portal_tickets: 0,
        repairs: Vec::new(),
    }
}

/// What the rail, the top and the foot show.
pub(crate) async fn status(program: &Program) -> Answer<AppStatus> {
    match program.studio() {
        Ok(studio) => Ok(studio.status().await?),
        Err(refused) if refused.code == FailureCode::NotReady => Ok(unstarted(program)),
        Err(refused) => Err(refused),
    }
}

/// What the rail, the top and the foot show.
#[tauri::command]
pub async fn app_status<R: Runtime>(app: AppHandle<R>, program: State<'_, Program>) -> Answer<AppStatus> {
    program.resume(&app).await?;
    status(&program).await
}

/// Makes the training sede of this computer and goes to work with it.
#[tauri::command]
pub async fn training_start<R: Runtime>(
    app: AppHandle<R>,
    program: State<'_, Program>,
    size: TrainingSize,
) -> Answer<AppStatus> {
    program.start_training(&app, size).await?;
    status(&program).await
}

/// Keeps what the person chose.
#[tauri::command]
pub async fn settings_save(program: State<'_, Program>, settings: Settings) -> Answer<AppStatus> {
    Ok(program.studio()?.settings_save(settings).await?)
}

/// The repairs were told.
#[tauri::command]
pub async fn repairs_seen(program: State<'_, Program>) -> Answer<AppStatus> {
    Ok(program.studio()?.repairs_seen().await?)
}

/// One round with the store at once.
#[tauri::command]
pub async fn sync_now(program: State<'_, Program>) -> Answer<AppStatus> {
    Ok(program.studio()?.sync_now().await?)
}

/// The page has saved what was typed last: the window may close.
#[tauri::command]
pub async fn window_leave<R: Runtime>(window: Window<R>) -> Answer<()> {
    closing::leave(&window);
    Ok(())
}

/// Something went wrong in the page: it goes into the log.
#[tauri::command]
pub async fn page_fault(fault: String) {
    page_faults::write_down(&fault);
}
