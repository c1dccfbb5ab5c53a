//! The file: opened, refused, moved away and back, locked, shared.

mod common;

use std::time::{Duration, Instant};

use common::{any_slot, appointments, booked, clock, code, decided, exactly, filled, pulled, raw, ticket};
use store::{BookOutcome, CalendarStore, StoreError};
use store_sqlite::{OpenError, SqliteStore};

fn refusal(opened: Result<SqliteStore, OpenError>) -> OpenError {
    opened.map(drop).expect_err("the file must be refused")
}

#[tokio::test]
async fn what_was_stored_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 2, 5).await;
    let session = store.studio(&code("ALFA"));
    let (attempt, asked) = (decided(), any_slot(&ticket("ALFA", 0)));
    let outcome = session.book(attempt, &asked).await.unwrap();
    let (before, cursor) = pulled(&session, None).await;
    let epoch = session.hello(1).await.unwrap().epoch;
    store.close().await;
    assert!(
        matches!(session.pull(None).await, Err(StoreError::Unreachable { .. })),
        "closed is closed"
    );

    let store = SqliteStore::open(&folder.path().join("store.sqlite"), clock())
        .await
        .unwrap();
    let session = store.studio(&code("ALFA"));
    assert_eq!(pulled(&session, None).await.0, before);
    assert_eq!(
        session.pull(Some(&cursor)).await.unwrap().changes,
        [],
        "the cursor goes on"
    );
    assert_eq!(session.hello(1).await.unwrap().epoch, epoch);
    assert_eq!(
        session.book(attempt, &asked).await.unwrap(),
        outcome,
        "the outcome is remembered"
    );
}

#[tokio::test]
async fn a_store_is_created_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    assert!(matches!(
        refusal(SqliteStore::open(&path, clock()).await),
        OpenError::Missing
    ));
    assert!(!path.exists(), "to look for a store makes none");
    SqliteStore::open_or_create(&path, clock()).await.unwrap().close().await;
    assert!(matches!(
        refusal(SqliteStore::create(&path, clock()).await),
        OpenError::AlreadyThere
    ));
    SqliteStore::open_or_create(&path, clock()).await.unwrap();
    let nowhere = folder.path().join("none").join("store.sqlite");
    assert!(matches!(
        refusal(SqliteStore::create(&nowhere, clock()).await),
        OpenError::Unreachable(_)
    ));
}

#[tokio::test]
async fn a_file_that_is_no_store_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("letter.txt");
    let words = "Gentile sede, si chiede un appuntamento. ".repeat(100);
    std::fs::write(&text, &words).unwrap();
    let other = folder.path().join("other.sqlite");
    {
        use sqlx::Connection;
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(&other)
            .create_if_missing(true);
        let mut database = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("CREATE TABLE something (else_ TEXT)")
            .execute(&mut database)
            .await
            .unwrap();
        database.close().await.unwrap();
    }
    for path in [&text, &other] {
        let before = std::fs::read(path).unwrap();
        assert!(matches!(
            refusal(SqliteStore::open(path, clock()).await),
            OpenError::NotAStore
        ));
        assert!(matches!(
            refusal(SqliteStore::open_or_create(path, clock()).await),
            OpenError::NotAStore
        ));
        assert_eq!(std::fs::read(path).unwrap(), before, "what is not ours stays as it was");
    }
    assert!(matches!(
        refusal(SqliteStore::open(folder.path(), clock()).await),
        OpenError::NotAStore
    ));
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 1, 1).await.close().await;
    let mut database = raw(folder.path()).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of the future', 1, x'00', 0)",
    )
    .execute(&mut database)
    .await
    .unwrap();
    match refusal(SqliteStore::open(&folder.path().join("store.sqlite"), clock()).await) {
        OpenError::NewerSchema { found, known } => assert!(found == 9999 && known < 9999),
        other => panic!("it must say which is newer, not {other}"),
    }
}

