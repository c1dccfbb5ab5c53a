//! A sede with one point, open all day, and two studios with bookable tickets.
#![allow(dead_code, reason = "each test file uses its own part")]

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use domain::booking::{BookedTicket, Booking};
use domain::code::DecisionId;
use domain::company::{Company, Delegation, Position};
use domain::content::{Contact, Content};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::ticket::{Ticket, TicketStatus};
use domain::time::{Civil, TimeOfDay};
use domain::topic::Topic;
use domain::wish::{Pattern, Wish};
use store::{Admission, AdmittedDelegation, Attempt, CalendarStore, Change, Offering, SedeDesk, StudioProfile};
use store_sqlite::SqliteStore;
use uuid::Uuid;

use crate::house::code;

pub(crate) const POINT: &str = "LU-AZIENDE";

/// Monday, 23 November 2026, ten in the morning at the sede.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

/// Fills `store` with a point of three desks, and so many tickets for each of the studios ALFA and BETA.
pub(crate) async fn furnished(store: &SqliteStore, tickets: u32) {
    let desk = store.desk();
    let time = |hour| TimeOfDay::new(hour, 0).expect("a time");
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
            desks: 3,
            horizon_days: 30,
            hours: [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]
                .map(|weekday| OpeningHours {
                    weekday,
                    part: DayPart::new(time(8), time(18)).expect("a part of a day"),
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
        let (company, matricola) = (format!("0100000000{number}"), format!("460000000{number}"));
        let opened = |index| Ticket {
            code: code(&ticket(studio, index)),
            position: code(&matricola),
            company: code(&company),
            sede: code("LU"),
            topic: code("DENUNCE"),
            opened_at: morning() - TimeDelta::days(20),
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
            tickets: (0..tickets).map(opened).collect(),
        };
        desk.admit(&admission).await.expect("admitted");
    }
}

/// The code of a studio's ticket.
pub(crate) fn ticket(studio: &str, index: u32) -> String {
    format!("LU-{studio}-{index}")
}

/// Any slot for this ticket.
pub(crate) fn any_slot(ticket: &str) -> Booking {
    Booking {
        tickets: vec![BookedTicket {
            code: code(ticket),
            judgement: None,
            read: None,
        }],
        point: code(POINT),
        wishes: vec![Wish::Pattern(Pattern::default())],
        content: Content {
            contact: Contact {
                phone: "0583 000000".into(),
                email: String::new(),
            },
            ..Content::default()
        },
    }
}

/// A wish for the slot that begins then.
pub(crate) fn slot(start: &str) -> Wish {
    Wish::Slot {
        start: Civil::at(start.parse().expect("a time")),
    }
}

pub(crate) fn decided() -> Attempt {
    Attempt::first(DecisionId::new(Uuid::now_v7()))
}

/// All that a studio sees, from the beginning.
pub(crate) async fn everything(store: &impl CalendarStore) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.pull(cursor.as_ref()).await.expect("a page");
        changes.extend(page.changes);
        if !page.more {
            return changes;
        }
        cursor = Some(page.cursor);
    }
}
