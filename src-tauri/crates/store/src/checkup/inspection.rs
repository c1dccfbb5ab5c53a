//! What must hold between the rows of a store, whichever store it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::appointment::{Appointment, AppointmentState};
use domain::attachment::FileKind;
use domain::code::{AppointmentId, ContentHash, DecisionId, PointCode, StudioCode, TicketCode, TopicCode};
use domain::point::ConsultationPoint;
use domain::slot::slots_on;
use domain::time::Now;
use serde::de::DeserializeOwned;

use super::{Checked, Checkup, Finding, MOST_EXAMPLES};
use crate::{Attempt, BookOutcome, Counts, Upload};

/// A place as its row holds it (R11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceFacts {
    /// Where.
    pub point: PointCode,
    /// Beginning and end.
    pub interval: (DateTime<Utc>, DateTime<Utc>),
    /// Which desk, from 1.
    pub desk: u16,
    /// Whether it was given back.
    pub released: bool,
}

/// That an appointment carries a ticket, as its row holds it (R5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriageFacts {
    /// The ticket.
    pub ticket: TicketCode,
    /// What the ticket is about.
    pub topic: TopicCode,
    /// End of the appointment.
    pub ends_at: DateTime<Utc>,
    /// Whether the ticket was given back, or the end was found passed.
    pub released: bool,
}

/// An appointment with everything that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentFacts {
    /// Whose it is.
    pub studio: StudioCode,
    /// The appointment.
    pub appointment: Appointment,
    /// The decision in its row.
    pub decision: DecisionId,
    /// Its place.
    pub place: Option<PlaceFacts>,
    /// Its tickets.
    pub carried: Vec<CarriageFacts>,
    /// The outcome of the attempt that booked it.
    pub outcome: Option<BookOutcome>,
}

/// Beginning and end of a place.
type Interval = (DateTime<Utc>, DateTime<Utc>);

/// A place that is held.
struct Held {
    interval: Interval,
    desk: u16,
    appointment: String,
}

/// Takes in the rows of a store, and says what does not hold between them. Points and files come before the appointments
/// that name them, appointments before the counts and outcomes that name these; otherwise in any order.
pub struct Inspection {
    now: Now,
    findings: BTreeMap<Checked, Finding>,
    points: HashMap<PointCode, ConsultationPoint>,
    files: HashMap<(StudioCode, ContentHash), (u64, FileKind)>,
    held: HashMap<PointCode, BTreeMap<Interval, Vec<Held>>>,
    counted: HashSet<(PointCode, Interval)>,
    decisions: HashMap<(StudioCode, DecisionId), AppointmentId>,
    live_tickets: HashSet<TicketCode>,
}

impl Inspection {
    /// An inspection by the store's clock.
    pub fn new(now: Now) -> Self {
        let finding = |checked| Finding {
            checked,
            looked_at: 0,
            broken: 0,
            examples: Vec::new(),
        };
        Self {
            now,
            findings: Checked::ALL.map(|checked| (checked, finding(checked))).into(),
            points: HashMap::new(),
            files: HashMap::new(),
            held: HashMap::new(),
            counted: HashSet::new(),
            decisions: HashMap::new(),
            live_tickets: HashSet::new(),
        }
    }

    /// Notes whether something holds of what `subject` names: codes and ids only.
    pub fn note(&mut self, checked: Checked, holds: bool, subject: impl FnOnce() -> String) {
        let Some(finding) = self.findings.get_mut(&checked) else {
            return;
        };
        finding.looked_at += 1;
        if !holds {
            finding.broken += 1;
            if finding.examples.len() < MOST_EXAMPLES {
                finding.examples.push(subject());
            }
        }
    }

    /// Notes that something holds of `many` more.
    pub fn note_kept(&mut self, checked: Checked, many: u64) {
        if let Some(finding) = self.findings.get_mut(&checked) {
            finding.looked_at += many;
        }
    }

    /// A record that is kept as a body with columns beside it: it can be read, and `agrees` with them. Gives what was read.
    /// `subject` never names a company: its code may be a person's.
    pub fn record<T: DeserializeOwned>(&mut self, kind: &str, subject: &str, agrees: bool, body: &str) -> Option<T> {
        let read = serde_json::from_str(body).ok();
        let holds = read.is_some() && agrees;
        self.note(Checked::RecordsAreReadable, holds, || format!("{kind} {subject}"));
        read
    }

    /// A point.
    pub fn point(&mut self, point: ConsultationPoint) {
        self.points.insert(point.code.clone(), point);
    }

    /// A file that is complete, as `upload` describes it, with the content that is stored.
    pub fn file(&mut self, studio: &StudioCode, upload: &Upload, content: &[u8]) {
        let whole = u64::try_from(content.len()) == Ok(upload.bytes)
            && ContentHash::of(content) == upload.hash
            && FileKind::of(content) == Some(upload.kind);
        self.note(Checked::AttachmentsAreWhole, whole, || {
            format!("{studio} {}", upload.hash)
        });
        if whole {
            self.files
                .insert((studio.clone(), upload.hash), (upload.bytes, upload.kind));
        }
    }

