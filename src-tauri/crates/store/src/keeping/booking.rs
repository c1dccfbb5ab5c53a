//! From what a store knows to a booking that is granted, and to the appointment that is written down.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::appointment::{Appointment, AppointmentState};
use domain::availability::{Taken, TakenPlaces};
use domain::booking::{Booking, Facts, Refusal, Surroundings};
use domain::code::{AppointmentCode, AppointmentId, DecisionId, SedeCode, TicketCode};
use domain::company::Delegation;
use domain::content::Limits;
use domain::deposit;
use domain::eligibility::{Eligibility, Obstacle};
use domain::point::ConsultationPoint;
use domain::routing::Routing;
use domain::slot::{Slot, slots_on};
use domain::studio_change::{self, GrantedChange, StudioChange};
use domain::ticket::{Judgement, Ticket};
use domain::time::Now;
use domain::topic::{Topic, WaitingThreshold};
use uuid::Uuid;

use crate::BookRefusal;

/// A ticket of a booking with all that decides about it, and the key of its row.
#[derive(Debug, Clone)]
pub struct AskedTicket<K> {
    /// What names its row.
    pub key: K,
    /// As the studio sees it.
    pub ticket: Ticket,
    /// Its topic.
    pub topic: Topic,
    /// The studio's delegation for its position.
    pub delegation: Delegation,
    /// R5: end of the confirmed appointment that carries it.
    pub carried_until: Option<DateTime<Utc>>,
    /// R3: the judgement that the booking brings, if it is about the reply that stands.
    pub judged_now: Option<Judgement>,
    /// When the sede answered, where it did since the studio decided.
    pub answered: Option<DateTime<Utc>>,
}

/// The tickets that `booking` names, in its order, each once, out of those that the studio sees; judged as the booking says.
///
/// # Errors
/// [`BookRefusal::UnknownTicket`] for the first that it does not see.
pub fn asked_for<K>(
    booking: &Booking,
    mut seen: HashMap<TicketCode, AskedTicket<K>>,
) -> Result<Vec<AskedTicket<K>>, BookRefusal> {
    let mut named = HashSet::new();
    let mut asked = Vec::with_capacity(booking.tickets.len());
    for booked in booking.tickets.iter().filter(|booked| named.insert(&booked.code)) {
        let Some(mut ticket) = seen.remove(&booked.code) else {
            return Err(BookRefusal::UnknownTicket {
                ticket: booked.code.clone(),
            });
        };
        ticket.judged_now = booked.judgement.filter(|judgement| ticket.ticket.judge(*judgement));
        ticket.answered = booked.read.and_then(|entries| ticket.ticket.answered_after(entries));
        asked.push(ticket);
    }
    Ok(asked)
}

/// What a store knows beside the tickets.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The point that the booking names.
    pub point: &'a ConsultationPoint,
    /// R8: the points of the sedi of its tickets.
    pub points: &'a [ConsultationPoint],
    /// What is held at the point.
    pub taken: &'a TakenPlaces,
    /// The limits in force.
    pub limits: &'a Limits,
}

impl<'a> Around<'a> {
    /// All that surrounds what is asked for these tickets.
    const fn of(&self, tickets: &'a [Facts], delegations: &'a [Delegation], routing: &'a Routing) -> Surroundings<'a> {
        Surroundings {
            tickets,
            delegations,
            routing,
            point: self.point,
            taken: self.taken,
            limits: self.limits,
        }
    }
}

/// R1–R11: what is granted of `booking`, whose tickets are `tickets`.
///
/// # Errors
/// The first [`Refusal`]: that the sede has answered meanwhile, then in the order of the rules.
pub fn decide<K>(
    booking: &Booking,
    tickets: &[AskedTicket<K>],
    around: &Around<'_>,
    now: Now,
) -> Result<Granted, Refusal> {
    if let Some((ticket, at)) = tickets
        .iter()
        .find_map(|asked| Some((asked.ticket.code.clone(), asked.answered?)))
    {
        return Err(Refusal::Answered { ticket, at });
    }
    let routing = Routing::new(around.points);
    let facts = facts(tickets, &routing);
    let delegations: Vec<Delegation> = tickets.iter().map(|asked| asked.delegation.clone()).collect();
    let surroundings = around.of(&facts, &delegations, &routing);
    domain::booking::decide(booking, &surroundings, now).map(|(wish, slot)| Granted { wish, slot })
}

fn facts<K>(tickets: &[AskedTicket<K>], routing: &Routing) -> Vec<Facts> {
    tickets
        .iter()
        .map(|asked| Facts::of(&asked.ticket, asked.topic.threshold(), routing, asked.carried_until))
        .collect()
}

/// Promise 4: the moment at which a booking is to be decided that is left with the store; nothing where that is now.
///
/// # Errors
/// The [`Refusal`] that is certain already, as far as anybody knows today. That every place is taken is not.
pub fn ripens<K>(
    booking: &Booking,
    tickets: &[AskedTicket<K>],
    around: &Around<'_>,
    now: Now,
) -> Result<Option<DateTime<Utc>>, Refusal> {
    let Some(at) = deposit::ripe_at(&facts(tickets, &Routing::new(around.points)), now) else {
        return Ok(None);
    };
    match decide(booking, tickets, around, Now::at(at)) {
        Ok(_) | Err(Refusal::AllTaken { .. }) => Ok(Some(at)),
        Err(refusal) => Err(refusal),
    }
}

/// A ticket of an appointment, as the studio that holds it knows it.
#[derive(Debug, Clone)]
pub struct HeldTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The studio's delegation for its position, where it has one.
    pub delegation: Option<Delegation>,
}

