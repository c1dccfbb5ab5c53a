//! About the program itself.

use serde::Serialize;

/// What the interface shows about the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgramInfo {
    /// As in the installer, e.g. `0.1.0`.
    pub version: &'static str,
}

/// Which version is running.
#[tauri::command]
pub fn program_info() -> ProgramInfo {
    ProgramInfo {
        version: env!("CARGO_PKG_VERSION"),
    }
}
