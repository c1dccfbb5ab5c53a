//! How far the reading is, and how it is called off.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::error::{ImportError, Result};
use crate::limits::ROWS_BETWEEN_REPORTS;

/// What is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The file is taken apart into rows and cells.
    Opening,
    /// Rows become tickets.
    Reading,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is going on.
    pub stage: Stage,
    /// Rows done.
    pub rows: usize,
    /// Rows in all, where that is known.
    pub of: Option<usize>,
}

/// Told every [`ROWS_BETWEEN_REPORTS`] rows; [`ControlFlow::Break`] calls the reading off.
pub(crate) type Watch<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// Tells `watch` that `rows` are done, if it is time to.
pub(crate) fn tell(watch: Watch<'_>, stage: Stage, rows: usize, of: Option<usize>) -> Result<()> {
    if rows.is_multiple_of(ROWS_BETWEEN_REPORTS) && watch(Progress { stage, rows, of }).is_break() {
        return Err(ImportError::Cancelled);
    }
    Ok(())
}
