//! Attachments of a draft (R10). Paths never come from the page: they come from the system's own window, or from files
//! that were dropped.

use std::path::PathBuf;

use studio::view::attachments::AttachOutcome;
use studio::view::drafts::DraftDetail;
use tauri::{Runtime, State, WebviewWindow};

use crate::dropped::DroppedFiles;
use crate::opening::open;
use crate::picker::pick_files;
use crate::program::{Answer, Program};

async fn attach(program: &Program, draft: &str, paths: Vec<PathBuf>) -> Answer<AttachOutcome> {
    Ok(program.studio()?.attach(draft, paths).await?)
}

/// Lets the person pick files and attaches them; nothing when the window was closed without picking.
#[tauri::command]
pub async fn attachments_pick<R: Runtime>(
    window: WebviewWindow<R>,
    program: State<'_, Program>,
    draft: String,
) -> Answer<Option<AttachOutcome>> {
    program.studio()?.takes_files(&draft).await?;
    match pick_files(&window).await {
        Some(paths) => attach(&program, &draft, paths).await.map(Some),
        None => Ok(None),
    }
}

/// Attaches the files that were dropped last; nothing when there are none. A draft that can take none leaves them where
/// they are.
#[tauri::command]
pub async fn attachments_take_dropped(
    program: State<'_, Program>,
    dropped: State<'_, DroppedFiles>,
    draft: String,
) -> Answer<Option<AttachOutcome>> {
    program.studio()?.takes_files(&draft).await?;
    let paths = dropped.take();
    if paths.is_empty() {
        return Ok(None);
    }
    attach(&program, &draft, paths).await.map(Some)
}

/// Takes a file off a draft.
#[tauri::command]
pub async fn attachment_remove(program: State<'_, Program>, draft: String, hash: String) -> Answer<DraftDetail> {
    Ok(program.studio()?.attachment_remove(&draft, &hash).await?)
}

/// Opens a file with the system's program for it.
#[tauri::command]
pub async fn attachment_open(program: State<'_, Program>, draft: String, hash: String) -> Answer<()> {
    let path = program.studio()?.attachment_path(&draft, &hash).await?;
    open(path).await
}
