//! The rules together: what the store decides about a booking, and the desktop foresees.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Rule;
use crate::availability::{TakenPlaces, free_slots, free_slots_on};
use crate::code::{FiscalCode, Matricola, PointCode, SedeCode, TicketCode, TopicCode};
use crate::company::Delegation;
use crate::content::{Breach, Content, Limits, breaches};
use crate::eligibility::{Eligibility, Standing, eligibility};
use crate::point::ConsultationPoint;
use crate::routing::Routing;
use crate::slot::Slot;
use crate::ticket::{Judgement, Ticket};
use crate::time::Now;
use crate::wish::{Granted, Wish, grant, ranked, suits};

/// What a studio asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Booking {
    /// The tickets (R1), with the judgement that the studio booked on (R3).
    pub tickets: Vec<BookedTicket>,
    /// The point that the wishes are about. It follows from the tickets (R8) and is only named so that wishes for one
    /// point are never granted at another.
    pub point: PointCode,
    /// The wishes, best first.
    pub wishes: Vec<Wish>,
    /// What the studio adds.
    pub content: Content,
}

impl Booking {
    /// The codes of its tickets, in its order, one named twice once: no appointment carries a ticket twice (R5).
    pub fn codes(&self) -> Vec<&TicketCode> {
        let mut seen = HashSet::new();
        let codes = self.tickets.iter().map(|ticket| &ticket.code);
        codes.filter(|code| seen.insert(*code)).collect()
    }
}

/// A ticket of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BookedTicket {
    /// The ticket.
    pub code: TicketCode,
    /// The studio's judgement on its reply, where there is one (R3).
    pub judgement: Option<Judgement>,
    /// How many entries of its conversation the studio knew when it decided. Where the sede has answered since, the booking
    /// stops: whether the appointment is still needed, a person says. Without it, that is not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<u32>,
}

/// A ticket as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its code.
    pub code: TicketCode,
    /// Its company.
    pub company: FiscalCode,
    /// Its position.
    pub position: Matricola,
    /// The sede of its position.
    pub sede: SedeCode,
    /// Its topic.
    pub topic: TopicCode,
    /// What decides about it.
    pub standing: Standing,
}

impl Facts {
    /// The facts of `ticket`, whose topic waits for `threshold` and which an appointment carries until `carried_until`.
    pub fn of(
        ticket: &Ticket,
        threshold: crate::topic::WaitingThreshold,
        routing: &Routing,
        carried_until: Option<chrono::DateTime<chrono::Utc>>,
    ) -> Self {
        Self {
            code: ticket.code.clone(),
            company: ticket.company.clone(),
            position: ticket.position.clone(),
            sede: ticket.sede.clone(),
            topic: ticket.topic.clone(),
            standing: Standing {
                status: ticket.status,
                counts_from: ticket.counts_from(),
                threshold,
                withdrawn: ticket.withdrawn.is_some(),
                has_point: routing.point(&ticket.sede, &ticket.topic).is_some(),
                carried_until,
            },
        }
    }
}

/// Why a booking is refused: one thing at a time, the one to mend first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// R1: no ticket.
    NoTicket,
    /// R2: the tickets are of more than one company.
    MixedCompanies,
    /// R2: no active delegation for this position today.
    DelegationMissing {
        /// The position.
        position: Matricola,
    },
    /// R3–R5: a ticket is not bookable.
    TicketNotBookable {
        /// The ticket.
        ticket: TicketCode,
        /// What holds instead.
        eligibility: Eligibility,
    },
    /// The sede has answered a ticket since the studio decided: is the appointment still needed?
    Answered {
        /// The ticket.
        ticket: TicketCode,
        /// When the sede answered first.
        at: DateTime<Utc>,
    },
    /// R8: a ticket leads to another point than the one named.
    OtherPoint {
        /// The ticket.
        ticket: TicketCode,
        /// Where it leads.
        leads_to: PointCode,
    },
    /// R9: no wish, or more than can be ranked.
    BadWishes,
    /// R9, R10: limits broken.
    Content {
        /// Which.
        breaches: Vec<Breach>,
    },
    /// R11: no wish can be met.
    AllTaken {
        /// The nearest free slots.
        nearest: Vec<Slot>,
    },
}

impl Refusal {
    /// The rule that refuses.
    pub fn rule(&self) -> Rule {
        match self {
            Self::NoTicket => Rule(1),
            Self::MixedCompanies | Self::DelegationMissing { .. } => Rule(2),
            Self::TicketNotBookable { eligibility, .. } => match eligibility {
                Eligibility::Bookable(ground) => ground.rule(),
                Eligibility::BookableFrom { .. } => Rule(4),
                Eligibility::NotBookable(obstacle) => obstacle.rule(),
            },
            // What R3 or R4 stood on is not what the studio knew.
            Self::Answered { .. } => Rule(6),
            Self::OtherPoint { .. } => Rule(8),
            Self::BadWishes => Rule(9),
            Self::Content { breaches } => breaches.first().map_or(Rule(9), |breach| breach.rule()),
            Self::AllTaken { .. } => Rule(11),
        }
    }
}

