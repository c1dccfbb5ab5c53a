//! The well-known world in which every case begins.
//!
//! It is Monday, 23 November 2026, ten in the morning at the sede. *Lucca* has `LU-AZIENDE` (Tuesday 13:30–17:30, Thursday
//! 9:00–12:00, half an hour, one desk, thirty days ahead) and `LU-DURC` (every working day 9:00–10:00, two desks); *Pisa*
//! has `PI-AZIENDE`. The studio ALFA acts for two companies, one of them with two positions; BETA for a third.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDateTime, TimeDelta, Utc, Weekday};
use domain::appointment::Appointment;
use domain::booking::{BookedTicket, Booking};
use domain::code::{DecisionId, StudioCode};
use domain::company::{Company, Delegation, Position};
use domain::content::{Contact, Content};
use domain::people::Person;
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::slot::Slot;
use domain::ticket::{Message, Outcome, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus};
use domain::time::{Civil, TimeOfDay, civil_day, resolve};
use domain::topic::{Topic, WaitingThreshold};
use domain::wish::Wish;
use uuid::Uuid;

use super::Bench;
pub(crate) use super::view::{Replica, View};
use crate::{
    Admission, AdmittedDelegation, Attempt, BookOutcome, BookRefusal, CalendarStore, Clock, DeviceRegister,
    DeviceToken, InviteOutcome, Offering, RedeemOutcome, SedeDesk, SedeRecords, SetClock, StudioProfile,
};

/// The point of most cases.
pub(crate) const AZIENDE: &str = "LU-AZIENDE";
/// The point beside it.
pub(crate) const DURC: &str = "LU-DURC";
/// A point of another sede.
pub(crate) const PISA: &str = "PI-AZIENDE";
/// A topic of [`AZIENDE`] that waits five days.
pub(crate) const DENUNCE: &str = "DENUNCE";
/// A topic of [`AZIENDE`] that waits ten.
pub(crate) const RIMBORSI: &str = "RIMBORSI";
/// The topic of [`DURC`].
pub(crate) const REGOLARITA: &str = "REGOLARITA";
/// A topic that nobody answers.
pub(crate) const SENZA_PUNTO: &str = "SENZA-PUNTO";

/// ALFA's positions: two of one company, one of another.
pub(crate) const ALFA_1: &str = "4600000001";
pub(crate) const ALFA_1B: &str = "4600000002";
pub(crate) const ALFA_2: &str = "4600000003";
/// BETA's position.
pub(crate) const BETA_1: &str = "4600000011";

/// The slots of [`AZIENDE`] that cases name: the first four of Tuesday and the first of Thursday.
pub(crate) const TUESDAY: [&str; 4] = [
    "2026-11-24T13:30",
    "2026-11-24T14:00",
    "2026-11-24T14:30",
    "2026-11-24T15:00",
];
pub(crate) const THURSDAY: &str = "2026-11-26T09:00";

const POSITIONS: [(&str, &str, &str); 4] = [
    (ALFA_1, "01000000001", "ALFA"),
    (ALFA_1B, "01000000001", "ALFA"),
    (ALFA_2, "01000000002", "ALFA"),
    (BETA_1, "01000000011", "BETA"),
];

/// A code that is well formed, as those of the cases are.
pub(crate) fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("the codes of the contract are well formed")
}

