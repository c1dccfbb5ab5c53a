//! Two servers on one database, as real processes, with clients that reach them over HTTPS: all of them at once, and while
//! servers are killed, PostgreSQL is stopped hard, and a standby takes its place.
//!
//! Slow, since processes and clusters really start and stop.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail where it likes, and says how often it did what it is about"
)]

mod clients;
mod contention;
mod failover;
mod outages;
mod servers;
