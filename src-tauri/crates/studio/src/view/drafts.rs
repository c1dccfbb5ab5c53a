//! Drafts: preparing a booking, and what became of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attachments::{AttachmentView, LimitsView};
use super::board::{PointView, SlotView};
use super::tickets::{BookableView, TopicView};

/// How a selection of tickets falls into appointments (R8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Grouping {
    /// One per point; the first holds the ticket selected first.
    pub groups: Vec<PointGroup>,
    /// Selected tickets that can't be booked or prepared, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// The tickets of a selection that lead to one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PointGroup {
    /// The point.
    pub point: PointView,
    /// Ticket codes.
    pub tickets: Vec<String>,
}

/// A selected ticket that is in no group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LeftOut {
    /// Ticket code.
    pub ticket: String,
    /// Why.
    pub bookable: BookableView,
    /// The draft that holds it already, if that is why.
    pub draft: Option<String>,
}

/// The life of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum DraftStateView {
    /// The person is writing it.
    Editing,
    /// It waits for its moment or for the network.
    Queued,
    /// On its way; nobody knows yet what the store said.
    Sending,
    /// The appointment is confirmed.
    Booked,
    /// The store refused: somebody must decide.
    NeedsAttention,
    /// Thrown away.
    Discarded,
}

/// One draft, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DraftDetail {
    /// Draft id.
    pub id: String,
    /// Grows with each change; given back with the next one.
    pub revision: u32,
    /// Where it stands.
    pub state: DraftStateView,
    /// The appointment that it changes; nothing where it is to become one.
    pub changes: Option<ChangeView>,
    /// Fiscal code of the company.
    pub company: String,
    /// Its name.
    pub company_name: String,
    /// The point (R8), with its sede.
    pub point: PointView,
    /// What is booked (R7).
    pub tickets: Vec<DraftTicket>,
    /// The wishes, best first.
    pub wishes: Vec<WishView>,
    /// Days that never suit, whatever the wishes say.
    pub never: NeverView,
    /// Whether it waits for a place where all that are wished for are taken.
    pub waits: bool,
    /// How it lies with the sede, which lets it go out by itself.
    pub deposit: Option<DepositView>,
    /// Whether the sede has yet to hear that it was taken back.
    pub withdrawing: bool,
    /// What became of an earlier try of the change, where the person took it back before there was an answer.
    pub earlier_try: Option<EarlierTry>,
    /// Brief notes (R9).
    pub notes: String,
    /// Telephone of the contact.
    pub phone: String,
    /// E-mail address of the contact.
    pub email: String,
    /// The files.
    pub attachments: Vec<AttachmentView>,
    /// The limits in force (R9, R10).
    pub limits: LimitsView,
    /// When *Invia* would send it.
    pub due: Due,
    /// What is missing before it can be sent.
    pub missing: Vec<Missing>,
    /// Clock time of the last change, in the sede's zone.
    pub saved_time: String,
    /// Why it needs somebody.
    pub attention: Option<AttentionView>,
    /// The appointment that it became.
    pub appointment: Option<String>,
    /// Whether it is booked on the portal (R16): nothing is sent, and what the portal answers is written down.
    pub portal: bool,
}

/// A try of a change that was taken back while nobody knew what the sede made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum EarlierTry {
    /// It may have arrived; the sede was not read since.
    Unknown,
    /// The sede was read since: somebody of the studio changed the appointment after the decision.
    Arrived,
}

/// R14, R17: the appointment that a draft changes, as the person had it in view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ChangeView {
    /// Appointment id.
    pub appointment: String,
    /// The identifier that the sede knows it by.
    pub code: String,
    /// Its slot.
    pub slot: SlotView,
    /// Its notes, where the draft has others.
    pub notes: Option<String>,
    /// Its telephone, where the draft has another contact.
    pub phone: Option<String>,
    /// Its e-mail address, where the draft has another contact.
    pub email: Option<String>,
    /// Its files, where the draft has others.
    pub attachments: Option<Vec<AttachmentView>>,
    /// Whether it is to be moved.
    pub moves: bool,
}

/// A ticket in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DraftTicket {
    /// Ticket code.
    pub code: String,
    /// Its topic.
    pub topic: TopicView,
    /// Whether it is bookable, and why.
    pub bookable: BookableView,
}

/// A wish for a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WishView {
    /// One slot.
    Slot {
        /// [`SlotView::start`].
        start: String,
        /// Date of its start; ignored when given back.
        #[serde(default)]
        date: String,
        /// Clock time of its start; ignored when given back.
        #[serde(default)]
        time: String,
        /// Free places as last read; ignored when given back.
        #[serde(default)]
        free: Option<u32>,
    },
    /// Any slot that fits.
    Pattern {
        /// Days of the week, Monday 1 to Sunday 7; empty means any.
        weekdays: Vec<u8>,
        /// Not before this clock time.
        from: Option<String>,
        /// Over by this clock time.
        to: Option<String>,
        /// Not after this date.
        until: Option<String>,
    },
}

/// Days that never suit, whatever the wishes say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NeverView {
    /// Days of the week, Monday 1 to Sunday 7.
    pub weekdays: Vec<u8>,
    /// Dates, at the sede.
    pub dates: Vec<String>,
}

/// When a draft goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Due {
    /// As soon as there is a network.
    Now,
    /// On this date, at midnight of the sede's zone.
    On {
        /// The date.
        date: String,
    },
    /// Never as things stand: a ticket is not bookable, and no date is known.
    Never,
}

/// A booking that lies with the sede (promise 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DepositView {
    /// Date since when.
    pub date: String,
    /// Clock time since when.
    pub time: String,
    /// Whether it waits for a place that comes free; otherwise for its day.
    pub for_a_place: bool,
}

