//! Invented sedi, companies, tickets and conversations, the same for the same seed.
//!
//! [`Training`] is made of a [`Seed`], a size and a `now`; nothing else decides what it holds: no clock, no order of a hash
//! table, no width of an integer. Nobody in it exists: names are drawn from parts, and no code is one that was given to
//! somebody. [`load()`] puts it into a store.
//!
//! Only what the size of a company's register needs is kept; tickets are written when they are asked for, so that 200,000 of
//! them fit anywhere.
#![forbid(unsafe_code)]

mod calendar;
mod cases;
mod codes;
mod companies;
mod conversations;
mod dice;
mod load;
mod names;
mod offering;
mod people;
mod rival;
mod tickets;
mod topics;

use domain::booking::Booking;
use domain::code::{FiscalCode, TicketCode};
use domain::company::{Company, Position};
use domain::ticket::Ticket;
use domain::time::Now;
use store::{Admission, AdmittedDelegation, Attempt, Offering, StudioProfile};

pub use load::load;
pub use people::{admit_people, person};

use crate::cases::{Case, cases};
use crate::companies::Register;
use crate::rival::Others;
use crate::tickets::Schedule;

/// What a training sede grows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

/// The fewest tickets that a training sede has: all states and all boundary days take some.
pub const FEWEST_TICKETS: u32 = 50;

/// The most tickets that a training sede has.
pub const MOST_TICKETS: u32 = 200_000;

/// A training sede, its studios, and their companies and tickets.
pub struct Training {
    seed: Seed,
    now: Now,
    offering: Offering,
    register: Register,
    cases: Vec<Case>,
    schedule: Schedule,
    others: Others,
}

/// Tickets that are what they say at the `now` of their [`Training`], whatever its seed and size. An active delegation
/// stands behind each, with no end in sight, and nothing else hinders it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landmarks {
    /// R4: open, and bookable from today on.
    pub ripe_today: TicketCode,
    /// R4: open, on its last day of waiting: bookable from tomorrow on.
    pub ripe_tomorrow: TicketCode,
    /// R3: closed with `ok`, not judged: bookable as soon as the studio finds the reply unsatisfactory.
    pub closed_ok_unassessed: TicketCode,
    /// R3: closed with `ko`, not judged: bookable.
    pub closed_ko: TicketCode,
    /// R5: open for long enough, and no point answers its topic.
    pub no_point: TicketCode,
    /// R8: bookable tickets of one company.
    pub together: Together,
}

/// Three bookable tickets of one company, which has no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// The company.
    pub company: FiscalCode,
    /// Two that lead to one point: *Consulenza aziende* of Lucca.
    pub one_point: [TicketCode; 2],
    /// One that leads to another point of the same sede.
    pub elsewhere: TicketCode,
}

impl Training {
    /// The training sede of `seed` with so many tickets ([`FEWEST_TICKETS`] to [`MOST_TICKETS`]), as it is at `now`.
    pub fn new(seed: Seed, tickets: u32, now: Now) -> Self {
        let tickets = tickets.clamp(FEWEST_TICKETS, MOST_TICKETS);
        let offering = offering::offering(now);
        let register = Register::new(seed, tickets, now.today(), &studio().code, &rival().code);
        let cases = cases(now);
        let schedule = Schedule::new(seed, tickets, &cases, now.today());
        let others = Others::new(seed, tickets, &offering.points, &register, now);
        Self {
            seed,
            now,
            offering,
            register,
            cases,
            schedule,
            others,
        }
    }

    /// What the sedi offer.
    pub fn offering(&self) -> Offering {
        self.offering.clone()
    }

    /// The studio whose people train.
    pub fn studio(&self) -> StudioProfile {
        studio()
    }

    /// Another studio, which books at the same points.
    pub fn rival(&self) -> StudioProfile {
        rival()
    }

    /// Both studios, the training one first.
    pub fn studios(&self) -> [StudioProfile; 2] {
        [studio(), rival()]
    }

    /// All companies, the training studio's first.
    pub fn companies(&self) -> &[Company] {
        &self.register.companies
    }

