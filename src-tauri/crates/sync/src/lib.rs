//! Carries the outbox to the store and the store's changes to the cache.
#![forbid(unsafe_code)]
