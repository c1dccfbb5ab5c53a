//! Promise 4: bookings that lie with the store: until their tickets are ripe (R4), or until a place comes free.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::booking::{Booking, Facts, Refusal};
use crate::code::{DecisionId, PointCode, TicketCode};
use crate::eligibility::{Eligibility, eligibility};
use crate::people::Person;
use crate::time::{Now, midnight};
use crate::wish::Wish;

/// A booking that the store keeps and lets go out by itself, as the people of its studio see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deposit {
    /// The decision that it is the booking of.
    pub decision: DecisionId,
    /// Number of the attempt under which it lies there.
    pub attempt: u32,
    /// Who left it there, where the store knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// Its tickets.
    pub tickets: Vec<TicketCode>,
    /// Its point (R8).
    pub point: PointCode,
    /// The wishes, best first.
    pub wishes: Vec<Wish>,
    /// Since when it lies there: who came first is granted first.
    pub deposited_at: DateTime<Utc>,
    /// What it waits for.
    pub until: Awaited,
}

impl Deposit {
    /// That of a booking of `by`'s, under the number of its attempt.
    pub fn of(
        booking: &Booking,
        decision: DecisionId,
        attempt: u32,
        by: Option<Person>,
        deposited_at: DateTime<Utc>,
        until: Awaited,
    ) -> Self {
        Self {
            decision,
            attempt,
            by,
            tickets: booking.codes().into_iter().cloned().collect(),
            point: booking.point.clone(),
            wishes: booking.wishes.clone(),
            deposited_at,
            until,
        }
    }
}

/// What a deposit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "waits_for", rename_all = "snake_case")]
pub enum Awaited {
    /// R4: the moment from which its tickets are bookable.
    Ripeness {
        /// That moment.
        at: DateTime<Utc>,
    },
    /// R11: a place that comes free. When the day changes there may be new ones, and wishes may be over.
    Place {
        /// When it is decided anew at the latest.
        at: DateTime<Utc>,
    },
}

impl Awaited {
    /// When it is to be decided at the latest.
    pub const fn at(self) -> DateTime<Utc> {
        match self {
            Self::Ripeness { at } | Self::Place { at } => at,
        }
    }
}

/// R4: the moment from which the last of `tickets` is bookable; nothing where there is nothing to wait for, since all are,
/// or one will not be.
pub fn ripe_at(tickets: &[Facts], now: Now) -> Option<DateTime<Utc>> {
    let mut latest = None;
    for ticket in tickets {
        match eligibility(&ticket.standing, now) {
            Eligibility::Bookable(_) => {}
            Eligibility::BookableFrom { on, .. } => latest = latest.max(Some(midnight(on))),
            Eligibility::NotBookable(_) => return None,
        }
    }
    latest
}

/// What a deposit goes on waiting for after it was refused; nothing where the refusal is its outcome. One that `waits` does
/// not give up for want of a place as long as one of its wishes can still be met.
pub fn awaited_after(refusal: &Refusal, waits: bool, wishes: &[Wish], now: Now) -> Option<Awaited> {
    match refusal {
        Refusal::TicketNotBookable {
            eligibility: Eligibility::BookableFrom { on, .. },
            ..
        } => Some(Awaited::Ripeness { at: midnight(*on) }),
        Refusal::AllTaken { .. } if waits && wishes.iter().any(|wish| wish.is_ahead(now)) => {
            let tomorrow = now.today().succ_opt()?;
            Some(Awaited::Place { at: midnight(tomorrow) })
        }
        _ => None,
    }
}
