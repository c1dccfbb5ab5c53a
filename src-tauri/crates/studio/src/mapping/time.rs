//! Dates, instants and clock times as they cross to the interface.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use domain::time::{Civil, Now};

/// `2026-11-26`
pub(crate) fn date(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// `2026-11-23T08:41:00Z`
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `09:30`
pub(crate) fn clock(civil: Civil) -> String {
    civil.time().format("%H:%M").to_string()
}

/// `9:41`, for sentences.
pub(crate) fn spoken(at: DateTime<Utc>) -> String {
    Civil::at(at).time().format("%-H:%M").to_string()
}

/// `9:41`, or `2026-11-22 9:41` where that was another day.
pub(crate) fn spoken_with_day(at: DateTime<Utc>, now: Now) -> String {
    let day = Civil::at(at).date();
    if day == now.today() {
        spoken(at)
    } else {
        format!("{} {}", date(day), spoken(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn times_are_those_of_the_sede() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 8, 41, 30).unwrap();
        assert_eq!(instant(at), "2026-11-23T08:41:30Z");
        assert_eq!(clock(Civil::at(at)), "09:41");
        assert_eq!(spoken(at), "9:41");
        let late = Utc.with_ymd_and_hms(2026, 11, 22, 23, 5, 0).unwrap();
        assert_eq!(
            spoken_with_day(late, Now::at(at)),
            "0:05",
            "after midnight in Rome it is today"
        );
        let eve = Utc.with_ymd_and_hms(2026, 11, 22, 22, 5, 0).unwrap();
        assert_eq!(spoken_with_day(eve, Now::at(at)), "2026-11-22 23:05");
    }
}
