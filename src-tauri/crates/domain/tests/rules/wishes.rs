//! R9, R11: which wish is granted.

use chrono::{Datelike, Weekday};
use domain::slot::Slot;
use domain::wish::{Granted, NEAREST_OFFERED, Pattern, Unsuitable, Wish, grant};
use proptest::prelude::*;

use crate::given::{day, parsed, slot, time};

fn exact(start: &str) -> Wish {
    Wish::Slot {
        start: slot(start, 30).start,
    }
}

fn granted(wish: usize, slot: &Slot) -> Granted {
    Granted::Slot {
        wish,
        slot: slot.clone(),
    }
}

fn thursday_mornings() -> Pattern {
    Pattern {
        weekdays: vec![Weekday::Thu],
        from: Some(time("09:00")),
        to: Some(time("12:00")),
        until: Some(day("2026-12-15")),
    }
}

#[test]
fn a_wish_for_a_slot_is_for_one_day_of_the_sede_s() {
    for (written, on) in [
        ("2026-11-26T09:00:00+01:00[Europe/Rome]", "2026-11-26"),
        ("2026-11-25T23:30:00+00:00[Europe/Rome]", "2026-11-26"),
        ("2026-11-27T00:30:00+02:00[Europe/Rome]", "2026-11-26"),
    ] {
        let start = parsed(written);
        assert_eq!(Wish::Slot { start }.day(), Some(day(on)), "{written}");
    }
    assert_eq!(Wish::Pattern(thursday_mornings()).day(), None);
}

#[test]
fn days_that_never_suit_are_kept_from_every_wish_and_from_what_is_offered() {
    let (tuesday, thursday, next) = (
        slot("2026-11-24T14:00:00", 30),
        slot("2026-11-26T09:00:00", 30),
        slot("2026-12-03T09:00:00", 30),
    );
    let free = [tuesday.clone(), thursday.clone(), next.clone()];
    let never = |weekdays: &[Weekday], days: &[&str]| {
        Wish::Never(Unsuitable {
            weekdays: weekdays.to_vec(),
            days: days.iter().map(|text| day(text)).collect(),
        })
    };
    let any = || Wish::Pattern(Pattern::default());
    let of = |wishes: &[Wish]| grant(wishes, &free);
    assert_eq!(of(&[any(), never(&[Weekday::Tue], &[])]), granted(0, &thursday));
    assert_eq!(
        of(&[never(&[Weekday::Tue], &["2026-11-26"]), any()]),
        granted(1, &next),
        "it has no rank"
    );
    let exact = exact("2026-11-26T09:00:00");
    assert_eq!(
        of(&[exact.clone(), any(), never(&[], &["2026-11-26"])]),
        granted(1, &tuesday)
    );
    assert_eq!(
        of(&[exact, never(&[Weekday::Tue], &["2026-11-26"])]),
        Granted::AllTaken { nearest: vec![next] },
        "nor is it offered"
    );
    assert!(!never(&[], &[]).asks() && any().asks());
    assert_eq!(never(&[Weekday::Tue], &[]).day(), None);
    assert!(!never(&[], &[]).is_ahead(crate::given::now("2026-11-24T09:00:00")));
}

#[test]
fn a_pattern_means_what_a_person_says() {
    let wish = Wish::Pattern(thursday_mornings());
    for (start, minutes, accepted) in [
        ("2026-11-26T09:00:00", 30, true),
        ("2026-11-26T11:30:00", 30, true),
        ("2026-11-26T08:59:00", 30, false),
        ("2026-11-26T11:31:00", 30, false),
        ("2026-11-26T11:30:00", 45, false),
        ("2026-11-24T09:00:00", 30, false),
        ("2026-12-10T09:00:00", 30, true),
        ("2026-12-17T09:00:00", 30, false),
    ] {
        assert_eq!(
            wish.accepts(&slot(start, minutes)),
            accepted,
            "\"any Thursday morning until 15 December\" and {minutes} minutes from {start}"
        );
    }
}

#[test]
fn what_a_pattern_leaves_open_is_open() {
    let cases: [(&str, Pattern, &[&str], &[&str]); 5] = [
        (
            "anything",
            Pattern::default(),
            &["2026-11-26T00:00:00", "2026-11-24T23:30:00", "2030-01-01T09:00:00"],
            &[],
        ),
        (
            "Tuesdays and Thursdays",
            Pattern {
                weekdays: vec![Weekday::Tue, Weekday::Thu],
                ..Pattern::default()
            },
            &["2026-11-24T09:00:00", "2026-11-26T09:00:00"],
            &["2026-11-25T09:00:00"],
        ),
        (
            "afternoons",
            Pattern {
                from: Some(time("13:00")),
                ..Pattern::default()
            },
            &["2026-11-24T13:00:00", "2026-11-24T23:30:00"],
            &["2026-11-24T12:59:00"],
        ),
        (
            "over by midnight",
            Pattern {
                to: Some(time("24:00")),
                ..Pattern::default()
            },
            &["2026-11-24T23:30:00", "2026-11-24T00:00:00"],
            &["2026-11-24T23:31:00"],
        ),
        (
            "until the 24th",
            Pattern {
                until: Some(day("2026-11-24")),
                ..Pattern::default()
            },
            &["2026-11-24T23:30:00", "2026-11-23T09:00:00"],
            &["2026-11-25T00:00:00"],
        ),
    ];
    for (words, pattern, yes, no) in cases {
        let wish = Wish::Pattern(pattern);
        for start in yes {
            assert!(wish.accepts(&slot(start, 30)), "{words}: {start}");
        }
        for start in no {
            assert!(!wish.accepts(&slot(start, 30)), "{words}: {start}");
        }
    }
}

