//! The sede's calendar store in one SQLite file.
#![forbid(unsafe_code)]
