//! Civil days, clocks, and the two Sundays on which they change.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use domain::time::{Civil, Now, TimeOfDay, civil_day, midnight, resolve};
use proptest::prelude::*;

use crate::given::{any_day, any_instant, clock, day, parsed, time, utc};

#[test]
fn a_civil_day_is_the_sedes_whatever_utc_says() {
    for (instant, expected) in [
        ("2026-06-30T21:59:59Z", "2026-06-30"),
        ("2026-06-30T22:00:00Z", "2026-07-01"),
        ("2026-12-31T22:59:59Z", "2026-12-31"),
        ("2026-12-31T23:00:00Z", "2027-01-01"),
        ("2028-02-28T23:00:00Z", "2028-02-29"),
        ("2028-02-29T22:59:59Z", "2028-02-29"),
        ("2028-02-29T23:00:00Z", "2028-03-01"),
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T22:00:00Z", "2026-03-30"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
    ] {
        assert_eq!(
            civil_day(utc(instant)),
            day(expected),
            "R4: a ticket of {instant} would wait a day too long or short"
        );
    }
}

#[test]
fn a_date_at_the_end_of_time_stops_nobody() {
    assert_eq!(civil_day(DateTime::<Utc>::MAX_UTC), NaiveDate::MAX);
    assert_eq!(Now::at(DateTime::<Utc>::MAX_UTC).today(), NaiveDate::MAX);
    assert_eq!(
        civil_day(DateTime::<Utc>::MIN_UTC).succ_opt(),
        NaiveDate::MIN.succ_opt()
    );
    let _ = (midnight(NaiveDate::MIN), midnight(NaiveDate::MAX));
}

#[test]
fn now_tells_the_instant_and_the_sedes_day() {
    let now = Now::at(utc("2026-07-06T22:00:00Z"));
    assert_eq!(now.instant(), utc("2026-07-06T22:00:00Z"));
    assert_eq!(now.today(), day("2026-07-07"));
}

#[test]
fn midnight_is_the_first_instant_of_the_day() {
    for (date, expected) in [
        ("2026-07-07", "2026-07-06T22:00:00Z"),
        ("2026-01-07", "2026-01-06T23:00:00Z"),
        ("2026-03-29", "2026-03-28T23:00:00Z"),
        ("2026-03-30", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "2026-10-24T22:00:00Z"),
        ("2026-10-26", "2026-10-25T23:00:00Z"),
        ("1970-05-31", "1970-05-30T23:00:00Z"),
        ("1970-09-27", "1970-09-26T22:00:00Z"),
    ] {
        assert_eq!(
            midnight(day(date)),
            utc(expected),
            "the day {date} would begin at another moment"
        );
    }
}

#[test]
fn clocks_that_skip_an_hour_and_clocks_that_repeat_one_are_read_alike_by_everybody() {
    for (shown, expected) in [
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29T02:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29T02:30:30", "2026-03-29T01:00:00Z"),
        ("2026-03-29T02:30:30.750", "2026-03-29T01:00:00Z"),
        ("2026-03-29T02:59:59.999", "2026-03-29T01:00:00Z"),
        ("2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29T03:00:01", "2026-03-29T01:00:01Z"),
        ("2026-10-25T01:59:59", "2026-10-24T23:59:59Z"),
        ("2026-10-25T02:00:00", "2026-10-25T00:00:00Z"),
        ("2026-10-25T02:59:59", "2026-10-25T00:59:59Z"),
        ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
    ] {
        assert_eq!(
            clock(shown),
            utc(expected),
            "{shown} would be another moment for server and desktop"
        );
    }
}

#[test]
fn a_civil_time_is_written_with_offset_and_zone() {
    for (instant, text) in [
        ("2026-11-26T08:30:00Z", "2026-11-26T09:30:00+01:00[Europe/Rome]"),
        ("2026-07-07T22:00:00Z", "2026-07-08T00:00:00+02:00[Europe/Rome]"),
        ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00[Europe/Rome]"),
        ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00[Europe/Rome]"),
    ] {
        let civil = Civil::at(utc(instant));
        assert_eq!(civil.to_string(), text);
        assert_eq!(parsed::<Civil>(text), civil);
        assert_eq!(parsed::<Civil>(text).instant(), utc(instant));
        assert_eq!(civil.date().to_string(), text[..10]);
        assert_eq!(civil.time().to_string(), text[11..19]);
    }
}

#[test]
fn the_offset_as_written_decides_even_where_our_zone_data_know_another() {
    let written: Civil = parsed("2026-07-07T09:00:00+01:00[Europe/Rome]");
    assert_eq!(written.instant(), utc("2026-07-07T08:00:00Z"));
    assert_eq!(written.time().hour(), 9, "the person reads what the sede wrote");
    let ours = Civil::at(utc("2026-07-07T08:00:00Z"));
    assert_eq!(written, ours, "the same moment is the same slot");
    assert_eq!(
        written.cmp(&ours),
        std::cmp::Ordering::Equal,
        "equal values have one place in an order"
    );
}

#[test]
fn a_fraction_of_a_second_is_not_written_and_so_not_kept() {
    let civil = Civil::at(utc("2026-07-07T08:00:00.987654Z"));
    assert_eq!(civil.instant(), utc("2026-07-07T08:00:00Z"));
    assert_eq!(parsed::<Civil>(&civil.to_string()), civil);
}

