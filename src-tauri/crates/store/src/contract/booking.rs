//! What is booked, and what is refused with everything left as it was.

use chrono::{TimeDelta, Weekday};
use domain::appointment::{AppointmentState, SedeChange};
use domain::attachment::{Attachment, FileKind, FileName};
use domain::booking::{Booking, Refusal};
use domain::code::ContentHash;
use domain::content::{Breach, Contact, Limits};
use domain::eligibility::{Eligibility, Obstacle, Waiting};
use domain::point::Closure;
use domain::ticket::{Judgement, Outcome, ReplyAssessment, TicketStatus};
use domain::time::TimeOfDay;
use domain::topic::WaitingThreshold;
use domain::wish::{NEAREST_OFFERED, Pattern, Unsuitable, Wish};

use super::Bench;
use super::world::{
    ALFA_1, ALFA_1B, ALFA_2, AZIENDE, DURC, REGOLARITA, RIMBORSI, SENZA_PUNTO, THURSDAY, TUESDAY, View, World,
    about, at, booking, closed, code, day, decided, offering, ripe, slot, wish,
};
use crate::{BookRefusal, DeskOutcome, TicketAct};

pub async fn a_ripe_ticket_is_booked_and_everything_about_it_follows<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let attempt = decided();
    let asked = booking(&["LU-1"], &TUESDAY[..1]);
    let outcome = world.alfa.book(attempt, &asked).await.expect("an outcome");
    let appointment = super::world::booked(outcome);
    assert_eq!(appointment.decision, attempt.decision);
    assert!(appointment.code.as_str().starts_with("LU-A-"), "{}", appointment.code);
    assert_eq!(appointment.company, code("01000000001"));
    assert_eq!(appointment.tickets, [code("LU-1")]);
    assert_eq!(appointment.slot, slot(AZIENDE, TUESDAY[0]));
    assert_eq!(appointment.state, AppointmentState::Confirmed, "R12");
    assert_eq!(appointment.content, asked.content);
    assert_eq!(appointment.granted, 0);
    assert_eq!(appointment.booked_at, world.now());
    assert_eq!(appointment.communications, []);
    let view = View::of(&*world.alfa).await;
    assert_eq!(view.appointments.values().collect::<Vec<_>>(), [&appointment]);
    assert_eq!(
        view.ticket("LU-1").carried_until,
        appointment.carries_until(),
        "R5: the ticket says until when it is carried"
    );
    assert_eq!(view.held(TUESDAY[0]), Some(1), "R11: everybody sees that the place is taken");
}

pub async fn tickets_of_two_topics_share_an_appointment_at_one_point<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut old = about(RIMBORSI, ripe("LU-2", ALFA_1B));
    old.opened_at -= TimeDelta::days(10);
    world.admit([old]).await;
    let appointment = world.book(&booking(&["LU-2", "LU-1"], &TUESDAY[..1])).await;
    assert_eq!(appointment.tickets, [code("LU-2"), code("LU-1")], "R8, in the order of the selection");
    let view = View::of(&*world.alfa).await;
    for ticket in ["LU-1", "LU-2"] {
        assert!(view.ticket(ticket).carried_until.is_some(), "R5 holds for each of them");
    }
}

pub async fn a_ticket_that_is_named_twice_counts_once<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let appointment = world.book(&booking(&["LU-1", "LU-1"], &TUESDAY[..1])).await;
    assert_eq!(appointment.tickets, [code("LU-1")]);
}

pub async fn the_granted_wish_is_the_first_that_is_free<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.beta_takes("LU-91", TUESDAY[0]).await;
    world.beta_takes("LU-92", TUESDAY[1]).await;
    let appointment = world
        .book(&booking(&["LU-1"], &[TUESDAY[0], TUESDAY[1], THURSDAY, TUESDAY[2]]))
        .await;
    assert_eq!(appointment.granted, 2, "the best wish that can be met, not the soonest");
    assert_eq!(appointment.slot, slot(AZIENDE, THURSDAY));
}

pub async fn a_pattern_gets_its_soonest_slot<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.beta_takes("LU-91", THURSDAY).await;
    let thursday_mornings = Wish::Pattern(Pattern {
        weekdays: vec![Weekday::Thu],
        to: TimeOfDay::new(12, 0),
        ..Pattern::default()
    });
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.wishes.push(thursday_mornings);
    let appointment = world.book(&asked).await;
    assert_eq!(appointment.granted, 1);
    assert_eq!(appointment.slot, slot(AZIENDE, "2026-11-26T09:30"));
}