/// The instant at which clocks at the sede show `local`, `2026-11-24T13:30`.
pub(crate) fn at(local: &str) -> DateTime<Utc> {
    resolve(NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").expect("a local time"))
}

/// The half hour of a point that begins at `local`.
pub(crate) fn slot(point: &str, local: &str) -> Slot {
    Slot {
        point: code(point),
        start: Civil::at(at(local)),
        end: Civil::at(at(local) + TimeDelta::minutes(30)),
    }
}

/// An exact wish.
pub(crate) fn wish(local: &str) -> Wish {
    Wish::Slot {
        start: Civil::at(at(local)),
    }
}

/// A new decision, asked for the first time.
pub(crate) fn decided() -> Attempt {
    Attempt::first(DecisionId::new(Uuid::now_v7()))
}

/// The next attempt of a decision.
pub(crate) fn again(attempt: Attempt) -> Attempt {
    Attempt {
        number: attempt.number + 1,
        ..attempt
    }
}

/// An open ticket of a position of [`POSITIONS`], about [`DENUNCE`], opened ten days ago: bookable.
pub(crate) fn ripe(ticket: &str, position: &str) -> Ticket {
    let (_, company, _) = POSITIONS
        .iter()
        .find(|(matricola, ..)| *matricola == position)
        .expect("a position of the world");
    let opened_at = at("2026-11-13T11:00");
    Ticket {
        code: code(ticket),
        position: code(position),
        company: code(company),
        sede: code("LU"),
        topic: code(DENUNCE),
        opened_at,
        reopened_at: None,
        status: TicketStatus::Open,
        withdrawn: None,
        messages: vec![Message {
            author: Party::Studio,
            at: opened_at,
            text: "Si chiede un chiarimento.".into(),
            change: Some(StatusChange::Opened),
            files: vec!["denuncia.pdf".into()],
            reminder: false,
        }],
    }
}

/// The same about another topic.
pub(crate) fn about(topic: &str, ticket: Ticket) -> Ticket {
    Ticket {
        topic: code(topic),
        ..ticket
    }
}

/// The same, closed three days ago.
pub(crate) fn closed(outcome: Outcome, ticket: Ticket) -> Ticket {
    Ticket {
        status: TicketStatus::Closed {
            outcome,
            at: at("2026-11-20T12:00"),
            assessment: ReplyAssessment::Unassessed,
        },
        ..ticket
    }
}

/// A booking of `tickets` at [`AZIENDE`], with a contact and nothing else.
pub(crate) fn booking(tickets: &[&str], wishes: &[&str]) -> Booking {
    Booking {
        tickets: tickets
            .iter()
            .map(|ticket| BookedTicket {
                code: code(ticket),
                judgement: None,
                read: None,
            })
            .collect(),
        point: code(AZIENDE),
        wishes: wishes.iter().map(|local| wish(local)).collect(),
        content: Content {
            notes: "Porteremo le ricevute.".into(),
            contact: Contact {
                phone: "0583 000000".into(),
                email: String::new(),
            },
            attachments: Vec::new(),
        },
    }
}

/// The appointment of an outcome that is one.
pub(crate) fn booked(outcome: BookOutcome) -> Appointment {
    match outcome {
        BookOutcome::Booked { appointment } => *appointment,
        BookOutcome::Refused { why } => panic!("this must be booked, and is refused: {why:?}"),
    }
}

/// The refusal of an outcome that is one.
pub(crate) fn refused(outcome: BookOutcome) -> BookRefusal {
    match outcome {
        BookOutcome::Refused { why } => why,
        BookOutcome::Booked { appointment } => panic!("this must be refused, and is booked: {appointment:?}"),
    }
}

/// The rule's refusal of an outcome that is one.
pub(crate) fn refused_by_rule(outcome: BookOutcome) -> domain::booking::Refusal {
    match refused(outcome) {
        BookRefusal::Rule { refusal } => refusal,
        why => panic!("a rule must refuse this, not: {why:?}"),
    }
}

/// A store with the world in it.
pub(crate) struct World<B> {
    /// The store ends with its bench.
    _bench: B,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) alfa: Arc<dyn CalendarStore>,
    pub(crate) beta: Arc<dyn CalendarStore>,
    pub(crate) desk: Arc<dyn SedeDesk>,
    pub(crate) records: Arc<dyn SedeRecords>,
    pub(crate) register: Arc<dyn DeviceRegister>,
}

impl<B: Bench> World<B> {
    /// The world, with one desk at [`AZIENDE`].
    pub(crate) async fn new() -> Self {
        Self::with_desks(1).await
    }

