//! What a person at the studio can do, as functions over cache, store and sync.
//!
//! [`Studio`] has one function for each command of the shell, in one module per area, as the types of [`view`] are. A text
//! of the page is parsed here, once; nothing here waits for the network, except [`Studio::sync_now`] and [`Studio::run`].
//!
//! A studio works at a desk: that of a sede, or one without any (R16). Such a desk has no store, so nothing is sent or
//! pulled, and its status says so; it lives on tickets that people import. Tickets can be imported at a sede's desk too.
//! Desks stay apart: who is admitted to a sede later gets a desk for it, and imports the lists there that are wanted there.
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
mod import;
pub mod limits;
mod listener;
mod lists;
mod mapping;
pub mod notices;
mod parse;
mod portal;
mod refusals;
mod registered;
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
