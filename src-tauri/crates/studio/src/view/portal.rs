//! Tickets of the INPS portal, and appointments that the studio wrote down (R16).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::AppointmentDetail;
use super::import::{FieldView, ReasonView};
use super::tickets::StatusView;

/// What lists of the portal told of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PortalTicketView {
    /// Date on which it was first told of.
    pub first_on: String,
    /// Date on which something new was last told of it.
    pub changed_on: String,
    /// It, to be corrected by hand.
    pub form: PortalTicketForm,
}

/// A ticket of the portal as somebody types it in. An empty text stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PortalTicketForm {
    /// Its code.
    pub code: String,
    /// Its position: ten digits.
    pub matricola: String,
    /// Fiscal code of the company, or nothing.
    pub company: String,
    /// Name of the company, or nothing.
    pub company_name: String,
    /// Name of the sede, or nothing.
    pub sede: String,
    /// What it is about; levels are set apart by `>`.
    pub subject: String,
    /// Date of opening, or of the last reopening.
    pub opened_on: String,
    /// Its status.
    pub status: StatusView,
    /// Date of closing, or nothing.
    pub closed_on: String,
    /// What the studio asked, or nothing.
    pub request: String,
    /// What the sede answered last, or nothing.
    pub reply: String,
}

/// What came of typing a ticket in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum TicketWritten {
    /// It is held now.
    New {
        /// Its code.
        code: String,
    },
    /// It was held, and is another now.
    Changed {
        /// Its code.
        code: String,
    },
    /// It is held already, as it was typed in.
    Same {
        /// Its code.
        code: String,
    },
    /// It was not taken.
    Refused {
        /// All that is wrong with it, never nothing.
        faults: Vec<FormFault>,
    },
}

/// Something that is wrong with what was typed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FormFault {
    /// Where.
    pub field: FieldView,
    /// Why.
    pub reason: ReasonView,
}

/// What the portal answered, as somebody types it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PortalAnswerForm {
    /// What the portal calls the appointment, or nothing.
    pub identifier: String,
    /// Its date.
    pub date: String,
    /// Clock time of its beginning.
    pub from: String,
    /// Clock time of its end.
    pub to: String,
    /// Where it is held: point and address, or nothing.
    pub place: String,
}

/// *Registrato dallo studio*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RegisteredView {
    /// What stands there, to be changed by hand.
    pub answer: PortalAnswerForm,
    /// Who wrote it down, where that is known.
    pub by: Option<String>,
    /// Date on which it was written down.
    pub on: String,
    /// Whether it can still be changed: it was not cancelled.
    pub open: bool,
}

/// What came of writing down what the portal answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RegisterOutcome {
    /// It stands in the agenda.
    Registered {
        /// The appointment.
        appointment: Box<AppointmentDetail>,
    },
    /// It was not written down.
    Refused {
        /// Why.
        why: RegisterRefusalView,
    },
}

/// Why something was not written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RegisterRefusalView {
    /// What stands there is no day, no time, or too long: this field of the form.
    Malformed {
        /// Which.
        field: AnswerField,
    },
    /// It ends before it begins, or lasts longer than twelve hours.
    Span,
    /// The day lies years away.
    Implausible,
    /// It was cancelled before.
    Cancelled,
    /// R5: another appointment carries a ticket of it.
    Carried {
        /// The ticket.
        ticket: String,
        /// The other appointment's id.
        appointment: String,
    },
    /// Something else was written down meanwhile.
    Overtaken,
}

/// A field of a [`PortalAnswerForm`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum AnswerField {
    /// What the portal calls it.
    Identifier,
    /// The date.
    Date,
    /// The beginning.
    From,
    /// The end.
    To,
    /// The place.
    Place,
}
