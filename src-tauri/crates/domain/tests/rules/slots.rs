//! R11: slots carved out of weekly hours, whatever the day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use domain::point::{ConsultationPoint, DayPart, MalformedHours, OpeningHours, SlotLength};
use domain::slot::{Day, Slot, slots_on};
use domain::time::resolve;
use proptest::prelude::*;

use crate::given::{any_day, any_point, closure, day, lucca, open_daily, part, starts, time, weekly};

fn slots(point: &ConsultationPoint, date: &str) -> Vec<Slot> {
    slots_on(point, day(date)).map_or_else(Vec::new, |day| day.slots)
}

fn minutes(n: u16) -> SlotLength {
    SlotLength::from_minutes(n).unwrap()
}

#[test]
fn lucca_opens_on_tuesday_afternoon_and_thursday_morning() {
    let tuesday = slots_on(&lucca(), day("2026-11-24")).unwrap();
    assert_eq!(tuesday.date, day("2026-11-24"));
    assert_eq!(tuesday.closed, None);
    assert_eq!(
        starts(&tuesday.slots),
        [
            "13:30+01:00",
            "14:00+01:00",
            "14:30+01:00",
            "15:00+01:00",
            "15:30+01:00",
            "16:00+01:00",
            "16:30+01:00",
            "17:00+01:00"
        ]
    );
    assert_eq!(
        starts(&slots(&lucca(), "2026-11-26")),
        [
            "09:00+01:00",
            "09:30+01:00",
            "10:00+01:00",
            "10:30+01:00",
            "11:00+01:00",
            "11:30+01:00"
        ]
    );
    for slot in &tuesday.slots {
        assert_eq!(slot.point, lucca().code);
        assert_eq!(slot.end.instant() - slot.start.instant(), TimeDelta::minutes(30));
    }
    for closed in ["2026-11-23", "2026-11-25", "2026-11-27", "2026-11-28", "2026-11-29"] {
        assert_eq!(slots_on(&lucca(), day(closed)), None, "R11: {closed} would be offered");
    }
}

#[test]
fn in_march_an_opening_across_the_change_has_two_real_hours() {
    let point = open_daily(&[("01:00", "04:00")]);
    assert_eq!(slots(&point, "2026-03-28").len(), 6);
    assert_eq!(
        starts(&slots(&point, "2026-03-29")),
        ["01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00"],
        "R11: somebody would be booked for an hour that does not exist"
    );
}

#[test]
fn in_october_an_opening_across_the_change_has_four_real_hours() {
    let point = open_daily(&[("01:00", "04:00")]);
    assert_eq!(
        starts(&slots(&point, "2026-10-25")),
        [
            "01:00+02:00",
            "01:30+02:00",
            "02:00+02:00",
            "02:30+02:00",
            "02:00+01:00",
            "02:30+01:00",
            "03:00+01:00",
            "03:30+01:00"
        ],
        "R11: an hour of the desk would be lost"
    );
}

#[test]
fn hours_that_clocks_skip_are_no_hours() {
    assert_eq!(
        slots_on(&open_daily(&[("02:00", "03:00")]), day("2026-03-29")),
        None,
        "R11: the point does not open in an hour that does not exist"
    );
    assert_eq!(
        starts(&slots(&open_daily(&[("02:30", "04:00")]), "2026-03-29")),
        ["03:00+02:00", "03:30+02:00"]
    );
}

#[test]
fn a_desk_open_until_midnight_has_its_last_slot() {
    let point = open_daily(&[("23:00", "24:00")]);
    for date in ["2026-02-28", "2028-02-28", "2028-02-29", "2026-12-31", "2026-04-30"] {
        let slots = slots(&point, date);
        assert_eq!(slots.len(), 2, "{date}");
        assert_eq!(
            slots[1].end.date(),
            day(date).succ_opt().unwrap(),
            "24:00 is the next day's midnight"
        );
        assert_eq!(slots[1].start.date(), day(date));
    }
}

#[test]
fn a_rest_shorter_than_a_slot_is_not_offered() {
    let mut point = open_daily(&[("09:00", "10:00")]);
    for (length, count) in [
        (5, 12),
        (15, 4),
        (29, 2),
        (30, 2),
        (31, 1),
        (45, 1),
        (60, 1),
        (61, 0),
        (480, 0),
    ] {
        point.slot_length = minutes(length);
        assert_eq!(slots(&point, "2026-11-24").len(), count, "slots of {length} minutes");
    }
}

