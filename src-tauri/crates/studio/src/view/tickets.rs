//! Tickets: the list, the filters, one ticket.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::board::{PointView, SlotView};
use super::dossiers::TicketDossierView;

/// What a list of tickets shall hold, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TicketQuery {
    /// By eligibility.
    pub bookable: BookableFilter,
    /// By status; empty means all.
    pub statuses: Vec<StatusView>,
    /// Only this company (fiscal code).
    pub company: Option<String>,
    /// Only this topic (code), or all topics of an area or subject (its label path, `Area` or `Area › Subject`).
    pub topic: Option<String>,
    /// Opened on or after this date.
    pub opened_from: Option<String>,
    /// Opened on or before this date.
    pub opened_to: Option<String>,
    /// By who is in charge.
    #[serde(default)]
    pub in_charge: Option<InChargeFilter>,
    /// Words to look for in code, company, topic and conversation; each by its beginning.
    pub text: String,
    /// The order.
    pub sort: TicketSort,
    /// Largest first.
    pub descending: bool,
}

/// See [`TicketQuery`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum BookableFilter {
    /// All tickets.
    Any,
    /// Bookable now.
    Now,
    /// Bookable from a known date.
    Soon,
    /// Not bookable, no date known.
    Not,
}

/// See [`TicketQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum InChargeFilter {
    /// This person.
    Person {
        /// The name.
        name: String,
    },
    /// Nobody.
    Nobody,
}

/// See [`TicketQuery`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum TicketSort {
    /// Ticket code.
    Code,
    /// Name of the company.
    Company,
    /// Label of the topic.
    Topic,
    /// Date of opening (waiting days are this, reversed).
    Opened,
    /// Status.
    Status,
    /// The date from which the ticket is bookable; those never bookable last.
    Bookable,
}

/// An opened list: a total and a snapshot that windows are read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TicketList {
    /// Handle for `tickets_window`; valid until some newer lists were opened.
    pub list: u32,
    /// Rows of this list.
    pub total: u32,
    /// Figures for the chips, under the same filters except eligibility.
    pub counts: BookableCounts,
}

/// How many tickets each eligibility filter would show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
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

/// One line of a list of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TicketRow {
    /// Ticket code, `LU-48213`.
    pub code: String,
    /// Fiscal code of the company.
    pub company: String,
    /// Name of the company.
    pub company_name: String,
    /// Whether it stands on the portal alone (R16).
    pub portal: bool,
    /// The topic.
    pub topic: TopicView,
    /// Date of opening (or of the last reopening, from which R4 counts).
    pub opened_on: String,
    /// Waiting days (R4); nothing for a closed or withdrawn ticket.
    pub waiting_days: Option<u32>,
    /// As the sede set it.
    pub status: StatusView,
    /// Whether it may carry an appointment, and why.
    pub bookable: BookableView,
    /// *In carico a*: who of the studio is in charge.
    pub in_charge: Option<String>,
    /// The studio's draft that holds this ticket, if one is under way.
    pub draft: Option<DraftMark>,
    /// A booking of it that a colleague has left with the sede; none where the studio holds it in a draft here.
    pub deposit: Option<TicketDeposit>,
}

/// The draft that holds a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DraftMark {
    /// Draft id.
    pub id: String,
    /// Its state.
    pub state: super::drafts::DraftStateView,
}

/// A topic in its three levels (R7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TopicView {
    /// Topic code.
    pub code: String,
    /// First level.
    pub area: String,
    /// Second level.
    pub subject: String,
    /// Third level.
    pub detail: String,
}

/// Status and outcome as the sede set them, or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum StatusView {
    /// *Aperta*.
    Open,
    /// *In carico*.
    InProgress,
    /// *Chiusa OK*.
    ClosedOk,
    /// *Chiusa KO*.
    ClosedKo,
    /// *Ritirata*.
    Withdrawn,
}

/// Whether a ticket may carry an appointment, always with the reason (R3–R6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum BookableView {
    /// Now.
    Yes {
        /// Why.
        ground: GroundView,
    },
    /// From a date.
    From {
        /// First date on which it is bookable.
        on: String,
        /// Waiting days so far.
        days: u32,
        /// Days that must be exceeded.
        threshold: u32,
    },
    /// Not.
    No {
        /// Why not.
        obstacle: ObstacleView,
    },
}

