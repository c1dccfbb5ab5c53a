//! *Prenota sul portale* (R16): tickets of the portal, the portal itself, and what it answered.

use studio::view::portal::{PortalAnswerForm, PortalTicketForm, RegisterOutcome, TicketWritten};
use tauri::State;

use crate::opening::open;
use crate::program::{Answer, Program};

/// Takes a ticket that somebody typed in.
#[tauri::command]
pub async fn portal_ticket_write(program: State<'_, Program>, form: PortalTicketForm) -> Answer<TicketWritten> {
    Ok(program.studio()?.portal_ticket_write(&form).await?)
}

/// Opens the portal in the browser.
#[tauri::command]
pub async fn portal_open(program: State<'_, Program>) -> Answer<()> {
    let address = program.studio()?.portal_address().await?;
    open(address).await
}

/// Opens the folder with the files of a draft.
#[tauri::command]
pub async fn portal_files_open(program: State<'_, Program>, draft: String) -> Answer<()> {
    let folder = program.studio()?.draft_files_folder(&draft).await?;
    open(folder.into_os_string()).await
}

/// Writes down what the portal answered.
#[tauri::command]
pub async fn appointment_register(
    program: State<'_, Program>,
    tickets: Vec<String>,
    draft: Option<String>,
    form: PortalAnswerForm,
) -> Answer<RegisterOutcome> {
    let studio = program.studio()?;
    Ok(studio.appointment_register(&tickets, draft.as_deref(), &form).await?)
}

/// Writes down that the portal says something else by now.
#[tauri::command]
pub async fn registration_change(
    program: State<'_, Program>,
    id: String,
    seen: PortalAnswerForm,
    form: PortalAnswerForm,
) -> Answer<RegisterOutcome> {
    Ok(program.studio()?.registration_change(&id, &seen, &form).await?)
}

/// Writes down that it was cancelled on the portal.
#[tauri::command]
pub async fn registration_cancel(program: State<'_, Program>, id: String, by_sede: bool) -> Answer<RegisterOutcome> {
    Ok(program.studio()?.registration_cancel(&id, by_sede).await?)
}
