//! Stores that earlier releases wrote, with data in them, opened by this one.
#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod common;

use std::borrow::Cow;
use std::path::Path;

use chrono::TimeDelta;
use common::{any_slot, appointments, booked, clock, code, decided, filled, pulled, ticket};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use store::{CalendarStore, DeviceRegister, DeviceToken, InviteOutcome, RedeemOutcome};
use store_sqlite::SqliteStore;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Writes into `old` a store as the release with the first `migrations` had it, with everything that `now` holds and it
/// knew.
async fn as_it_was(migrations: usize, now: &Path, old: &Path) {
    let options = SqliteConnectOptions::new().filename(old).create_if_missing(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let earlier = Migrator {
        migrations: Cow::Owned(MIGRATIONS.iter().take(migrations).cloned().collect()),
        ..Migrator::DEFAULT
    };
    earlier.run_direct(None, &mut database, false).await.unwrap();
    sqlx::query("PRAGMA foreign_keys = OFF")
        .execute(&mut database)
        .await
        .unwrap();
    sqlx::query("ATTACH ?1 AS now")
        .bind(now.to_str().unwrap())
        .execute(&mut database)
        .await
        .unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx_%'",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?1, 'main')")
            .bind(&table)
            .fetch_all(&mut database)
            .await
            .unwrap();
        let columns = columns.join(", ");
        let copy = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}");
        sqlx::query(AssertSqlSafe(copy)).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_store_of_every_earlier_release_is_brought_up_to_date_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 2, 5).await;
    let session = store.studio(&code("ALFA"));
    let (attempt, asked) = (decided(), any_slot(&ticket("ALFA", 0)));
    let outcome = session.book(attempt, &asked).await.unwrap();
    let (everything, cursor) = pulled(&session, None).await;
    store.close().await;
    let now = folder.path().join("store.sqlite");

    for migrations in 1..MIGRATIONS.iter().count() {
        let old = folder.path().join(format!("of-{migrations}.sqlite"));
        as_it_was(migrations, &now, &old).await;
        let store = SqliteStore::open(&old, clock()).await.unwrap();
        let session = store.studio(&code("ALFA"));
        assert_eq!(pulled(&session, None).await.0, everything, "from {migrations}");
        assert_eq!(
            session.pull(Some(&cursor)).await.unwrap().changes,
            [],
            "the cursor goes on"
        );
        assert_eq!(session.book(attempt, &asked).await.unwrap(), outcome);
        booked(session.book(decided(), &any_slot(&ticket("ALFA", 1))).await.unwrap());
        assert_eq!(appointments(&session).await.len(), 2);

        let register = store.register();
        let invited = register.invite(&code("ALFA"), &code("Anna"), TimeDelta::hours(1)).await;
        let InviteOutcome::Invited { code: invitation, .. } = invited.unwrap() else {
            panic!("a studio of an earlier release can be invited");
        };
        let token = DeviceToken::random();
        let outcome = register.redeem(&invitation, &code("PC"), &token).await.unwrap();
        assert!(matches!(outcome, RedeemOutcome::Admitted { .. }), "{outcome:?}");
        store.close().await;
    }
}
