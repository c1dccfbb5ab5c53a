//! A sede with one point, and studios that deal with it: what stories are told about. The store is a real one, in a file.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each story uses a part of it"
)]

pub mod firm;
pub mod gate;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use domain::code::{StudioCode, TicketCode};
use domain::company::{Company, Delegation, Position};
use domain::point::{Closure, ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::ticket::{Message, Outcome, Party, StatusChange, Ticket, TicketStatus};
use domain::time::{Civil, TimeOfDay, resolve};
use domain::topic::Topic;
use domain::wish::{Pattern, Wish};
use store::{Admission, AdmittedDelegation, Clock, Offering, SedeDesk, SetClock, StudioProfile};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

pub const POINT: &str = "LU-AZIENDE";
pub const OTHER_POINT: &str = "LU-CASSETTO";
pub const TOPIC: &str = "DURC-IRR";
pub const OTHER_TOPIC: &str = "CASS-ACC";
pub const NOBODYS_TOPIC: &str = "ZZ-NESSUNO";

/// Monday 23 November 2026, 9:41 in Rome.
pub fn monday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 8, 41, 0).unwrap()
}

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// A moment on clocks in Rome.
pub fn rome(month: u32, of: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    resolve(day(month, of).and_hms_opt(hour, minute, 0).unwrap())
}

/// A wish for the slot that begins then.
pub fn slot_at(month: u32, of: u32, hour: u32, minute: u32) -> Wish {
    Wish::Slot {
        start: Civil::at(rome(month, of, hour, minute)),
    }
}

/// Any Thursday morning.
pub fn any_thursday() -> Wish {
    Wish::Pattern(Pattern {
        weekdays: vec![Weekday::Thu],
        ..Pattern::default()
    })
}

pub fn code(text: &str) -> TicketCode {
    text.parse().unwrap()
}

/// The sede's store in a file, and its clock.
pub struct World {
    pub folder: TempDir,
    pub clock: Arc<SetClock>,
    pub store: SqliteStore,
}

impl World {
    /// A sede with two points: `POINT` answers `TOPIC` on Tuesdays 13:30–17:30 and Thursdays 9:00–12:00, one desk, half an
    /// hour each; `OTHER_POINT` answers `OTHER_TOPIC` on Wednesdays.
    pub async fn new() -> Self {
        Self::at(monday()).await
    }

    /// The same, with studio 1 and its bookable ticket LU-1.
    pub async fn with_one_ticket() -> Self {
        let world = Self::new().await;
        world.enrol(1).await;
        world.admit(vec![open_ticket("LU-1", 1, 6)]).await;
        world
    }

