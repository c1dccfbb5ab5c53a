//! Damage, really done: what can be pulled again is, what exists nowhere else is set aside and restored.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use cache::drafts::DraftState;
use cache::outbox::{Asked, GaveUp, Untaken};
use cache::requests::RequestState;
use cache::{Cache, CacheError, File, Repair};
use chrono::{DateTime, TimeDelta, Utc};
use domain::dossier::{Entry, TicketEntry};
use sqlx::Connection as _;
use tempfile::TempDir;

use crate::requests::written;
use crate::world::{Desk, code, decision, draft_id, now, put, ticket, ticket_code};

#[derive(Debug, Clone, Copy)]
enum Damage {
    Zeroed,
    Halved,
    OneByteShort,
    NotADatabase,
    BytesFlipped,
    HeaderFlipped,
    Deleted,
}

const ALL: [Damage; 7] = [
    Damage::Zeroed,
    Damage::Halved,
    Damage::OneByteShort,
    Damage::NotADatabase,
    Damage::BytesFlipped,
    Damage::HeaderFlipped,
    Damage::Deleted,
];

fn damage(path: &Path, how: Damage) {
    let content = fs::read(path).expect("is there");
    let half = content.len() / 2;
    let damaged = match how {
        Damage::Zeroed => Vec::new(),
        Damage::Halved => content[..half].to_vec(),
        Damage::OneByteShort => content[..content.len() - 1].to_vec(),
        Damage::NotADatabase => b"This is a letter, and no database at all.".repeat(200),
        Damage::BytesFlipped => content
            .iter()
            .enumerate()
            .map(|(at, byte)| if at > 4_096 && at % 7 == 0 { byte ^ 0x5a } else { *byte })
            .collect(),
        Damage::HeaderFlipped => content
            .iter()
            .enumerate()
            .map(|(at, byte)| if at < 100 { byte ^ 0xff } else { *byte })
            .collect(),
        Damage::Deleted => {
            fs::remove_file(path).expect("removes");
            return;
        }
    };
    fs::write(path, damaged).expect("writes");
}

fn backups(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder.join("backups")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort_unstable();
    paths
}

/// A folder closed by a program that ended well: one draft that a backup has, one that is newer, one decision newer still,
/// a reminder and a note that were refused.
async fn lived_in() -> TempDir {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await;
    desk.draft(1, &["LU-1"]).await;
    let (desk, _) = desk.reopened().await;
    assert_eq!(
        backups(desk.folder.path()).len(),
        1,
        "the first opening of the day backs up"
    );
    let newer = desk
        .cache
        .drafts
        .prepare(crate::world::new_draft(2, &["LU-2"]), None, now() + TimeDelta::hours(1))
        .await
        .expect("prepares");
    desk.cache
        .drafts
        .send(
            newer.id,
            newer.revision,
            decision(2),
            None,
            &HashMap::new(),
            now() + TimeDelta::hours(1),
        )
        .await
        .expect("sends");
    let outbox = &desk.cache.outbox;
    let row = outbox
        .remind(&ticket_code("LU-1"), "Attendiamo.", decision(9), now())
        .await;
    let row = outbox
        .take(&row.expect("decides"), now())
        .await
        .expect("takes")
        .expect("is there");
    outbox
        .give_up(&row, GaveUp::StoreFailed, now())
        .await
        .expect("gives up");
    let row = outbox.enter(note(), decision(8), now()).await;
    let row = outbox
        .take(&row.expect("decides"), now())
        .await
        .expect("takes")
        .expect("is there");
    outbox
        .give_up(&row, GaveUp::StoreFailed, now())
        .await
        .expect("gives up");
    desk.cache.close().await;
    desk.folder
}

/// The same, with a request that is being written and one that waits.
async fn lived_in_with_requests() -> TempDir {
    let (desk, _) = Desk::opened(lived_in().await, now()).await;
    written(&desk, 5).await;
    let waits = written(&desk, 6).await;
    let requests = &desk.cache.requests;
    requests
        .send(waits.id, waits.revision, decision(6), now())
        .await
        .expect("sends");
    desk.cache.close().await;
    desk.folder
}

