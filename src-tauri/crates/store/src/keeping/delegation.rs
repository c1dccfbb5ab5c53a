//! R18: where a delegation stands, and when that changes by the calendar alone.

use chrono::{DateTime, Utc};
use domain::company::Delegation;
use domain::time::{Now, midnight};

/// What the feed has told a studio of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// It begins on a day to come: the position, no tickets.
    Announced,
    /// Everything, and everything new.
    Active,
    /// Over, but the studio still has a live appointment for the position: it keeps what it has, as it was.
    Held,
    /// Over.
    Gone,
}

impl Phase {
    /// As rows say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Active => "active",
            Self::Held => "held",
            Self::Gone => "gone",
        }
    }
}

/// Where a delegation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// At the moment that was asked for.
    pub phase: Phase,
    /// When it must be looked at again, where a day to come changes it.
    pub settles_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// Where `delegation` stands at `now`, whose studio's last live appointment for the position ends at `held_until`.
    pub fn of(delegation: &Delegation, held_until: Option<DateTime<Utc>>, now: Now) -> Self {
        let Delegation { from, until, .. } = delegation;
        let (phase, settles_at) = if now.today() < *from {
            (Phase::Announced, Some(midnight(*from)))
        } else if until.is_none_or(|until| now.today() <= until) {
            let over = until.and_then(|until| until.succ_opt());
            (Phase::Active, over.map(midnight))
        } else if let Some(until) = held_until {
            (Phase::Held, Some(until))
        } else {
            (Phase::Gone, None)
        };
        Self { phase, settles_at }
    }
}