pub async fn what_never_suits_is_not_granted<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let never = Wish::Never(Unsuitable {
        weekdays: vec![Weekday::Tue],
        days: vec!["2026-11-26".parse().expect("a day")],
    });
    let mut wanted = booking(&["LU-1"], &TUESDAY[..1]);
    wanted.wishes.extend([Wish::Pattern(Pattern::default()), never.clone()]);
    let appointment = world.book(&wanted).await;
    assert_eq!(appointment.slot, slot(AZIENDE, "2026-12-03T09:00"));
    assert_eq!(appointment.granted, 1);
    world.admit([ripe("LU-2", ALFA_2)]).await;
    let only_never = Booking {
        wishes: vec![never],
        ..booking(&["LU-2"], &[])
    };
    assert_eq!(world.rule_refuses(&only_never).await, Refusal::BadWishes, "R9: nothing is wished for");
}

pub async fn a_slot_with_several_desks_is_granted_until_they_are_taken<B: Bench>() {
    let world = World::<B>::with_desks(2).await;
    world.admit(["LU-1", "LU-2"].map(|ticket| ripe(ticket, ALFA_1))).await;
    world.beta_takes("LU-91", TUESDAY[0]).await;
    assert_eq!(View::of(&*world.alfa).await.held(TUESDAY[0]), Some(1));
    world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
    assert_eq!(View::of(&*world.alfa).await.held(TUESDAY[0]), Some(2));
    let refusal = world.rule_refuses(&booking(&["LU-2"], &TUESDAY[..1])).await;
    assert!(matches!(refusal, Refusal::AllTaken { .. }), "R11: two desks, two appointments; {refusal:?}");
}

pub async fn with_every_wish_taken_the_nearest_free_slots_are_told<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.beta_takes("LU-91", TUESDAY[1]).await;
    match world.rule_refuses(&booking(&["LU-1"], &TUESDAY[1..2])).await {
        Refusal::AllTaken { nearest } => {
            assert_eq!(nearest.len(), NEAREST_OFFERED);
            assert_eq!(nearest[0], slot(AZIENDE, TUESDAY[0]));
            assert_eq!(nearest[1], slot(AZIENDE, TUESDAY[2]), "the taken one is not offered");
        }
        refusal => panic!("R11 must refuse, not {refusal:?}"),
    }
}

pub async fn a_slot_that_has_begun_or_lies_beyond_the_horizon_is_not_granted<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.it_is(TUESDAY[0]);
    for local in [TUESDAY[0], "2027-01-05T13:30", "2026-11-24T13:45", "2026-11-25T13:30"] {
        let refusal = world.rule_refuses(&booking(&["LU-1"], &[local])).await;
        assert!(matches!(refusal, Refusal::AllTaken { .. }), "{local}: {refusal:?}");
    }
    let mut closed = offering(1);
    closed.points[0].closures.push(Closure {
        from: at(THURSDAY).date_naive(),
        until: at(THURSDAY).date_naive(),
        part: None,
        reason: "Assemblea".into(),
    });
    world.desk.publish(&closed).await.expect("published");
    let refusal = world.rule_refuses(&booking(&["LU-1"], &[THURSDAY])).await;
    assert!(matches!(refusal, Refusal::AllTaken { .. }), "closed: {refusal:?}");
}

pub async fn without_a_ticket_nothing_is_booked<B: Bench>() {
    let world = World::<B>::new().await;
    assert_eq!(world.rule_refuses(&booking(&[], &TUESDAY[..1])).await, Refusal::NoTicket);
}

pub async fn tickets_of_two_companies_are_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([ripe("LU-2", ALFA_2)]).await;
    let refusal = world.rule_refuses(&booking(&["LU-1", "LU-2"], &TUESDAY[..1])).await;
    assert_eq!(refusal, Refusal::MixedCompanies);
}

pub async fn a_delegation_that_is_over_is_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.delegate("ALFA", ALFA_1, "2026-01-01", Some(&day(0))).await;
    world.it_is("2026-11-24T00:00");
    // Pulled first, so that what ends with the day has ended before the booking is asked for.
    View::of(&*world.alfa).await;
    let refusal = world.rule_refuses(&booking(&["LU-1"], &[THURSDAY])).await;
    let position = code(ALFA_1);
    assert_eq!(refusal, Refusal::DelegationMissing { position }, "R2: the last day was yesterday");
}

pub async fn a_delegation_that_has_not_begun_shows_no_ticket<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.delegate("BETA", ALFA_1, &day(1), None).await;
    let asked = booking(&["LU-1"], &[THURSDAY]);
    let outcome = world.beta.book(decided(), &asked).await.expect("an outcome");
    let ticket = code("LU-1");
    assert_eq!(super::world::refused(outcome), BookRefusal::UnknownTicket { ticket }, "promise 2");
    world.it_is("2026-11-24T00:00");
    let outcome = world.beta.book(decided(), &asked).await.expect("an outcome");
    super::world::booked(outcome);
}

