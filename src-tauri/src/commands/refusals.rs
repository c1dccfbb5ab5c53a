//! Cancellations and entries of dossiers that came to nothing.

use studio::view::refusals::RefusalRow;
use tauri::State;

use crate::program::{Answer, Program};

/// Those that nobody has read about.
#[tauri::command]
pub async fn refusals_list(program: State<'_, Program>) -> Answer<Vec<RefusalRow>> {
    Ok(program.studio()?.refusals_list().await?)
}

/// The person has read why.
#[tauri::command]
pub async fn refusal_dismiss(program: State<'_, Program>, id: String) -> Answer<()> {
    Ok(program.studio()?.refusal_dismiss(&id).await?)
}
