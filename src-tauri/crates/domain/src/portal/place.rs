//! Where a ticket of the portal stands among all others, so that the rules, lists and search see it as they see any: it
//! has a topic, a sede, a company, and a point to which it leads.
//!
//! A list names topic and sede in words, and may leave the company out. What the rules ask a code for gets one that
//! follows from these words, the same every time, and that no sede gives out. Which point of the sede answers is not known,
//! and is not needed: the portal says so when it is asked. In its place stands the portal, one *point* for each sede.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{PortalStatus, PortalTicket, SedeName, Subject};
use crate::code::{FiscalCode, Matricola, PointCode, SedeCode, TopicCode};
use crate::point::{ConsultationPoint, Sede, SlotLength};
use crate::ticket::{Message, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus, Withdrawal};
use crate::time::midnight;
use crate::topic::Topic;

/// What people call it.
const NAME: &str = "Portale INPS";

/// How codes of topics and points of the portal begin.
const PORTAL: &str = "PORTALE.";

/// How the code of a company begins that is known by a position of its alone; the ten digits of that follow. No fiscal
/// code of a person has digits in these places.
const KNOWN_BY_POSITION: &str = "MATRIC";

/// Between the levels of a subject.
const LEVELS: [char; 2] = ['>', '›'];

/// The topic that a subject is: its levels where it says them, else one.
pub fn topic(subject: &Subject) -> Topic {
    let mut levels = subject.as_str().splitn(3, LEVELS).map(|level| level.trim().to_owned());
    let mut level = || levels.next().unwrap_or_default();
    Topic {
        code: coded(PORTAL, subject.as_str(), 16),
        area: level(),
        subject: level(),
        detail: level(),
        threshold: None,
    }
}

/// The sede of this name; one without a name for those that a list does not name.
pub fn sede(name: Option<&SedeName>) -> Sede {
    let name = name.map(|name| name.as_str().to_owned()).unwrap_or_default();
    Sede {
        code: coded("P", &name, 7),
        name,
    }
}

/// The portal, in the place of the point of `sede` that answers. It has no hours: what is free only the portal knows.
pub fn point(sede: &Sede, topics: Vec<TopicCode>) -> ConsultationPoint {
    ConsultationPoint {
        code: point_code(&sede.code),
        sede: sede.code.clone(),
        name: NAME.to_owned(),
        place: String::new(),
        topics,
        slot_length: SlotLength::SHORTEST,
        desks: 0,
        horizon_days: 0,
        hours: Vec::new(),
        closures: Vec::new(),
    }
}

/// The code of [`point`].
pub fn point_code(sede: &SedeCode) -> PointCode {
    parsed(&format!("{PORTAL}{sede}"))
}

/// Whether it is a topic of the portal, about which no sede can be asked.
pub fn is_topic(code: &TopicCode) -> bool {
    code.as_str().starts_with(PORTAL)
}

/// Whether it is the portal, in the place of a point.
pub fn is_point(code: &PointCode) -> bool {
    code.as_str().starts_with(PORTAL)
}

/// The company of which only a position is known.
pub fn company_of(position: &Matricola) -> FiscalCode {
    parsed(&format!("{KNOWN_BY_POSITION}{position}"))
}

/// The position by which alone a company is known; nothing for one with a fiscal code.
pub fn known_by(company: &FiscalCode) -> Option<Matricola> {
    company.as_str().strip_prefix(KNOWN_BY_POSITION)?.parse().ok()
}

impl PortalTicket {
    /// It as a ticket among others, of `company`. Days become their first instants at the sede; the reply, where no day is
    /// told, comes right after the question.
    pub fn as_ticket(&self, company: FiscalCode) -> Ticket {
        let opened_at = midnight(self.opened_on);
        let answered_at = self.answered_at();
        let message = |author, at, text: Option<&super::Words>, change| Message {
            author,
            at,
            text: text.map(|words| words.as_str().to_owned()).unwrap_or_default(),
            change,
            files: Vec::new(),
            reminder: false,
        };
        let mut messages = Vec::new();
        if self.request.is_some() {
            messages.push(message(
                Party::Studio,
                opened_at,
                self.request.as_ref(),
                Some(StatusChange::Opened),
            ));
        }
        if self.reply.is_some() {
            messages.push(message(Party::Sede, answered_at, self.reply.as_ref(), None));
        }
        Ticket {
            code: self.code.clone(),
            position: self.position.clone(),
            company,
            sede: sede(self.sede.as_ref()).code,
            topic: topic(&self.subject).code,
            opened_at,
            reopened_at: None,
            status: match self.status {
                PortalStatus::Open | PortalStatus::Withdrawn => TicketStatus::Open,
                PortalStatus::InProgress => TicketStatus::InProgress,
                PortalStatus::Closed { outcome, .. } => TicketStatus::Closed {
                    outcome,
                    at: answered_at,
                    assessment: ReplyAssessment::Unassessed,
                },
            },
            withdrawn: (self.status == PortalStatus::Withdrawn).then_some(Withdrawal {
                by: Party::Studio,
                at: opened_at,
            }),
            messages,
        }
    }

    /// When it was answered, as far as a list tells: a judgement of the reply is bound to it (R3), so that an answer of
    /// another day is judged anew.
    fn answered_at(&self) -> DateTime<Utc> {
        match self.status {
            PortalStatus::Closed { on: Some(on), .. } => midnight(on),
            _ => midnight(self.opened_on) + TimeDelta::seconds(1),
        }
    }
}

/// A code that follows from words, whatever their case and the spaces between them.
fn coded<T: std::str::FromStr>(prefix: &str, words: &str, digits: usize) -> T {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let digest = Sha256::digest(words.join(" "));
    let mut code = prefix.to_owned();
    for byte in digest.iter().take(digits.div_ceil(2)) {
        let _ = write!(code, "{byte:02X}");
    }
    code.truncate(prefix.len() + digits);
    parsed(&code)
}

/// A code that is made here.
fn parsed<T: std::str::FromStr>(code: &str) -> T {
    code.parse()
        .ok()
        .expect("a code that is made here has the form of its kind")
}
