//! The desktop's side.
//!
//! * `address`, `trust`: which server, and whose word counts about it.
//! * `wire`: a request and what came of it, every failure with its place in [`store::StoreError`].
//! * `http_store`, `watch`: the store; hints.
//! * `check`: step by step, what stands between this computer and the server.

mod address;
mod check;
mod http_store;
mod trust;
mod watch;
mod wire;

pub use address::{MalformedAddress, ServerAddress};
pub use check::{Fault, Finding, Step, check};
pub use http_store::{HttpStore, redeem};
pub use trust::{Trust, TrustError};
pub use wire::Patience;
