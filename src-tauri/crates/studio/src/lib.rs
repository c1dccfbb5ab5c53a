//! What a person at the studio can do, as functions over cache, store and sync.
//!
//! [`Studio`] has one function for each command of the shell, in one module per area, as the types of [`view`] are. A text
//! of the page is parsed here, once; nothing here waits for the network, except [`Studio::sync_now`] and [`Studio::run`].
#![forbid(unsafe_code)]

mod agenda;
mod app;
mod attachments;
mod board;
mod bookings;
mod companies;
mod dossiers;
mod draft_views;
mod drafts;
mod error;
mod foresee;
mod guide;
pub mod limits;
mod listener;
mod lists;
mod mapping;
pub mod notices;
mod parse;
mod refusals;
mod reminders;
mod requests;
pub mod selftest;
mod studio;
mod tickets;
mod today;
pub mod view;

pub use error::StudioError;
pub use listener::{Deaf, Listener};
pub use studio::{Options, Studio};
