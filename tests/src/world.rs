//! A small sede of our own: one point with room for everybody, one company, and as many tickets as a test wants.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use domain::code::{FiscalCode, Matricola, PointCode, SedeCode, StudioCode, TicketCode, TopicCode};
use domain::company::{Company, Delegation, Position};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::ticket::{Outcome, ReplyAssessment, Ticket, TicketStatus};
use domain::time::TimeOfDay;
use domain::topic::Topic;
use store::{Admission, AdmittedDelegation, Clock, Offering, SedeDesk, SetClock, StudioProfile};
use store_sqlite::SqliteStore;
use studio::view::desk::DeskView;
use studio::{Deaf, Options, Studio, StudioError};
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

/// How many tickets of each kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tickets {
    /// Closed with `ko`, and bookable at once (R3): [`ticket_code`].
    pub answered_ko: usize,
    /// Closed with `ok`, and bookable once the studio judges the reply (R3): [`answered_code`].
    pub answered_ok: usize,
    /// Open for three days, and bookable in three more (R4): [`fresh_code`].
    pub fresh: usize,
}

/// The code of the `number`-th ticket that was closed with `ko`.
#[must_use]
pub fn ticket_code(number: usize) -> TicketCode {
    parsed(&format!("LU-{}", 10_000 + number))
}

/// The code of the `number`-th ticket that was closed with `ok`.
#[must_use]
pub fn answered_code(number: usize) -> TicketCode {
    parsed(&format!("LU-{}", 40_000 + number))
}

/// The code of the `number`-th ticket that is not bookable yet.
#[must_use]
pub fn fresh_code(number: usize) -> TicketCode {
    parsed(&format!("LU-{}", 70_000 + number))
}

/// Makes the sede in `folder`, with so many tickets, all bookable (R3: closed with `ko`).
///
/// # Panics
/// Where the disk refuses.
pub async fn make(folder: &Path, tickets: usize) {
    let tickets = Tickets {
        answered_ko: tickets,
        ..Tickets::default()
    };
    make_with(folder, tickets).await;
}

/// Makes the sede in `folder`, with these tickets.
///
/// # Panics
/// Where the disk refuses.
pub async fn make_with(folder: &Path, tickets: Tickets) {
    let store = SqliteStore::create(&store_file(folder), clock())
        .await
        .expect("a new store");
    furnish(&store.desk(), now(), tickets).await;
    store.close().await;
}

/// Publishes the point, enrols the studio and takes in its company with these tickets, as of `now`.
///
/// # Panics
/// Where the store refuses.
pub async fn furnish(desk: &dyn SedeDesk, now: DateTime<Utc>, tickets: Tickets) {
    desk.publish(&offering()).await.expect("the sede publishes");
    let profile = StudioProfile {
        code: studio_code(),
        name: "Studio Prova".to_owned(),
    };
    desk.enrol(&profile).await.expect("the studio is enrolled");
    let company = Company {
        code: company_code(),
        name: "Officine Serchio srl".to_owned(),
    };
    let position: Matricola = parsed(MATRICOLA);
    let closed = |outcome| TicketStatus::Closed {
        outcome,
        at: now - TimeDelta::days(42),
        assessment: ReplyAssessment::Unassessed,
    };
    let long_ago = now - TimeDelta::days(49);
    let ko = (0..tickets.answered_ko).map(|number| ticket(ticket_code(number), long_ago, closed(Outcome::Ko)));
    let ok = (0..tickets.answered_ok).map(|number| ticket(answered_code(number), long_ago, closed(Outcome::Ok)));
    let fresh =
        (0..tickets.fresh).map(|number| ticket(fresh_code(number), now - TimeDelta::days(3), TicketStatus::Open));
    let admission = Admission {
        positions: vec![Position {
            matricola: position.clone(),
            company: company.code.clone(),
            sede: parsed(SEDE),
        }],
        companies: vec![company],
        delegations: vec![AdmittedDelegation {
            studio: studio_code(),
            delegation: Delegation {
                position,
                from: NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day"),
                until: None,
            },
        }],
        tickets: ko.chain(ok).chain(fresh).collect(),
    };
    desk.admit(&admission)
        .await
        .expect("the sede takes in companies and tickets");
}

const SEDE: &str = "LU";
/// The topic of its tickets.
pub const TOPIC: &str = "REG-DUR";
/// The position of its tickets.
pub const MATRICOLA: &str = "4801234567";

fn company_code() -> FiscalCode {
    parsed("01234567890")
}

/// A ticket of the company.
#[must_use]
pub fn ticket(code: TicketCode, opened_at: DateTime<Utc>, status: TicketStatus) -> Ticket {
    Ticket {
        code,
        position: parsed(MATRICOLA),
        company: company_code(),
        sede: parsed(SEDE),
        topic: parsed(TOPIC),
        opened_at,
        reopened_at: None,
        status,
        withdrawn: None,
        messages: Vec::new(),
    }
}

/// One point, open all day on five days of the week, with two desks.
fn offering() -> Offering {
    let (sede, topic): (SedeCode, TopicCode) = (parsed(SEDE), parsed(TOPIC));
    let point: PointCode = parsed("LU-PROVA");
    let part = DayPart::new(
        TimeOfDay::new(8, 0).expect("a time"),
        TimeOfDay::new(20, 0).expect("a time"),
    )
    .expect("opening hours");
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    Offering {
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
            sede,
            name: "Consulenza aziende".to_owned(),
            place: "Piazza dei Martiri, Lucca".to_owned(),
            topics: vec![topic],
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
    }
}

/// The studio at work in `folder`, with the real files, engine and store.
///
/// # Panics
/// Where its files can't be opened.
pub async fn open(folder: &Path, watcher: Arc<dyn Watcher>) -> Studio {
    let store = SqliteStore::open(&store_file(folder), clock())
        .await
        .expect("the store is there");
    let opened = open_on(&store, folder, watcher).await;
    opened.expect("the studio's files can be opened")
}

/// The same, on a store that is open.
///
/// # Errors
/// Those of opening the studio's files.
pub async fn open_on(store: &SqliteStore, folder: &Path, watcher: Arc<dyn Watcher>) -> Result<Studio, StudioError> {
    Studio::open(Options {
        desk: DeskView::training(),
        folder: folder.to_owned(),
        clock: clock(),
        store: Some(Arc::new(store.studio(&studio_code()))),
        watcher,
        listener: Arc::new(Deaf),
    })
    .await
}