#[test]
fn an_exact_wish_is_a_moment_however_it_is_written() {
    let utc_noon = Wish::Slot {
        start: parsed("2026-11-26T08:00:00+00:00[Europe/Rome]"),
    };
    assert!(utc_noon.accepts(&slot("2026-11-26T09:00:00", 30)));
    assert!(!utc_noon.accepts(&slot("2026-11-26T08:00:00", 30)));
    assert!(!utc_noon.accepts(&slot("2026-11-26T09:01:00", 30)));
}

#[test]
fn the_second_choice_is_granted_when_the_first_is_gone_then_any_thursday() {
    let free: Vec<Slot> = ["2026-11-24T13:30:00", "2026-11-26T09:00:00", "2026-12-03T09:00:00"]
        .map(|start| slot(start, 30))
        .into();
    for (wishes, expected) in [
        (
            vec![exact("2026-11-26T09:00:00"), exact("2026-11-24T13:30:00")],
            granted(0, &free[1]),
        ),
        (
            vec![exact("2026-11-26T09:30:00"), exact("2026-11-24T13:30:00")],
            granted(1, &free[0]),
        ),
        (
            vec![
                exact("2026-11-26T09:30:00"),
                exact("2026-11-26T10:00:00"),
                Wish::Pattern(thursday_mornings()),
            ],
            granted(2, &free[1]),
        ),
        (
            vec![Wish::Pattern(Pattern::default()), exact("2026-12-03T09:00:00")],
            granted(0, &free[0]),
        ),
    ] {
        assert_eq!(grant(&wishes, &free), expected, "R9: {wishes:?}");
    }
}