    pub async fn at(now: DateTime<Utc>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::new(now));
        let store = SqliteStore::create(&folder.path().join("store.sqlite"), clock.clone())
            .await
            .unwrap();
        let world = Self { folder, clock, store };
        world.publish(Vec::new()).await;
        world
    }

    pub fn store_file(&self) -> PathBuf {
        self.folder.path().join("store.sqlite")
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Publishes what the sede offers, with closures of `POINT`.
    pub async fn publish(&self, closures: Vec<Closure>) {
        let hours = |weekday, from: (u16, u16), to: (u16, u16)| OpeningHours {
            weekday,
            part: DayPart::new(
                TimeOfDay::new(from.0, from.1).unwrap(),
                TimeOfDay::new(to.0, to.1).unwrap(),
            )
            .unwrap(),
            valid_from: None,
            valid_until: None,
        };
        let point = |code: &str, name: &str, topic: &str, hours| ConsultationPoint {
            code: code.parse().unwrap(),
            sede: "LU".parse().unwrap(),
            name: name.into(),
            place: "Piazza dei Martiri, Lucca".into(),
            topics: vec![topic.parse().unwrap()],
            slot_length: SlotLength::from_minutes(30).unwrap(),
            desks: 1,
            horizon_days: 28,
            hours,
            closures: Vec::new(),
        };
        let mut first = point(
            POINT,
            "Consulenza aziende",
            TOPIC,
            vec![
                hours(Weekday::Tue, (13, 30), (17, 30)),
                hours(Weekday::Thu, (9, 0), (12, 0)),
            ],
        );
        first.closures = closures;
        let second = point(
            OTHER_POINT,
            "Cassetto previdenziale",
            OTHER_TOPIC,
            vec![hours(Weekday::Wed, (9, 0), (11, 0))],
        );
        let topic = |code: &str, area: &str, detail: &str| Topic {
            code: code.parse().unwrap(),
            area: area.into(),
            subject: "Regolarità".into(),
            detail: detail.into(),
            threshold: None,
        };
        let offering = Offering {
            sedi: vec![Sede {
                code: "LU".parse().unwrap(),
                name: "Lucca".into(),
            }],
            topics: vec![
                topic(TOPIC, "Agevolazioni", "DURC irregolare"),
                topic(OTHER_TOPIC, "Cassetto", "Accesso"),
                topic(NOBODYS_TOPIC, "Varie", "Altro"),
            ],
            points: vec![first, second],
        };
        self.store.desk().publish(&offering).await.unwrap();
    }

    /// Enrols studio `number` (1, 2, …) with one company, one position and a delegation for it.
    pub async fn enrol(&self, number: u8) -> StudioCode {
        let studio: StudioCode = format!("STUDIO-{number}").parse().unwrap();
        let desk = self.store.desk();
        desk.enrol(&StudioProfile {
            code: studio.clone(),
            name: format!("Studio {number}"),
        })
        .await
        .unwrap();
        self.admit_company(number, number, &format!("Azienda {number}")).await;
        studio
    }

    /// Admits company `company` with its position `460000000{company}` for studio `studio`.
    pub async fn admit_company(&self, studio: u8, company: u8, name: &str) {
        let (code, matricola) = (format!("0000000000{company}"), format!("460000000{company}"));
        let admission = Admission {
            companies: vec![Company {
                code: code.parse().unwrap(),
                name: name.into(),
            }],
            positions: vec![Position {
                matricola: matricola.parse().unwrap(),
                company: code.parse().unwrap(),
                sede: "LU".parse().unwrap(),
            }],
            delegations: vec![AdmittedDelegation {
                studio: format!("STUDIO-{studio}").parse().unwrap(),
                delegation: Delegation {
                    position: matricola.parse().unwrap(),
                    from: day(1, 1),
                    until: None,
                },
            }],
            tickets: Vec::new(),
        };
        self.store.desk().admit(&admission).await.unwrap();
    }

    /// Admits tickets.
    pub async fn admit(&self, tickets: Vec<Ticket>) {
        let admission = Admission {
            tickets,
            ..Admission::default()
        };
        self.store.desk().admit(&admission).await.unwrap();
    }
}

/// A ticket of company `company`, open since `days` civil days before the Monday of the stories: bookable from 6 on (R4).
pub fn open_ticket(code: &str, company: u8, days: i64) -> Ticket {
    let opened_at = monday() - TimeDelta::days(days);
    Ticket {
        code: code.parse().unwrap(),
        position: format!("460000000{company}").parse().unwrap(),
        company: format!("0000000000{company}").parse().unwrap(),
        sede: "LU".parse().unwrap(),
        topic: TOPIC.parse().unwrap(),
        opened_at,
        reopened_at: None,
        status: TicketStatus::Open,
        withdrawn: None,
        messages: vec![Message {
            author: Party::Studio,
            at: opened_at,
            text: "Si chiede il riesame.".into(),
            change: Some(StatusChange::Opened),
            files: vec!["quietanza.pdf".into()],
            reminder: false,
        }],
    }
}

/// The same, about a topic that the other point answers.
pub fn elsewhere(mut ticket: Ticket) -> Ticket {
    ticket.topic = OTHER_TOPIC.parse().unwrap();
    ticket
}

/// The same, closed with `outcome` the day before and not judged.
pub fn closed(mut ticket: Ticket, outcome: Outcome) -> Ticket {
    ticket.status = TicketStatus::Closed {
        outcome,
        at: monday() - TimeDelta::days(1),
        assessment: domain::ticket::ReplyAssessment::Unassessed,
    };
    ticket
}
