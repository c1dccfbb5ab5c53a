//! Promise 4, as a studio lives it: drafts that send themselves, wait for a place, are taken back, or stop for an answer.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use domain::ticket::Outcome;
use office::{Office, code, everything, thursday};
use store::{Attempt, BookOutcome, CalendarStore, SedeDesk, TicketAct};
use studio::view::drafts::{AttentionView, DraftChange, DraftDetail, DraftStateView, Due};
use studio::view::failure::FailureCode;
use world::gate::{Call, Fault, unreachable};
use world::{open_ticket, rome};

/// LU-3 is bookable from Wednesday the 25th.
async fn sent(office: &Office) -> DraftDetail {
    let draft = office.ready(&["LU-3"], &["09:30"]).await;
    assert_eq!(
        draft.due,
        Due::On {
            date: "2026-11-25".into()
        }
    );
    office.send(&draft).await
}

async fn opened(office: &Office, draft: &DraftDetail) -> DraftDetail {
    office.studio.draft_open(&draft.id).await.unwrap()
}

/// STUDIO-2 takes the slot of Thursday at 9:30.
async fn rival_takes(office: &Office) -> domain::code::AppointmentId {
    office.world.enrol(2).await;
    office.world.admit_company(2, 7, "Rivale").await;
    office.world.admit(vec![open_ticket("LU-71", 7, 12)]).await;
    let rival = office.world.store.studio(&"STUDIO-2".parse().unwrap());
    let booking = domain::booking::Booking {
        tickets: vec![domain::booking::BookedTicket {
            code: world::code("LU-71"),
            judgement: None,
            read: None,
        }],
        point: world::POINT.parse().unwrap(),
        wishes: vec![world::slot_at(11, 26, 9, 30)],
        content: domain::content::Content {
            contact: domain::content::Contact {
                phone: "0583 1234567".into(),
                email: String::new(),
            },
            ..domain::content::Content::default()
        },
    };
    let attempt = Attempt::first(domain::code::DecisionId::new(uuid::Uuid::now_v7()));
    match rival.book(attempt, &booking).await.unwrap() {
        BookOutcome::Booked { appointment } => appointment.id,
        BookOutcome::Refused { why } => panic!("{why:?}"),
    }
}

async fn rival_cancels(office: &Office, appointment: domain::code::AppointmentId) {
    let rival = office.world.store.studio(&"STUDIO-2".parse().unwrap());
    let attempt = Attempt::first(domain::code::DecisionId::new(uuid::Uuid::now_v7()));
    rival.cancel(attempt, appointment).await.unwrap();
}

#[tokio::test]
async fn a_draft_for_a_later_day_is_left_with_the_sede_and_goes_out_without_this_computer() {
    let office = Office::new().await;
    let draft = sent(&office).await;
    assert_eq!(draft.deposit, None, "the sede has not heard of it yet");
    office.studio.sync_now().await.unwrap();
    let lies = opened(&office, &draft).await;
    let deposit = lies.deposit.clone().unwrap();
    assert_eq!(
        (deposit.date.as_str(), deposit.time.as_str(), deposit.for_a_place),
        ("2026-11-23", "09:41", false)
    );
    assert_eq!(
        (lies.state, lies.due),
        (
            DraftStateView::Queued,
            Due::On {
                date: "2026-11-25".into()
            }
        )
    );
    assert_eq!(
        office.studio.status().await.unwrap().connection.waiting,
        0,
        "it has arrived"
    );
    assert_eq!(office.studio.drafts_list().await.unwrap()[0].deposit, Some(deposit));

    // The computer is off on the day; somebody else asks the sede for something.
    office.world.clock.set(rome(11, 25, 0, 0));
    let taken = rival_books_another(&office).await;
    office.world.clock.set(rome(11, 25, 8, 30));
    let office = office.restarted().await;
    office.studio.sync_now().await.unwrap();
    office.studio.sync_now().await.unwrap();
    let booked = opened(&office, &draft).await;
    assert_eq!(booked.state, DraftStateView::Booked);
    let appointment = office
        .studio
        .appointment_open(&booked.appointment.unwrap())
        .await
        .unwrap();
    assert_eq!(appointment.row.slot.time, "09:30");
    assert_eq!(
        appointment.timeline[0].time, "00:00",
        "at the first moment, by the sede's clock"
    );
    assert!(taken);
}

