//! *Oggi*.

use studio::view::today::Today;
use tauri::State;

use crate::program::{Answer, Program};

/// What needs somebody, in order.
#[tauri::command]
pub async fn today_read(program: State<'_, Program>) -> Answer<Today> {
    Ok(program.studio()?.today_read().await?)
}
