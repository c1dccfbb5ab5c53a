//! Stores that earlier releases installed, with data in them, upgraded by this one.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::attachment::{Attachment, FileKind, FileName};
use domain::code::ContentHash;
use sede_for_tests::copy::Copy;
use sede_for_tests::database::{Database, as_owner, as_server, assert_sound, cluster, empty};
use sede_for_tests::world::{booked, clock, code, decided, fill, studio, ticket, wishing};
use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection};
use store::{
    CalendarStore, DeviceRegister, DeviceToken, InviteOutcome, RedeemOutcome, SetClock, Upload, UploadOutcome,
};
use store_postgres::{Connections, Installed, OpenError, PostgresStore, install};

const PDF: &[u8] = b"%PDF-1.7\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Makes `old` a store as the release with the first `migrations` had it, with everything that `now` holds and it knew.
async fn as_it_was(migrations: usize, now: &str, old: &str) {
    let cluster = cluster();
    empty(cluster, old);
    let mut connection = PgConnection::connect(&cluster.address(old, "owner"))
        .await
        .expect("a connection");
    let earlier = Migrator {
        migrations: Cow::Owned(MIGRATIONS.iter().take(migrations).cloned().collect()),
        ..Migrator::DEFAULT
    };
    earlier
        .run_direct(None, &mut connection, false)
        .await
        .expect("an earlier schema");
    connection.close().await.expect("closed");
    let tables =
        "SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position) FROM information_schema.columns
                  WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' GROUP BY 1";
    for line in cluster.sql(old, tables).lines() {
        let (table, columns) = line.split_once('|').expect("a table and its columns");
        let file = cluster.folder().join(format!("{old}-{table}"));
        let file = file.display();
        cluster.sql(now, &format!("COPY (SELECT {columns} FROM {table}) TO '{file}'"));
        cluster.sql(
            old,
            &format!("SET session_replication_role = replica; COPY {table} ({columns}) FROM '{file}'"),
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_every_earlier_release_is_brought_up_to_date_with_all_it_holds() {
    let database = Database::fresh().await;
    let store = database.store(clock()).await;
    fill(&store.desk(), 2, 5).await;
    let session = store.studio(&studio(0));
    let (attempt, mut asked) = (decided(), wishing(&ticket(0, "LU", 2, 0), "LU", 2, &[0]));
    let file = Upload {
        hash: ContentHash::of(PDF),
        bytes: PDF.len() as u64,
        kind: FileKind::Pdf,
    };
    assert_eq!(session.upload(&file, 0, PDF).await, Ok(UploadOutcome::Complete));
    asked.content.attachments = vec![Attachment {
        hash: file.hash,
        name: FileName::sanitised("delega.pdf"),
        kind: file.kind,
        bytes: file.bytes,
    }];
    let outcome = session.book(attempt, &asked).await.unwrap();
    let everything = Copy::pulled(&session).await;

    for migrations in 1..MIGRATIONS.iter().count() {
        let old = format!("of_{migrations}");
        as_it_was(migrations, &database.name, &old).await;
        let server = as_server(cluster(), &old);
        let refused = PostgresStore::open(&server, Connections::default(), clock())
            .await
            .err();
        assert!(matches!(refused, Some(OpenError::OlderSchema { .. })), "{refused:?}");
        let upgraded = install(&as_owner(cluster(), &old)).await.unwrap();
        assert!(matches!(upgraded, Installed::Upgraded { .. }), "{upgraded:?}");

        let store = PostgresStore::open(&server, Connections::default(), clock())
            .await
            .unwrap();
        let session = store.studio(&studio(0));
        assert_eq!(
            Copy::pulled(&session).await.entities,
            everything.entities,
            "from {migrations}"
        );
        let mut kept = everything.clone();
        assert_eq!(kept.pull(&session).await, 0, "the cursor goes on");
        assert_eq!(session.book(attempt, &asked).await.unwrap(), outcome);
        let next = wishing(&ticket(0, "LU", 2, 1), "LU", 2, &[0]);
        booked(session.book(decided(), &next).await.unwrap());
        // Long after: what no appointment names would be forgotten.
        let later = SetClock::new(clock().now() + TimeDelta::days(400));
        let store = PostgresStore::open(&server, Connections::default(), Arc::new(later))
            .await
            .unwrap();
        let asked = store.studio(&studio(0)).upload(&file, 0, &[]).await;
        assert_eq!(asked, Ok(UploadOutcome::Complete), "the appointment's file is kept");
        assert_sound(cluster(), &old);

        let register = store.register();
        let invited = register.invite(&studio(0), &code("Anna"), TimeDelta::hours(1)).await;
        let InviteOutcome::Invited { code: invitation, .. } = invited.unwrap() else {
            panic!("a studio of an earlier release can be invited");
        };
        let token = DeviceToken::random();
        let outcome = register.redeem(&invitation, &code("PC"), &token).await.unwrap();
        assert!(matches!(outcome, RedeemOutcome::Admitted { .. }), "{outcome:?}");
    }
}