    /// The world, with so many desks at [`AZIENDE`].
    pub(crate) async fn with_desks(desks: u16) -> Self {
        let clock = Arc::new(SetClock::new(at("2026-11-23T10:00")));
        let bench = B::fresh(clock.clone()).await;
        let desk = bench.desk().await;
        desk.publish(&offering(desks)).await.expect("published");
        for studio in ["ALFA", "BETA"] {
            let profile = StudioProfile {
                code: code(studio),
                name: format!("Studio {studio}"),
            };
            desk.enrol(&profile).await.expect("enrolled");
        }
        desk.admit(&register()).await.expect("admitted");
        Self {
            alfa: bench.session(&code("ALFA")).await,
            beta: bench.session(&code("BETA")).await,
            records: bench.records().await,
            register: bench.register().await,
            _bench: bench,
            clock,
            desk,
        }
    }

    /// The world with one ripe ticket of ALFA's, `LU-1`.
    pub(crate) async fn with_a_ticket() -> Self {
        let world = Self::new().await;
        world.admit([ripe("LU-1", ALFA_1)]).await;
        world
    }

    /// … which is booked for the first slot of Tuesday.
    pub(crate) async fn with_an_appointment() -> (Self, Appointment) {
        let world = Self::with_a_ticket().await;
        let appointment = world.book(&booking(&["LU-1"], &TUESDAY[..1])).await;
        (world, appointment)
    }

    /// Takes tickets in.
    pub(crate) async fn admit(&self, tickets: impl IntoIterator<Item = Ticket>) {
        let admission = Admission {
            tickets: tickets.into_iter().collect(),
            ..Admission::default()
        };
        self.desk.admit(&admission).await.expect("admitted");
    }

    /// ALFA's (or another studio's) delegation for a position is this from now on.
    pub(crate) async fn delegate(&self, studio: &str, position: &str, from: &str, until: Option<&str>) {
        let day = |day: &str| day.parse().expect("a day");
        let admission = Admission {
            delegations: vec![AdmittedDelegation {
                studio: code(studio),
                delegation: Delegation {
                    position: code(position),
                    from: day(from),
                    until: until.map(day),
                },
            }],
            ..Admission::default()
        };
        self.desk.admit(&admission).await.expect("admitted");
    }

    /// Admits a device of a person of `studio`'s.
    pub(crate) async fn admit_device(&self, studio: &str, person: &Person) {
        let valid = TimeDelta::hours(48);
        let invited = self
            .register
            .invite(&code(studio), person, valid)
            .await
            .expect("an outcome");
        let InviteOutcome::Invited { code: invitation, .. } = invited else {
            panic!("the studio is enrolled: {invited:?}");
        };
        let (name, token) = (code("SCRIVANIA-2"), DeviceToken::random());
        let redeemed = self
            .register
            .redeem(&invitation, &name, &token)
            .await
            .expect("an outcome");
        assert!(matches!(redeemed, RedeemOutcome::Admitted { .. }), "{redeemed:?}");
    }

    /// ALFA books, and must be granted.
    pub(crate) async fn book(&self, booking: &Booking) -> Appointment {
        booked(self.alfa.book(decided(), booking).await.expect("an outcome"))
    }

    /// BETA books the slot of [`AZIENDE`] that begins at `local`, with a ticket of its own of this code.
    pub(crate) async fn beta_takes(&self, ticket: &str, local: &str) -> Appointment {
        self.admit([ripe(ticket, BETA_1)]).await;
        booked(
            self.beta
                .book(decided(), &booking(&[ticket], &[local]))
                .await
                .expect("an outcome"),
        )
    }

    /// ALFA asks for what must be refused; nothing may be different afterwards, for nobody.
    pub(crate) async fn refused(&self, booking: &Booking) -> BookRefusal {
        let before = self.everybody_sees().await;
        let outcome = self.alfa.book(decided(), booking).await.expect("an outcome");
        let why = refused(outcome);
        assert_eq!(
            self.everybody_sees().await,
            before,
            "a refusal must leave everything as it was, for both studios"
        );
        why
    }

