//! Lists as people get them, and what becomes of them.

#![allow(clippy::unwrap_used)]

mod recognised;
mod refused_whole;
mod support;
