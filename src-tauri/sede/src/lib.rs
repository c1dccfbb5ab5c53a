//! The program of the sede's side.
//!
//! * [`store`]: which calendar store it works on, and how that is said; every verb begins there.
//! * [`database`]: where one in PostgreSQL is.
//! * [`serve`]: the server that studios' programs speak to.
//! * [`operate`]: what the administrator and the operators do.
//! * [`exit`]: what the program ends with.
//!
//! It decides nothing about bookings: the rules are `domain`'s, and the store calls them. It knows no window, no dialog and
//! no keyring.
#![forbid(unsafe_code)]

pub mod database;
pub mod exit;
pub mod operate;
pub mod serve;
pub mod store;
