//! R14, R17: an appointment is changed through a draft, offline too.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use chrono::TimeDelta;
use domain::appointment::{Appointment, SedeChange};
use domain::code::DecisionId;
use domain::company::Delegation;
use domain::studio_change::StudioChange;
use office::{Office, code, thursday};
use store::{Admission, AdmittedDelegation, Attempt, CalendarStore, ChangeOutcome, SedeDesk};
use studio::view::agenda::{AppointmentDetail, TimelineEvent};
use studio::view::drafts::{AttentionView, DraftChange, DraftDetail, DraftStateView, Due, EarlierTry, Missing};
use studio::view::failure::FailureCode;
use world::gate::{Call, Fault, unreachable};
use world::{day, rome};

/// An appointment on Thursday the 26th at 9:30.
async fn booked(office: &Office) -> AppointmentDetail {
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let id = office.studio.draft_open(&draft.id).await.unwrap().appointment.unwrap();
    office.studio.appointment_open(&id).await.unwrap()
}

async fn begun(office: &Office) -> (AppointmentDetail, DraftDetail) {
    let appointment = booked(office).await;
    let draft = office.studio.appointment_change(&appointment.row.id).await.unwrap();
    (appointment, draft)
}

async fn saved(office: &Office, draft: &DraftDetail, change: DraftChange) -> DraftDetail {
    office
        .studio
        .draft_save(&draft.id, draft.revision, change)
        .await
        .unwrap()
}

fn notes(text: &str) -> DraftChange {
    DraftChange {
        notes: Some(text.into()),
        ..DraftChange::default()
    }
}

fn to(time: &str) -> DraftChange {
    DraftChange {
        wishes: Some(vec![thursday(time)]),
        ..DraftChange::default()
    }
}

/// A colleague changes it, on another computer.
async fn colleague(office: &Office, id: &str, change: StudioChange) -> Appointment {
    let store = office.world.store.studio(&"STUDIO-1".parse().unwrap());
    let attempt = Attempt::first(DecisionId::new(uuid::Uuid::now_v7()));
    match store.change(attempt, id.parse().unwrap(), &change).await.unwrap() {
        ChangeOutcome::Changed { appointment } => *appointment,
        ChangeOutcome::Refused { why } => panic!("{why:?}"),
    }
}

async fn sede_moves(office: &Office, appointment: &AppointmentDetail, hour: u32) {
    let start = domain::time::Civil::at(rome(11, 26, hour, 0));
    let slot = domain::slot::Slot {
        point: world::POINT.parse().unwrap(),
        start,
        end: domain::time::Civil::at(rome(11, 26, hour, 30)),
    };
    let (id, moved) = (appointment.row.id.parse().unwrap(), SedeChange::MoveTo { slot });
    office.world.store.desk().tell(id, moved, "Spostato.").await.unwrap();
}

#[tokio::test]
async fn what_is_changed_offline_stands_when_the_store_is_back() {
    let office = Office::new().await;
    let (before, draft) = begun(&office).await;
    assert_eq!(draft.missing, [Missing::Difference], "nothing is different yet");
    assert_eq!(
        code(office.studio.draft_send(&draft.id, draft.revision).await),
        FailureCode::DraftIncomplete
    );
    let changes = draft.changes.clone().unwrap();
    assert_eq!(
        (changes.appointment, changes.code),
        (before.row.id.clone(), before.row.code.clone())
    );
    assert_eq!(draft.phone, "0583 123456", "it begins with what the appointment has");
    assert_eq!(draft.due, Due::Now);
    let again = office.studio.appointment_change(&before.row.id).await.unwrap();
    assert_eq!(again.id, draft.id, "one change at a time");

    office.gate.shut(Call::Change, unreachable());
    let draft = saved(
        &office,
        &draft,
        DraftChange {
            wishes: to("10:00").wishes,
            ..notes("Con la delega.")
        },
    )
    .await;
    let changes = draft.changes.clone().unwrap();
    assert_eq!(
        (changes.notes.as_deref(), changes.phone, changes.moves),
        (Some(""), None, true)
    );
    assert!(draft.missing.is_empty());
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let waiting = office.studio.appointment_open(&before.row.id).await.unwrap();
    assert!(waiting.row.changing && waiting.can_change);
    assert_eq!(waiting.change.unwrap().state, DraftStateView::Queued);
    assert_eq!(waiting.row.slot.time, "09:30", "nobody has answered yet");

    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let after = office.studio.appointment_open(&before.row.id).await.unwrap();
    assert!(!after.row.changing && after.change.is_none());
    assert_eq!(
        (after.row.slot.time.as_str(), after.notes.as_str()),
        ("10:00", "Con la delega.")
    );
    assert_eq!(after.phone, before.phone);
    let draft = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(
        (draft.state, draft.appointment),
        (DraftStateView::Booked, Some(before.row.id))
    );
}

