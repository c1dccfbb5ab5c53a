//! What the window can call, one module per area of the interface.

pub mod agenda;
pub mod app;
pub mod attachments;
pub mod background;
pub mod board;
pub mod bookings;
pub mod companies;
pub mod desks;
pub mod dossiers;
pub mod import;
pub mod portal;
pub mod refusals;
pub mod requests;
pub mod tickets;
pub mod today;
