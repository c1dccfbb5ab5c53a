//! R16: tickets that stand on the portal alone.

use chrono::{NaiveDate, TimeDelta};
use domain::appointment::AppointmentState;
use domain::code::{AppointmentId, FiscalCode};
use domain::content::Content;
use domain::eligibility::{Eligibility, Ground, Obstacle, Standing, eligibility};
use domain::portal::comparison::{Field, RowRefusal, Verdict, compare};
use domain::portal::registered::{PortalAnswer, RegisterRefusal, RegisteredAppointment, RegisteredStage};
use domain::portal::{PortalStatus, PortalTicket, place};
use domain::routing::{Routed, Routing, group};
use domain::ticket::{Judgement, Outcome, Party, ReplyAssessment, TicketStatus};
use domain::time::{Civil, Now, midnight};
use domain::topic::WaitingThreshold;
use proptest::prelude::*;
use uuid::Uuid;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn row() -> PortalTicket {
    PortalTicket {
        code: "INPS-2026/77".parse().unwrap(),
        position: "4600000001".parse().unwrap(),
        company: None,
        company_name: Some("Cartiera Lucchese".parse().unwrap()),
        sede: Some("Lucca".parse().unwrap()),
        subject: "Aziende > DURC > Irregolarità".parse().unwrap(),
        opened_on: day(3),
        status: PortalStatus::Open,
        request: Some("Chiediamo la rettifica.".parse().unwrap()),
        reply: None,
    }
}

fn with(status: PortalStatus) -> PortalTicket {
    PortalTicket { status, ..row() }
}

fn closed(outcome: Outcome, on: Option<u32>) -> PortalTicket {
    with(PortalStatus::Closed {
        outcome,
        on: on.map(day),
    })
}

fn told(held: &PortalTicket, row: &PortalTicket) -> Verdict {
    compare(Some(held), row, day(20))
}

/// How the rules see it, as the projection does.
fn standing(ticket: &PortalTicket) -> Standing {
    let point = place::point(
        &place::sede(ticket.sede.as_ref()),
        vec![place::topic(&ticket.subject).code],
    );
    let seen = ticket.as_ticket(place::company_of(&ticket.position));
    Standing {
        status: seen.status,
        counts_from: seen.counts_from(),
        threshold: WaitingThreshold::default(),
        withdrawn: seen.withdrawn.is_some(),
        has_point: Routing::new([&point]).point(&seen.sede, &seen.topic).is_some(),
        carried_until: None,
    }
}

fn bookable(ticket: &PortalTicket, on: u32) -> Eligibility {
    eligibility(&standing(ticket), Now::at(midnight(day(on))))
}

#[test]
fn r4_holds_for_a_ticket_of_the_portal_with_five_days_and_without_any_point() {
    assert!(matches!(bookable(&row(), 8), Eligibility::BookableFrom { on, .. } if on == day(9)));
    assert!(matches!(
        bookable(&row(), 9),
        Eligibility::Bookable(Ground::Waited(waiting)) if waiting.days == 6 && waiting.threshold.0 == 5
    ));
}

#[test]
fn r3_holds_for_a_ticket_of_the_portal_and_its_judgement_is_of_the_reply_of_that_day() {
    assert_eq!(
        bookable(&closed(Outcome::Ko, None), 4),
        Eligibility::Bookable(Ground::ClosedKo)
    );
    assert_eq!(
        bookable(&closed(Outcome::Ok, Some(5)), 6),
        Eligibility::NotBookable(Obstacle::Unassessed)
    );
    let company = place::company_of(&row().position);
    let mut answered = closed(Outcome::Ok, Some(5)).as_ticket(company.clone());
    let TicketStatus::Closed { at, .. } = answered.status else {
        panic!("it is closed")
    };
    let judgement = Judgement {
        assessment: ReplyAssessment::Unsatisfactory,
        closed_at: at,
    };
    assert!(answered.judge(judgement));
    let mut answered_again = closed(Outcome::Ok, Some(8)).as_ticket(company);
    assert!(!answered_again.judge(judgement), "another answer is judged anew");
}

#[test]
fn r5_a_withdrawn_ticket_of_the_portal_is_not_bookable() {
    assert_eq!(
        bookable(&with(PortalStatus::Withdrawn), 20),
        Eligibility::NotBookable(Obstacle::Withdrawn)
    );
}

#[test]
fn r8_tickets_of_one_sede_on_the_portal_share_an_appointment_and_those_of_another_do_not() {
    let (lucca, pisa) = (
        place::sede(row().sede.as_ref()),
        place::sede("Pisa".parse().ok().as_ref()),
    );
    let topics = [
        place::topic(&"DURC".parse().unwrap()),
        place::topic(&"Denunce".parse().unwrap()),
    ];
    let both = topics.clone().map(|topic| topic.code).to_vec();
    let points = [place::point(&lucca, both.clone()), place::point(&pisa, both)];
    let codes = ["A-1", "A-2", "A-3"].map(|code| code.parse().unwrap());
    let routed = [(0, &lucca), (1, &lucca), (1, &pisa)].map(|(topic, sede)| (&topics[topic].code, &sede.code));
    let selection = codes
        .iter()
        .zip(routed)
        .map(|(ticket, (topic, sede))| Routed { ticket, sede, topic });
    let groups = group(selection, &Routing::new(&points));
    let sizes: Vec<usize> = groups.by_point.iter().map(|(_, tickets)| tickets.len()).collect();
    assert_eq!(sizes, [2, 1]);
    assert!(groups.unanswered.is_empty());
}

