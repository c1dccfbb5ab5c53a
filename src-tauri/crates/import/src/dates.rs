//! Days as Italian lists write them. The day comes before the month; where a text could only be read the other way round
//! (`12/31/2026`) there is no such day. Hours are left out, but where they carry an offset from UTC they decide the day.

use chrono::{DateTime, Days, NaiveDate};
use domain::time::civil_day;

use crate::fold::words;

/// From when a workbook counts its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Epoch {
    /// As Excel does: 1 is the first of January 1900, and 1900 has a 29th of February.
    From1900,
    /// As Excel did on the Macintosh: 0 is the first of January 1904.
    From1904,
}

/// Years that a day of a list can lie in; others are numbers that only look like days.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;
/// Longer than any day with its hour and weekday, in bytes.
const LONGEST: usize = 64;
/// Half a millisecond: what is left of an hour after sums of fractions does not make it another day.
const ROUNDING: f64 = 0.5 / 86_400_000.0;

impl Epoch {
    /// The day with that number, if it lies in a year that makes sense.
    pub(crate) fn day(self, serial: f64) -> Option<NaiveDate> {
        let first = match self {
            Self::From1900 => NaiveDate::from_ymd_opt(1899, 12, 30)?,
            Self::From1904 => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        };
        let whole = (serial + ROUNDING).floor();
        if !(0.0..=100_000.0).contains(&whole) {
            return None;
        }
        // Between 0 and 100,000, so nothing is cut off.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let days = Days::new(whole as u64);
        sensible(first.checked_add_days(days)?)
    }
}

fn sensible(day: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    YEARS.contains(&day.year()).then_some(day)
}

/// The day that a text names, with or without an hour.
pub(crate) fn day_in(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    sensible(with_offset(text).or_else(|| written(text))?)
}

/// `2026-12-01T23:30:00Z`: the day on which it was that moment in Italy.
fn with_offset(text: &str) -> Option<NaiveDate> {
    let begins_with_year = text.as_bytes().get(4) == Some(&b'-');
    let instant = begins_with_year.then(|| DateTime::parse_from_rfc3339(text).ok());
    instant.flatten().map(|instant| civil_day(instant.to_utc()))
}

/// Whether a text only makes sense with the month before the day, `12/31/2026`.
pub(crate) fn is_month_first(text: &str) -> bool {
    matches!(numbers_before_year(text), Some((1..=12, 13..=31)))
}

/// Whether a text makes sense with the month before the day, but as another day.
pub(crate) fn could_be_month_first(text: &str) -> bool {
    matches!(numbers_before_year(text), Some((first @ 1..=12, second @ 1..=12)) if first != second)
}

/// The numbers of day and month, whichever stands first.
fn numbers_before_year(text: &str) -> Option<(u32, u32)> {
    if text.len() > LONGEST {
        return None;
    }
    let pieces = pieces(text.trim())?;
    let (first, rest) = pieces.split_first()?;
    let (second, rest) = after_mark(rest, false)?;
    let (year, _) = after_mark(rest, false)?;
    match (first, second, year) {
        (
            Piece::Number { value, digits: 1 | 2 },
            Piece::Number {
                value: second,
                digits: 1 | 2,
            },
            Piece::Number { digits: 2 | 4, .. },
        ) => Some((*value, *second)),
        _ => None,
    }
}

