//! *Oggi*: what needs somebody, in order.

use serde::Serialize;
use ts_rs::TS;

use super::agenda::{AppointmentRow, UnreadCommunication};
use super::drafts::DraftRow;
use super::refusals::RefusalRow;
use super::reminders::ReminderRow;
use super::requests::RequestRow;
use super::tickets::TicketRow;

/// The page of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Today {
    /// Today's date.
    pub date: String,
    /// Communications of the sede not yet acknowledged, oldest first.
    pub communications: Vec<UnreadCommunication>,
    /// Drafts that did not go through.
    pub attention: Vec<DraftRow>,
    /// Requests that did not go through.
    pub requests: Vec<RequestRow>,
    /// Reminders that did not go through, the last first.
    pub reminders: Vec<ReminderRow>,
    /// Cancellations and entries of dossiers that came to nothing, the last first.
    pub refusals: Vec<RefusalRow>,
    /// Tickets that became bookable today, at most twenty.
    pub ripened: Vec<TicketRow>,
    /// How many became bookable today in all.
    pub ripened_total: u32,
    /// How many tickets are bookable now in all.
    pub bookable_total: u32,
    /// Today's and the next appointments, at most six.
    pub appointments: Vec<AppointmentRow>,
    /// Appointments of the last weeks of which nobody has said how the meeting went, newest first, at most six.
    pub unreported: Vec<AppointmentRow>,
    /// Drafts that go out by themselves on a known date, soonest first.
    pub leaving: Vec<DraftRow>,
    /// Five working days from this week's Monday.
    pub week: Vec<WeekDay>,
}

/// One day of the strip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WeekDay {
    /// The date.
    pub date: String,
    /// Clock times of its appointments.
    pub appointments: Vec<String>,
    /// How many tickets become bookable on it.
    pub ripening: u32,
}