pub async fn a_ticket_that_has_not_waited_long_enough_is_refused_with_its_day<B: Bench>() {
    let world = World::<B>::new().await;
    let mut young = ripe("LU-1", ALFA_1);
    young.opened_at = at("2026-11-20T08:00");
    world.admit([young]).await;
    let refusal = world.rule_refuses(&booking(&["LU-1"], &[THURSDAY])).await;
    let eligibility = Eligibility::BookableFrom {
        on: day(3).parse().expect("a day"),
        waiting: Waiting {
            days: 3,
            threshold: WaitingThreshold(5),
        },
    };
    let ticket = code("LU-1");
    assert_eq!(refusal, Refusal::TicketNotBookable { ticket, eligibility }, "R4, R6");
}

/// What must stand against the ticket `LU-1`, which is the only one named.
async fn hindered<B: Bench>(world: &World<B>, asked: &Booking) -> Obstacle {
    match world.rule_refuses(asked).await {
        Refusal::TicketNotBookable {
            ticket,
            eligibility: Eligibility::NotBookable(obstacle),
        } => {
            assert_eq!(ticket, code("LU-1"));
            obstacle
        }
        refusal => panic!("the ticket is not bookable, but the answer is {refusal:?}"),
    }
}

pub async fn a_reply_that_nobody_judged_is_refused<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ok, ripe("LU-1", ALFA_1))]).await;
    let obstacle = hindered(&world, &booking(&["LU-1"], &[THURSDAY])).await;
    assert_eq!(obstacle, Obstacle::Unassessed, "R3");
}

fn judged(asked: &mut Booking, assessment: ReplyAssessment, closed_at: &str) {
    asked.tickets[0].judgement = Some(Judgement {
        assessment,
        closed_at: at(closed_at),
    });
}

pub async fn a_reply_that_was_found_satisfactory_is_refused<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ko, ripe("LU-1", ALFA_1))]).await;
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    judged(&mut asked, ReplyAssessment::Satisfactory, "2026-11-20T12:00");
    let obstacle = hindered(&world, &asked).await;
    assert_eq!(obstacle, Obstacle::Satisfactory, "R3, even after ko");
}

pub async fn a_ticket_that_was_withdrawn_is_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world
        .desk
        .act(&code("LU-1"), TicketAct::Withdraw, "Ritirata.")
        .await
        .expect("an outcome");
    assert_eq!(hindered(&world, &booking(&["LU-1"], &[THURSDAY])).await, Obstacle::Withdrawn, "R5");
}

pub async fn a_ticket_that_no_point_answers_is_refused<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([about(SENZA_PUNTO, ripe("LU-1", ALFA_1))]).await;
    assert_eq!(hindered(&world, &booking(&["LU-1"], &[THURSDAY])).await, Obstacle::NoPoint, "R5");
}

pub async fn a_ticket_that_an_appointment_carries_is_refused<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let obstacle = hindered(&world, &booking(&["LU-1"], &[THURSDAY])).await;
    let until = appointment.slot.end.instant();
    assert_eq!(obstacle, Obstacle::Carried { until }, "R5");
}

pub async fn a_ticket_that_leads_elsewhere_is_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([about(REGOLARITA, ripe("LU-2", ALFA_1))]).await;
    let refusal = world.rule_refuses(&booking(&["LU-1", "LU-2"], &[THURSDAY])).await;
    let (ticket, leads_to) = (code("LU-2"), code(DURC));
    assert_eq!(refusal, Refusal::OtherPoint { ticket, leads_to }, "R8: named, never dropped silently");
}

pub async fn wishes_that_cannot_be_ranked_are_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    assert_eq!(world.rule_refuses(&booking(&["LU-1"], &[])).await, Refusal::BadWishes);
    assert_eq!(world.rule_refuses(&booking(&["LU-1"], &[THURSDAY; 11])).await, Refusal::BadWishes);
}

fn pdf(name: &str, bytes: u64) -> Attachment {
    Attachment {
        hash: ContentHash::of(name.as_bytes()),
        name: FileName::sanitised(name),
        kind: FileKind::Pdf,
        bytes,
    }
}

pub async fn content_beyond_the_limits_is_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let limits = Limits::default();
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.content.notes = "è".repeat(501);
    asked.content.contact = Contact::default();
    asked.content.attachments = ["a", "b", "c", "d"].map(|name| pdf(name, 10)).into();
    asked.content.attachments[2].bytes = limits.file_bytes_max + 1;
    let breaches = vec![
        Breach::NotesTooLong { length: 501, max: 500 },
        Breach::NoContact,
        Breach::TooManyFiles { max: 3 },
        Breach::FileTooLarge {
            index: 2,
            max: limits.file_bytes_max,
        },
    ];
    assert_eq!(world.rule_refuses(&asked).await, Refusal::Content { breaches }, "R9, R10: all at once");
}

