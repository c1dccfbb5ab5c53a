//! The point of T2: twelve weeks with 1,500 places taken, the same each time.

use chrono::{Days, NaiveDate, Weekday};
use domain::availability::Taken;
use domain::point::{ConsultationPoint, DayPart, OpeningHours, SlotLength};
use domain::slot::slots_on;

const WEEKS: u64 = 12;

/// The first day, a Monday.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 12).unwrap()
}

pub(crate) fn last() -> NaiveDate {
    today() + Days::new(WEEKS * 7 - 1)
}

/// Monday to Friday, 8:30–12:30 and 14:00–17:00, half an hour, three desks, across the change of clocks in October.
pub(crate) fn busy_point() -> ConsultationPoint {
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let parts = [("08:30", "12:30"), ("14:00", "17:00")];
    ConsultationPoint {
        code: "LU-PIENO".parse().unwrap(),
        sede: "LU".parse().unwrap(),
        name: "Punto aziende".into(),
        place: "Piazza dei Martiri, Lucca".into(),
        topics: Vec::new(),
        slot_length: SlotLength::from_minutes(30).unwrap(),
        desks: 3,
        horizon_days: u16::try_from(WEEKS * 7 - 1).unwrap(),
        hours: weekdays
            .iter()
            .flat_map(|weekday| {
                parts.map(|(from, to)| OpeningHours {
                    weekday: *weekday,
                    part: DayPart::new(from.parse().unwrap(), to.parse().unwrap()).unwrap(),
                    valid_from: None,
                    valid_until: None,
                })
            })
            .collect(),
        closures: Vec::new(),
    }
}

pub(crate) const TAKEN: usize = 1_500;

/// 1,500 appointments, one row each, in no order; none in a slot that is full.
pub(crate) fn taken_places(point: &ConsultationPoint) -> Vec<Taken> {
    let slots: Vec<_> = today()
        .iter_days()
        .take_while(|date| *date <= last())
        .filter_map(|date| slots_on(point, date))
        .flat_map(|day| day.slots)
        .collect();
    let mut desks: Vec<usize> = (0..slots.len() * usize::from(point.desks)).collect();
    let mut numbers = numbers(11);
    for n in 0..TAKEN {
        let other = n + usize::try_from(numbers.next().unwrap()).unwrap() % (desks.len() - n);
        desks.swap(n, other);
    }
    desks[..TAKEN]
        .iter()
        .map(|desk| &slots[desk / usize::from(point.desks)])
        .map(|slot| Taken {
            start: slot.start.instant(),
            end: slot.end.instant(),
            count: 1,
        })
        .collect()
}

/// Numbers that look random and are the same in every run.
pub(crate) fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |state| {
        Some(
            state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407),
        )
    })
    .skip(1)
    .map(|state| state >> 33)
}
