//! *Agenda*: appointments, and what the sede says about them.

use studio::view::agenda::{AppointmentDetail, AppointmentRow};
use studio::view::drafts::DraftDetail;
use tauri::State;

use crate::program::{Answer, Program};

/// The appointments from one date to another, both included.
#[tauri::command]
pub async fn agenda_read(program: State<'_, Program>, from: String, to: String) -> Answer<Vec<AppointmentRow>> {
    Ok(program.studio()?.agenda_read(&from, &to).await?)
}

/// The appointments to come, or those that have been.
#[tauri::command]
pub async fn agenda_list(program: State<'_, Program>, past: bool) -> Answer<Vec<AppointmentRow>> {
    Ok(program.studio()?.agenda_list(past).await?)
}

/// Opens one appointment.
#[tauri::command]
pub async fn appointment_open(program: State<'_, Program>, id: String) -> Answer<AppointmentDetail> {
    Ok(program.studio()?.appointment_open(&id).await?)
}

/// R14, R17: a draft that changes an appointment.
#[tauri::command]
pub async fn appointment_change(program: State<'_, Program>, id: String) -> Answer<DraftDetail> {
    Ok(program.studio()?.appointment_change(&id).await?)
}

/// R14: cancels an appointment.
#[tauri::command]
pub async fn appointment_cancel(program: State<'_, Program>, id: String) -> Answer<AppointmentDetail> {
    Ok(program.studio()?.appointment_cancel(&id).await?)
}

/// R13: *presa visione*.
#[tauri::command]
pub async fn communication_acknowledge(program: State<'_, Program>, id: String) -> Answer<()> {
    Ok(program.studio()?.communication_acknowledge(&id).await?)
}
