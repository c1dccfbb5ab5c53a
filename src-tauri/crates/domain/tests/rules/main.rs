//! The rules, proved: tables of cases whose names say what would be lost, and properties that hold whatever the case.

#![allow(clippy::unwrap_used)]

mod availability;
mod bookings;
mod codes;
mod contact_requests;
mod content;
mod days;
mod deposits;
mod dossiers;
mod eligibility;
mod files;
mod given;
mod life;
mod portal;
mod reminders;
mod routing;
mod slots;
mod studio_changes;
mod wishes;
mod working_days;