#[tokio::test]
async fn a_studio_that_nobody_enrolled_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 1, 1).await;
    let session = store.studio(&code("NESSUNO"));
    assert_eq!(session.hello(1).await, Err(StoreError::StudioUnknown));
    assert_eq!(session.pull(None).await, Err(StoreError::StudioUnknown));
    let answer = session.book(decided(), &any_slot(&ticket("ALFA", 0))).await;
    assert_eq!(answer, Err(StoreError::StudioUnknown));
}

async fn is_away(store: &SqliteStore) {
    let session = store.studio(&code("ALFA"));
    for answer in [
        session.hello(1).await.map(drop),
        session.pull(None).await.map(drop),
        session.book(decided(), &any_slot(&ticket("ALFA", 0))).await.map(drop),
    ] {
        assert!(matches!(answer, Err(StoreError::Unreachable { .. })), "{answer:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn moved_away_it_is_unreachable_and_back_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let store = filled(&home, 2, 5).await;
    let session = store.studio(&code("ALFA"));
    let attempt = decided();
    let asked = any_slot(&ticket("ALFA", 1));
    let outcome = session.book(attempt, &asked).await.unwrap();
    let (path, elsewhere) = (home.join("store.sqlite"), folder.path().join("elsewhere"));

    std::fs::rename(&path, &elsewhere).unwrap();
    is_away(&store).await;
    std::fs::write(&path, "something else stands here").unwrap();
    is_away(&store).await;
    std::fs::remove_file(&path).unwrap();
    std::fs::rename(&elsewhere, &path).unwrap();
    assert_eq!(
        session.book(attempt, &asked).await.unwrap(),
        outcome,
        "the file is back"
    );

    std::fs::rename(&home, &elsewhere).unwrap();
    is_away(&store).await;
    std::fs::rename(&elsewhere, &home).unwrap();
    assert_eq!(
        session.book(attempt, &asked).await.unwrap(),
        outcome,
        "the folder is back"
    );
    booked(session.book(decided(), &any_slot(&ticket("ALFA", 2))).await.unwrap());

    store.close().await;
    let store = SqliteStore::open(&path, clock()).await.unwrap();
    let session = store.studio(&code("ALFA"));
    assert_eq!(
        appointments(&session).await.len(),
        2,
        "what was acknowledged is in the file, also after a restart"
    );
}

#[tokio::test]
async fn a_store_that_is_away_at_first_is_opened_when_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let store = SqliteStore::at(&path, clock());
    is_away(&store).await;
    assert!(!path.exists(), "it is never created");
    std::fs::write(&path, "something else stands here").unwrap();
    is_away(&store).await;
    std::fs::remove_file(&path).unwrap();
    filled(folder.path(), 1, 1).await;
    let session = store.studio(&code("ALFA"));
    booked(session.book(decided(), &any_slot(&ticket("ALFA", 0))).await.unwrap());
}

#[cfg(unix)]
#[tokio::test]
async fn restored_from_a_backup_it_is_opened_and_the_cursor_tells() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 2, 5).await;
    let (path, backup) = (folder.path().join("store.sqlite"), folder.path().join("backup"));
    let mut database = raw(folder.path()).await;
    let to = backup.to_str().unwrap();
    sqlx::query("VACUUM INTO ?1")
        .bind(to)
        .execute(&mut database)
        .await
        .unwrap();
    sqlx::Connection::close(database).await.unwrap();
    let session = store.studio(&code("ALFA"));
    booked(session.book(decided(), &any_slot(&ticket("ALFA", 0))).await.unwrap());
    let (_, cursor) = pulled(&session, None).await;

    // Beside the log of another file it would be destroyed: it is left alone until that is gone.
    std::fs::rename(&path, folder.path().join("aside")).unwrap();
    std::fs::copy(&backup, &path).unwrap();
    is_away(&store).await;
    assert_eq!(std::fs::read(&path).unwrap(), std::fs::read(&backup).unwrap());
    for log in ["store.sqlite-wal", "store.sqlite-shm"] {
        std::fs::remove_file(folder.path().join(log)).unwrap();
    }
    assert_eq!(session.pull(Some(&cursor)).await, Err(StoreError::EpochChanged));
    assert_eq!(appointments(&session).await.len(), 0, "as it was when it was backed up");
    booked(session.book(decided(), &any_slot(&ticket("ALFA", 0))).await.unwrap());
}

