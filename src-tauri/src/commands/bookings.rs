//! *Prenotazione* and *Bozze e invii*: drafts, from the first ticket to the confirmation.

use studio::view::drafts::{DraftChange, DraftDetail, DraftRow, Grouping};
use tauri::State;

use crate::program::{Answer, Program};

/// R8: how a selection falls into appointments.
#[tauri::command]
pub async fn booking_group(program: State<'_, Program>, tickets: Vec<String>) -> Answer<Grouping> {
    Ok(program.studio()?.booking_group(&tickets).await?)
}

/// Begins a draft.
#[tauri::command]
pub async fn booking_prepare(program: State<'_, Program>, tickets: Vec<String>) -> Answer<DraftDetail> {
    Ok(program.studio()?.booking_prepare(&tickets).await?)
}

/// R3: judges a reply unsatisfactory and begins a draft.
#[tauri::command]
pub async fn booking_from_reply(program: State<'_, Program>, code: String) -> Answer<DraftDetail> {
    Ok(program.studio()?.booking_from_reply(&code).await?)
}

/// Opens a draft.
#[tauri::command]
pub async fn draft_open(program: State<'_, Program>, id: String) -> Answer<DraftDetail> {
    Ok(program.studio()?.draft_open(&id).await?)
}

/// Keeps what the person changed.
#[tauri::command]
pub async fn draft_save(
    program: State<'_, Program>,
    id: String,
    revision: u32,
    change: DraftChange,
) -> Answer<DraftDetail> {
    Ok(program.studio()?.draft_save(&id, revision, change).await?)
}

/// *Invia*.
#[tauri::command]
pub async fn draft_send(program: State<'_, Program>, id: String, revision: u32) -> Answer<DraftDetail> {
    Ok(program.studio()?.draft_send(&id, revision).await?)
}

/// Takes a queued draft, or one that needs attention, back into the person's hands.
#[tauri::command]
pub async fn draft_recall(program: State<'_, Program>, id: String) -> Answer<DraftDetail> {
    Ok(program.studio()?.draft_recall(&id).await?)
}

/// Tries at once.
#[tauri::command]
pub async fn draft_retry(program: State<'_, Program>, id: String) -> Answer<DraftDetail> {
    Ok(program.studio()?.draft_retry(&id).await?)
}

/// Throws a draft away.
#[tauri::command]
pub async fn draft_discard(program: State<'_, Program>, id: String) -> Answer<DraftRow> {
    Ok(program.studio()?.draft_discard(&id).await?)
}

/// Takes a thrown away draft back.
#[tauri::command]
pub async fn draft_restore(program: State<'_, Program>, id: String) -> Answer<DraftDetail> {
    Ok(program.studio()?.draft_restore(&id).await?)
}

/// All drafts that somebody may want to see.
#[tauri::command]
pub async fn drafts_list(program: State<'_, Program>) -> Answer<Vec<DraftRow>> {
    Ok(program.studio()?.drafts_list().await?)
}
