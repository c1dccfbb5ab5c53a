//! A small store with many places: one point, open all day, and as many bookable tickets as asked for.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc, Weekday};
use domain::appointment::Appointment;
use domain::booking::{BookedTicket, Booking};
use domain::code::DecisionId;
use domain::company::{Company, Delegation, Position};
use domain::content::{Contact, Content};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::ticket::{Ticket, TicketStatus};
use domain::time::{Civil, TimeOfDay};
use domain::topic::Topic;
use domain::wish::{Pattern, Wish};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteConnectOptions;
use store::{
    Admission, AdmittedDelegation, Attempt, BookOutcome, CalendarStore, Change, Clock, Cursor, Entity, Offering,
    SedeDesk, SetClock, StudioProfile,
};
use store_sqlite::{SqliteSession, SqliteStore};
use uuid::Uuid;

pub(crate) const POINT: &str = "LU-AZIENDE";

pub(crate) fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("the codes of the tests are well formed")
}

/// Monday, 23 November 2026, ten in the morning at the sede.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

/// A clock that stands on that morning.
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SetClock::new(morning()))
}

/// A new store in `folder` with `desks` desks and so many tickets for each of the studios ALFA and BETA.
pub(crate) async fn filled(folder: &Path, desks: u16, tickets: u32) -> SqliteStore {
    let store = SqliteStore::create(&folder.join("store.sqlite"), clock())
        .await
        .expect("a store");
    let desk = store.desk();
    let day = DayPart::new(
        TimeOfDay::new(8, 0).expect("a time"),
        TimeOfDay::new(18, 0).expect("a time"),
    );
    let offering = Offering {
        sedi: vec![Sede {
            code: code("LU"),
            name: "Lucca".into(),
        }],
        topics: vec![Topic {
            code: code("DENUNCE"),
            area: "Aziende".into(),
            subject: "Contributi".into(),
            detail: "Denunce".into(),
            threshold: None,
        }],
        points: vec![ConsultationPoint {
            code: code(POINT),
            sede: code("LU"),
            name: "Aziende".into(),
            place: "Piazza dei Martiri".into(),
            topics: vec![code("DENUNCE")],
            slot_length: SlotLength::from_minutes(30).expect("a length"),
            desks,
            horizon_days: 30,
            hours: [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]
                .map(|weekday| OpeningHours {
                    weekday,
                    part: day.expect("a part of a day"),
                    valid_from: None,
                    valid_until: None,
                })
                .into(),
            closures: Vec::new(),
        }],
    };
    desk.publish(&offering).await.expect("published");
    for (studio, number) in [("ALFA", 1), ("BETA", 2)] {
        let profile = StudioProfile {
            code: code(studio),
            name: format!("Studio {studio}"),
        };
        desk.enrol(&profile).await.expect("enrolled");
        let company = format!("0100000000{number}");
        let matricola = format!("460000000{number}");
        let ticket = |index: u32| Ticket {
            code: code(&ticket(studio, index)),
            position: code(&matricola),
            company: code(&company),
            sede: code("LU"),
            topic: code("DENUNCE"),
            opened_at: morning() - chrono::TimeDelta::days(20),
            reopened_at: None,
            status: TicketStatus::Open,
            withdrawn: None,
            messages: Vec::new(),
        };
        let admission = Admission {
            companies: vec![Company {
                code: code(&company),
                name: "Azienda".into(),
            }],
            positions: vec![Position {
                matricola: code(&matricola),
                company: code(&company),
                sede: code("LU"),
            }],
            delegations: vec![AdmittedDelegation {
                studio: code(studio),
                delegation: Delegation {
                    position: code(&matricola),
                    from: "2026-01-01".parse().expect("a day"),
                    until: None,
                },
            }],
            tickets: (0..tickets).map(ticket).collect(),
        };
        desk.admit(&admission).await.expect("admitted");
    }
    store
}

/// The code of a studio's ticket.
pub(crate) fn ticket(studio: &str, index: u32) -> String {
    format!("LU-{studio}-{index}")
}

/// Any slot for this ticket.
pub(crate) fn any_slot(ticket: &str) -> Booking {
    wishing(ticket, Wish::Pattern(Pattern::default()))
}

/// The slot that begins then.
pub(crate) fn exactly(ticket: &str, start: &str) -> Booking {
    let start = Civil::at(start.parse().expect("a time"));
    wishing(ticket, Wish::Slot { start })
}

fn wishing(ticket: &str, wish: Wish) -> Booking {
    Booking {
        tickets: vec![BookedTicket {
            code: code(ticket),
            judgement: None,
            read: None,
        }],
        point: code(POINT),
        wishes: vec![wish],
        content: Content {
            contact: Contact {
                phone: "0583 000000".into(),
                email: String::new(),
            },
            ..Content::default()
        },
    }
}

pub(crate) fn decided() -> Attempt {
    Attempt::first(DecisionId::new(Uuid::now_v7()))
}

pub(crate) fn booked(outcome: BookOutcome) -> Appointment {
    match outcome {
        BookOutcome::Booked { appointment } => *appointment,
        BookOutcome::Refused { why } => panic!("this must be booked, and is refused: {why:?}"),
    }
}

/// All changes from `cursor` on.
pub(crate) async fn pulled(session: &SqliteSession, mut cursor: Option<Cursor>) -> (Vec<Change>, Cursor) {
    let mut changes = Vec::new();
    loop {
        let page = session.pull(cursor.as_ref()).await.expect("a page");
        changes.extend(page.changes);
        if !page.more {
            return (changes, page.cursor);
        }
        cursor = Some(page.cursor);
    }
}

/// The studio's appointments.
pub(crate) async fn appointments(session: &SqliteSession) -> Vec<Appointment> {
    pulled(session, None)
        .await
        .0
        .into_iter()
        .filter_map(|change| match change {
            Change::Put(Entity::Appointment(appointment)) => Some(*appointment),
            _ => None,
        })
        .collect()
}

/// The database without the store before it.
pub(crate) async fn raw(folder: &Path) -> SqliteConnection {
    use sqlx::Connection;
    SqliteConnection::connect_with(
        &SqliteConnectOptions::new()
            .filename(folder.join("store.sqlite"))
            .foreign_keys(true),
    )
    .await
    .expect("a connection")
}