#[tokio::test]
async fn a_lock_of_another_process_is_waited_for_and_then_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 1, 2).await;
    let session = store.studio(&code("ALFA"));
    let mut database = raw(folder.path()).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut database).await.unwrap();
    let start = Instant::now();
    let attempt = decided();
    let answer = session.book(attempt, &any_slot(&ticket("ALFA", 0))).await;
    assert!(matches!(answer, Err(StoreError::Unreachable { .. })), "{answer:?}");
    assert!(
        start.elapsed() >= Duration::from_millis(1_900),
        "a short lock is no reason to give up"
    );
    session.pull(None).await.expect("reading goes on");
    sqlx::query("ROLLBACK").execute(&mut database).await.unwrap();
    booked(session.book(attempt, &any_slot(&ticket("ALFA", 0))).await.unwrap());
}

/// Asks again as long as the other one is at it.
async fn insisting(store: &SqliteStore, studio: &str, slot: &str, index: u32) -> BookOutcome {
    let (attempt, asked) = (decided(), exactly(&ticket(studio, index), slot));
    loop {
        match store.studio(&code(studio)).book(attempt, &asked).await {
            Err(StoreError::Unreachable { .. }) => {}
            answer => return answer.expect("an outcome"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_on_one_file_never_overbook() {
    const DESKS: u16 = 3;
    let folder = tempfile::tempdir().unwrap();
    let one = filled(folder.path(), DESKS, 32).await;
    let two = SqliteStore::open(&folder.path().join("store.sqlite"), clock())
        .await
        .unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..32 {
        for (store, studio) in [(one.clone(), "ALFA"), (two.clone(), "BETA")] {
            let slot = ["2026-11-24T08:00:00Z", "2026-11-25T08:00:00Z"][index as usize % 2];
            tasks.spawn(async move { insisting(&store, studio, slot, index).await });
        }
    }
    let booked = tasks
        .join_all()
        .await
        .iter()
        .filter(|outcome| matches!(outcome, BookOutcome::Booked { .. }))
        .count();
    assert_eq!(booked, 2 * usize::from(DESKS), "R11: two slots, three desks each");
    let mut stored = appointments(&one.studio(&code("ALFA"))).await;
    stored.extend(appointments(&two.studio(&code("BETA"))).await);
    assert_eq!(stored.len(), booked);
}

#[tokio::test]
async fn an_upload_survives_a_restart() {
    use domain::attachment::FileKind;
    use domain::code::ContentHash;
    use store::{Upload, UploadOutcome};
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 1, 1).await;
    let content = [b"%PDF-1.7\n".as_slice(), &[7; 10_000]].concat();
    let upload = Upload {
        hash: ContentHash::of(&content),
        bytes: content.len() as u64,
        kind: FileKind::Pdf,
    };
    store
        .studio(&code("ALFA"))
        .upload(&upload, 0, &content[..4_000])
        .await
        .unwrap();
    store.close().await;
    let store = SqliteStore::open(&folder.path().join("store.sqlite"), clock())
        .await
        .unwrap();
    let session = store.studio(&code("ALFA"));
    let next = UploadOutcome::Partial { next: 4_000 };
    assert_eq!(session.upload(&upload, 0, &[]).await, Ok(next));
    assert_eq!(
        session.upload(&upload, 4_000, &content[4_000..]).await,
        Ok(UploadOutcome::Complete)
    );
}
