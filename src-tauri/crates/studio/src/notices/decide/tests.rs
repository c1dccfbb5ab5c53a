use chrono::{NaiveDate, TimeDelta};
use domain::code::{AppointmentId, CommunicationId, DraftId};
use domain::communication::Change;
use domain::time::{Civil, Now, resolve};
use uuid::Uuid;

use super::*;

fn at(day: u32, hour: u32, minute: u32) -> Now {
    let day = NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
    Now::at(resolve(day.and_hms_opt(hour, minute, 0).expect("a time")))
}

fn appointed(number: u128, day: u32, hour: u32) -> Appointed {
    Appointed {
        id: AppointmentId::new(Uuid::from_u128(number)),
        company: format!("Azienda {number}"),
        start: Civil::at(at(day, hour, 0).instant()),
        point: "Consulenza aziende".into(),
    }
}

fn said(number: u128) -> Said {
    Said {
        id: CommunicationId::new(Uuid::from_u128(number)),
        appointment: appointed(number, 26, 9),
        change: Change::Cancelled,
    }
}

fn booked(number: u128, waited: TimeDelta) -> Outcome {
    Outcome {
        draft: DraftId::new(Uuid::from_u128(number)),
        attempt: 1,
        came: Came::Booked(appointed(number, 26, 9)),
        waited: Some(waited),
    }
}

fn stopped(number: u128, attempt: u32) -> Outcome {
    Outcome {
        draft: DraftId::new(Uuid::from_u128(number)),
        attempt,
        came: Came::Stopped {
            company: format!("Azienda {number}"),
            stop: Stop::NotBooked,
        },
        waited: Some(TimeDelta::days(3)),
    }
}

/// Monday 23 November, 9:41.
fn nothing() -> Situation {
    Situation {
        now: at(23, 9, 41),
        watched: false,
        said: Vec::new(),
        outcomes: Vec::new(),
        coming: Vec::new(),
        ripened: Vec::new(),
    }
}

fn begun() -> Told {
    decide(nothing(), None).1
}

#[test]
fn what_the_sede_says_is_told_once_and_leads_to_its_appointment() {
    let moved = Situation {
        said: vec![said(7)],
        ..nothing()
    };
    let (notices, told) = decide(moved.clone(), Some(&begun()));
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}");
    };
    assert!(matches!(notice.news, News::Communication { .. }));
    let id = appointed(7, 26, 9).id.to_string();
    assert_eq!(notice.place, Place::Appointment { id });
    assert_eq!(
        decide(moved, Some(&told)),
        (Vec::new(), told),
        "and changes nothing more"
    );
}

#[test]
fn what_stands_at_the_very_first_time_is_no_news() {
    let first = Situation {
        said: (0..300).map(said).collect(),
        outcomes: (0..300).map(|number| stopped(number, 1)).collect(),
        ..nothing()
    };
    let (notices, told) = decide(first.clone(), None);
    assert_eq!(notices, []);
    let then = Situation {
        said: (0..301).map(said).collect(),
        ..first
    };
    let (notices, _) = decide(then, Some(&told));
    assert!(
        matches!(notices.as_slice(), [Notice { news: News::Communication { appointment, .. }, .. }]
            if appointment.company == "Azienda 300"),
        "the one that came since: {notices:?}"
    );
}

#[test]
fn what_is_pulled_anew_was_told_before() {
    let stands = Situation {
        said: vec![said(1), said(2)],
        ..nothing()
    };
    let (_, told) = decide(stands.clone(), Some(&begun()));
    // Thrown away, and everything pulled again.
    let (_, told) = decide(nothing(), Some(&told));
    assert_eq!(decide(stands, Some(&told)).0, []);
}

#[test]
fn what_stands_is_never_forgotten_and_what_is_over_is_in_the_end() {
    let stands = Situation {
        said: vec![said(1)],
        outcomes: vec![booked(2, TimeDelta::days(1))],
        ..nothing()
    };
    let (_, told) = decide(stands, Some(&begun()));
    let later = Situation {
        now: Now::at(at(23, 9, 41).instant() + TimeDelta::days(200)),
        said: vec![said(1)],
        ..nothing()
    };
    let (notices, told) = decide(later, Some(&told));
    assert_eq!(notices, [], "it is still there, and was told");
    assert!(!told.has(&format!("draft {} 1", Uuid::from_u128(2))));
}

