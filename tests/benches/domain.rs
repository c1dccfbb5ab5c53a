//! T2, T3: availability of one point, and eligibility of a million tickets, on one core.
//!
//! `cargo bench -p agenda-sede-tests --bench domain`

#![allow(clippy::unwrap_used, missing_docs)]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use domain::availability::{Taken, TakenPlaces, free_slots, places};
use domain::eligibility::{Eligibility, Standing, eligibility, forecast};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, SlotLength};
use domain::slot::slots_on;
use domain::ticket::{Outcome, ReplyAssessment, TicketStatus};
use domain::time::{Now, civil_day, midnight};
use domain::topic::WaitingThreshold;

fn main() {
    divan::main();
}

const MILLION: usize = 1_000_000;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 12).unwrap()
}

fn now() -> Now {
    Now::at(midnight(today()) + TimeDelta::hours(8))
}

/// Numbers that look random and are the same in every run.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
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

/// Open, in progress and closed tickets of the last two months, on all sides of the threshold; some withdrawn, some
/// without a point, some carried by an appointment before or after now.
fn mixed_tickets(count: usize) -> Vec<Standing> {
    let assessments = [
        ReplyAssessment::Unassessed,
        ReplyAssessment::Satisfactory,
        ReplyAssessment::Unsatisfactory,
    ];
    let mut numbers = numbers(7);
    let mut below = |limit: u64| numbers.next().unwrap() % limit;
    (0..count)
        .map(|_| {
            let status = match below(10) {
                0..4 => TicketStatus::Open,
                4..6 => TicketStatus::InProgress,
                kind => TicketStatus::Closed {
                    outcome: if kind < 8 { Outcome::Ok } else { Outcome::Ko },
                    at: DateTime::UNIX_EPOCH,
                    assessment: assessments[usize::try_from(below(3)).unwrap()],
                },
            };
            Standing {
                status,
                counts_from: today() - Days::new(below(60)),
                threshold: WaitingThreshold([5, 5, 5, 10, 15][usize::try_from(below(5)).unwrap()]),
                withdrawn: below(50) == 0,
                has_point: below(50) != 0,
                carried_until: (below(5) == 0)
                    .then(|| now().instant() + TimeDelta::minutes(i64::try_from(below(60_000)).unwrap() - 30_000)),
            }
        })
        .collect()
}

fn bookable(standings: &[Standing], now: Now) -> usize {
    standings
        .iter()
        .filter(|standing| matches!(eligibility(standing, now), Eligibility::Bookable(_)))
        .count()
}

/// T3: under 50 ms.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn eligibility_of_a_million_tickets(bencher: Bencher<'_, '_>) {
    let standings = mixed_tickets(MILLION);
    let expected = standings
        .iter()
        .filter(|standing| {
            forecast(standing)
                .bookable_from()
                .is_some_and(|from| from <= now().instant())
        })
        .count();
    assert_eq!(bookable(&standings, now()), expected);
    assert!(
        (MILLION / 4..MILLION * 3 / 4).contains(&expected),
        "not a mixture: {expected}"
    );
    bencher
        .counter(ItemsCount::new(MILLION))
        .bench_local(|| bookable(black_box(&standings), black_box(now())));
}

/// T3: under 100 ns.
#[divan::bench(sample_count = 200)]
fn eligibility_of_one_ticket(bencher: Bencher<'_, '_>) {
    let standings = mixed_tickets(4096);
    let now = now();
    let mut next = standings.iter().cycle();
    bencher.bench_local(|| eligibility(black_box(next.next().unwrap()), black_box(now)));
}

/// What is stored for a list: the instant from which a ticket is bookable.
#[divan::bench(sample_count = 200)]
fn bookable_from_of_one_ticket(bencher: Bencher<'_, '_>) {
    let standings = mixed_tickets(4096);
    let mut next = standings.iter().cycle();
    bencher.bench_local(|| forecast(black_box(next.next().unwrap())).bookable_from());
}

/// The look-up in the zone data behind every civil day.
#[divan::bench(sample_count = 200)]
fn civil_day_of_one_instant(bencher: Bencher<'_, '_>) {
    let mut instants = (0..4096_i64)
        .map(|n| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(n * 120))
        .cycle();
    bencher.bench_local(|| civil_day(black_box(instants.next().unwrap())));
}

const WEEKS: u64 = 12;

fn last() -> NaiveDate {
    today() + Days::new(WEEKS * 7 - 1)
}

/// Monday to Friday, 8:30–12:30 and 14:00–17:00, half an hour, three desks, across the change of clocks in October.
fn busy_point() -> ConsultationPoint {
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let parts = [("08:30", "12:30"), ("14:00", "17:00")];
    ConsultationPoint {
        code: "LU-AZIENDE".parse().unwrap(),
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

const TAKEN: usize = 1_500;

/// 1,500 appointments, one row each, in no order; none in a slot that is full.
fn taken_places(point: &ConsultationPoint) -> Vec<Taken> {
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

/// T2: under 1 ms.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn availability_of_twelve_weeks_with_1500_taken_places(bencher: Bencher<'_, '_>) {
    let point = busy_point();
    let taken = taken_places(&point);
    let available = |taken: Vec<Taken>| places(&point, today(), last(), &TakenPlaces::new(taken));
    let days = available(taken.clone());
    let slots: usize = days.iter().map(|day| day.places.len()).sum();
    let free: usize = days
        .iter()
        .flat_map(|day| &day.places)
        .map(|place| usize::from(place.free))
        .sum();
    assert_eq!((days.len(), slots), (60, 840));
    assert_eq!(free, slots * usize::from(point.desks) - TAKEN);
    bencher
        .with_inputs(|| taken.clone())
        .bench_local_values(|taken| available(black_box(taken)));
}

/// What granting a wish looks through.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn free_slots_of_twelve_weeks_with_1500_taken_places(bencher: Bencher<'_, '_>) {
    let point = busy_point();
    let taken = TakenPlaces::new(taken_places(&point));
    let free = free_slots(&point, &taken, now());
    assert!(free.iter().all(|slot| taken.held_in(slot) < point.desks) && free.is_sorted());
    bencher.bench_local(|| free_slots(black_box(&point), black_box(&taken), now()));
}
