//! What every keeper of a store decides alike, whatever it keeps its rows in: how the facts that it read become the answer,
//! and what it has to write down. Which row says so, in which transaction, is the keeper's own business.
//!
//! Nothing here reads a row or a clock. The rules are `domain`'s; this is what lies between them and the rows.

mod booking;
mod change;
mod delegation;
mod dossier;
mod people;
mod ticket;
mod upload;

pub use booking::{
    Around, AskedTicket, Granted, HeldTicket, appointment_code, asked_for, carried, decide, decide_change, has_room,
    ripens, without,
};
pub use change::{HeldPlace, crowded, ended};
pub use delegation::{Phase, Standing};
pub use dossier::entered;
pub use people::people;
pub use ticket::{act, remind, seen, ticket_code};
pub use upload::{KnownUpload, Step, UNCLAIMED, UNFINISHED, fits, is_new, refusal_of, step, verified};
