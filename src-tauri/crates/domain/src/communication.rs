//! R13: what the sede says about an appointment.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::CommunicationId;
use crate::slot::Slot;

/// *Comunicazione della sede*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Communication {
    /// Its identity.
    pub id: CommunicationId,
    /// When the sede said it.
    pub at: DateTime<Utc>,
    /// What.
    pub change: Change,
    /// In the sede's words.
    pub text: String,
    /// When somebody of the studio acknowledged it.
    pub acknowledged_at: Option<DateTime<Utc>>,
}

/// What changed, before and after.
///
/// A kind that this program does not know is kept as it came (R13): [`Change::Other`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WireChange", into = "WireChange")]
pub enum Change {
    /// *Chiuso e definito*: solved, no need to come.
    Resolved,
    /// Moved to another day or time, at the same point.
    Rescheduled {
        /// Before.
        before: Slot,
        /// After.
        after: Slot,
    },
    /// Moved to another point, of this or another sede.
    Relocated {
        /// Before.
        before: Slot,
        /// After.
        after: Slot,
    },
    /// Cancelled by the sede.
    Cancelled,
    /// Something else.
    Other {
        /// The kind as the sede names it.
        label: String,
    },
}

/// The open form in which changes travel and are stored: a label and, where it is about a slot, both sides.
#[derive(Clone, Serialize, Deserialize)]
struct WireChange {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Slot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Slot>,
}

impl From<WireChange> for Change {
    fn from(WireChange { kind, before, after }: WireChange) -> Self {
        match (kind.as_str(), before, after) {
            ("resolved", ..) => Self::Resolved,
            ("cancelled", ..) => Self::Cancelled,
            ("rescheduled", Some(before), Some(after)) => Self::Rescheduled { before, after },
            ("relocated", Some(before), Some(after)) => Self::Relocated { before, after },
            _ => Self::Other { label: kind },
        }
    }
}

impl From<Change> for WireChange {
    fn from(change: Change) -> Self {
        let (kind, before, after) = match change {
            Change::Resolved => ("resolved".into(), None, None),
            Change::Cancelled => ("cancelled".into(), None, None),
            Change::Rescheduled { before, after } => ("rescheduled".into(), Some(before), Some(after)),
            Change::Relocated { before, after } => ("relocated".into(), Some(before), Some(after)),
            Change::Other { label } => (label, None, None),
        };
        Self { kind, before, after }
    }
}
