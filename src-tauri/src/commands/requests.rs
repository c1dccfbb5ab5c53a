//! *Nuova richiesta*: requests to the sede (S2).

use std::path::PathBuf;

use studio::view::requests::{RequestChange, RequestDetail, RequestFiles, RequestPosition, RequestRow};
use studio::view::tickets::TicketFacets;
use tauri::{Runtime, State, WebviewWindow};

use crate::dropped::DroppedFiles;
use crate::opening::open;
use crate::picker::pick_files;
use crate::program::{Answer, Program};

/// Begins a request, about a position where one is given.
#[tauri::command]
pub async fn request_begin(program: State<'_, Program>, position: Option<String>) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_begin(position.as_deref()).await?)
}

/// Opens a request.
#[tauri::command]
pub async fn request_open(program: State<'_, Program>, id: String) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_open(&id).await?)
}

/// Keeps what the person changed.
#[tauri::command]
pub async fn request_save(
    program: State<'_, Program>,
    id: String,
    revision: u32,
    change: RequestChange,
) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_save(&id, revision, change).await?)
}

/// Decides to send it.
#[tauri::command]
pub async fn request_send(program: State<'_, Program>, id: String, revision: u32) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_send(&id, revision).await?)
}

/// Takes it back into the person's hands.
#[tauri::command]
pub async fn request_recall(program: State<'_, Program>, id: String) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_recall(&id).await?)
}

/// Tries at once.
#[tauri::command]
pub async fn request_retry(program: State<'_, Program>, id: String) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_retry(&id).await?)
}

/// Throws it away.
#[tauri::command]
pub async fn request_discard(program: State<'_, Program>, id: String) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_discard(&id).await?)
}

/// Takes what was thrown away back.
#[tauri::command]
pub async fn request_restore(program: State<'_, Program>, id: String) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_restore(&id).await?)
}

/// All requests that somebody may want to see.
#[tauri::command]
pub async fn requests_list(program: State<'_, Program>) -> Answer<Vec<RequestRow>> {
    Ok(program.studio()?.requests_list().await?)
}

/// The topics of the sede.
#[tauri::command]
pub async fn request_topics(program: State<'_, Program>) -> Answer<TicketFacets> {
    Ok(program.studio()?.request_topics().await?)
}

/// Positions that a request can be about.
#[tauri::command]
pub async fn request_positions(program: State<'_, Program>, text: String) -> Answer<Vec<RequestPosition>> {
    Ok(program.studio()?.request_positions(&text).await?)
}

async fn attach(program: &Program, id: &str, paths: Vec<PathBuf>) -> Answer<RequestFiles> {
    Ok(program.studio()?.request_attach(id, paths).await?)
}

/// Lets the person pick files and attaches them; nothing when the window was closed without picking.
#[tauri::command]
pub async fn request_files_pick<R: Runtime>(
    window: WebviewWindow<R>,
    program: State<'_, Program>,
    id: String,
) -> Answer<Option<RequestFiles>> {
    program.studio()?.request_takes_files(&id).await?;
    match pick_files(&window).await {
        Some(paths) => attach(&program, &id, paths).await.map(Some),
        None => Ok(None),
    }
}

/// Attaches the files that were dropped last; nothing when there are none.
#[tauri::command]
pub async fn request_files_take_dropped(
    program: State<'_, Program>,
    dropped: State<'_, DroppedFiles>,
    id: String,
) -> Answer<Option<RequestFiles>> {
    program.studio()?.request_takes_files(&id).await?;
    let paths = dropped.take();
    if paths.is_empty() {
        return Ok(None);
    }
    attach(&program, &id, paths).await.map(Some)
}

/// Takes a file off a request.
#[tauri::command]
pub async fn request_file_remove(program: State<'_, Program>, id: String, hash: String) -> Answer<RequestDetail> {
    Ok(program.studio()?.request_detach(&id, &hash).await?)
}

/// Opens a file with the system's program for it.
#[tauri::command]
pub async fn request_file_open(program: State<'_, Program>, id: String, hash: String) -> Answer<()> {
    let path = program.studio()?.request_file_path(&id, &hash).await?;
    open(path).await
}