fn note() -> Entry {
    Entry::Ticket {
        ticket: code("LU-1"),
        entry: TicketEntry::Note {
            words: code("Sentito il cliente."),
        },
    }
}

#[tokio::test]
async fn a_damaged_cache_is_rebuilt_and_nothing_of_the_studios_is_touched() {
    for how in ALL {
        let folder = lived_in().await;
        damage(&folder.path().join("cache.db"), how);
        let (desk, repairs) = Desk::opened(folder, now()).await;
        match how {
            Damage::Deleted => assert_eq!(repairs, [], "there was nothing to mend"),
            _ => assert_eq!(repairs, [Repair::CacheRebuilt], "{how:?}"),
        }
        assert_eq!(desk.cache.pulled.cursor().await.expect("reads"), None, "{how:?}");
        desk.apply(vec![put(ticket("LU-9", 1, "DENUNCE", "2026-01-10"))]).await;
        assert!(
            desk.cache
                .pulled
                .ticket(&ticket_code("LU-9"))
                .await
                .expect("reads")
                .is_some()
        );
        assert_eq!(desk.cache.outbox.pending().await.expect("reads").len(), 1, "{how:?}");
        let (_desk, repairs) = desk.reopened().await;
        assert_eq!(repairs, [], "{how:?}: mended once");
    }
}

#[tokio::test]
async fn a_damaged_studio_file_is_set_aside_whole_and_the_last_backup_restored() {
    for how in ALL {
        let folder = lived_in().await;
        let path = folder.path().join("studio.db");
        damage(&path, how);
        let damaged = fs::read(&path).ok();
        let (desk, repairs) = Desk::opened(folder, now() + TimeDelta::hours(2)).await;
        let [
            Repair::StudioRestored {
                set_aside,
                backup_of,
                recovered,
            },
        ] = &repairs[..]
        else {
            panic!("{how:?}: {repairs:?}");
        };
        assert_eq!(*backup_of, Some(now()), "{how:?}");
        assert_eq!(set_aside.is_some(), damaged.is_some(), "{how:?}");
        if let (Some(name), Some(damaged)) = (set_aside, damaged) {
            let kept = fs::read(desk.folder.path().join(name)).expect("is there");
            assert!(kept == damaged, "{how:?}: what is set aside is as it was found");
        }
        let draft = desk.cache.drafts.get(draft_id(1)).await.expect("the backup has it");
        assert_eq!(draft.state, DraftState::Editing);
        let newer = desk.cache.drafts.get(draft_id(2)).await;
        assert_eq!(newer.is_ok(), *recovered == 1, "{how:?}: what is told is so");
        let (desk, repairs) = desk.reopened().await;
        assert_eq!(repairs, [], "{how:?}: mended once");
        desk.draft(3, &["LU-3"]).await;
    }
}

#[tokio::test]
async fn what_can_still_be_read_is_brought_over_with_its_decision() {
    let folder = lived_in().await;
    let path = folder.path().join("studio.db");
    // An index that has lost its rows: the tables can be read, the file is damaged all the same.
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .expect("opens");
    let (page, size): (i64, i64) = sqlx::query_as(
        "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'draft_by_state'",
    )
    .fetch_one(&mut connection)
    .await
    .expect("reads");
    connection.close().await.expect("closes");
    let mut content = fs::read(&path).expect("is there");
    let start = usize::try_from((page - 1) * size).expect("a place");
    content[start + 8..start + 200].fill(0xAA);
    fs::write(&path, content).expect("writes");
    let (desk, repairs) = Desk::opened(folder, now() + TimeDelta::hours(2)).await;
    assert!(
        matches!(&repairs[..], [Repair::StudioRestored { recovered: 1, .. }]),
        "{repairs:?}"
    );
    let newer = desk.cache.drafts.get(draft_id(2)).await.expect("is there");
    assert_eq!(newer.state, DraftState::Queued { not_before: None });
    let rows = desk.cache.outbox.pending().await.expect("reads");
    assert_eq!(rows[0].attempt.decision, decision(2), "another key could book twice");
    let refused = desk.cache.outbox.refused_reminders().await.expect("reads");
    assert_eq!(
        refused[0].words, "Attendiamo.",
        "nobody has read yet why it did not go through"
    );
    let refused = desk.cache.outbox.refused_decisions().await.expect("reads");
    assert_eq!(refused[0].asked, Asked::Enter { entry: note() }, "nor is a note lost");
    assert_eq!(refused[0].why, Untaken::StoreFailed);
}

