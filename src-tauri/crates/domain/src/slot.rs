//! R11: the slots of a point, carved out of its weekly hours.
//!
//! Hours are written in civil time, slots are carved in elapsed time: on the day on which clocks change, a morning that
//! crosses the change has two slots of half an hour fewer, or more, and every slot is as long as the others.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::code::PointCode;
use crate::point::{Closure, ConsultationPoint, DayPart, SlotLength};
use crate::time::{Civil, resolve};

/// *Fascia oraria*: one interval at one point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    let closures: Vec<&Closure> = point.closures.iter().filter(|closure| closure.concerns(date)).collect();
    if let Some(closure) = closures.iter().find(|closure| closure.part.is_none()) {
        return Some(Day {
            date,
            slots: Vec::new(),
            closed: Some(closure.reason.clone()),
        });
    }
    let shut: Vec<(Interval, &Closure)> = closures
        .into_iter()
        .filter_map(|closure| Some((interval(date, closure.part?)?, closure)))
        .collect();
    let mut closed = None;
    let mut slots = Vec::new();
    for slot in open.into_iter().flat_map(|hours| carve(hours, point.slot_length)) {
        match shut.iter().find(|(shut, _)| overlap(slot, *shut)) {
            Some((_, closure)) => closed = closed.or(Some(*closure)),
            None => slots.push(Slot {
                point: point.code.clone(),
                start: Civil::at(slot.0),
                end: Civil::at(slot.1),
            }),
        }
    }
    let closed = closed
        .filter(|_| slots.is_empty())
        .map(|closure| closure.reason.clone());
    Some(Day { date, slots, closed })
}

type Interval = (DateTime<Utc>, DateTime<Utc>);

/// `part` of `date`; nothing where clocks skip all of it.
fn interval(date: NaiveDate, part: DayPart) -> Option<Interval> {
    let (from, to) = (resolve(part.from().on(date)), resolve(part.to().on(date)));
    (from < to).then_some((from, to))
}

fn overlap(a: Interval, b: Interval) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// The hours of `date`, in order; hours that overlap are one, so that no slot overlaps another.
fn open_intervals(point: &ConsultationPoint, date: NaiveDate) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = point
        .hours
        .iter()
        .filter(|hours| hours.hold_on(date))
        .filter_map(|hours| interval(date, hours.part))
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
