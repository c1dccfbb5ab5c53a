//! The studio's own two SQLite files: what was decided, and what was pulled.
#![forbid(unsafe_code)]