    /// An appointment.
    pub fn appointment(&mut self, facts: &AppointmentFacts) {
        let AppointmentFacts {
            studio, appointment, ..
        } = facts;
        let code = || appointment.code.to_string();
        self.note(
            Checked::AppointmentsHoldWhatTheySay,
            self.holds_what_it_says(facts),
            code,
        );

        let decided = (studio.clone(), facts.decision);
        let first = self.decisions.insert(decided, appointment.id).is_none();
        let own = facts.decision == appointment.decision;
        self.note(Checked::OneAppointmentPerDecision, first && own, code);

        let outcome = matches!(&facts.outcome, Some(BookOutcome::Booked { appointment: booked })
            if booked.id == appointment.id && booked.code == appointment.code);
        self.note(Checked::OutcomesHaveTheirAppointments, outcome, code);

        for attachment in &appointment.content.attachments {
            let file = self.files.get(&(studio.clone(), attachment.hash));
            let there = file == Some(&(attachment.bytes, attachment.kind));
            self.note(Checked::AttachmentsAreWhole, there, || {
                format!("{} {}", appointment.code, attachment.hash)
            });
        }
        for carriage in facts.carried.iter().filter(|carriage| !carriage.released) {
            let alone = self.live_tickets.insert(carriage.ticket.clone());
            self.note(Checked::OneAppointmentPerTicket, alone, || carriage.ticket.to_string());
        }
        if let Some(place) = facts.place.as_ref().filter(|place| !place.released) {
            let held = self.held.entry(place.point.clone()).or_default();
            held.entry(place.interval).or_default().push(Held {
                interval: place.interval,
                desk: place.desk,
                appointment: code(),
            });
        }
        if appointment.carries_until().is_some_and(|end| self.now.instant() < end) {
            self.live(facts);
        }
    }

    /// R5, R11, R14: the place and the tickets are those of the appointment, and held as long as its state says. That an end
    /// has passed gives nothing back by itself, and may have given back tickets.
    fn holds_what_it_says(&self, facts: &AppointmentFacts) -> bool {
        let AppointmentFacts {
            appointment,
            place,
            carried,
            ..
        } = facts;
        let slot = &appointment.slot;
        let (start, end) = (slot.start.instant(), slot.end.instant());
        let confirmed = appointment.state == AppointmentState::Confirmed;
        let place = place.as_ref().is_some_and(|place| {
            place.point == slot.point && place.interval == (start, end) && place.released != confirmed
        });
        let carries: HashSet<&TicketCode> = carried.iter().map(|carriage| &carriage.ticket).collect();
        let says: HashSet<&TicketCode> = appointment.tickets.iter().collect();
        let tickets = !says.is_empty() && carries == says && carried.len() == appointment.tickets.len();
        let as_long = carried
            .iter()
            .all(|carriage| match (confirmed, self.now.instant() < end) {
                (true, true) => !carriage.released && carriage.ends_at == end,
                (true, false) => carriage.released || carriage.ends_at == end,
                (false, _) => carriage.released,
            });
        place && tickets && as_long
    }

    /// What the sede must see to: hours and topics may have changed since.
    fn live(&mut self, facts: &AppointmentFacts) {
        let appointment = &facts.appointment;
        let slot = &appointment.slot;
        let code = || appointment.code.to_string();
        let point = self.points.get(&slot.point);
        let within = point
            .and_then(|point| slots_on(point, slot.start.date()))
            .is_some_and(|day| day.slots.contains(slot));
        let answers = point.is_some_and(|point| {
            let mut topics = facts.carried.iter().map(|carriage| &carriage.topic);
            topics.all(|topic| point.topics.contains(topic))
        });
        self.note(Checked::AppointmentsAreWithinHours, within, code);
        self.note(Checked::PointsAnswerTheirTickets, answers, code);
    }

    /// How many places of an interval are held, as everybody is told.
    pub fn count(&mut self, point: &PointCode, interval: (DateTime<Utc>, DateTime<Utc>), count: u64) {
        let held = self
            .held
            .get(point)
            .and_then(|held| held.get(&interval))
            .map_or(0, Vec::len);
        self.counted.insert((point.clone(), interval));
        self.note(Checked::CountsAreThePlaces, u64::try_from(held) == Ok(count), || {
            format!("{point} {}", interval.0.to_rfc3339())
        });
    }

    /// What came of an attempt: that this appointment was booked.
    pub fn booked(&mut self, studio: &StudioCode, attempt: Attempt, appointment: Option<AppointmentId>) {
        let decided = self.decisions.get(&(studio.clone(), attempt.decision)).copied();
        let there = appointment.is_some() && decided == appointment;
        self.note(Checked::OutcomesHaveTheirAppointments, there, || {
            format!("{studio} {} {}", attempt.decision, attempt.number)
        });
    }

    /// What was found, when everything was taken in.
    pub fn finish(mut self, counts: Counts) -> Checkup {
        for (point, held) in std::mem::take(&mut self.held) {
            self.places(&point, &held);
        }
        Checkup {
            counts,
            findings: self.findings.into_values().collect(),
        }
    }

    /// R11: the places that are held at a point, by their beginning.
    fn places(&mut self, point: &PointCode, held: &BTreeMap<Interval, Vec<Held>>) {
        let desks = self.points.get(point).map_or(0, |point| usize::from(point.desks));
        // Those that have not ended when the next begins.
        let mut present: Vec<&Held> = Vec::new();
        for next in held.values().flatten() {
            let code = || next.appointment.clone();
            present.retain(|earlier| next.interval.0 < earlier.interval.1);
            let alone = present.iter().all(|earlier| earlier.desk != next.desk);
            self.note(Checked::NoDeskTwice, alone, code);
            present.push(next);
            // Of days past the desks of today say nothing.
            if self.now.instant() < next.interval.1 {
                self.note(Checked::NeverMoreThanDesks, present.len() <= desks, code);
            }
        }
        for interval in held.keys() {
            if !self.counted.contains(&(point.clone(), *interval)) {
                self.note(Checked::CountsAreThePlaces, false, || {
                    format!("{point} {}", interval.0.to_rfc3339())
                });
            }
        }
    }
}
