//! A new request of a studio (*richiesta di contatto*): what it asks, about which position and topic, and when it becomes a
//! ticket (S2, R2, R10).

use serde::{Deserialize, Serialize};

use crate::Rule;
use crate::code::{Matricola, TicketCode, TopicCode};
use crate::company::Position;
use crate::content::{Breach, Content, Limits, breaches};
use crate::ticket::{Message, Party, StatusChange, Ticket, TicketStatus};
use crate::time::Now;

/// Characters of the text. (our choice: the sources name none)
pub const TEXT_MAX: u32 = 2_000;

/// What a studio asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactRequest {
    /// The position that it is about.
    pub position: Matricola,
    /// The topic, out of the sede's tree (S2).
    pub topic: TopicCode,
    /// The text (as `notes`), whom to reach, the files (R10).
    pub content: Content,
}

/// Why a request does not become a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum RequestRefusal {
    /// R2: the studio holds no active delegation for the position, known or not (promise 2: the answer is the same).
    NotDelegated,
    /// S2: no such topic.
    UnknownTopic,
    /// It asks nothing.
    NoText,
    /// S2, R10: limits are broken; `NotesTooLong` is about the text.
    Limits {
        /// All of them.
        breaches: Vec<Breach>,
    },
}

impl RequestRefusal {
    /// The rule that refuses, where it has a number.
    pub const fn rule(&self) -> Option<Rule> {
        match self {
            Self::NotDelegated => Some(Rule(2)),
            Self::UnknownTopic | Self::NoText => None,
            Self::Limits { .. } => Some(Rule(10)),
        }
    }
}

/// Whether anything is asked.
pub fn has_text(content: &Content) -> bool {
    !content.notes.trim().is_empty()
}

/// S2, R10: every limit that the text, the contact and the files of a request break. The limits of the sede hold, but for
/// the length of the text: that of notes is about brief ones.
pub fn request_breaches(content: &Content, limits: &Limits) -> Vec<Breach> {
    let limits = Limits {
        notes_max: TEXT_MAX,
        ..*limits
    };
    breaches(content, &limits)
}

impl ContactRequest {
    /// Why it does not become a ticket now; nothing where it does. `delegated`: whether the studio holds an active delegation
    /// for the position today; `topic_known`: whether there is such a topic.
    pub fn refusal(&self, delegated: bool, topic_known: bool, limits: &Limits) -> Option<RequestRefusal> {
        if !delegated {
            return Some(RequestRefusal::NotDelegated);
        }
        if !topic_known {
            return Some(RequestRefusal::UnknownTopic);
        }
        if !has_text(&self.content) {
            return Some(RequestRefusal::NoText);
        }
        let breaches = request_breaches(&self.content, limits);
        (!breaches.is_empty()).then_some(RequestRefusal::Limits { breaches })
    }

    /// The ticket that it becomes, open since `now`. `position` is the one that it names.
    pub fn opened(&self, code: TicketCode, position: &Position, now: Now) -> Ticket {
        let at = now.instant();
        let files = self.content.attachments.iter();
        Ticket {
            code,
            position: position.matricola.clone(),
            company: position.company.clone(),
            sede: position.sede.clone(),
            topic: self.topic.clone(),
            opened_at: at,
            reopened_at: None,
            status: TicketStatus::Open,
            withdrawn: None,
            messages: vec![Message {
                author: Party::Studio,
                at,
                text: self.content.notes.clone(),
                change: Some(StatusChange::Opened),
                files: files.map(|file| file.name.as_str().to_owned()).collect(),
                reminder: false,
            }],
        }
    }
}
