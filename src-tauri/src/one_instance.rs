//! One program for each person on a computer: a second start shows the window of the first and ends.

use tauri::{Builder, Runtime};

use crate::background::START_ARGUMENT;
use crate::folders::DATA_VARIABLE;
use crate::window;

/// Gives `builder` the look for another program, before anything else is begun. Whoever names a data folder of his own
/// ([`DATA_VARIABLE`]) means another program.
pub(crate) fn first<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    if std::env::var_os(DATA_VARIABLE).is_some_and(|name| !name.is_empty()) {
        return builder;
    }
    builder.plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
        // A start that nobody made wants no window.
        if !arguments.iter().any(|argument| argument == START_ARGUMENT) {
            window::bring_forward(app);
        }
    }))
}