/// R17: what is granted of `change` of `appointment`, whose tickets are `tickets`. `around.taken` is without its own place.
///
/// # Errors
/// The first [`Refusal`], in the order of the rules.
pub fn decide_change(
    change: &StudioChange,
    appointment: &Appointment,
    tickets: &[HeldTicket],
    around: &Around<'_>,
    now: Now,
) -> Result<GrantedChange, Refusal> {
    let routing = Routing::new(around.points);
    // R3 to R5 are not asked again: the threshold, and what carries the ticket, say nothing.
    let facts: Vec<Facts> = tickets
        .iter()
        .map(|held| Facts::of(&held.ticket, WaitingThreshold::default(), &routing, None))
        .collect();
    let delegations: Vec<Delegation> = tickets.iter().filter_map(|held| held.delegation.clone()).collect();
    let surroundings = around.of(&facts, &delegations, &routing);
    studio_change::decide(change, appointment, &surroundings, now)
}

/// A booking that the rules grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// By which wish, from 0.
    pub wish: usize,
    /// The slot.
    pub slot: Slot,
}

impl Granted {
    /// R12: the appointment that comes of it, known to people as `code`; nothing without a ticket.
    pub fn appointment<K>(
        &self,
        decision: DecisionId,
        booking: &Booking,
        tickets: &[AskedTicket<K>],
        code: AppointmentCode,
        now: Now,
    ) -> Option<Appointment> {
        Some(Appointment {
            id: AppointmentId::new(Uuid::now_v7()),
            code,
            decision,
            company: tickets.first()?.ticket.company.clone(),
            tickets: tickets.iter().map(|asked| asked.ticket.code.clone()).collect(),
            slot: self.slot.clone(),
            state: AppointmentState::Confirmed,
            content: booking.content.clone(),
            granted: u16::try_from(self.wish).unwrap_or(u16::MAX),
            booked_at: now.instant(),
            communications: Vec::new(),
            edits: Vec::new(),
        })
    }
}

/// `LU-A-000123`: the `number`th appointment of a sede; nothing where that is no code.
pub fn appointment_code(sede: &SedeCode, number: i64) -> Option<AppointmentCode> {
    format!("{sede}-A-{number:06}").parse().ok()
}

/// R5: the refusal of a booking one of whose tickets a live appointment carries until `until`.
pub fn carried(ticket: TicketCode, until: DateTime<Utc>) -> Refusal {
    Refusal::TicketNotBookable {
        ticket,
        eligibility: Eligibility::NotBookable(Obstacle::Carried { until }),
    }
}

/// R11: whether `slot` is one of `point`'s, has not begun, and has a place. The horizon binds studios only.
pub fn has_room(point: &ConsultationPoint, slot: &Slot, taken: &TakenPlaces, now: Now) -> bool {
    let exists = slots_on(point, slot.start.date()).is_some_and(|day| day.slots.contains(slot));
    exists && now.instant() < slot.start.instant() && taken.held_in(slot) < point.desks
}

/// `taken` at the point of `own` without the place that an appointment holds there: one that is about to be moved does not
/// stand in its own way.
pub fn without(taken: &mut [Taken], own: &Slot) {
    let own = (own.start.instant(), own.end.instant());
    for held in taken.iter_mut().filter(|held| (held.start, held.end) == own) {
        held.count = held.count.saturating_sub(1);
    }
}