#[test]
fn what_is_no_civil_time_of_the_sede_is_refused() {
    for text in [
        "",
        "2026-11-26T09:30:00+01:00",
        "2026-11-26T09:30:00+01:00[]",
        "2026-11-26T09:30:00+01:00[Europe/Rome",
        "2026-11-26T09:30:00+01:00[Europe/London]",
        "2026-11-26T09:30:00+01:00[Europe/Rome]]",
        "2026-11-26T09:30:00[Europe/Rome]",
        "2026-02-29T09:30:00+01:00[Europe/Rome]",
        "2026-11-26T24:30:00+01:00[Europe/Rome]",
        "[Europe/Rome]",
    ] {
        let error = text.parse::<Civil>().expect_err(text);
        assert_eq!(error.to_string(), "not a well-formed Civil");
        assert!(
            serde_json::from_value::<Civil>(text.into()).is_err(),
            "{text} came in by JSON"
        );
    }
}

#[test]
fn a_time_of_day_runs_from_midnight_to_midnight() {
    for (text, minutes) in [
        ("00:00", 0),
        ("00:01", 1),
        ("09:30", 570),
        ("23:59", 1439),
        ("24:00", 1440),
    ] {
        assert_eq!(time(text).minutes(), minutes);
        assert_eq!(time(text).to_string(), text);
        assert_eq!(TimeOfDay::from_minutes(minutes), Some(time(text)));
        assert_eq!(TimeOfDay::new(minutes / 60, minutes % 60), Some(time(text)));
    }
    for (hour, minute) in [(24, 1), (25, 0), (0, 60), (23, 60), (u16::MAX, 0), (0, u16::MAX)] {
        assert_eq!(TimeOfDay::new(hour, minute), None, "no clock shows {hour}:{minute}");
    }
    assert_eq!(TimeOfDay::from_minutes(1441), None);
    for text in [
        "", ":", "9:30", "09:3", "09:300", "0930", "24:01", "23:60", "-1:00", "+9:30", "09:30:00", " 09:30",
    ] {
        let error = text.parse::<TimeOfDay>().expect_err(text);
        assert_eq!(error.to_string(), "not a well-formed TimeOfDay");
        assert!(serde_json::from_value::<TimeOfDay>(text.into()).is_err());
    }
}

#[test]
fn twenty_four_oclock_is_the_next_days_midnight_at_month_and_year_ends_too() {
    for (date, expected) in [
        ("2026-01-31", "2026-02-01T00:00:00"),
        ("2028-02-28", "2028-02-29T00:00:00"),
        ("2028-02-29", "2028-03-01T00:00:00"),
        ("2026-02-28", "2026-03-01T00:00:00"),
        ("2026-12-31", "2027-01-01T00:00:00"),
    ] {
        assert_eq!(time("24:00").on(day(date)), parsed::<NaiveDateTime>(expected));
    }
    assert_eq!(
        time("09:05").on(day("2026-02-28")),
        parsed::<NaiveDateTime>("2026-02-28T09:05:00")
    );
}

proptest! {
    #[test]
    fn resolving_keeps_the_order_of_what_clocks_show(date in any_day(), a in 0i64..86_400_000, b in 0i64..86_400_000) {
        let at = |millis| resolve(date.and_time(chrono::NaiveTime::MIN) + TimeDelta::milliseconds(millis));
        prop_assert!(at(a.min(b)) <= at(a.max(b)), "a later hour would be an earlier moment");
    }

    #[test]
    fn resolving_what_clocks_show_gives_the_moment_back_unless_they_show_it_twice(instant in any_instant()) {
        let civil = Civil::at(instant);
        let again = resolve(civil.date().and_time(civil.time()));
        let repeated = instant - again;
        prop_assert!(repeated.is_zero() || repeated == TimeDelta::hours(1), "{repeated}");
        prop_assert_eq!(Civil::at(again).time(), civil.time());
    }

    #[test]
    fn a_civil_time_survives_text_and_json(instant in any_instant()) {
        let civil = Civil::at(instant);
        prop_assert_eq!(parsed::<Civil>(&civil.to_string()), civil);
        let json = serde_json::to_string(&civil).unwrap();
        prop_assert_eq!(serde_json::from_str::<Civil>(&json).unwrap(), civil);
        prop_assert_eq!(civil.instant(), instant);
    }

    #[test]
    fn a_time_of_day_survives_text_and_json(minutes in 0u16..=1440) {
        let time = TimeOfDay::from_minutes(minutes).unwrap();
        prop_assert_eq!(parsed::<TimeOfDay>(&time.to_string()), time);
        let json = serde_json::to_string(&time).unwrap();
        prop_assert_eq!(serde_json::from_str::<TimeOfDay>(&json).unwrap(), time);
    }

    #[test]
    fn a_day_holds_the_instants_from_its_midnight_to_the_next(instant in any_instant()) {
        let date = civil_day(instant);
        prop_assert!(midnight(date) <= instant);
        prop_assert!(instant < midnight(date.succ_opt().unwrap()));
    }

    #[test]
    fn no_text_stops_the_parsers(text in "\\PC{0,40}") {
        let _ = text.parse::<Civil>();
        let _ = text.parse::<TimeOfDay>();
    }
}
