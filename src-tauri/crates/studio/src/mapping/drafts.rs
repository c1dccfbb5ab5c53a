//! Wishes, and why a draft can't go or did not.

use cache::drafts::DraftPhase;
use domain::booking::Refusal;
use domain::content::Breach;
use domain::wish::Wish;

use super::{board, tickets, time};
use crate::parse::weekday_number;
use crate::view::drafts::{AttentionView, DraftStateView, Missing, WishView};

pub(crate) const fn phase(phase: DraftPhase) -> DraftStateView {
    match phase {
        DraftPhase::Editing => DraftStateView::Editing,
        DraftPhase::Queued => DraftStateView::Queued,
        DraftPhase::Sending => DraftStateView::Sending,
        DraftPhase::Booked => DraftStateView::Booked,
        DraftPhase::NeedsAttention => DraftStateView::NeedsAttention,
        DraftPhase::Discarded => DraftStateView::Discarded,
    }
}

/// `free` are the places of the slot as last read.
pub(crate) fn wish(wish: &Wish, free: Option<u32>) -> WishView {
    match wish {
        Wish::Slot { start } => WishView::Slot {
            start: start.to_string(),
            date: time::date(start.date()),
            time: time::clock(*start),
            free,
        },
        Wish::Pattern(pattern) => WishView::Pattern {
            weekdays: pattern.weekdays.iter().map(|day| weekday_number(*day)).collect(),
            from: pattern.from.map(|from| from.to_string()),
            to: pattern.to.map(|to| to.to_string()),
            until: pattern.until.map(time::date),
        },
    }
}

/// R9, R10. All that is wrong with the files is one thing to mend.
pub(crate) fn breaches(found: &[Breach]) -> Vec<Missing> {
    let mut missing = Vec::new();
    for breach in found {
        let lacks = match *breach {
            Breach::NotesTooLong { length, max } => Missing::NotesTooLong { length, max },
            Breach::NotesUnreadable => Missing::NotesUnreadable,
            Breach::NoContact => Missing::Contact,
            Breach::BadPhone => Missing::BadPhone,
            Breach::BadEmail => Missing::BadEmail,
            Breach::TooManyFiles { .. } | Breach::FileTooLarge { .. } => Missing::Attachments,
        };
        if !missing.contains(&lacks) {
            missing.push(lacks);
        }
    }
    missing
}

/// Why the store did not book.
pub(crate) fn refusal(why: &Refusal) -> AttentionView {
    match why {
        Refusal::AllTaken { nearest } => AttentionView::AllTaken {
            nearest: nearest.iter().map(board::slot).collect(),
        },
        Refusal::TicketNotBookable { ticket, eligibility } => AttentionView::TicketNotBookable {
            ticket: ticket.to_string(),
            bookable: tickets::bookable(*eligibility, None),
        },
        Refusal::DelegationMissing { position } => AttentionView::DelegationMissing {
            matricola: position.to_string(),
        },
        Refusal::NoTicket | Refusal::MixedCompanies | Refusal::OtherPoint { .. } => AttentionView::NotTogether,
        Refusal::BadWishes => AttentionView::LimitsBroken {
            missing: vec![Missing::Wish],
        },
        Refusal::Content { breaches: found } => AttentionView::LimitsBroken {
            missing: breaches(found),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_files_is_said_once() {
        let found = [
            Breach::NoContact,
            Breach::TooManyFiles { max: 3 },
            Breach::FileTooLarge { index: 0, max: 10 },
            Breach::FileTooLarge { index: 1, max: 10 },
        ];
        assert_eq!(breaches(&found), [Missing::Contact, Missing::Attachments]);
    }
}
