//! What goes to the store next, and when to look again. Pure: no clock, no I/O.
//!
//! Three promises, each with a test beside it:
//!
//! * nothing goes out before its time, and no pause is longer than [`LONGEST_PAUSE`];
//! * what concerns one subject (a ticket, an appointment) goes out in the order in which it was due;
//! * one entry that the network keeps swallowing delays those of its own subjects and nobody else.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use domain::code::DecisionId;

/// The pause after the first failure.
pub const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(2);

/// No pause is longer.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// A decision that the store has not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its row in the outbox.
    pub row: i64,
    /// The decision.
    pub decision: DecisionId,
    /// What it concerns: `ticket:LU-1`, `appointment:…`.
    pub subjects: Vec<String>,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Not to be sent before this moment.
    pub not_before: Option<DateTime<Utc>>,
    /// Not to be tried again before this moment, after a failure.
    pub next_attempt: Option<DateTime<Utc>>,
}

/// What to make of the pauses after failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pauses {
    /// They are kept.
    Keep,
    /// They are over: the store is back, or somebody asked for it.
    Skip,
}

impl Entry {
    /// The moment that gives it its place among the entries of a subject: when it was decided, or when it shall go out
    /// where that is later. A booking for Saturday does not hold what is decided on Thursday.
    fn place(&self) -> (DateTime<Utc>, i64) {
        let moment = self
            .not_before
            .map_or(self.decided_at, |not_before| not_before.max(self.decided_at));
        (moment, self.row)
    }

    /// The moment from which it may be sent.
    fn due(&self, now: DateTime<Utc>, pauses: Pauses) -> Option<DateTime<Utc>> {
        let paused = match pauses {
            Pauses::Skip => None,
            // A longer pause than there is comes from a clock that was set back since.
            Pauses::Keep => self.next_attempt.filter(|next| *next <= now + LONGEST_PAUSE),
        };
        self.not_before.max(paused)
    }

    fn is_due(&self, now: DateTime<Utc>, pauses: Pauses) -> bool {
        self.due(now, pauses).is_none_or(|due| due <= now)
    }
}

/// The entries of one round, handed out one after the other.
#[derive(Debug)]
pub struct Queue {
    waiting: VecDeque<Entry>,
    held: HashSet<String>,
    now: DateTime<Utc>,
    pauses: Pauses,
}

impl Queue {
    /// Orders `entries`, all that the store has not answered.
    pub fn new(mut entries: Vec<Entry>, now: DateTime<Utc>, pauses: Pauses) -> Self {
        entries.sort_by_key(Entry::place);
        Self {
            waiting: entries.into(),
            held: HashSet::new(),
            now,
            pauses,
        }
    }

    /// The next entry to send. One that must wait holds those of its subjects that come after it.
    pub fn take_next(&mut self) -> Option<Entry> {
        while let Some(entry) = self.waiting.pop_front() {
            let free = !entry.subjects.iter().any(|subject| self.held.contains(subject));
            if free && entry.is_due(self.now, self.pauses) {
                return Some(entry);
            }
            self.hold(&entry);
        }
        None
    }

    /// Says that `entry` was tried and is not over: what comes after it on its subjects waits for another round.
    pub fn hold(&mut self, entry: &Entry) {
        self.held.extend(entry.subjects.iter().cloned());
    }
}

/// The moment from which the next of `entries` can go out, `now` where one can at once; nothing where none is left.
///
/// A round that the network ended early leaves entries that are due: they do not wait for the pause of the one that it
/// ended at.
pub fn wake(mut entries: Vec<Entry>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    entries.sort_by_key(Entry::place);
    let mut held: HashSet<&str> = HashSet::new();
    let mut first: Option<DateTime<Utc>> = None;
    for entry in &entries {
        let due = entry.due(now, Pauses::Keep).map_or(now, |due| due.max(now));
        if !entry.subjects.iter().any(|subject| held.contains(subject.as_str())) {
            first = Some(first.map_or(due, |first| first.min(due)));
        }
        if due > now {
            held.extend(entry.subjects.iter().map(String::as_str));
        }
    }
    first
}

/// The pause after `failures` failures in a row (from 1): doubling from [`FIRST_PAUSE`] to [`LONGEST_PAUSE`], less up to a
/// quarter that `decision` determines, so that the decisions of many computers do not come back together.
pub fn pause(failures: u32, decision: DecisionId) -> TimeDelta {
    let doublings = failures.saturating_sub(1).min(16);
    let whole = (FIRST_PAUSE.num_milliseconds() << doublings).min(LONGEST_PAUSE.num_milliseconds());
    let jitter = i64::from(decision.uuid().as_bytes()[15]);
    TimeDelta::milliseconds(whole - whole * jitter / 1024)
}

#[cfg(test)]
mod tests;
