//! Installing, upgrading, and refusing what is no store of ours.

use sede_for_tests::database::{Database, as_owner, as_server, cluster, empty};
use sede_for_tests::world::{clock, fill};
use store_postgres::{Connections, DatabaseAddress, Installed, OpenError, PostgresStore, install};

async fn opened(database: &str) -> Result<PostgresStore, OpenError> {
    PostgresStore::open(&as_server(cluster(), database), Connections::default(), clock()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn installing_twice_changes_nothing() {
    let database = Database::fresh().await;
    fill(&database.store(clock()).await.desk(), 1, 2).await;
    let everything = "SELECT (SELECT json_agg(t) FROM ticket AS t)::text || (SELECT json_agg(l) FROM life AS l)::text
        || (SELECT json_agg(m ORDER BY version) FROM _sqlx_migrations AS m)::text";
    let before = database.sql(everything);
    let installed = install(&as_owner(cluster(), &database.name)).await;
    assert_eq!(installed.expect("nothing to do"), Installed::AsItWas);
    assert_eq!(database.sql(everything), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused_by_server_and_administrator() {
    let database = Database::fresh().await;
    database.sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9000, 'later', true, '', 0)",
    );
    for error in [
        opened(&database.name).await.err(),
        install(&as_owner(cluster(), &database.name)).await.err(),
    ] {
        assert!(
            matches!(error, Some(OpenError::NewerSchema { found: 9000, .. })),
            "{error:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_and_one_of_others_are_told_apart() {
    let others = Database::fresh().await;
    others.sql("COMMENT ON TABLE life IS NULL");
    let nothing = "nothing_in_it";
    empty(cluster(), nothing);
    cluster().sql(nothing, "GRANT USAGE ON SCHEMA public TO sede_server");
    assert!(matches!(opened(nothing).await.err(), Some(OpenError::Empty)));
    assert!(matches!(opened(&others.name).await.err(), Some(OpenError::NotAStore)));
    let refused = install(&as_owner(cluster(), &others.name)).await.err();
    assert!(
        matches!(refused, Some(OpenError::NotAStore)),
        "nothing is installed beside what others have there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_nowhere_is_told_without_what_is_in_it() {
    Database::fresh().await;
    let secret = "very-secret";
    let nobody: DatabaseAddress = cluster()
        .address("postgres", &format!("nobody:{secret}"))
        .parse()
        .unwrap();
    let refused = PostgresStore::open(&nobody, Connections::default(), clock())
        .await
        .err();
    assert!(matches!(refused, Some(OpenError::Refused { .. })), "{refused:?}");
    let nowhere: DatabaseAddress = format!("postgres://server:{secret}@127.0.0.1:1/sede").parse().unwrap();
    let unreachable = PostgresStore::open(&nowhere, Connections::default(), clock())
        .await
        .err();
    assert!(
        matches!(unreachable, Some(OpenError::Unreachable { .. })),
        "{unreachable:?}"
    );
    for said in [
        format!("{nobody:?} {refused:?}"),
        format!("{nowhere:?} {unreachable:?}"),
    ] {
        assert!(!said.contains(secret), "{said}");
    }
    assert!("mysql://server@localhost/sede".parse::<DatabaseAddress>().is_err());
    assert!("sede".parse::<DatabaseAddress>().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_older_than_a_cursor_is_noticed() {
    use sede_for_tests::copy::Copy;
    use sede_for_tests::world::{decided, studio, ticket, wishing};
    use store::{CalendarStore, StoreError};
    let database = Database::fresh().await;
    let store = database.store(clock()).await;
    fill(&store.desk(), 1, 2).await;
    store.close().await;
    let backup = format!("{}_backup", database.name);
    cluster().create_database(&backup, Some(&database.name));
    let session = database.store(clock()).await.studio(&studio(0));
    session
        .book(decided(), &wishing(&ticket(0, "LU", 1, 0), "LU", 1, &[0]))
        .await
        .expect("an outcome");
    let ahead = Copy::pulled(&session).await.cursor;
    let restored = opened(&backup).await.expect("a store").studio(&studio(0));
    assert_eq!(restored.pull(ahead.as_ref()).await, Err(StoreError::EpochChanged));
}