#[test]
fn hours_that_overlap_are_one_and_hours_that_touch_are_two() {
    let mut point = open_daily(&[("10:10", "11:00"), ("09:00", "10:20"), ("09:30", "10:00")]);
    assert_eq!(
        starts(&slots(&point, "2026-11-24")),
        ["09:00+01:00", "09:30+01:00", "10:00+01:00", "10:30+01:00"],
        "R11: a desk would serve two at once"
    );
    point = open_daily(&[("09:00", "10:10"), ("10:10", "11:10")]);
    assert_eq!(
        starts(&slots(&point, "2026-11-24")),
        ["09:00+01:00", "09:30+01:00", "10:10+01:00", "10:40+01:00"],
        "each opening begins its own grid"
    );
}

#[test]
fn hours_hold_from_their_first_to_their_last_day() {
    let hours = OpeningHours {
        valid_from: Some(day("2026-09-01")),
        valid_until: Some(day("2026-09-15")),
        ..weekly(Weekday::Tue, "13:30", "17:30")
    };
    for (date, holds) in [
        ("2026-08-25", false),
        ("2026-09-01", true),
        ("2026-09-02", false),
        ("2026-09-08", true),
        ("2026-09-15", true),
        ("2026-09-22", false),
    ] {
        assert_eq!(
            hours.hold_on(day(date)),
            holds,
            "R11: Tuesdays of September's first half, {date}"
        );
    }
}

#[test]
fn a_closed_day_says_why_and_an_ordinary_one_says_nothing() {
    let mut point = lucca();
    point.closures = vec![
        closure("2026-11-24", "2026-11-24", Some(part("13:30", "14:30")), "Riunione"),
        closure("2026-11-20", "2026-11-26", None, "Trasloco"),
    ];
    for date in ["2026-11-24", "2026-11-26"] {
        assert_eq!(
            slots_on(&point, day(date)),
            Some(Day {
                date: day(date),
                slots: Vec::new(),
                closed: Some("Trasloco".into()),
            }),
            "R11: {date} would be offered while the sede moves house"
        );
    }
    for open in ["2026-11-19", "2026-12-01"] {
        assert!(!slots(&point, open).is_empty(), "{open} is not in the closure");
    }
    assert_eq!(
        slots_on(&point, day("2026-11-25")),
        None,
        "a day that is never open has nothing to explain"
    );
}

#[test]
fn a_closure_of_some_hours_takes_every_slot_that_it_touches_and_moves_no_other() {
    let mut point = lucca();
    for (from, to, left) in [
        ("09:45", "10:30", &["09:00", "10:30", "11:00", "11:30"][..]),
        ("09:30", "10:00", &["09:00", "10:00", "10:30", "11:00", "11:30"]),
        ("09:29", "10:01", &["10:30", "11:00", "11:30"]),
        (
            "08:00",
            "09:00",
            &["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"],
        ),
        (
            "12:00",
            "24:00",
            &["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"],
        ),
    ] {
        point.closures = vec![closure("2026-11-26", "2026-11-26", Some(part(from, to)), "Riunione")];
        let thursday = slots_on(&point, day("2026-11-26")).unwrap();
        let left: Vec<_> = left.iter().map(|time| format!("{time}+01:00")).collect();
        assert_eq!(starts(&thursday.slots), left, "R11: closed from {from} to {to}");
        assert_eq!(thursday.closed, None, "the day is not closed");
        assert_eq!(slots(&point, "2026-12-03").len(), 6, "the week after is as ever");
    }
}

#[test]
fn closures_that_together_leave_nothing_close_the_day_in_the_first_ones_words() {
    let mut point = lucca();
    point.closures = vec![
        closure("2026-11-26", "2026-11-26", Some(part("14:00", "15:00")), "Altro"),
        closure("2026-11-26", "2026-11-26", Some(part("10:00", "13:00")), "Corso"),
        closure("2026-11-26", "2026-11-26", Some(part("08:00", "10:00")), "Riunione"),
    ];
    let thursday = slots_on(&point, day("2026-11-26")).unwrap();
    assert_eq!(thursday.slots, []);
    assert_eq!(
        thursday.closed.as_deref(),
        Some("Riunione"),
        "the reason is that of what closes the first slot, not of what closes nothing"
    );
}

#[test]
fn a_closure_in_hours_that_clocks_skip_closes_nothing() {
    let mut point = open_daily(&[("01:15", "04:15")]);
    point.closures = vec![closure(
        "2026-03-29",
        "2026-03-29",
        Some(part("02:00", "03:00")),
        "Riunione",
    )];
    assert_eq!(slots(&point, "2026-03-29").len(), 4);
}

