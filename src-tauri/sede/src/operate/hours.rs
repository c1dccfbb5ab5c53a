//! `hours`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::code::PointCode;
use domain::point::{Closure, ConsultationPoint, OpeningHours};
use serde::Serialize;

use super::point::{change, known};
use super::text::Table;
use super::written::{Day, Opening, Part, words};
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Opening hours of a point, week by week, and its closures. Slots follow from them (R11). What is published reaches every
studio; live appointments stay as they are, and those that are in no slot any more are named: move them.

Examples:
  sede hours publish LU-AZIENDE --open 'tue 13:30-17:30' --open 'thu 9:00-12:00'
  sede hours publish LU-AZIENDE --open 'mon 8:30-12:30' --from 2026-07-01 --until 2026-08-31     for the summer
  sede hours close LU-AZIENDE --from 2026-12-24 --until 2027-01-06 --reason 'Chiusura natalizia'
  sede hours close LU-AZIENDE --from tomorrow --part 9:00-10:30 --reason Assemblea
  sede hours reopen LU-AZIENDE --from 2026-12-24
  sede hours list LU-AZIENDE";

/// What is done to hours.
#[derive(Debug, Subcommand)]
pub enum HoursVerb {
    /// Publishes weekly hours in the place of those that hold now.
    Publish(PublishArgs),
    /// Closes a point on some days, or in a part of each of them.
    Close(CloseArgs),
    /// Takes a closure back.
    Reopen {
        /// Which point.
        point: PointCode,
        /// The first day of the closure.
        #[arg(long, value_name = "DAY")]
        from: Day,
    },
    /// Lists hours and closures that hold or will hold.
    List {
        /// Which point.
        point: PointCode,
    },
}

/// The arguments of `hours publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Which point.
    point: PointCode,
    /// A weekday and a part of it, in English: 'tue 13:30-17:30'. Give it for each.
    #[arg(long, value_name = "HOURS", required = true)]
    open: Vec<Opening>,
    /// First day of the new hours; those of now hold until the day before. Without it they hold at once.
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// Last day of the new hours; those of now hold again from the day after.
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
}

/// The arguments of `hours close`.
#[derive(Debug, Args)]
pub struct CloseArgs {
    /// Which point.
    point: PointCode,
    /// First day.
    #[arg(long, value_name = "DAY")]
    from: Day,
    /// Last day; without it the first is the only one.
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    /// The part of each day; without it the whole day.
    #[arg(long, value_name = "HOURS")]
    part: Option<Part>,
    /// Why, as studios read it; '-' reads it from the standard input.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn run(work: &Work, verb: HoursVerb) -> Result<Said, Failure> {
    match verb {
        HoursVerb::Publish(args) => publish(work, args).await,
        HoursVerb::Close(args) => close(work, args).await,
        HoursVerb::Reopen { point, from } => reopen(work, &point, from.at(work.now)).await,
        HoursVerb::List { point } => list(work, &point).await,
    }
}

async fn publish(work: &Work, args: PublishArgs) -> Result<Said, Failure> {
    let day = |day: Option<Day>| day.map(|day| day.at(work.now));
    let (from, until) = (day(args.from), day(args.until));
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        return Err(Failure::Usage("the last day is the first or a later one".into()));
    }
    let before = known(work, &args.point).await?;
    let mut after = before.clone();
    after.hours = before
        .hours
        .iter()
        .flat_map(|hours| outside(hours, from, until))
        .chain(args.open.iter().map(|opening| OpeningHours {
            weekday: opening.weekday,
            part: opening.part,
            valid_from: from,
            valid_until: until,
        }))
        .collect();
    change(work, &before, &after).await
}

