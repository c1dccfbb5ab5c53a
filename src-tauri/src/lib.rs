//! The shell: a window, the commands it may call, and what only the operating system can give (dialogs, keyring).
//!
//! It never decides anything about tickets or appointments: a command parses, calls one function of `studio` and maps
//! the answer.

use tauri::{Builder, Context, Runtime};

pub mod commands;

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The window system or the web engine refused.
    #[error("the window can't be opened: {0}")]
    Window(#[from] tauri::Error),
}

/// Registers the commands on `builder`. The program and the tests that call commands without a display share it.
pub fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![commands::program::program_info])
}

/// The configuration, the pages and the rights of the window, as built into the program.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// Opens the window and runs until it is closed.
///
/// # Errors
/// [`StartError`] where there is no display or no web engine.
pub fn run() -> Result<(), StartError> {
    with_commands(Builder::default()).run(context())?;
    Ok(())
}
