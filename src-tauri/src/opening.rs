//! What the system's own programs open for us: files, folders, addresses.

use std::ffi::OsStr;

use studio::view::failure::FailureCode;

use crate::program::{Answer, failure};

/// Opens a file, a folder or an address with the system's program for it. The call to the system blocks.
///
/// # Errors
/// [`FailureCode::OpenFailed`] where this computer has none.
pub(crate) async fn open(what: impl AsRef<OsStr> + Send + 'static) -> Answer<()> {
    tauri::async_runtime::spawn_blocking(move || opener::open(what))
        .await
        .map_err(|_| failure(FailureCode::Internal, "opening was interrupted"))?
        .map_err(|_| failure(FailureCode::OpenFailed, "no program of this computer opens it"))
}
