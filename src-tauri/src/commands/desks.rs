//! *Connessione*: the desks of this computer, the way to a sede, and the trade of an invitation.

use studio::view::app::AppStatus;
use studio::view::desk::{AuthorityView, Desks, Way};
use tauri::{AppHandle, Runtime, State, WebviewWindow};

use crate::commands::app::status;
use crate::desks::choice::DeskId;
use crate::desks::sede::Joining;
use crate::desks::{self, DeskError, way};
use crate::picker;
use crate::program::{Answer, Program};

/// The desks of this computer.
#[tauri::command]
pub async fn desks_list(program: State<'_, Program>) -> Answer<Desks> {
    Ok(desks::list(&program))
}

/// Goes to work at another desk.
#[tauri::command]
pub async fn desk_open<R: Runtime>(app: AppHandle<R>, program: State<'_, Program>, desk: String) -> Answer<AppStatus> {
    let desk = DeskId::parse(&desk).ok_or(DeskError::Unknown)?;
    program.change_to(&app, desk).await?;
    status(&program).await
}

/// Goes to work without a sede; makes the desk for it the first time.
#[tauri::command]
pub async fn portal_start<R: Runtime>(app: AppHandle<R>, program: State<'_, Program>) -> Answer<AppStatus> {
    program.start_portal(&app).await?;
    status(&program).await
}

/// Tries the way to a sede, as far as it can be tried without a key.
#[tauri::command]
pub async fn sede_check(program: State<'_, Program>, address: String, authority: Option<String>) -> Answer<Way> {
    let authority = program.authority(authority.as_deref())?;
    Ok(way::to(&address, authority.as_ref()).await?)
}

/// Tries the whole way to the sede at work.
#[tauri::command]
pub async fn sede_check_current(program: State<'_, Program>) -> Answer<Way> {
    let Some(DeskId::Sede(sede)) = program.current() else {
        return Err(DeskError::Unknown.into());
    };
    Ok(way::of(&program.folders().sede(&sede)).await?)
}

/// Trades an invitation and goes to work at its sede.
#[tauri::command]
pub async fn sede_join<R: Runtime>(
    app: AppHandle<R>,
    program: State<'_, Program>,
    address: String,
    invitation: String,
    authority: Option<String>,
) -> Answer<AppStatus> {
    let authority = program.authority(authority.as_deref())?;
    program
        .join(&app, Joining::parse(&address, &invitation, authority)?)
        .await?;
    status(&program).await
}

/// Lets the person pick the file with the certificate of the office's own authority; nothing when it was closed.
#[tauri::command]
pub async fn authority_pick<R: Runtime>(
    window: WebviewWindow<R>,
    program: State<'_, Program>,
) -> Answer<Option<AuthorityView>> {
    let picked = picker::pick_authority(&window).await;
    Ok(picked.map(|path| program.take_authority(&path)).transpose()?)
}