#[test]
fn a_subject_has_the_levels_that_it_says_and_one_code_however_it_is_spaced() {
    let topic = place::topic(&row().subject);
    assert_eq!(
        (topic.area.as_str(), topic.subject.as_str(), topic.detail.as_str()),
        ("Aziende", "DURC", "Irregolarità")
    );
    let spaced = "  AZIENDE >  DURC > irregolarità ".parse().unwrap();
    assert_eq!(place::topic(&spaced).code, topic.code);
    assert!(place::is_topic(&topic.code));
    let flat = place::topic(&"Variazione".parse().unwrap());
    assert_eq!((flat.area.as_str(), flat.subject.as_str()), ("Variazione", ""));
}

#[test]
fn a_company_without_a_fiscal_code_is_known_by_its_position_and_taken_for_no_other() {
    let code = place::company_of(&row().position);
    assert_eq!(place::known_by(&code), Some(row().position));
    for real in ["01234567890", "RSSMRA80A01E715X", "MATRICA80A01E715"] {
        let real: FiscalCode = real.parse().unwrap();
        assert_eq!(place::known_by(&real), None, "{real}");
    }
}

#[test]
fn what_nobody_holds_is_new_and_what_says_nothing_new_is_the_same() {
    assert_eq!(compare(None, &row(), day(20)), Verdict::New);
    assert_eq!(told(&row(), &row()), Verdict::Same);
}

#[test]
fn what_a_list_leaves_out_stays() {
    let sparse = PortalTicket {
        company_name: None,
        sede: None,
        request: None,
        ..row()
    };
    assert_eq!(told(&row(), &sparse), Verdict::Same);
    assert_eq!(
        told(&closed(Outcome::Ok, Some(5)), &closed(Outcome::Ok, None)),
        Verdict::Same,
        "the day of the answer is one of these"
    );
}

#[test]
fn a_change_says_which_facts_are_others() {
    let answered = PortalTicket {
        company: Some("01234567890".parse().unwrap()),
        reply: Some("Respinta.".parse().unwrap()),
        ..closed(Outcome::Ko, Some(6))
    };
    assert_eq!(
        told(&row(), &answered),
        Verdict::Changed(vec![Field::Company, Field::Status, Field::Reply])
    );
}

#[test]
fn an_earlier_state_than_the_one_held_changes_nothing() {
    let older = Verdict::Refused(RowRefusal::Older);
    let in_progress = with(PortalStatus::InProgress);
    assert_eq!(told(&in_progress, &row()), older);
    assert_eq!(told(&closed(Outcome::Ok, None), &in_progress), older);
    assert_eq!(
        told(&closed(Outcome::Ok, Some(6)), &closed(Outcome::Ko, Some(5))),
        older
    );
    assert_eq!(
        told(&with(PortalStatus::Withdrawn), &closed(Outcome::Ko, Some(6))),
        older
    );
    let reopened = PortalTicket {
        opened_on: day(10),
        ..row()
    };
    assert_eq!(told(&reopened, &closed(Outcome::Ko, Some(6))), older);
    assert_eq!(
        told(&closed(Outcome::Ko, Some(6)), &reopened),
        Verdict::Changed(vec![Field::OpenedOn, Field::Status]),
        "R4: a reopening has its own day"
    );
}

#[test]
fn a_row_that_cannot_be_is_refused_with_its_reason() {
    let refused = |row: &PortalTicket| compare(None, row, day(20));
    let tomorrow = PortalTicket {
        opened_on: day(21),
        ..row()
    };
    assert_eq!(refused(&tomorrow), Verdict::Refused(RowRefusal::NotYet));
    assert_eq!(
        refused(&closed(Outcome::Ok, Some(21))),
        Verdict::Refused(RowRefusal::NotYet)
    );
    assert_eq!(
        refused(&closed(Outcome::Ok, Some(2))),
        Verdict::Refused(RowRefusal::ClosedBeforeOpened)
    );
    let of_another = PortalTicket {
        position: "4600000002".parse().unwrap(),
        ..row()
    };
    assert_eq!(told(&row(), &of_another), Verdict::Refused(RowRefusal::OtherPosition));
}

