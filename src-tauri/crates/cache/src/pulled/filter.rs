//! What lists of tickets are asked for, and what they answer.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::code::{FiscalCode, TopicCode};
use domain::people::Person;

/// What a list holds. Nothing set means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TicketFilter {
    /// By eligibility.
    pub bookable: Option<Bookable>,
    /// By status; none means all.
    pub statuses: Vec<StatusKind>,
    /// Only this company.
    pub company: Option<FiscalCode>,
    /// Only these topics.
    pub topic: Option<TopicScope>,
    /// Opened (or last reopened) on or after this day.
    pub opened_from: Option<NaiveDate>,
    /// Opened (or last reopened) on or before this day.
    pub opened_to: Option<NaiveDate>,
    /// By who is in charge.
    pub in_charge: Option<InCharge>,
    /// Words to look for in code, company, topic and conversation, each by its beginning.
    pub text: String,
}

/// Eligibility as lists filter by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bookable {
    /// Bookable now.
    Now,
    /// Bookable from a known date.
    Soon,
    /// Neither: barred, or carried by a live appointment.
    Not,
}

/// Who is in charge, as lists filter by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum InCharge {
    /// This person.
    Person(Person),
    /// Nobody.
    Nobody,
}

/// Status and outcome as lists show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusKind {
    /// *Aperta*.
    Open,
    /// *In carico*.
    InProgress,
    /// *Chiusa OK*.
    ClosedOk,
    /// *Chiusa KO*.
    ClosedKo,
    /// *Ritirata*, whatever it was before.
    Withdrawn,
}

impl StatusKind {
    /// Every status, in the order in which lists sort them.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::InProgress,
        Self::ClosedOk,
        Self::ClosedKo,
        Self::Withdrawn,
    ];

    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::InProgress => 1,
            Self::ClosedOk => 2,
            Self::ClosedKo => 3,
            Self::Withdrawn => 4,
        }
    }

    pub(super) fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }
}

/// Some topics.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TopicScope {
    /// One.
    Topic(TopicCode),
    /// All of an area.
    Area(String),
    /// All of a subject of an area.
    Subject {
        /// The area.
        area: String,
        /// The subject.
        subject: String,
    },
}

/// The order of a list. Those alike stand in the order in which they were first pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketSort {
    /// Ticket code.
    Code,
    /// Name of the company, without case and accents.
    Company,
    /// Label of the topic.
    Topic,
    /// Day of opening, or of the last reopening.
    Opened,
    /// Status.
    Status,
    /// The moment from which it is bookable; those never bookable last, in both directions.
    Bookable,
}

impl TicketSort {
    /// Every order.
    pub const ALL: [Self; 6] = [
        Self::Code,
        Self::Company,
        Self::Topic,
        Self::Opened,
        Self::Status,
        Self::Bookable,
    ];
}

/// An opened list. It stays as it is while changes are applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketSnapshot {
    /// Its tickets, in order: windows are read with [`super::Pulled::tickets_at`].
    pub rowids: Arc<[u32]>,
    /// Figures under the same filters except eligibility.
    pub counts: BookableCounts,
}

impl TicketSnapshot {
    /// How many tickets it holds.
    pub fn total(&self) -> u32 {
        u32::try_from(self.rowids.len()).unwrap_or(u32::MAX)
    }
}

/// How many tickets each eligibility would show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookableCounts {
    /// All.
    pub any: u32,
    /// Bookable now.
    pub now: u32,
    /// Bookable from a known date.
    pub soon: u32,
    /// Neither.
    pub not: u32,
}
