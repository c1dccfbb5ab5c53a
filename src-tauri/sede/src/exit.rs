//! What the program ends with: for scripts, the number; for people, a line on the error stream.

use std::process::ExitCode;

use crate::serve::ServeError;
use crate::store::StoreChoiceError;

/// Why the program did not do what it was told. Wrong arguments end it with 2, as clap does.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// 2: the store was named in a way that can't be understood, or not at all.
    #[error(transparent)]
    Named(StoreChoiceError),
    /// 3: the store can't be opened or reached.
    #[error(transparent)]
    Store(StoreChoiceError),
    /// 6: the server can't be started or kept up.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

impl From<StoreChoiceError> for Failure {
    fn from(error: StoreChoiceError) -> Self {
        match error {
            StoreChoiceError::Open { .. } => Self::Store(error),
            _ => Self::Named(error),
        }
    }
}

impl Failure {
    /// The number that scripts see.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Named(_) => 2,
            Self::Store(_) => 3,
            Self::Serve(_) => 6,
        })
    }
}