    /// The same where a rule refuses.
    pub(crate) async fn rule_refuses(&self, booking: &Booking) -> domain::booking::Refusal {
        match self.refused(booking).await {
            BookRefusal::Rule { refusal } => refusal,
            why => panic!("a rule must refuse this, not: {why:?}"),
        }
    }

    /// What both studios see.
    pub(crate) async fn everybody_sees(&self) -> (View, View) {
        (View::of(&*self.alfa).await, View::of(&*self.beta).await)
    }

    /// The store's clock shows `local` at the sede.
    pub(crate) fn it_is(&self, local: &str) {
        self.clock.set(at(local));
    }

    /// The store's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// What the sedi offer.
pub(crate) fn offering(desks: u16) -> Offering {
    let topic = |topic: &str, threshold: Option<u16>| Topic {
        code: code(topic),
        area: "Aziende".into(),
        subject: "Contributi".into(),
        detail: topic.to_lowercase(),
        threshold: threshold.map(WaitingThreshold),
    };
    Offering {
        sedi: [("LU", "Lucca"), ("PI", "Pisa")]
            .map(|(sede, name)| Sede {
                code: code(sede),
                name: name.into(),
            })
            .into(),
        topics: vec![
            topic(DENUNCE, None),
            topic(RIMBORSI, Some(10)),
            topic(REGOLARITA, None),
            topic(SENZA_PUNTO, None),
        ],
        points: vec![
            point(
                AZIENDE,
                desks,
                &[DENUNCE, RIMBORSI],
                &[(Weekday::Tue, (13, 30), (17, 30)), (Weekday::Thu, (9, 0), (12, 0))],
            ),
            point(
                DURC,
                2,
                &[REGOLARITA],
                &[Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]
                    .map(|day| (day, (9, 0), (10, 0))),
            ),
            point(PISA, 1, &[DENUNCE], &[(Weekday::Wed, (9, 0), (12, 0))]),
        ],
    }
}

/// A day of the week, and from when to when, in hours and minutes.
type Hours = (Weekday, (u16, u16), (u16, u16));

fn point(name: &str, desks: u16, topics: &[&str], hours: &[Hours]) -> ConsultationPoint {
    let time = |(hour, minute)| TimeOfDay::new(hour, minute).expect("a time of day");
    ConsultationPoint {
        code: code(name),
        sede: code(&name[..2]),
        name: name.into(),
        place: "Piazza dei Martiri".into(),
        topics: topics.iter().map(|topic| code(topic)).collect(),
        slot_length: SlotLength::from_minutes(30).expect("a length"),
        desks,
        horizon_days: 30,
        hours: hours
            .iter()
            .map(|(weekday, from, to)| OpeningHours {
                weekday: *weekday,
                part: DayPart::new(time(*from), time(*to)).expect("a part of a day"),
                valid_from: None,
                valid_until: None,
            })
            .collect(),
        closures: Vec::new(),
    }
}

/// Companies, positions and delegations, the latter since the beginning of the year and with no end.
fn register() -> Admission {
    let mut companies: Vec<Company> = POSITIONS
        .iter()
        .map(|(_, company, _)| Company {
            code: code(company),
            name: format!("Azienda {company}"),
        })
        .collect();
    companies.dedup();
    Admission {
        companies,
        positions: POSITIONS
            .iter()
            .map(|(matricola, company, _)| Position {
                matricola: code(matricola),
                company: code(company),
                sede: code("LU"),
            })
            .collect(),
        delegations: POSITIONS
            .iter()
            .map(|(matricola, _, studio)| AdmittedDelegation {
                studio: code::<StudioCode>(studio),
                delegation: Delegation {
                    position: code(matricola),
                    from: civil_day(at("2026-01-01T12:00")),
                    until: None,
                },
            })
            .collect(),
        tickets: Vec::new(),
    }
}

/// The day `days` after the world began.
pub(crate) fn day(days: u64) -> String {
    (civil_day(at("2026-11-23T10:00")) + Days::new(days)).to_string()
}