#[tokio::test]
async fn a_request_survives_whatever_can_still_be_read() {
    let folder = lived_in_with_requests().await;
    let path = folder.path().join("studio.db");
    let mut content = fs::read(&path).expect("is there");
    // A stray byte at the end: no whole page any more, and all the others are sound.
    content.push(0);
    fs::write(&path, content).expect("writes");
    let (desk, repairs) = Desk::opened(folder, now() + TimeDelta::hours(2)).await;
    assert!(
        matches!(&repairs[..], [Repair::StudioRestored { .. }]),
        "the backup is older than the requests: {repairs:?}"
    );
    let requests = &desk.cache.requests;
    let begun = requests.get(draft_id(5)).await.expect("is there");
    assert_eq!(
        (&begun.state, begun.content.notes.as_str()),
        (&RequestState::Editing, "Si chiede un chiarimento.")
    );
    assert!(begun.position.is_some() && begun.topic.is_some());
    let waits = requests.get(draft_id(6)).await.expect("is there");
    assert_eq!(waits.state, RequestState::Queued);
    let row = desk.cache.outbox.of_request(waits.id).await.expect("reads");
    assert_eq!(
        row.expect("goes out").attempt.decision,
        decision(6),
        "another key could open two tickets"
    );
}

#[tokio::test]
async fn a_request_that_lost_its_row_is_the_persons_again() {
    let folder = lived_in_with_requests().await;
    let path = folder.path().join("studio.db");
    altered(&path, "DELETE FROM outbox WHERE kind = 'open_ticket'").await;
    let mut content = fs::read(&path).expect("is there");
    content.push(0);
    fs::write(&path, content).expect("writes");
    let (desk, _) = Desk::opened(folder, now() + TimeDelta::hours(2)).await;
    let request = desk.cache.requests.get(draft_id(6)).await.expect("is there");
    assert_eq!(request.state, RequestState::Editing, "or it would wait for ever");
    assert_eq!(request.decision, Some(decision(6)), "and never open two tickets");
}

#[tokio::test]
async fn bytes_that_no_check_finds_but_no_draft_can_be_read_from_count_as_damage() {
    let folder = lived_in().await;
    let path = folder.path().join("studio.db");
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .expect("opens");
    sqlx::query("UPDATE draft SET wishes = '[{\"kind\":\"pat#ern\"}]' WHERE n = 2")
        .execute(&mut connection)
        .await
        .expect("writes");
    connection.close().await.expect("closes");
    let (desk, repairs) = Desk::opened(folder, now() + TimeDelta::hours(2)).await;
    assert!(
        matches!(&repairs[..], [Repair::StudioRestored { recovered: 0, .. }]),
        "{repairs:?}"
    );
    assert_eq!(desk.cache.drafts.list(now()).await.expect("reads").len(), 1);
    assert_eq!(
        desk.cache.outbox.pending().await.expect("reads"),
        [],
        "no decision is sent whose draft is lost"
    );
}

