//! Promise 4: bookings that lie with the store until their tickets are ripe, or a place comes free.

use chrono::{TimeDelta, Weekday};
use domain::booking::{BookedTicket, Booking, Refusal};
use domain::deposit::{Awaited, Deposit};
use domain::eligibility::{Eligibility, Obstacle};
use domain::point::ConsultationPoint;
use domain::ticket::{Outcome, Ticket};
use domain::wish::{Pattern, Wish};

use super::Bench;
use super::uploads::{PDF, pdf, upload_of};
use super::world::{
    ALFA_1, ALFA_2, AZIENDE, BETA_1, DENUNCE, Replica, THURSDAY, TUESDAY, View, World, again, at, booked, booking, code,
    day, decided, offering, ripe, slot, wish,
};
use crate::{
    Attempt, BookOutcome, BookRefusal, CalendarStore, CancelOutcome, DepositOutcome, StoreError, TicketAct, UploadOutcome,
    WithdrawOutcome,
};

/// Midnight from which a ticket of [`unripe`] is bookable.
const WEDNESDAY: &str = "2026-11-25T00:00";

/// A ticket opened on Thursday 19 November: bookable from Wednesday.
fn unripe(ticket: &str, position: &str) -> Ticket {
    Ticket {
        opened_at: at("2026-11-19T17:30"),
        ..ripe(ticket, position)
    }
}

async fn deposit(store: &dyn CalendarStore, attempt: Attempt, booking: &Booking, waits: bool) -> DepositOutcome {
    store.deposit(attempt, booking, waits).await.expect("an outcome")
}

/// The deposit that lies with the store.
fn lies(outcome: DepositOutcome) -> Deposit {
    match outcome {
        DepositOutcome::Deposited { deposit } => *deposit,
        DepositOutcome::Decided { of_it } => panic!("this must lie with the store, and came to {of_it:?}"),
    }
}

/// What the deposit came to.
fn came_to(outcome: DepositOutcome) -> BookOutcome {
    match outcome {
        DepositOutcome::Decided { of_it } => of_it,
        DepositOutcome::Deposited { deposit } => panic!("this must be decided, and lies with the store: {deposit:?}"),
    }
}

/// The rule that refused it.
fn refused(outcome: DepositOutcome) -> Refusal {
    match came_to(outcome) {
        BookOutcome::Refused {
            why: BookRefusal::Rule { refusal },
        } => refusal,
        other => panic!("a rule must refuse this, not: {other:?}"),
    }
}

const WITHDRAWN: BookOutcome = BookOutcome::Refused {
    why: BookRefusal::Withdrawn,
};

/// The world with ALFA's unripe ticket `LU-1`.
async fn with_an_unripe_ticket<B: Bench>() -> World<B> {
    let world = World::<B>::new().await;
    world.admit([unripe("LU-1", ALFA_1)]).await;
    world
}

pub async fn a_deposit_goes_out_at_the_first_moment_with_nobody_asking_for_it<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &[THURSDAY]));
    let deposit_of_it = lies(deposit(&*world.alfa, attempt, &wanted, false).await);
    let expected = Deposit {
        decision: attempt.decision,
        attempt: 1,
        by: world.alfa.hello(1).await.expect("a welcome").person,
        tickets: vec![code("LU-1")],
        point: code(AZIENDE),
        wishes: wanted.wishes.clone(),
        deposited_at: world.now(),
        until: Awaited::Ripeness { at: at(WEDNESDAY) },
    };
    assert_eq!(deposit_of_it, expected, "R4: the exact moment is told");
    assert_eq!(copy.pull(&*world.alfa).await.len(), 1, "its studio sees it, and nothing else is new");
    assert_eq!(copy.view.deposits[&attempt.decision], expected);
    assert!(View::of(&*world.beta).await.deposits.is_empty(), "promise 2: nobody else does");
    assert_eq!(lies(deposit(&*world.alfa, attempt, &wanted, false).await), expected, "asked again, it is the same");

    world.clock.set(at(WEDNESDAY) - TimeDelta::seconds(1));
    copy.pull(&*world.alfa).await;
    assert!(copy.view.appointments.is_empty(), "not a second too early");
    world.it_is(WEDNESDAY);
    copy.pull(&*world.alfa).await;
    let appointment = copy.view.appointments.values().next().expect("it went out by itself");
    assert_eq!((appointment.decision, &appointment.slot), (attempt.decision, &slot(AZIENDE, THURSDAY)));
    assert!(copy.view.deposits.is_empty(), "and lies here no more");
    let outcome = came_to(deposit(&*world.alfa, attempt, &wanted, false).await);
    assert_eq!(booked(outcome.clone()), *appointment);
    assert_eq!(world.alfa.book(attempt, &wanted).await, Ok(outcome), "one attempt, one outcome");
    assert!(world.records.checkup().await.expect("looked").is_kept());
}

