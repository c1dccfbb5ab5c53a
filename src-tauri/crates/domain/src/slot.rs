//! R11: the slots of a point, carved out of its weekly hours.
//!
//! Hours are written in civil time, slots are carved in elapsed time: on the day on which clocks change, a morning that
//! crosses the change has two slots of half an hour fewer, or more, and every slot is as long as the others.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::code::PointCode;
use crate::point::{ConsultationPoint, DayPart, SlotLength};
use crate::time::{Civil, resolve};

/// *Fascia oraria*: one interval at one point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// Where.
    pub point: PointCode,
    /// When it begins.
    pub start: Civil,
    /// When it ends.
    pub end: Civil,
}

/// A day of a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// Its slots, in order, none overlapping another.
    pub slots: Vec<Slot>,
    /// Why the point does not open at all on a day on which it usually would: the sede's words.
    pub closed: Option<String>,
}

/// R11: the slots of `point` that begin on `date`, whoever holds them; nothing for a day on which the point does not
/// open.
pub fn slots_on(point: &ConsultationPoint, date: NaiveDate) -> Option<Day> {
    let open = open_intervals(point, date);
    if open.is_empty() {
        return None;
    }
    let closures: Vec<_> = point.closures.iter().filter(|closure| closure.concerns(date)).collect();
    if let Some(closure) = closures.iter().find(|closure| closure.part.is_none()) {
        return Some(Day {
            date,
            slots: Vec::new(),
            closed: Some(closure.reason.clone()),
        });
    }
    let shut: Vec<_> = closures
        .iter()
        .filter_map(|closure| closure.part)
        .map(|part| interval(date, part))
        .collect();
    let slots: Vec<_> = open
        .into_iter()
        .flat_map(|hours| carve(hours, point.slot_length))
        .filter(|slot| !shut.iter().any(|closed| overlap(*slot, *closed)))
        .map(|(start, end)| Slot {
            point: point.code.clone(),
            start: Civil::at(start),
            end: Civil::at(end),
        })
        .collect();
    let closed = if slots.is_empty() {
        closures.first().map(|closure| closure.reason.clone())
    } else {
        None
    };
    Some(Day { date, slots, closed })
}

type Interval = (DateTime<Utc>, DateTime<Utc>);

fn interval(date: NaiveDate, part: DayPart) -> Interval {
    (resolve(part.from().on(date)), resolve(part.to().on(date)))
}

pub(crate) fn overlap(a: Interval, b: Interval) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// The hours of `date`, in order; hours that overlap are one, so that no slot overlaps another.
fn open_intervals(point: &ConsultationPoint, date: NaiveDate) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = point
        .hours
        .iter()
        .filter(|hours| hours.hold_on(date))
        .map(|hours| interval(date, hours.part))
        .collect();
    intervals.sort_unstable();
    intervals.dedup_by(|next, kept| {
        let one = next.0 < kept.1;
        if one {
            kept.1 = kept.1.max(next.1);
        }
        one
    });
    intervals
}

fn carve((opens, closes): Interval, length: SlotLength) -> impl Iterator<Item = Interval> {
    let length = TimeDelta::minutes(i64::from(length.minutes()));
    std::iter::successors(Some(opens), move |start| Some(*start + length))
        .map(move |start| (start, start + length))
        .take_while(move |(_, end)| *end <= closes)
}
