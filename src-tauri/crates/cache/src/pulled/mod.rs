//! What was pulled from the store, and what lists and search need of it. It lives in `cache.db` and can be thrown away.
//!
//! The projection holds no flag that midnight makes false: per ticket, the instant from which it is bookable as
//! `domain`'s forecast says, recomputed whenever the ticket, its topic's threshold, the points or a judgement of the
//! studio's change.

mod agenda;
mod apply;
mod bulk;
mod carriers;
mod companies;
mod directory;
mod entities;
mod feed;
mod filter;
mod list;
mod overlay;
mod project;
mod ripening;
mod statement;
mod tickets;
mod walks;
mod words;

use std::sync::{Arc, RwLock};

use crate::db::Database;

pub use agenda::{AppointmentOrder, Unread};
pub use apply::Touched;
pub use companies::{CompanySummary, PositionStanding};
pub use directory::Directory;
pub use feed::Kept;
pub use filter::{Bookable, BookableCounts, StatusKind, TicketFilter, TicketSnapshot, TicketSort, TopicScope};
pub use ripening::Ripened;
pub use tickets::{OpenedTicket, TicketRow};

pub(crate) use apply::Applied;

/// What was pulled.
#[derive(Debug, Clone)]
pub struct Pulled {
    pub(crate) db: Database,
    directory: Arc<RwLock<Option<Arc<Directory>>>>,
    walks: Arc<walks::Walks>,
}

impl Pulled {
    pub(crate) fn new(db: Database) -> Self {
        Self {
            db,
            directory: Arc::default(),
            walks: Arc::default(),
        }
    }

    /// Tickets are others than before: whatever was remembered of lists is old.
    fn tickets_changed(&self) {
        self.walks.forget();
    }
}