pub async fn who_deposited_first_is_granted_first<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    world.admit([unripe("LU-91", BETA_1), unripe("LU-2", ALFA_2)]).await;
    let (first, second, third) = (decided(), decided(), decided());
    lies(deposit(&*world.beta, first, &booking(&["LU-91"], &[THURSDAY]), false).await);
    let or_later = booking(&["LU-1"], &[THURSDAY, "2026-11-26T09:30"]);
    lies(deposit(&*world.alfa, second, &or_later, false).await);
    let same = booking(&["LU-2"], &[THURSDAY]);
    lies(deposit(&*world.alfa, third, &same, false).await);
    world.it_is("2026-11-25T08:00");
    // The last asks first.
    let refusal = refused(deposit(&*world.alfa, third, &same, false).await);
    assert!(matches!(refusal, Refusal::AllTaken { .. }), "R11: {refusal:?}");
    let (alfa, beta) = world.everybody_sees().await;
    assert_eq!(beta.appointments.values().next().map(|one| &one.slot), Some(&slot(AZIENDE, THURSDAY)));
    let theirs = alfa.appointments.values().next().expect("its second wish");
    assert_eq!((&theirs.slot, theirs.granted), (&slot(AZIENDE, "2026-11-26T09:30"), 1));
    assert!(world.records.checkup().await.expect("looked").is_kept());
}

pub async fn nobody_gets_between_a_ripe_deposit_and_its_place<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    world.admit([ripe("LU-91", BETA_1)]).await;
    lies(deposit(&*world.alfa, decided(), &booking(&["LU-1"], &[THURSDAY]), false).await);
    world.it_is("2026-11-25T00:00");
    let outcome = world.beta.book(decided(), &booking(&["LU-91"], &[THURSDAY])).await;
    let Ok(BookOutcome::Refused {
        why: BookRefusal::Rule {
            refusal: Refusal::AllTaken { .. },
        },
    }) = outcome
    else {
        panic!("who asks first on the day comes after who deposited before: {outcome:?}");
    };
    assert_eq!(View::of(&*world.alfa).await.appointments.len(), 1);
}

pub async fn what_is_certain_to_be_refused_is_refused_at_once<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    let before = world.everybody_sees().await;
    let refusal = refused(deposit(&*world.alfa, decided(), &booking(&["LU-1"], &[]), false).await);
    assert_eq!(refusal, Refusal::BadWishes, "R9");
    let outcome = came_to(deposit(&*world.alfa, decided(), &booking(&["LU-91"], &[THURSDAY]), false).await);
    let ticket = code("LU-91");
    let unknown = BookOutcome::Refused {
        why: BookRefusal::UnknownTicket { ticket },
    };
    assert_eq!(outcome, unknown);
    assert_eq!(world.everybody_sees().await, before, "and nothing lies here");

    world.delegate("ALFA", ALFA_1, "2026-01-01", Some(&day(1))).await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &[THURSDAY]));
    let refusal = refused(deposit(&*world.alfa, attempt, &wanted, false).await);
    let position = code(ALFA_1);
    assert_eq!(refusal, Refusal::DelegationMissing { position }, "R2 on the day on which it would go");
    let same = refused(deposit(&*world.alfa, attempt, &wanted, false).await);
    assert!(matches!(same, Refusal::DelegationMissing { .. }), "one attempt, one outcome");
}

pub async fn what_is_ripe_is_decided_at_once<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &[THURSDAY]));
    let appointment = booked(came_to(deposit(&*world.alfa, attempt, &wanted, false).await));
    assert_eq!(View::of(&*world.alfa).await.appointments[&appointment.id], appointment);
    world.admit([ripe("LU-2", ALFA_2)]).await;
    let refusal = refused(deposit(&*world.alfa, decided(), &booking(&["LU-2"], &[THURSDAY]), false).await);
    assert!(matches!(refusal, Refusal::AllTaken { .. }), "who does not wait is told at once");
}

