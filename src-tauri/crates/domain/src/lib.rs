//! The rules of booking an appointment with a sede, and the words they are written in.
//!
//! Server and desktop call the same functions: what a studio is promised is what the sede enforces. Nothing here
//! reads a clock, a file or a network; `now` is a parameter. The rules R1–R18 stand in the project's domain text;
//! each function that enforces one names it.
//!
//! * [`code`], [`time`]: newtypes for codes, ids, civil times.
//! * [`company`], [`topic`], [`ticket`], [`point`], [`appointment`], [`communication`]: what there is.
//! * [`eligibility`] (R3–R6), [`routing`] (R7, R8), [`slot`] and [`availability`] (R11), [`attachment`] and
//!   [`content`] (R9, R10), [`wish`]: the rules, one by one.
//! * [`contact_request`]: how a ticket begins. [`reminder`] (S5), on [`working_day`]s.
//! * [`booking`], [`studio_change`]: the rules together, as the store applies them; [`deposit`]: when it applies them to
//!   a booking that lies with it.
//! * [`portal`] (R16): what stands on the INPS portal alone.
//! * [`people`], [`dossier`]: who works at a studio, and what they keep among themselves.
#![forbid(unsafe_code)]

pub mod appointment;
pub mod attachment;
pub mod availability;
pub mod booking;
pub mod code;
pub mod communication;
pub mod company;
pub mod contact_request;
pub mod content;
pub mod deposit;
pub mod dossier;
pub mod eligibility;
pub mod people;
pub mod point;
pub mod portal;
pub mod reminder;
pub mod routing;
pub mod slot;
pub mod studio_change;
mod text;
pub mod ticket;
pub mod time;
pub mod topic;
pub mod wish;
pub mod working_day;

/// The number of a rule of the domain text, for explanations and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(pub u8);

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "R{}", self.0)
    }
}
