//! Why a desk is not to be had.

use std::io;

use store::StoreError;
use store_sqlite::OpenError;
use studio::StudioError;
use studio::view::failure::{Failure, FailureCode, FailureDetails};

use crate::credentials::KeyringError;

/// What keeps somebody from working at a desk. Texts are for the log: no names, no keys.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Its folder can't be made, read or moved.
    #[error("the folder of the desk: {0}")]
    Folder(#[from] io::Error),
    /// The training sede's file can't be opened.
    #[error("the file of the training sede: {0}")]
    Open(#[from] OpenError),
    /// The training sede can't be filled.
    #[error("filling the training sede: {0}")]
    Fill(#[source] StoreError),
    /// The studio's own files can't be opened.
    #[error("the studio's files: {0}")]
    Studio(#[from] StudioError),
    /// No such desk on this computer.
    #[error("no such desk")]
    Unknown,
    /// What is kept of the connection with a sede can't be read.
    #[error("what is kept of the connection can't be read: {0}")]
    Connection(&'static str),
    /// What was written is no address of a sede.
    #[error("no address of a sede")]
    Address,
    /// What was written is no invitation.
    #[error("no invitation")]
    Invitation,
    /// What was picked holds no certificate, or was picked at another time.
    #[error("no certificate")]
    Authority,
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The sede did not trade the invitation.
    #[error("the invitation was not traded: {0:?}")]
    Trade(FailureCode),
}

impl DeskError {
    /// The code that crosses to the interface.
    pub fn code(&self) -> FailureCode {
        match self {
            Self::Folder(error) if error.kind() == io::ErrorKind::StorageFull => FailureCode::DiskFull,
            Self::Folder(_) | Self::Fill(_) | Self::Connection(_) => FailureCode::StorageFailed,
            Self::Open(OpenError::NewerSchema { .. }) => FailureCode::NewerVersion,
            Self::Open(_) => FailureCode::StorageFailed,
            Self::Studio(error) => error.code(),
            Self::Unknown => FailureCode::UnknownDesk,
            Self::Address | Self::Invitation => FailureCode::InvalidArgument,
            Self::Authority => FailureCode::NotACertificate,
            Self::Keyring(_) => FailureCode::KeyringFailed,
            Self::Trade(code) => *code,
        }
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let code = error.code();
        match &error {
            DeskError::Address | DeskError::Invitation | DeskError::Authority | DeskError::Unknown => {}
            error => tracing::error!(%error, "the desk is not to be had"),
        }
        let argument = match error {
            DeskError::Address => Some("address".to_owned()),
            DeskError::Invitation => Some("invitation".to_owned()),
            _ => None,
        };
        Self {
            code,
            message: error.to_string(),
            details: FailureDetails {
                argument,
                ..FailureDetails::default()
            },
        }
    }
}
