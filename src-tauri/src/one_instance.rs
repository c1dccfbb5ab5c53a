//! One program for each person on a computer: a second start shows the window of the first and ends.

use tauri::{AppHandle, Builder, Manager, Runtime};

use crate::folders::DATA_VARIABLE;

/// Gives `builder` the look for another program, before anything else is begun. Whoever names a data folder of his own
/// ([`DATA_VARIABLE`]) means another program.
pub(crate) fn first<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    if std::env::var_os(DATA_VARIABLE).is_some_and(|name| !name.is_empty()) {
        return builder;
    }
    builder.plugin(tauri_plugin_single_instance::init(|app, _, _| show(app)))
}

/// Brings the window before the others, also where it was minimised.
fn show<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window can't be brought forward");
    }
}