/// Writes into a file what no check of SQLite's finds fault with.
async fn altered(path: &Path, statement: &'static str) {
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .expect("opens");
    let done = sqlx::query(statement).execute(&mut connection).await.expect("writes");
    assert!(
        done.rows_affected() > 0 || statement.starts_with("ALTER"),
        "{statement}"
    );
    connection.close().await.expect("closes");
}

#[tokio::test]
async fn a_studio_file_that_no_check_finds_damaged_but_nobody_could_work_with_is_restored() {
    for statement in [
        // What is listed can't be read, whether it is under way or not.
        "UPDATE draft SET state = 'discarded', wishes = '[{\"kind\":\"pat#ern\"}]' WHERE n = 2",
        // A place as far away as a damaged number says: nobody looks at all those before it.
        "PRAGMA foreign_keys = OFF; UPDATE draft SET n = 4611686018427387904, wishes = '[' WHERE n = 2",
        // No release has made such a file: neither this one nor a later one.
        "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1",
        "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 2",
        "ALTER TABLE draft_attachment RENAME COLUMN hash TO hasi",
    ] {
        let folder = lived_in().await;
        altered(&folder.path().join("studio.db"), statement).await;
        let (desk, repairs) = Desk::opened(folder, now() + TimeDelta::hours(2)).await;
        assert!(
            matches!(&repairs[..], [Repair::StudioRestored { .. }]),
            "{statement}: {repairs:?}"
        );
        assert!(desk.cache.drafts.get(draft_id(1)).await.is_ok(), "{statement}");
        let (_desk, repairs) = desk.reopened().await;
        assert_eq!(repairs, [], "{statement}: mended once");
    }
}

#[tokio::test]
async fn a_cache_that_no_check_finds_damaged_but_nobody_could_read_is_rebuilt() {
    for statement in [
        "UPDATE ticket_body SET body = '{\"code\":'",
        "UPDATE ticket SET sede = ''",
        "DELETE FROM ticket_body",
        "UPDATE feed SET read_at = 'yesterday'",
        "DELETE FROM feed",
        "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 3",
        "ALTER TABLE appointment_ticket RENAME COLUMN ticket TO tickeu",
    ] {
        let folder = lived_in().await;
        altered(&folder.path().join("cache.db"), statement).await;
        let (desk, repairs) = Desk::opened(folder, now() + TimeDelta::hours(2)).await;
        assert_eq!(repairs, [Repair::CacheRebuilt], "{statement}");
        assert_eq!(
            desk.cache.outbox.pending().await.expect("reads").len(),
            1,
            "{statement}"
        );
        let (_desk, repairs) = desk.reopened().await;
        assert_eq!(repairs, [], "{statement}: mended once");
    }
}

#[tokio::test]
async fn a_damaged_backup_is_passed_over_for_an_older_one() {
    let folder = lived_in().await;
    let later = now() + TimeDelta::days(1);
    let (desk, _) = Desk::opened(folder, later).await;
    desk.cache.close().await;
    let folder = desk.folder;
    let all = backups(folder.path());
    assert_eq!(all.len(), 2);
    damage(&all[1], Damage::BytesFlipped);
    damage(&folder.path().join("studio.db"), Damage::NotADatabase);
    let (desk, repairs) = Desk::opened(folder, later).await;
    assert!(matches!(&repairs[..], [Repair::StudioRestored { backup_of: Some(at), .. }] if *at == now()));
    assert!(desk.cache.drafts.get(draft_id(1)).await.is_ok());
}

#[tokio::test]
async fn without_any_backup_it_begins_empty_and_says_so() {
    let desk = Desk::new().await;
    desk.draft(1, &["LU-1"]).await;
    desk.cache.close().await;
    damage(&desk.folder.path().join("studio.db"), Damage::NotADatabase);
    let (desk, repairs) = Desk::opened(desk.folder, now()).await;
    assert!(matches!(
        &repairs[..],
        [Repair::StudioRestored {
            set_aside: Some(_),
            backup_of: None,
            recovered: 0
        }]
    ));
    assert_eq!(desk.cache.drafts.list(now()).await.expect("reads"), []);
}

