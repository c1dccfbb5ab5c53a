//! A small sede, a small studio, and the folder in which the studio keeps them.

use cache::drafts::{Draft, DraftChange, NewDraft};
use cache::{Cache, Repair};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use domain::appointment::{Appointment, AppointmentState};
use domain::booking::BookedTicket;
use domain::code::{AppointmentId, CommunicationId, DecisionId, DraftId, TicketCode};
use domain::communication::{Change as Said, Communication};
use domain::company::{Company, Delegation, Position};
use domain::content::{Contact, Content, Limits};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::slot::Slot;
use domain::ticket::{Message, Outcome, Party, ReplyAssessment, Ticket, TicketStatus};
use domain::time::{Civil, Now, TimeOfDay, midnight};
use domain::topic::{Topic, WaitingThreshold};
use domain::wish::{Pattern, Wish};
use store::{Change, Cursor, Entity, EntityKey, Page, PulledTicket, Welcome};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const EPOCH: &str = "first life";

/// The present of these tests: a Thursday morning.
pub(crate) fn now() -> DateTime<Utc> {
    instant("2026-03-12T08:00:00Z")
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub(crate) fn present() -> Now {
    Now::at(now())
}

pub(crate) fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a code")
}

pub(crate) fn ticket_code(text: &str) -> TicketCode {
    code(text)
}

pub(crate) fn decision(n: u128) -> DecisionId {
    DecisionId::new(Uuid::from_u128(0xdec_0000 + n))
}

pub(crate) fn draft_id(n: u128) -> DraftId {
    DraftId::new(Uuid::from_u128(0xd_0000 + n))
}

pub(crate) fn appointment_id(n: u128) -> AppointmentId {
    AppointmentId::new(Uuid::from_u128(0xa_0000 + n))
}

pub(crate) fn communication_id(n: u128) -> CommunicationId {
    CommunicationId::new(Uuid::from_u128(0xc_0000 + n))
}

/// Fiscal code of the `n`th company.
pub(crate) fn fiscal(n: u32) -> String {
    format!("{:011}", 1_000_000 + n)
}

/// Matricola of the `n`th company's position.
pub(crate) fn matricola(n: u32) -> String {
    format!("{:010}", 4_500_000 + n)
}

/// A ticket, open since `opened`, of the `company`th company.
pub(crate) fn ticket(text: &str, company: u32, topic: &str, opened: &str) -> PulledTicket {
    let opened_at = midnight(day(opened)) + TimeDelta::hours(10);
    PulledTicket {
        ticket: Ticket {
            code: code(text),
            position: code(&matricola(company)),
            company: code(&fiscal(company)),
            sede: code("LU"),
            topic: code(topic),
            opened_at,
            reopened_at: None,
            status: TicketStatus::Open,
            withdrawn: None,
            messages: vec![says("Buongiorno", opened_at)],
        },
        carried_until: None,
    }
}

pub(crate) fn says(text: &str, at: DateTime<Utc>) -> Message {
    Message {
        author: Party::Studio,
        at,
        text: text.into(),
        change: None,
        files: Vec::new(),
        reminder: false,
    }
}

pub(crate) fn closed(mut pulled: PulledTicket, outcome: Outcome, at: &str) -> PulledTicket {
    pulled.ticket.status = TicketStatus::Closed {
        outcome,
        at: instant(at),
        assessment: ReplyAssessment::Unassessed,
    };
    pulled
}

pub(crate) fn topic(text: &str, area: &str, threshold: Option<u16>) -> Topic {
    Topic {
        code: code(text),
        area: area.into(),
        subject: format!("Materia {text}"),
        detail: "Dettaglio".into(),
        threshold: threshold.map(WaitingThreshold),
    }
}

pub(crate) fn point(text: &str, topics: &[&str]) -> ConsultationPoint {
    let part = DayPart::new(
        TimeOfDay::new(9, 0).expect("a time"),
        TimeOfDay::new(12, 0).expect("a time"),
    );
    ConsultationPoint {
        code: code(text),
        sede: code("LU"),
        name: "Consulenza".into(),
        place: "Piazza dei Martiri, Lucca".into(),
        topics: topics.iter().map(|topic| code(topic)).collect(),
        slot_length: SlotLength::from_minutes(30).expect("a length"),
        desks: 2,
        horizon_days: 90,
        hours: vec![OpeningHours {
            weekday: Weekday::Thu,
            part: part.expect("hours"),
            valid_from: None,
            valid_until: None,
        }],
        closures: Vec::new(),
    }
}

pub(crate) fn company(n: u32, name: &str) -> Company {
    Company {
        code: code(&fiscal(n)),
        name: name.into(),
    }
}

pub(crate) fn slot(start: &str) -> Slot {
    let start = instant(start);
    Slot {
        point: code("LU-AZIENDE"),
        start: Civil::at(start),
        end: Civil::at(start + TimeDelta::minutes(30)),
    }
}

/// The appointment that `decision` was booked by.
pub(crate) fn appointment(n: u128, by: DecisionId, tickets: &[&str], start: &str) -> Appointment {
    Appointment {
        id: appointment_id(n),
        code: code(&format!("LU-A-{n}")),
        decision: by,
        company: code(&fiscal(1)),
        tickets: tickets.iter().map(|ticket| code(ticket)).collect(),
        slot: slot(start),
        state: AppointmentState::Confirmed,
        content: Content::default(),
        granted: 0,
        booked_at: now(),
        communications: Vec::new(),
        edits: Vec::new(),
    }
}

