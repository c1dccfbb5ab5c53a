//! Tickets: as a studio sees them, and what the sede does to them.

use chrono::{DateTime, Utc};
use domain::code::{SedeCode, TicketCode};
use domain::content::{Limits, breaches_of_text};
use domain::reminder::{Reminder, reminder};
use domain::ticket::{
    Judgement, Message, Outcome, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus, Withdrawal,
};
use domain::time::Now;

use crate::{PulledTicket, RemindOutcome, RemindRefusal, TicketAct};

/// `ticket` as a studio sees it: with its own judgement, if that is about the reply that stands (R3).
pub fn seen(mut ticket: Ticket, judgement: Option<Judgement>, carried_until: Option<DateTime<Utc>>) -> PulledTicket {
    if let Some(judgement) = judgement {
        ticket.judge(judgement);
    }
    PulledTicket { ticket, carried_until }
}

/// `LU-48214`: the code of a ticket that a sede opens, after `last`, the highest number that its codes of this form have;
/// nothing where that is no code.
pub fn ticket_code(sede: &SedeCode, last: Option<i64>) -> Option<TicketCode> {
    let number = last.unwrap_or(0).checked_add(1)?;
    format!("{sede}-{number}").parse().ok()
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
        reminder: false,
    });
    true
}

/// S5: writes the studio's reminder into the conversation, where it is due; where not, the ticket is as it was.
pub fn remind(ticket: &mut Ticket, words: &str, limits: &Limits, now: Now) -> RemindOutcome {
    let refused = |why| RemindOutcome::Refused { why };
    match reminder(ticket, now) {
        Reminder::Possible(_) => {}
        reminder @ (Reminder::PossibleFrom(_) | Reminder::NotPossible(_)) => {
            return refused(RemindRefusal::NotDue { reminder });
        }
    }
    if let Some(breach) = breaches_of_text(words, limits.notes_max).into_iter().next() {
        return refused(RemindRefusal::Words { breach });
    }
    ticket.messages.push(Message {
        author: Party::Studio,
        at: now.instant(),
        text: words.to_owned(),
        change: None,
        files: Vec::new(),
        reminder: true,
    });
    RemindOutcome::Reminded { at: now.instant() }
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
