//! Tickets: as a studio sees them, and what the sede does to them.

use chrono::{DateTime, Utc};
use domain::ticket::{
    Judgement, Message, Outcome, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus, Withdrawal,
};
use domain::time::Now;

use crate::{PulledTicket, TicketAct};

/// `ticket` as a studio sees it: with its own judgement, if that is about the reply that stands (R3).
pub fn seen(mut ticket: Ticket, judgement: Option<Judgement>, carried_until: Option<DateTime<Utc>>) -> PulledTicket {
    if let Some(judgement) = judgement {
        ticket.judge(judgement);
    }
    PulledTicket { ticket, carried_until }
}

/// Does `act` to `ticket`, and writes it into the conversation with the words that the studio reads. Returns whether its
/// status allows it; where not, the ticket is as it was.
pub fn act(ticket: &mut Ticket, act: TicketAct, text: &str, now: Now) -> bool {
    let Some(change) = apply(ticket, act, now) else {
        return false;
    };
    ticket.messages.push(Message {
        author: Party::Sede,
        at: now.instant(),
        text: text.to_owned(),
        change,
        files: Vec::new(),
    });
    true
}

/// What `act` does to `ticket`, and as what the conversation shows it; nothing where its status does not allow it.
fn apply(ticket: &mut Ticket, act: TicketAct, now: Now) -> Option<Option<StatusChange>> {
    if ticket.withdrawn.is_some() {
        return None;
    }
    let (status, change) = match (act, ticket.status) {
        (TicketAct::TakeInProgress, TicketStatus::Open) => {
            (TicketStatus::InProgress, Some(StatusChange::TakenInProgress))
        }
        (TicketAct::Reply, status @ (TicketStatus::Open | TicketStatus::InProgress)) => (status, None),
        (TicketAct::Close(outcome), TicketStatus::Open | TicketStatus::InProgress) => (
            TicketStatus::Closed {
                outcome,
                at: now.instant(),
                assessment: ReplyAssessment::Unassessed,
            },
            Some(match outcome {
                Outcome::Ok => StatusChange::ClosedOk,
                Outcome::Ko => StatusChange::ClosedKo,
            }),
        ),
        (TicketAct::Reopen, TicketStatus::Closed { .. }) => {
            ticket.reopened_at = Some(now.instant());
            (TicketStatus::Open, Some(StatusChange::Opened))
        }
        (TicketAct::Withdraw, status) => {
            ticket.withdrawn = Some(Withdrawal {
                by: Party::Sede,
                at: now.instant(),
            });
            (status, Some(StatusChange::Withdrawn))
        }
        _ => return None,
    };
    ticket.status = status;
    Some(change)
}
