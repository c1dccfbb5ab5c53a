//! What lists remember: the last walks along an order, and the last searches that found many. A person who types the next
//! letter, or asks for those bookable now, walks the same way again.
//!
//! A walk holds until tickets change, or until the first moment at which one of them becomes bookable (or is carried no
//! more) by itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::filter::{TicketFilter, TicketSort};

/// How many of each are kept: 200,000 tickets are 1.6 MB a walk.
const KEPT: usize = 4;

/// What a walk depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Without text and eligibility.
    pub(super) filter: TicketFilter,
    pub(super) sort: TicketSort,
    pub(super) descending: bool,
}

/// A walk and how long it holds.
#[derive(Debug)]
pub(super) struct Walked {
    /// Rowids times four plus class.
    pub(super) packed: Vec<u64>,
    /// The second at which it was walked.
    pub(super) at: i64,
    /// The first second at which it holds no more.
    pub(super) until: Option<i64>,
}

#[derive(Debug)]
struct Kept {
    asked: Asked,
    packed: Arc<Vec<u64>>,
    at: i64,
    until: Option<i64>,
}

#[derive(Debug, Default)]
struct Remembered {
    /// Grows whenever tickets change.
    age: u64,
    walks: Vec<Kept>,
    found: Vec<(String, Arc<Vec<u32>>)>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Walks(Mutex<Remembered>);

impl Walks {
    fn inside(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be asked before the transaction in which something is read that shall be remembered.
    pub(super) fn age(&self) -> u64 {
        self.inside().age
    }

    /// Tickets have changed.
    pub(super) fn forget(&self) {
        let mut inside = self.inside();
        inside.age += 1;
        inside.walks.clear();
        inside.found.clear();
    }

    /// The walk that was asked for, if it still holds at second `at`.
    pub(super) fn walk(&self, asked: &Asked, at: i64) -> Option<Arc<Vec<u64>>> {
        self.inside()
            .walks
            .iter()
            .find(|kept| kept.at <= at && kept.until.is_none_or(|until| at < until) && kept.asked == *asked)
            .map(|kept| Arc::clone(&kept.packed))
    }

    pub(super) fn remember_walk(&self, age: u64, asked: Asked, walked: Walked) -> Arc<Vec<u64>> {
        let packed = Arc::new(walked.packed);
        let mut inside = self.inside();
        if inside.age == age {
            inside.walks.retain(|kept| kept.asked != asked);
            inside.walks.insert(
                0,
                Kept {
                    asked,
                    packed: Arc::clone(&packed),
                    at: walked.at,
                    until: walked.until,
                },
            );
            inside.walks.truncate(KEPT);
        }
        packed
    }

    /// What a query found.
    pub(super) fn found(&self, query: &str) -> Option<Arc<Vec<u32>>> {
        self.inside()
            .found
            .iter()
            .find(|(known, _)| known == query)
            .map(|(_, found)| Arc::clone(found))
    }

    pub(super) fn remember_found(&self, age: u64, query: String, found: Vec<u32>) -> Arc<Vec<u32>> {
        let found = Arc::new(found);
        let mut inside = self.inside();
        if inside.age == age {
            inside.found.insert(0, (query, Arc::clone(&found)));
            inside.found.truncate(KEPT);
        }
        found
    }
}
