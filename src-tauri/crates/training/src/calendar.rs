//! Days on which offices work, and the hours in which they write.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use domain::time::{civil_day, midnight, resolve};

use crate::dice::Dice;

/// Public holidays that fall on the same day every year.
const FIXED_HOLIDAYS: [(u32, u32, &str); 11] = [
    (1, 1, "Capodanno"),
    (1, 6, "Epifania"),
    (4, 25, "Liberazione"),
    (5, 1, "Festa del lavoro"),
    (6, 2, "Festa della Repubblica"),
    (8, 15, "Ferragosto"),
    (10, 4, "San Francesco"),
    (11, 1, "Ognissanti"),
    (12, 8, "Immacolata"),
    (12, 25, "Natale"),
    (12, 26, "Santo Stefano"),
];

/// The name of the public holiday on `day`, but for those that are always a Sunday.
fn holiday(day: NaiveDate) -> Option<&'static str> {
    let fixed = FIXED_HOLIDAYS
        .iter()
        .find(|(month, of_month, _)| (*month, *of_month) == (day.month(), day.day()))
        .map(|(_, _, name)| *name);
    match fixed {
        // Law 151 of 2025.
        Some("San Francesco") if day.year() < 2026 => None,
        Some(name) => Some(name),
        None if day.weekday() == Weekday::Mon && day.pred_opt() == easter(day.year()) => Some("Pasquetta"),
        None => None,
    }
}

/// Italy's public holidays of `year`, but for those that are always a Sunday.
pub(crate) fn holidays(year: i32) -> BTreeMap<NaiveDate, &'static str> {
    NaiveDate::from_ymd_opt(year, 1, 1)
        .into_iter()
        .flat_map(|first| first.iter_days().take_while(move |day| day.year() == year))
        .filter_map(|day| Some((day, holiday(day)?)))
        .collect()
}

/// Easter Sunday (the Gregorian computus in Meeus's form).
fn easter(year: i32) -> Option<NaiveDate> {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Whether offices work on `day`.
pub(crate) fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && holiday(day).is_none()
}

/// `count` days before `day`.
pub(crate) fn days_before(day: NaiveDate, count: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(count.into())).unwrap_or(NaiveDate::MIN)
}

/// `count` days after `day`.
pub(crate) fn days_after(day: NaiveDate, count: u32) -> NaiveDate {
    day.checked_add_days(Days::new(count.into())).unwrap_or(NaiveDate::MAX)
}

/// `day`, or the last working day before it.
pub(crate) fn working_day_until(day: NaiveDate) -> NaiveDate {
    std::iter::successors(Some(day), NaiveDate::pred_opt)
        .find(|day| is_working_day(*day))
        .unwrap_or(day)
}

/// The working day that is `count` working days after `day`.
pub(crate) fn working_day_after(day: NaiveDate, count: u32) -> NaiveDate {
    day.iter_days()
        .skip(1)
        .filter(|day| is_working_day(*day))
        .nth(count.saturating_sub(1) as usize)
        .unwrap_or(day)
}

/// A minute of `day` between 8:30 and 17:59, more often in the morning.
pub(crate) fn office_moment(day: NaiveDate, dice: &mut Dice) -> DateTime<Utc> {
    let minutes = if dice.chance(620) {
        dice.between(510, 779)
    } else {
        dice.between(840, 1_079)
    };
    resolve(day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes.into()))
}

/// `hour:minute` of `day`.
pub(crate) fn moment(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    resolve(day.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(hour * 60 + minute)))
}

/// The last day before `today` on which clocks at the sede changed.
pub(crate) fn last_clock_change(today: NaiveDate) -> NaiveDate {
    std::iter::successors(today.pred_opt(), NaiveDate::pred_opt)
        .take(400)
        .find(|day| midnight(days_after(*day, 1)) - midnight(*day) != TimeDelta::days(1))
        .unwrap_or(today)
}

/// An office moment up to `days` working days after `after`, and before `before`, if there is one.
pub(crate) fn later(after: DateTime<Utc>, before: DateTime<Utc>, days: u32, dice: &mut Dice) -> Option<DateTime<Utc>> {
    let day = civil_day(after);
    [days, days / 2, 1, 0].into_iter().find_map(|days| {
        let day = if days == 0 {
            working_day_until(day)
        } else {
            working_day_after(day, days)
        };
        let at = office_moment(day, dice);
        (after < at && at < before).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_falls_where_it_fell() {
        for (year, sunday) in [
            (1818, "1818-03-22"),
            (1943, "1943-04-25"),
            (2000, "2000-04-23"),
            (2024, "2024-03-31"),
            (2026, "2026-04-05"),
            (2027, "2027-03-28"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter(year), Some(day(sunday)), "{year}");
        }
    }

    #[test]
    fn offices_do_not_work_at_weekends_and_on_holidays() {
        for closed in [
            "2026-11-21",
            "2026-11-22",
            "2026-12-08",
            "2026-04-06",
            "2026-12-25",
            "2027-01-06",
        ] {
            assert!(!is_working_day(day(closed)), "{closed}");
        }
        assert!(is_working_day(day("2026-11-23")));
        assert_eq!(working_day_until(day("2026-12-27")), day("2026-12-24"));
        assert_eq!(working_day_after(day("2026-12-24"), 1), day("2026-12-28"));
        assert_eq!(working_day_after(day("2026-11-20"), 3), day("2026-11-25"));
    }

    #[test]
    fn clocks_changed_on_the_last_sunday_of_march_and_of_october() {
        assert_eq!(last_clock_change(day("2026-11-23")), day("2026-10-25"));
        assert_eq!(last_clock_change(day("2026-10-25")), day("2026-03-29"));
        assert_eq!(last_clock_change(day("2026-10-26")), day("2026-10-25"));
    }
}
