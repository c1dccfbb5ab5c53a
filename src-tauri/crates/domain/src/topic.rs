//! Topics: the three levels that a ticket is about.

use serde::{Deserialize, Serialize};

use crate::code::TopicCode;

/// *Tripletta*: area, subject, detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Topic {
    /// Its identity.
    pub code: TopicCode,
    /// First level.
    pub area: String,
    /// Second level.
    pub subject: String,
    /// Third level.
    pub detail: String,
    /// What the sede set for R4, where it set something (S4).
    pub threshold: Option<WaitingThreshold>,
}

impl Topic {
    /// R4: the waiting days that must be exceeded.
    pub fn threshold(&self) -> WaitingThreshold {
        self.threshold.unwrap_or_default()
    }
}

/// R4: how many waiting days must be *exceeded*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u16))]
#[serde(transparent)]
pub struct WaitingThreshold(pub u16);

impl Default for WaitingThreshold {
    /// S0: "giacenza nel sistema superiore a 5 giorni".
    fn default() -> Self {
        Self(5)
    }
}
