//! The server slow, full, killed, told to end, upgraded, of other versions, while a studio works with it.

use std::io::Read;
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use agenda_sede_tests::served::Way;
use agenda_sede_tests::waiting;
use agenda_sede_tests::world::Tickets;
use chrono::{DateTime, Utc};
use rustix::process::Signal;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use store::{Attempt, CONTRACT_VERSION, CalendarStore, StoreError};
use store_http::Patience;
use studio::Studio;
use studio::view::app::ConnectionState;
use studio::view::drafts::{DraftRow, DraftStateView};
use sync::TracingWatcher;
use uuid::Uuid;

use crate::desk::{self, ticket};
use crate::office::Office;
use crate::small_disk::SmallDisk;
use crate::wire::{Act, Direction, Message};

/// A sede with so many tickets that can be booked at once.
fn office(tickets: usize) -> Office {
    let tickets = Tickets {
        answered_ko: tickets,
        ..Tickets::default()
    };
    Office::open(Way::Plain, tickets)
}

/// A draft for the `number`-th ticket, sent.
async fn sent(studio: &Studio, number: usize) -> String {
    desk::sent(studio, &desk::written(studio, &ticket(number), Utc::now()).await).await
}

async fn state(studio: &Studio, draft: &str) -> DraftStateView {
    studio.draft_open(draft).await.unwrap().state
}

async fn row(studio: &Studio, draft: &str) -> DraftRow {
    let drafts = studio.drafts_list().await.unwrap();
    drafts.into_iter().find(|row| row.id == draft).unwrap()
}

/// Keeps every write of the store from going on, as another program does that has it open.
async fn locked(office: &Office) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(office.sede.file());
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    connection
}

