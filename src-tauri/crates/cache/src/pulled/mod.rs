//! What was pulled from the store, and what lists and search need of it. It lives in `cache.db` and can be thrown away.
//!
//! The projection holds no flag that midnight makes false: per ticket, the instant from which it is bookable as
//! `domain`'s forecast says, recomputed whenever the ticket, its topic's threshold, the points or a judgement of the
//! studio's change.
//!
//! A list is opened in three steps, none of which reads a ticket's row: the search says which tickets have its words, in
//! the index of their own words (`index`) and among the names of companies and topics (`search`); one pass over small
//! columns in memory (`columns`) keeps what the filter asks for and counts how each stands today; and what is left is
//! put in order (`order`). What is answered is a snapshot of ids, and the rows of a window are read by these
//! (`tickets`). The columns follow every transaction that changes tickets, and each reader gets those of just the state
//! of the file that it sees.

mod agenda;
mod apply;
mod bits;
mod block;
mod bulk;
mod carriers;
mod columns;
mod companies;
mod deposits;
mod directory;
mod dossiers;
mod entities;
mod feed;
mod filter;
mod index;
mod list;
mod numbers;
mod order;
mod overlay;
mod portal;
mod project;
mod readable;
mod ripening;
mod search;
mod tickets;
mod words;

use std::sync::{Arc, RwLock};

use crate::db::Database;

pub use agenda::{AppointmentOrder, Unread};
pub use apply::Touched;
pub use companies::{CompanySummary, PositionStanding};
pub use directory::Directory;
pub use feed::Kept;
pub use filter::{
    Bookable, BookableCounts, InCharge, StatusKind, TicketFilter, TicketSnapshot, TicketSort, TopicScope,
};
pub use ripening::Ripened;
pub use tickets::{OpenedTicket, TicketRow};

pub(crate) use apply::Applied;

/// What was pulled.
#[derive(Debug, Clone)]
pub struct Pulled {
    pub(crate) db: Database,
    directory: Arc<RwLock<Option<Arc<Directory>>>>,
    shelf: Arc<columns::Shelf>,
}

impl Pulled {
    pub(crate) fn new(db: Database) -> Self {
        Self {
            db,
            directory: Arc::default(),
            shelf: Arc::default(),
        }
    }
}
