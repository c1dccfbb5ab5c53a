//! The main job, from *Invia* to the confirmation, whatever happens in between.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use std::sync::Arc;

use domain::ticket::Outcome;
use office::{Office, code, texts};
use store::{SedeDesk, TicketAct};
use studio::view::agenda::AppointmentStateView;
use studio::view::app::{Area, ConnectionState};
use studio::view::drafts::{AttentionView, DraftChange, DraftStateView, Missing};
use studio::view::failure::FailureCode;
use studio::view::tickets::{BookableView, ObstacleView};
use sync::Waypoint;
use world::firm::{Firm, Mortal};
use world::gate::{Call, Fault, unreachable};
use world::{World, open_ticket, slot_at};

#[tokio::test]
async fn a_booking_goes_from_the_draft_through_the_outbox_into_the_agenda() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1", "LU-2"], &["09:30", "10:00"]).await;
    let sent = office.send(&draft).await;
    assert_eq!(sent.state, DraftStateView::Queued);
    assert_eq!(
        office.studio.agenda_list(false).await.unwrap().len(),
        0,
        "never around the outbox"
    );
    office.studio.sync_now().await.unwrap();

    let booked = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(booked.state, DraftStateView::Booked);
    let opened = office
        .studio
        .appointment_open(&booked.appointment.unwrap())
        .await
        .unwrap();
    assert_eq!(opened.row.state, AppointmentStateView::Confirmed);
    assert_eq!(opened.row.tickets, ["LU-1", "LU-2"]);
    assert_eq!(opened.row.slot.time, "09:30");
    assert_eq!(opened.phone, "0583 123456");
    assert_eq!(opened.granted, 0);
    assert!(opened.can_cancel);
    assert_eq!(opened.timeline.len(), 1);
    office
        .told(&[Area::Status, Area::Drafts, Area::Tickets, Area::Agenda, Area::Board])
        .await;

    let office = office.restarted().await;
    assert_eq!(office.studio.agenda_list(false).await.unwrap().len(), 1, "still there");
}

#[tokio::test]
async fn killed_at_each_waypoint_from_the_button_to_the_confirmation_there_is_one_appointment() {
    for waypoint in Waypoint::ALL {
        let world = World::new().await;
        world.enrol(1).await;
        world.admit(vec![open_ticket("LU-1", 1, 6)]).await;
        let office = Office::over(world, Mortal::at(waypoint)).await;
        office.studio.sync_now().await.unwrap();
        let draft = office.ready(&["LU-1"], &["09:30"]).await;
        let studio = Arc::clone(&office.studio);
        let (id, revision) = (draft.id.clone(), draft.revision);
        let killed = tokio::spawn(async move {
            studio.draft_send(&id, revision).await.unwrap();
            studio.sync_now().await.unwrap();
        });
        assert!(killed.await.unwrap_err().is_panic(), "killed at {waypoint:?}");

        let office = office.restarted().await;
        let found = office.studio.draft_open(&draft.id).await.unwrap();
        if waypoint == Waypoint::BeforeOutboxRow {
            assert_eq!(
                found.state,
                DraftStateView::Editing,
                "nothing was decided, nothing is lost"
            );
            assert_eq!(found.wishes.len(), 1);
            office.send(&found).await;
        }
        office.studio.sync_now().await.unwrap();
        office.studio.sync_now().await.unwrap();
        let found = office.studio.draft_open(&draft.id).await.unwrap();
        assert_eq!(found.state, DraftStateView::Booked, "{waypoint:?}");
        let agenda = office.studio.agenda_list(false).await.unwrap();
        assert_eq!(agenda.len(), 1, "exactly one appointment after {waypoint:?}");
    }
}

