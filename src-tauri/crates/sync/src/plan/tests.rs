use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(1_764_000_000 + seconds, 0).unwrap()
}

fn decision(number: u128) -> DecisionId {
    DecisionId::new(Uuid::from_u128(number))
}

/// Decided at second `row`, about `subjects`.
fn entry(row: i64, subjects: &[&str]) -> Entry {
    Entry {
        row,
        decision: decision(u128::from(row.unsigned_abs())),
        subjects: subjects.iter().map(ToString::to_string).collect(),
        decided_at: at(row),
        not_before: None,
        next_attempt: None,
    }
}

fn not_before(seconds: i64, entry: Entry) -> Entry {
    Entry {
        not_before: Some(at(seconds)),
        ..entry
    }
}

fn paused_until(seconds: i64, entry: Entry) -> Entry {
    Entry {
        next_attempt: Some(at(seconds)),
        ..entry
    }
}

/// The rows that are handed out when every one of them is over at once.
fn sent(entries: Vec<Entry>, now: i64, pauses: Pauses) -> Vec<i64> {
    let mut queue = Queue::new(entries, at(now), pauses);
    std::iter::from_fn(|| queue.take_next())
        .map(|entry| entry.row)
        .collect()
}

#[test]
fn the_table_of_what_goes_out() {
    let cases: Vec<(&str, Vec<Entry>, Vec<i64>)> = vec![
        ("nothing waits", vec![], vec![]),
        (
            "the order of deciding, however the rows were read",
            vec![entry(3, &["c"]), entry(1, &["a"]), entry(2, &["b"])],
            vec![1, 2, 3],
        ),
        (
            "one for later stays, the others go",
            vec![not_before(500, entry(1, &["a"])), entry(2, &["b"])],
            vec![2],
        ),
        (
            "one for later does not hold what is decided meanwhile about the same ticket",
            vec![not_before(500, entry(1, &["a"])), entry(2, &["a"])],
            vec![2],
        ),
        (
            "one for a moment that has come goes where that moment puts it",
            vec![not_before(50, entry(1, &["a"])), entry(2, &["a"])],
            vec![2, 1],
        ),
        (
            "a moment in the past changes nothing",
            vec![not_before(-50, entry(1, &["a"])), entry(2, &["a"])],
            vec![1, 2],
        ),
        (
            "one that pauses holds its subject and nobody else's",
            vec![paused_until(130, entry(1, &["a"])), entry(2, &["a"]), entry(3, &["b"])],
            vec![3],
        ),
        (
            "what is held holds in its turn",
            vec![
                paused_until(130, entry(1, &["a"])),
                entry(2, &["a", "b"]),
                entry(3, &["b"]),
                entry(4, &["c"]),
            ],
            vec![4],
        ),
        (
            "a pause that is over on the second",
            vec![paused_until(100, entry(1, &["a"]))],
            vec![1],
        ),
        (
            "a pause longer than any comes from a clock that was set back",
            vec![paused_until(100_000, entry(1, &["a"]))],
            vec![1],
        ),
    ];
    for (what, entries, expected) in cases {
        assert_eq!(sent(entries, 100, Pauses::Keep), expected, "{what}");
    }
}

#[test]
fn when_the_store_is_back_pauses_are_over_and_dates_are_not() {
    let entries = vec![
        paused_until(130, entry(1, &["a"])),
        not_before(500, entry(2, &["b"])),
        entry(3, &["a"]),
    ];
    assert_eq!(sent(entries, 100, Pauses::Skip), [1, 3]);
}

#[test]
fn one_that_did_not_end_holds_those_after_it() {
    let entries = vec![entry(1, &["a"]), entry(2, &["a"]), entry(3, &["b"])];
    let mut queue = Queue::new(entries, at(100), Pauses::Keep);
    let first = queue.take_next().unwrap();
    queue.hold(&first);
    assert_eq!(queue.take_next().map(|entry| entry.row), Some(3));
    assert_eq!(queue.take_next(), None);
}

#[test]
fn it_wakes_for_the_first_that_can_go() {
    let cases: Vec<(&str, Vec<Entry>, Option<i64>)> = vec![
        ("nothing waits", vec![], None),
        (
            "the first moment to come",
            vec![
                not_before(700, entry(3, &["c"])),
                paused_until(160, entry(4, &["d"])),
                paused_until(170, not_before(150, entry(5, &["e"]))),
            ],
            Some(160),
        ),
        (
            "one that is due does not wait for the pause of another",
            vec![paused_until(160, entry(1, &["a"])), entry(2, &["b"])],
            Some(100),
        ),
        (
            "one that is held wakes with the one that holds it",
            vec![paused_until(160, entry(1, &["a"])), entry(2, &["a"])],
            Some(160),
        ),
    ];
    for (what, entries, expected) in cases {
        assert_eq!(wake(entries, at(100)), expected.map(at), "{what}");
    }
}

