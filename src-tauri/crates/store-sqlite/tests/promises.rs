//! What holds even against a bug: the constraints, and what becomes of a booking that meets one.

mod common;

use common::{appointments, booked, code, decided, exactly, filled, raw, ticket};
use domain::booking::Refusal;
use sqlx::SqliteConnection;
use store::{BookOutcome, BookRefusal, CalendarStore};

const SLOT: &str = "2026-11-24T08:00:00Z";
const NEXT: &str = "2026-11-24T08:30:00Z";

async fn refused_by_the_file(database: &mut SqliteConnection, statement: &'static str) -> String {
    sqlx::query(statement)
        .execute(database)
        .await
        .expect_err("the file itself must refuse this")
        .as_database_error()
        .expect("by a constraint")
        .message()
        .to_owned()
}

#[tokio::test]
async fn the_file_itself_refuses_what_must_never_be() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 1, 3).await;
    let session = store.studio(&code("ALFA"));
    booked(
        session
            .book(decided(), &exactly(&ticket("ALFA", 0), SLOT))
            .await
            .unwrap(),
    );
    booked(
        session
            .book(decided(), &exactly(&ticket("ALFA", 1), NEXT))
            .await
            .unwrap(),
    );
    let database = &mut raw(folder.path()).await;
    for (statement, why) in [
        (
            "UPDATE place SET starts_at = starts_at - 1800, ends_at = ends_at - 1800 WHERE appointment = 2",
            "place_overlaps",
        ),
        (
            "UPDATE place SET starts_at = starts_at - 60 WHERE appointment = 2",
            "place_overlaps",
        ),
        (
            "UPDATE place SET starts_at = starts_at - 1800, ends_at = ends_at - 1800, desk = 2 WHERE appointment = 2",
            "place_beyond_desks",
        ),
        (
            "UPDATE carriage SET ticket = 1 WHERE appointment = 2",
            "UNIQUE constraint failed: carriage.ticket",
        ),
        (
            "UPDATE appointment SET decision = (SELECT decision FROM appointment WHERE id = 1) WHERE id = 2",
            "UNIQUE constraint failed: appointment.studio, appointment.decision",
        ),
        (
            "INSERT INTO attempt SELECT * FROM attempt WHERE studio = 1",
            "UNIQUE constraint failed: attempt.studio, attempt.decision, attempt.number",
        ),
        ("UPDATE taken SET count = -1", "CHECK constraint failed: count >= 0"),
    ] {
        assert_eq!(refused_by_the_file(database, statement).await, why);
    }
}

#[tokio::test]
async fn a_count_that_lies_never_overbooks() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 1, 3).await;
    let session = store.studio(&code("ALFA"));
    booked(
        session
            .book(decided(), &exactly(&ticket("ALFA", 0), SLOT))
            .await
            .unwrap(),
    );
    sqlx::query("UPDATE taken SET count = 0")
        .execute(&mut raw(folder.path()).await)
        .await
        .unwrap();
    let outcome = session
        .book(decided(), &exactly(&ticket("ALFA", 1), SLOT))
        .await
        .unwrap();
    match outcome {
        BookOutcome::Refused {
            why: BookRefusal::Rule {
                refusal: Refusal::AllTaken { nearest },
            },
        } => assert_eq!(nearest.len(), 6, "it is told what is free"),
        outcome => panic!("R11: the place is held, whatever the count says: {outcome:?}"),
    }
    assert_eq!(
        appointments(&session).await.len(),
        1,
        "no half of an appointment is left"
    );
    let count: i64 = sqlx::query_scalar("SELECT count FROM taken")
        .fetch_one(&mut raw(folder.path()).await)
        .await
        .unwrap();
    assert_eq!(count, 1, "and the count is right again");
}

#[tokio::test]
async fn an_appointment_of_an_older_grid_counts_in_every_slot_that_it_touches() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path(), 2, 6).await;
    let session = store.studio(&code("ALFA"));
    booked(
        session
            .book(decided(), &exactly(&ticket("ALFA", 0), SLOT))
            .await
            .unwrap(),
    );
    booked(
        session
            .book(decided(), &exactly(&ticket("ALFA", 1), NEXT))
            .await
            .unwrap(),
    );
    // Since then, slots are an hour long: the first hour touches both, each at a desk of its own or the same.
    let mut offering = store::Offering::default();
    for change in common::pulled(&session, None).await.0 {
        if let store::Change::Put(store::Entity::Point(mut point)) = change {
            point.slot_length = domain::point::SlotLength::from_minutes(60).unwrap();
            offering.points.push(*point);
        }
    }
    store::SedeDesk::publish(&store.desk(), &offering).await.unwrap();
    let outcome = session
        .book(decided(), &exactly(&ticket("ALFA", 2), SLOT))
        .await
        .unwrap();
    assert!(
        matches!(outcome, BookOutcome::Refused { .. }),
        "two touch it, and there are two desks: {outcome:?}"
    );
    booked(
        session
            .book(decided(), &exactly(&ticket("ALFA", 3), "2026-11-24T09:00:00Z"))
            .await
            .unwrap(),
    );
}
