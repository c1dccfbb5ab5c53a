//! What is known about the connection with the store.

use chrono::{DateTime, TimeDelta, Utc};
use domain::code::DecisionId;
use store::{StoreError, Welcome};
use uuid::Uuid;

use crate::plan::{LONGEST_PAUSE, pause};

/// Whether the last attempt to reach the store worked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LinkState {
    /// No attempt has ended yet.
    #[default]
    Unknown,
    /// The store answered.
    Connected,
    /// The store can't be reached, or does not answer in order.
    Offline,
    /// The store answers, in a version of the contract that this program does not speak.
    Incompatible,
    /// The store answers, and does not know this device.
    NotAdmitted,
    /// The store answers, and says that this device was revoked.
    Revoked,
    /// The store answers, and says that the studio is suspended.
    Suspended,
}

/// The connection with the store.
#[derive(Debug, Clone, Default)]
pub(crate) struct Link {
    pub(crate) state: LinkState,
    /// Rounds that failed since the last one that did not.
    failures: u32,
    /// Not to be tried before this moment, unless somebody asks.
    pub(crate) not_before: Option<DateTime<Utc>>,
    /// Seconds after which the store wants to be asked again.
    pub(crate) ask_again_after: Option<u32>,
    /// Whether the store must be greeted before anything else.
    pub(crate) greet: bool,
    /// When it was last greeted, by the clock of this computer.
    greeted_at: Option<DateTime<Utc>>,
    /// Whether the last greeting came to nothing: then nobody's turn was tried at all.
    pub(crate) away: bool,
    /// When the last round that failed ended.
    pub(crate) last_failure: Option<DateTime<Utc>>,
}

/// How long what the store said of its clock and its limits is believed.
const GREETING_HOLDS: TimeDelta = TimeDelta::minutes(10);

/// How long to leave the store alone when it does not say.
pub(crate) const ASK_AGAIN_AFTER: u32 = 60;

impl Link {
    /// A connection that nobody has tried yet.
    pub(crate) fn new() -> Self {
        Self {
            greet: true,
            ..Self::default()
        }
    }

    /// Whether it is time to greet the store: at the beginning, after a failure, when something was not as it had said,
    /// and now and then, since clocks drift and limits change.
    pub(crate) fn must_greet(&self, at: DateTime<Utc>) -> bool {
        let fresh = |greeted: DateTime<Utc>| (TimeDelta::zero()..GREETING_HOLDS).contains(&(at - greeted));
        self.greet || !self.greeted_at.is_some_and(fresh)
    }

    /// The store greeted us, at `at` by the clock of this computer.
    pub(crate) fn welcomed(&mut self, welcome: &Welcome, at: DateTime<Utc>) {
        self.state = LinkState::Connected;
        self.greet = false;
        self.greeted_at = Some(at);
        self.away = false;
        self.ask_again_after = Some(welcome.ask_again_after.max(1));
    }

    /// A round came to its end.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
        self.not_before = None;
        self.last_failure = None;
    }

    /// A round ended early. Each error on purpose:
    pub(crate) fn failed(&mut self, error: &StoreError, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        self.greet = true;
        self.last_failure = Some(now);
        let pause = match error {
            // The network comes and goes: soon again, then less and less often.
            StoreError::Unreachable { .. } | StoreError::Failed { .. } => {
                self.state = LinkState::Offline;
                pause(self.failures, DecisionId::new(Uuid::nil()))
            }
            // Only another version of either side helps; it may come while we run.
            StoreError::Incompatible { .. } | StoreError::Unsupported => {
                self.state = LinkState::Incompatible;
                LONGEST_PAUSE
            }
            // It says when to come back; not all at once, and not more often than where nobody answers.
            StoreError::Busy { seconds } => {
                self.state = LinkState::Offline;
                let asked = TimeDelta::seconds(i64::from(*seconds)).min(LONGEST_PAUSE);
                asked.max(pause(self.failures, DecisionId::new(Uuid::nil())))
            }
            // Somebody must enrol the studio again.
            StoreError::StudioUnknown => {
                self.state = LinkState::Offline;
                LONGEST_PAUSE
            }
            // Only the sede can let us in again; it may while we run.
            StoreError::DeviceUnknown => {
                self.state = LinkState::NotAdmitted;
                LONGEST_PAUSE
            }
            StoreError::DeviceRevoked => {
                self.state = LinkState::Revoked;
                LONGEST_PAUSE
            }
            StoreError::StudioSuspended => {
                self.state = LinkState::Suspended;
                LONGEST_PAUSE
            }
            // Both are about one request and handled there; a round that ends with them has a bug, of whichever side.
            StoreError::EpochChanged | StoreError::AttemptReused => {
                self.state = LinkState::Offline;
                LONGEST_PAUSE
            }
        };
        self.not_before = Some(now + pause);
    }

    /// When to look at the store again, having looked at `now`.
    pub(crate) fn next_look(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let rhythm = now + TimeDelta::seconds(i64::from(self.ask_again_after.unwrap_or(ASK_AGAIN_AFTER)));
        self.not_before.unwrap_or(rhythm)
    }
}
