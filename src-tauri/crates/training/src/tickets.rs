//! Tickets: when they were opened, what became of them, and the conversation that led there.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::code::TicketCode;
use domain::ticket::{Message, Outcome, Party, ReplyAssessment, StatusChange, Ticket, TicketStatus, Withdrawal};
use domain::time::{Now, civil_day};

use crate::Seed;
use crate::calendar::{days_before, later, office_moment, working_day_after, working_day_until};
use crate::cases::{COMPANY_TOGETHER, Case, Fate};
use crate::codes::written;
use crate::companies::Register;
use crate::conversations::{Conversation, Saying};
use crate::dice::{Dice, Purpose};
use crate::names::Trade;
use crate::offering::OFFICES;
use crate::topics::{SUBJECTS, place};

/// What a ticket of the schedule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// The case with this place.
    Case(u32),
    /// One of the many, with its own stream of draws.
    Common(u32),
}

/// When every ticket was opened, oldest first: all that is kept of tickets.
pub(crate) struct Schedule {
    pub(crate) entries: Vec<(DateTime<Utc>, What)>,
}

impl Schedule {
    pub(crate) fn new(seed: Seed, tickets: u32, cases: &[Case], today: NaiveDate) -> Self {
        let mut dice = Dice::new(seed, Purpose::Schedule, 0);
        let span = days_covered(tickets);
        let mut entries: Vec<_> = (0..)
            .zip(cases)
            .map(|(at, case)| (case.opened_at, What::Case(at)))
            .collect();
        let common = tickets.saturating_sub(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        entries.extend((0..common).map(|at| {
            let day = working_day_until(days_before(today, dice.between(1, span)));
            (office_moment(day, &mut dice), What::Common(at))
        }));
        entries.sort_unstable();
        Self { entries }
    }

    /// The place of a case.
    pub(crate) fn place_of(&self, case: usize) -> usize {
        self.entries
            .iter()
            .position(|(_, what)| *what == What::Case(u32::try_from(case).unwrap_or(u32::MAX)))
            .unwrap_or_default()
    }
}

/// How many days back the tickets go: four months, up to three years for the largest training sede.
fn days_covered(tickets: u32) -> u32 {
    120 + tickets.saturating_sub(2_000).min(198_000) / 200 * 975 / 990
}

/// The code of the ticket at `place` of so many: the later it was opened, the higher.
pub(crate) fn code(office: usize, place: usize, tickets: u32) -> TicketCode {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    let office = &OFFICES[office];
    let number = if is_small(tickets) {
        // Between two of a studio's tickets lie those of others.
        office.newest_number - (tickets - 1 - place) * 7 - (place * 5 + 3) % 6
    } else {
        office.oldest_number + place * 2 + (place * 5 + 3) % 7 % 2
    };
    written(&format!("{}-{number:05}", office.code))
}

/// The code of a ticket that is not the training studio's: a number below all of [`code`]'s.
pub(crate) fn code_of_other(office: usize, place: u32, tickets: u32) -> TicketCode {
    let office = &OFFICES[office];
    let number = if is_small(tickets) {
        office.newest_number - tickets * 7 - 1 - place
    } else {
        office.oldest_number - 1 - place
    };
    written(&format!("{}-{number:05}", office.code))
}

const fn is_small(tickets: u32) -> bool {
    tickets <= 1_500
}

/// All that decides what a ticket says.
pub(crate) struct Plan {
    pub(crate) code: TicketCode,
    pub(crate) site: usize,
    pub(crate) subject: usize,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) fate: Fate,
}

