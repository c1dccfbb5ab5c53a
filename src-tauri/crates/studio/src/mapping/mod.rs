//! From the domain's types to the shapes of [`crate::view`]. No rules here: what is true was decided before.

pub(crate) mod agenda;
pub(crate) mod attachments;
pub(crate) mod board;
pub(crate) mod dossiers;
pub(crate) mod drafts;
pub(crate) mod import;
pub(crate) mod portal;
pub(crate) mod refusals;
pub(crate) mod reminders;
pub(crate) mod requests;
pub(crate) mod tickets;
pub(crate) mod time;

/// A count as it crosses: nobody has four thousand million of anything.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
