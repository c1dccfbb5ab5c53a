//! What other studios hold, so that boards are not empty.

use domain::availability::{TakenPlaces, last_day, places};
use domain::booking::{BookedTicket, Booking};
use domain::code::{DecisionId, SedeCode};
use domain::content::{Contact, Content};
use domain::point::ConsultationPoint;
use domain::slot::Slot;
use domain::ticket::{Outcome, ReplyAssessment, Ticket};
use domain::time::Now;
use domain::wish::Wish;
use store::Attempt;

use crate::Seed;
use crate::calendar::{days_after, days_before, office_moment, working_day_until};
use crate::cases::Fate;
use crate::companies::{Held, Register};
use crate::dice::{Dice, Purpose};
use crate::names::Trade;
use crate::offering::OFFICES;
use crate::tickets::{Plan, code_of_other, common_subject, write};
use crate::topics::place;

/// How far ahead others have booked.
const DAYS_AHEAD: u32 = 28;

/// The most bookings of others.
const MOST_BOOKINGS: usize = 150;

/// The tickets that are not the training studio's, and the bookings that the rival makes with its own.
pub(crate) struct Others {
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) bookings: Vec<(Attempt, Booking)>,
}

impl Others {
    pub(crate) fn new(seed: Seed, tickets: u32, points: &[ConsultationPoint], register: &Register, now: Now) -> Self {
        let mut others = Self {
            tickets: Vec::new(),
            bookings: Vec::new(),
        };
        let mut dice = Dice::new(seed, Purpose::Bookings, 0);
        let mut held: Vec<(&ConsultationPoint, Slot)> =
            points.iter().flat_map(|point| held_at(point, now, &mut dice)).collect();
        dice.shuffle(&mut held);
        held.truncate(MOST_BOOKINGS);
        held.sort_by(|a, b| (&a.1.start, &a.0.code).cmp(&(&b.1.start, &b.0.code)));
        for (point, slot) in held {
            if let Some((site, subject)) = booked_for(point, register, &mut dice) {
                let fate = Fate::Closed(Outcome::Ko, ReplyAssessment::Unassessed);
                let ticket = others.write(seed, tickets, site, subject, fate, register, now);
                let code = ticket.code.clone();
                others.tickets.push(ticket);
                others.bookings.push((
                    Attempt::first(DecisionId::new(dice.uuid())),
                    Booking {
                        tickets: vec![BookedTicket {
                            code,
                            judgement: None,
                            read: None,
                        }],
                        point: point.code.clone(),
                        wishes: vec![Wish::Slot { start: slot.start }],
                        content: Content {
                            notes: String::new(),
                            contact: Contact {
                                phone: String::new(),
                                email: "appuntamenti@studio-bandini.example".to_owned(),
                            },
                            attachments: Vec::new(),
                        },
                    },
                ));
            }
        }
        // Positions that were the training studio's, or are the rival's, are not without a past.
        for (at, site) in register.sites.iter().enumerate() {
            if site.company < register.clients && !site.held.ours() {
                let subject = common_subject(Trade::General, &mut dice);
                let fate = Fate::Closed(Outcome::Ok, ReplyAssessment::Satisfactory);
                let ticket = others.write(seed, tickets, at, subject, fate, register, now);
                others.tickets.push(ticket);
            }
        }
        others
    }

    #[expect(clippy::too_many_arguments, reason = "private, and each is a different thing")]
    fn write(
        &self,
        seed: Seed,
        tickets: u32,
        site: usize,
        subject: usize,
        fate: Fate,
        register: &Register,
        now: Now,
    ) -> Ticket {
        let number = u32::try_from(self.tickets.len()).unwrap_or(u32::MAX);
        let mut dice = Dice::new(seed, Purpose::Other, number.into());
        let day = working_day_until(days_before(now.today(), dice.between(20, 75)));
        let plan = Plan {
            code: code_of_other(register.sites[site].office, number, tickets),
            site,
            subject,
            opened_at: office_moment(day, &mut dice),
            fate,
        };
        write(&plan, register, now, &mut dice)
    }
}

/// The places of `point` that others hold: a slot once for each place. From tomorrow on, so that none begins while a store
/// is being filled; the nearer, the fuller.
fn held_at<'a>(point: &'a ConsultationPoint, now: Now, dice: &mut Dice) -> Vec<(&'a ConsultationPoint, Slot)> {
    let last = days_after(now.today(), DAYS_AHEAD).min(last_day(point, now));
    let days = places(point, days_after(now.today(), 1), last, &TakenPlaces::default());
    let mut slots: Vec<(u32, Slot)> = days
        .into_iter()
        .flat_map(|day| day.places)
        .map(|place| {
            let ahead = (place.slot.start.date() - now.today()).num_days();
            (
                dice.below(100) + 3 * u32::try_from(ahead).unwrap_or_default(),
                place.slot,
            )
        })
        .collect();
    slots.sort();
    let share = dice.between(38, 52) as usize;
    let count = (slots.len() * share).div_ceil(100);
    slots
        .into_iter()
        .take(count)
        .flat_map(|(_, slot)| {
            let desks = u32::from(point.desks);
            let taken = if dice.chance(300) {
                desks
            } else {
                dice.between(1, desks.min(2))
            };
            vec![(point, slot); taken as usize]
        })
        .collect()
}

/// A position of the rival's and a topic that lead to `point`.
fn booked_for(point: &ConsultationPoint, register: &Register, dice: &mut Dice) -> Option<(usize, usize)> {
    let sites: Vec<usize> = register
        .sites
        .iter()
        .enumerate()
        .filter(|(_, site)| site.held == Held::Rivals && is_of(site.office, &point.sede))
        .map(|(at, _)| at)
        .collect();
    if sites.is_empty() || point.topics.is_empty() {
        return None;
    }
    let topic = &point.topics[dice.index(point.topics.len())];
    Some((sites[dice.index(sites.len())], place(topic.as_str())))
}

fn is_of(office: usize, sede: &SedeCode) -> bool {
    OFFICES[office].code == sede.as_str()
}
