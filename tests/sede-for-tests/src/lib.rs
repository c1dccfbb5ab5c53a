//! What the tests of several crates need of a sede.
//!
//! * [`database`]: stores in PostgreSQL, each in a database of its own.
//! * [`world`]: points with many places, and studios with many bookable tickets.
//! * [`copy`]: a client's copy of what its studio sees.
//! * [`authority`]: certificates of an authority that only the test knows.
#![forbid(unsafe_code)]

pub mod authority;
pub mod copy;
pub mod database;
pub mod world;
