//! R12–R14: an appointment's life, and what is said about it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::appointment::{Appointment, AppointmentState, LifeRefusal, SedeChange, Stage};
use domain::communication::{Change, Communication};
use domain::slot::Slot;
use domain::ticket::{Judgement, Outcome, Party, ReplyAssessment, Ticket, TicketStatus};
use domain::time::Now;
use proptest::prelude::*;

use crate::given::{
    appointment_id, clock, closed, communication_id, company, content, decision_id, now, parsed, point_code, position,
    sede, slot, ticket, topic, utc,
};

/// Thursday 26 November, 9:00–9:30.
fn confirmed() -> Appointment {
    Appointment {
        id: appointment_id(1),
        code: parsed("LU-A-000123"),
        decision: decision_id(1),
        company: company(),
        tickets: vec![ticket("LU-48213")],
        slot: slot("2026-11-26T09:00:00", 30),
        state: AppointmentState::Confirmed,
        content: content(),
        granted: 0,
        booked_at: utc("2026-11-20T08:00:00Z"),
        communications: Vec::new(),
        edits: Vec::new(),
    }
}

fn at(state: AppointmentState) -> Appointment {
    Appointment { state, ..confirmed() }
}

const WHEN: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn over() -> [(AppointmentState, Stage); 3] {
    [
        (AppointmentState::Resolved { at: WHEN }, Stage::Resolved),
        (
            AppointmentState::Cancelled {
                by: Party::Studio,
                at: WHEN,
            },
            Stage::Cancelled(Party::Studio),
        ),
        (
            AppointmentState::Cancelled {
                by: Party::Sede,
                at: WHEN,
            },
            Stage::Cancelled(Party::Sede),
        ),
    ]
}

const BEFORE: &str = "2026-11-26T08:59:59";
const BEGINNING: &str = "2026-11-26T09:00:00";
const DURING: &str = "2026-11-26T09:29:59";
const END: &str = "2026-11-26T09:30:00";

#[test]
fn an_appointment_is_confirmed_until_its_end_has_passed() {
    for (moment, expected) in [
        (BEFORE, Stage::Confirmed),
        (BEGINNING, Stage::Confirmed),
        (DURING, Stage::Confirmed),
        (END, Stage::Past),
        ("2027-01-01T00:00:00", Stage::Past),
    ] {
        assert_eq!(confirmed().stage(now(moment)), expected, "R12: at {moment}");
        for (state, stage) in over() {
            assert_eq!(at(state).stage(now(moment)), stage, "what is over stays what it is");
        }
    }
}

#[test]
fn a_confirmed_appointment_carries_its_tickets_until_its_end_and_no_other_does() {
    assert_eq!(confirmed().carries_until(), Some(clock(END)), "R5");
    for (state, _) in over() {
        assert_eq!(
            at(state).carries_until(),
            None,
            "R14: the tickets of {state:?} would stay locked"
        );
    }
}

#[test]
fn the_studio_cancels_before_the_beginning_and_not_from_it_on() {
    for (moment, expected) in [
        (BEFORE, Ok(())),
        (BEGINNING, Err(LifeRefusal::Begun)),
        (DURING, Err(LifeRefusal::Begun)),
        (END, Err(LifeRefusal::NotLive)),
    ] {
        let mut appointment = confirmed();
        assert_eq!(appointment.cancel_by_studio(now(moment)), expected, "R14: at {moment}");
        let state = match expected {
            Ok(()) => AppointmentState::Cancelled {
                by: Party::Studio,
                at: clock(moment),
            },
            Err(_) => AppointmentState::Confirmed,
        };
        assert_eq!(appointment, at(state), "R14, R15: nothing else changes");
    }
    for (state, _) in over() {
        let mut appointment = at(state);
        assert_eq!(appointment.cancel_by_studio(now(BEFORE)), Err(LifeRefusal::NotLive));
        assert_eq!(appointment, at(state), "a refusal changes nothing");
    }
}

