//! What holds even against a bug: the constraints, what becomes of a booking that meets one, and what the server's role can't
//! do.

use domain::booking::Refusal;
use domain::eligibility::{Eligibility, Obstacle};
use sede_for_tests::database::{Database, assert_sound, cluster};
use sede_for_tests::world::{booked, clock, decided, fill, studio, ticket, wishing};
use sqlx::{Connection, PgConnection};
use store::{BookOutcome, BookRefusal, CalendarStore};

async fn connected(database: &Database, role: &str) -> PgConnection {
    PgConnection::connect(&cluster().address(&database.name, role))
        .await
        .expect("a connection")
}

/// SQLSTATE and constraint of a refusal.
async fn refused(connection: &mut PgConnection, statement: &'static str) -> (String, String) {
    let error = sqlx::query(statement)
        .execute(connection)
        .await
        .err()
        .unwrap_or_else(|| panic!("the database itself must refuse this: {statement}"));
    let error = error
        .as_database_error()
        .expect("a refusal of the database")
        .downcast_ref::<sqlx::postgres::PgDatabaseError>();
    (
        error.code().to_owned(),
        error.constraint().unwrap_or_default().to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_what_must_never_be() {
    let database = Database::fresh().await;
    let store = database.store(clock()).await;
    fill(&store.desk(), 1, 3).await;
    let session = store.studio(&studio(0));
    for slot in [0, 1] {
        let index = usize::try_from(slot).unwrap();
        booked(
            session
                .book(decided(), &wishing(&ticket(0, "LU", 1, index), "LU", 1, &[slot]))
                .await
                .unwrap(),
        );
    }
    let connection = &mut connected(&database, "server").await;
    for (statement, constraint) in [
        (
            "UPDATE place SET starts_at = starts_at - interval '30 min', ends_at = ends_at - interval '30 min'
             WHERE starts_at = (SELECT max(starts_at) FROM place)",
            "one_appointment_per_desk",
        ),
        (
            "UPDATE place SET starts_at = starts_at - interval '1 min' WHERE starts_at = (SELECT max(starts_at) FROM place)",
            "one_appointment_per_desk",
        ),
        ("UPDATE place SET desk = 2", "no_desk_beyond_the_point_s"),
        ("UPDATE place SET point = 'LU-NESSUNO'", "no_desk_beyond_the_point_s"),
        (
            "INSERT INTO place SELECT sede, point, desk, starts_at + interval '1 day', ends_at + interval '1 day', appointment
             FROM place",
            "one_place_per_appointment",
        ),
        ("INSERT INTO carriage SELECT * FROM carriage", "one_live_appointment_per_ticket"),
        ("INSERT INTO attempt SELECT * FROM attempt", "one_outcome_per_attempt"),
        (
            "INSERT INTO attempt SELECT studio, decision, number + 1, digest, outcome, granted FROM attempt",
            "one_appointment_per_decision",
        ),
        ("UPDATE taken SET count = -1", "no_fewer_than_no_place"),
    ] {
        assert_eq!(refused(connection, statement).await.1, constraint, "{statement}");
    }
    assert_sound(cluster(), &database.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_s_role_can_do_no_more_than_it_needs() {
    let database = Database::fresh().await;
    let connection = &mut connected(&database, "server").await;
    for statement in [
        "DELETE FROM ticket",
        "DELETE FROM appointment",
        "DELETE FROM attempt",
        "DELETE FROM taken",
        "UPDATE attempt SET outcome = '{}'",
        "DELETE FROM life",
        "INSERT INTO life (epoch, limits) VALUES (gen_random_uuid(), '{}')",
        "TRUNCATE place",
        "DROP TABLE place",
        "ALTER TABLE place DROP CONSTRAINT one_appointment_per_desk",
        "ALTER TABLE place DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DELETE FROM _sqlx_migrations",
        "CREATE ROLE mine",
        "COPY place TO PROGRAM 'true'",
    ] {
        assert_eq!(refused(connection, statement).await.0, "42501", "{statement}");
    }
    let owned = "SELECT count(*) FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner
                 WHERE r.rolname IN ('sede_server', 'server')";
    assert_eq!(database.sql(owned), "0", "it owns nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_lies_never_overbooks() {
    let database = Database::fresh().await;
    let store = database.store(clock()).await;
    fill(&store.desk(), 1, 3).await;
    let session = store.studio(&studio(0));
    let at = |index: usize, slots: &[i32]| wishing(&ticket(0, "LU", 1, index), "LU", 1, slots);
    booked(session.book(decided(), &at(0, &[0])).await.unwrap());
    database.sql("UPDATE taken SET count = 0");
    match session.book(decided(), &at(1, &[0])).await.unwrap() {
        BookOutcome::Refused {
            why: BookRefusal::Rule {
                refusal: Refusal::AllTaken { nearest },
            },
        } => assert_eq!(nearest.len(), 6, "it is told what is free"),
        outcome => panic!("R11: the place is held, whatever the count says: {outcome:?}"),
    }
    assert_sound(cluster(), &database.name);
    database.sql("UPDATE taken SET count = 0");
    let appointment = booked(session.book(decided(), &at(2, &[0, 1])).await.unwrap());
    assert_eq!(appointment.granted, 1, "the next wish is granted");
    assert_sound(cluster(), &database.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carried_ticket_is_refused_with_the_end_of_its_appointment() {
    let database = Database::fresh().await;
    let store = database.store(clock()).await;
    fill(&store.desk(), 1, 1).await;
    let session = store.studio(&studio(0));
    let code = ticket(0, "LU", 2, 0);
    let appointment = booked(session.book(decided(), &wishing(&code, "LU", 2, &[3])).await.unwrap());
    let refusal = session.book(decided(), &wishing(&code, "LU", 2, &[4])).await.unwrap();
    let until = appointment.slot.end.instant();
    let expected = Refusal::TicketNotBookable {
        ticket: code.parse().unwrap(),
        eligibility: Eligibility::NotBookable(Obstacle::Carried { until }),
    };
    let why = BookRefusal::Rule { refusal: expected };
    assert_eq!(refusal, BookOutcome::Refused { why });
    assert_sound(cluster(), &database.name);
}
