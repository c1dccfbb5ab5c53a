//! What the store will say to a draft, as far as it can be foreseen: when it may go, and what it lacks. The store's answer
//! counts.

use chrono::NaiveDate;
use domain::appointment::Appointment;
use domain::booking::Facts;
use domain::code::Matricola;
use domain::company::Delegation;
use domain::content::{Breach, Content, Limits, breaches};
use domain::eligibility::{Eligibility, eligibility};
use domain::studio_change::StudioChange;
use domain::time::{Now, midnight};
use domain::wish::{Wish, suits};

/// When a draft may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// At once.
    Now,
    /// At the first moment of a day.
    On(NaiveDate),
    /// A ticket is not bookable, with no date to promise.
    Never,
}

impl Departure {
    /// R3–R6: when all of `tickets` are bookable.
    pub(crate) fn of(tickets: &[Facts], now: Now) -> Self {
        tickets.iter().fold(Self::Now, |latest, ticket| {
            match (latest, eligibility(&ticket.standing, now)) {
                (Self::Never, _) | (_, Eligibility::NotBookable(_)) => Self::Never,
                (latest, Eligibility::Bookable(_)) => latest,
                (Self::On(day), Eligibility::BookableFrom { on, .. }) => Self::On(day.max(on)),
                (Self::Now, Eligibility::BookableFrom { on, .. }) => Self::On(on),
            }
        })
    }

    /// The present on the day of departure.
    fn present(self, now: Now) -> Now {
        match self {
            Self::On(day) => Now::at(midnight(day).max(now.instant())),
            Self::Now | Self::Never => now,
        }
    }
}

/// Something that a draft lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lack {
    /// R9: no wish.
    Wish,
    /// R9, R10: a limit is broken.
    Breach(Breach),
    /// R3–R5: a ticket that can't be booked and has no date either.
    Ticket(usize, Eligibility),
    /// R2: no delegation for this position on the day of departure.
    Delegation(Matricola),
    /// The slot of this wish has begun, or will have when the draft goes out.
    PastWish(usize),
    /// The slot of this wish is on a day that never suits.
    Unsuitable(usize),
    /// R14: the appointment that it changes is not the studio's to change any more.
    Appointment,
    /// Of the appointment that it changes, nothing is different.
    Difference,
}

/// All that a draft lacks, in the order of the three steps.
pub(crate) fn lacks(
    tickets: &[Facts],
    delegations: &[Delegation],
    wishes: &[Wish],
    content: &Content,
    limits: &Limits,
    now: Now,
) -> Vec<Lack> {
    let departure = Departure::of(tickets, now).present(now);
    let mut found = Vec::new();
    for (index, ticket) in tickets.iter().enumerate() {
        if let answer @ Eligibility::NotBookable(_) = eligibility(&ticket.standing, now) {
            found.push(Lack::Ticket(index, answer));
        }
    }
    undelegated(tickets, delegations, departure, &mut found);
    if !wishes.iter().any(Wish::asks) {
        found.push(Lack::Wish);
    }
    past(wishes, departure, &mut found);
    found.extend(breaches(content, limits).into_iter().map(Lack::Breach));
    found
}

/// All that a change of `appointment` lacks (R14, R17). What the studio does not see any more, it does not change.
pub(crate) fn lacks_of_change(
    change: &StudioChange,
    appointment: Option<&Appointment>,
    tickets: &[Facts],
    delegations: &[Delegation],
    content: &Content,
    limits: &Limits,
    now: Now,
) -> Vec<Lack> {
    let mut found = Vec::new();
    if appointment.is_none_or(|appointment| appointment.is_the_studio_s(now).is_err()) {
        return vec![Lack::Appointment];
    }
    undelegated(tickets, delegations, now, &mut found);
    past(&change.wishes, now, &mut found);
    found.extend(breaches(content, limits).into_iter().map(Lack::Breach));
    if change.is_empty() {
        found.push(Lack::Difference);
    }
    found
}

/// R2: positions without a delegation on the day of departure, each once.
fn undelegated(tickets: &[Facts], delegations: &[Delegation], departure: Now, found: &mut Vec<Lack>) {
    for ticket in tickets {
        let delegated = delegations
            .iter()
            .any(|one| one.position == ticket.position && one.active_on(departure.today()));
        let lack = Lack::Delegation(ticket.position.clone());
        if !delegated && !found.contains(&lack) {
            found.push(lack);
        }
    }
}