#[test]
fn a_slot_is_five_minutes_to_eight_hours_long() {
    for n in [5, 30, 480] {
        assert_eq!(minutes(n).minutes(), n);
        assert_eq!(u16::from(minutes(n)), n);
        assert_eq!(serde_json::from_str::<SlotLength>(&n.to_string()).unwrap(), minutes(n));
    }
    for n in [0, 4, 481, u16::MAX] {
        assert_eq!(SlotLength::from_minutes(n), None, "no desk works with {n} minutes");
        assert_eq!(SlotLength::try_from(n), Err(MalformedHours::SlotLength));
        assert!(
            serde_json::from_str::<SlotLength>(&n.to_string()).is_err(),
            "{n} came in by JSON"
        );
    }
}

#[test]
fn a_part_of_a_day_ends_after_it_begins() {
    let morning = part("09:00", "12:00");
    assert_eq!((morning.from(), morning.to()), (time("09:00"), time("12:00")));
    for (from, to) in [
        ("09:00", "09:00"),
        ("12:00", "09:00"),
        ("24:00", "24:00"),
        ("24:00", "00:00"),
    ] {
        assert_eq!(DayPart::new(time(from), time(to)), Err(MalformedHours::Backwards));
        let json = format!(r#"{{"from":"{from}","to":"{to}"}}"#);
        assert!(
            serde_json::from_str::<DayPart>(&json).is_err(),
            "{json} came in by JSON"
        );
    }
    let json = serde_json::to_string(&morning).unwrap();
    assert_eq!(serde_json::from_str::<DayPart>(&json).unwrap(), morning);
}

fn within(slot: &Slot, part: DayPart, date: NaiveDate) -> bool {
    resolve(part.from().on(date)) <= slot.start.instant() && slot.end.instant() <= resolve(part.to().on(date))
}

fn instants(part: DayPart, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    (resolve(part.from().on(date)), resolve(part.to().on(date)))
}

proptest! {
    #[test]
    fn slots_are_disjoint_ordered_of_one_length_and_inside_open_hours(point in any_point(), date in any_day()) {
        let Some(Day { date: told, slots, closed }) = slots_on(&point, date) else {
            return Ok(());
        };
        prop_assert_eq!(told, date);
        prop_assert!(closed.is_none() || slots.is_empty(), "a closed day with slots");
        let length = TimeDelta::minutes(point.slot_length.minutes().into());
        for pair in slots.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start, "{:?}", pair);
        }
        // Minutes of the day on which the point is open: overlapping hours are one.
        let hours: Vec<_> = point.hours.iter().filter(|hours| hours.hold_on(date)).map(|hours| hours.part).collect();
        for slot in &slots {
            prop_assert_eq!(slot.start.date(), date);
            prop_assert_eq!(slot.end.instant() - slot.start.instant(), length, "real time, not clock time");
            let mut minute = slot.start.instant();
            while minute < slot.end.instant() {
                let next = minute + TimeDelta::minutes(1);
                prop_assert!(
                    hours.iter().any(|part| {
                        let (from, to) = instants(*part, date);
                        from <= minute && next <= to
                    }),
                    "{} is outside the hours", minute
                );
                minute = next;
            }
            for closure in point.closures.iter().filter(|closure| closure.concerns(date)) {
                let (from, to) = instants(closure.part.unwrap_or(part("00:00", "24:00")), date);
                prop_assert!(
                    from == to || slot.end.instant() <= from || to <= slot.start.instant(),
                    "a closed desk is offered"
                );
            }
        }
    }

    #[test]
    fn without_closures_an_opening_of_its_own_is_used_up_to_a_rest_shorter_than_a_slot(
        mut point in any_point(),
        date in any_day(),
    ) {
        point.closures.clear();
        point.hours.truncate(1);
        let part = point.hours[0].part;
        let (from, to) = instants(part, date);
        let length = i64::from(point.slot_length.minutes());
        let expected = if point.hours[0].hold_on(date) { (to - from).num_minutes() / length } else { 0 };
        let slots = slots_on(&point, date).map_or_else(Vec::new, |day| day.slots);
        prop_assert_eq!(i64::try_from(slots.len()).unwrap(), expected);
        prop_assert!(slots.iter().all(|slot| within(slot, part, date)));
    }
}
