//! Wishes, and why a draft can't go or did not.

use cache::drafts::{Aim, Draft, DraftPhase, Request};
use domain::appointment::Appointment;
use domain::booking::Refusal;
use domain::code::AppointmentId;
use domain::content::Breach;
use domain::deposit::{Awaited, Deposit};
use domain::studio_change::Seen;
use domain::time::{Civil, civil_day};
use domain::wish::{Unsuitable, Wish};

use super::{attachments, board, tickets, time};
use crate::parse::weekday_number;
use crate::view::drafts::{AttentionView, ChangeView, DepositView, DraftStateView, Missing, NeverView, WishView};

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

/// The days that never suit.
pub(crate) fn never(wishes: &[Wish]) -> NeverView {
    let mut shown = NeverView::default();
    for wish in wishes {
        if let Wish::Never(Unsuitable { weekdays, days }) = wish {
            shown.weekdays.extend(weekdays.iter().copied().map(weekday_number));
            shown.dates.extend(days.iter().copied().map(time::date));
        }
    }
    shown
}

/// What is wished for; nothing for days that never suit. `free` are the places of the slot as last read.
pub(crate) fn wish(wish: &Wish, free: Option<u32>) -> Option<WishView> {
    Some(match wish {
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
        Wish::Never(_) => return None,
    })
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
        Refusal::Answered { ticket, at } => AttentionView::Answered {
            ticket: ticket.to_string(),
            date: time::date(civil_day(*at)),
            time: time::clock(Civil::at(*at)),
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

/// How a booking lies with the sede.
pub(crate) fn deposit(deposit: &Deposit) -> DepositView {
    let since = Civil::at(deposit.deposited_at);
    DepositView {
        date: time::date(since.date()),
        time: time::clock(since),
        for_a_place: matches!(deposit.until, Awaited::Place { .. }),
    }
}

/// What a draft changes of an appointment that was as `seen` says.
pub(crate) fn change(appointment: AppointmentId, code: String, seen: &Seen, draft: &Draft) -> ChangeView {
    let (before, after) = (&seen.content, &draft.content);
    let contact = Some(&before.contact).filter(|contact| **contact != after.contact);
    ChangeView {
        appointment: appointment.to_string(),
        code,
        slot: board::slot(&seen.slot),
        notes: (before.notes != after.notes).then(|| before.notes.clone()),
        phone: contact.map(|contact| contact.phone.clone()),
        email: contact.map(|contact| contact.email.clone()),
        attachments: (before.attachments != after.attachments)
            .then(|| before.attachments.iter().map(attachments::attachment).collect()),
        moves: draft.wishes.iter().any(Wish::asks),
    }
}

/// R13: of what `draft` changes, what is another in `now`.
pub(crate) fn overtaken(draft: &Draft, now: &Appointment) -> AttentionView {
    let (Request::Change(_, change), Aim::Change { seen, .. }) = (draft.request(), &draft.aim) else {
        return AttentionView::AppointmentOver;
    };
    let moved = change.moves() && seen.slot != now.slot;
    let (before, after) = (&seen.content, &now.content);
    AttentionView::Overtaken {
        before: moved.then(|| board::slot(&seen.slot)),
        after: moved.then(|| board::slot(&now.slot)),
        notes: (change.notes.is_some() && before.notes != after.notes).then(|| after.notes.clone()),
        contact: change.contact.is_some() && before.contact != after.contact,
        attachments: change.attachments.is_some() && before.attachments != after.attachments,
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
