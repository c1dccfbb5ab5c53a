//! The shell: a window, the commands it may call, and what only the operating system can give (dialogs, keyring, notices,
//! the icon beside the clock).
//!
//! It never decides anything about tickets or appointments: a command parses, calls one function of `studio` and maps
//! the answer.

use tauri::{Builder, Context, Manager, RunEvent, Runtime};

pub mod background;
pub mod closing;
pub mod commands;
mod credentials;
pub mod desks;
pub mod dropped;
pub mod events;
pub mod folders;
mod hearing;
mod log;
pub mod notices;
mod one_instance;
mod opening;
pub mod page_faults;
mod picker;
pub mod program;
pub mod selftest;
pub mod start;
mod texts;
pub mod training_clock;
mod tray;
pub mod window;

use background::{BackgroundWork, Desktop};
use closing::Closing;
use desks::sede;
use dropped::DroppedFiles;
use folders::Folders;
use program::Program;
use start::Start;
use window::MainWindow;

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The window system or the web engine refused.
    #[error("the window can't be opened: {0}")]
    Window(#[from] tauri::Error),
}

/// Registers the commands on `builder`. The program and the tests that call commands without a display share it.
pub fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        commands::app::app_status,
        commands::app::training_start,
        commands::app::settings_save,
        commands::app::repairs_seen,
        commands::app::sync_now,
        commands::app::window_leave,
        commands::app::page_fault,
        commands::background::background_read,
        commands::background::background_save,
        commands::background::place_take,
        commands::desks::desks_list,
        commands::desks::desk_open,
        commands::desks::portal_start,
        commands::desks::sede_check,
        commands::desks::sede_check_current,
        commands::desks::sede_join,
        commands::desks::authority_pick,
        commands::tickets::tickets_open,
        commands::tickets::tickets_window,
        commands::tickets::ticket_facets,
        commands::tickets::ticket_open,
        commands::tickets::ticket_assess,
        commands::tickets::ticket_remind,
        commands::tickets::reminder_recall,
        commands::tickets::reminder_dismiss,
        commands::tickets::reminders_list,
        commands::refusals::refusals_list,
        commands::refusals::refusal_dismiss,
        commands::requests::request_begin,
        commands::requests::request_open,
        commands::requests::request_save,
        commands::requests::request_send,
        commands::requests::request_recall,
        commands::requests::request_retry,
        commands::requests::request_discard,
        commands::requests::request_restore,
        commands::requests::requests_list,
        commands::requests::request_topics,
        commands::requests::request_positions,
        commands::requests::request_files_pick,
        commands::requests::request_files_take_dropped,
        commands::requests::request_file_remove,
        commands::requests::request_file_open,
        commands::bookings::booking_group,
        commands::bookings::booking_prepare,
        commands::bookings::booking_from_reply,
        commands::bookings::draft_open,
        commands::bookings::draft_save,
        commands::bookings::draft_send,
        commands::bookings::draft_recall,
        commands::bookings::draft_retry,
        commands::bookings::draft_discard,
        commands::bookings::draft_restore,
        commands::bookings::drafts_list,
        commands::attachments::attachments_pick,
        commands::attachments::attachments_take_dropped,
        commands::attachments::attachment_remove,
        commands::attachments::attachment_open,
        commands::board::board_read,
        commands::companies::companies_list,
        commands::companies::company_open,
        commands::agenda::agenda_read,
        commands::agenda::agenda_list,
        commands::agenda::appointment_open,
        commands::agenda::appointment_change,
        commands::agenda::appointment_cancel,
        commands::agenda::communication_acknowledge,
        commands::dossiers::ticket_in_charge,
        commands::dossiers::ticket_note,
        commands::dossiers::appointment_attends,
        commands::dossiers::appointment_document,
        commands::dossiers::appointment_meeting,
        commands::dossiers::appointment_note,
        commands::import::import_pick,
        commands::import::import_take_dropped,
        commands::import::import_paste,
        commands::import::import_match,
        commands::import::import_rows,
        commands::import::import_take,
        commands::import::import_call_off,
        commands::import::import_close,
        commands::portal::portal_ticket_write,
        commands::portal::portal_open,
        commands::portal::portal_files_open,
        commands::portal::appointment_register,
        commands::portal::registration_change,
        commands::portal::registration_cancel,
        commands::today::today_read,
    ])
}

/// Gives `builder` the state that the commands work on.
pub fn with_state<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
        .plugin(page_faults::listen())
        .plugin(tauri_plugin_autostart::Builder::new().arg(start::IN_BACKGROUND).build())
        .setup(|app| {
            let folders = Folders::of(&app.config().identifier).ok_or(tauri::Error::UnknownPath)?;
            if let Err(error) = log::begin(&folders.logs()) {
                eprintln!("agenda-sede: there is no log: {error}");
            }
            app.manage(Closing::default());
            app.manage(DroppedFiles::default());
            app.manage(MainWindow::default());
            app.manage(BackgroundWork::new(&folders, Desktop::around(app.handle())));
            app.manage(Program::new(folders.clone(), training_clock::training_clock()));
            tray::begin(app, &folders);
            if Start::this() != Start::InBackground {
                window::open(app.handle())?;
            }
            // The files are opened while the page is being painted.
            let app = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                if let Err(error) = app.state::<Program>().resume(&app).await {
                    tracing::error!(%error, "what was chosen at an earlier start is not to be had");
                }
            });
            Ok(())
        })
        .on_window_event(|window, event| {
            closing::follow(window, event, &window.state::<Closing>());
            dropped::follow(window, event, &window.state::<DroppedFiles>());
            window::follow(window, event);
        })
}

/// The configuration, the pages and the rights of the window, as built into the program.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// Runs until the window is closed, or until somebody ends a program that goes on without it. Answers the code that the
/// program ends with.
///
/// # Errors
/// [`StartError`] where there is no display or no web engine.
pub fn run() -> Result<u8, StartError> {
    let context = context();
    let folders = || Folders::of(&context.config().identifier).ok_or(tauri::Error::UnknownPath);
    match Start::this() {
        Start::AtTheWindow | Start::InBackground => {}
        Start::Selftest { report_to } => return Ok(selftest::run(&folders()?, report_to.as_deref())),
        Start::ForgetKeys => {
            return Ok(u8::from(!tauri::async_runtime::block_on(
                sede::forget_keys(&folders()?),
            )));
        }
        Start::Quit => {
            // Where another runs it is asked while this is built, and this one ends there.
            one_instance::first(Builder::default())
                .build(context)?
                .cleanup_before_exit();
            return Ok(0);
        }
    }
    let first = one_instance::first(Builder::default());
    with_state(with_commands(first))
        .build(context)?
        .run(|app, event| match event {
            RunEvent::ExitRequested { code: None, api, .. } if closing::goes_on(app) => api.prevent_exit(),
            RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Program>().rest()),
            _ => {}
        });
    Ok(0)
}
