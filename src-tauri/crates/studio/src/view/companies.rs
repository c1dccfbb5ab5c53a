//! Companies and their positions.

use serde::Serialize;
use ts_rs::TS;

/// One line of the list of companies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CompanyRow {
    /// Identity: its fiscal code, 11 digits or 16 characters, where that is known.
    pub code: String,
    /// Whether `code` is its fiscal code; otherwise lists of the portal named only a position of its (R16).
    pub has_fiscal_code: bool,
    /// Name.
    pub name: String,
    /// How many positions it has.
    pub positions: u32,
    /// Tickets not closed and not withdrawn.
    pub open_tickets: u32,
    /// Tickets bookable now (*richieste associabili*).
    pub bookable: u32,
}

/// One company, opened. Its tickets are a list of `tickets_open` with this company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CompanyDetail {
    /// The line of the list.
    pub row: CompanyRow,
    /// Its positions.
    pub positions: Vec<PositionView>,
    /// Confirmed appointments to come, soonest first.
    pub appointments: Vec<super::agenda::AppointmentRow>,
}

/// A position with its delegation (R2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PositionView {
    /// Ten digits.
    pub matricola: String,
    /// Name of the sede that is competent for it.
    pub sede_name: String,
    /// The studio's delegation, if it has one or had one.
    pub delegation: Option<DelegationView>,
    /// Whether only lists of the portal tell of it; then nobody here knows of a delegation (R16).
    pub portal: bool,
}

/// See [`PositionView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DelegationView {
    /// First day.
    pub from: String,
    /// Last day, where an end is set.
    pub until: Option<String>,
    /// Whether it is active today.
    pub active: bool,
}
