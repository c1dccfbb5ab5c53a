//! *Aziende*.

use studio::view::companies::{CompanyDetail, CompanyRow};
use tauri::State;

use crate::program::{Answer, Program};

/// The companies whose name or code begins with these words.
#[tauri::command]
pub async fn companies_list(program: State<'_, Program>, text: String) -> Answer<Vec<CompanyRow>> {
    Ok(program.studio()?.companies_list(&text).await?)
}

/// Opens one company.
#[tauri::command]
pub async fn company_open(program: State<'_, Program>, code: String) -> Answer<CompanyDetail> {
    Ok(program.studio()?.company_open(&code).await?)
}
