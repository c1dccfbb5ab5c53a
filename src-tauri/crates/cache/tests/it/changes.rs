//! Drafts that change an appointment, and what an earlier version of the program left.

use std::collections::HashMap;
use std::path::Path;

use cache::CacheError;
use cache::drafts::{Aim, Draft, DraftChange, DraftPhase, NewDraft};
use cache::outbox::Work;
use domain::code::AppointmentId;
use domain::content::Contact;
use domain::studio_change::Seen;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

use crate::world::{Desk, appointment, appointment_id, code, decision, draft_id, new_draft, now};

fn changed() -> AppointmentId {
    appointment_id(1)
}

fn seen() -> Seen {
    Seen::of(&appointment(1, decision(9), &["LU-1"], "2026-03-19T08:00:00Z"))
}

fn new_change(n: u128) -> NewDraft {
    NewDraft {
        aim: Aim::Change {
            appointment: changed(),
            seen: seen(),
        },
        content: seen().content,
        ..new_draft(n, &["LU-1"])
    }
}

async fn begun(desk: &Desk, n: u128) -> Draft {
    desk.cache
        .drafts
        .prepare(new_change(n), None, now())
        .await
        .expect("prepares")
}

#[tokio::test]
async fn an_appointment_is_changed_by_one_draft_at_a_time() {
    let desk = Desk::new().await;
    let drafts = &desk.cache.drafts;
    let first = begun(&desk, 1).await;
    assert_eq!(drafts.changing(changed()).await.expect("reads"), Some(first.clone()));
    let refused = drafts.prepare(new_change(2), None, now()).await;
    assert!(matches!(refused, Err(CacheError::ChangeInDraft { draft }) if draft == first.id));
    drafts.discard(first.id, now()).await.expect("discards");
    assert_eq!(drafts.changing(changed()).await.expect("reads"), None);
    let second = begun(&desk, 2).await;
    let refused = drafts.restore(first.id, now()).await;
    assert!(matches!(refused, Err(CacheError::ChangeInDraft { draft }) if draft == second.id));
    let holders = drafts.all_changing().await.expect("reads");
    assert_eq!((holders.len(), holders[&changed()].draft), (1, second.id));
}

#[tokio::test]
async fn a_change_keeps_no_ticket_from_a_booking() {
    let desk = Desk::new().await;
    let change = begun(&desk, 1).await;
    desk.draft(2, &["LU-1"]).await;
    assert_eq!(desk.cache.drafts.holders().await.expect("reads").len(), 1);
    desk.cache.drafts.discard(change.id, now()).await.expect("discards");
    let restored = desk
        .cache
        .drafts
        .restore(change.id, now())
        .await
        .expect("its ticket is no obstacle");
    assert_eq!(restored.tickets, change.tickets);
}

#[tokio::test]
async fn a_change_is_sent_as_one_and_in_the_order_of_its_appointment() {
    let desk = Desk::new().await;
    let draft = begun(&desk, 1).await;
    let (_, row) = desk
        .cache
        .drafts
        .send(draft.id, draft.revision, decision(1), None, &HashMap::new(), now())
        .await
        .expect("sends");
    let work = Work::Change {
        draft: draft.id,
        appointment: changed(),
    };
    assert_eq!(row.work, work);
    let cancel = desk
        .cache
        .outbox
        .cancel(changed(), decision(2), now())
        .await
        .expect("decides");
    assert!(cancel.subjects.iter().any(|subject| row.subjects.contains(subject)));
    assert_eq!(desk.cache.outbox.of_draft(draft.id).await.expect("reads"), Some(row));
    let recalled = desk.cache.drafts.recall(draft.id, now()).await.expect("recalls");
    assert_eq!(recalled.state.phase(), DraftPhase::Editing);
    assert_eq!(
        desk.cache.outbox.waiting().await.expect("counts"),
        1,
        "only the cancellation goes out"
    );
}