pub(crate) fn communication(n: u128, at: &str) -> Communication {
    Communication {
        id: communication_id(n),
        at: instant(at),
        change: Said::Other {
            label: "avviso".into(),
            before: None,
            after: None,
        },
        text: "Portare il documento".into(),
        acknowledged_at: None,
    }
}

pub(crate) fn put(ticket: PulledTicket) -> Change {
    Change::Put(Entity::Ticket(Box::new(ticket)))
}

pub(crate) fn put_appointment(appointment: Appointment) -> Change {
    Change::Put(Entity::Appointment(Box::new(appointment)))
}

pub(crate) fn gone(ticket: &str) -> Change {
    Change::Gone(EntityKey::Ticket(code(ticket)))
}

pub(crate) fn page(changes: Vec<Change>) -> Page {
    Page {
        changes,
        cursor: Cursor("1".into()),
        more: false,
        remaining: 0,
        read_at: now(),
    }
}

pub(crate) fn welcome() -> Welcome {
    Welcome {
        versions: (1, 1),
        epoch: EPOCH.into(),
        now: now(),
        limits: Limits::default(),
        studio: code("STUDIO"),
        studio_name: "Studio Ricci".into(),
        person: Some(code("Anna Ricci")),
        people: vec![code("Anna Ricci"), code("Bruno Verdi")],
        ask_again_after: 60,
    }
}

/// What the sede offers, and three companies.
pub(crate) fn offer() -> Vec<Change> {
    let mut changes = vec![
        Change::Put(Entity::Sede(Sede {
            code: code("LU"),
            name: "Lucca".into(),
        })),
        Change::Put(Entity::Topic(topic("DENUNCE", "Aziende", None))),
        Change::Put(Entity::Topic(topic("DURC", "Aziende", Some(10)))),
        Change::Put(Entity::Topic(topic("COLF", "Lavoro domestico", None))),
        Change::Put(Entity::Topic(topic("NESSUNO", "Varie", None))),
        Change::Put(Entity::Point(Box::new(point("LU-AZIENDE", &["DENUNCE", "DURC"])))),
        Change::Put(Entity::Point(Box::new(point("LU-COLF", &["COLF"])))),
    ];
    for (n, name) in [
        (1, "Cartiera Lucchese S.p.A."),
        (2, "Àncora S.r.l."),
        (3, "bar Zanzibar"),
    ] {
        changes.push(Change::Put(Entity::Company(company(n, name))));
        changes.push(Change::Put(Entity::Position(Position {
            matricola: code(&matricola(n)),
            company: code(&fiscal(n)),
            sede: code("LU"),
        })));
        changes.push(Change::Put(Entity::Delegation(Delegation {
            position: code(&matricola(n)),
            from: day("2020-01-01"),
            until: None,
        })));
    }
    changes
}

/// A folder with the two files open in it.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) cache: Cache,
}

impl Desk {
    /// An empty one.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (cache, repairs) = Cache::open(folder.path(), now()).await.expect("opens");
        assert_eq!(repairs, [], "a first start mends nothing");
        Self { folder, cache }
    }

    /// One that has pulled the offer and these tickets.
    pub(crate) async fn with(tickets: Vec<PulledTicket>) -> Self {
        let desk = Self::new().await;
        let mut changes = offer();
        changes.extend(tickets.into_iter().map(put));
        desk.apply(changes).await;
        desk
    }

    pub(crate) async fn apply(&self, changes: Vec<Change>) {
        self.cache.apply(&page(changes), EPOCH).await.expect("applies");
    }

    /// Closes and opens again.
    pub(crate) async fn reopened(self) -> (Self, Vec<Repair>) {
        self.cache.close().await;
        Self::opened(self.folder, now()).await
    }

    pub(crate) async fn opened(folder: TempDir, at: DateTime<Utc>) -> (Self, Vec<Repair>) {
        let (cache, repairs) = Cache::open(folder.path(), at).await.expect("opens");
        (Self { folder, cache }, repairs)
    }

    /// A draft for these tickets, with one wish and a contact.
    pub(crate) async fn draft(&self, n: u128, tickets: &[&str]) -> Draft {
        let draft = self
            .cache
            .drafts
            .prepare(new_draft(n, tickets), None, now())
            .await
            .expect("prepares");
        let change = DraftChange {
            wishes: Some(vec![Wish::Pattern(Pattern::default())]),
            ..DraftChange::default()
        };
        self.cache
            .drafts
            .save(draft.id, draft.revision, change, now())
            .await
            .expect("saves")
    }
}

pub(crate) fn new_draft(n: u128, tickets: &[&str]) -> NewDraft {
    NewDraft {
        aim: cache::drafts::Aim::Book,
        id: draft_id(n),
        company: code(&fiscal(1)),
        point: code("LU-AZIENDE"),
        tickets: tickets
            .iter()
            .map(|ticket| BookedTicket {
                code: code(ticket),
                judgement: None,
                read: None,
            })
            .collect(),
        content: Content {
            notes: String::new(),
            contact: Contact {
                phone: "0583 123456".into(),
                email: String::new(),
            },
            attachments: Vec::new(),
        },
    }
}
