//! Appointments and what the sede says about them.

use serde::Serialize;
use ts_rs::TS;

use super::attachments::AttachmentView;
use super::board::{PointView, SlotView};
use super::dossiers::{AppointmentDossierView, MeetingResultView};
use super::drafts::DraftStateView;
use super::tickets::TopicView;

/// One appointment in a list or a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AppointmentRow {
    /// Appointment id.
    pub id: String,
    /// The identifier that the sede, or the portal, knows it by, `LU-A-000123`; empty where the portal gave none.
    pub code: String,
    /// Where it stands.
    pub state: AppointmentStateView,
    /// When.
    pub slot: SlotView,
    /// Where.
    pub point: PointView,
    /// Fiscal code of the company.
    pub company: String,
    /// Its name.
    pub company_name: String,
    /// Ticket codes.
    pub tickets: Vec<String>,
    /// Communications of the sede not yet acknowledged.
    pub unread: u32,
    /// A cancellation by the studio is on its way.
    pub cancelling: bool,
    /// A change by the studio is on its way.
    pub changing: bool,
    /// Who of the studio attends, by name.
    pub attends: Vec<String>,
    /// Somebody who attends is expected elsewhere at the same time.
    pub clash: bool,
    /// How the meeting went, where somebody said so.
    pub meeting: Option<MeetingResultView>,
    /// *Registrato dallo studio*: what the studio wrote down of it, where the portal gave it (R16).
    pub registered: Option<super::portal::RegisteredView>,
}

/// The life of an appointment (R12–R14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentStateView {
    /// *Confermato*.
    Confirmed,
    /// *Registrato dallo studio*: the portal gave it, and no sede confirms it here (R16).
    Registered,
    /// *Trascorso*.
    Past,
    /// *Chiuso e definito*.
    Resolved,
    /// Cancelled by the studio.
    CancelledByStudio,
    /// Cancelled by the sede.
    CancelledBySede,
}

/// One appointment, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AppointmentDetail {
    /// The line of the list.
    pub row: AppointmentRow,
    /// Tickets with their topics.
    pub tickets: Vec<AppointmentTicket>,
    /// The studio's notes.
    pub notes: String,
    /// Telephone of the contact.
    pub phone: String,
    /// E-mail address of the contact.
    pub email: String,
    /// The files that were sent.
    pub attachments: Vec<AttachmentView>,
    /// Which wish was granted, from 0.
    pub granted: u32,
    /// What the studio's people keep about it.
    pub dossier: AppointmentDossierView,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Whether the studio may cancel it now (R14).
    pub can_cancel: bool,
    /// Whether the studio may change it now (R14).
    pub can_change: bool,
    /// The draft of a change that is being written, is on its way, or needs somebody.
    pub change: Option<ChangeDraft>,
    /// Instant at which the store was last read.
    pub read_at: Option<String>,
    /// The same as a clock time.
    pub read_time: Option<String>,
}

/// The draft that changes an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ChangeDraft {
    /// Draft id.
    pub id: String,
    /// Its state.
    pub state: DraftStateView,
}

/// A ticket that an appointment carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AppointmentTicket {
    /// Ticket code.
    pub code: String,
    /// Its topic.
    pub topic: TopicView,
}

/// Something that happened to an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TimelineEntry {
    /// Date, in the sede's zone.
    pub date: String,
    /// Clock time, in the sede's zone.
    pub time: String,
    /// What.
    pub event: TimelineEvent,
    /// The communication's id while the studio has not acknowledged it.
    pub unread: Option<String>,
}

/// See [`TimelineEntry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimelineEvent {
    /// Booked by the studio.
    Booked,
    /// The portal gave it, and the studio wrote it down (R16).
    Registered {
        /// Who, where that is known.
        by: Option<String>,
    },
    /// The portal said something else, and the studio wrote it down.
    RegisteredAnew {
        /// The slot before.
        before: SlotView,
        /// The slot after.
        after: SlotView,
    },
    /// It was cancelled on the portal, and the studio wrote it down.
    CancelledOnPortal {
        /// Whether the sede cancelled it; otherwise the studio.
        by_sede: bool,
    },
    /// Changed by the studio (R14, R17).
    ChangedByStudio {
        /// The slot before, where it was moved.
        before: Option<SlotView>,
        /// The slot from then on, where it was moved.
        after: Option<SlotView>,
        /// Whether the notes changed.
        notes: bool,
        /// Whether the contact changed.
        contact: bool,
        /// Whether the files changed.
        attachments: bool,
    },
    /// Cancelled by the studio (R14).
    CancelledByStudio,
    /// A communication of the sede (R13).
    Communication {
        /// What it says.
        communication: Box<CommunicationView>,
    },
}

/// What the sede says (R13), with before and after where something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CommunicationView {
    /// *Chiuso e definito*: no need to come.
    Resolved {
        /// The sede's words.
        text: String,
    },
    /// Moved to another day or time.
    Rescheduled {
        /// Before.
        before: SlotView,
        /// After.
        after: SlotView,
        /// The sede's words.
        text: String,
    },
    /// Moved to another point or sede.
    Relocated {
        /// Point before.
        before: PointView,
        /// Point after.
        after: PointView,
        /// Slot before.
        before_slot: SlotView,
        /// Slot after.
        after_slot: SlotView,
        /// The sede's words.
        text: String,
    },
    /// Cancelled by the sede.
    Cancelled {
        /// The sede's words.
        text: String,
    },
    /// Something that this program does not know, as it came.
    Other {
        /// The kind as the sede named it.
        label: String,
        /// The sede's words.
        text: String,
    },
}

/// A communication not yet acknowledged, for *Oggi*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct UnreadCommunication {
    /// Communication id, for `communication_acknowledge`.
    pub id: String,
    /// The appointment.
    pub appointment: AppointmentRow,
    /// What it says.
    pub communication: CommunicationView,
    /// Date, in the sede's zone.
    pub date: String,
}
