//! What the program does while nobody looks at it, and where somebody wants to be who clicked outside the page.

use studio::view::background::{Background, BackgroundChoice};
use studio::view::notices::Place;
use tauri::{AppHandle, Runtime, State};

use crate::background::BackgroundWork;
use crate::program::Answer;
use crate::window;

/// What was chosen, and what this computer can.
#[tauri::command]
pub async fn background_read(background: State<'_, BackgroundWork>) -> Answer<Background> {
    Ok(background.read().await)
}

/// Keeps what the person chose.
#[tauri::command]
pub async fn background_save(background: State<'_, BackgroundWork>, choice: BackgroundChoice) -> Answer<Background> {
    background.choose(choice).await
}

/// The place that a notice leads to, once; nothing where none was clicked.
#[tauri::command]
pub async fn place_take<R: Runtime>(app: AppHandle<R>) -> Answer<Option<Place>> {
    Ok(window::take_place(&app))
}