pub async fn what_is_taken_back_does_not_go_out_even_if_it_arrives_later<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &[THURSDAY]));
    lies(deposit(&*world.alfa, attempt, &wanted, false).await);
    let mut copy = Replica::pulled(&*world.alfa).await;
    for _ in 0..2 {
        assert_eq!(world.alfa.withdraw(attempt).await, Ok(WithdrawOutcome::Withdrawn), "as often as it is asked");
    }
    copy.pull(&*world.alfa).await;
    assert!(copy.view.deposits.is_empty());
    let late = decided();
    assert_eq!(world.alfa.withdraw(late).await, Ok(WithdrawOutcome::Withdrawn));
    for attempt in [attempt, late] {
        assert_eq!(came_to(deposit(&*world.alfa, attempt, &wanted, false).await), WITHDRAWN);
        assert_eq!(world.alfa.book(attempt, &wanted).await, Ok(WITHDRAWN));
    }
    world.it_is("2026-11-25T08:00");
    assert!(View::of(&*world.alfa).await.appointments.is_empty());

    let outcome = came_to(deposit(&*world.alfa, again(attempt), &wanted, false).await);
    let appointment = booked(outcome.clone());
    let too_late = WithdrawOutcome::Decided { of_it: outcome };
    assert_eq!(world.alfa.withdraw(again(attempt)).await, Ok(too_late.clone()), "it is booked: R14 is the way out");
    let never_arrived = again(again(attempt));
    assert_eq!(world.alfa.withdraw(never_arrived).await, Ok(too_late), "one decision, one appointment");
    assert_eq!(View::of(&*world.alfa).await.appointments.len(), 1);
    assert_eq!(appointment.decision, attempt.decision);
    let stranger = world.beta.withdraw(attempt).await;
    assert_eq!(stranger, Ok(WithdrawOutcome::Withdrawn), "promise 2: another studio's attempts are its own");
    assert!(world.records.checkup().await.expect("looked").is_kept());
}

pub async fn the_next_attempt_of_a_decision_takes_the_place_of_the_last<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &[THURSDAY]));
    lies(deposit(&*world.alfa, attempt, &wanted, false).await);
    let other = booking(&["LU-1"], &["2026-11-26T10:00"]);
    let reused = world.alfa.deposit(attempt, &other, false).await;
    assert_eq!(reused, Err(StoreError::AttemptReused), "an attempt never stands for two requests");
    let reused = world.alfa.deposit(attempt, &wanted, true).await;
    assert_eq!(reused, Err(StoreError::AttemptReused));
    lies(deposit(&*world.alfa, again(attempt), &other, false).await);
    let seen = View::of(&*world.alfa).await.deposits;
    assert_eq!((seen.len(), seen[&attempt.decision].attempt), (1, 2));
    assert_eq!(came_to(deposit(&*world.alfa, attempt, &wanted, false).await), WITHDRAWN);
    world.it_is("2026-11-25T08:00");
    let view = View::of(&*world.alfa).await;
    let slots: Vec<_> = view.appointments.values().map(|one| one.slot.clone()).collect();
    assert_eq!(slots, [slot(AZIENDE, "2026-11-26T10:00")]);
}

pub async fn a_booking_before_its_time_does_not_end_its_deposit<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &[THURSDAY]));
    lies(deposit(&*world.alfa, attempt, &wanted, false).await);
    let early = world.alfa.book(attempt, &wanted).await;
    assert!(matches!(early, Ok(BookOutcome::Refused { .. })), "{early:?}");
    lies(deposit(&*world.alfa, attempt, &wanted, false).await);
    world.it_is(WEDNESDAY);
    let appointment = booked(world.alfa.book(attempt, &wanted).await.expect("an outcome"));
    let view = View::of(&*world.alfa).await;
    assert_eq!(view.appointments.values().collect::<Vec<_>>(), [&appointment], "what was answered stands");
}

