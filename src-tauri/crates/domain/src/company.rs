//! Companies, their positions, and the studio's delegations.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::code::{FiscalCode, Matricola, SedeCode};

/// A client of the studio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Company {
    /// Its identity.
    pub code: FiscalCode,
    /// Its name.
    pub name: String,
}

/// A contribution position of a company. Tickets, delegations and routing follow the position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Position {
    /// Its identity.
    pub matricola: Matricola,
    /// Whose it is.
    pub company: FiscalCode,
    /// The sede that is competent for it.
    pub sede: SedeCode,
}

/// The studio may act for a position (R2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delegation {
    /// The position.
    pub position: Matricola,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where an end is set.
    pub until: Option<NaiveDate>,
}

impl Delegation {
    /// R2: whether it is active on `day`; both its first and its last day count.
    pub fn active_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}
