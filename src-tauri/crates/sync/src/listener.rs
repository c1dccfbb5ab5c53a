//! Who hears what a round does.

use cache::pulled::Touched;

use crate::link::LinkState;

/// Told while a round is under way. Nothing waits for the answer, and nothing may be read from inside.
pub trait Listener: Send + Sync {
    /// A round with the store begins.
    fn round_began(&self) {}
    /// The store answers: the connection stands.
    fn greeted(&self) {}
    /// The round is over, and left the connection in this state.
    fn round_ended(&self, _link: LinkState) {}
    /// The person's own decisions moved: outbox rows and drafts.
    fn decisions_moved(&self) {}
    /// Something that was pulled is new.
    fn pulled(&self, _touched: &Touched) {}
    /// How many changes were pulled in this round, and how many there are in all, as far as known.
    fn pulling(&self, _done: u64, _total: u64) {}
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deaf;

impl Listener for Deaf {}
