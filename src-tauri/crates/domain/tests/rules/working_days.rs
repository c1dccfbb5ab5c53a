//! Working days of a sede.

use chrono::{Datelike, NaiveDate, Weekday};
use domain::working_day::{is_holiday, is_working_day, working_days_after};
use proptest::prelude::*;

use crate::given::{any_day, day};

#[test]
fn holidays_of_the_state_are_no_working_days() {
    for holiday in [
        "2026-01-01",
        "2026-01-06",
        "2026-04-06",
        "2026-04-25",
        "2026-05-01",
        "2026-06-02",
        "2026-08-15",
        "2026-10-04",
        "2026-11-01",
        "2026-12-08",
        "2026-12-25",
        "2026-12-26",
        "2027-10-04",
        "2027-03-29",
    ] {
        assert!(is_holiday(day(holiday)), "{holiday} is a holiday");
        assert!(!is_working_day(day(holiday)), "{holiday}");
    }
    for working in [
        "2026-01-02",
        "2026-04-07",
        "2026-06-01",
        "2026-11-02",
        "2026-12-07",
        "2026-12-24",
        "2026-12-31",
    ] {
        assert!(is_working_day(day(working)), "{working} is a working day");
    }
}

#[test]
fn san_francesco_is_a_holiday_from_2026_on() {
    assert!(!is_holiday(day("2024-10-04")), "a Friday on which everybody worked");
    assert!(is_holiday(day("2027-10-04")));
    assert!(!is_working_day(day("2027-10-04")), "a Monday");
}

#[test]
fn the_monday_after_easter_is_found_in_every_year() {
    // Dates of Easter as the church publishes them; the earliest and the latest that there are among them.
    for easter in [
        "1818-03-22",
        "1943-04-25",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2038-04-25",
        "2049-04-18",
        "2076-04-19",
        "2285-03-22",
    ] {
        let sunday = day(easter);
        assert_eq!(sunday.weekday(), Weekday::Sun);
        let monday = sunday.succ_opt().unwrap();
        assert!(is_holiday(monday), "the Monday after {easter}");
        let moved = (1..60)
            .filter_map(|days| NaiveDate::from_ymd_opt(sunday.year(), 3, 1)?.checked_add_days(chrono::Days::new(days)));
        let mondays: Vec<NaiveDate> = moved
            .filter(|day| {
                day.weekday() == Weekday::Mon
                    && is_holiday(*day)
                    && (*day == monday || (day.month(), day.day()) != (4, 25))
            })
            .collect();
        assert_eq!(mondays, [monday], "one Monday of the spring of {easter}, and no other");
    }
}

#[test]
fn the_day_itself_does_not_count() {
    for (from, count, expected) in [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-12-04", 5, "2026-12-14"),
        ("2026-12-23", 5, "2026-12-31"),
        ("2026-04-02", 2, "2026-04-07"),
    ] {
        assert_eq!(
            working_days_after(day(from), count),
            day(expected),
            "{count} after {from}"
        );
    }
}

#[test]
fn the_end_of_time_stops_nobody() {
    assert_eq!(working_days_after(NaiveDate::MAX, 5), NaiveDate::MAX);
    assert!(is_holiday(NaiveDate::MIN), "a first of January, with no day before it");
}

proptest! {
    #[test]
    fn exactly_so_many_working_days_lie_between(from in any_day(), count in 0_u32..40) {
        let reached = working_days_after(from, count);
        let between = from.iter_days().skip(1).take_while(|day| *day <= reached).filter(|day| is_working_day(*day));
        prop_assert_eq!(between.count(), count as usize);
        prop_assert!(count == 0 || is_working_day(reached), "it ends on a working day");
    }

    #[test]
    fn later_days_and_more_days_never_end_earlier(from in any_day(), count in 0_u32..40) {
        let next = from.succ_opt().unwrap();
        prop_assert!(working_days_after(from, count) <= working_days_after(next, count));
        prop_assert!(working_days_after(from, count) <= working_days_after(from, count + 1));
    }
}