/// What is left of `hours` outside the days `from` to `until`: before, after, or both.
fn outside(hours: &OpeningHours, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Vec<OpeningHours> {
    let before = from.and_then(|from| from.pred_opt()).map(|last| OpeningHours {
        valid_until: Some(hours.valid_until.map_or(last, |valid| valid.min(last))),
        ..hours.clone()
    });
    let after = until.and_then(|until| until.succ_opt()).map(|first| OpeningHours {
        valid_from: Some(hours.valid_from.map_or(first, |valid| valid.max(first))),
        ..hours.clone()
    });
    let some_day = |hours: &OpeningHours| {
        let days = hours.valid_from.zip(hours.valid_until);
        days.is_none_or(|(from, until)| from <= until)
    };
    before.into_iter().chain(after).filter(some_day).collect()
}

async fn close(work: &Work, args: CloseArgs) -> Result<Said, Failure> {
    let from = args.from.at(work.now);
    let until = args.until.map_or(from, |until| until.at(work.now));
    if until < from {
        return Err(Failure::Usage("the last day is the first or a later one".into()));
    }
    if until < work.now.today() {
        return Err(Failure::Usage("those days have passed".into()));
    }
    let before = known(work, &args.point).await?;
    let mut after = before.clone();
    after.closures.push(Closure {
        from,
        until,
        part: args.part.map(|part| part.0),
        reason: words(&args.reason)?,
    });
    after.closures.sort_by_key(|closure| (closure.from, closure.until));
    change(work, &before, &after).await
}

async fn reopen(work: &Work, point: &PointCode, from: NaiveDate) -> Result<Said, Failure> {
    let before = known(work, point).await?;
    let mut after = before.clone();
    after.closures.retain(|closure| closure.from != from);
    if after.closures.len() == before.closures.len() {
        return Err(Failure::not_found(
            "closure",
            format!("of {point} that begins on {from}"),
        ));
    }
    change(work, &before, &after).await
}

#[derive(Serialize)]
struct Script<'a> {
    point: &'a PointCode,
    hours: &'a [OpeningHours],
    closures: &'a [Closure],
}

async fn list(work: &Work, point: &PointCode) -> Result<Said, Failure> {
    let point = known(work, point).await?;
    let script = Script {
        point: &point.code,
        hours: &point.hours,
        closures: &point.closures,
    };
    Ok(Said::new(week(&point, work.now.today()), &script))
}

/// Hours and closures that hold on `today` or later, as people read them.
pub(super) fn week(point: &ConsultationPoint, today: NaiveDate) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut hours: Vec<_> = point.hours.iter().collect();
    hours.retain(|hours| hours.valid_until.is_none_or(|until| today <= until));
    hours.sort_by_key(|hours| {
        (
            hours.valid_from,
            hours.weekday.num_days_from_monday(),
            hours.part.from(),
        )
    });
    let mut week = Table::of(&["DAY", "OPEN", "FROM", "UNTIL"]);
    for hours in hours {
        week.row([
            hours.weekday.to_string(),
            format!("{}-{}", hours.part.from(), hours.part.to()),
            day(hours.valid_from),
            day(hours.valid_until),
        ]);
    }
    let mut closures = Table::of(&["CLOSED FROM", "UNTIL", "PART", "REASON"]);
    for closure in point.closures.iter().filter(|closure| today <= closure.until) {
        let part = closure.part.map(|part| format!("{}-{}", part.from(), part.to()));
        closures.row([
            closure.from.to_string(),
            closure.until.to_string(),
            part.unwrap_or_else(|| "all day".into()),
            closure.reason.clone(),
        ]);
    }
    format!(
        "{}\n\n{}",
        week.or("it has no opening hours"),
        closures.or("no closure is published")
    )
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use domain::point::DayPart;
    use domain::time::TimeOfDay;

    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    /// What is left of hours that hold from `hours.0` to `hours.1`, with other hours from `new.0` to `new.1`.
    fn left(hours: (&str, &str), new: (&str, &str)) -> Vec<(String, String)> {
        let time = |hour| TimeOfDay::new(hour, 0).expect("a time");
        let hours = OpeningHours {
            weekday: Weekday::Tue,
            part: DayPart::new(time(9), time(12)).expect("a part"),
            valid_from: day(hours.0),
            valid_until: day(hours.1),
        };
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        outside(&hours, day(new.0), day(new.1))
            .iter()
            .map(|hours| (text(hours.valid_from), text(hours.valid_until)))
            .collect()
    }

    #[test]
    fn hours_that_hold_at_once_and_for_ever_leave_nothing_of_those_before() {
        assert!(left(("", ""), ("", "")).is_empty());
        assert!(left(("2026-01-01", "2026-12-31"), ("", "")).is_empty());
    }

    #[test]
    fn hours_of_a_season_interrupt_those_of_the_year() {
        let pair = |from: &str, until: &str| (from.to_owned(), until.to_owned());
        let summer = ("2026-07-01", "2026-08-31");
        assert_eq!(left(("", ""), summer), [pair("", "2026-06-30"), pair("2026-09-01", "")]);
        assert_eq!(left(("", ""), ("2026-07-01", "")), [pair("", "2026-06-30")]);
        assert_eq!(left(("", ""), ("", "2026-08-31")), [pair("2026-09-01", "")]);
        assert!(
            left(("2026-07-10", "2026-07-20"), summer).is_empty(),
            "what lies within is replaced"
        );
        assert_eq!(
            left(("2026-01-01", "2026-07-20"), summer),
            [pair("2026-01-01", "2026-06-30")]
        );
        assert_eq!(
            left(("2026-10-01", ""), summer),
            [pair("2026-10-01", "")],
            "what comes later stays"
        );
    }
}
