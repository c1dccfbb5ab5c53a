//! R11: what can still be booked.

use chrono::{DateTime, TimeDelta, Utc};
use domain::availability::{DayPlaces, Taken, TakenPlaces, free_slots, free_slots_on, last_day, places};
use domain::slot::Slot;
use domain::time::{Now, midnight};
use proptest::prelude::*;

use crate::given::{any_day, any_point, clock, closure, day, lucca, now, open_daily, slot, slot_at, starts, taken};

fn held(taken: &[Taken], slot: &Slot) -> u16 {
    TakenPlaces::new(taken.to_vec()).held_in(slot)
}

#[test]
fn what_touches_a_slot_is_held_in_it_and_what_only_borders_on_it_is_not() {
    let nine = slot("2026-11-26T09:00:00", 30);
    for (start, minutes, expected) in [
        ("2026-11-26T09:00:00", 30, 1),
        ("2026-11-26T08:30:00", 30, 0),
        ("2026-11-26T09:30:00", 30, 0),
        ("2026-11-26T08:31:00", 30, 1),
        ("2026-11-26T09:29:00", 30, 1),
        ("2026-11-26T08:00:00", 180, 1),
        ("2026-11-26T09:10:00", 5, 1),
        ("2026-11-25T09:00:00", 30, 0),
        ("2026-11-27T09:00:00", 30, 0),
    ] {
        assert_eq!(
            held(&[taken(start, minutes, 1)], &nine),
            expected,
            "R11: a desk would serve two at once, or none, with {minutes} minutes from {start}"
        );
    }
}

#[test]
fn a_long_appointment_of_an_older_grid_is_found_behind_many_short_ones() {
    let mut all = vec![taken("2026-11-26T08:00:00", 240, 1)];
    all.extend((0..30).map(|n| Taken {
        start: clock("2026-11-26T08:01:00") + TimeDelta::minutes(n),
        end: clock("2026-11-26T08:02:00") + TimeDelta::minutes(n),
        count: 1,
    }));
    all.reverse();
    assert_eq!(
        held(&all, &slot("2026-11-26T11:30:00", 30)),
        1,
        "R11: the order in which places are told is nobody's"
    );
    assert_eq!(held(&all, &slot("2026-11-26T12:00:00", 30)), 0);
}

#[test]
fn held_places_add_up_and_never_wrap() {
    let nine = slot("2026-11-26T09:00:00", 30);
    let place = |count| taken("2026-11-26T09:00:00", 30, count);
    assert_eq!(held(&[place(2), place(3)], &nine), 5);
    assert_eq!(held(&[place(u16::MAX), place(2)], &nine), u16::MAX);
    assert_eq!(held(&[], &nine), 0);
    assert_eq!(TakenPlaces::default().held_in(&nine), 0);
}

#[test]
fn a_place_that_lasts_for_ever_is_held_and_stops_nobody() {
    let forever = Taken {
        start: DateTime::<Utc>::MIN_UTC,
        end: DateTime::<Utc>::MAX_UTC,
        count: 1,
    };
    assert_eq!(held(&[forever], &slot("2026-11-26T09:00:00", 30)), 1);
}