fn elsewhere() -> Slot {
    Slot {
        point: point_code("PI-AZIENDE"),
        ..slot("2026-12-01T10:00:00", 30)
    }
}

#[test]
fn the_studio_sees_what_the_sede_changed_before_and_after() {
    let before = confirmed().slot;
    let later = slot("2026-12-03T09:00:00", 30);
    let moment = now(DURING);
    let cancelled = AppointmentState::Cancelled {
        by: Party::Sede,
        at: moment.instant(),
    };
    let resolved = AppointmentState::Resolved { at: moment.instant() };
    for (change, state, after, told) in [
        (SedeChange::Resolve, resolved, &before, Change::Resolved),
        (SedeChange::Cancel, cancelled, &before, Change::Cancelled),
        (
            SedeChange::MoveTo { slot: later.clone() },
            AppointmentState::Confirmed,
            &later,
            Change::Rescheduled {
                before: before.clone(),
                after: later.clone(),
            },
        ),
        (
            SedeChange::MoveTo { slot: elsewhere() },
            AppointmentState::Confirmed,
            &elsewhere(),
            Change::Relocated {
                before: before.clone(),
                after: elsewhere(),
            },
        ),
        (
            SedeChange::Say {
                label: "documenti".into(),
            },
            AppointmentState::Confirmed,
            &before,
            Change::Other {
                label: "documenti".into(),
                before: None,
                after: None,
            },
        ),
    ] {
        let mut appointment = confirmed();
        let heard = appointment.hear(communication_id(7), change, "Gentile studio".into(), moment);
        assert_eq!(heard, Ok(()), "R13: {told:?}");
        let expected = Appointment {
            state,
            slot: after.clone(),
            communications: vec![Communication {
                id: communication_id(7),
                at: moment.instant(),
                change: told,
                text: "Gentile studio".into(),
                acknowledged_at: None,
            }],
            ..confirmed()
        };
        assert_eq!(appointment, expected);
    }
}

#[test]
fn what_is_over_is_not_changed_any_more_but_words_are_always_heard() {
    let changes = || {
        [
            SedeChange::Resolve,
            SedeChange::Cancel,
            SedeChange::MoveTo {
                slot: slot("2026-12-03T09:00:00", 30),
            },
        ]
    };
    let mut cases: Vec<(Appointment, &str)> = over().into_iter().map(|(state, _)| (at(state), BEFORE)).collect();
    cases.push((confirmed(), END));
    for (appointment, moment) in cases {
        for change in changes() {
            let mut heard = appointment.clone();
            assert_eq!(
                heard.hear(communication_id(7), change, String::new(), now(moment)),
                Err(LifeRefusal::NotLive),
                "R13: {:?} at {moment}",
                appointment.state
            );
            assert_eq!(heard, appointment, "R15: a refusal leaves no trace");
        }
        let mut heard = appointment.clone();
        let label = "grazie".to_owned();
        heard
            .hear(
                communication_id(7),
                SedeChange::Say { label },
                "Grazie".into(),
                now(moment),
            )
            .unwrap();
        assert_eq!(heard.communications.len(), 1, "R13: words are never dropped");
        assert_eq!((heard.state, heard.slot), (appointment.state, appointment.slot));
    }
}

#[test]
fn an_appointment_moves_any_number_of_times_and_keeps_what_was_said() {
    let mut appointment = confirmed();
    for n in 1..=5 {
        let to = slot(&format!("2026-12-{n:02}T09:00:00"), 30);
        appointment
            .hear(
                communication_id(n),
                SedeChange::MoveTo { slot: to },
                String::new(),
                now(BEFORE),
            )
            .unwrap();
    }
    assert_eq!(appointment.slot, slot("2026-12-05T09:00:00", 30));
    assert_eq!(
        appointment.stage(now(END)),
        Stage::Confirmed,
        "the new end counts, not the old one"
    );
    assert_eq!(appointment.carries_until(), Some(clock("2026-12-05T09:30:00")));
    let told: Vec<_> = appointment.communications.iter().map(|told| told.id).collect();
    assert_eq!(
        told,
        [1, 2, 3, 4, 5].map(communication_id),
        "R15: oldest first, none lost"
    );
    let mut before = confirmed().slot;
    for told in appointment.communications {
        let Change::Rescheduled { before: from, after } = told.change else {
            panic!("{told:?}")
        };
        assert_eq!(from, before);
        before = after;
    }
}

