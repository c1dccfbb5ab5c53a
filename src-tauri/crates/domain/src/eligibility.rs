//! R3–R6: whether a ticket may carry an appointment, since when or from when, and why.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::Rule;
use crate::ticket::{Outcome, ReplyAssessment, TicketStatus};
use crate::time::{Now, days_after, midnight};
use crate::topic::WaitingThreshold;

/// All that decides about a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// As the sede set it, with the studio's judgement.
    pub status: TicketStatus,
    /// The civil day of opening or of the last reopening ([`crate::ticket::Ticket::counts_from`]).
    pub counts_from: NaiveDate,
    /// The days that must be exceeded for its topic.
    pub threshold: WaitingThreshold,
    /// Whether the studio or the sede withdrew it.
    pub withdrawn: bool,
    /// Whether a point of the sede answers its topic.
    pub has_point: bool,
    /// End of the confirmed appointment that carries it, if one does.
    pub carried_until: Option<DateTime<Utc>>,
}

/// R6: the answer, always with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "answer", content = "why", rename_all = "snake_case")]
pub enum Eligibility {
    /// It may carry an appointment now.
    Bookable(Ground),
    /// It will from midnight of `on`, if nothing changes.
    BookableFrom {
        /// The first day.
        on: NaiveDate,
        /// How long it waits so far.
        waiting: Waiting,
    },
    /// It may not.
    NotBookable(Obstacle),
}

/// Why a ticket is bookable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "ground", content = "waiting", rename_all = "snake_case")]
pub enum Ground {
    /// R3: closed with `ko`.
    ClosedKo,
    /// R3: closed with `ok`, and the studio found the reply unsatisfactory or not exhaustive.
    Unsatisfactory,
    /// R4: waiting for more than the threshold.
    Waited(Waiting),
}

impl Ground {
    /// The rule that grants it.
    pub const fn rule(self) -> Rule {
        match self {
            Self::ClosedKo | Self::Unsatisfactory => Rule(3),
            Self::Waited(_) => Rule(4),
        }
    }
}

/// *Giacenza* against its threshold (R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// Waiting days: today's civil date minus that of the opening.
    pub days: u32,
    /// The days that must be exceeded.
    pub threshold: WaitingThreshold,
}

/// Why a ticket is not bookable, with no date to promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "obstacle", rename_all = "snake_case")]
pub enum Obstacle {
    /// R5: withdrawn by the studio or the sede.
    Withdrawn,
    /// R5: no point answers its topic.
    NoPoint,
    /// R5: a live appointment carries it; when that has passed, R3 and R4 decide again.
    Carried {
        /// End of that appointment.
        until: DateTime<Utc>,
    },
    /// R3: closed with `ok`, and the studio has not judged the reply.
    Unassessed,
    /// R3: the studio found the reply satisfactory.
    Satisfactory,
}

impl Obstacle {
    /// The rule that stands against it.
    pub const fn rule(self) -> Rule {
        match self {
            Self::Withdrawn | Self::NoPoint | Self::Carried { .. } => Rule(5),
            Self::Unassessed | Self::Satisfactory => Rule(3),
        }
    }
}

/// What [`eligibility`] will answer at any moment, as long as nothing happens to the ticket. This is what is stored:
/// midnight does not make it false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    carried_until: Option<DateTime<Utc>>,
    then: Prospect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prospect {
    Granted(Ground),
    Waits {
        since: NaiveDate,
        threshold: WaitingThreshold,
    },
    Barred(Obstacle),
}

/// R3–R5, without a clock.
pub fn forecast(standing: &Standing) -> Forecast {
    let barred = |obstacle| Forecast {
        carried_until: None,
        then: Prospect::Barred(obstacle),
    };
    if standing.withdrawn {
        return barred(Obstacle::Withdrawn);
    }
    if !standing.has_point {
        return barred(Obstacle::NoPoint);
    }
    let then = match standing.status {
        TicketStatus::Open | TicketStatus::InProgress => Prospect::Waits {
            since: standing.counts_from,
            threshold: standing.threshold,
        },
        TicketStatus::Closed {
            outcome, assessment, ..
        } => match (outcome, assessment) {
            (_, ReplyAssessment::Satisfactory) => Prospect::Barred(Obstacle::Satisfactory),
            (Outcome::Ko, _) => Prospect::Granted(Ground::ClosedKo),
            (Outcome::Ok, ReplyAssessment::Unsatisfactory) => Prospect::Granted(Ground::Unsatisfactory),
            (Outcome::Ok, ReplyAssessment::Unassessed) => Prospect::Barred(Obstacle::Unassessed),
        },
    };
    Forecast {
        carried_until: standing.carried_until,
        then,
    }
}

/// R3–R6 at one moment.
pub fn eligibility(standing: &Standing, now: Now) -> Eligibility {
    forecast(standing).at(now)
}

/// R4: the first civil day on which a ticket that counts from `since` is bookable. The day of opening does not count, and
/// the threshold must be exceeded: opened on the 1st with 5 days, from the 7th.
pub fn ripe_on(since: NaiveDate, threshold: WaitingThreshold) -> NaiveDate {
    days_after(since, u64::from(threshold.0) + 1)
}

/// *Giacenza*: whole civil days from `since` to `today`; none for a ticket of the future.
pub fn waiting_days(since: NaiveDate, today: NaiveDate) -> u32 {
    u32::try_from((today - since).num_days()).unwrap_or(0)
}

impl Forecast {
    /// The answer at `now`.
    pub fn at(&self, now: Now) -> Eligibility {
        if let Some(until) = self.carried_until
            && now.instant() < until
        {
            return Eligibility::NotBookable(Obstacle::Carried { until });
        }
        match self.then {
            Prospect::Granted(ground) => Eligibility::Bookable(ground),
            Prospect::Barred(obstacle) => Eligibility::NotBookable(obstacle),
            Prospect::Waits { since, threshold } => {
                let waiting = Waiting {
                    days: waiting_days(since, now.today()),
                    threshold,
                };
                let on = ripe_on(since, threshold);
                if now.today() >= on {
                    Eligibility::Bookable(Ground::Waited(waiting))
                } else {
                    Eligibility::BookableFrom { on, waiting }
                }
            }
        }
    }

    /// The first instant from which [`Forecast::at`] answers [`Eligibility::Bookable`], for ever; the beginning of time
    /// where it always does, nothing where it never will.
    pub fn bookable_from(&self) -> Option<DateTime<Utc>> {
        let carried = self.carried_until.unwrap_or(DateTime::<Utc>::MIN_UTC);
        match self.then {
            Prospect::Granted(_) => Some(carried),
            Prospect::Waits { since, threshold } => Some(midnight(ripe_on(since, threshold)).max(carried)),
            Prospect::Barred(_) => None,
        }
    }
}
