//! R13: what the sede says about an appointment.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::CommunicationId;
use crate::slot::Slot;

/// *Comunicazione della sede*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Communication {
    /// Its identity.
    pub id: CommunicationId,
    /// When the sede said it.
    pub at: DateTime<Utc>,
    /// What.
    #[cfg_attr(feature = "openapi", schema(value_type = WireChange))]
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
        /// Before, where it is about a slot.
        before: Option<Slot>,
        /// After, where it is about a slot.
        after: Option<Slot>,
    },
}

/// The open form in which changes travel and are stored: a kind and, where it is about a slot, both sides.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct WireChange {
    kind: String,
    /// What the sede calls it, where that can't be the kind: it is the name of a kind with a meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Slot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Slot>,
}

const RESOLVED: &str = "resolved";
const RESCHEDULED: &str = "rescheduled";
const RELOCATED: &str = "relocated";
const CANCELLED: &str = "cancelled";
const OTHER: &str = "other";

impl From<WireChange> for Change {
    fn from(wire: WireChange) -> Self {
        match (wire.kind.as_str(), wire.before, wire.after) {
            (RESOLVED, ..) => Self::Resolved,
            (CANCELLED, ..) => Self::Cancelled,
            (RESCHEDULED, Some(before), Some(after)) => Self::Rescheduled { before, after },
            (RELOCATED, Some(before), Some(after)) => Self::Relocated { before, after },
            (_, before, after) => Self::Other {
                label: wire.label.unwrap_or(wire.kind),
                before,
                after,
            },
        }
    }
}

impl From<Change> for WireChange {
    fn from(change: Change) -> Self {
        let (kind, before, after) = match change {
            Change::Resolved => (RESOLVED.into(), None, None),
            Change::Cancelled => (CANCELLED.into(), None, None),
            Change::Rescheduled { before, after } => (RESCHEDULED.into(), Some(before), Some(after)),
            Change::Relocated { before, after } => (RELOCATED.into(), Some(before), Some(after)),
            Change::Other { label, before, after } => {
                let taken = [RESOLVED, RESCHEDULED, RELOCATED, CANCELLED].contains(&label.as_str());
                return if taken {
                    Self {
                        kind: OTHER.into(),
                        label: Some(label),
                        before,
                        after,
                    }
                } else {
                    Self {
                        kind: label,
                        label: None,
                        before,
                        after,
                    }
                };
            }
        };
        Self {
            kind,
            label: None,
            before,
            after,
        }
    }
}
