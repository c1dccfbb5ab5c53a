//! Carries the outbox to the store and the store's changes to the cache.
//!
//! [`plan`] decides, without a clock or a network; the [`Engine`] does what it says. [`Waypoint`] names the points at which
//! a decision may be interrupted: whatever happens there, the next round goes on with the same attempt, and there is one
//! appointment at most.
#![forbid(unsafe_code)]

mod engine;
mod link;
mod listener;
mod out;
pub mod plan;
mod pull;
mod upload;
mod waypoint;

pub use engine::{Engine, Outage, Parts, RoundReport};
pub use link::LinkState;
pub use listener::{Deaf, Listener};
pub use plan::Pauses;
pub use waypoint::{TracingWatcher, Watcher, Waypoint};
