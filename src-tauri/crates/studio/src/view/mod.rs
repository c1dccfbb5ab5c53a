//! What crosses to the interface: shapes for the eye, without rules.
//!
//! Declared once here and generated for TypeScript (`make types`). Ids and codes cross as text and
//! are parsed into the domain's types at the command that takes them. Formats, everywhere:
//!
//! * a *date* is `2026-11-26`, a civil day in the sede's zone;
//! * an *instant* is RFC 3339 in UTC, `2026-11-23T08:41:00Z`: something that happened;
//! * a *clock time* is `09:30`, in the sede's zone.
//!
//! Sentences are the interface's: what crosses is the kind of a thing and its figures.

pub mod agenda;
pub mod app;
pub mod attachments;
pub mod background;
pub mod board;
pub mod companies;
pub mod desk;
pub mod dossiers;
pub mod drafts;
pub mod failure;
pub mod import;
pub mod notices;
pub mod portal;
pub mod refusals;
pub mod reminders;
pub mod requests;
pub mod tickets;
pub mod today;