#[tokio::test]
async fn what_the_person_left_as_it_was_follows_the_appointment() {
    let desk = Desk::new().await;
    let drafts = &desk.cache.drafts;
    let draft = begun(&desk, 1).await;
    let mine = DraftChange {
        notes: Some("Mie.".into()),
        ..DraftChange::default()
    };
    let written = drafts.save(draft.id, draft.revision, mine, now()).await.expect("saves");
    let mut elsewhere = seen();
    elsewhere.content.notes = "Di altri.".into();
    elsewhere.content.contact = Contact {
        phone: "0583 777777".into(),
        email: "altri@example.it".into(),
    };
    elsewhere.slot.point = code("LU-CASSETTO");
    let followed = drafts.follow(draft.id, &elsewhere).await.expect("follows");
    assert_eq!(followed.content.notes, "Mie.");
    assert_eq!(followed.content.contact, elsewhere.content.contact);
    assert_eq!(followed.point.as_str(), "LU-CASSETTO");
    assert_eq!(followed.revision, written.revision + 1);
    assert_eq!(
        drafts.follow(draft.id, &elsewhere).await.expect("follows"),
        followed,
        "once is enough"
    );

    let (sent, _) = drafts
        .send(draft.id, followed.revision, decision(1), None, &HashMap::new(), now())
        .await
        .expect("sends");
    assert_eq!(
        drafts.follow(draft.id, &seen()).await.expect("reads"),
        sent,
        "what was decided stays as it was decided"
    );
    let booking = desk.draft(2, &["LU-2"]).await;
    assert_eq!(drafts.follow(booking.id, &seen()).await.expect("reads"), booking);
}

/// A `studio.db` as the first version of the program made it, with one draft that waits.
async fn first_version(folder: &Path) {
    let first = folder.join("first");
    std::fs::create_dir(&first).expect("a folder");
    let name = "0001_decided.sql";
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/studio");
    std::fs::copy(migrations.join(name), first.join(name)).expect("copies");
    let path = folder.join("studio.db");
    let mut file = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .connect()
        .await
        .expect("a file");
    Migrator::new(first.as_path())
        .await
        .expect("a migration")
        .run(&mut file)
        .await
        .expect("migrates");
    let (draft, decision) = (draft_id(1).to_string(), decision(1).to_string());
    for statement in [
        format!(
            "INSERT INTO draft (id, revision, state, company, point, wishes, notes, phone, email, decision, attempts,
                 created_at, changed_at)
             VALUES ('{draft}', 3, 'queued', '00000000001', 'LU-AZIENDE', '[]', 'Di prima.', '', '', '{decision}', 1, 1, 1)"
        ),
        "INSERT INTO draft_ticket VALUES (1, 0, 'LU-1', NULL, 1)".to_owned(),
        format!(
            r#"INSERT INTO outbox (id, decision, attempt, kind, about, work, subjects, state, tries, decided_at)
               VALUES (41, '{decision}', 1, 'book', '{draft}', '{{"work":"book","draft":"{draft}"}}',
                   '["ticket:LU-1"]', 'waiting', 0, 1)"#
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut file).await.expect("writes");
    }
    file.close().await.expect("closes");
}

#[tokio::test]
async fn what_the_first_version_left_goes_on_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    first_version(folder.path()).await;
    let (desk, repairs) = Desk::opened(folder, now()).await;
    assert_eq!(repairs, []);
    let draft = desk.cache.drafts.get(draft_id(1)).await.expect("is there");
    assert_eq!((draft.content.notes.as_str(), &draft.aim), ("Di prima.", &Aim::Book));
    let pending = desk.cache.outbox.pending().await.expect("reads");
    assert_eq!(
        (pending.len(), pending[0].id, pending[0].deposit.clone()),
        (1, 41, None)
    );
    let next = desk
        .cache
        .outbox
        .cancel(AppointmentId::new(Uuid::nil()), decision(2), now())
        .await
        .expect("decides");
    assert_eq!(next.id, 42, "the order of deciding goes on");
}

#[tokio::test]
async fn a_damaged_file_of_the_first_version_is_brought_over_too() {
    let folder = tempfile::tempdir().expect("a folder");
    first_version(folder.path()).await;
    let path = folder.path().join("studio.db");
    let mut content = std::fs::read(&path).expect("reads");
    // A stray byte at the end: no whole page any more, and all the others are sound.
    content.push(0);
    std::fs::write(&path, content).expect("writes");
    let (desk, repairs) = Desk::opened(folder, now()).await;
    let [cache::Repair::StudioRestored { recovered: 1, .. }] = repairs[..] else {
        panic!("{repairs:?}");
    };
    let draft = desk.cache.drafts.get(draft_id(1)).await.expect("is there");
    assert_eq!(draft.content.notes, "Di prima.");
    assert_eq!(desk.cache.outbox.waiting().await.expect("counts"), 1);
}