#[derive(Debug, PartialEq)]
enum Piece {
    Number { value: u32, digits: usize },
    Word(String),
    Mark(char),
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    // As many as a day with its hour has.
    let mut pieces = Vec::with_capacity(16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = |belongs: fn(char) -> bool| rest.find(|c: char| !belongs(c)).unwrap_or(rest.len());
        let length = if c.is_ascii_digit() {
            let length = end(|c| c.is_ascii_digit());
            let value = rest[..length].parse().ok()?;
            pieces.push(Piece::Number { value, digits: length });
            length
        } else if matches!(c, '°' | 'º') {
            c.len_utf8()
        } else if c.is_alphabetic() {
            let length = end(char::is_alphabetic).max(c.len_utf8());
            pieces.push(Piece::Word(words(&rest[..length].to_lowercase()).concat()));
            length
        } else {
            let mark = if c.is_whitespace() { ' ' } else { c };
            if mark != ' ' || pieces.last() != Some(&Piece::Mark(' ')) {
                pieces.push(Piece::Mark(mark));
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    Some(pieces)
}

fn written(text: &str) -> Option<NaiveDate> {
    let pieces = pieces(text)?;
    let mut rest = pieces.as_slice();
    if let [Piece::Word(word), after @ ..] = rest
        && is_weekday(word)
    {
        rest = after;
        while let [Piece::Mark(',' | '.' | ' '), after @ ..] = rest {
            rest = after;
        }
    }
    let (day, rest) = match rest {
        [Piece::Number { value, digits: 8 }, rest @ ..] => {
            let day = NaiveDate::from_ymd_opt(i32::try_from(value / 10_000).ok()?, value / 100 % 100, value % 100)?;
            (day, rest)
        }
        [Piece::Number { value: first, digits }, rest @ ..] => {
            let (second, rest) = after_mark(rest, false)?;
            let (third, rest) = after_mark(rest, matches!(second, Piece::Word(_)))?;
            (put_together((*first, *digits), second, third)?, rest)
        }
        _ => return None,
    };
    is_hour(rest).then_some(day)
}

/// The number or word after a separator; before and after a word there need be none, `1dic2026`.
fn after_mark(rest: &[Piece], is_after_word: bool) -> Option<(&Piece, &[Piece])> {
    let mut rest = rest;
    let mut marks = 0;
    while let [Piece::Mark('/' | '-' | '.' | ' '), after @ ..] = rest {
        rest = after;
        marks += 1;
    }
    let (next, rest) = rest.split_first()?;
    let needs_none = is_after_word || matches!(next, Piece::Word(_));
    (marks <= 3 && (marks > 0 || needs_none)).then_some((next, rest))
}

fn put_together(first: (u32, usize), second: &Piece, third: &Piece) -> Option<NaiveDate> {
    let month = match second {
        Piece::Number { value, digits: 1 | 2 } => *value,
        Piece::Word(word) => month(word)?,
        _ => return None,
    };
    let Piece::Number { value: third, digits } = third else {
        return None;
    };
    let (year, day) = match (first.1, digits) {
        (4, 1 | 2) => (first.0, *third),
        (1 | 2, 4) => (*third, first.0),
        (1 | 2, 2) => (2000 + third, first.0),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

const MONTHS: [[&str; 2]; 12] = [
    ["gennaio", "january"],
    ["febbraio", "february"],
    ["marzo", "march"],
    ["aprile", "april"],
    ["maggio", "may"],
    ["giugno", "june"],
    ["luglio", "july"],
    ["agosto", "august"],
    ["settembre", "september"],
    ["ottobre", "october"],
    ["novembre", "november"],
    ["dicembre", "december"],
];

fn month(word: &str) -> Option<u32> {
    if word.len() < 3 {
        return None;
    }
    let named = |names: &[&str; 2]| names.iter().any(|name| name.starts_with(word));
    MONTHS.iter().position(named).and_then(|at| u32::try_from(at + 1).ok())
}

fn is_weekday(word: &str) -> bool {
    const WEEKDAYS: [&str; 7] = [
        "lunedi",
        "martedi",
        "mercoledi",
        "giovedi",
        "venerdi",
        "sabato",
        "domenica",
    ];
    word.len() >= 2 && WEEKDAYS.iter().any(|weekday| weekday.starts_with(word))
}

/// Whether what stands after a day is nothing or an hour of it.
fn is_hour(rest: &[Piece]) -> bool {
    let mut rest = rest;
    while let [Piece::Mark(' ' | ',' | '-'), after @ ..] = rest {
        rest = after;
    }
    if let [Piece::Word(word), after @ ..] = rest
        && matches!(word.as_str(), "ore" | "alle" | "h" | "t")
    {
        rest = after;
    }
    while let [Piece::Mark(' '), after @ ..] = rest {
        rest = after;
    }
    let Some((hour, rest)) = number_up_to(23, rest) else {
        return rest.is_empty();
    };
    let Some((_, rest)) = after_colon(rest).and_then(|rest| number_up_to(59, rest)) else {
        return false;
    };
    let seconds = after_colon(rest).and_then(|rest| number_up_to(59, rest));
    let rest = seconds.map_or(rest, |(_, rest)| rest);
    // Parts of a second, of any length.
    let rest = match (seconds, after_colon(rest)) {
        (Some(_), Some([Piece::Number { .. }, rest @ ..])) => rest,
        _ => rest,
    };
    match rest {
        [] => true,
        [Piece::Word(half)] | [Piece::Mark(' '), Piece::Word(half)] => {
            (1..=12).contains(&hour) && matches!(half.as_str(), "am" | "pm")
        }
        _ => false,
    }
}

fn number_up_to(most: u32, pieces: &[Piece]) -> Option<(u32, &[Piece])> {
    match pieces {
        [Piece::Number { value, digits: 1 | 2 }, rest @ ..] if *value <= most => Some((*value, rest)),
        _ => None,
    }
}

fn after_colon(pieces: &[Piece]) -> Option<&[Piece]> {
    match pieces {
        [Piece::Mark(':' | '.'), rest @ ..] => Some(rest),
        _ => None,
    }
}
