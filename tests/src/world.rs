//! A small sede of our own: one point with room for everybody, one company, and as many bookable tickets as a test wants.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use domain::code::{Matricola, PointCode, SedeCode, StudioCode, TicketCode, TopicCode};
use domain::company::{Company, Delegation, Position};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::ticket::{Outcome, ReplyAssessment, Ticket, TicketStatus};
use domain::time::TimeOfDay;
use domain::topic::Topic;
use store::{Admission, AdmittedDelegation, Clock, Offering, SedeDesk as _, SetClock, StudioProfile};
use store_sqlite::SqliteStore;
use studio::view::desk::DeskView;
use studio::{Deaf, Options, Studio};
use sync::Watcher;

/// The Monday on which it is.
pub const NOW: &str = "2026-11-23T08:41:00Z";

fn parsed<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("well formed")
}

/// The studio.
#[must_use]
pub fn studio_code() -> StudioCode {
    parsed("STUDIO-PROVA")
}

/// The present there.
#[must_use]
pub fn now() -> DateTime<Utc> {
    parsed(NOW)
}

/// Its clock, which stands still.
#[must_use]
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SetClock::new(now()))
}

/// The store's file in `folder`.
#[must_use]
pub fn store_file(folder: &Path) -> PathBuf {
    folder.join("store.sqlite")
}

/// The code of the `number`-th ticket.
#[must_use]
pub fn ticket_code(number: usize) -> TicketCode {
    parsed(&format!("LU-{}", 10_000 + number))
}

/// Makes the sede in `folder`, with so many tickets, all bookable (R3: closed with `ko`).
///
/// # Panics
/// Where the disk refuses.
pub async fn make(folder: &Path, tickets: usize) {
    let store = SqliteStore::create(&store_file(folder), clock())
        .await
        .expect("a new store");
    let desk = store.desk();
    let (sede, topic, point): (SedeCode, TopicCode, PointCode) = (parsed("LU"), parsed("REG-DUR"), parsed("LU-PROVA"));
    let matricola: Matricola = parsed("4801234567");
    let company = Company {
        code: parsed("01234567890"),
        name: "Officine Serchio srl".to_owned(),
    };
    let part = DayPart::new(
        TimeOfDay::new(8, 0).expect("a time"),
        TimeOfDay::new(20, 0).expect("a time"),
    )
    .expect("opening hours");
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let offering = Offering {
        sedi: vec![Sede {
            code: sede.clone(),
            name: "Lucca".to_owned(),
        }],
        topics: vec![Topic {
            code: topic.clone(),
            area: "Regolarità".to_owned(),
            subject: "DURC".to_owned(),
            detail: "Irregolarità".to_owned(),
            threshold: None,
        }],
        points: vec![ConsultationPoint {
            code: point,
            sede: sede.clone(),
            name: "Consulenza aziende".to_owned(),
            place: "Piazza dei Martiri, Lucca".to_owned(),
            topics: vec![topic.clone()],
            slot_length: SlotLength::from_minutes(15).expect("a length"),
            desks: 2,
            horizon_days: 60,
            hours: weekdays
                .map(|weekday| OpeningHours {
                    weekday,
                    part,
                    valid_from: None,
                    valid_until: None,
                })
                .to_vec(),
            closures: Vec::new(),
        }],
    };
    desk.publish(&offering).await.expect("the sede publishes");
    let profile = StudioProfile {
        code: studio_code(),
        name: "Studio Prova".to_owned(),
    };
    desk.enrol(&profile).await.expect("the studio is enrolled");
    let opened_at: DateTime<Utc> = parsed("2026-10-05T08:00:00Z");
    let closed_at: DateTime<Utc> = parsed("2026-10-12T08:00:00Z");
    let admission = Admission {
        companies: vec![company.clone()],
        positions: vec![Position {
            matricola: matricola.clone(),
            company: company.code.clone(),
            sede: sede.clone(),
        }],
        delegations: vec![AdmittedDelegation {
            studio: studio_code(),
            delegation: Delegation {
                position: matricola.clone(),
                from: NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day"),
                until: None,
            },
        }],
        tickets: (0..tickets)
            .map(|number| Ticket {
                code: ticket_code(number),
                position: matricola.clone(),
                company: company.code.clone(),
                sede: sede.clone(),
                topic: topic.clone(),
                opened_at,
                reopened_at: None,
                status: TicketStatus::Closed {
                    outcome: Outcome::Ko,
                    at: closed_at,
                    assessment: ReplyAssessment::Unassessed,
                },
                withdrawn: None,
                messages: Vec::new(),
            })
            .collect(),
    };
    desk.admit(&admission)
        .await
        .expect("the sede takes in companies and tickets");
    store.close().await;
}

/// The studio at work in `folder`, with the real files, engine and store.
///
/// # Panics
/// Where its files can't be opened.
pub async fn open(folder: &Path, watcher: Arc<dyn Watcher>) -> Studio {
    let store = SqliteStore::open(&store_file(folder), clock())
        .await
        .expect("the store is there");
    Studio::open(Options {
        desk: DeskView::training(),
        folder: folder.to_owned(),
        clock: clock(),
        store: Arc::new(store.studio(&studio_code())),
        watcher,
        listener: Arc::new(Deaf),
    })
    .await
    .expect("the studio's files can be opened")
}
