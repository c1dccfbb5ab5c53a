//! *Importa un elenco* (R16). Paths never come from the page: they come from the system's own window, or from files that
//! were dropped.

use studio::view::import::{ImportFilter, ImportMatching, ImportOpened, ImportOutcome, ImportRow};
use tauri::{Runtime, State, WebviewWindow};

use crate::dropped::DroppedFiles;
use crate::picker::pick_list;
use crate::program::{Answer, Program};

/// Lets the person pick a list and opens it; nothing when the window was closed without picking.
#[tauri::command]
pub async fn import_pick<R: Runtime>(
    window: WebviewWindow<R>,
    program: State<'_, Program>,
) -> Answer<Option<ImportOpened>> {
    let studio = program.studio()?;
    match pick_list(&window).await {
        Some(path) => Ok(Some(studio.import_open(path).await?)),
        None => Ok(None),
    }
}

/// Opens the list that was dropped last, the first where there were several; nothing when there is none.
#[tauri::command]
pub async fn import_take_dropped(
    program: State<'_, Program>,
    dropped: State<'_, DroppedFiles>,
) -> Answer<Option<ImportOpened>> {
    let studio = program.studio()?;
    match dropped.take().into_iter().next() {
        Some(path) => Ok(Some(studio.import_open(path).await?)),
        None => Ok(None),
    }
}

/// Opens a list that was copied.
#[tauri::command]
pub async fn import_paste(program: State<'_, Program>, html: Option<String>, text: String) -> Answer<ImportOpened> {
    Ok(program.studio()?.import_paste(html, text).await?)
}

/// Matches the columns of the list that is open.
#[tauri::command]
pub async fn import_match(program: State<'_, Program>, matching: ImportMatching) -> Answer<ImportOpened> {
    Ok(program.studio()?.import_match(&matching).await?)
}

/// Rows of the list that is open.
#[tauri::command]
pub async fn import_rows(
    program: State<'_, Program>,
    filter: ImportFilter,
    offset: u32,
    limit: u32,
) -> Answer<Vec<ImportRow>> {
    Ok(program.studio()?.import_rows(filter, offset, limit)?)
}

/// Takes the list that is open.
#[tauri::command]
pub async fn import_take(program: State<'_, Program>) -> Answer<ImportOutcome> {
    Ok(program.studio()?.import_take().await?)
}

/// Calls off what is being read or taken.
#[tauri::command]
pub async fn import_call_off(program: State<'_, Program>) -> Answer<()> {
    program.studio()?.import_call_off();
    Ok(())
}

/// Closes the list that is open.
#[tauri::command]
pub async fn import_close(program: State<'_, Program>) -> Answer<()> {
    program.studio()?.import_close();
    Ok(())
}