/// Any call settles what is due; this one is of another studio.
async fn rival_books_another(office: &Office) -> bool {
    office.world.enrol(2).await;
    let rival = office.world.store.studio(&"STUDIO-2".parse().unwrap());
    rival.pull(None).await.is_ok()
}

#[tokio::test]
async fn without_a_network_it_goes_at_the_first_moment_that_there_is_one() {
    let office = Office::new().await;
    office.gate.shut(Call::Deposit, unreachable());
    let draft = sent(&office).await;
    office.studio.sync_now().await.unwrap();
    let waiting = opened(&office, &draft).await;
    assert_eq!((waiting.state, waiting.deposit), (DraftStateView::Queued, None));
    office.world.clock.set(rome(11, 25, 9, 0));
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    assert_eq!(opened(&office, &draft).await.state, DraftStateView::Booked);
}

#[tokio::test]
async fn an_answer_to_a_deposit_that_got_lost_does_no_harm() {
    let office = Office::new().await;
    office.gate.once(Call::Deposit, Fault::After(unreachable()));
    let draft = sent(&office).await;
    office.studio.sync_now().await.unwrap();
    let office = office.restarted().await;
    office.studio.sync_now().await.unwrap();
    assert!(opened(&office, &draft).await.deposit.is_some());
    office.world.clock.set(rome(11, 25, 0, 0));
    office.studio.sync_now().await.unwrap();
    assert_eq!(opened(&office, &draft).await.state, DraftStateView::Booked);
    assert_eq!(
        office.studio.agenda_list(false).await.unwrap().len(),
        1,
        "one decision, one appointment"
    );
}

#[tokio::test]
async fn what_is_taken_back_is_taken_back_at_the_sede_too() {
    let office = Office::new().await;
    let draft = sent(&office).await;
    office.studio.sync_now().await.unwrap();
    office.gate.shut(Call::Withdraw, unreachable());
    let edited = office.studio.draft_recall(&draft.id).await.unwrap();
    assert_eq!(edited.state, DraftStateView::Editing);
    assert!(edited.withdrawing, "the sede has yet to hear of it");
    office.studio.sync_now().await.unwrap();
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    assert!(!opened(&office, &draft).await.withdrawing);
    office.world.clock.set(rome(11, 25, 8, 0));
    office.studio.sync_now().await.unwrap();
    assert_eq!(office.studio.agenda_list(false).await.unwrap().len(), 0);
    let again = opened(&office, &draft).await;
    office.send(&again).await;
    office.studio.sync_now().await.unwrap();
    assert_eq!(
        opened(&office, &draft).await.state,
        DraftStateView::Booked,
        "and can be sent again"
    );
}

