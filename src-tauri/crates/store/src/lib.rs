//! The sede's calendar store seen from outside: its traits, requests, outcomes and the contract every store keeps.
#![forbid(unsafe_code)]