#[tokio::test]
async fn an_answer_that_got_lost_changes_nothing_twice() {
    let office = Office::new().await;
    let (before, draft) = begun(&office).await;
    let draft = saved(&office, &draft, to("10:00")).await;
    office.gate.once(Call::Change, Fault::After(unreachable()));
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let office = office.restarted().await;
    office.studio.sync_now().await.unwrap();
    let after = office.studio.appointment_open(&before.row.id).await.unwrap();
    let moves = after
        .timeline
        .iter()
        .filter(|entry| matches!(entry.event, TimelineEvent::ChangedByStudio { .. }));
    assert_eq!((moves.count(), after.row.slot.time.as_str()), (1, "10:00"));
}

#[tokio::test]
async fn what_the_person_left_as_it_was_follows_what_others_change() {
    let office = Office::new().await;
    let (before, draft) = begun(&office).await;
    let draft = saved(&office, &draft, notes("Mie note.")).await;
    sede_moves(&office, &before, 11).await;
    let contact = domain::content::Contact {
        phone: "0583 777777".into(),
        email: String::new(),
    };
    let change = StudioChange {
        contact: Some(contact),
        ..StudioChange::default()
    };
    colleague(&office, &before.row.id, change).await;
    office.studio.sync_now().await.unwrap();
    let merged = office.studio.draft_open(&draft.id).await.unwrap();
    let changes = merged.changes.clone().unwrap();
    assert_eq!(
        (merged.notes.as_str(), merged.phone.as_str()),
        ("Mie note.", "0583 777777")
    );
    assert_eq!((changes.slot.time.as_str(), changes.phone), ("11:00", None));
    assert!(merged.revision > draft.revision);
    office.send(&merged).await;
    office.studio.sync_now().await.unwrap();
    let after = office.studio.appointment_open(&before.row.id).await.unwrap();
    assert_eq!(
        (after.notes.as_str(), after.phone.as_str(), after.row.slot.time.as_str()),
        ("Mie note.", "0583 777777", "11:00"),
        "field by field, nobody's work is lost"
    );
}

#[tokio::test]
async fn who_moves_what_the_sede_moved_meanwhile_is_asked_again() {
    let office = Office::new().await;
    let (before, draft) = begun(&office).await;
    let draft = saved(&office, &draft, to("10:00")).await;
    sede_moves(&office, &before, 11).await;
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let asked = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(asked.state, DraftStateView::NeedsAttention);
    let Some(AttentionView::Overtaken {
        before: Some(seen),
        after: Some(now),
        notes: None,
        contact: false,
        attachments: false,
    }) = asked.attention
    else {
        panic!("{:?}", asked.attention);
    };
    assert_eq!((seen.time.as_str(), now.time.as_str()), ("09:30", "11:00"));
    office.studio.draft_retry(&draft.id).await.unwrap();
    office.studio.sync_now().await.unwrap();
    let state = office.studio.draft_open(&draft.id).await.unwrap().state;
    assert_eq!(state, DraftStateView::NeedsAttention, "blindly again is not enough");

    let draft = office.studio.draft_recall(&draft.id).await.unwrap();
    assert_eq!(
        draft.changes.as_ref().unwrap().slot.time,
        "11:00",
        "now the person has seen it"
    );
    assert_eq!(draft.wishes.len(), 1, "and nothing of what was written is lost");
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    let after = office.studio.appointment_open(&before.row.id).await.unwrap();
    assert_eq!(after.row.slot.time, "10:00");
}

/// A change that left and has no answer, and is taken back then.
async fn taken_back(office: &Office, fault: Fault) -> (AppointmentDetail, DraftDetail) {
    let (before, draft) = begun(office).await;
    let draft = saved(office, &draft, notes("Porto la delega.")).await;
    office.gate.once(Call::Change, fault);
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    assert_eq!(office.studio.draft_open(&draft.id).await.unwrap().earlier_try, None);
    let draft = office.studio.draft_recall(&draft.id).await.unwrap();
    assert_eq!(draft.earlier_try, Some(EarlierTry::Unknown), "nobody knows yet");
    office.world.clock.set(office.world.now() + TimeDelta::minutes(1));
    (before, draft)
}

#[tokio::test]
async fn a_change_that_arrived_before_it_was_taken_back_is_said_to_stand() {
    let office = Office::new().await;
    let (before, draft) = taken_back(&office, Fault::After(unreachable())).await;
    office.studio.sync_now().await.unwrap();
    let after = office.studio.appointment_open(&before.row.id).await.unwrap();
    assert_eq!(after.notes, "Porto la delega.");
    let draft = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(draft.earlier_try, Some(EarlierTry::Arrived));
    office.studio.draft_discard(&draft.id).await.unwrap();
    let rows = office.studio.drafts_list().await.unwrap();
    let row = rows.iter().find(|row| row.id == draft.id).unwrap();
    assert_eq!(
        row.earlier_try,
        Some(EarlierTry::Arrived),
        "who throws it away does not undo it"
    );
}

#[tokio::test]
async fn a_change_that_never_arrived_is_nothing_once_the_sede_was_read() {
    let office = Office::new().await;
    let (before, draft) = taken_back(&office, Fault::Before(unreachable())).await;
    office.studio.draft_discard(&draft.id).await.unwrap();
    office.studio.sync_now().await.unwrap();
    assert_eq!(office.studio.draft_open(&draft.id).await.unwrap().earlier_try, None);
    let after = office.studio.appointment_open(&before.row.id).await.unwrap();
    assert_eq!(after.notes, before.notes);
}