#[tokio::test]
async fn what_went_out_before_it_was_taken_back_is_booked_and_says_so() {
    let office = Office::new().await;
    let draft = sent(&office).await;
    office.studio.sync_now().await.unwrap();
    office.gate.shut(Call::Withdraw, unreachable());
    office.studio.draft_discard(&draft.id).await.unwrap();
    office.world.clock.set(rome(11, 25, 8, 0));
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let booked = opened(&office, &draft).await;
    assert_eq!(
        booked.state,
        DraftStateView::Booked,
        "it was too late: R14 is the way out"
    );
    assert_eq!(office.studio.agenda_list(false).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_of_the_sede_stops_it_and_asks() {
    let office = Office::new().await;
    let draft = sent(&office).await;
    office.studio.sync_now().await.unwrap();
    office.world.clock.set(rome(11, 24, 11, 5));
    let desk = office.world.store.desk();
    desk.act(&world::code("LU-3"), TicketAct::Reply, "Stiamo verificando.")
        .await
        .unwrap();
    office.studio.sync_now().await.unwrap();
    office.studio.sync_now().await.unwrap();
    let asks = opened(&office, &draft).await;
    let answered = AttentionView::Answered {
        ticket: "LU-3".into(),
        date: "2026-11-24".into(),
        time: "11:05".into(),
    };
    assert_eq!(
        (asks.state, asks.attention),
        (DraftStateView::NeedsAttention, Some(answered))
    );
    office.studio.draft_retry(&draft.id).await.unwrap();
    office.studio.sync_now().await.unwrap();
    let lies = opened(&office, &draft).await;
    assert!(lies.deposit.is_some(), "still needed: it waits for its day again");

    desk.act(&world::code("LU-3"), TicketAct::Close(Outcome::Ok), "Risolto.")
        .await
        .unwrap();
    office.studio.sync_now().await.unwrap();
    office.studio.sync_now().await.unwrap();
    assert_eq!(opened(&office, &draft).await.state, DraftStateView::NeedsAttention);
    assert_eq!(
        code(office.studio.draft_retry(&draft.id).await),
        FailureCode::DraftIncomplete,
        "R3: somebody must judge the reply first"
    );
}

#[tokio::test]
async fn what_was_answered_while_nobody_was_connected_is_not_booked_unasked() {
    let office = Office::new().await;
    office.gate.shut(Call::Hello, unreachable());
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    let desk = office.world.store.desk();
    desk.act(&world::code("LU-1"), TicketAct::Reply, "Ecco la risposta.")
        .await
        .unwrap();
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let asks = opened(&office, &draft).await;
    assert!(
        matches!(asks.attention, Some(AttentionView::Answered { .. })),
        "{:?}",
        asks.attention
    );
}

#[tokio::test]
async fn a_wish_waits_for_a_place_and_gets_the_one_that_comes_free() {
    let office = Office::new().await;
    let theirs = rival_takes(&office).await;
    office.studio.sync_now().await.unwrap();
    let draft = office.prepare(&["LU-1"]).await;
    let change = DraftChange {
        wishes: Some(vec![thursday("09:30")]),
        waits: Some(true),
        phone: Some("0583 123456".into()),
        ..DraftChange::default()
    };
    let draft = office
        .studio
        .draft_save(&draft.id, draft.revision, change)
        .await
        .unwrap();
    assert!(draft.waits);
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let waits = opened(&office, &draft).await;
    assert!(waits.deposit.as_ref().is_some_and(|deposit| deposit.for_a_place));
    assert_eq!(waits.state, DraftStateView::Queued);
    let later = office.ready(&["LU-3"], &["10:00"]).await;
    office.send(&later).await;
    let leaving = office.studio.today_read().await.unwrap().leaving;
    let order: Vec<&str> = leaving.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(
        order,
        [later.id.as_str(), draft.id.as_str()],
        "what has a day comes first"
    );
    office.world.clock.set(rome(11, 24, 7, 0));
    office.studio.sync_now().await.unwrap();
    assert!(
        opened(&office, &draft).await.deposit.is_some(),
        "another day, and still nothing free"
    );

    rival_cancels(&office, theirs).await;
    office.studio.sync_now().await.unwrap();
    office.studio.sync_now().await.unwrap();
    let booked = opened(&office, &draft).await;
    assert_eq!(booked.state, DraftStateView::Booked);
}

#[tokio::test]
async fn a_colleague_sees_what_lies_with_the_sede() {
    let office = Office::new().await;
    sent(&office).await;
    office.studio.sync_now().await.unwrap();
    let colleague = office.colleague().await;
    let ticket = colleague.ticket_open("LU-3").await.unwrap();
    let deposit = ticket.row.deposit.unwrap();
    assert_eq!((deposit.date.as_str(), deposit.for_a_place), ("2026-11-25", false));
    assert_eq!(
        office.studio.ticket_open("LU-3").await.unwrap().row.deposit,
        None,
        "one's own is one's own draft"
    );
    let list = colleague.tickets_open(everything()).await.unwrap().list;
    let rows = colleague.tickets_window(list, 0, 50).await.unwrap();
    let marked: Vec<_> = rows.iter().filter(|row| row.deposit.is_some()).collect();
    assert!(
        matches!(marked[..], [row] if row.code == "LU-3"),
        "its row and no other says so: {marked:?}"
    );
}
