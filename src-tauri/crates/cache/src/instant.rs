//! Instants and days as the two files hold them.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use crate::error::{CacheError, File, Result};

/// Microseconds since 1970, as `studio.db` holds instants.
pub(crate) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The instant of `studio.db`'s microseconds.
pub(crate) fn from_micros(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or(CacheError::Damaged { file: File::Studio })
}

/// Whole seconds since 1970 as `cache.db` holds instants from which something holds: rounded up, so that nothing begins
/// too early. What has held for ever is 0.
pub(crate) fn seconds_up(at: DateTime<Utc>) -> i64 {
    let up = if at.timestamp_subsec_nanos() == 0 { 0 } else { 1 };
    (at.timestamp() + up).max(0)
}

/// The instant of `cache.db`'s seconds.
pub(crate) fn from_seconds(seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or(CacheError::Damaged { file: File::Cache })
}

/// Days since the beginning of the year 1, as `cache.db` holds civil days.
pub(crate) fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

/// The civil day of a day number.
pub(crate) fn from_day_number(number: i64) -> Result<NaiveDate> {
    NaiveDate::MIN
        .checked_add_signed(TimeDelta::days(number - day_number(NaiveDate::MIN)))
        .ok_or(CacheError::Damaged { file: File::Cache })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_survive_their_number() {
        for day in ["0001-01-01", "1970-01-01", "2024-02-29", "2026-11-26", "9999-12-31"] {
            let day: NaiveDate = day.parse().expect("a date");
            assert_eq!(from_day_number(day_number(day)).expect("a day"), day);
        }
    }

    #[test]
    fn nothing_begins_before_its_moment() {
        let at = DateTime::from_timestamp(10, 1).expect("an instant");
        assert_eq!(seconds_up(at), 11);
        assert_eq!(seconds_up(DateTime::<Utc>::MIN_UTC), 0);
    }
}
