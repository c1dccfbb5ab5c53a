//! Working days of a sede: Monday to Friday, but for the public holidays of Italy.
//!
//! The feast of a town's patron is not among them: it is no holiday of the state, and no source says that a sede's promise
//! stands still for it.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Holidays of the state that fall on the same date every year, as month and day.
const FIXED: [(u32, u32); 10] = [
    (1, 1),
    (1, 6),
    (4, 25),
    (5, 1),
    (6, 2),
    (8, 15),
    (11, 1),
    (12, 8),
    (12, 25),
    (12, 26),
];

/// San Francesco, a holiday again since law 151/2025: from this year on.
const SAN_FRANCESCO: (i32, (u32, u32)) = (2026, (10, 4));

/// Whether `day` is a public holiday that may fall on a working day: Easter itself is a Sunday.
pub fn is_holiday(day: NaiveDate) -> bool {
    let date = (day.month(), day.day());
    let (since, san_francesco) = SAN_FRANCESCO;
    FIXED.contains(&date)
        || (day.year() >= since && date == san_francesco)
        || day.pred_opt().is_some_and(|before| easter(day.year()) == Some(before))
}

/// Whether a sede works on `day`.
pub fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !is_holiday(day)
}

/// The `count`-th working day after `day`, which itself does not count; `day` for none. The last day that can be written
/// down where there is none.
pub fn working_days_after(day: NaiveDate, count: u32) -> NaiveDate {
    let mut reached = day;
    let mut left = count;
    while left > 0 {
        let Some(next) = reached.succ_opt() else { return reached };
        reached = next;
        if is_working_day(reached) {
            left -= 1;
        }
    }
    reached
}

/// Easter Sunday of a year, by the Gregorian rule (Meeus, Jones and Butcher). The names are theirs.
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c.div_euclid(4), c.rem_euclid(4));
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l).div_euclid(451);
    let days = u64::try_from(h + l - 7 * m).ok()?;
    // The 22nd of March is the earliest that there is.
    NaiveDate::from_ymd_opt(year, 3, 22)?.checked_add_days(Days::new(days))
}