#[test]
fn days_tell_their_free_places_full_slots_and_closures_too() {
    let mut point = lucca();
    point.desks = 2;
    point.closures = vec![closure("2026-12-01", "2026-12-01", None, "Santo patrono")];
    let taken = TakenPlaces::new(vec![
        taken("2026-11-26T09:00:00", 30, 1),
        taken("2026-11-26T09:30:00", 30, 2),
        taken("2026-11-26T10:00:00", 30, 3),
    ]);
    let days = places(&point, day("2026-11-26"), day("2026-12-03"), &taken);
    let told: Vec<_> = days
        .iter()
        .map(|DayPlaces { date, places, closed }| {
            let free: Vec<_> = places.iter().map(|place| place.free).collect();
            (date.to_string(), free, closed.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("2026-11-26".to_owned(), vec![1, 0, 0, 2, 2, 2], None),
            ("2026-12-01".to_owned(), vec![], Some("Santo patrono")),
            ("2026-12-03".to_owned(), vec![2; 6], None),
        ],
        "R11: both days count, a desk more than there are is never promised"
    );
    assert_eq!(places(&point, day("2026-11-27"), day("2026-11-26"), &taken), []);
}

#[test]
fn the_last_day_is_the_horizon_counted_from_today() {
    let mut point = open_daily(&[("09:00", "09:30")]);
    for (horizon, expected) in [
        (0, "2026-11-26"),
        (1, "2026-11-27"),
        (56, "2027-01-21"),
        (90, "2027-02-24"),
    ] {
        point.horizon_days = horizon;
        assert_eq!(
            last_day(&point, now("2026-11-26T08:00:00")),
            day(expected),
            "{horizon} days ahead"
        );
        let free = free_slots(&point, &TakenPlaces::default(), now("2026-11-26T08:00:00"));
        assert_eq!(free.len(), usize::from(horizon) + 1);
        assert_eq!(
            free.last().unwrap().start.date(),
            day(expected),
            "R11: the last day counts"
        );
    }
    assert_eq!(
        last_day(&point, now("2026-11-26T23:59:59")),
        day("2027-02-24"),
        "the horizon moves at the sede's midnight"
    );
    assert_eq!(last_day(&point, now("2026-11-27T00:00:00")), day("2027-02-25"));
}

#[test]
fn a_slot_that_has_begun_is_not_free() {
    let mut point = lucca();
    point.horizon_days = 0;
    for (at, first) in [
        ("2026-11-26T08:59:59", Some("09:00+01:00")),
        ("2026-11-26T09:00:00", Some("09:30+01:00")),
        ("2026-11-26T11:29:59", Some("11:30+01:00")),
        ("2026-11-26T11:30:00", None),
        ("2026-11-25T12:00:00", None),
    ] {
        let free = free_slots(&point, &TakenPlaces::default(), now(at));
        assert_eq!(starts(&free).first().map(String::as_str), first, "R11: at {at}");
    }
}

#[test]
fn a_full_slot_is_not_free_and_a_point_without_desks_has_none() {
    let mut point = lucca();
    point.horizon_days = 0;
    let all = TakenPlaces::new(vec![
        taken("2026-11-26T09:30:00", 30, 1),
        taken("2026-11-26T11:30:00", 30, 7),
    ]);
    let at = now("2026-11-26T08:00:00");
    assert_eq!(
        starts(&free_slots(&point, &all, at)),
        ["09:00+01:00", "10:00+01:00", "10:30+01:00", "11:00+01:00"]
    );
    point.desks = 2;
    assert_eq!(free_slots(&point, &all, at).len(), 5);
    point.desks = 0;
    assert_eq!(free_slots(&point, &TakenPlaces::default(), at), []);
}

fn any_taken() -> impl Strategy<Value = Vec<(i64, i64, u16)>> {
    proptest::collection::vec((-200i64..1_700, prop_oneof![Just(30i64), 1i64..400], 0u16..4), 0..40)
}

proptest! {
    #[test]
    fn never_more_is_promised_than_desks_minus_what_overlaps(
        point in any_point(),
        date in any_day(),
        raw in any_taken(),
    ) {
        let all: Vec<Taken> = raw
            .into_iter()
            .map(|(minute, length, count)| {
                let start = midnight(date) + TimeDelta::minutes(minute);
                Taken { start, end: start + TimeDelta::minutes(length), count }
            })
            .collect();
        let quick = TakenPlaces::new(all.clone());
        for place in places(&point, date, date, &quick).into_iter().flat_map(|day| day.places) {
            let naive: u16 = all
                .iter()
                .filter(|held| {
                    let minutes = |a: DateTime<Utc>, b: DateTime<Utc>| (a - midnight(date)).num_minutes()..(b - midnight(date)).num_minutes();
                    let ours = minutes(place.slot.start.instant(), place.slot.end.instant());
                    minutes(held.start, held.end).any(|minute| ours.contains(&minute))
                })
                .map(|held| held.count)
                .sum();
            prop_assert_eq!(quick.held_in(&place.slot), naive);
            prop_assert_eq!(place.free, point.desks.saturating_sub(naive));
        }
    }

    #[test]
    fn what_is_free_is_the_places_ahead_within_the_horizon_soonest_first(
        point in any_point(),
        date in any_day(),
        second in 0i64..86_400,
        raw in any_taken(),
    ) {
        let now = Now::at(midnight(date) + TimeDelta::seconds(second));
        let all = TakenPlaces::new(
            raw.into_iter()
                .map(|(minute, length, count)| {
                    let start = midnight(date) + TimeDelta::minutes(minute);
                    Taken { start, end: start + TimeDelta::minutes(length), count }
                })
                .collect(),
        );
        let free = free_slots(&point, &all, now);
        for pair in free.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
        let last = now.today() + chrono::Days::new(point.horizon_days.into());
        for slot in &free {
            prop_assert!(slot.start.instant() > now.instant());
            prop_assert!(slot.start.date() <= last);
            prop_assert!(all.held_in(slot) < point.desks);
        }
        let offered = places(&point, now.today(), last, &all)
            .into_iter()
            .flat_map(|day| day.places)
            .filter(|place| place.free > 0 && place.slot.start.instant() > now.instant())
            .count();
        prop_assert_eq!(free.len(), offered, "a free slot would never be offered");
        let by_day: Vec<Slot> = (now.today() - chrono::Days::new(2))
            .iter_days()
            .take_while(|date| *date <= last + chrono::Days::new(2))
            .flat_map(|date| free_slots_on(&point, &all, now, date))
            .collect();
        prop_assert_eq!(by_day, free, "looked at day by day, it is the same");
    }

    #[test]
    fn a_taken_place_of_zero_frees_what_was_given_back(date in any_day(), minute in 0i64..1_400) {
        let slot = slot_at(midnight(date) + TimeDelta::minutes(minute), 30);
        let place = |count| Taken { start: slot.start.instant(), end: slot.end.instant(), count };
        prop_assert_eq!(held(&[place(0)], &slot), 0);
        prop_assert_eq!(held(&[place(1)], &slot), 1);
    }
}