/// The ticket at `place` of the schedule.
pub(crate) fn ticket(
    seed: Seed,
    place_in_schedule: usize,
    schedule: &Schedule,
    cases: &[Case],
    register: &Register,
    now: Now,
) -> Ticket {
    let (opened_at, what) = schedule.entries[place_in_schedule];
    let tickets = u32::try_from(schedule.entries.len()).unwrap_or(u32::MAX);
    let (mut dice, site, subject, fate) = match what {
        What::Case(at) => {
            let case = &cases[at as usize];
            (
                Dice::new(seed, Purpose::Case, at.into()),
                register.site(case.company, case.office),
                place(case.topic),
                case.fate,
            )
        }
        What::Common(at) => {
            let mut dice = Dice::new(seed, Purpose::Ticket, at.into());
            let site = common_site(register, &mut dice);
            let subject = common_subject(register.trades[register.sites[site].company], &mut dice);
            let fate = common_fate(tickets, opened_at, subject, now, &mut dice);
            (dice, site, subject, fate)
        }
    };
    let plan = Plan {
        code: code(register.sites[site].office, place_in_schedule, tickets),
        site,
        subject,
        opened_at,
        fate,
    };
    write(&plan, register, now, &mut dice)
}

/// A position of a client that the training studio acts for; some clients have more tickets than others.
fn common_site(register: &Register, dice: &mut Dice) -> usize {
    debug_assert_eq!(COMPANY_TOGETHER, 0);
    let others = register.clients - 1;
    let company = 1 + dice.index(others).min(dice.index(others));
    let ours: Vec<usize> = register.of_company[company]
        .iter()
        .copied()
        .filter(|site| register.sites[*site].held.ours())
        .collect();
    ours[dice.index(ours.len())]
}

pub(crate) fn common_subject(trade: Trade, dice: &mut Dice) -> usize {
    let farming = trade == Trade::Farming && dice.chance(600);
    let weights: Vec<u32> = SUBJECTS
        .iter()
        .map(|subject| {
            if (subject.area() == "AGR") == farming {
                subject.weight
            } else {
                0
            }
        })
        .collect();
    dice.weighted(&weights)
}

/// What became of a ticket, plausible at its age. In a large training sede about three in a hundred are bookable; in a small
/// one more, so that there is something to try.
fn common_fate(tickets: u32, opened_at: DateTime<Utc>, subject: usize, now: Now, dice: &mut Dice) -> Fate {
    use Fate::{Closed, ClosedAgain, InProgress, Open, Reopened, Withdrawn};
    use Outcome::{Ko, Ok};
    use ReplyAssessment::{Satisfactory, Unassessed, Unsatisfactory};

    let days = (now.today() - civil_day(opened_at)).num_days();
    let threshold = i64::from(SUBJECTS[subject].threshold().0);
    // No office has worked a whole day since.
    if working_day_after(civil_day(opened_at), 1) >= now.today() {
        return Open;
    }
    if days <= threshold {
        let open = if days <= 2 { 600 } else { 420 };
        return match dice.below(1_000) {
            roll if roll < open => Open,
            roll if roll < open + 230 => InProgress,
            970.. => Withdrawn(Party::Studio),
            930..970 => Closed(Ok, Unassessed),
            _ => Closed(Ok, Satisfactory),
        };
    }
    let bookable = match tickets {
        0..=200 => 160,
        201..=5_000 => 19,
        _ => 28,
    };
    if dice.chance(bookable) {
        // Nothing waits for two months: an old ticket is bookable for its reply.
        let waits = if days <= 60 { 55 } else { 0 };
        return match dice.below(100) {
            roll if roll < waits / 2 => Open,
            roll if roll < waits => InProgress,
            roll if roll < waits + (100 - waits) / 2 => Closed(Ko, Unassessed),
            90.. => Closed(Ko, Unsatisfactory),
            _ => Closed(Ok, Unsatisfactory),
        };
    }
    let unassessed = if days <= 30 { 180 } else { 40 };
    match dice.below(1_000) {
        0..14 => Withdrawn(Party::Studio),
        14..22 => Withdrawn(Party::Sede),
        22..24 if days > 20 => {
            let day = working_day_until(days_before(now.today(), dice.between(1, 5)));
            Reopened(office_moment(day, dice), dice.chance(500))
        }
        24..80 => Closed(Ko, Satisfactory),
        80..105 if days > 40 => ClosedAgain(Ok, Satisfactory),
        105..109 if days > 40 => ClosedAgain(Ok, Unassessed),
        roll if roll < 109 + unassessed => Closed(Ok, Unassessed),
        _ => Closed(Ok, Satisfactory),
    }
}

