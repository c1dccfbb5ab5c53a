//! Where a notice leads.

use serde::Serialize;
use ts_rs::TS;

/// What the page is to show, asked for from outside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Place {
    /// *Oggi*.
    Today,
    /// *Agenda*.
    Agenda,
    /// One appointment.
    Appointment {
        /// Its id.
        id: String,
    },
    /// One draft.
    Draft {
        /// Its id.
        id: String,
    },
}