#[tokio::test]
async fn without_a_network_everything_but_the_answer_goes_on() {
    let office = Office::new().await;
    office.gate.shut(Call::Hello, unreachable());
    office.gate.shut(Call::Pull, unreachable());
    office.gate.shut(Call::Book, unreachable());
    let status = office.studio.sync_now().await.unwrap();
    assert_eq!(status.connection.state, ConnectionState::Offline);
    assert_eq!(
        status.connection.read_time.as_deref(),
        Some("9:41"),
        "what is shown is of then"
    );
    office.world.clock.advance(chrono::TimeDelta::minutes(20));

    assert_eq!(office.board().await.read_time.as_deref(), Some("9:41"));
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let sent = office.send(&draft).await;
    assert_eq!(sent.state, DraftStateView::Queued);
    let status = office.studio.sync_now().await.unwrap();
    assert_eq!((status.connection.waiting, status.badges.drafts), (1, 1));
    let row = &office.studio.drafts_list().await.unwrap()[0];
    assert_eq!(row.failures, 1);
    assert_eq!(row.last_attempt.as_deref(), Some("2026-11-23T09:01:00Z"));
    assert!(row.next_attempt.is_some());

    office.gate.open();
    let retried = office.studio.draft_retry(&draft.id).await.unwrap();
    assert_eq!(retried.state, DraftStateView::Queued);
    let status = office.studio.sync_now().await.unwrap();
    assert_eq!(
        (status.connection.state, status.connection.waiting),
        (ConnectionState::Connected, 0)
    );
    assert_eq!(status.connection.read_time.as_deref(), Some("10:01"));
    assert_eq!(
        office.studio.draft_open(&draft.id).await.unwrap().state,
        DraftStateView::Booked
    );
}

#[tokio::test]
async fn a_slot_that_is_taken_meanwhile_asks_for_attention_and_one_button_mends_it() {
    let office = Office::new().await;
    office.world.enrol(2).await;
    office.world.admit(vec![open_ticket("RIVAL-1", 2, 9)]).await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let rival = Firm::open(&office.world, 2).await;
    rival.round().await;
    let theirs = rival.draft(&["RIVAL-1"], vec![slot_at(11, 26, 9, 30)]).await;
    rival.send(&theirs, None).await;
    assert_eq!(rival.round().await.booked, 1);
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();

    let refused = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(refused.state, DraftStateView::NeedsAttention);
    let Some(AttentionView::AllTaken { nearest }) = &refused.attention else {
        panic!("{:?}", refused.attention)
    };
    assert_eq!(nearest.len(), 6);
    let status = office.studio.status().await.unwrap();
    assert_eq!(status.badges.today, 1);
    assert_eq!(office.studio.today_read().await.unwrap().attention.len(), 1);

    // The same once more comes to the same.
    office.studio.draft_retry(&draft.id).await.unwrap();
    office.studio.sync_now().await.unwrap();
    let refused = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(refused.state, DraftStateView::NeedsAttention);

    let recalled = office.studio.draft_recall(&draft.id).await.unwrap();
    let wish = studio::view::drafts::WishView::Slot {
        start: nearest[0].start.clone(),
        date: String::new(),
        time: String::new(),
        free: None,
    };
    let change = DraftChange {
        wishes: Some(vec![wish]),
        ..DraftChange::default()
    };
    let saved = office
        .studio
        .draft_save(&draft.id, recalled.revision, change)
        .await
        .unwrap();
    office.send(&saved).await;
    office.studio.sync_now().await.unwrap();
    let agenda = office.studio.agenda_list(false).await.unwrap();
    assert_eq!(agenda.len(), 1);
    assert_eq!(agenda[0].slot, nearest[0]);
}

#[tokio::test]
async fn a_ticket_answered_meanwhile_says_so_and_can_not_be_sent_again_as_it_is() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    let desk = office.world.store.desk();
    desk.act(&world::code("LU-1"), TicketAct::Close(Outcome::Ok), "Fatto.")
        .await
        .unwrap();
    office.studio.sync_now().await.unwrap();
    let refused = office.studio.draft_open(&draft.id).await.unwrap();
    let answered = AttentionView::Answered {
        ticket: "LU-1".into(),
        date: "2026-11-23".into(),
        time: "09:41".into(),
    };
    assert_eq!(refused.attention, Some(answered));
    let bookable = BookableView::No {
        obstacle: ObstacleView::Unassessed,
    };
    let code_of_it = "LU-1".into();
    assert_eq!(
        refused.missing,
        [Missing::Ticket {
            code: code_of_it,
            bookable
        }],
        "R3: somebody must judge it"
    );
    assert_eq!(
        code(office.studio.draft_retry(&draft.id).await),
        FailureCode::DraftIncomplete
    );
    let still = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(
        still.state,
        DraftStateView::NeedsAttention,
        "a refused retry changes nothing"
    );
}

