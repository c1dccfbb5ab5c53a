//! A studio with two colleagues, the sede, and a rival: who they are, and what there is at the beginning.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::code::{AppointmentId, DecisionId, PointCode, TicketCode};
use domain::point::Closure;
use domain::slot::{Slot, slots_on};
use domain::ticket::{Message, Outcome, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus};
use domain::time::{civil_day, resolve};
use store::{Attempt, CalendarStore, SedeRecords};
use uuid::Uuid;

use crate::computer::Computer;
use crate::dice::Dice;
use crate::world::{OTHER_TOPIC, POINT, TOPIC, World};

/// The companies of the studio, and the rival's.
pub const OURS: [u8; 2] = [1, 3];
pub const THEIRS: u8 = 2;

pub struct Scene {
    pub world: World,
    pub computers: [Computer; 2],
    pub rival: Arc<dyn CalendarStore>,
    /// What the rival asked for, that it may take back or cancel.
    pub rivals_attempts: Vec<Attempt>,
    pub rivals_appointments: Vec<AppointmentId>,
    pub closures: Vec<Closure>,
    /// Private notes, by their words, which are each another's; and whether somebody was told that they are kept.
    pub notes: Vec<(TicketCode, String, bool)>,
    /// The words of requests that somebody was told are kept, which are each another's.
    pub requests: Vec<String>,
    /// How many were begun.
    pub begun: u32,
    /// The highest number of a ticket.
    tickets: u32,
    /// Those of the rival's company.
    rivals: Vec<u32>,
}

impl Scene {
    /// It begins on a Friday before the clocks change, or on an ordinary Monday.
    pub async fn of(dice: &mut Dice) -> Self {
        let begins = *dice
            .pick(&["2026-10-23T09:12:00", "2027-03-26T16:30:00", "2026-11-23T09:41:00"])
            .unwrap();
        let world = World::at(resolve(begins.parse().unwrap())).await;
        world.enrol(1).await;
        world.admit_company(1, OURS[1], "Azienda 3").await;
        world.enrol(THEIRS).await;
        let computers = [Computer::on(&world, "anna").await, Computer::on(&world, "bruno").await];
        let rival = Arc::new(world.store.studio(&"STUDIO-2".parse().unwrap()));
        let mut scene = Self {
            world,
            computers,
            rival,
            rivals_attempts: Vec::new(),
            rivals_appointments: Vec::new(),
            closures: Vec::new(),
            notes: Vec::new(),
            requests: Vec::new(),
            begun: 0,
            tickets: 0,
            rivals: Vec::new(),
        };
        for _ in 0..12 {
            let company = OURS[dice.below(2)];
            scene.new_ticket(dice, company).await;
        }
        for _ in 0..6 {
            scene.new_ticket(dice, THEIRS).await;
        }
        for computer in &mut scene.computers {
            computer.sync().await;
        }
        scene
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.world.now()
    }

    /// The sede takes in a ticket that is up to nine days old.
    pub async fn new_ticket(&mut self, dice: &mut Dice, company: u8) {
        // Requests are numbered among them.
        let known = self.world.store.records().counts().await.unwrap().tickets;
        self.tickets = u32::try_from(known).unwrap() + 1;
        if company == THEIRS {
            self.rivals.push(self.tickets);
        }
        // Many were opened on the same day, and ripen at the same moment.
        let hours = if dice.chance(50) { 4 * 24 } else { dice.below(9 * 24) };
        let opened_at = self.now() - TimeDelta::hours(i64::try_from(hours).unwrap());
        let (said_at, state) = (opened_at + TimeDelta::minutes(30), dice.below(10));
        let mut messages = vec![Message {
            author: Party::Studio,
            at: opened_at,
            text: "Si chiede il riesame.".into(),
            change: Some(StatusChange::Opened),
            files: Vec::new(),
            reminder: false,
        }];
        let closed = |outcome| TicketStatus::Closed {
            outcome,
            at: said_at,
            assessment: ReplyAssessment::Unassessed,
        };
        let (status, change) = match state {
            0 if said_at < self.now() => (closed(Outcome::Ok), Some(StatusChange::ClosedOk)),
            1 if said_at < self.now() => (closed(Outcome::Ko), Some(StatusChange::ClosedKo)),
            _ => (TicketStatus::Open, None),
        };
        if let Some(change) = change {
            messages.push(Message {
                author: Party::Sede,
                at: said_at,
                text: "Definita.".into(),
                change: Some(change),
                files: Vec::new(),
                reminder: false,
            });
        }
        let ticket = Ticket {
            code: format!("LU-{}", self.tickets).parse().unwrap(),
            position: format!("460000000{company}").parse().unwrap(),
            company: format!("0000000000{company}").parse().unwrap(),
            sede: "LU".parse().unwrap(),
            topic: if dice.chance(15) { OTHER_TOPIC } else { TOPIC }.parse().unwrap(),
            opened_at,
            reopened_at: None,
            status,
            withdrawn: None,
            messages,
        };
        self.world.admit(vec![ticket]).await;
    }

    /// The code of some ticket.
    pub fn some_ticket(&self, dice: &mut Dice) -> TicketCode {
        let number = dice.below(usize::try_from(self.tickets).unwrap()) + 1;
        format!("LU-{number}").parse().unwrap()
    }

    /// What the rival asks for: mostly its own.
    pub fn the_rivals_ticket(&self, dice: &mut Dice) -> TicketCode {
        match dice.pick(&self.rivals) {
            Some(own) if dice.chance(80) => format!("LU-{own}").parse().unwrap(),
            _ => self.some_ticket(dice),
        }
    }

    /// A slot of the first point within the next two weeks, free or not.
    pub async fn some_slot(&self, dice: &mut Dice) -> Option<Slot> {
        let code: PointCode = POINT.parse().unwrap();
        let point = self.world.store.records().point(&code).await.unwrap()?;
        let days = civil_day(self.now()).iter_days().take(14);
        let mut slots: Vec<Slot> = days
            .filter_map(|day| slots_on(&point, day))
            .flat_map(|day| day.slots)
            .collect();
        // Everybody wants the first ones of next week, which is where they meet.
        if dice.chance(60) {
            slots.retain(|slot| self.now() + TimeDelta::days(5) < slot.start.instant());
            slots.truncate(3);
        }
        dice.pick(&slots).cloned()
    }
}

pub fn new_attempt() -> Attempt {
    Attempt::first(DecisionId::new(Uuid::now_v7()))
}