/// Wishes that nothing can come of: too late, or on a day that never suits.
fn past(wishes: &[Wish], departure: Now, found: &mut Vec<Lack>) {
    for (index, wish) in wishes.iter().enumerate() {
        let over = match wish {
            Wish::Slot { start } => start.instant() <= departure.instant(),
            Wish::Pattern(pattern) => pattern.until.is_some_and(|until| until < departure.today()),
            Wish::Never(_) => false,
        };
        if over {
            found.push(Lack::PastWish(index));
        } else if wish.day().is_some_and(|day| !suits(wishes, day)) {
            found.push(Lack::Unsuitable(index));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeDelta, TimeZone, Utc};
    use domain::content::Contact;
    use domain::eligibility::{Obstacle, Standing};
    use domain::ticket::{Outcome, ReplyAssessment, TicketStatus};
    use domain::time::Civil;
    use domain::topic::WaitingThreshold;
    use domain::wish::Pattern;

    /// Monday 23 November 2026, 9:41 in Rome.
    fn now() -> Now {
        Now::at(Utc.with_ymd_and_hms(2026, 11, 23, 8, 41, 0).unwrap())
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn waiting_since(since: u32) -> Facts {
        Facts {
            code: format!("LU-{since}").parse().unwrap(),
            company: "01234567890".parse().unwrap(),
            position: "4600000001".parse().unwrap(),
            sede: "LU".parse().unwrap(),
            topic: "DURC".parse().unwrap(),
            standing: Standing {
                status: TicketStatus::Open,
                counts_from: day(since),
                threshold: WaitingThreshold(5),
                withdrawn: false,
                has_point: true,
                carried_until: None,
            },
        }
    }

    fn closed(outcome: Outcome) -> Facts {
        let mut facts = waiting_since(1);
        facts.standing.status = TicketStatus::Closed {
            outcome,
            at: now().instant(),
            assessment: ReplyAssessment::Unassessed,
        };
        facts
    }

    fn delegated(until: Option<NaiveDate>) -> Vec<Delegation> {
        vec![Delegation {
            position: "4600000001".parse().unwrap(),
            from: day(1),
            until,
        }]
    }

    fn content() -> Content {
        Content {
            contact: Contact {
                phone: "0583 123456".into(),
                email: String::new(),
            },
            ..Content::default()
        }
    }

    fn at(day: u32, hour: u32) -> Wish {
        Wish::Slot {
            start: Civil::at(Utc.with_ymd_and_hms(2026, 11, day, hour, 0, 0).unwrap()),
        }
    }

    #[test]
    fn a_draft_goes_when_its_last_ticket_is_ripe() {
        let (ripe, on_24, on_28) = (waiting_since(17), waiting_since(18), waiting_since(22));
        let table = [
            (vec![ripe.clone()], Departure::Now),
            (vec![ripe.clone(), on_24.clone()], Departure::On(day(24))),
            (vec![on_28.clone(), on_24.clone(), ripe], Departure::On(day(28))),
            (vec![on_28, closed(Outcome::Ok)], Departure::Never),
            (vec![closed(Outcome::Ko), on_24], Departure::On(day(24))),
        ];
        for (tickets, expected) in table {
            assert_eq!(Departure::of(&tickets, now()), expected);
        }
    }

    #[test]
    fn nothing_is_missing_from_a_whole_draft() {
        let lacking = lacks(
            &[waiting_since(17)],
            &delegated(None),
            &[at(26, 9)],
            &content(),
            &Limits::default(),
            now(),
        );
        assert_eq!(lacking, []);
    }

    #[test]
    fn all_that_is_missing_is_said_at_once_in_the_order_of_the_steps() {
        let tickets = [closed(Outcome::Ok), closed(Outcome::Ok)];
        let lacking = lacks(&tickets, &[], &[], &Content::default(), &Limits::default(), now());
        let unassessed = Eligibility::NotBookable(Obstacle::Unassessed);
        assert_eq!(
            lacking,
            [
                Lack::Ticket(0, unassessed),
                Lack::Ticket(1, unassessed),
                Lack::Delegation("4600000001".parse().unwrap()),
                Lack::Wish,
                Lack::Breach(Breach::NoContact),
            ]
        );
    }

    #[test]
    fn a_ticket_that_only_has_to_wait_is_not_missing() {
        let lacking = lacks(
            &[waiting_since(22)],
            &delegated(None),
            &[at(30, 9)],
            &content(),
            &Limits::default(),
            now(),
        );
        assert_eq!(lacking, []);
    }

    #[test]
    fn a_delegation_must_be_active_on_the_day_of_departure() {
        let ends_on_27 = delegated(Some(day(27)));
        let check = |since| {
            lacks(
                &[waiting_since(since)],
                &ends_on_27,
                &[at(30, 9)],
                &content(),
                &Limits::default(),
                now(),
            )
        };
        assert_eq!(check(17), [], "goes today");
        assert_eq!(check(21), [], "goes on the 27th, its last day");
        assert_eq!(
            check(22),
            [Lack::Delegation("4600000001".parse().unwrap())],
            "goes on the 28th"
        );
    }

    #[test]
    fn a_wish_must_still_be_ahead_when_the_draft_goes() {
        let begun = Wish::Slot {
            start: Civil::at(now().instant()),
        };
        let next_minute = Wish::Slot {
            start: Civil::at(now().instant() + TimeDelta::minutes(1)),
        };
        let until = |until| {
            Wish::Pattern(Pattern {
                until: Some(until),
                ..Pattern::default()
            })
        };
        let wishes = [
            begun,
            next_minute,
            at(27, 9),
            at(28, 9),
            until(day(22)),
            until(day(23)),
            until(day(28)),
        ];
        let past = |since| -> Vec<usize> {
            lacks(
                &[waiting_since(since)],
                &delegated(None),
                &wishes,
                &content(),
                &Limits::default(),
                now(),
            )
            .into_iter()
            .map(|lack| match lack {
                Lack::PastWish(index) => index,
                other => panic!("{other:?}"),
            })
            .collect()
        };
        assert_eq!(past(17), [0, 4], "goes now");
        assert_eq!(past(22), [0, 1, 2, 4, 5], "goes on the 28th");
    }
}