#[test]
fn several_at_once_are_one_notice_that_leads_to_oggi() {
    let busy = Situation {
        said: vec![said(1), said(2)],
        outcomes: vec![booked(3, TimeDelta::days(1)), stopped(4, 2)],
        ..nothing()
    };
    let (notices, told) = decide(busy.clone(), Some(&begun()));
    let several = Several {
        communications: 2,
        granted: 1,
        stopped: 1,
    };
    assert_eq!(
        notices,
        [Notice {
            news: News::Several(several),
            place: Place::Today
        }]
    );
    assert_eq!(decide(busy, Some(&told)).0, [], "each of them is told");
}

#[test]
fn what_comes_of_a_booking_is_not_told_to_whoever_waits_for_it_at_the_page() {
    let waits = |watched, seconds| Situation {
        watched,
        outcomes: vec![booked(1, TimeDelta::seconds(seconds))],
        ..nothing()
    };
    let (notices, told) = decide(waits(true, 2), Some(&begun()));
    assert_eq!(notices, []);
    assert_eq!(decide(waits(false, 2), Some(&told)).0, [], "nor later");
    assert_eq!(decide(waits(false, 2), Some(&begun())).0.len(), 1, "the window is gone");
    assert_eq!(
        decide(waits(true, 30), Some(&begun())).0.len(),
        1,
        "nobody waits so long"
    );
}

#[test]
fn a_draft_that_stops_again_at_another_attempt_is_told_again() {
    let stops = |attempt| Situation {
        outcomes: vec![stopped(1, attempt)],
        ..nothing()
    };
    let (first, told) = decide(stops(1), Some(&begun()));
    assert_eq!(first[0].place, draft_place(DraftId::new(Uuid::from_u128(1))));
    let (none, told) = decide(stops(1), Some(&told));
    assert_eq!(none, []);
    assert_eq!(decide(stops(2), Some(&told)).0.len(), 1);
}

#[test]
fn tomorrows_appointments_are_told_together_once_from_the_morning_on() {
    let day = |hour, minute| Situation {
        now: at(23, hour, minute),
        coming: vec![appointed(1, 24, 14), appointed(2, 24, 15)],
        ..nothing()
    };
    let (early, told) = decide(day(7, 59), None);
    assert_eq!(early, [], "nobody is there");
    let (notices, told) = decide(day(8, 0), Some(&told));
    assert!(
        matches!(notices.as_slice(), [Notice { news: News::Reminder { appointments, .. }, place: Place::Agenda }]
            if appointments.len() == 2),
        "{notices:?}"
    );
    let (again, told) = decide(day(17, 30), Some(&told));
    assert_eq!(again, []);
    let mut more = day(17, 31);
    more.coming.push(appointed(3, 24, 16));
    let (notices, _) = decide(more, Some(&told));
    let id = appointed(3, 24, 16).id.to_string();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].place, Place::Appointment { id }, "only the one that is new");
}

#[test]
fn an_appointment_that_was_moved_is_told_of_again_on_the_eve_of_its_new_day() {
    let eve = |today, day| Situation {
        now: at(today, 9, 0),
        coming: vec![appointed(1, day, 14)],
        ..nothing()
    };
    let (_, told) = decide(eve(23, 24), Some(&begun()));
    assert_eq!(decide(eve(24, 25), Some(&told)).0.len(), 1);
}

#[test]
fn tomorrows_appointments_are_told_on_the_first_day_too() {
    let first = Situation {
        said: vec![said(9)],
        coming: vec![appointed(1, 24, 14)],
        ..nothing()
    };
    let (notices, _) = decide(first, None);
    assert!(matches!(
        notices.as_slice(),
        [Notice {
            news: News::Reminder { .. },
            ..
        }]
    ));
}

#[test]
fn r16_tickets_that_ripened_on_the_portal_are_told_once_in_the_morning_where_nobody_sees_them() {
    let ripe = |day, hour| Situation {
        now: at(day, hour, 0),
        ripened: vec![
            ("P-1".parse().unwrap(), "Cartiera".to_owned()),
            ("P-2".parse().unwrap(), "Zeta".to_owned()),
        ],
        ..nothing()
    };
    let (early, told) = decide(ripe(23, 7), Some(&begun()));
    assert_eq!(early, [], "nobody is there yet");
    let (notices, told) = decide(ripe(23, 9), Some(&told));
    let [Notice { news, place }] = notices.as_slice() else {
        panic!("one notice: {notices:?}")
    };
    assert_eq!(*place, Place::Today);
    assert_eq!(
        *news,
        News::Ripened {
            first: "P-1".parse().unwrap(),
            company: "Cartiera".to_owned(),
            count: 2
        }
    );
    assert_eq!(decide(ripe(23, 10), Some(&told)).0, [], "once");
    let watched = Situation {
        watched: true,
        ..ripe(23, 9)
    };
    assert_eq!(decide(watched, Some(&begun())).0, [], "seen on the page");
}