#[test]
fn a_pause_doubles_from_two_seconds_to_five_minutes() {
    let seconds: Vec<i64> = (1..=10)
        .map(|failures| pause(failures, decision(0)).num_seconds())
        .collect();
    assert_eq!(seconds, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
}

/// Up to 12 entries over four subjects, decided, due and paused at any time near `now` = 100.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (
        proptest::collection::btree_set(0..4u8, 1..3),
        0..200i64,
        proptest::option::of(0..200i64),
        proptest::option::of(0..200i64),
    );
    proptest::collection::vec(one, 0..12).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(row, (subjects, decided, moment, paused))| Entry {
                row: i64::try_from(row).unwrap(),
                decision: decision(row as u128),
                subjects: subjects.into_iter().map(|subject| subject.to_string()).collect(),
                decided_at: at(decided),
                not_before: moment.map(at),
                next_attempt: paused.map(at),
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn nothing_goes_out_before_its_time(all in entries()) {
        let mut queue = Queue::new(all, at(100), Pauses::Keep);
        while let Some(entry) = queue.take_next() {
            prop_assert!(entry.not_before.is_none_or(|moment| moment <= at(100)));
            prop_assert!(entry.next_attempt.is_none_or(|moment| moment <= at(100)));
        }
    }

    #[test]
    fn a_subject_sees_its_entries_in_their_order(all in entries(), over in proptest::collection::vec(any::<bool>(), 12)) {
        let mut places: BTreeMap<String, Vec<(DateTime<Utc>, i64)>> = BTreeMap::new();
        let mut unfinished: BTreeSet<String> = BTreeSet::new();
        let mut queue = Queue::new(all, at(100), Pauses::Keep);
        let mut over = over.into_iter().cycle();
        while let Some(entry) = queue.take_next() {
            for subject in &entry.subjects {
                prop_assert!(!unfinished.contains(subject), "overtook one that is not over");
                places.entry(subject.clone()).or_default().push(entry.place());
            }
            if !over.next().unwrap() {
                unfinished.extend(entry.subjects.iter().cloned());
                queue.hold(&entry);
            }
        }
        for order in places.values() {
            prop_assert!(order.is_sorted());
        }
    }

    /// Round after round, each entry of `deaf` swallowed for ever: all that share no subject with those, not even by way
    /// of others, go out; and where nothing is swallowed, all go out.
    #[test]
    fn nothing_starves(all in entries(), deaf in proptest::collection::btree_set(0..12i64, 0..4)) {
        let mut waiting = all.clone();
        let mut failures: BTreeMap<i64, u32> = BTreeMap::new();
        let mut now = at(100);
        for _ in 0..60 {
            let mut queue = Queue::new(waiting.clone(), now, Pauses::Keep);
            while let Some(entry) = queue.take_next() {
                if deaf.contains(&entry.row) {
                    let count = failures.entry(entry.row).or_default();
                    *count += 1;
                    for other in waiting.iter_mut().filter(|other| other.row == entry.row) {
                        other.next_attempt = Some(now + pause(*count, entry.decision));
                    }
                    queue.hold(&entry);
                    break; // the network is gone: the round is over
                }
                waiting.retain(|other| other.row != entry.row);
            }
            now = wake(waiting.clone(), now).unwrap_or(now).max(now + FIRST_PAUSE);
        }
        let mut hindered: BTreeSet<&str> = BTreeSet::new();
        for _ in 0..all.len() {
            for entry in &all {
                if deaf.contains(&entry.row) || entry.subjects.iter().any(|subject| hindered.contains(subject.as_str())) {
                    hindered.extend(entry.subjects.iter().map(String::as_str));
                }
            }
        }
        for entry in &waiting {
            prop_assert!(entry.subjects.iter().any(|subject| hindered.contains(subject.as_str())), "row {} starved", entry.row);
        }
        for row in &deaf {
            if all.iter().any(|entry| entry.row == *row) {
                prop_assert!(failures.get(row).is_none_or(|count| *count > 1) , "row {row} was given up");
            }
        }
    }

    #[test]
    fn pauses_grow_and_are_capped(id in any::<u128>(), failures in 1..u32::MAX) {
        let (this, next) = (pause(failures, decision(id)), pause(failures.saturating_add(1), decision(id)));
        prop_assert!(this <= next && next <= LONGEST_PAUSE);
        prop_assert!(this >= FIRST_PAUSE * 3 / 4);
        prop_assert!(failures >= 8 || this < next, "it doubles until the cap");
    }
}