#[tokio::test]
async fn changing_and_cancelling_keep_their_order() {
    let office = Office::new().await;
    let (before, draft) = begun(&office).await;
    let draft = saved(&office, &draft, notes("Prima questa.")).await;
    office.gate.shut(Call::Change, unreachable());
    office.gate.shut(Call::Cancel, unreachable());
    office.send(&draft).await;
    office.studio.appointment_cancel(&before.row.id).await.unwrap();
    office.studio.sync_now().await.unwrap();
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let after = office.studio.appointment_open(&before.row.id).await.unwrap();
    let events: Vec<_> = after.timeline.iter().map(|entry| &entry.event).collect();
    assert!(
        matches!(
            events[..],
            [
                TimelineEvent::Booked,
                TimelineEvent::ChangedByStudio { .. },
                TimelineEvent::CancelledByStudio
            ]
        ),
        "{events:?}"
    );
    assert!(!after.can_change && after.change.is_none());
    assert_eq!(
        code(office.studio.appointment_change(&before.row.id).await),
        FailureCode::NotChangeable
    );
}

#[tokio::test]
async fn what_can_not_be_changed_any_more_says_so() {
    let office = Office::new().await;
    let (before, draft) = begun(&office).await;
    let draft = saved(&office, &draft, notes("Troppo tardi.")).await;
    office.gate.shut(Call::Change, unreachable());
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    office.world.clock.set(rome(11, 26, 9, 30));
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let refused = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(refused.attention, Some(AttentionView::AppointmentOver));
    assert_eq!(refused.missing, [Missing::Appointment]);
    let today = office.studio.today_read().await.unwrap();
    assert_eq!(today.attention.len(), 1, "told once, where the day begins");
    assert_eq!(today.attention[0].changes.as_ref().unwrap().code, before.row.code);
    assert_eq!(
        code(office.studio.draft_retry(&draft.id).await),
        FailureCode::DraftIncomplete
    );
    office.studio.draft_discard(&draft.id).await.unwrap();
    let restored = office.studio.draft_restore(&draft.id).await.unwrap();
    assert_eq!(restored.notes, "Troppo tardi.");
    assert_eq!(
        code(office.studio.appointment_change("LU-A-1").await),
        FailureCode::UnknownAppointment
    );
}

#[tokio::test]
async fn a_change_without_a_delegation_or_with_bad_content_is_stopped_here() {
    let office = Office::new().await;
    let (_, draft) = begun(&office).await;
    let bad = DraftChange {
        phone: Some(String::new()),
        ..notes(&"è".repeat(501))
    };
    let draft = saved(&office, &draft, bad).await;
    assert_eq!(
        draft.missing,
        [Missing::NotesTooLong { length: 501, max: 500 }, Missing::Contact]
    );
    let draft = saved(
        &office,
        &draft,
        DraftChange {
            phone: Some("0583 123456".into()),
            ..notes("Bene.")
        },
    )
    .await;
    assert!(draft.missing.is_empty());
    let ended = AdmittedDelegation {
        studio: "STUDIO-1".parse().unwrap(),
        delegation: Delegation {
            position: "4600000001".parse().unwrap(),
            from: day(1, 1),
            until: Some(day(11, 23)),
        },
    };
    let admission = Admission {
        delegations: vec![ended],
        ..Admission::default()
    };
    office.world.store.desk().admit(&admission).await.unwrap();
    office.world.clock.set(rome(11, 24, 9, 0));
    office.studio.sync_now().await.unwrap();
    let missing = office.studio.draft_open(&draft.id).await.unwrap().missing;
    assert!(matches!(missing[..], [Missing::Delegation { .. }]), "R2: {missing:?}");
}

#[tokio::test]
async fn a_file_that_another_computer_attached_is_kept_and_said_to_be_elsewhere() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let pdf = office.file("durc.pdf", b"%PDF-1.7\nDURC");
    let with_file = office.studio.attach(&draft.id, vec![pdf]).await.unwrap().draft;
    office.send(&with_file).await;
    office.studio.sync_now().await.unwrap();
    let id = office.studio.draft_open(&draft.id).await.unwrap().appointment.unwrap();
    let hash = with_file.attachments[0].hash.clone();
    std::fs::remove_file(office.world.folder.path().join("desk").join("attachments").join(&hash)).unwrap();

    let change = office.studio.appointment_change(&id).await.unwrap();
    assert_eq!(
        code(office.studio.attachment_path(&change.id, &hash).await),
        FailureCode::FileElsewhere
    );
    let change = saved(&office, &change, notes("Il file resta.")).await;
    office.send(&change).await;
    office.studio.sync_now().await.unwrap();
    let after = office.studio.appointment_open(&id).await.unwrap();
    assert_eq!((after.notes.as_str(), after.attachments.len()), ("Il file resta.", 1));
}
