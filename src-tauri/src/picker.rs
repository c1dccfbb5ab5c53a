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
    let picked = rfd::AsyncFileDialog::new()
        .set_parent(window)
        .set_title(texts::PICK_FILES)
        .add_filter(texts::DOCUMENTS_AND_PICTURES, ENDINGS)
        .add_filter(texts::ALL_FILES, &["*"])
        .pick_files()
        .await?;
    Some(picked.iter().map(|file| file.path().to_owned()).collect())
}

/// Endings of files with certificates.
const CERTIFICATES: &[&str] = &["pem", "crt", "cer", "PEM", "CRT", "CER"];

/// Lets the person pick the file with the certificates of the office's own authority.
pub(crate) async fn pick_authority<R: Runtime>(window: &WebviewWindow<R>) -> Option<PathBuf> {
    let picked = rfd::AsyncFileDialog::new()
        .set_parent(window)
        .set_title(texts::PICK_AUTHORITY)
        .add_filter(texts::CERTIFICATES, CERTIFICATES)
        .add_filter(texts::ALL_FILES, &["*"])
        .pick_file()
        .await?;
    Some(picked.path().to_owned())
}
