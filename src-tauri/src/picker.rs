//! The native windows for picking files.

use std::path::PathBuf;

use tauri::{Runtime, WebviewWindow};

use crate::texts;

/// Endings offered first; what a file is decides its content (R10).
const ENDINGS: &[&str] = &[
    "pdf", "jpg", "jpeg", "png", "tif", "tiff", "PDF", "JPG", "JPEG", "PNG", "TIF", "TIFF",
];

/// Lets the person pick files, in a window of the system's that belongs to `window`. Nothing when it was closed.
pub(crate) async fn pick_files<R: Runtime>(window: &WebviewWindow<R>) -> Option<Vec<PathBuf>> {
    let picking = rfd::AsyncFileDialog::new()
        .set_parent(window)
        .set_title(texts::PICK_FILES)
        .add_filter(texts::DOCUMENTS_AND_PICTURES, ENDINGS)
        .add_filter(texts::ALL_FILES, &["*"])
        .pick_files();
    #[cfg(target_os = "linux")]
    belong(window, texts::PICK_FILES);
    let picked = picking.await?;
    Some(picked.iter().map(|file| file.path().to_owned()).collect())
}

/// Endings of files that lists come in.
const LISTS: &[&str] = &[
    "csv", "tsv", "txt", "xlsx", "xls", "ods", "htm", "html", "CSV", "TSV", "TXT", "XLSX", "XLS", "ODS", "HTM", "HTML",
];

/// Lets the person pick a list of tickets.
pub(crate) async fn pick_list<R: Runtime>(window: &WebviewWindow<R>) -> Option<PathBuf> {
    let picking = rfd::AsyncFileDialog::new()
        .set_parent(window)
        .set_title(texts::PICK_LIST)
        .add_filter(texts::LISTS, LISTS)
        .add_filter(texts::ALL_FILES, &["*"])
        .pick_file();
    #[cfg(target_os = "linux")]
    belong(window, texts::PICK_LIST);
    let picked = picking.await?;
    Some(picked.path().to_owned())
}

/// Endings of files with certificates.
const CERTIFICATES: &[&str] = &["pem", "crt", "cer", "PEM", "CRT", "CER"];

/// Lets the person pick the file with the certificates of the office's own authority.
pub(crate) async fn pick_authority<R: Runtime>(window: &WebviewWindow<R>) -> Option<PathBuf> {
    let picking = rfd::AsyncFileDialog::new()
        .set_parent(window)
        .set_title(texts::PICK_AUTHORITY)
        .add_filter(texts::CERTIFICATES, CERTIFICATES)
        .add_filter(texts::ALL_FILES, &["*"])
        .pick_file();
    #[cfg(target_os = "linux")]
    belong(window, texts::PICK_AUTHORITY);
    let picked = picking.await?;
    Some(picked.path().to_owned())
}

/// Makes the window with this `title` belong to `window`: on GTK the parent that a dialog is given is passed over.
#[cfg(target_os = "linux")]
fn belong<R: Runtime>(window: &WebviewWindow<R>, title: &'static str) {
    use gtk::prelude::{Cast as _, GtkWindowExt as _};

    let parent = window.clone();
    let asked = window.run_on_main_thread(move || {
        // The dialog is made when the main loop is idle, and this was asked for later.
        gtk::glib::idle_add_local_once(move || {
            let Ok(parent) = parent.gtk_window() else { return };
            let windows = gtk::Window::list_toplevels().into_iter();
            for dialog in windows.filter_map(|window| window.downcast::<gtk::Window>().ok()) {
                if dialog.title().is_some_and(|named| named == title) {
                    dialog.set_transient_for(Some(&parent));
                    dialog.set_modal(true);
                    // A display without a window manager does not keep it above by itself.
                    dialog.present();
                }
            }
        });
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "the window for picking files stands alone");
    }
}
