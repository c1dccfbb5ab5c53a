//! Carries the outbox to the store and the store's changes to the cache.
//!
//! [`plan`] decides, without a clock or a network; the engine does what it says. [`Waypoint`] names the points at which a
//! decision may be interrupted.
#![forbid(unsafe_code)]

pub mod plan;
mod waypoint;

pub use waypoint::{TracingWatcher, Watcher, Waypoint};
