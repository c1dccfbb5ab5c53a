//! What a person at the studio can do, as functions over cache, store and sync.
#![forbid(unsafe_code)]

pub mod view;