#[tokio::test]
async fn both_may_be_damaged_at_once() {
    let folder = lived_in().await;
    for name in ["studio.db", "cache.db"] {
        damage(&folder.path().join(name), Damage::Halved);
    }
    let (_, repairs) = Desk::opened(folder, now()).await;
    assert!(matches!(
        &repairs[..],
        [Repair::StudioRestored { .. }, Repair::CacheRebuilt]
    ));
}

#[tokio::test]
async fn damage_found_while_open_is_mended_at_the_next_opening() {
    use std::io::{Seek, SeekFrom, Write};

    let folder = lived_in().await;
    let (desk, _) = Desk::opened(folder, now()).await;
    assert!(desk.cache.check_pulled().await.expect("checks"));
    desk.cache.close().await;
    let (desk, _) = Desk::opened(desk.folder, now()).await;
    // In place, as a failing disk does it; what begins the file was read already.
    let path = desk.folder.path().join("cache.db");
    let mut file = fs::File::options().write(true).open(&path).expect("opens");
    let bytes = file.metadata().expect("a size").len();
    file.seek(SeekFrom::Start(8 * 4_096)).expect("seeks");
    file.write_all(&vec![0xA5; usize::try_from(bytes - 8 * 4_096).expect("fits")])
        .expect("writes");
    drop(file);
    assert!(!desk.cache.check_pulled().await.expect("checks"));
    desk.cache.close().await;
    let (desk, repairs) = Desk::opened(desk.folder, now()).await;
    assert_eq!(repairs, [Repair::CacheRebuilt]);
    let (_desk, repairs) = desk.reopened().await;
    assert_eq!(repairs, []);
}

async fn set_schema(path: &Path, version: i64) {
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .expect("opens");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (?1, 'from the future', 1, x'00', 0)",
    )
    .bind(version)
    .execute(&mut connection)
    .await
    .expect("writes");
    connection.close().await.expect("closes");
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_nothing_is_touched() {
    for (name, file) in [("studio.db", File::Studio), ("cache.db", File::Cache)] {
        let folder = lived_in().await;
        set_schema(&folder.path().join(name), 9_999).await;
        let before: Vec<_> = ["studio.db", "cache.db"]
            .map(|name| fs::read(folder.path().join(name)).expect("is there"))
            .into();
        let refused = Cache::open(folder.path(), now() + TimeDelta::days(3)).await;
        assert!(
            matches!(refused, Err(CacheError::Newer { file: said, found: 9_999, .. }) if said == file),
            "{refused:?}"
        );
        let after: Vec<_> = ["studio.db", "cache.db"]
            .map(|name| fs::read(folder.path().join(name)).expect("is there"))
            .into();
        assert!(
            before == after,
            "an older program must not touch what a newer one wrote"
        );
        assert_eq!(backups(folder.path()).len(), 1);
    }
}

#[tokio::test]
async fn there_is_a_backup_a_day_and_seven_are_kept() {
    let mut folder = lived_in().await;
    let days = |n: i64| now() + TimeDelta::days(n);
    let at = |n: i64| -> DateTime<Utc> { days(n) };
    for n in 1..10 {
        let (desk, _) = Desk::opened(folder, at(n)).await;
        assert!(
            !desk.cache.back_up_daily(at(n)).await.expect("asks"),
            "today it is done"
        );
        desk.cache.close().await;
        folder = desk.folder;
    }
    let all = backups(folder.path());
    assert_eq!(all.len(), 7);
    let names: Vec<_> = all
        .iter()
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(names[0], "studio-20260315T080000Z.db");
    assert_eq!(names[6], "studio-20260321T080000Z.db");
    let (desk, _) = Desk::opened(folder, at(9)).await;
    assert!(
        desk.cache.back_up_daily(at(10)).await.expect("backs up"),
        "a program that stays open backs up too"
    );
}