/// Writes down what `plan` says.
pub(crate) fn write(plan: &Plan, register: &Register, now: Now, dice: &mut Dice) -> Ticket {
    let site = &register.sites[plan.site];
    let office = &OFFICES[site.office];
    let conversation = Conversation::new(
        &SUBJECTS[plan.subject],
        plan.opened_at,
        site.matricola.as_str(),
        office.name,
        dice,
    );
    let mut story = Story {
        conversation,
        messages: Vec::with_capacity(4),
        last: plan.opened_at,
        dice,
    };
    let (status, reopened_at, withdrawn) = story.run(plan, now);
    Ticket {
        code: plan.code.clone(),
        position: site.matricola.clone(),
        company: register.companies[site.company].code.clone(),
        sede: written(office.code),
        topic: written(SUBJECTS[plan.subject].code),
        opened_at: plan.opened_at,
        reopened_at,
        status,
        withdrawn,
        messages: story.messages,
    }
}

/// A conversation while it is written.
struct Story<'a> {
    conversation: Conversation<'a>,
    messages: Vec<Message>,
    last: DateTime<Utc>,
    dice: &'a mut Dice,
}

type Ending = (TicketStatus, Option<DateTime<Utc>>, Option<Withdrawal>);

impl Story<'_> {
    fn run(&mut self, plan: &Plan, now: Now) -> Ending {
        let now = now.instant();
        self.put(
            Party::Studio,
            Saying::Request,
            plan.opened_at,
            Some(StatusChange::Opened),
        );
        match plan.fate {
            Fate::Open => {
                if (now - self.last).num_days() >= 4 && self.dice.chance(350) {
                    self.perhaps(Party::Studio, Saying::Reminder, 5, now, None);
                }
                (TicketStatus::Open, None, None)
            }
            Fate::InProgress => {
                self.add(
                    Party::Sede,
                    Saying::TakenInCharge,
                    2,
                    now,
                    Some(StatusChange::TakenInProgress),
                );
                self.ask_back(now, 350);
                if (now - self.last).num_days() >= 3 && self.dice.chance(200) {
                    self.perhaps(Party::Studio, Saying::Reminder, 4, now, None);
                }
                (TicketStatus::InProgress, None, None)
            }
            Fate::Closed(outcome, assessment) => {
                let days = self.dice.between(1, 12);
                let at = self.later(days, now);
                if self.dice.chance(650) && self.perhaps_taken_in_charge(at) {
                    self.ask_back(at, 280);
                }
                (self.close(outcome, assessment, at), None, None)
            }
            Fate::Reopened(at, in_progress) => {
                self.close_and_reopen(at);
                let status = if in_progress {
                    self.add(
                        Party::Sede,
                        Saying::TakenInCharge,
                        1,
                        now,
                        Some(StatusChange::TakenInProgress),
                    );
                    TicketStatus::InProgress
                } else {
                    TicketStatus::Open
                };
                (status, Some(at), None)
            }
            Fate::ClosedAgain(outcome, assessment) => {
                let weeks = self.dice.between(8, 14);
                let reopened = self.later(weeks, now);
                self.close_and_reopen(reopened);
                let days = self.dice.between(2, 9);
                let at = self.later(days, now);
                (self.close(outcome, assessment, at), Some(reopened), None)
            }
            Fate::Withdrawn(by) => {
                let days = self.dice.between(1, 6);
                let at = self.later(days, now);
                let status = if self.dice.chance(400) && self.perhaps_taken_in_charge(at) {
                    TicketStatus::InProgress
                } else {
                    TicketStatus::Open
                };
                let saying = match by {
                    Party::Studio => Saying::TakenBack,
                    Party::Sede => Saying::StruckOut,
                };
                self.put(by, saying, at, Some(StatusChange::Withdrawn));
                (status, None, Some(Withdrawal { by, at }))
            }
        }
    }

    fn close(&mut self, outcome: Outcome, assessment: ReplyAssessment, at: DateTime<Utc>) -> TicketStatus {
        let (saying, change) = match (outcome, assessment) {
            (Outcome::Ko, _) => (Saying::Denied, StatusChange::ClosedKo),
            (Outcome::Ok, ReplyAssessment::Unsatisfactory) => (Saying::HalfSolved, StatusChange::ClosedOk),
            (Outcome::Ok, ReplyAssessment::Unassessed) if self.dice.chance(500) => {
                (Saying::HalfSolved, StatusChange::ClosedOk)
            }
            (Outcome::Ok, _) => (Saying::Solved, StatusChange::ClosedOk),
        };
        self.put(Party::Sede, saying, at, Some(change));
        TicketStatus::Closed {
            outcome,
            at,
            assessment,
        }
    }

    fn close_and_reopen(&mut self, reopened: DateTime<Utc>) {
        let days = self.dice.between(1, 6);
        let (saying, change) = if self.dice.chance(500) {
            (Saying::Denied, StatusChange::ClosedKo)
        } else {
            (Saying::HalfSolved, StatusChange::ClosedOk)
        };
        self.add(Party::Sede, saying, days, reopened, Some(change));
        self.add(Party::Studio, Saying::Objection, 1, reopened, None);
        self.put(Party::Sede, Saying::Reopened, reopened, Some(StatusChange::Opened));
    }

    /// The sede takes the ticket in charge, unless nobody works before `before`; returns whether it did.
    fn perhaps_taken_in_charge(&mut self, before: DateTime<Utc>) -> bool {
        let change = Some(StatusChange::TakenInProgress);
        self.perhaps(Party::Sede, Saying::TakenInCharge, 1, before, change)
    }

    /// Perhaps the sede asks something, and the studio perhaps answers.
    fn ask_back(&mut self, before: DateTime<Utc>, permille: u32) {
        if self.dice.chance(permille)
            && self.perhaps(Party::Sede, Saying::Question, 1, before, None)
            && self.dice.chance(850)
        {
            self.perhaps(Party::Studio, Saying::Answer, 1, before, None);
        }
    }

    /// A moment some working days after the last message, and before `before`: where nobody works in between, half-way.
    fn later(&mut self, days: u32, before: DateTime<Utc>) -> DateTime<Utc> {
        later(self.last, before, days, self.dice)
            .unwrap_or_else(|| self.last + TimeDelta::minutes((before - self.last).num_minutes() / 2))
    }

    fn add(&mut self, author: Party, saying: Saying, days: u32, before: DateTime<Utc>, change: Option<StatusChange>) {
        let at = self.later(days, before);
        self.put(author, saying, at, change);
    }

    /// The same, unless nobody works in between; returns whether it was said.
    fn perhaps(
        &mut self,
        author: Party,
        saying: Saying,
        days: u32,
        before: DateTime<Utc>,
        change: Option<StatusChange>,
    ) -> bool {
        let at = later(self.last, before, days, self.dice);
        if let Some(at) = at {
            self.put(author, saying, at, change);
        }
        at.is_some()
    }

    fn put(&mut self, author: Party, saying: Saying, at: DateTime<Utc>, change: Option<StatusChange>) {
        self.last = at;
        let text = self.conversation.say(saying, at, self.dice);
        let files = self.conversation.files(saying, &text, self.dice);
        self.messages.push(Message {
            author,
            at,
            text,
            change,
            files,
            reminder: matches!(saying, Saying::Reminder),
        });
    }
}
