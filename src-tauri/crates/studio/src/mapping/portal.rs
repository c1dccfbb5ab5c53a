//! Tickets of the portal, and appointments that the studio wrote down.

use cache::portal::HeldTicket;
use domain::people::Person;
use domain::portal::registered::{PlaceWords, PortalAnswer, RegisterRefusal, RegisteredAppointment, RegisteredStage};
use domain::portal::{PortalStatus, PortalTicket};
use domain::slot::Slot;
use domain::ticket::{Outcome, Party};
use domain::time::{Civil, Now, civil_day};

use super::{board, time};
use crate::view::agenda::{AppointmentRow, AppointmentStateView, TimelineEntry, TimelineEvent};
use crate::view::board::PointView;
use crate::view::portal::{PortalAnswerForm, PortalTicketForm, PortalTicketView, RegisterRefusalView, RegisteredView};
use crate::view::tickets::{AuthorView, MessageView, StatusView};

pub(crate) fn ticket(held: &HeldTicket, _now: Now) -> PortalTicketView {
    PortalTicketView {
        first_on: time::date(civil_day(held.first_at)),
        changed_on: time::date(civil_day(held.changed_at)),
        form: form(&held.ticket),
    }
}

pub(crate) const fn status(status: PortalStatus) -> StatusView {
    match status {
        PortalStatus::Open => StatusView::Open,
        PortalStatus::InProgress => StatusView::InProgress,
        PortalStatus::Closed {
            outcome: Outcome::Ok, ..
        } => StatusView::ClosedOk,
        PortalStatus::Closed {
            outcome: Outcome::Ko, ..
        } => StatusView::ClosedKo,
        PortalStatus::Withdrawn => StatusView::Withdrawn,
    }
}

fn form(ticket: &PortalTicket) -> PortalTicketForm {
    let text = |text: Option<String>| text.unwrap_or_default();
    PortalTicketForm {
        code: ticket.code.to_string(),
        matricola: ticket.position.to_string(),
        company: text(ticket.company.as_ref().map(ToString::to_string)),
        company_name: text(ticket.company_name.as_ref().map(ToString::to_string)),
        sede: text(ticket.sede.as_ref().map(ToString::to_string)),
        subject: ticket.subject.to_string(),
        opened_on: time::date(ticket.opened_on),
        status: status(ticket.status),
        closed_on: match ticket.status {
            PortalStatus::Closed { on: Some(on), .. } => time::date(on),
            _ => String::new(),
        },
        request: text(ticket.request.as_ref().map(ToString::to_string)),
        reply: text(ticket.reply.as_ref().map(ToString::to_string)),
    }
}

/// What was asked and answered. The hours are not known, nor always the day of the answer.
pub(crate) fn messages(ticket: &PortalTicket) -> Vec<MessageView> {
    let message = |author, date, text: String, status| MessageView {
        author,
        date,
        time: String::new(),
        text,
        status,
        files: Vec::new(),
        reminder: false,
    };
    let asked = ticket.request.as_ref().map(|words| {
        let on = time::date(ticket.opened_on);
        message(AuthorView::Studio, on, words.to_string(), Some(StatusView::Open))
    });
    let answered = ticket.reply.as_ref().map(|words| {
        let (on, status) = match ticket.status {
            PortalStatus::Closed { on, .. } => (on.map(time::date), Some(status(ticket.status))),
            PortalStatus::Open | PortalStatus::InProgress | PortalStatus::Withdrawn => (None, None),
        };
        message(AuthorView::Sede, on.unwrap_or_default(), words.to_string(), status)
    });
    asked.into_iter().chain(answered).collect()
}

pub(crate) fn answer(answer: &PortalAnswer) -> PortalAnswerForm {
    PortalAnswerForm {
        identifier: answer.identifier.as_ref().map(ToString::to_string).unwrap_or_default(),
        date: time::date(answer.start.date()),
        from: time::clock(answer.start),
        to: time::clock(answer.end),
        place: answer.place.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// Says of a line of the agenda what only what was written down says.
pub(crate) fn mark(row: &mut AppointmentRow, registered: &RegisteredAppointment, now: Now) {
    let shown = answer(&registered.answer);
    row.state = match registered.stage(now) {
        RegisteredStage::Registered => AppointmentStateView::Registered,
        RegisteredStage::Past => AppointmentStateView::Past,
        RegisteredStage::Cancelled(Party::Studio) => AppointmentStateView::CancelledByStudio,
        RegisteredStage::Cancelled(Party::Sede) => AppointmentStateView::CancelledBySede,
    };
    row.code.clone_from(&shown.identifier);
    row.point = point(registered, std::mem::replace(&mut row.point, nowhere()));
    row.registered = Some(RegisteredView {
        answer: shown,
        by: registered.by.as_ref().map(Person::to_string),
        on: time::date(civil_day(registered.registered_at)),
        open: registered.cancelled.is_none(),
    });
}

const fn nowhere() -> PointView {
    PointView {
        code: String::new(),
        name: String::new(),
        place: String::new(),
        sede_name: String::new(),
    }
}

/// The point in the portal's words: their first line names it, the others say where it is.
fn point(registered: &RegisteredAppointment, portal: PointView) -> PointView {
    let Some(words) = registered.answer.place.as_ref().map(PlaceWords::as_str) else {
        return portal;
    };
    let mut lines = words.lines().map(str::trim).filter(|line| !line.is_empty());
    PointView {
        name: lines.next().unwrap_or_default().to_owned(),
        place: lines.collect::<Vec<_>>().join(", "),
        ..portal
    }
}

/// What its point is called.
pub(crate) fn point_name(registered: &RegisteredAppointment, portal: PointView) -> String {
    point(registered, portal).name
}

/// What was written down, oldest first.
pub(crate) fn timeline(registered: &RegisteredAppointment) -> Vec<TimelineEntry> {
    let entry = |at, event| {
        let civil = Civil::at(at);
        TimelineEntry {
            date: time::date(civil.date()),
            time: time::clock(civil),
            event,
            unread: None,
        }
    };
    let slot = |answer: &PortalAnswer| {
        board::slot(&Slot {
            point: registered.as_appointment().slot.point,
            start: answer.start,
            end: answer.end,
        })
    };
    let by = registered.by.as_ref().map(Person::to_string);
    let mut entries = vec![entry(registered.registered_at, TimelineEvent::Registered { by })];
    let answers = registered.before.iter().map(|earlier| &earlier.answer);
    let after = answers.skip(1).chain(std::iter::once(&registered.answer));
    entries.extend(registered.before.iter().zip(after).map(|(earlier, after)| {
        let event = TimelineEvent::RegisteredAnew {
            before: slot(&earlier.answer),
            after: slot(after),
        };
        entry(earlier.until, event)
    }));
    entries.extend(registered.cancelled.map(|cancelled| {
        let by_sede = cancelled.by == Party::Sede;
        entry(cancelled.at, TimelineEvent::CancelledOnPortal { by_sede })
    }));
    entries
}

pub(crate) const fn refusal(refusal: RegisterRefusal) -> RegisterRefusalView {
    match refusal {
        RegisterRefusal::Span => RegisterRefusalView::Span,
        RegisterRefusal::Implausible => RegisterRefusalView::Implausible,
        RegisterRefusal::Cancelled => RegisterRefusalView::Cancelled,
    }
}
