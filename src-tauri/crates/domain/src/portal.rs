//! R16: tickets that stand on the INPS portal alone. People bring lists of them; they never reach a store. R1–R10 hold for
//! them as for any other.
//!
//! * [`comparison`]: what a row of a list means to what is held already.
//! * [`place`]: where such a ticket stands among all others: its topic, sede, company and point.
//! * [`registered`]: what the portal answered, written down by the studio.

pub mod comparison;
pub mod place;
pub mod registered;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::code::{FiscalCode, Matricola, TicketCode};
use crate::text::{in_a_line, in_lines, written};
use crate::ticket::Outcome;

written!(
    /// Name of a company, as the portal or the studio writes it: up to 200 characters in one line.
    CompanyName,
    200,
    in_a_line
);
written!(
    /// Name of a sede, as the portal writes it: up to 80 characters in one line.
    SedeName,
    80,
    in_a_line
);
written!(
    /// What a ticket is about, as the portal writes it, all levels in one line: up to 300 characters.
    Subject,
    300,
    in_a_line
);
written!(
    /// What was asked or answered: up to 4,000 characters in several lines.
    Words,
    4_000,
    in_lines
);

/// A ticket as a list of the portal tells of it. What a list leaves out is not made up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalTicket {
    /// Its identity on the portal.
    pub code: TicketCode,
    /// The position that it is about.
    pub position: Matricola,
    /// The company whose position that is; lists searched by matricola leave it out.
    pub company: Option<FiscalCode>,
    /// The name of that company.
    pub company_name: Option<CompanyName>,
    /// The sede that is competent for the position.
    pub sede: Option<SedeName>,
    /// What it is about; never changes (R7).
    pub subject: Subject,
    /// The day on which it was opened; with the day of a reopening, that one (R4).
    pub opened_on: NaiveDate,
    /// As the sede set it.
    pub status: PortalStatus,
    /// What the studio asked.
    pub request: Option<Words>,
    /// What the sede answered last.
    pub reply: Option<Words>,
}

/// State of a ticket on the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum PortalStatus {
    /// *Aperta*.
    Open,
    /// *In carico*.
    InProgress,
    /// *Chiusa*.
    Closed {
        /// What the sede said.
        outcome: Outcome,
        /// The day, where the list tells it: that of the closing, or of the last update.
        on: Option<NaiveDate>,
    },
    /// Withdrawn by the studio or the sede (R5).
    Withdrawn,
}
