//! A sede that is upgraded from an earlier release while its studios stand by.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use agenda_sede_tests::served::Way;
use agenda_sede_tests::waiting::PATIENCE;
use agenda_sede_tests::world::{self, Tickets};
use chrono::Utc;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use studio::Studio;
use studio::view::drafts::DraftStateView;

use crate::desk::{self, ticket};
use crate::office::Office;

static MIGRATIONS: Migrator = sqlx::migrate!("../src-tauri/crates/store-sqlite/migrations");

/// The first release with devices: a store of an earlier one let nobody in over the network.
const FIRST: usize = 2;

/// Writes into `old` a store as the release with the first `migrations` had it, with everything that `now` holds and it
/// knew.
async fn as_it_was(migrations: usize, now: &Path, old: &Path) {
    let options = SqliteConnectOptions::new().filename(old).create_if_missing(true);
    let mut database = SqliteConnection::connect_with(&options.foreign_keys(false))
        .await
        .unwrap();
    let earlier = Migrator {
        migrations: Cow::Owned(MIGRATIONS.iter().take(migrations).cloned().collect()),
        ..Migrator::DEFAULT
    };
    earlier.run_direct(None, &mut database, false).await.unwrap();
    sqlx::query("ATTACH ?1 AS now")
        .bind(now.to_str().unwrap())
        .execute(&mut database)
        .await
        .unwrap();
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, group_concat(c.name, ', ') FROM main.sqlite_schema t, pragma_table_info(t.name, 'main') c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_sqlx_%' GROUP BY t.name",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    for (table, columns) in tables {
        let copy = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}");
        sqlx::query(AssertSqlSafe(copy)).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();
}

/// The file becomes one that an earlier release wrote.
async fn turned_back(file: &Path, migrations: usize) {
    let old = file.with_extension("old");
    as_it_was(migrations, file, &old).await;
    for side in ["-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(side);
        let _ = std::fs::remove_file(name);
    }
    std::fs::rename(old, file).unwrap();
}

/// Waits until a draft stands so, while the program works by itself.
async fn becomes(studio: &Studio, draft: &str, what: &str, is_so: impl Fn(DraftStateView, bool) -> bool) {
    let waits = async {
        loop {
            let draft = studio.draft_open(draft).await.unwrap();
            if is_so(draft.state, draft.deposit.is_some()) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waits).await.is_ok(), "never {what}");
}

#[test]
fn a_sede_that_is_upgraded_while_studios_stand_by_finds_what_they_decided_meanwhile() {
    for migrations in [FIRST, MIGRATIONS.iter().count() - 1] {
        let tickets = Tickets {
            answered_ko: 2,
            fresh: 1,
            ..Tickets::default()
        };
        let mut office = Office::open(Way::Plain, tickets);
        let studio = Arc::new(office.run(office.studio("anna")));
        let before = office.run(async {
            desk::online(&studio).await;
            desk::booked(&studio, &ticket(0), Utc::now()).await
        });
        office.sede.stop();
        office.run(turned_back(&office.sede.file(), migrations));

        let (booking, left, running) = office.run(async {
            let booking = desk::written(&studio, &ticket(1), Utc::now()).await;
            let left = desk::written(&studio, &world::fresh_code(0), Utc::now()).await;
            let decided = (desk::sent(&studio, &booking).await, desk::sent(&studio, &left).await);
            let running = Arc::clone(&studio);
            let running = tokio::spawn(async move { running.run().await });
            (decided.0, decided.1, running)
        });
        let said = office.sede.install();
        assert!(said.status.success(), "from {migrations}: {said:?}");
        office.sede.start();

        office.run(async {
            becomes(&studio, &booking, "booked", |state, _| state == DraftStateView::Booked).await;
            becomes(&studio, &left, "with the sede", |_, lies| lies).await;
            studio.stop();
            running.await.unwrap();
            desk::online(&studio).await;
            assert_eq!(
                desk::appointment(&studio, &before.id).await,
                before,
                "what was there is there"
            );
            assert_eq!(office.sound().await, 2, "one outcome for each decision");
            studio.close().await;
        });
    }
}