/// What a draft lacks before it can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Missing {
    /// No wish yet (R9).
    Wish,
    /// Neither telephone nor e-mail address (R9).
    Contact,
    /// The telephone number can't be one.
    BadPhone,
    /// The e-mail address can't be one.
    BadEmail,
    /// Notes over the limit (R9).
    NotesTooLong {
        /// Characters written.
        length: u32,
        /// Characters allowed.
        max: u32,
    },
    /// Notes with a character that is in no text (R9).
    NotesUnreadable,
    /// Too many or too large files under the limits now in force (R10).
    Attachments,
    /// A ticket that can't be booked (R3–R5).
    Ticket {
        /// Ticket code.
        code: String,
        /// Why.
        bookable: BookableView,
    },
    /// No active delegation for this position (R2).
    Delegation {
        /// Position: ten digits.
        matricola: String,
    },
    /// A slot wished for has begun, or will have when the draft goes out.
    PastWish {
        /// Its place among the wishes, from 0.
        index: u32,
    },
    /// A slot wished for is on a day that never suits.
    UnsuitableWish {
        /// Its place among the wishes, from 0.
        index: u32,
    },
    /// The appointment that it changes has begun, or is over (R14).
    Appointment,
    /// Nothing is different from what the appointment has.
    Difference,
}

/// Why a draft needs somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AttentionView {
    /// Every wish was taken (R11).
    AllTaken {
        /// The nearest slots that were free.
        nearest: Vec<SlotView>,
    },
    /// A ticket is not bookable (R3–R5).
    TicketNotBookable {
        /// Ticket code.
        ticket: String,
        /// Why, as the store says.
        bookable: BookableView,
    },
    /// The store does not know the ticket, or not for this studio.
    TicketUnknown {
        /// Ticket code.
        ticket: String,
    },
    /// No active delegation (R2).
    DelegationMissing {
        /// Position: ten digits.
        matricola: String,
    },
    /// The tickets do not belong to one company or one point any more (R2, R8).
    NotTogether,
    /// Notes, contact or files break a limit (R9, R10).
    LimitsBroken {
        /// Which.
        missing: Vec<Missing>,
    },
    /// A file of the draft is gone or damaged on this computer.
    AttachmentLost {
        /// Its name.
        name: String,
    },
    /// The sede keeps no more files of this studio's.
    NoRoomForFiles,
    /// The sede has answered a ticket since it was sent: is the appointment still needed?
    Answered {
        /// Ticket code.
        ticket: String,
        /// Date of the answer, in the sede's zone.
        date: String,
        /// Clock time of the answer, in the sede's zone.
        time: String,
    },
    /// It was taken back elsewhere.
    Withdrawn,
    /// The appointment that it changes has begun, or is over (R14).
    AppointmentOver,
    /// Somebody else changed the same of the appointment meanwhile: what stands there now, of what the draft changes too.
    Overtaken {
        /// The slot, where both changed it: as the person had it in view.
        before: Option<SlotView>,
        /// The slot, where both changed it: as it is now.
        after: Option<SlotView>,
        /// The notes, where both changed them: as they are now.
        notes: Option<String>,
        /// Whether both changed the contact.
        contact: bool,
        /// Whether both changed the files.
        attachments: bool,
    },
    /// The store failed at this booking in a way that nobody foresaw; nothing was booked.
    StoreFailed,
}

/// What the person changed; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct DraftChange {
    /// All wishes, best first.
    #[ts(optional)]
    pub wishes: Option<Vec<WishView>>,
    /// Days that never suit.
    #[ts(optional)]
    pub never: Option<NeverView>,
    /// Whether it waits for a place where all that are wished for are taken.
    #[ts(optional)]
    pub waits: Option<bool>,
    /// Notes.
    #[ts(optional)]
    pub notes: Option<String>,
    /// Telephone.
    #[ts(optional)]
    pub phone: Option<String>,
    /// E-mail address.
    #[ts(optional)]
    pub email: Option<String>,
}

/// The appointment that a draft changes, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ChangedAppointment {
    /// Appointment id.
    pub appointment: String,
    /// The identifier that the sede knows it by.
    pub code: String,
    /// Its slot, as the person had it in view.
    pub slot: SlotView,
}

/// One line of *Bozze e invii*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DraftRow {
    /// Draft id.
    pub id: String,
    /// Its state.
    pub state: DraftStateView,
    /// The appointment that it changes; nothing where it is to become one.
    pub changes: Option<ChangedAppointment>,
    /// Name of the company.
    pub company_name: String,
    /// Ticket codes.
    pub tickets: Vec<String>,
    /// Name and place of the point.
    pub point: PointView,
    /// The first wish, if there is one.
    pub first_wish: Option<WishView>,
    /// How many wishes there are.
    pub wishes: u32,
    /// When it goes out.
    pub due: Due,
    /// Whether it waits for a place where all that are wished for are taken.
    pub waits: bool,
    /// How it lies with the sede, which lets it go out by itself.
    pub deposit: Option<DepositView>,
    /// Whether the sede has yet to hear that it was taken back.
    pub withdrawing: bool,
    /// What became of an earlier try of the change, where the person took it back before there was an answer.
    pub earlier_try: Option<EarlierTry>,
    /// Instant of the last attempt.
    pub last_attempt: Option<String>,
    /// Instant of the next attempt.
    pub next_attempt: Option<String>,
    /// Attempts that the network swallowed since the decision.
    pub failures: u32,
    /// Why it needs somebody.
    pub attention: Option<AttentionView>,
    /// The appointment that it became.
    pub appointment: Option<String>,
    /// Whether it is booked on the portal (R16).
    pub portal: bool,
    /// Instant of the last change.
    pub changed_at: String,
}