async fn unlocked(mut connection: SqliteConnection) {
    sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Sends what `draft` decided into a line that holds it, then again over one that does not.
async fn held_then_free(office: &Office, draft: &str, message: Message, way: Direction, after: usize) {
    let impatient = Patience {
        silence: Duration::from_secs(1),
        ..Patience::default()
    };
    let studio = office.studio_with("anna", impatient, 0, Arc::new(TracingWatcher)).await;
    office.wire.then(message, way, after, Act::Hold);
    let told = desk::offline(&studio).await;
    assert_eq!(told.connection.waiting, 1, "it is told that a decision waits");
    assert_eq!(state(&studio, draft).await, DraftStateView::Queued);
    assert!(office.wire.mend(), "it was held");
    studio.close().await;

    let studio = office.studio("anna").await;
    desk::online(&studio).await;
    assert_eq!(state(&studio, draft).await, DraftStateView::Booked);
    studio.close().await;
}

#[test]
fn an_answer_that_comes_later_than_anybody_waits_is_found_when_it_is_asked_for_again() {
    let office = office(4);
    office.run(async {
        for (number, (way, after)) in [(Direction::Down, 0), (Direction::Up, 40)].into_iter().enumerate() {
            let studio = office.studio("anna").await;
            desk::online(&studio).await;
            let booking = sent(&studio, number).await;
            studio.close().await;
            held_then_free(&office, &booking, Message::Book, way, after).await;

            let studio = office.studio("anna").await;
            let appointment = studio.draft_open(&booking).await.unwrap().appointment.unwrap();
            let change = desk::changed(&studio, &appointment, "Viene il titolare.").await;
            let change = desk::sent(&studio, &change).await;
            studio.close().await;
            held_then_free(&office, &change, Message::Change, way, after).await;
        }
        assert_eq!(office.sound().await, 4, "one outcome for each decision");
        for record in office.appointments().await {
            assert_eq!(record.appointment.edits.len(), 1, "changed once");
        }
    });
}

#[test]
fn a_store_that_another_program_keeps_locked_is_waited_for() {
    let office = office(1);
    office.run(async {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        let draft = sent(&studio, 0).await;
        let lock = locked(&office).await;
        assert_eq!(desk::offline(&studio).await.connection.waiting, 1);
        assert_eq!(state(&studio, &draft).await, DraftStateView::Queued);
        unlocked(lock).await;
        desk::online(&studio).await;
        assert_eq!(state(&studio, &draft).await, DraftStateView::Booked);
        assert_eq!(office.sound().await, 1);
        studio.close().await;
    });
}

/// Calls that a server lets wait at one time, as it is started.
const CALLS: usize = 64;

#[test]
fn a_server_with_too_much_to_do_says_when_to_come_back_and_is_left_alone_until_then() {
    let office = office(1);
    office.run(async {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        let draft = sent(&studio, 0).await;
        let lock = locked(&office).await;
        let client = Arc::new(office.client(Patience::default()));
        let mut crowd = tokio::task::JoinSet::new();
        for _ in 0..CALLS {
            let client = Arc::clone(&client);
            crowd.spawn(async move { client.withdraw(Attempt::first(new_decision())).await });
        }
        // Every place is taken once a mere greeting finds none.
        let begun = Instant::now();
        let Err(StoreError::Busy { seconds }) = full(&client, begun).await else {
            panic!("the server is never full");
        };
        desk::offline(&studio).await;
        let waits = row(&studio, &draft).await;
        assert_eq!((waits.state, waits.failures), (DraftStateView::Queued, 1));
        assert_eq!(pause(&waits), i64::from(seconds), "it said when to come back");
        unlocked(lock).await;
        while let Some(answer) = crowd.join_next().await {
            let answer = answer.unwrap();
            assert!(
                matches!(
                    answer,
                    Ok(_) | Err(StoreError::Unreachable { .. } | StoreError::Busy { .. })
                ),
                "{answer:?}"
            );
        }
        desk::online(&studio).await;
        assert_eq!(state(&studio, &draft).await, DraftStateView::Booked);
        office.sound().await;
        studio.close().await;
    });
}

/// Greets until there is no place for that.
async fn full(client: &store_http::HttpStore, begun: Instant) -> Result<(), StoreError> {
    while begun.elapsed() < waiting::PATIENCE {
        match client.hello(CONTRACT_VERSION).await {
            Ok(_) => {}
            Err(busy) => return Err(busy),
        }
    }
    Ok(())
}

fn new_decision() -> domain::code::DecisionId {
    domain::code::DecisionId::new(Uuid::now_v7())
}

/// Seconds between the last attempt and the next.
fn pause(row: &DraftRow) -> i64 {
    let at = |text: &Option<String>| -> DateTime<Utc> { text.as_ref().unwrap().parse().unwrap() };
    let pause = at(&row.next_attempt) - at(&row.last_attempt);
    // The answer took a moment.
    pause.num_milliseconds().div_euclid(1_000)
}

/// Connections that a server keeps open for one address, as it is started.
const CONNECTIONS: usize = 256;

#[test]
fn a_server_without_a_place_for_another_connection_is_tried_again_until_it_has_one() {
    let office = office(1);
    office.run(async {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        let draft = sent(&studio, 0).await;
        office.wire.cut();
        office.wire.mend();
        let mut others = Vec::new();
        let turned_away = loop {
            let mut other = TcpStream::connect((Ipv4Addr::LOCALHOST, office.sede.port())).unwrap();
            if others.len() >= CONNECTIONS {
                // Nothing is said to whoever finds no place: the connection ends.
                other.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                break matches!(other.read(&mut [0]), Ok(0)) || other.peer_addr().is_err();
            }
            others.push(other);
        };
        assert!(turned_away, "there is a place for one more than {CONNECTIONS}");
        // Twice: the first round may have met the connection that was cut.
        for _ in 0..2 {
            assert_eq!(desk::offline(&studio).await.connection.waiting, 1);
        }
        drop(others);
        // The server has to notice that they are gone.
        desk::back_online(&studio).await;
        assert_eq!(state(&studio, &draft).await, DraftStateView::Booked);
        assert_eq!(office.sound().await, 1);
        studio.close().await;
    });
}

#[test]
fn whoever_stands_before_the_sede_and_says_when_to_come_back_is_left_alone_until_then() {
    let answers = [
        ("429 Too Many Requests", "Retry-After: 40\r\n", 40),
        ("503 Service Unavailable", "Retry-After: 70\r\n", 70),
        ("503 Service Unavailable", "", 5),
    ];
    let office = office(answers.len());
    office.run(async {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        for (number, (status, header, expected)) in answers.into_iter().enumerate() {
            let draft = sent(&studio, number).await;
            office.wire.answer(format!(
                "HTTP/1.1 {status}\r\n{header}Connection: close\r\nContent-Length: 0\r\n\r\n"
            ));
            desk::offline(&studio).await;
            let waits = row(&studio, &draft).await;
            assert_eq!((waits.state, waits.failures), (DraftStateView::Queued, 1));
            assert_eq!(pause(&waits), expected, "{status}");
            office.wire.mend();
            desk::online(&studio).await;
            assert_eq!(state(&studio, &draft).await, DraftStateView::Booked);
        }
        assert_eq!(office.sound().await, answers.len() as u64);
        studio.close().await;
    });
}

#[test]
fn a_sede_whose_disk_is_full_at_any_write_of_a_booking_has_it_once_there_is_room() {
    let mut office = office(80);
    let disk = SmallDisk::new();
    office.sede.end();
    // The file and what SQLite keeps beside it; the log is elsewhere.
    office.sede.start_with(disk.variables(office.sede.file()));
    office.run(async {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        let mut refused = 0;
        for writes in 0.. {
            let draft = sent(&studio, usize::try_from(writes).unwrap()).await;
            disk.room.leave(writes);
            let status = studio.sync_now().await.unwrap();
            assert_ne!(
                state(&studio, &draft).await,
                DraftStateView::NeedsAttention,
                "room for {writes} writes"
            );
            disk.room.make();
            desk::online(&studio).await;
            assert_eq!(
                state(&studio, &draft).await,
                DraftStateView::Booked,
                "room for {writes} writes"
            );
            if status.connection.state == ConnectionState::Connected {
                break;
            }
            refused += 1;
        }
        eprintln!("{refused} times the disk was full");
        assert!(refused > 5, "the disk was never full");
        assert_eq!(office.sound().await, refused + 1);
        studio.close().await;
    });
    assert!(!office.sede.log().contains("panicked"));
}

/// A server that is ended when a booking has come so far, and started again; the studio books on.
fn ended_by(signal: Signal) {
    let places = [
        (Direction::Up, 0),
        (Direction::Up, 200),
        (Direction::Up, usize::MAX),
        (Direction::Down, 0),
        (Direction::Down, 100),
    ];
    let mut office = office(places.len() * 2);
    let studio = office.run(async {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        studio
    });
    let mut number = 0;
    for message in [Message::Book, Message::Change] {
        for (way, after) in places {
            let draft = office.run(async {
                match message {
                    Message::Book => sent(&studio, number).await,
                    _ => {
                        let appointment = desk::booked(&studio, &ticket(number), Utc::now()).await;
                        let change = desk::changed(&studio, &appointment.id, "Viene il titolare.").await;
                        desk::sent(&studio, &change).await
                    }
                }
            });
            number += 1;
            // The last byte of the message, however long this one is: the server has all of it.
            let after = match after {
                usize::MAX => office.wire.last(message).up.len().saturating_sub(1).max(300),
                after => after,
            };
            office.wire.then(
                message,
                way,
                after,
                Act::Meanwhile(Box::new(office.sede.sender(signal))),
            );
            let status = office.run(studio.sync_now()).unwrap();
            if !office.wire.mend() {
                // A little shorter than the one before: then it is ended after the answer.
                office.sede.sender(signal)();
            }
            office.sede.ended();
            if signal == Signal::KILL && status.connection.state == ConnectionState::Connected {
                office.run(desk::offline(&studio));
            }
            office.sede.start();
            office.run(async {
                desk::back_online(&studio).await;
                let state = state(&studio, &draft).await;
                assert_eq!(state, DraftStateView::Booked, "{message:?}, {way:?}, {after}");
            });
        }
    }
    office.run(async {
        assert_eq!(
            office.sound().await,
            places.len() as u64 * 3,
            "one outcome for each decision"
        );
        for number in 0..places.len() * 2 {
            assert_eq!(office.carrying(&ticket(number)).await, 1);
        }
        studio.close().await;
    });
}

#[test]
fn a_server_that_is_killed_in_the_middle_of_a_message_and_started_again_has_it_once() {
    ended_by(Signal::KILL);
}

#[test]
fn a_server_that_is_told_to_end_in_the_middle_of_a_message_and_started_again_has_it_once() {
    ended_by(Signal::TERM);
}

#[test]
fn a_server_that_speaks_other_versions_is_told_and_what_was_decided_waits_for_it() {
    let office = office(2);
    office.run(async {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        studio.close().await;
        // A program many versions ahead, on the files of today's.
        let ahead = office
            .studio_with("anna", Patience::default(), 1_000, Arc::new(TracingWatcher))
            .await;
        let draft = sent(&ahead, 0).await;
        let kept = desk::written(&ahead, &ticket(1), Utc::now()).await;
        for _ in 0..2 {
            let status = ahead.sync_now().await.unwrap();
            assert_eq!(
                status.connection.state,
                ConnectionState::Incompatible,
                "it is told as what it is"
            );
            assert_eq!(status.connection.waiting, 1);
        }
        assert_eq!(state(&ahead, &draft).await, DraftStateView::Queued);
        assert_eq!(
            row(&ahead, &draft).await.attention,
            None,
            "it is nothing that the person could mend in the draft"
        );
        assert_eq!(
            office.appointments().await.len(),
            0,
            "nothing was asked of a server that is not understood"
        );
        ahead.close().await;
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        assert_eq!(state(&studio, &draft).await, DraftStateView::Booked);
        assert_eq!(studio.draft_open(&kept.id).await.unwrap().notes, kept.notes);
        assert_eq!(office.sound().await, 1);
        studio.close().await;
    });
}
