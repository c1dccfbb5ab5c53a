//! R11: which slots of a point can still be booked.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::point::ConsultationPoint;
use crate::slot::{Day, Slot, slots_on};
use crate::time::{Now, days_after};

/// Places of a point that are held: how many, never by whom (promise 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Taken {
    /// Beginning of the interval.
    pub start: DateTime<Utc>,
    /// Its end.
    pub end: DateTime<Utc>,
    /// Live appointments in it.
    pub count: u16,
}

/// A slot and its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The slot.
    pub slot: Slot,
    /// Places still free.
    pub free: u16,
}

/// A day of a point with its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlaces {
    /// The date.
    pub date: NaiveDate,
    /// Its slots in order, full ones too.
    pub places: Vec<Place>,
    /// Why the whole day is closed.
    pub closed: Option<String>,
}

/// Taken places in a form that can be asked quickly.
#[derive(Debug, Clone, Default)]
pub struct TakenPlaces {
    by_start: Vec<Taken>,
    longest: TimeDelta,
}

impl TakenPlaces {
    /// Takes the held places of one point, in any order.
    pub fn new(mut taken: Vec<Taken>) -> Self {
        taken.sort_unstable();
        let longest = taken.iter().map(|held| held.end - held.start).max().unwrap_or_default();
        Self {
            by_start: taken,
            longest,
        }
    }

    /// How many places are held in any part of `slot`. An appointment of an older grid of hours counts in every slot that
    /// it touches, so that no desk ever serves two at once.
    pub fn held_in(&self, slot: &Slot) -> u16 {
        let wanted = (slot.start.instant(), slot.end.instant());
        // Nothing that begins by then reaches into the slot.
        let over = wanted.0.checked_sub_signed(self.longest);
        let first = self
            .by_start
            .partition_point(|held| over.is_some_and(|over| held.start <= over));
        self.by_start[first..]
            .iter()
            .take_while(|held| held.start < wanted.1)
            .filter(|held| wanted.0 < held.end)
            .fold(0, |sum, held| sum.saturating_add(held.count))
    }
}

/// The days from `from` to `to`, both included, on which `point` opens or would open, with what is free.
pub fn places(point: &ConsultationPoint, from: NaiveDate, to: NaiveDate, taken: &TakenPlaces) -> Vec<DayPlaces> {
    from.iter_days()
        .take_while(|date| *date <= to)
        .filter_map(|date| slots_on(point, date))
        .map(|Day { date, slots, closed }| DayPlaces {
            date,
            places: slots
                .into_iter()
                .map(|slot| Place {
                    free: point.desks.saturating_sub(taken.held_in(&slot)),
                    slot,
                })
                .collect(),
            closed,
        })
        .collect()
}

/// The last day on which `point` can be booked at `now`.
pub fn last_day(point: &ConsultationPoint, now: Now) -> NaiveDate {
    days_after(now.today(), u64::from(point.horizon_days))
}

/// The slots of `point` that can be booked at `now`, soonest first: not begun, within its horizon, a place free.
pub fn free_slots(point: &ConsultationPoint, taken: &TakenPlaces, now: Now) -> Vec<Slot> {
    free_between(point, taken, now, (now.today(), last_day(point, now)))
}

/// Those of [`free_slots`] that begin on `date`, of which no other day is looked at.
pub fn free_slots_on(point: &ConsultationPoint, taken: &TakenPlaces, now: Now, date: NaiveDate) -> Vec<Slot> {
    if (now.today()..=last_day(point, now)).contains(&date) {
        free_between(point, taken, now, (date, date))
    } else {
        Vec::new()
    }
}

fn free_between(
    point: &ConsultationPoint,
    taken: &TakenPlaces,
    now: Now,
    (from, to): (NaiveDate, NaiveDate),
) -> Vec<Slot> {
    places(point, from, to, taken)
        .into_iter()
        .flat_map(|day| day.places)
        .filter(|place| place.free > 0 && now.instant() < place.slot.start.instant())
        .map(|place| place.slot)
        .collect()
}
