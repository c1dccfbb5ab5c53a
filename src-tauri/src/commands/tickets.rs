//! *Richieste*: lists of tickets, and one ticket.

use studio::view::reminders::ReminderRow;
use studio::view::tickets::{AssessmentView, TicketDetail, TicketFacets, TicketList, TicketQuery, TicketRow};
use tauri::State;

use crate::program::{Answer, Program};

/// Opens a list.
#[tauri::command]
pub async fn tickets_open(program: State<'_, Program>, query: TicketQuery) -> Answer<TicketList> {
    Ok(program.studio()?.tickets_open(query).await?)
}

/// Reads a window of an opened list.
#[tauri::command]
pub async fn tickets_window(program: State<'_, Program>, list: u32, offset: u32, limit: u32) -> Answer<Vec<TicketRow>> {
    Ok(program.studio()?.tickets_window(list, offset, limit).await?)
}

/// What the filter menus offer.
#[tauri::command]
pub async fn ticket_facets(program: State<'_, Program>) -> Answer<TicketFacets> {
    Ok(program.studio()?.ticket_facets().await?)
}

/// Opens one ticket.
#[tauri::command]
pub async fn ticket_open(program: State<'_, Program>, code: String) -> Answer<TicketDetail> {
    Ok(program.studio()?.ticket_open(&code).await?)
}

/// R3: records the studio's judgement on a reply.
#[tauri::command]
pub async fn ticket_assess(
    program: State<'_, Program>,
    code: String,
    assessment: AssessmentView,
) -> Answer<TicketDetail> {
    Ok(program.studio()?.ticket_assess(&code, assessment).await?)
}

/// S5: reminds the sede of a ticket.
#[tauri::command]
pub async fn ticket_remind(program: State<'_, Program>, code: String, words: String) -> Answer<TicketDetail> {
    Ok(program.studio()?.ticket_remind(&code, &words).await?)
}

/// Takes a reminder back that has never left this computer.
#[tauri::command]
pub async fn reminder_recall(program: State<'_, Program>, code: String) -> Answer<()> {
    Ok(program.studio()?.reminder_recall(&code).await?)
}

/// The person has read why a reminder did not go through.
#[tauri::command]
pub async fn reminder_dismiss(program: State<'_, Program>, code: String) -> Answer<()> {
    Ok(program.studio()?.reminder_dismiss(&code).await?)
}

/// Reminders that did not go through, and those on their way.
#[tauri::command]
pub async fn reminders_list(program: State<'_, Program>) -> Answer<Vec<ReminderRow>> {
    Ok(program.studio()?.reminders_list().await?)
}
