//! The board of a point's places.

use studio::view::board::Board;
use tauri::State;

use crate::program::{Answer, Program};

/// Reads some open days of a point.
#[tauri::command]
pub async fn board_read(program: State<'_, Program>, point: String, from: Option<String>, days: u32) -> Answer<Board> {
    Ok(program.studio()?.board_read(&point, from.as_deref(), days).await?)
}
