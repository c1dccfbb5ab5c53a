//! The sede's calendar store over HTTPS.
//!
//! * [`api`]: the words that server and client share.
//! * with the feature `client`: `HttpStore`, a [`store::CalendarStore`] that asks a server; `redeem` for a device that is
//!   not admitted yet; `check`, which says step by step what stands between this computer and the server.
//!
//! It keeps no state but a connection and what it was given, knows no keyring, and decides nothing about bookings. A token
//! is in no text that it makes: no error, no log, no `Debug`.
#![forbid(unsafe_code)]

pub mod api;
#[cfg(feature = "client")]
mod client;

#[cfg(feature = "client")]
pub use client::{
    Fault, Finding, HttpStore, MalformedAddress, Patience, ServerAddress, Step, Trust, TrustError, check, redeem,
};