fn statuses() -> impl Strategy<Value = PortalStatus> {
    let on = proptest::option::of((3_u32..20).prop_map(day));
    let outcome = prop_oneof![Just(Outcome::Ok), Just(Outcome::Ko)];
    prop_oneof![
        Just(PortalStatus::Open),
        Just(PortalStatus::InProgress),
        Just(PortalStatus::Withdrawn),
        (outcome, on).prop_map(|(outcome, on)| PortalStatus::Closed { outcome, on }),
    ]
}

fn rows() -> impl Strategy<Value = PortalTicket> {
    let name = proptest::option::of(prop_oneof![Just("Rossi"), Just("Rossi S.r.l.")]);
    (statuses(), 1_u32..10, name).prop_map(|(status, opened, name)| PortalTicket {
        status,
        opened_on: day(opened),
        company_name: name.map(|name| name.parse().unwrap()),
        ..row()
    })
}

proptest! {
    #[test]
    fn whatever_was_taken_says_nothing_new_when_it_is_told_again(first in rows(), second in rows()) {
        let today = day(20);
        let mut held = None;
        for row in [&first, &second] {
            if let Verdict::New | Verdict::Changed(_) = compare(held.as_ref(), row, today) {
                held = Some(held.map_or_else(|| row.clone(), |held: PortalTicket| held.told(row)));
                let again = compare(held.as_ref(), row, today);
                prop_assert_eq!(again, Verdict::Same);
            }
        }
    }
}

fn answer(from: i64, minutes: i64) -> PortalAnswer {
    let start = midnight(day(26)) + TimeDelta::minutes(from);
    PortalAnswer {
        identifier: Some("Prenotazione n. 12".parse().unwrap()),
        start: Civil::at(start),
        end: Civil::at(start + TimeDelta::minutes(minutes)),
        place: Some("Lucca, Piazza dei Martiri\nsportello 4".parse().unwrap()),
    }
}

fn registered() -> RegisteredAppointment {
    RegisteredAppointment {
        id: AppointmentId::new(Uuid::from_u128(7)),
        company: place::company_of(&row().position),
        sede: place::sede(row().sede.as_ref()).code,
        tickets: vec![row().code],
        answer: answer(570, 30),
        content: Content::default(),
        by: None,
        registered_at: midnight(day(20)),
        cancelled: None,
        before: Vec::new(),
    }
}

fn at(minutes: i64) -> Now {
    Now::at(midnight(day(26)) + TimeDelta::minutes(minutes))
}

#[test]
fn r16_a_registered_appointment_is_registered_until_its_end_and_past_from_then_on() {
    assert_eq!(registered().stage(at(599)), RegisteredStage::Registered);
    assert_eq!(registered().stage(at(600)), RegisteredStage::Past);
}

#[test]
fn r5_a_registered_appointment_carries_its_tickets_until_its_end_unless_it_was_cancelled() {
    let mut appointment = registered();
    assert_eq!(appointment.carries_until(), Some(at(600).instant()));
    appointment.cancel(Party::Sede, at(0)).unwrap();
    assert_eq!(appointment.carries_until(), None);
    assert_eq!(appointment.stage(at(0)), RegisteredStage::Cancelled(Party::Sede));
    assert_eq!(
        appointment.cancel(Party::Studio, at(0)),
        Err(RegisterRefusal::Cancelled),
        "it is cancelled once"
    );
    assert_eq!(
        appointment.change(answer(600, 30), at(0)),
        Err(RegisterRefusal::Cancelled)
    );
}

#[test]
fn r15_what_the_portal_had_answered_before_is_kept() {
    let mut appointment = registered();
    assert_eq!(appointment.change(answer(570, 30), at(0)), Ok(false), "nothing else");
    assert_eq!(appointment.change(answer(600, 45), at(1)), Ok(true));
    assert_eq!(appointment.before.len(), 1);
    assert_eq!(appointment.before[0].answer, answer(570, 30));
    assert_eq!(appointment.carries_until(), Some(at(645).instant()));
}

#[test]
fn an_answer_that_cannot_be_meant_is_not_written_down() {
    assert_eq!(answer(570, 0).check(at(0)), Err(RegisterRefusal::Span));
    assert_eq!(answer(570, -5).check(at(0)), Err(RegisterRefusal::Span));
    assert_eq!(answer(570, 12 * 60 + 1).check(at(0)), Err(RegisterRefusal::Span));
    let years_later = Now::at(midnight(day(26)) + TimeDelta::days(800));
    assert_eq!(answer(570, 30).check(years_later), Err(RegisterRefusal::Implausible));
    assert_eq!(answer(570, 30).check(at(0)), Ok(()));
}

#[test]
fn among_appointments_it_has_a_code_whatever_the_portal_calls_it() {
    let named = registered().as_appointment();
    assert_eq!(named.code.as_str(), "00000000000000000000000000000007");
    assert_eq!(named.state, AppointmentState::Confirmed);
    let mut appointment = registered();
    appointment.answer.identifier = Some("LU-77".parse().unwrap());
    assert_eq!(appointment.as_appointment().code.as_str(), "LU-77");
    assert!(place::is_point(&appointment.as_appointment().slot.point));
}
