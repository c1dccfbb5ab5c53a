//! What a person at the studio can do, as functions over cache, store and sync.
#![forbid(unsafe_code)]

mod error;
mod foresee;
mod listener;
mod mapping;
mod parse;
pub mod view;

pub use error::StudioError;
pub use listener::{Deaf, Listener};