#[test]
fn a_communication_is_acknowledged_once_and_the_first_time_counts() {
    let mut appointment = confirmed();
    for n in 1..=2 {
        let label = "documenti".to_owned();
        appointment
            .hear(
                communication_id(n),
                SedeChange::Say { label },
                String::new(),
                now(BEFORE),
            )
            .unwrap();
    }
    assert!(appointment.acknowledge(communication_id(2), now(BEGINNING)));
    assert!(
        appointment.acknowledge(communication_id(2), now(END)),
        "R13: read is read"
    );
    assert!(
        !appointment.acknowledge(communication_id(3), now(END)),
        "nobody reads what was not said"
    );
    let read: Vec<_> = appointment
        .communications
        .iter()
        .map(|told| told.acknowledged_at)
        .collect();
    assert_eq!(read, [None, Some(clock(BEGINNING))]);
}

#[test]
fn a_judgement_is_about_the_reply_that_stands() {
    let given = utc("2026-07-01T10:00:00Z");
    let judgement = |closed_at| Judgement {
        assessment: ReplyAssessment::Unsatisfactory,
        closed_at,
    };
    let status = |at, assessment| TicketStatus::Closed {
        outcome: Outcome::Ok,
        at,
        assessment,
    };
    let earlier = given - TimeDelta::seconds(1);
    for (before, judgement, taken, after) in [
        (
            status(given, ReplyAssessment::Unassessed),
            judgement(given),
            true,
            status(given, ReplyAssessment::Unsatisfactory),
        ),
        (
            status(given, ReplyAssessment::Satisfactory),
            judgement(given),
            true,
            status(given, ReplyAssessment::Unsatisfactory),
        ),
        (
            status(given, ReplyAssessment::Unassessed),
            judgement(earlier),
            false,
            status(given, ReplyAssessment::Unassessed),
        ),
        (TicketStatus::Open, judgement(given), false, TicketStatus::Open),
        (
            TicketStatus::InProgress,
            judgement(given),
            false,
            TicketStatus::InProgress,
        ),
    ] {
        let mut ticket = Ticket {
            code: ticket("LU-48213"),
            position: position(1),
            company: company(),
            sede: sede("LU"),
            topic: topic("DEN-UNI"),
            opened_at: earlier,
            reopened_at: None,
            status: before,
            withdrawn: None,
            messages: Vec::new(),
        };
        assert_eq!(ticket.judge(judgement), taken, "R3: {before:?}");
        assert_eq!(
            ticket.status, after,
            "R3: a judgement of an earlier reply would book against this one"
        );
    }
}

fn through_json(change: &Change) -> Change {
    serde_json::from_str(&serde_json::to_string(change).unwrap()).unwrap()
}

#[test]
fn a_kind_that_the_program_does_not_know_is_kept_as_it_came() {
    let before = serde_json::to_value(confirmed().slot).unwrap();
    let after = serde_json::to_value(elsewhere()).unwrap();
    for json in [
        serde_json::json!({"kind": "shortened", "before": before, "after": after}),
        serde_json::json!({"kind": "documenti"}),
        serde_json::json!({"kind": "announced", "after": after}),
        serde_json::json!({"kind": ""}),
        serde_json::json!({"kind": "resolved"}),
        serde_json::json!({"kind": "cancelled"}),
        serde_json::json!({"kind": "rescheduled", "before": before, "after": after}),
        serde_json::json!({"kind": "relocated", "before": before, "after": after}),
    ] {
        let change: Change = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(
            serde_json::to_value(&change).unwrap(),
            json,
            "R13: the sede's words would be dropped"
        );
    }
}

