//! What a person at the studio can do, as functions over cache, store and sync.
#![forbid(unsafe_code)]

mod error;
mod foresee;
mod mapping;
mod parse;
pub mod view;

pub use error::StudioError;