#[test]
fn when_all_are_taken_the_nearest_free_slots_are_offered_in_order() {
    let free: Vec<Slot> = (10..30)
        .map(|date| slot(&format!("2026-11-{date}T09:00:00"), 30))
        .collect();
    let days = |wishes: &[Wish]| match grant(wishes, &free) {
        Granted::AllTaken { nearest } => nearest.iter().map(|slot| slot.start.date().day()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let never = Wish::Pattern(Pattern {
        until: Some(day("2026-11-01")),
        ..Pattern::default()
    });
    for (wishes, expected, why) in [
        (
            vec![exact("2026-11-20T10:00:00")],
            [18, 19, 20, 21, 22, 23],
            "around the wish, the later ones closer",
        ),
        (
            vec![exact("2026-11-20T08:00:00")],
            [17, 18, 19, 20, 21, 22],
            "around the wish, the earlier ones closer",
        ),
        (
            vec![exact("2026-11-20T21:00:00")],
            [18, 19, 20, 21, 22, 23],
            "as far before as after",
        ),
        (
            vec![exact("2026-11-01T09:00:00")],
            [10, 11, 12, 13, 14, 15],
            "before all",
        ),
        (
            vec![exact("2026-12-25T09:00:00")],
            [24, 25, 26, 27, 28, 29],
            "after all",
        ),
        (
            vec![
                never.clone(),
                exact("2026-11-20T10:00:00"),
                exact("2026-11-10T10:00:00"),
            ],
            [18, 19, 20, 21, 22, 23],
            "the first wish with a date decides",
        ),
        (vec![never], [10, 11, 12, 13, 14, 15], "no date wished for: the soonest"),
    ] {
        assert_eq!(days(&wishes), expected, "{why}");
    }
    assert_eq!(
        grant(&[exact("2026-11-20T10:00:00")], &[]),
        Granted::AllTaken { nearest: Vec::new() }
    );
    assert_eq!(
        grant(&[exact("2026-11-20T10:00:00")], &free[..2]),
        Granted::AllTaken {
            nearest: free[..2].to_vec()
        }
    );
}

#[test]
fn of_two_slots_equally_near_the_sooner_is_offered() {
    let free: Vec<Slot> = [16, 17, 18, 19, 21, 22, 23, 24]
        .map(|date| slot(&format!("2026-11-{date}T09:00:00"), 30))
        .into();
    let offered = |free: &[Slot]| match grant(&[exact("2026-11-20T09:00:00")], free) {
        Granted::AllTaken { nearest } => nearest.iter().map(|slot| slot.start.date().day()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(offered(&free), [17, 18, 19, 21, 22, 23]);
    assert_eq!(offered(&free[1..]).len(), NEAREST_OFFERED);
    let lopsided = [&free[..2], &free[3..]].concat();
    assert_eq!(
        offered(&lopsided),
        [16, 17, 19, 21, 22, 23],
        "the 16th is as near as the 24th, and sooner"
    );
}

#[test]
fn wishes_travel_as_json() {
    for (wish, json) in [
        (
            exact("2026-11-26T09:00:00"),
            r#"{"kind":"slot","start":"2026-11-26T09:00:00+01:00[Europe/Rome]"}"#,
        ),
        (
            Wish::Pattern(thursday_mornings()),
            r#"{"kind":"pattern","weekdays":["Thu"],"from":"09:00","to":"12:00","until":"2026-12-15"}"#,
        ),
        (
            Wish::Never(Unsuitable {
                weekdays: vec![Weekday::Fri],
                days: vec![day("2026-12-24")],
            }),
            r#"{"kind":"never","weekdays":["Fri"],"days":["2026-12-24"]}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&wish).unwrap(), json);
        assert_eq!(serde_json::from_str::<Wish>(json).unwrap(), wish);
    }
}

prop_compose! {
    fn any_slot()(date in 1u32..=30, half_hour in 0u32..48) -> Slot {
        slot(&format!("2026-11-{date:02}T{:02}:{:02}:00", half_hour / 2, half_hour % 2 * 30), 30)
    }
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let time =
        || proptest::option::of((0u16..=48).prop_map(|n| domain::time::TimeOfDay::from_minutes(n * 30).unwrap()));
    prop_oneof![
        any_slot().prop_map(|slot| Wish::Slot { start: slot.start }),
        (
            proptest::collection::vec((0u8..7).prop_map(|n| Weekday::try_from(n).unwrap()), 0..3),
            time(),
            time(),
            proptest::option::of((1u32..=30).prop_map(|n| day(&format!("2026-11-{n:02}")))),
        )
            .prop_map(|(weekdays, from, to, until)| Wish::Pattern(Pattern {
                weekdays,
                from,
                to,
                until
            })),
        (
            proptest::collection::vec((0u8..7).prop_map(|n| Weekday::try_from(n).unwrap()), 0..2),
            proptest::collection::vec((1u32..=30).prop_map(|n| day(&format!("2026-11-{n:02}"))), 0..3),
        )
            .prop_map(|(weekdays, days)| Wish::Never(Unsuitable { weekdays, days })),
    ]
}

proptest! {
    #[test]
    fn the_first_wish_that_any_free_slot_meets_gets_the_soonest_of_them(
        wishes in proptest::collection::vec(any_wish(), 0..6),
        free in proptest::collection::btree_set(any_slot(), 0..30),
    ) {
        let unsuitable = |slot: &Slot| {
            wishes.iter().any(|wish| match wish {
                Wish::Never(never) => {
                    let day = slot.start.date();
                    never.days.contains(&day) || never.weekdays.contains(&day.weekday())
                }
                Wish::Slot { .. } | Wish::Pattern(_) => false,
            })
        };
        let all: Vec<Slot> = free.into_iter().collect();
        let free: Vec<Slot> = all.iter().filter(|slot| !unsuitable(slot)).cloned().collect();
        let met = |wish: &Wish| free.iter().find(|slot| wish.accepts(slot));
        match grant(&wishes, &all) {
            Granted::Slot { wish, slot } => {
                prop_assert_eq!(Some(&slot), met(&wishes[wish]));
                prop_assert!(wishes[..wish].iter().all(|earlier| met(earlier).is_none()), "a better wish was passed over");
            }
            Granted::AllTaken { nearest } => {
                prop_assert!(wishes.iter().all(|wish| met(wish).is_none()), "a wish could have been met");
                prop_assert_eq!(nearest.len(), free.len().min(NEAREST_OFFERED));
                prop_assert!(nearest.is_sorted());
                prop_assert!(nearest.iter().all(|slot| free.contains(slot)));
                let wanted = wishes.iter().find_map(|wish| match wish {
                    Wish::Slot { start } => Some(*start),
                    Wish::Pattern(_) | Wish::Never(_) => None,
                });
                let far = |slot: &Slot| match wanted {
                    Some(wanted) => (slot.start.instant() - wanted.instant()).abs(),
                    None => slot.start.instant() - free[0].start.instant(),
                };
                let farthest = nearest.iter().map(far).max();
                prop_assert!(
                    free.iter().filter(|slot| !nearest.contains(slot)).all(|left| Some(far(left)) >= farthest),
                    "a nearer slot was left out"
                );
            }
        }
    }

    #[test]
    fn a_wish_survives_json(wish in any_wish()) {
        let json = serde_json::to_string(&wish).unwrap();
        prop_assert_eq!(serde_json::from_str::<Wish>(&json).unwrap(), wish);
    }
}
