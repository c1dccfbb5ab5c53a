//! What people write as arguments: days, times, parts of days, texts. Refused where it is not understood, never guessed.

use std::io::Read;
use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveDateTime, Weekday};
use domain::point::DayPart;
use domain::time::{Civil, Now, TimeOfDay, resolve};

use crate::exit::Failure;

/// The most characters of a text that studios read.
const MOST_CHARACTERS: usize = 4_000;

/// A day at the sede: `2026-11-26`, or in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// So many days from today.
    FromToday(i8),
    /// A date.
    On(NaiveDate),
}

impl Day {
    /// Which day that is.
    pub(super) fn at(self, now: Now) -> NaiveDate {
        match self {
            Self::On(day) => day,
            Self::FromToday(days) if days < 0 => now.today() - Days::new(u64::from(days.unsigned_abs())),
            Self::FromToday(days) => now.today() + Days::new(u64::from(days.unsigned_abs())),
        }
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "yesterday" => Ok(Self::FromToday(-1)),
            "today" => Ok(Self::FromToday(0)),
            "tomorrow" => Ok(Self::FromToday(1)),
            _ => date(text).map(Self::On),
        }
    }
}

/// Exactly `2026-11-26`, of a year with four digits.
fn date(text: &str) -> Result<NaiveDate, String> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
        .ok_or_else(|| "a day is written 2026-11-26, or yesterday, today, tomorrow".to_owned())
}

/// A moment on the sede's clocks: `2026-11-26T09:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Civil);

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || "a moment is written 2026-11-26T09:30, as the sede's clocks show it".to_owned();
        let (day, time) = text.split_once(['T', ' ']).ok_or_else(refusal)?;
        let day = date(day).map_err(|_| refusal())?;
        let time = TimeOfDay::from_str(time).map_err(|_| refusal())?;
        let local: NaiveDateTime = time.on(day);
        let civil = Civil::at(resolve(local));
        // A time that clocks skip is no time.
        if (civil.date(), civil.time()) == (local.date(), local.time()) {
            Ok(Self(civil))
        } else {
            Err("the sede's clocks never show that time: they go forward in that night".to_owned())
        }
    }
}

/// A part of a day: `9:00-12:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part(pub(super) DayPart);

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let time = |text: &str| {
            let padded = if text.len() == 4 {
                format!("0{text}")
            } else {
                text.to_owned()
            };
            padded.parse::<TimeOfDay>().ok()
        };
        let (from, to) = text
            .split_once('-')
            .and_then(|(from, to)| Some((time(from.trim())?, time(to.trim())?)))
            .ok_or("a part of a day is written 9:00-12:00")?;
        DayPart::new(from, to).map(Self).map_err(|refusal| refusal.to_string())
    }
}

/// A weekday and a part of it: `tue 13:30-17:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) weekday: Weekday,
    pub(super) part: DayPart,
}

impl FromStr for Opening {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = "hours are written 'tue 13:30-17:30'";
        let (weekday, part) = text.trim().split_once(char::is_whitespace).ok_or(refusal)?;
        Ok(Self {
            weekday: weekday.parse().map_err(|_| refusal)?,
            part: part.trim().parse::<Part>()?.0,
        })
    }
}

/// `written`, or the standard input for `-`: a text that studios read, or none where it may be missing.
///
/// # Errors
/// [`Failure::Usage`] for one that is too long, or is no text.
pub(super) fn text(written: &str) -> Result<String, Failure> {
    let text = if written == "-" {
        let mut input = String::new();
        // Four bytes are the longest character, and one more tells that there is more.
        let most = MOST_CHARACTERS * 4 + 1;
        std::io::stdin()
            .lock()
            .take(most as u64)
            .read_to_string(&mut input)
            .map_err(|_| Failure::Usage("the standard input is no text".into()))?;
        input
    } else {
        written.to_owned()
    };
    let text = text.trim().to_owned();
    if text.contains('\0') {
        return Err(Failure::Usage("the standard input is no text".into()));
    }
    match text.chars().count() {
        length if length > MOST_CHARACTERS => Err(Failure::Usage(format!(
            "a text has at most {MOST_CHARACTERS} characters"
        ))),
        _ => Ok(text),
    }
}

/// The same for a text that must say something.
///
/// # Errors
/// [`Failure::Usage`].
pub(super) fn words(written: &str) -> Result<String, Failure> {
    let text = text(written)?;
    if text.is_empty() {
        return Err(Failure::Usage(
            "the text is empty: the studio would read nothing".into(),
        ));
    }
    Ok(text)
}

/// A moment as people read it: `Thu 2026-11-26 09:30`.
pub(super) fn moment(civil: Civil) -> String {
    format!(
        "{} {}",
        civil.date().format("%a %Y-%m-%d"),
        civil.time().format("%H:%M")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates_or_words() {
        let now = Now::at("2026-11-23T22:30:00Z".parse().expect("an instant"));
        let day = |text: &str| text.parse::<Day>().map(|day| day.at(now).to_string());
        assert_eq!(day("2026-12-01"), Ok("2026-12-01".into()));
        assert_eq!(day("today"), Ok("2026-11-23".into()), "the sede's day, not Greenwich's");
        assert_eq!(day("yesterday"), Ok("2026-11-22".into()));
        assert_eq!(day("tomorrow"), Ok("2026-11-24".into()));
        for odd in [
            "",
            "26-11-2026",
            "2026-02-30",
            "2026-1-1",
            "2026-11-26T09:00",
            "+2026-1-26",
            "domani",
        ] {
            assert!(day(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_moment_is_one_that_the_sede_s_clocks_show() {
        let at = |text: &str| text.parse::<Moment>().map(|Moment(civil)| civil.to_string());
        assert_eq!(
            at("2026-11-26T09:30"),
            Ok("2026-11-26T09:30:00+01:00[Europe/Rome]".into())
        );
        assert_eq!(
            at("2026-07-02 09:30"),
            Ok("2026-07-02T09:30:00+02:00[Europe/Rome]".into())
        );
        for odd in [
            "2026-11-26",
            "2026-11-26T9:30",
            "2026-11-26T25:00",
            "2026-03-29T02:30",
            "T09:30",
            "9:30",
        ] {
            assert!(at(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn hours_are_a_weekday_and_a_part_of_it() {
        let hours = |text: &str| {
            let Opening { weekday, part } = text.parse().map_err(|refusal: String| refusal)?;
            Ok::<_, String>(format!("{weekday} {}-{}", part.from(), part.to()))
        };
        assert_eq!(hours("tue 13:30-17:30"), Ok("Tue 13:30-17:30".into()));
        assert_eq!(hours("Thursday 9:00-12:00"), Ok("Thu 09:00-12:00".into()));
        for odd in [
            "",
            "tue",
            "mar 9:00-12:00",
            "tue 12:00-9:00",
            "tue 9-12",
            "tue 9:00-25:00",
            "tue 9:00",
        ] {
            assert!(hours(odd).is_err(), "{odd}");
        }
    }
}
