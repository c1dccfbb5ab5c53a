//! What the people of the studio keep among themselves.

use studio::view::agenda::AppointmentDetail;
use studio::view::dossiers::MeetingResultView;
use studio::view::tickets::TicketDetail;
use tauri::State;

use crate::program::{Answer, Program};

/// *In carico a*.
#[tauri::command]
pub async fn ticket_in_charge(
    program: State<'_, Program>,
    code: String,
    person: Option<String>,
) -> Answer<TicketDetail> {
    Ok(program.studio()?.ticket_in_charge(&code, person.as_deref()).await?)
}

/// A private note about a ticket.
#[tauri::command]
pub async fn ticket_note(program: State<'_, Program>, code: String, text: String) -> Answer<TicketDetail> {
    Ok(program.studio()?.ticket_note(&code, &text).await?)
}

/// *Partecipa*.
#[tauri::command]
pub async fn appointment_attends(
    program: State<'_, Program>,
    id: String,
    person: String,
    attends: bool,
) -> Answer<AppointmentDetail> {
    Ok(program.studio()?.appointment_attends(&id, &person, attends).await?)
}

/// *Documenti da portare*.
#[tauri::command]
pub async fn appointment_document(
    program: State<'_, Program>,
    id: String,
    name: String,
    wanted: bool,
) -> Answer<AppointmentDetail> {
    Ok(program.studio()?.appointment_document(&id, &name, wanted).await?)
}

/// *Esito dell'incontro*.
#[tauri::command]
pub async fn appointment_meeting(
    program: State<'_, Program>,
    id: String,
    result: MeetingResultView,
    text: String,
) -> Answer<AppointmentDetail> {
    Ok(program.studio()?.appointment_meeting(&id, result, &text).await?)
}

/// A private note about an appointment.
#[tauri::command]
pub async fn appointment_note(program: State<'_, Program>, id: String, text: String) -> Answer<AppointmentDetail> {
    Ok(program.studio()?.appointment_note(&id, &text).await?)
}
