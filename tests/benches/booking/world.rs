//! Many sedi, each with a point of three desks, and a studio for each client with a position in every sede. Which ticket a
//! client books next, and which slot it wishes, follows from how many it has booked: no two ever wish the same place, and
//! everybody goes through the sedi in an order of his own.

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use domain::booking::{BookedTicket, Booking};
use domain::code::StudioCode;
use domain::company::{Company, Delegation, Position};
use domain::content::{Contact, Content};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::ticket::{Ticket, TicketStatus};
use domain::time::{Civil, TimeOfDay};
use domain::topic::Topic;
use domain::wish::Wish;
use sede_for_tests::world::code;
use store::{Admission, AdmittedDelegation, Offering, SedeDesk, StudioProfile};

/// As many as INPS has of provincial and territorial offices together, roughly.
pub(crate) const SEDI: u32 = 300;
/// The most clients at once; each is another studio.
pub(crate) const STUDIOS: u32 = 32;
/// Slots of a day.
pub(crate) const SLOTS_OF_A_DAY: u32 = 40;

/// Monday, 23 November 2026, ten in the morning at the sede.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

pub(crate) fn sede(number: u32) -> String {
    format!("S{number}")
}

pub(crate) fn point(sede: u32) -> String {
    format!("S{sede}-AZIENDE")
}

pub(crate) fn studio(number: u32) -> StudioCode {
    code(&format!("STUDIO-{number}"))
}

pub(crate) fn ticket(studio: u32, number: u32) -> String {
    format!("T-{studio}-{number}")
}

pub(crate) fn matricola(studio: u32, sede: u32) -> String {
    format!("46{studio:03}{sede:05}")
}

/// The sede of a studio's ticket. Pgbench's script says the same.
pub(crate) const fn sede_of(studio: u32, number: u32) -> u32 {
    (number * 7919 + studio * 104_729) % SEDI
}

/// The slot that the ticket's booking wishes, counted from Tuesday at eight. Pgbench's script says the same.
pub(crate) const fn slot_of(studio: u32, number: u32) -> u32 {
    number / SEDI * STUDIOS + studio
}

/// When a slot begins.
pub(crate) fn slot_start(slot: u32) -> DateTime<Utc> {
    let tuesday: DateTime<Utc> = "2026-11-24T07:00:00Z".parse().unwrap();
    // A week has five days, the first here being a Tuesday.
    let (day, slot) = (slot / SLOTS_OF_A_DAY, slot % SLOTS_OF_A_DAY);
    let weekends = (day + 1) / 5 * 2;
    tuesday + TimeDelta::days((day + weekends).into()) + TimeDelta::minutes((slot * 15).into())
}

/// Fills a store, with so many tickets for each studio.
pub(crate) async fn fill(desk: &dyn SedeDesk, tickets: u32) {
    desk.publish(&offering()).await.unwrap();
    for number in 0..STUDIOS {
        let name = format!("Studio {number}");
        let profile = StudioProfile {
            code: studio(number),
            name,
        };
        desk.enrol(&profile).await.unwrap();
        desk.admit(&register(number)).await.unwrap();
        for from in (0..tickets).step_by(1_000) {
            let tickets = (from..tickets.min(from + 1_000)).map(|ticket| waiting(number, ticket));
            let admission = Admission {
                tickets: tickets.collect(),
                ..Admission::default()
            };
            desk.admit(&admission).await.unwrap();
        }
    }
}

fn offering() -> Offering {
    let time = |hour| TimeOfDay::new(hour, 0).unwrap();
    let hours = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri].map(|weekday| OpeningHours {
        weekday,
        part: DayPart::new(time(8), time(18)).unwrap(),
        valid_from: None,
        valid_until: None,
    });
    Offering {
        sedi: (0..SEDI)
            .map(|number| Sede {
                code: code(&sede(number)),
                name: format!("Sede {number}"),
            })
            .collect(),
        topics: vec![Topic {
            code: code("DENUNCE"),
            area: "Aziende".into(),
            subject: "Contributi".into(),
            detail: "Denunce".into(),
            threshold: None,
        }],
        points: (0..SEDI)
            .map(|number| ConsultationPoint {
                code: code(&point(number)),
                sede: code(&sede(number)),
                name: "Aziende".into(),
                place: "Piazza dei Martiri".into(),
                topics: vec![code("DENUNCE")],
                slot_length: SlotLength::from_minutes(15).unwrap(),
                desks: 3,
                horizon_days: 84,
                hours: hours.to_vec(),
                closures: Vec::new(),
            })
            .collect(),
    }
}

fn company(studio: u32) -> String {
    format!("010000{studio:05}")
}

fn register(number: u32) -> Admission {
    let company: domain::code::FiscalCode = code(&company(number));
    let matricole: Vec<domain::code::Matricola> = (0..SEDI).map(|sede| code(&matricola(number, sede))).collect();
    Admission {
        companies: vec![Company {
            code: company.clone(),
            name: "Azienda".into(),
        }],
        positions: matricole
            .iter()
            .zip(0..)
            .map(|(matricola, number)| Position {
                matricola: matricola.clone(),
                company: company.clone(),
                sede: code(&sede(number)),
            })
            .collect(),
        delegations: matricole
            .into_iter()
            .map(|position| AdmittedDelegation {
                studio: studio(number),
                delegation: Delegation {
                    position,
                    from: "2026-01-01".parse().unwrap(),
                    until: None,
                },
            })
            .collect(),
        tickets: Vec::new(),
    }
}

fn waiting(studio: u32, number: u32) -> Ticket {
    let at = sede_of(studio, number);
    Ticket {
        code: code(&ticket(studio, number)),
        position: code(&matricola(studio, at)),
        company: code(&company(studio)),
        sede: code(&sede(at)),
        topic: code("DENUNCE"),
        opened_at: morning() - TimeDelta::days(20),
        reopened_at: None,
        status: TicketStatus::Open,
        withdrawn: None,
        messages: Vec::new(),
    }
}

/// The booking of a ticket.
pub(crate) fn booking(studio: u32, number: u32) -> Booking {
    Booking {
        tickets: vec![BookedTicket {
            code: code(&ticket(studio, number)),
            judgement: None,
            read: None,
        }],
        point: code(&point(sede_of(studio, number))),
        wishes: vec![Wish::Slot {
            start: Civil::at(slot_start(slot_of(studio, number))),
        }],
        content: Content {
            notes: "Verifica della denuncia di ottobre: gli importi non tornano.".into(),
            contact: Contact {
                phone: "0583 000000".into(),
                email: String::new(),
            },
            ..Content::default()
        },
    }
}
