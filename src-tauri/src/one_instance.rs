//! One program for each person on a computer: a second start shows the window of the first, or asks it to end, and ends
//! itself.

use tauri::{Builder, Runtime};

use crate::closing;
use crate::folders::DATA_VARIABLE;
use crate::start::Start;
use crate::window;

/// Gives `builder` the look for another program, before anything else is begun. Whoever names a data folder of his own
/// ([`DATA_VARIABLE`]) means another program.
pub(crate) fn first<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    if std::env::var_os(DATA_VARIABLE).is_some_and(|name| !name.is_empty()) {
        return builder;
    }
    builder.plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
        match Start::of(arguments.into_iter().map(Into::into)) {
            Start::AtTheWindow => window::bring_forward(app),
            Start::Quit => closing::quit(app),
            // These want no window, and come here only where the program is started twice for them.
            Start::InBackground | Start::Selftest { .. } | Start::ForgetKeys => {}
        }
    }))
}