pub async fn an_answer_of_the_sede_stops_what_was_decided_without_it<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    world.admit([unripe("LU-2", ALFA_2), ripe("LU-3", ALFA_2)]).await;
    let knowing = |ticket: &str, entries| Booking {
        tickets: vec![BookedTicket {
            code: code(ticket),
            judgement: None,
            read: Some(entries),
        }],
        ..booking(&[], &[THURSDAY])
    };
    let (first, second) = (decided(), decided());
    lies(deposit(&*world.alfa, first, &knowing("LU-1", 1), false).await);
    lies(deposit(&*world.alfa, second, &knowing("LU-2", 1), false).await);
    let act = async |ticket: &str, act| {
        let done = world.desk.act(&code(ticket), act, "Stiamo verificando.").await;
        done.expect("an outcome");
    };
    act("LU-1", TicketAct::TakeInProgress).await;
    lies(deposit(&*world.alfa, first, &knowing("LU-1", 1), false).await);
    act("LU-1", TicketAct::Reply).await;
    let answered = Refusal::Answered {
        ticket: code("LU-1"),
        at: world.now(),
    };
    let mut copy = Replica::pulled(&*world.alfa).await;
    assert_eq!(copy.view.deposits.len(), 1, "told at once, and not on the day");
    assert_eq!(refused(deposit(&*world.alfa, first, &knowing("LU-1", 1), false).await), answered);
    lies(deposit(&*world.alfa, again(first), &knowing("LU-1", 3), false).await);

    act("LU-2", TicketAct::Close(Outcome::Ko)).await;
    let refusal = refused(deposit(&*world.alfa, second, &knowing("LU-2", 1), false).await);
    assert!(matches!(refusal, Refusal::Answered { .. }), "bookable by R3, and still a person is asked: {refusal:?}");
    act("LU-3", TicketAct::Reply).await;
    let outcome = world.alfa.book(decided(), &knowing("LU-3", 1)).await;
    assert!(
        matches!(outcome, Ok(BookOutcome::Refused { why: BookRefusal::Rule { refusal: Refusal::Answered { .. } } })),
        "what was decided offline stops too: {outcome:?}"
    );
    booked(world.alfa.book(decided(), &knowing("LU-3", 2)).await.expect("an outcome"));
    world.it_is(WEDNESDAY);
    copy.pull(&*world.alfa).await;
    assert!(copy.view.deposits.is_empty());
}

pub async fn a_ticket_that_ripens_later_than_was_thought_is_waited_for<B: Bench>() {
    let world = with_an_unripe_ticket::<B>().await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &["2026-12-03T09:00"]));
    lies(deposit(&*world.alfa, attempt, &wanted, false).await);
    let mut slower = offering(1);
    for topic in slower.topics.iter_mut().filter(|topic| topic.code.as_str() == DENUNCE) {
        topic.threshold = Some(domain::topic::WaitingThreshold(8));
    }
    world.desk.publish(&slower).await.expect("published");
    world.it_is(WEDNESDAY);
    let view = View::of(&*world.alfa).await;
    let until = view.deposits[&attempt.decision].until;
    assert_eq!(until, Awaited::Ripeness { at: at("2026-11-28T00:00") }, "the sede's threshold counts (R4)");
    world.it_is("2026-11-28T00:00");
    assert_eq!(View::of(&*world.alfa).await.appointments.len(), 1);
}

pub async fn who_waits_for_a_place_gets_the_first_that_comes_free_the_longest_waiting_first<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([ripe("LU-2", ALFA_2), ripe("LU-92", BETA_1)]).await;
    let taken = world.beta_takes("LU-91", THURSDAY).await;
    let (first, second) = (decided(), decided());
    let (one, two) = (booking(&["LU-1"], &[THURSDAY]), booking(&["LU-2"], &[THURSDAY]));
    let waits = lies(deposit(&*world.alfa, first, &one, true).await);
    assert_eq!(waits.until, Awaited::Place { at: at("2026-11-24T00:00") });
    lies(deposit(&*world.alfa, second, &two, true).await);
    world.it_is("2026-11-24T12:00");
    assert_eq!(View::of(&*world.alfa).await.deposits.len(), 2, "a day later they wait still");

    let cancelled = world.beta.cancel(decided(), taken.id).await;
    assert!(matches!(cancelled, Ok(CancelOutcome::Cancelled { .. })));
    let snatched = world.beta.book(decided(), &booking(&["LU-92"], &[THURSDAY])).await;
    assert!(matches!(snatched, Ok(BookOutcome::Refused { .. })), "nobody comes before who waits: {snatched:?}");
    let view = View::of(&*world.alfa).await;
    let (held, left): (Vec<_>, Vec<_>) = (view.appointments.values().collect(), view.deposits.keys().collect());
    assert_eq!((held.len(), held[0].decision, left), (1, first.decision, vec![&second.decision]));

    let cancelled = world.alfa.cancel(decided(), held[0].id).await;
    assert!(matches!(cancelled, Ok(CancelOutcome::Cancelled { .. })));
    let outcome = came_to(deposit(&*world.alfa, second, &two, true).await);
    assert_eq!(booked(outcome).slot, slot(AZIENDE, THURSDAY));
    assert!(world.records.checkup().await.expect("looked").is_kept());
}

