//! What the program does on this computer while nobody looks at it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was chosen, and what this computer can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Background {
    /// What holds.
    pub choice: BackgroundChoice,
    /// What there is on this computer.
    pub means: BackgroundMeans,
}

/// What a person chose, for this computer and every sede that it works with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BackgroundChoice {
    /// Whether the desktop shows notices.
    pub notices: bool,
    /// Whether the program goes on when its window is closed.
    pub keep_working: bool,
    /// Whether the program starts, without its window, when the person begins to work at this computer.
    pub start_with_computer: bool,
}

/// What there is on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BackgroundMeans {
    /// Whether the desktop takes notices.
    pub notices: bool,
    /// Whether the program's icon stands beside the clock.
    pub tray: bool,
    /// Whether a program can be started with this computer.
    pub start_with_computer: bool,
}
