//! Agenda Sede, the program.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match agenda_sede::run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("agenda-sede: {error}");
            ExitCode::FAILURE
        }
    }
}
