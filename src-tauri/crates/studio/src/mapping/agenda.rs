//! Appointments and what the sede says about them.

use std::collections::BTreeSet;

use cache::drafts::{DraftPhase, Holder};
use domain::appointment::{Appointment, AppointmentState, Stage};
use domain::code::{CommunicationId, PointCode};
use domain::communication::{Change, Communication};
use domain::ticket::Party;
use domain::time::{Civil, Now};

use super::{board, count, time};
use crate::view::agenda::{AppointmentRow, AppointmentStateView, CommunicationView, TimelineEntry, TimelineEvent};
use crate::view::board::PointView;

/// What the studio decided about an appointment and the store has not heard yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct OnTheWay {
    /// Its cancellation.
    pub(crate) cancelling: bool,
    /// The draft that changes it.
    pub(crate) change: Option<Holder>,
    /// Acknowledgements.
    pub(crate) acknowledged: BTreeSet<CommunicationId>,
}

impl OnTheWay {
    /// Whether somebody of the studio has yet to acknowledge `communication`.
    pub(crate) fn leaves_unread(&self, communication: &Communication) -> bool {
        communication.acknowledged_at.is_none() && !self.acknowledged.contains(&communication.id)
    }
}

pub(crate) fn state(stage: Stage) -> AppointmentStateView {
    match stage {
        Stage::Confirmed => AppointmentStateView::Confirmed,
        Stage::Past => AppointmentStateView::Past,
        Stage::Resolved => AppointmentStateView::Resolved,
        Stage::Cancelled(Party::Studio) => AppointmentStateView::CancelledByStudio,
        Stage::Cancelled(Party::Sede) => AppointmentStateView::CancelledBySede,
    }
}

pub(crate) fn row(
    appointment: &Appointment,
    point: PointView,
    company_name: String,
    on_the_way: &OnTheWay,
    now: Now,
) -> AppointmentRow {
    let unread = appointment
        .communications
        .iter()
        .filter(|communication| on_the_way.leaves_unread(communication))
        .count();
    AppointmentRow {
        id: appointment.id.to_string(),
        code: appointment.code.to_string(),
        state: state(appointment.stage(now)),
        slot: board::slot(&appointment.slot),
        point,
        company: appointment.company.to_string(),
        company_name,
        tickets: appointment.tickets.iter().map(ToString::to_string).collect(),
        unread: count(unread),
        cancelling: on_the_way.cancelling && appointment.stage(now) == Stage::Confirmed,
        changing: on_the_way
            .change
            .is_some_and(|draft| matches!(draft.phase, DraftPhase::Queued | DraftPhase::Sending)),
        attends: Vec::new(),
        clash: false,
        meeting: None,
        registered: None,
    }
}

/// What a communication says (R13); `point` shows a point by its code.
pub(crate) fn communication(said: &Communication, point: impl Fn(&PointCode) -> PointView) -> CommunicationView {
    let text = said.text.clone();
    match &said.change {
        Change::Resolved => CommunicationView::Resolved { text },
        Change::Cancelled => CommunicationView::Cancelled { text },
        Change::Rescheduled { before, after } => CommunicationView::Rescheduled {
            before: board::slot(before),
            after: board::slot(after),
            text,
        },
        Change::Relocated { before, after } => CommunicationView::Relocated {
            before: point(&before.point),
            after: point(&after.point),
            before_slot: board::slot(before),
            after_slot: board::slot(after),
            text,
        },
        Change::Other { label, .. } => CommunicationView::Other {
            label: label.clone(),
            text,
        },
    }
}

/// What happened to an appointment, oldest first.
pub(crate) fn timeline(
    appointment: &Appointment,
    on_the_way: &OnTheWay,
    point: impl Fn(&PointCode) -> PointView,
) -> Vec<TimelineEntry> {
    let entry = |at, event, unread| {
        let civil = Civil::at(at);
        let shown = TimelineEntry {
            date: time::date(civil.date()),
            time: time::clock(civil),
            event,
            unread,
        };
        (at, shown)
    };
    let mut entries = vec![entry(appointment.booked_at, TimelineEvent::Booked, None)];
    entries.extend(appointment.communications.iter().map(|said| {
        let event = TimelineEvent::Communication {
            communication: Box::new(communication(said, &point)),
        };
        let unread = on_the_way.leaves_unread(said).then(|| said.id.to_string());
        entry(said.at, event, unread)
    }));
    entries.extend(appointment.edits.iter().enumerate().filter_map(|(index, edit)| {
        let (slot, content) = appointment.after(index)?;
        let before = edit.content.as_ref().unwrap_or(content);
        let event = TimelineEvent::ChangedByStudio {
            before: edit.slot.as_ref().map(board::slot),
            after: edit.slot.as_ref().map(|_| board::slot(slot)),
            notes: before.notes != content.notes,
            contact: before.contact != content.contact,
            attachments: before.attachments != content.attachments,
        };
        Some(entry(edit.at, event, None))
    }));
    if let AppointmentState::Cancelled { by: Party::Studio, at } = appointment.state {
        entries.push(entry(at, TimelineEvent::CancelledByStudio, None));
    }
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, shown)| shown).collect()
}
