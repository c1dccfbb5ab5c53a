//! What was told on this computer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What does not stand any more is remembered for so long.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

/// What was told, each under a name of its own, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told(BTreeMap<String, DateTime<Utc>>);

impl Told {
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// With all that stands now told, and without what is long over.
    pub(super) fn with(mut self, standing: &BTreeSet<String>, now: DateTime<Utc>) -> Self {
        self.0
            .retain(|name, at| standing.contains(name) || now.signed_duration_since(*at) < REMEMBERED);
        for name in standing {
            self.0.entry(name.clone()).or_insert(now);
        }
        self
    }
}