pub async fn the_limits_of_the_sede_win<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let limits = Limits {
        notes_max: 5,
        ..Limits::default()
    };
    world.desk.set_limits(limits).await.expect("set");
    let breaches = vec![Breach::NotesTooLong { length: 22, max: 5 }];
    let refusal = world.rule_refuses(&booking(&["LU-1"], &[THURSDAY])).await;
    assert_eq!(refusal, Refusal::Content { breaches }, "R10");
}

pub async fn texts_are_kept_as_they_were_written<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let hostile = "'; DROP TABLE ticket; --\" \u{1} \u{202e}\u{200d}👩‍👩‍👧 \\u0000 $1 %s\r\n<b>";
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.content.notes = hostile.to_owned();
    let attempt = decided();
    let appointment = super::world::booked(world.alfa.book(attempt, &asked).await.expect("an outcome"));
    assert_eq!(appointment.content.notes, hostile);
    let again = super::world::booked(world.alfa.book(attempt, &asked).await.expect("an outcome"));
    assert_eq!(again, appointment, "also as it is remembered");
    let label = "Avviso".to_owned();
    let said = world.desk.tell(appointment.id, SedeChange::Say { label }, hostile).await;
    assert_eq!(said, Ok(DeskOutcome::Done));
    let replied = world.desk.act(&code("LU-1"), TicketAct::Reply, hostile).await;
    assert_eq!(replied, Ok(DeskOutcome::Done));
    let view = View::of(&*world.alfa).await;
    assert_eq!(view.appointments[&appointment.id].communications[0].text, hostile);
    let read = world.records.appointment(&appointment.code).await.expect("read").expect("it is there");
    assert_eq!(read.appointment.content.notes, hostile);
    assert!(world.records.checkup().await.expect("looked").is_kept());

    world.admit([ripe("LU-2", ALFA_1)]).await;
    let mut asked = booking(&["LU-2"], &[THURSDAY]);
    asked.content.notes = "prima\0dopo".to_owned();
    let breaches = vec![Breach::NotesUnreadable];
    assert_eq!(world.rule_refuses(&asked).await, Refusal::Content { breaches }, "R9");
}

pub async fn a_file_that_was_not_sent_is_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.content.attachments = vec![pdf("a", 10)];
    let hash = asked.content.attachments[0].hash;
    assert_eq!(world.refused(&asked).await, BookRefusal::AttachmentMissing { hash });
}

pub async fn a_ticket_that_nobody_knows_is_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let why = world.refused(&booking(&["LU-1", "LU-404"], &[THURSDAY])).await;
    let ticket = code("LU-404");
    assert_eq!(why, BookRefusal::UnknownTicket { ticket });
}

pub async fn a_point_that_nobody_knows_is_refused<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.point = code("LU-NESSUNO");
    assert_eq!(world.refused(&asked).await, BookRefusal::UnknownPoint);
}

pub async fn a_reply_closed_ko_is_bookable_unjudged<B: Bench>() {
    let world = World::<B>::new().await;
    let mut young = closed(Outcome::Ko, ripe("LU-1", ALFA_1));
    young.opened_at = at("2026-11-20T08:00");
    world.admit([young]).await;
    world.book(&booking(&["LU-1"], &[THURSDAY])).await;
}

pub async fn the_judgement_that_a_booking_brings_counts_and_is_kept<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ok, ripe("LU-1", ALFA_1))]).await;
    let mut asked = booking(&["LU-1"], &[TUESDAY[0]]);
    judged(&mut asked, ReplyAssessment::Unsatisfactory, "2026-11-20T12:00");
    // Refused for another reason first: then nothing is recorded.
    asked.wishes = vec![wish("2026-11-25T13:30")];
    let refusal = world.rule_refuses(&asked).await;
    assert!(matches!(refusal, Refusal::AllTaken { .. }), "{refusal:?}");
    asked.wishes = vec![wish(TUESDAY[0])];
    world.book(&asked).await;
    let view = View::of(&*world.alfa).await;
    match view.ticket("LU-1").ticket.status {
        TicketStatus::Closed { assessment, .. } => {
            assert_eq!(assessment, ReplyAssessment::Unsatisfactory, "R3: recorded with the booking");
        }
        status => panic!("the ticket is closed, not {status:?}"),
    }
}

pub async fn a_judgement_of_an_earlier_reply_says_nothing<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ok, ripe("LU-1", ALFA_1))]).await;
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    judged(&mut asked, ReplyAssessment::Unsatisfactory, "2026-11-19T12:00");
    assert_eq!(hindered(&world, &asked).await, Obstacle::Unassessed, "R3: it is about another reply");
}
