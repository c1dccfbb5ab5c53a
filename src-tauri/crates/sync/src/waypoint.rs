//! Named points on the path of a decision, from the button to the confirmation.

use domain::code::DecisionId;

/// A point on the path of a decision. A program that dies at any of them goes on, when it is started again, with the same
/// attempt: the story of each is told in the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Waypoint {
    /// The person has decided; nothing is written.
    BeforeOutboxRow,
    /// The decision and its row in the outbox are written, and the store knows nothing.
    AfterOutboxRow,
    /// The row says that it is being sent; the request has not left.
    BeforeRequest,
    /// The store has committed and its answer has arrived; nothing of it is written here.
    AfterStoreCommit,
    /// It is clear what the answer means here; nothing of it is written.
    BeforeAnswerWritten,
    /// The answer is written, with the end of the row.
    AfterAnswerWritten,
}

impl Waypoint {
    /// All of them, in the order of the path.
    pub const ALL: [Self; 6] = [
        Self::BeforeOutboxRow,
        Self::AfterOutboxRow,
        Self::BeforeRequest,
        Self::AfterStoreCommit,
        Self::BeforeAnswerWritten,
        Self::AfterAnswerWritten,
    ];
}

/// Who is told when a decision reaches a [`Waypoint`].
pub trait Watcher: Send + Sync {
    /// `decision` is at `waypoint`. The path goes on when this returns.
    fn reached(&self, waypoint: Waypoint, decision: DecisionId);
}

/// Writes a line into the log.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingWatcher;

impl Watcher for TracingWatcher {
    fn reached(&self, waypoint: Waypoint, decision: DecisionId) {
        tracing::debug!(?waypoint, %decision, "waypoint");
    }
}
