//! T2, T3: availability of one point, and eligibility of a million tickets, on one core.
//!
//! `cargo bench -p agenda-sede-tests --bench domain`

#![allow(clippy::unwrap_used, missing_docs)]

mod busy;

use busy::{TAKEN, busy_point, last, numbers, taken_places, today};
use chrono::{DateTime, Days, TimeDelta, Utc};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use domain::availability::{Taken, TakenPlaces, free_slots, places};
use domain::eligibility::{Eligibility, Standing, eligibility, forecast};
use domain::ticket::{Outcome, ReplyAssessment, TicketStatus};
use domain::time::{Now, civil_day, midnight};
use domain::topic::WaitingThreshold;

fn main() {
    divan::main();
}

const MILLION: usize = 1_000_000;

fn now() -> Now {
    Now::at(midnight(today()) + TimeDelta::hours(8))
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