pub async fn who_waits_gets_what_more_desks_or_a_move_bring<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.admit([ripe("LU-2", ALFA_2)]).await;
    let theirs = world.beta_takes("LU-91", THURSDAY).await;
    let (first, second) = (decided(), decided());
    lies(deposit(&*world.alfa, first, &booking(&["LU-1"], &[THURSDAY]), true).await);
    let slots = domain::appointment::SedeChange::MoveTo {
        slot: slot(AZIENDE, TUESDAY[0]),
    };
    world.desk.tell(theirs.id, slots, "Spostato.").await.expect("an outcome");
    let view = View::of(&*world.alfa).await;
    assert_eq!(view.appointments.values().next().map(|one| &one.slot), Some(&slot(AZIENDE, THURSDAY)));

    lies(deposit(&*world.alfa, second, &booking(&["LU-2"], &[THURSDAY]), true).await);
    let before = offering(1).points.into_iter().find(|point| point.code.as_str() == AZIENDE);
    let before = before.expect("the point");
    let after = ConsultationPoint {
        desks: 2,
        ..before.clone()
    };
    world.desk.change_point(&before, &after).await.expect("an outcome");
    let view = View::of(&*world.alfa).await;
    assert_eq!((view.appointments.len(), view.deposits.len()), (2, 0));
    assert!(world.records.checkup().await.expect("looked").is_kept());
}

pub async fn waiting_ends_with_the_last_wish_that_can_be_met<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    world.beta_takes("LU-91", THURSDAY).await;
    let thursdays = Wish::Pattern(Pattern {
        weekdays: vec![Weekday::Thu],
        until: Some("2026-11-25".parse().expect("a day")),
        ..Pattern::default()
    });
    let wanted = Booking {
        wishes: vec![wish(THURSDAY), thursdays],
        ..booking(&["LU-1"], &[])
    };
    let attempt = decided();
    lies(deposit(&*world.alfa, attempt, &wanted, true).await);
    world.it_is("2026-11-26T08:59");
    lies(deposit(&*world.alfa, attempt, &wanted, true).await);
    world.it_is("2026-11-27T00:00");
    assert!(View::of(&*world.alfa).await.deposits.is_empty());
    let refusal = refused(deposit(&*world.alfa, attempt, &wanted, true).await);
    assert!(matches!(refusal, Refusal::AllTaken { .. }), "R11: {refusal:?}");
}

pub async fn the_files_of_what_waits_are_kept<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    assert_eq!(world.alfa.upload(&upload_of(PDF), 0, PDF).await, Ok(UploadOutcome::Complete));
    // Beyond the horizon until the middle of January.
    let mut wanted = booking(&["LU-1"], &["2027-02-11T09:00"]);
    wanted.content.attachments = vec![pdf(PDF)];
    let attempt = decided();
    lies(deposit(&*world.alfa, attempt, &wanted, true).await);
    for now in ["2026-12-15T08:00", "2027-01-08T08:00"] {
        world.it_is(now);
        lies(deposit(&*world.alfa, attempt, &wanted, true).await);
        assert_eq!(
            world.alfa.upload(&upload_of(PDF), 0, &[]).await,
            Ok(UploadOutcome::Complete),
            "R10: it is needed yet, on {now}"
        );
    }
}

pub async fn a_ticket_that_another_booking_carries_meanwhile_ends_the_wait<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let theirs = world.beta_takes("LU-91", THURSDAY).await;
    let (attempt, wanted) = (decided(), booking(&["LU-1"], &[THURSDAY]));
    lies(deposit(&*world.alfa, attempt, &wanted, true).await);
    let other = world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
    let cancelled = world.beta.cancel(decided(), theirs.id).await;
    assert!(matches!(cancelled, Ok(CancelOutcome::Cancelled { .. })));
    let until = other.slot.end.instant();
    let carried = Refusal::TicketNotBookable {
        ticket: code("LU-1"),
        eligibility: Eligibility::NotBookable(Obstacle::Carried { until }),
    };
    assert_eq!(refused(deposit(&*world.alfa, attempt, &wanted, true).await), carried, "R5");
    let view = View::of(&*world.alfa).await;
    assert_eq!((view.appointments.len(), view.deposits.len()), (1, 0));
}
