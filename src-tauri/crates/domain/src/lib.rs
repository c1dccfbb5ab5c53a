//! The rules R1–R18 of booking with a sede: no I/O, no clock, no async.
#![forbid(unsafe_code)]
