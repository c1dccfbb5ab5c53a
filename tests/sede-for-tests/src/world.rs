//! A small world with many places: two sedi with three points each, of one, two and three desks, open all day, and studios
//! with as many bookable tickets for each point as asked for.

use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use domain::appointment::Appointment;
use domain::booking::{BookedTicket, Booking};
use domain::code::{DecisionId, StudioCode};
use domain::company::{Company, Delegation, Position};
use domain::content::{Contact, Content};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::ticket::{Ticket, TicketStatus};
use domain::time::{Civil, TimeOfDay};
use domain::topic::Topic;
use domain::wish::Wish;
use store::{Admission, AdmittedDelegation, Attempt, BookOutcome, Clock, Offering, SedeDesk, SetClock, StudioProfile};
use uuid::Uuid;

/// The sedi.
pub const SEDI: [&str; 2] = ["LU", "PI"];
/// Desks of the points of each sede.
pub const DESKS: [u16; 3] = [1, 2, 3];
/// Slots of a day of each point.
pub const SLOTS_OF_A_DAY: i32 = 20;

/// A code that is well formed, as those of the tests are.
///
/// # Panics
/// Where it is not.
pub fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("the codes of the tests are well formed")
}

/// Monday, 23 November 2026, ten in the morning at the sede.
pub fn morning() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

/// A clock that stands at [`morning`].
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SetClock::new(morning()))
}

/// The `number`th slot of any point, counted from Tuesday at eight.
pub fn slot_start(number: i32) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2026-11-24T07:00:00Z".parse().expect("a time");
    first
        + TimeDelta::days((number / SLOTS_OF_A_DAY).into())
        + TimeDelta::minutes((number % SLOTS_OF_A_DAY * 30).into())
}

/// The number of the first slot of a day that is open everywhere, at least two days after `now`: for a sede whose clock
/// can't be set. The first sixteen slots of such a day are open whatever the season.
pub fn first_slot_after(now: DateTime<Utc>) -> i32 {
    let days = (now - slot_start(0)).num_days() + 3;
    let open = (days..).find(|days| {
        slot_start(0)
            .checked_add_signed(TimeDelta::days(*days))
            .is_some_and(is_tuesday)
    });
    i32::try_from(open.unwrap_or(days)).unwrap_or(i32::MAX / SLOTS_OF_A_DAY) * SLOTS_OF_A_DAY
}

fn is_tuesday(instant: DateTime<Utc>) -> bool {
    instant.weekday() == Weekday::Tue
}

/// The point of a sede with so many desks.
pub fn point(sede: &str, desks: u16) -> String {
    format!("{sede}-P{desks}")
}

/// The `number`th studio.
pub fn studio(number: usize) -> StudioCode {
    code(&format!("STUDIO-{number}"))
}

/// The `number`th ticket that a studio has for a point.
pub fn ticket(studio: usize, sede: &str, desks: u16, number: usize) -> String {
    format!("{sede}-{studio}-{desks}-{number}")
}

fn matricola(studio: usize, sede: &str) -> String {
    let sede = SEDI.iter().position(|known| *known == sede).expect("a sede");
    format!("46000{studio:04}{sede}")
}

/// Fills a store: so many studios, each with so many tickets for each point.
pub async fn fill(desk: &dyn SedeDesk, studios: usize, tickets: usize) {
    desk.publish(&offering()).await.expect("published");
    for number in 0..studios {
        let code = studio(number);
        let name = format!("Studio {number}");
        desk.enrol(&StudioProfile { code, name }).await.expect("enrolled");
        desk.admit(&register(number, tickets)).await.expect("admitted");
    }
}

/// What the sedi offer.
///
/// # Panics
/// Never.
pub fn offering() -> Offering {
    let topic = |desks: u16| Topic {
        code: code(&format!("T{desks}")),
        area: "Aziende".into(),
        subject: "Contributi".into(),
        detail: "Denunce".into(),
        threshold: None,
    };
    let time = |hour| TimeOfDay::new(hour, 0).expect("a time");
    let hours = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri].map(|weekday| OpeningHours {
        weekday,
        part: DayPart::new(time(8), time(18)).expect("a part of a day"),
        valid_from: None,
        valid_until: None,
    });
    let point = |(sede, desks): (&str, u16)| ConsultationPoint {
        code: code(&point(sede, desks)),
        sede: code(sede),
        name: "Aziende".into(),
        place: "Piazza dei Martiri".into(),
        topics: vec![topic(desks).code],
        slot_length: SlotLength::from_minutes(30).expect("a length"),
        desks,
        horizon_days: 30,
        hours: hours.to_vec(),
        closures: Vec::new(),
    };
    Offering {
        sedi: SEDI
            .map(|sede| Sede {
                code: code(sede),
                name: sede.into(),
            })
            .into(),
        topics: DESKS.map(topic).into(),
        points: SEDI
            .iter()
            .flat_map(|sede| DESKS.map(|desks| (*sede, desks)))
            .map(point)
            .collect(),
    }
}

fn register(number: usize, tickets: usize) -> Admission {
    let company = format!("010000{number:05}");
    let mut admission = Admission {
        companies: vec![Company {
            code: code(&company),
            name: "Azienda".into(),
        }],
        ..Admission::default()
    };
    for sede in SEDI {
        let position = matricola(number, sede);
        admission.positions.push(Position {
            matricola: code(&position),
            company: code(&company),
            sede: code(sede),
        });
        admission.delegations.push(AdmittedDelegation {
            studio: studio(number),
            delegation: Delegation {
                position: code(&position),
                from: "2026-01-01".parse().expect("a day"),
                until: None,
            },
        });
        for desks in DESKS {
            admission.tickets.extend((0..tickets).map(|index| Ticket {
                code: code(&ticket(number, sede, desks, index)),
                position: code(&position),
                company: code(&company),
                sede: code(sede),
                topic: code(&format!("T{desks}")),
                opened_at: morning() - TimeDelta::days(20),
                reopened_at: None,
                status: TicketStatus::Open,
                withdrawn: None,
                messages: Vec::new(),
            }));
        }
    }
    admission
}

/// A booking of one ticket that wishes these slots of the point with so many desks, best first.
pub fn wishing(ticket: &str, sede: &str, desks: u16, slots: &[i32]) -> Booking {
    Booking {
        tickets: vec![BookedTicket {
            code: code(ticket),
            judgement: None,
            read: None,
        }],
        point: code(&point(sede, desks)),
        wishes: slots
            .iter()
            .map(|slot| Wish::Slot {
                start: Civil::at(slot_start(*slot)),
            })
            .collect(),
        content: Content {
            contact: Contact {
                phone: "0583 000000".into(),
                email: String::new(),
            },
            ..Content::default()
        },
    }
}

/// The first attempt at something decided now.
pub fn decided() -> Attempt {
    Attempt::first(DecisionId::new(Uuid::now_v7()))
}

/// The appointment that was booked.
///
/// # Panics
/// Where none was.
pub fn booked(outcome: BookOutcome) -> Appointment {
    match outcome {
        BookOutcome::Booked { appointment } => *appointment,
        BookOutcome::Refused { why } => panic!("this must be booked, and is refused: {why:?}"),
    }
}
