//! Tickets: requests to the sede about one position and one topic.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::code::{FiscalCode, Matricola, SedeCode, TicketCode, TopicCode};
use crate::time::civil_day;

/// *Richiesta di contatto*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// Its identity.
    pub code: TicketCode,
    /// The position it is about.
    pub position: Matricola,
    /// The company whose position that is.
    pub company: FiscalCode,
    /// The sede that is competent for the position.
    pub sede: SedeCode,
    /// What it is about; never changes (R7).
    pub topic: TopicCode,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was last reopened, from which R4 counts again.
    pub reopened_at: Option<DateTime<Utc>>,
    /// As the sede set it.
    pub status: TicketStatus,
    /// Who withdrew it, if anybody did (R5).
    pub withdrawn: Option<Withdrawal>,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
}

impl Ticket {
    /// The civil day from which R4 counts: that of the opening or of the last reopening.
    pub fn counts_from(&self) -> NaiveDate {
        civil_day(self.reopened_at.unwrap_or(self.opened_at))
    }

    /// When the sede first answered after the first `entries` of the conversation: replied, or closed the ticket. That it
    /// took it in charge or opened it again is no answer.
    pub fn answered_after(&self, entries: u32) -> Option<DateTime<Utc>> {
        let known = usize::try_from(entries).unwrap_or(usize::MAX);
        let mut later = self.messages.iter().skip(known);
        later.find(|message| message.is_answer()).map(|message| message.at)
    }

    /// Takes the studio's judgement on the reply (R3). Returns whether it was about the reply that stands: a judgement of
    /// an earlier one says nothing about this.
    pub fn judge(&mut self, judgement: Judgement) -> bool {
        match &mut self.status {
            TicketStatus::Closed { at, assessment, .. } if *at == judgement.closed_at => {
                *assessment = judgement.assessment;
                true
            }
            _ => false,
        }
    }
}

/// State of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum TicketStatus {
    /// *Aperta*.
    Open,
    /// *In carico*.
    InProgress,
    /// *Chiusa*. Reopening drops the outcome and what the studio thought of it.
    Closed {
        /// What the sede said.
        outcome: Outcome,
        /// When.
        at: DateTime<Utc>,
        /// What the studio thinks of the reply.
        assessment: ReplyAssessment,
    },
}

/// *Esito*, as the sede set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Positive.
    Ok,
    /// Negative.
    Ko,
}

/// *Giudizio sulla risposta*: the studio's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplyAssessment {
    /// Not judged.
    #[default]
    Unassessed,
    /// Satisfactory and exhaustive.
    Satisfactory,
    /// Unsatisfactory or not exhaustive.
    Unsatisfactory,
}

/// The studio's judgement, bound to the reply that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// What the studio thinks.
    pub assessment: ReplyAssessment,
    /// When the reply that is judged was given: [`TicketStatus::Closed`]'s `at`.
    pub closed_at: DateTime<Utc>,
}

/// A ticket that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Withdrawal {
    /// By whom.
    pub by: Party,
    /// When.
    pub at: DateTime<Utc>,
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The studio.
    Studio,
    /// The sede.
    Sede,
}

/// An entry of the conversation (S1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Who wrote it.
    pub author: Party,
    /// When.
    pub at: DateTime<Utc>,
    /// The text.
    pub text: String,
    /// What it did to the ticket, if it did something.
    pub change: Option<StatusChange>,
    /// Names of the files that came with it.
    pub files: Vec<String>,
    /// Whether the studio reminds the sede of its promise with it (S5).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reminder: bool,
}

impl Message {
    /// Whether the sede answers with it.
    pub const fn is_answer(&self) -> bool {
        matches!(self.author, Party::Sede)
            && matches!(
                self.change,
                None | Some(StatusChange::ClosedOk | StatusChange::ClosedKo)
            )
    }
}

/// What an entry did to the ticket's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StatusChange {
    /// Opened, or opened again.
    Opened,
    /// *In carico*.
    TakenInProgress,
    /// *Chiusa OK*.
    ClosedOk,
    /// *Chiusa KO*.
    ClosedKo,
    /// Withdrawn.
    Withdrawn,
}
