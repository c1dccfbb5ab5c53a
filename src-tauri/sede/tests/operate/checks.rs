//! `check`, `seed` and `install`.

use std::path::Path;

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use store::{CalendarStore, StoreError};

use crate::world::{PDF, World, code, day, names, run};

/// Breaks the store behind everybody's back.
async fn break_it(path: &Path, statement: &'static str) {
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path))
        .await
        .expect("a connection");
    sqlx::query(statement).execute(&mut database).await.expect("it breaks");
    database.close().await.expect("closed");
}

#[tokio::test]
async fn a_store_that_keeps_its_promises_says_so() {
    let world = World::new().await;
    world.book_with("ROSSI", "LU-1", &world.slot(0, 0), &[PDF]).await;
    world.book("ROSSI", "LU-2", &world.slot(0, 0)).await;
    world.wait_in_vain("BIANCHI", "LU-91", &world.slot(0, 0)).await;
    let check = world.done(&["check"]);
    assert_eq!(check["kept"], true);
    assert_eq!(check["counts"]["tickets"], 4);
    let findings = check["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), store::Checked::ALL.len());
    for finding in findings {
        assert_eq!(finding["broken"], 0, "{finding}");
        assert_ne!(finding["looked_at"], 0, "{finding}");
    }
    let before = world.seen().await;
    assert!(world.told(&["check"]).ends_with("every promise is kept\n"));
    assert_eq!(world.seen().await, before, "to look changes nothing");
}

#[tokio::test]
async fn a_promise_that_is_broken_is_named_and_ends_with_four() {
    let world = World::new().await;
    let appointment = world.book("ROSSI", "LU-1", &world.slot(0, 0)).await;
    break_it(&world.path(), "DELETE FROM carriage").await;
    let answer = world.sede(&["check"]);
    assert_eq!(answer.code, 4, "{answer:?}");
    assert!(
        answer.out.contains("BROKEN") && answer.out.contains(appointment.code.as_str()),
        "{answer:?}"
    );
    assert!(answer.out.ends_with("promises are broken\n"), "{answer:?}");
    let answer = world.sede(&["check", "--json"]);
    assert_eq!(answer.code, 4, "{answer:?}");
    let script: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!(script["kept"], false);
    let findings = script["findings"].as_array().expect("findings");
    let broken: Vec<_> = findings.iter().filter(|finding| finding["broken"] != 0).collect();
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert_eq!(broken[0]["name"], "appointments_hold_what_they_say");
    assert_eq!(broken[0]["examples"][0], appointment.code.as_str());
}

#[tokio::test]
async fn a_file_that_was_damaged_is_not_handed_out() {
    let world = World::new().await;
    let appointment = world.book_with("ROSSI", "LU-1", &world.slot(0, 0), &[PDF]).await;
    let get = ["attachment", "get", appointment.code.as_str(), "1", "--out", "file.pdf"];
    break_it(&world.path(), "UPDATE piece SET bytes = CAST(bytes || x'0A' AS BLOB)").await;
    let refusal = world.refused(4, &get).await;
    assert!(refusal.contains("is not what its hash says"), "{refusal}");
    break_it(&world.path(), "DELETE FROM upload").await;
    world.refused(4, &get).await;
    assert!(!world.folder.path().join("file.pdf").exists(), "nothing is left behind");
}

#[test]
fn a_store_is_seeded_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("training.sqlite").display());
    let sede = |args: &[&str]| run(folder.path(), Some(&store), args, "");
    let done = |args: &[&str]| -> Value {
        let answer = sede(&[args, &["--json"]].concat());
        assert_eq!(answer.code, 0, "{args:?}: {answer:?}");
        serde_json::from_str(&answer.out).expect("JSON")
    };
    assert_eq!(sede(&["seed"]).code, 3, "there is no store yet");
    assert_eq!(done(&["install"])["created"], true);
    for odd in [
        &["seed", "--tickets", "49"][..],
        &["seed", "--tickets", "200001"],
        &["seed", "--seed", "uno"],
    ] {
        assert_eq!(sede(odd).code, 2, "{odd:?}");
    }
    assert_eq!(done(&["check"])["counts"]["tickets"], 0, "nothing half done");

    let began = day(0);
    let seeded = done(&["seed", "--tickets", "60", "--seed", "7"]);
    assert_eq!(seeded["studios"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        names(
            &done(&["ticket", "list", "--studio", "STUDIO-RICCI", "--limit", "1"]),
            "code"
        )
        .len(),
        1
    );
    let check = done(&["check"]);
    assert_eq!((&check["kept"], &check["counts"]), (&true.into(), &seeded["counts"]));

    let again = sede(&["seed", "--tickets", "60", "--seed", "7"]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.err.contains("--into-existing"), "{again:?}");
    assert_eq!(done(&["check"])["counts"], seeded["counts"], "nothing was added");
    let filled = sede(&["seed", "--tickets", "60", "--seed", "7", "--into-existing"]);
    // The data follow from the day: where midnight has passed meanwhile, it says that.
    let midnight = filled.code == 1 && filled.err.contains("on another day") && day(0) != began;
    assert!(filled.code == 0 || midnight, "{filled:?}");
    assert_eq!(done(&["check"])["kept"], true);
    assert_eq!(done(&["install"])["created"], false, "what is there stays");
    assert_eq!(done(&["check"])["kept"], true);
}

#[tokio::test]
async fn after_a_restore_every_studio_pulls_from_the_beginning() {
    let world = World::new().await;
    let session = world.store.studio(&code("ROSSI"));
    let page = session.pull(None).await.expect("a page");
    world.done(&["restored"]);
    let next = session.pull(Some(&page.cursor)).await;
    assert_eq!(next, Err(StoreError::EpochChanged));
    assert_eq!(
        session.pull(None).await.expect("a page").changes,
        page.changes,
        "nothing else changed"
    );
}

#[tokio::test]
async fn a_backup_of_a_store_in_use_is_restored() {
    let world = World::new().await;
    let kept = world.book_with("ROSSI", "LU-1", &world.slot(0, 0), &[PDF]).await;
    let backup = world.folder.path().join("backup.sqlite");
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(world.path()))
        .await
        .expect("a connection");
    sqlx::query("VACUUM INTO ?1")
        .bind(backup.to_str().expect("a path"))
        .execute(&mut database)
        .await
        .expect("a backup");
    world.book("ROSSI", "LU-2", &world.slot(0, 1)).await;

    let store = format!("sqlite:{}", backup.display());
    for verb in ["restored", "check"] {
        let answer = run(world.folder.path(), Some(&store), &[verb], "");
        assert_eq!(answer.code, 0, "{verb}: {answer:?}");
    }
    let answer = run(
        world.folder.path(),
        Some(&store),
        &["appointment", "list", "--json"],
        "",
    );
    let listed: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!(
        names(&listed, "code"),
        [kept.code.as_str()],
        "what was booked after the backup is gone"
    );
}
