//! *Agenda*, *Oggi*, *Aziende* and the board.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use domain::appointment::SedeChange;
use domain::code::{AppointmentId, DecisionId};
use domain::point::Closure;
use domain::slot::Slot;
use domain::studio_change::StudioChange;
use domain::time::Civil;
use office::{Office, code, failure};
use store::{Attempt, CalendarStore, ChangeOutcome, SedeDesk};
use studio::view::agenda::{AppointmentStateView, CommunicationView, TimelineEvent};
use studio::view::failure::FailureCode;
use studio::view::refusals::{RefusalAbout, RefusalAsked, RefusalWhy};
use world::gate::{Call, unreachable};
use world::{POINT, day, open_ticket, rome};

/// An appointment on Thursday the 26th at 9:30, and its id.
async fn booked(office: &Office) -> (String, AppointmentId) {
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let id = office.studio.draft_open(&draft.id).await.unwrap().appointment.unwrap();
    let parsed = id.parse().unwrap();
    (id, parsed)
}

#[tokio::test]
async fn a_cancellation_is_marked_until_the_store_has_answered() {
    let office = Office::new().await;
    let (id, _) = booked(&office).await;
    office.gate.shut(Call::Cancel, unreachable());
    let marked = office.studio.appointment_cancel(&id).await.unwrap();
    assert!(marked.row.cancelling && !marked.can_cancel);
    assert_eq!(
        marked.row.state,
        AppointmentStateView::Confirmed,
        "nobody has answered yet"
    );
    office.studio.appointment_cancel(&id).await.unwrap();
    assert_eq!(
        office.studio.status().await.unwrap().connection.waiting,
        1,
        "twice is once"
    );
    office.studio.sync_now().await.unwrap();
    assert!(office.studio.agenda_list(false).await.unwrap()[0].cancelling);

    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let over = office.studio.appointment_open(&id).await.unwrap();
    assert!(!over.row.cancelling);
    assert_eq!(over.row.state, AppointmentStateView::CancelledByStudio);
    assert_eq!(over.timeline.last().unwrap().event, TimelineEvent::CancelledByStudio);
    assert_eq!(
        code(office.studio.appointment_cancel(&id).await),
        FailureCode::NotCancellable
    );
    assert_eq!(office.studio.agenda_list(false).await.unwrap().len(), 0);
    assert_eq!(office.studio.agenda_list(true).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_cancellation_that_the_sede_forestalled_is_told_once_with_how_it_stands() {
    let office = Office::new().await;
    let (id, appointment) = booked(&office).await;
    office.gate.shut(Call::Cancel, unreachable());
    office.studio.appointment_cancel(&id).await.unwrap();
    let desk = office.world.store.desk();
    desk.tell(appointment, SedeChange::Resolve, "Risolto d’ufficio.")
        .await
        .unwrap();
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let told = office.studio.today_read().await.unwrap().refusals;
    let [row] = &told[..] else {
        panic!("somebody decided it: {told:?}");
    };
    assert_eq!((&row.asked, row.why), (&RefusalAsked::Cancel, RefusalWhy::Over));
    let RefusalAbout::Appointment { now: Some(now), .. } = &row.about else {
        panic!("the studio still sees it: {row:?}");
    };
    assert_eq!(now.state, AppointmentStateView::Resolved);
    office.studio.refusal_dismiss(&row.id).await.unwrap();
    assert_eq!(office.studio.today_read().await.unwrap().refusals, []);
}

#[tokio::test]
async fn what_another_program_of_the_studio_changed_is_told_with_before_and_after() {
    let office = Office::new().await;
    let (id, appointment) = booked(&office).await;
    let colleague = office.world.store.studio(&"STUDIO-1".parse().unwrap());
    let change = StudioChange {
        notes: Some("Con la delega.".into()),
        wishes: vec![world::slot_at(11, 26, 10, 0)],
        ..StudioChange::default()
    };
    let attempt = Attempt::first(DecisionId::new(uuid::Uuid::now_v7()));
    let outcome = colleague.change(attempt, appointment, &change).await.unwrap();
    assert!(matches!(outcome, ChangeOutcome::Changed { .. }), "{outcome:?}");
    office.studio.sync_now().await.unwrap();
    let opened = office.studio.appointment_open(&id).await.unwrap();
    assert_eq!(
        (opened.row.slot.time.as_str(), opened.notes.as_str()),
        ("10:00", "Con la delega.")
    );
    assert_eq!(opened.row.unread, 0, "one's own change is no news");
    let TimelineEvent::ChangedByStudio {
        before: Some(before),
        after: Some(after),
        notes: true,
        contact: false,
        attachments: false,
    } = &opened.timeline[1].event
    else {
        panic!("{:?}", opened.timeline);
    };
    assert_eq!((before.time.as_str(), after.time.as_str()), ("09:30", "10:00"));
}

#[tokio::test]
async fn an_appointment_that_has_begun_can_not_be_cancelled() {
    let office = Office::new().await;
    let (id, _) = booked(&office).await;
    office.world.clock.set(rome(11, 26, 9, 30));
    office.studio.sync_now().await.unwrap();
    assert!(!office.studio.appointment_open(&id).await.unwrap().can_cancel);
    assert_eq!(
        code(office.studio.appointment_cancel(&id).await),
        FailureCode::NotCancellable
    );
    office.world.clock.set(rome(11, 26, 10, 0));
    let past = office.studio.appointment_open(&id).await.unwrap().row.state;
    assert_eq!(past, AppointmentStateView::Past, "derived, with no round in between");
    assert_eq!(office.studio.status().await.unwrap().connection.waiting, 0);
}

#[tokio::test]
async fn what_the_sede_says_is_shown_before_and_after_until_somebody_read_it() {
    let office = Office::new().await;
    let (id, parsed) = booked(&office).await;
    let slot = Slot {
        point: POINT.parse().unwrap(),
        start: Civil::at(rome(12, 1, 14, 0)),
        end: Civil::at(rome(12, 1, 14, 30)),
    };
    let moved = SedeChange::MoveTo { slot };
    office
        .world
        .store
        .desk()
        .tell(parsed, moved, "Spostato.")
        .await
        .unwrap();
    office.studio.sync_now().await.unwrap();

    let today = office.studio.today_read().await.unwrap();
    assert_eq!(today.communications.len(), 1);
    let said = &today.communications[0];
    let CommunicationView::Rescheduled { before, after, text } = &said.communication else {
        panic!("{:?}", said.communication)
    };
    assert_eq!((before.date.as_str(), before.time.as_str()), ("2026-11-26", "09:30"));
    assert_eq!((after.date.as_str(), after.time.as_str()), ("2026-12-01", "14:00"));
    assert_eq!((text.as_str(), said.appointment.unread), ("Spostato.", 1));
    assert_eq!(office.studio.status().await.unwrap().badges.today, 1);

    office.gate.shut(Call::Acknowledge, unreachable());
    office.studio.communication_acknowledge(&said.id).await.unwrap();
    assert_eq!(
        office.studio.today_read().await.unwrap().communications,
        [],
        "at once, before the store knows"
    );
    assert_eq!(office.studio.status().await.unwrap().badges.today, 0);
    let opened = office.studio.appointment_open(&id).await.unwrap();
    assert_eq!((opened.row.unread, opened.timeline[1].unread.as_ref()), (0, None));
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    assert_eq!(office.studio.appointment_open(&id).await.unwrap().row.unread, 0);
    let again = office.studio.communication_acknowledge(&said.id).await;
    assert_eq!(code(again), FailureCode::UnknownCommunication);
}

#[tokio::test]
async fn what_is_not_there_is_told_by_its_own_code() {
    let office = Office::new().await;
    let studio = &office.studio;
    for id in ["", "x", "00000000-0000-0000-0000-000000000000", &"0".repeat(50_000)] {
        assert_eq!(code(studio.appointment_open(id).await), FailureCode::UnknownAppointment);
        assert_eq!(
            code(studio.appointment_cancel(id).await),
            FailureCode::UnknownAppointment
        );
        assert_eq!(
            code(studio.communication_acknowledge(id).await),
            FailureCode::UnknownCommunication
        );
        assert_eq!(code(studio.company_open(id).await), FailureCode::UnknownCompany);
        assert_eq!(code(studio.board_read(id, None, 5).await), FailureCode::UnknownPoint);
    }
    assert_eq!(
        studio.status().await.unwrap().connection.waiting,
        0,
        "nothing was decided"
    );
}

#[tokio::test]
async fn the_agenda_is_read_by_days_both_included() {
    let office = Office::new().await;
    booked(&office).await;
    let read = async |from, to| office.studio.agenda_read(from, to).await;
    assert_eq!(read("2026-11-23", "2026-11-29").await.unwrap().len(), 1);
    assert_eq!(read("2026-11-26", "2026-11-26").await.unwrap().len(), 1);
    assert_eq!(read("2026-11-27", "2026-12-31").await.unwrap().len(), 0);
    for (from, to, argument) in [
        ("", "2026-11-26", "from"),
        ("2026-11-26", "26/11/2026", "to"),
        ("2026-11-26", "2026-11-25", "to"),
        ("2026-01-01", "2027-01-02", "to"),
        ("0000-01-01", "9999-12-31", "to"),
    ] {
        let refused = failure(read(from, to).await);
        assert_eq!(refused.code, FailureCode::InvalidArgument);
        assert_eq!(refused.details.argument.as_deref(), Some(argument), "{from} {to}");
    }
}

#[tokio::test]
async fn the_board_shows_open_days_page_by_page() {
    let office = Office::new().await;
    let closures = vec![Closure {
        from: day(12, 8),
        until: day(12, 8),
        part: None,
        reason: "Immacolata".into(),
    }];
    office.world.publish(closures).await;
    booked(&office).await;
    let read = async |from: Option<&str>, days| office.studio.board_read(POINT, from, days).await.unwrap();
    let dates =
        |board: &studio::view::board::Board| -> Vec<String> { board.days.iter().map(|day| day.date.clone()).collect() };

    let first = read(None, 3).await;
    assert_eq!(dates(&first), ["2026-11-24", "2026-11-26", "2026-12-01"]);
    assert_eq!(
        (first.previous.as_deref(), first.next.as_deref()),
        (None, Some("2026-12-03"))
    );
    assert_eq!(first.read_time.as_deref(), Some("9:41"));
    let thursday = &first.days[1];
    assert_eq!(thursday.slots.len(), 6);
    let free: Vec<u32> = thursday.slots.iter().map(|slot| slot.free).collect();
    assert_eq!(free, [1, 0, 1, 1, 1, 1], "9:30 is taken");
    assert!(thursday.slots.iter().all(|slot| slot.desks == 1 && !slot.begun));

    let second = read(first.next.as_deref(), 3).await;
    assert_eq!(dates(&second), ["2026-12-03", "2026-12-08", "2026-12-10"]);
    assert_eq!(second.days[1].closed.as_deref(), Some("Immacolata"));
    assert_eq!(second.days[1].slots, []);
    assert_eq!(second.previous.as_deref(), Some("2026-11-24"));
    let last = read(second.next.as_deref(), 3).await;
    assert_eq!(
        (dates(&last), last.next),
        (vec!["2026-12-15".into(), "2026-12-17".into()], None)
    );
    let beyond = read(Some("2027-06-01"), 3).await;
    assert_eq!((dates(&beyond), beyond.next), (vec![], None));
    assert_eq!(beyond.previous.as_deref(), Some("2026-12-10"), "the way back");
    assert_eq!(dates(&read(Some("2020-01-01"), 1).await), ["2026-11-24"]);

    for (from, days, argument) in [
        (None, 0, "days"),
        (None, 15, "days"),
        (None, u32::MAX, "days"),
        (Some("domani"), 3, "from"),
    ] {
        let refused = failure(office.studio.board_read(POINT, from, days).await);
        assert_eq!(refused.details.argument.as_deref(), Some(argument));
    }
}

#[tokio::test]
async fn what_has_begun_on_the_board_is_marked_and_a_day_that_is_over_is_left_out() {
    let office = Office::new().await;
    office.world.clock.set(rome(11, 24, 14, 0));
    let board = office.board().await;
    assert_eq!(board.days[0].date, "2026-11-24");
    let begun: Vec<bool> = board.days[0].slots.iter().map(|slot| slot.begun).collect();
    assert_eq!(begun, [true, true, false, false, false, false, false, false]);
    assert_eq!(board.read_time.as_deref(), Some("2026-11-23 9:41"), "read yesterday");
    office.world.clock.set(rome(11, 24, 17, 0));
    assert_eq!(office.board().await.days[0].date, "2026-11-26");
}

#[tokio::test]
async fn a_company_opens_with_its_positions_and_what_is_to_come() {
    let office = Office::new().await;
    booked(&office).await;
    let all = office.studio.companies_list("").await.unwrap();
    let names: Vec<_> = all.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Azienda 1", "Zeta Trasporti"]);
    assert_eq!((all[0].positions, all[0].open_tickets, all[0].bookable), (1, 4, 3));
    assert_eq!(office.studio.companies_list("zet").await.unwrap().len(), 1);
    let too_long = failure(office.studio.companies_list(&"x".repeat(201)).await);
    assert_eq!((too_long.code, too_long.details.max), (FailureCode::TooLong, Some(200)));
    let opened = office.studio.company_open("00000000001").await.unwrap();
    assert_eq!(opened.row, all[0]);
    assert_eq!(opened.appointments.len(), 1);
    let delegation = opened.positions[0].delegation.as_ref().unwrap();
    assert_eq!((delegation.from.as_str(), delegation.active), ("2026-01-01", true));
}

#[tokio::test]
async fn today_shows_what_needs_somebody_and_an_empty_day_is_empty() {
    let office = Office::new().await;
    booked(&office).await;
    let today = office.studio.today_read().await.unwrap();
    assert_eq!(today.date, "2026-11-23");
    assert_eq!(today.appointments.len(), 1);
    assert_eq!(today.bookable_total, 4, "LU-2, LU-5, LU-6 and LU-9");
    assert_eq!(today.ripened_total, 0, "LU-1, that ripened today, is booked already");
    let week: Vec<_> = today
        .week
        .iter()
        .map(|day| (day.date.as_str(), day.appointments.join(" "), day.ripening))
        .collect();
    assert_eq!(week[0].0, "2026-11-23");
    assert_eq!(week[2], ("2026-11-25", String::new(), 1), "LU-3");
    assert_eq!(
        week[3],
        ("2026-11-26", "09:30".to_owned(), 1),
        "LU-1 again, when its appointment is over"
    );
    assert_eq!(week.len(), 5);

    let quiet = Office::with(vec![open_ticket("LU-1", 1, 1)]).await;
    let today = quiet.studio.today_read().await.unwrap();
    assert_eq!((today.communications.len(), today.attention.len()), (0, 0));
    assert_eq!(
        (today.ripened.len(), today.appointments.len(), today.leaving.len()),
        (0, 0, 0)
    );
}