    /// All positions.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.register.positions()
    }

    /// All delegations, of both studios; some have ended, some end in the coming days.
    pub fn delegations(&self) -> &[AdmittedDelegation] {
        &self.register.delegations
    }

    /// How many tickets the training studio has: as many as were asked for.
    pub fn ticket_count(&self) -> u32 {
        u32::try_from(self.schedule.entries.len()).unwrap_or(u32::MAX)
    }

    /// The training studio's tickets, oldest first, written one by one.
    pub fn tickets(&self) -> impl Iterator<Item = Ticket> {
        (0..self.schedule.entries.len()).map(|place| self.ticket(place))
    }

    /// Tickets of positions that the training studio does not act for (any more): what it shall not see.
    pub fn tickets_of_others(&self) -> &[Ticket] {
        &self.others.tickets
    }

    /// What the rival books in the four weeks from tomorrow on: each one exact slot, for a ticket of
    /// [`Training::tickets_of_others`] that was closed with `ko`. All of them can be granted.
    pub fn rival_bookings(&self) -> &[(Attempt, Booking)] {
        &self.others.bookings
    }

    /// All that a store takes in: first the companies with their positions and delegations, then tickets, at most
    /// `chunk_size` at a time (at least one).
    pub fn admissions(&self, chunk_size: usize) -> Admissions<'_> {
        Admissions {
            training: self,
            chunk_size: chunk_size.max(1),
            next: None,
        }
    }

    /// The tickets that tests and first steps rely on.
    pub fn landmarks(&self) -> Landmarks {
        let code = |case: usize| {
            let site = self.register.site(self.cases[case].company, self.cases[case].office);
            tickets::code(
                self.register.sites[site].office,
                self.schedule.place_of(case),
                self.ticket_count(),
            )
        };
        let [first, second, elsewhere] = cases::TOGETHER;
        Landmarks {
            ripe_today: code(cases::RIPE_TODAY),
            ripe_tomorrow: code(cases::RIPE_TOMORROW),
            closed_ok_unassessed: code(cases::CLOSED_OK_UNASSESSED),
            closed_ko: code(cases::CLOSED_KO),
            no_point: code(cases::NO_POINT),
            together: Together {
                company: self.register.companies[cases::COMPANY_TOGETHER].code.clone(),
                one_point: [code(first), code(second)],
                elsewhere: code(elsewhere),
            },
        }
    }

    fn ticket(&self, place: usize) -> Ticket {
        tickets::ticket(self.seed, place, &self.schedule, &self.cases, &self.register, self.now)
    }
}

/// What a store takes in, in pieces: see [`Training::admissions`].
pub struct Admissions<'a> {
    training: &'a Training,
    chunk_size: usize,
    /// The next ticket, the training studio's first; none before the companies.
    next: Option<usize>,
}

impl Admissions<'_> {
    /// How many tickets all admissions together hold, those of others among them.
    pub fn tickets_in_all(&self) -> u32 {
        u32::try_from(self.count_all()).unwrap_or(u32::MAX)
    }

    fn count_all(&self) -> usize {
        self.training.schedule.entries.len() + self.training.others.tickets.len()
    }
}

impl Iterator for Admissions<'_> {
    type Item = Admission;

    fn next(&mut self) -> Option<Admission> {
        let Some(from) = self.next else {
            self.next = Some(0);
            return Some(Admission {
                companies: self.training.companies().to_vec(),
                positions: self.training.positions().collect(),
                delegations: self.training.delegations().to_vec(),
                tickets: Vec::new(),
            });
        };
        let to = from.saturating_add(self.chunk_size).min(self.count_all());
        if from == to {
            return None;
        }
        self.next = Some(to);
        let own = self.training.schedule.entries.len();
        let tickets = (from..to)
            .map(|place| match place.checked_sub(own) {
                None => self.training.ticket(place),
                Some(other) => self.training.others.tickets[other].clone(),
            })
            .collect();
        Some(Admission {
            tickets,
            ..Admission::default()
        })
    }
}

/// The studio whose people train.
pub fn studio() -> StudioProfile {
    StudioProfile {
        code: codes::written("STUDIO-RICCI"),
        name: "Studio Ricci e Associati".to_owned(),
    }
}

/// Another studio, which books at the same points.
pub fn rival() -> StudioProfile {
    StudioProfile {
        code: codes::written("STUDIO-BANDINI"),
        name: "Studio Bandini e Corsi".to_owned(),
    }
}