/// R1, R2: the one company of `tickets`, for each of whose positions a delegation is active on the day of `now`.
///
/// # Errors
/// [`Refusal::NoTicket`], [`Refusal::MixedCompanies`], [`Refusal::DelegationMissing`].
pub fn check_company<'a>(
    tickets: &'a [Facts],
    delegations: &[Delegation],
    now: Now,
) -> Result<&'a FiscalCode, Refusal> {
    let company = &tickets.first().ok_or(Refusal::NoTicket)?.company;
    if tickets.iter().any(|ticket| ticket.company != *company) {
        return Err(Refusal::MixedCompanies);
    }
    let delegated = |position: &Matricola| {
        delegations
            .iter()
            .any(|delegation| delegation.position == *position && delegation.active_on(now.today()))
    };
    match tickets.iter().find(|ticket| !delegated(&ticket.position)) {
        Some(ticket) => Err(Refusal::DelegationMissing {
            position: ticket.position.clone(),
        }),
        None => Ok(company),
    }
}

/// R3–R5: that every ticket is bookable at `now`.
///
/// # Errors
/// [`Refusal::TicketNotBookable`] for the first that is not.
pub fn check_tickets(tickets: &[Facts], now: Now) -> Result<(), Refusal> {
    tickets
        .iter()
        .try_for_each(|ticket| match eligibility(&ticket.standing, now) {
            Eligibility::Bookable(_) => Ok(()),
            eligibility => Err(Refusal::TicketNotBookable {
                ticket: ticket.code.clone(),
                eligibility,
            }),
        })
}

/// R8: that every ticket leads to `point`.
///
/// # Errors
/// [`Refusal::OtherPoint`], or [`Refusal::TicketNotBookable`] where none answers (R5).
pub fn check_point(tickets: &[Facts], point: &PointCode, routing: &Routing) -> Result<(), Refusal> {
    tickets
        .iter()
        .try_for_each(|ticket| match routing.point(&ticket.sede, &ticket.topic) {
            Some(leads_to) if leads_to == point => Ok(()),
            Some(leads_to) => Err(Refusal::OtherPoint {
                ticket: ticket.code.clone(),
                leads_to: leads_to.clone(),
            }),
            None => Err(Refusal::TicketNotBookable {
                ticket: ticket.code.clone(),
                eligibility: Eligibility::NotBookable(crate::eligibility::Obstacle::NoPoint),
            }),
        })
}

/// R9, R10: that the wishes can be ranked and the content keeps the limits.
///
/// # Errors
/// [`Refusal::BadWishes`], [`Refusal::Content`].
pub fn check_content(booking: &Booking, limits: &Limits) -> Result<(), Refusal> {
    if ranked(&booking.wishes).is_none_or(|asked| asked == 0) {
        return Err(Refusal::BadWishes);
    }
    let breaches = breaches(&booking.content, limits);
    if breaches.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Content { breaches })
    }
}

/// What surrounds a booking at the moment of deciding.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The facts of the booking's tickets ([`Booking::codes`]), judged, in its order.
    pub tickets: &'a [Facts],
    /// The studio's delegations for their positions.
    pub delegations: &'a [Delegation],
    /// Which point answers what.
    pub routing: &'a Routing,
    /// The point that the booking names.
    pub point: &'a ConsultationPoint,
    /// What is held at that point.
    pub taken: &'a TakenPlaces,
    /// The limits in force.
    pub limits: &'a Limits,
}

/// R1–R11 at one moment: the slot that is granted and by which wish (from 0), or why none is.
///
/// # Errors
/// The first [`Refusal`], in the order of the rules.
pub fn decide(booking: &Booking, around: &Surroundings<'_>, now: Now) -> Result<(usize, Slot), Refusal> {
    debug_assert_eq!(booking.point, around.point.code, "the wishes are about another point");
    check_company(around.tickets, around.delegations, now)?;
    check_tickets(around.tickets, now)?;
    check_point(around.tickets, &booking.point, around.routing)?;
    check_content(booking, around.limits)?;
    granted(&booking.wishes, around, now)
}

/// R11: the slot that is granted to `wishes`, and by which of them (from 0).
pub(crate) fn granted(wishes: &[Wish], around: &Surroundings<'_>, now: Now) -> Result<(usize, Slot), Refusal> {
    if let Some(granted) = granted_exactly(wishes, around, now) {
        return Ok(granted);
    }
    match grant(wishes, &free_slots(around.point, around.taken, now)) {
        Granted::Slot { wish, slot } => Ok((wish, slot)),
        Granted::AllTaken { nearest } => Err(Refusal::AllTaken { nearest }),
    }
}

/// What [`grant`] grants where that is one of the exact slots that stand before every pattern: for these, only the days
/// that are wished for are looked at.
fn granted_exactly(wishes: &[Wish], around: &Surroundings<'_>, now: Now) -> Option<(usize, Slot)> {
    let mut exact = wishes
        .iter()
        .enumerate()
        .filter(|(_, wanted)| wanted.asks())
        .map_while(|(wish, wanted)| Some((wish, wanted, wanted.day()?)));
    exact.find_map(|(wish, wanted, day)| {
        free_slots_on(around.point, around.taken, now, day)
            .into_iter()
            .find(|slot| wanted.accepts(slot) && suits(wishes, day))
            .map(|slot| (wish, slot))
    })
}
