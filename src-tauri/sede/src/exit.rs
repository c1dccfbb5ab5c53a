//! What the program ends with: for scripts, the number; for people, a line on the error stream.

use std::fmt;
use std::process::ExitCode;

use ::store::StoreError;
use domain::Rule;
use serde::Serialize;

use crate::serve::ServeError;
use crate::store::StoreChoiceError;

/// The numbers that the program ends with, as its help tells them.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused: a rule (its number is told) or what is there does not allow it; nothing was changed
  2  the arguments can't be understood; nothing was changed
  3  the store can't be opened or reached, or it failed
  4  a check found a promise broken, or a file damaged
  5  what was named does not exist; nothing was changed
  6  the server can't be started or kept up";

/// Why the program did not do what it was told. Wrong arguments end it with 2, as clap does.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// 1: a rule refuses, or what is there does.
    #[error("{}{reason}", ruled(*rule))]
    Refused {
        /// The rule, where one has a number.
        rule: Option<Rule>,
        /// Why, in words.
        reason: String,
    },
    /// 2: arguments that make no sense together.
    #[error("{0}")]
    Usage(String),
    /// 2: the store was named in a way that can't be understood, or not at all.
    #[error(transparent)]
    Named(StoreChoiceError),
    /// 3: the store can't be opened or reached.
    #[error(transparent)]
    Store(StoreChoiceError),
    /// 3: the store went away, or failed.
    #[error(transparent)]
    Lost(#[from] StoreError),
    /// 4: what is stored is damaged.
    #[error("{0}")]
    Damaged(String),
    /// 5: what was named does not exist.
    #[error("{what}")]
    NotFound {
        /// A sentence that says what.
        what: String,
    },
    /// 6: the server can't be started or kept up.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

fn ruled(rule: Option<Rule>) -> String {
    rule.map(|rule| format!("{rule}: ")).unwrap_or_default()
}

impl From<StoreChoiceError> for Failure {
    fn from(error: StoreChoiceError) -> Self {
        match error {
            StoreChoiceError::Open { .. } | StoreChoiceError::OpenDatabase { .. } => Self::Store(error),
            _ => Self::Named(error),
        }
    }
}

/// A failure as scripts read it, on the error stream.
#[derive(Serialize)]
struct Script {
    exit: u8,
    rule: Option<String>,
    error: String,
}

impl Failure {
    /// A refusal without a number.
    pub(crate) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused {
            rule: None,
            reason: reason.into(),
        }
    }

    /// A refusal of the rule of this number.
    pub(crate) fn rule(number: u8, reason: impl Into<String>) -> Self {
        Self::Refused {
            rule: Some(Rule(number)),
            reason: reason.into(),
        }
    }

    /// There is no `kind` of this name.
    pub(crate) fn not_found(kind: &str, name: impl fmt::Display) -> Self {
        Self::NotFound {
            what: format!("there is no {kind} {name}"),
        }
    }

    /// The number that scripts see.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.number())
    }

    const fn number(&self) -> u8 {
        match self {
            Self::Refused { .. } => 1,
            Self::Usage(_) | Self::Named(_) => 2,
            Self::Store(_) | Self::Lost(_) => 3,
            Self::Damaged(_) => 4,
            Self::NotFound { .. } => 5,
            Self::Serve(_) => 6,
        }
    }

    /// As scripts read it: one line of JSON.
    pub fn script(&self) -> String {
        let script = Script {
            exit: self.number(),
            rule: match self {
                Self::Refused { rule, .. } => rule.map(|rule| rule.to_string()),
                _ => None,
            },
            error: self.to_string(),
        };
        serde_json::to_string(&script).unwrap_or_default()
    }
}
