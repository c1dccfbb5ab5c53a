//! Whether a store keeps its promises: what is looked at, and what is found.
//!
//! A store reads its rows and hands them to an [`Inspection`], which knows what must hold between them; what only the
//! store itself can know (its feed, its file) it notes there too. Findings name codes and ids, never people, companies or
//! what anybody wrote.

mod inspection;

use domain::Rule;

use crate::Counts;

pub use inspection::{AppointmentFacts, CarriageFacts, Inspection, PlaceFacts};

/// How many of the things that break a promise are named.
pub const MOST_EXAMPLES: usize = 20;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checked {
    /// The file or database itself says that it is whole, and nothing in it names what is not there.
    StorageIsSound,
    /// Every record can be read, and is what its columns say.
    RecordsAreReadable,
    /// R11, promise 1: no point has more appointments to come at one moment than desks.
    NeverMoreThanDesks,
    /// R11, promise 1: no desk serves two appointments at once.
    NoDeskTwice,
    /// Promise 2: the counts that everybody sees are the places that are held.
    CountsAreThePlaces,
    /// R5: no ticket is in two live appointments.
    OneAppointmentPerTicket,
    /// Promise 1: no decision has two appointments.
    OneAppointmentPerDecision,
    /// R5, R11, R14: an appointment holds its place and its tickets as long as its state says, and no longer.
    AppointmentsHoldWhatTheySay,
    /// Promise 1: every outcome that says booked has its appointment, and every appointment its outcome.
    OutcomesHaveTheirAppointments,
    /// Promise 4: every deposit that is over has the outcome of its attempt.
    DepositsHaveTheirOutcomes,
    /// R10: every file of an appointment is there, whole, and is what its hash and kind say.
    AttachmentsAreWhole,
    /// R18: what studios were told about each delegation is what holds today.
    DelegationsFitTheDay,
    /// Promise 3: whatever a studio may see is in its feed.
    FeedShowsEverything,
    /// Promise 2: no studio's feed has a ticket or position that it does not act for.
    FeedShowsNothingElse,
    /// A live appointment is in a slot that its point has. Broken by hours that changed: the sede owes a move.
    AppointmentsAreWithinHours,
    /// R8: a live appointment is at a point that answers its tickets. Broken by a point that changed or a relocation.
    PointsAnswerTheirTickets,
}

impl Checked {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 16] = [
        Self::StorageIsSound,
        Self::RecordsAreReadable,
        Self::NeverMoreThanDesks,
        Self::NoDeskTwice,
        Self::CountsAreThePlaces,
        Self::OneAppointmentPerTicket,
        Self::OneAppointmentPerDecision,
        Self::AppointmentsHoldWhatTheySay,
        Self::OutcomesHaveTheirAppointments,
        Self::DepositsHaveTheirOutcomes,
        Self::AttachmentsAreWhole,
        Self::DelegationsFitTheDay,
        Self::FeedShowsEverything,
        Self::FeedShowsNothingElse,
        Self::AppointmentsAreWithinHours,
        Self::PointsAnswerTheirTickets,
    ];

    /// Its name for scripts; never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StorageIsSound => "storage_is_sound",
            Self::RecordsAreReadable => "records_are_readable",
            Self::NeverMoreThanDesks => "never_more_than_desks",
            Self::NoDeskTwice => "no_desk_twice",
            Self::CountsAreThePlaces => "counts_are_the_places",
            Self::OneAppointmentPerTicket => "one_appointment_per_ticket",
            Self::OneAppointmentPerDecision => "one_appointment_per_decision",
            Self::AppointmentsHoldWhatTheySay => "appointments_hold_what_they_say",
            Self::OutcomesHaveTheirAppointments => "outcomes_have_their_appointments",
            Self::DepositsHaveTheirOutcomes => "deposits_have_their_outcomes",
            Self::AttachmentsAreWhole => "attachments_are_whole",
            Self::DelegationsFitTheDay => "delegations_fit_the_day",
            Self::FeedShowsEverything => "feed_shows_everything",
            Self::FeedShowsNothingElse => "feed_shows_nothing_else",
            Self::AppointmentsAreWithinHours => "appointments_are_within_hours",
            Self::PointsAnswerTheirTickets => "points_answer_their_tickets",
        }
    }

    /// What it means, in a sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::StorageIsSound => "the store itself is whole",
            Self::RecordsAreReadable => "every record can be read and is what its columns say",
            Self::NeverMoreThanDesks => "no point has more appointments at one moment than desks",
            Self::NoDeskTwice => "no desk serves two appointments at once",
            Self::CountsAreThePlaces => "the counts that studios see are the places that are held",
            Self::OneAppointmentPerTicket => "no ticket is in two live appointments",
            Self::OneAppointmentPerDecision => "no decision has two appointments",
            Self::AppointmentsHoldWhatTheySay => {
                "appointments hold their place and tickets as long as their state says"
            }
            Self::OutcomesHaveTheirAppointments => "every booked outcome has its appointment, and the other way round",
            Self::DepositsHaveTheirOutcomes => "every deposit that is over came to an outcome",
            Self::AttachmentsAreWhole => "every attached file is there and is what its hash says",
            Self::DelegationsFitTheDay => "what studios were told about delegations holds today",
            Self::FeedShowsEverything => "whatever a studio may see is in its feed",
            Self::FeedShowsNothingElse => "no feed has what its studio does not act for",
            Self::AppointmentsAreWithinHours => "live appointments are in slots that their points have",
            Self::PointsAnswerTheirTickets => "live appointments are at points that answer their tickets",
        }
    }

    /// The rule behind it, where there is one.
    pub const fn rule(self) -> Option<Rule> {
        match self {
            Self::NeverMoreThanDesks | Self::NoDeskTwice | Self::AppointmentsAreWithinHours => Some(Rule(11)),
            Self::OneAppointmentPerTicket => Some(Rule(5)),
            Self::AttachmentsAreWhole => Some(Rule(10)),
            Self::DelegationsFitTheDay => Some(Rule(18)),
            Self::PointsAnswerTheirTickets => Some(Rule(8)),
            _ => None,
        }
    }

    /// Whether it is the sede that must act, since it changed something: no promise of the store is broken by it.
    pub const fn is_for_the_sede(self) -> bool {
        matches!(self, Self::AppointmentsAreWithinHours | Self::PointsAnswerTheirTickets)
    }
}

/// What was found about one thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub checked: Checked,
    /// At how many places.
    pub looked_at: u64,
    /// At how many of them it does not hold.
    pub broken: u64,
    /// The first [`MOST_EXAMPLES`] of these: codes and ids.
    pub examples: Vec<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// How much there is.
    pub counts: Counts,
    /// One finding for each of [`Checked::ALL`], in that order.
    pub findings: Vec<Finding>,
}

impl Checkup {
    /// Whether every promise of the store is kept. What is [for the sede](Checked::is_for_the_sede) does not count.
    pub fn is_kept(&self) -> bool {
        self.broken().next().is_none()
    }

    /// The promises that are broken.
    pub fn broken(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.broken > 0 && !finding.checked.is_for_the_sede())
    }

    /// What was found about `checked`.
    pub fn finding(&self, checked: Checked) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.checked == checked)
    }
}