#[test]
fn a_move_without_both_sides_is_not_taken_for_a_move() {
    for kind in ["rescheduled", "relocated"] {
        let json = serde_json::json!({"kind": kind, "after": elsewhere()});
        let change: Change = serde_json::from_value(json).unwrap();
        let expected = Change::Other {
            label: kind.into(),
            before: None,
            after: Some(elsewhere()),
        };
        assert_eq!(change, expected);
        assert_eq!(through_json(&change), expected);
    }
}

#[test]
fn words_labelled_like_a_kind_stay_words() {
    for label in ["resolved", "rescheduled", "relocated", "cancelled", "other", ""] {
        let said = Change::Other {
            label: label.into(),
            before: None,
            after: None,
        };
        assert_eq!(
            through_json(&said),
            said,
            "R13: \"{label}\" would be read as a decision of the sede"
        );
    }
}

proptest! {
    #[test]
    fn changes_survive_json(label in "[a-z]{0,12}|resolved|relocated|other", sides in 0u8..4, kind in 0u8..5) {
        let before = confirmed().slot;
        let after = elsewhere();
        let change = match kind {
            0 => Change::Resolved,
            1 => Change::Cancelled,
            2 => Change::Rescheduled { before, after },
            3 => Change::Relocated { before, after },
            _ => Change::Other {
                label,
                before: (sides & 1 == 1).then_some(before),
                after: (sides & 2 == 2).then_some(after),
            },
        };
        prop_assert_eq!(through_json(&change), change);
    }

    #[test]
    fn an_appointment_survives_json(n in any::<u128>(), said in proptest::collection::vec("\\PC{0,20}", 0..4)) {
        let mut appointment = Appointment { id: appointment_id(n), ..confirmed() };
        for (n, label) in (1..).zip(said) {
            appointment.hear(communication_id(n), SedeChange::Say { label }, "…".into(), now(BEFORE)).unwrap();
        }
        let json = serde_json::to_string(&appointment).unwrap();
        prop_assert_eq!(serde_json::from_str::<Appointment>(&json).unwrap(), appointment);
    }

    #[test]
    fn once_over_an_appointment_is_never_live_again(
        acts in proptest::collection::vec((0u8..5, 0i64..700_000), 0..10),
    ) {
        let mut appointment = confirmed();
        let mut moment = clock("2026-11-20T09:00:00");
        let mut over = false;
        for (n, (act, seconds)) in (1..).zip(acts) {
            moment += TimeDelta::seconds(seconds);
            let now = Now::at(moment);
            let before = appointment.clone();
            let done = match act {
                0 => appointment.cancel_by_studio(now),
                1 => appointment.hear(communication_id(n), SedeChange::Cancel, String::new(), now),
                2 => appointment.hear(communication_id(n), SedeChange::Resolve, String::new(), now),
                3 => appointment.hear(communication_id(n), SedeChange::MoveTo { slot: elsewhere() }, String::new(), now),
                _ => Ok(()),
            };
            if over {
                prop_assert_eq!(&appointment, &before, "what is over changed");
            }
            prop_assert!(done.is_ok() || appointment == before);
            over = over || appointment.stage(now) != Stage::Confirmed;
        }
    }
}

#[test]
fn a_stored_state_reads_as_it_was_written() {
    for (state, json) in [
        (AppointmentState::Confirmed, r#"{"state":"confirmed"}"#),
        (
            AppointmentState::Resolved { at: WHEN },
            r#"{"state":"resolved","at":"1970-01-01T00:00:00Z"}"#,
        ),
        (
            AppointmentState::Cancelled {
                by: Party::Sede,
                at: WHEN,
            },
            r#"{"state":"cancelled","by":"sede","at":"1970-01-01T00:00:00Z"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&state).unwrap(), json);
        assert_eq!(serde_json::from_str::<AppointmentState>(json).unwrap(), state);
    }
    let status = closed(Outcome::Ko, ReplyAssessment::Unassessed);
    let json = serde_json::to_string(&status).unwrap();
    assert_eq!(serde_json::from_str::<TicketStatus>(&json).unwrap(), status);
}
