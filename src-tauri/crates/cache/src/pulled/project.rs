//! The projection of a ticket: what its row says of it, through the domain's own forecast (R3–R5).

use chrono::{DateTime, Utc};
use domain::eligibility::{Standing, forecast};
use domain::ticket::{Judgement, Outcome, ReplyAssessment, Ticket, TicketStatus};

use super::{Directory, StatusKind};
use crate::instant::{day_number, seconds_up};

/// The columns of a ticket that follow from the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Projection {
    pub(super) status: StatusKind,
    pub(super) closed_at: Option<String>,
    pub(super) assessment: i64,
    pub(super) opened_day: i64,
    pub(super) carried: Option<i64>,
    pub(super) has_point: bool,
    pub(super) bookable_from: Option<i64>,
}

/// R3–R5, without a clock. `judgement` is one that the store has not told back yet.
pub(super) fn project(
    ticket: &Ticket,
    carried_until: Option<DateTime<Utc>>,
    judgement: Option<Judgement>,
    directory: &Directory,
) -> Projection {
    let judged = judgement
        .filter(|judgement| matches!(ticket.status, TicketStatus::Closed { at, .. } if at == judgement.closed_at));
    let status = match (ticket.status, judged) {
        (TicketStatus::Closed { outcome, at, .. }, Some(judgement)) => TicketStatus::Closed {
            outcome,
            at,
            assessment: judgement.assessment,
        },
        (status, _) => status,
    };
    let standing = Standing {
        status,
        counts_from: ticket.counts_from(),
        threshold: directory.threshold(&ticket.topic),
        withdrawn: ticket.withdrawn.is_some(),
        has_point: directory.routing.point(&ticket.sede, &ticket.topic).is_some(),
        carried_until,
    };
    let (kind, closed_at, assessment) = match status {
        TicketStatus::Open => (StatusKind::Open, None, ReplyAssessment::Unassessed),
        TicketStatus::InProgress => (StatusKind::InProgress, None, ReplyAssessment::Unassessed),
        TicketStatus::Closed {
            outcome,
            at,
            assessment,
        } => {
            let kind = match outcome {
                Outcome::Ok => StatusKind::ClosedOk,
                Outcome::Ko => StatusKind::ClosedKo,
            };
            (kind, Some(at.to_rfc3339()), assessment)
        }
    };
    Projection {
        status: if standing.withdrawn {
            StatusKind::Withdrawn
        } else {
            kind
        },
        closed_at,
        assessment: assessment_number(assessment),
        opened_day: day_number(standing.counts_from),
        carried: carried_until.map(seconds_up),
        has_point: standing.has_point,
        bookable_from: forecast(&standing).bookable_from().map(seconds_up),
    }
}

pub(super) const fn assessment_number(assessment: ReplyAssessment) -> i64 {
    match assessment {
        ReplyAssessment::Unassessed => 0,
        ReplyAssessment::Satisfactory => 1,
        ReplyAssessment::Unsatisfactory => 2,
    }
}

pub(super) fn assessment_of(number: i64) -> Option<ReplyAssessment> {
    [
        ReplyAssessment::Unassessed,
        ReplyAssessment::Satisfactory,
        ReplyAssessment::Unsatisfactory,
    ]
    .into_iter()
    .find(|assessment| assessment_number(*assessment) == number)
}

/// The status that stands behind what lists show. Behind a withdrawal it is not kept in the row: R5 asks no further.
pub(super) fn ticket_status<E>(
    kind: StatusKind,
    closed: impl FnOnce(Outcome) -> Result<TicketStatus, E>,
) -> Result<TicketStatus, E> {
    match kind {
        StatusKind::Open | StatusKind::Withdrawn => Ok(TicketStatus::Open),
        StatusKind::InProgress => Ok(TicketStatus::InProgress),
        StatusKind::ClosedOk => closed(Outcome::Ok),
        StatusKind::ClosedKo => closed(Outcome::Ko),
    }
}
