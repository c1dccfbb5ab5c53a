//! Invented sedi, companies, tickets and conversations, the same for the same seed.
#![forbid(unsafe_code)]