#[tokio::test]
async fn a_booking_whose_answer_was_lost_is_found_even_after_it_was_taken_back() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    office.gate.once(Call::Book, Fault::After(unreachable()));
    office.studio.sync_now().await.unwrap();
    office.studio.draft_recall(&draft.id).await.unwrap();
    office.studio.draft_discard(&draft.id).await.unwrap();
    office.studio.sync_now().await.unwrap();
    let found = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(
        found.state,
        DraftStateView::Booked,
        "the store has it, and so says the draft"
    );
    assert_eq!(office.studio.agenda_list(false).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_loop_runs_beside_the_functions_and_stops() {
    let office = Office::new().await;
    let studio = Arc::clone(&office.studio);
    let running = tokio::spawn(async move { studio.run().await });
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    let wait = async {
        while office.studio.draft_open(&draft.id).await.unwrap().state != DraftStateView::Booked {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait)
        .await
        .expect("a decision nudges the loop");
    office.studio.stop();
    tokio::time::timeout(std::time::Duration::from_secs(20), running)
        .await
        .expect("it stops")
        .unwrap();
    office.studio.close().await;
}

#[tokio::test]
async fn two_groups_of_one_company_become_two_appointments() {
    let office = Office::new().await;
    let grouping = office
        .studio
        .booking_group(&texts(&["LU-1", "LU-2", "LU-6"]))
        .await
        .unwrap();
    assert_eq!(grouping.groups.len(), 2);
    let first = office.ready(&["LU-1", "LU-2"], &["09:30"]).await;
    let second = office.prepare(&["LU-6"]).await;
    let change = DraftChange {
        wishes: Some(vec![studio::view::drafts::WishView::Pattern {
            weekdays: vec![3],
            from: None,
            to: None,
            until: None,
        }]),
        email: Some("studio@example.it".into()),
        ..DraftChange::default()
    };
    let second = office
        .studio
        .draft_save(&second.id, second.revision, change)
        .await
        .unwrap();
    office.send(&first).await;
    office.send(&second).await;
    office.studio.sync_now().await.unwrap();
    let points: Vec<_> = office
        .studio
        .agenda_list(false)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.slot.date, row.point.code))
        .collect();
    assert_eq!(
        points,
        [
            ("2026-11-25".to_owned(), world::OTHER_POINT.to_owned()),
            ("2026-11-26".to_owned(), world::POINT.to_owned())
        ]
    );
}

/// Not called: that it compiles says that the shell may call each function from any thread.
#[allow(
    dead_code,
    unused_must_use,
    clippy::let_underscore_future,
    reason = "compiled, never run"
)]
fn every_function_can_be_called_from_any_thread(studio: &'static studio::Studio, options: studio::Options) {
    fn sent<T: Send + 'static>(_: T) {}
    sent(studio::Studio::open(options));
    sent(studio.run());
    sent(studio.close());
    sent(studio.status());
    sent(studio.repairs_seen());
    sent(studio.sync_now());
    sent(studio.ticket_facets());
    sent(studio.ticket_open(""));
    sent(studio.tickets_window(1, 0, 1));
    sent(studio.ticket_assess("", studio::view::tickets::AssessmentView::Satisfactory));
    sent(studio.booking_group(&[]));
    sent(studio.booking_prepare(&[]));
    sent(studio.booking_from_reply(""));
    sent(studio.draft_open(""));
    sent(studio.draft_save("", 1, DraftChange::default()));
    sent(studio.draft_send("", 1));
    sent(studio.draft_recall(""));
    sent(studio.draft_retry(""));
    sent(studio.draft_discard(""));
    sent(studio.draft_restore(""));
    sent(studio.drafts_list());
    sent(studio.attach("", Vec::new()));
    sent(studio.attachment_remove("", ""));
    sent(studio.attachment_path("", ""));
    sent(studio.board_read("", None, 1));
    sent(studio.companies_list(""));
    sent(studio.company_open(""));
    sent(studio.agenda_read("", ""));
    sent(studio.agenda_list(true));
    sent(studio.appointment_open(""));
    sent(studio.appointment_cancel(""));
    sent(studio.communication_acknowledge(""));
    sent(studio.today_read());
}
