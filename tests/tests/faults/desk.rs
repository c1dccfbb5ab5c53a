//! What a person at a studio does, in the steps that these tests take.

use std::time::Instant;

use agenda_sede_tests::waiting::PATIENCE;
use agenda_sede_tests::world;
use chrono::{DateTime, TimeDelta, Utc};
use domain::code::TicketCode;
use studio::Studio;
use studio::view::agenda::AppointmentRow;
use studio::view::app::{AppStatus, ConnectionState};
use studio::view::drafts::{DraftChange, DraftDetail, DraftStateView, NeverView, WishView};

/// A draft for `ticket` that lacks nothing: any place, but for the next days, so that it can be changed all day long.
pub(crate) async fn written(studio: &Studio, ticket: &TicketCode, now: DateTime<Utc>) -> DraftDetail {
    let draft = studio.booking_prepare(&[ticket.to_string()]).await.unwrap();
    let soon = (0..3).map(|days| domain::time::civil_day(now + TimeDelta::days(days)).to_string());
    let change = DraftChange {
        wishes: Some(vec![WishView::Pattern {
            weekdays: Vec::new(),
            from: None,
            to: None,
            until: None,
        }]),
        never: Some(NeverView {
            weekdays: Vec::new(),
            dates: soon.collect(),
        }),
        notes: Some(format!("Si porta la delega per {ticket}.")),
        phone: Some("0583 955012".to_owned()),
        ..DraftChange::default()
    };
    studio.draft_save(&draft.id, draft.revision, change).await.unwrap()
}

/// *Invia*; its id.
pub(crate) async fn sent(studio: &Studio, draft: &DraftDetail) -> String {
    studio.draft_send(&draft.id, draft.revision).await.unwrap().id
}

/// An appointment for `ticket`.
pub(crate) async fn booked(studio: &Studio, ticket: &TicketCode, now: DateTime<Utc>) -> AppointmentRow {
    let draft = sent(studio, &written(studio, ticket, now).await).await;
    studio.sync_now().await.unwrap();
    let draft = studio.draft_open(&draft).await.unwrap();
    assert_eq!(draft.state, DraftStateView::Booked, "{:?}", draft.attention);
    appointment(studio, &draft.appointment.unwrap()).await
}

/// An appointment, as the studio has it.
pub(crate) async fn appointment(studio: &Studio, id: &str) -> AppointmentRow {
    studio.appointment_open(id).await.unwrap().row
}

/// A draft that changes the notes of an appointment.
pub(crate) async fn changed(studio: &Studio, appointment: &str, notes: &str) -> DraftDetail {
    let draft = studio.appointment_change(appointment).await.unwrap();
    let change = DraftChange {
        notes: Some(notes.to_owned()),
        ..DraftChange::default()
    };
    studio.draft_save(&draft.id, draft.revision, change).await.unwrap()
}

/// A round with the store that fails: what is shown of it.
pub(crate) async fn offline(studio: &Studio) -> AppStatus {
    let status = studio.sync_now().await.unwrap();
    assert_eq!(status.connection.state, ConnectionState::Offline, "it is told");
    status
}

/// A round with the store that does not fail, after which nothing waits.
pub(crate) async fn online(studio: &Studio) -> AppStatus {
    let status = studio.sync_now().await.unwrap();
    assert_eq!(status.connection.state, ConnectionState::Connected);
    assert_eq!(status.connection.waiting, 0, "all that was decided has arrived");
    status
}

/// Rounds with the store until one does not fail; nothing waits any more.
pub(crate) async fn back_online(studio: &Studio) {
    let begun = Instant::now();
    while studio.sync_now().await.unwrap().connection.state != ConnectionState::Connected {
        assert!(begun.elapsed() < PATIENCE, "the sede is back, and the studio never is");
    }
    online(studio).await;
}

/// The code of the `number`-th ticket that can be booked at once.
pub(crate) fn ticket(number: usize) -> TicketCode {
    world::ticket_code(number)
}
