//! The board of a point's places.

use serde::Serialize;
use ts_rs::TS;

/// A consultation point (R8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PointView {
    /// Point code.
    pub code: String,
    /// Its name, `Consulenza aziende`.
    pub name: String,
    /// Building, street and town.
    pub place: String,
    /// Name of the sede.
    pub sede_name: String,
}

/// A slot (R11), in the sede's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SlotView {
    /// The slot's own mark, to be given back as it came: `2026-11-26T09:30:00+01:00[Europe/Rome]`.
    pub start: String,
    /// Date of its start.
    pub date: String,
    /// Clock time of its start.
    pub time: String,
    /// Clock time of its end.
    pub end_time: String,
}

/// Some open days of a point, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Board {
    /// The point.
    pub point: PointView,
    /// Instant at which the taken places were last read; nothing before the first reading.
    pub read_at: Option<String>,
    /// The same as a clock time, with its date where that is not today.
    pub read_time: Option<String>,
    /// The days on which the point opens or would open, were it not for a closure.
    pub days: Vec<BoardDay>,
    /// `from` of the page before, if there is one.
    pub previous: Option<String>,
    /// `from` of the page after, if there is one.
    pub next: Option<String>,
}

/// One day of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BoardDay {
    /// The date.
    pub date: String,
    /// Why the whole day is closed, in the sede's words.
    pub closed: Option<String>,
    /// Its slots in order; empty on a closed day.
    pub slots: Vec<BoardSlot>,
}

/// One slot of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BoardSlot {
    /// The slot.
    pub slot: SlotView,
    /// Places still free.
    pub free: u32,
    /// Places in all.
    pub desks: u32,
    /// Whether it can't be chosen any more, since it has begun.
    pub begun: bool,
}
