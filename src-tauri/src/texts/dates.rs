//! Dates as people say them, the way the interface does.

use chrono::{Datelike, NaiveDate};
use domain::time::Civil;

const WEEKDAYS: [&str; 7] = ["lun", "mar", "mer", "gio", "ven", "sab", "dom"];

const MONTHS: [&str; 12] = [
    "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic",
];

/// *gio 3 dic*
pub(super) fn day(date: NaiveDate) -> String {
    let weekday = WEEKDAYS[date.weekday() as usize];
    let month = MONTHS[date.month0() as usize];
    format!("{weekday} {} {month}", date.day())
}

/// *9:30*
pub(super) fn clock(at: Civil) -> String {
    at.time().format("%-H:%M").to_string()
}

/// *gio 3 dic, 9:30*
pub(super) fn moment(at: Civil) -> String {
    format!("{}, {}", day(at.date()), clock(at))
}