/// Why a ticket is bookable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GroundView {
    /// R3: closed with `ko`.
    ClosedKo,
    /// R3: closed with `ok`, and the studio found the answer unsatisfactory or not exhaustive.
    Unsatisfactory,
    /// R4: waiting for more than `threshold` days.
    Waiting {
        /// Waiting days.
        days: u32,
        /// Days that had to be exceeded.
        threshold: u32,
    },
}

/// Why a ticket is not bookable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ObstacleView {
    /// R5: a live appointment carries it.
    Carried {
        /// The appointment's id, where it is the studio's own.
        appointment: Option<String>,
        /// When that appointment is, where it is known.
        slot: Option<SlotView>,
    },
    /// R5: withdrawn by the studio or the sede.
    Withdrawn,
    /// R18: the studio does not see it any more.
    Gone,
    /// R5: no point of the sede answers its topic.
    NoPoint,
    /// R3: closed with `ok`, not assessed yet.
    Unassessed,
    /// R3: the studio found the answer satisfactory.
    Satisfactory,
}

/// One ticket, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TicketDetail {
    /// The line of the list.
    pub row: TicketRow,
    /// Name of the sede.
    pub sede_name: String,
    /// Position: ten digits.
    pub matricola: String,
    /// The point that follows from topic and sede (R8).
    pub point: Option<PointView>,
    /// First free slot of that point, as of the last reading of the store.
    pub first_free: Option<SlotView>,
    /// The conversation with the sede, oldest first.
    pub messages: Vec<MessageView>,
    /// The studio's judgement on the reply.
    pub assessment: AssessmentView,
    /// Whether the reply can be judged now (closed, not withdrawn, not carried).
    pub can_assess: bool,
    /// Whether the sede may be reminded of it (S5).
    pub reminder: super::reminders::ReminderView,
    /// A reminder of it that is on its way, or did not go through.
    pub reminding: Option<super::reminders::ReminderRow>,
    /// Characters that the words of a reminder may have.
    pub reminder_max: u32,
    /// Other tickets of the company that lead to the same point and are bookable now, not in a draft.
    pub companions: Vec<TicketRow>,
    /// What the studio's people keep about it.
    pub dossier: TicketDossierView,
    /// Appointments that carried or carry this ticket, newest first.
    pub appointments: Vec<super::agenda::AppointmentRow>,
    /// What lists of the portal told of it, where it stands there alone (R16).
    pub portal: Option<super::portal::PortalTicketView>,
}

/// A booking that a colleague has left with the sede (promise 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TicketDeposit {
    /// The day on which it goes out; for one that waits for a place, the day on which it is decided anew at the latest.
    pub date: String,
    /// Whether it waits for a place that comes free; otherwise for its day.
    pub for_a_place: bool,
    /// Who left it there, where the sede knows.
    pub by: Option<String>,
}

/// One entry of a ticket's conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MessageView {
    /// Who wrote it.
    pub author: AuthorView,
    /// Date, in the sede's zone; empty where it is not known.
    pub date: String,
    /// Clock time, in the sede's zone; empty where it is not known.
    pub time: String,
    /// The text, to be shown as text.
    pub text: String,
    /// The status that this entry set, if it set one.
    pub status: Option<StatusView>,
    /// Names of the files that came with it.
    pub files: Vec<String>,
    /// Whether it is a reminder (S5); it may have no text then.
    pub reminder: bool,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum AuthorView {
    /// The studio.
    Studio,
    /// The sede.
    Sede,
}

/// The studio's judgement on the reply (R3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentView {
    /// Not judged.
    Unassessed,
    /// Satisfactory and exhaustive.
    Satisfactory,
    /// Unsatisfactory or not exhaustive.
    Unsatisfactory,
}

/// What the filter menus offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TicketFacets {
    /// The topics that occur, in the order of their labels.
    pub topics: Vec<TopicView>,
}
