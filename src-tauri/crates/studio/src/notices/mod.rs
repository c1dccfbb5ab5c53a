//! What is told outside the page, by the desktop's own notices: what the sede said (R13), what came of a booking, and
//! tomorrow's appointments.
//!
//! Each is told once on this computer, also by a program that was started again: what was told is kept with the settings.
//! What there is when a computer reads its sede for the first time is no news to anybody, and what was pulled anew is what
//! it was. [`Studio::notices_take`] reads what stands; what of it is told is decided without I/O, in `decide`.

mod decide;
mod told;

use cache::drafts::{Aim, Answered, Attention, DraftState};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use domain::appointment::{Appointment, AppointmentState};
use domain::booking::Refusal;
use domain::code::{AppointmentId, DraftId, TicketCode};
use domain::communication::Change;
use domain::portal::place;
use domain::time::{Civil, Now, midnight, resolve};
use store::{BookRefusal, ChangeRefusal};

use crate::StudioError;
use crate::companies::shown_name;
use crate::guide::Guide;
use crate::mapping;
use crate::studio::Studio;
use crate::view::notices::Place;
use decide::{Came, Outcome, Said, Situation, decide};
use told::Told;

/// Where it is kept what was told.
const TOLD: &str = "told";

/// A booking that went through is told for so long, where it was not told yet.
const BOOKED_FOR: TimeDelta = TimeDelta::days(7);

/// Tickets that became bookable today of which is told at most.
const RIPENED_MOST: u32 = 500;

/// Tomorrow's appointments are told from this time of the day on, at the sede: nobody is there at midnight.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("a time of the day");

/// Something to be told, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub news: News,
    /// What is shown to whoever wants to see it.
    pub place: Place,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// R13: the sede said something about an appointment.
    Communication {
        /// The appointment, as it is now.
        appointment: Appointed,
        /// What it said.
        change: Change,
    },
    /// A booking became an appointment.
    Booked {
        /// The appointment.
        appointment: Appointed,
    },
    /// R14, R17: a change of an appointment was granted.
    Changed {
        /// The appointment, as it is now.
        appointment: Appointed,
    },
    /// A booking, or a change of an appointment, stopped and needs somebody.
    Stopped {
        /// Name of the company.
        company: String,
        /// Why.
        stop: Stop,
    },
    /// R16: tickets of the portal that became bookable today.
    Ripened {
        /// The one that has waited longest.
        first: TicketCode,
        /// Name of its company.
        company: String,
        /// How many there are.
        count: usize,
    },
    /// Several of these at once.
    Several(Several),
    /// *Promemoria*: confirmed appointments of the next working day and of the days before it, soonest first.
    Reminder {
        /// The day on which they are told of.
        today: NaiveDate,
        /// The appointments, never none.
        appointments: Vec<Appointed>,
    },
}

/// Why a draft stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The sede answered one of its tickets meanwhile.
    Answered,
    /// It was not booked, for another reason.
    NotBooked,
    /// The appointment that it changes stays as it was.
    NotChanged,
}

/// How many there are of what happened at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Several {
    /// Communications of the sede.
    pub communications: usize,
    /// Bookings and changes that went through.
    pub granted: usize,
    /// Drafts that stopped.
    pub stopped: usize,
}

/// An appointment, as it is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointed {
    /// Its identity.
    pub id: AppointmentId,
    /// Name of the company.
    pub company: String,
    /// When it begins.
    pub start: Civil,
    /// Name of the point.
    pub point: String,
}

impl Studio {
    /// What is to be told now and was not told yet; it counts as told from here on. With `watched`, somebody has the page
    /// before them, and sees there what comes of what they have just sent.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn notices_take(&self, watched: bool) -> Result<Vec<Notice>, StudioError> {
        Ok(self.notices_where_read(watched).await?.unwrap_or_default())
    }

    /// The same; nothing before the store was read to its end, when nobody knows what is new.
    pub(crate) async fn notices_where_read(&self, watched: bool) -> Result<Option<Vec<Notice>>, StudioError> {
        let _one_at_a_time = self.telling.lock().await;
        if self.has_sede && self.cache.pulled.read_at().await?.is_none() {
            return Ok(None);
        }
        let situation = self.situation(watched).await?;
        let before: Option<Told> = self.cache.settings.read(TOLD).await?;
        let (notices, after) = decide(situation, before.as_ref());
        if before.as_ref() != Some(&after) {
            self.cache.settings.write(TOLD, &after).await?;
        }
        Ok(Some(notices))
    }

    async fn situation(&self, watched: bool) -> Result<Situation, StudioError> {
        let guide = self.guide().await?;
        Ok(Situation {
            now: guide.now,
            watched,
            said: self.said(&guide).await?,
            outcomes: self.outcomes(&guide).await?,
            coming: self.coming(&guide).await?,
            ripened: self.ripened_on_the_portal(&guide).await?,
        })
    }

    /// R16: tickets of the portal that became bookable today and that nobody is preparing, the longest waiting first. Those
    /// of the sede go out by themselves.
    async fn ripened_on_the_portal(&self, guide: &Guide) -> Result<Vec<(TicketCode, String)>, StudioError> {
        let ripened = self.cache.pulled.ripened_today(guide.now, RIPENED_MOST).await?;
        let rows = ripened.rows.into_iter().filter(|row| row.portal);
        Ok(rows
            .map(|row| (row.code, shown_name(row.company_name, &row.company)))
            .collect())
    }

    /// Communications that nobody acknowledged, nor is about to, oldest first.
    async fn said(&self, guide: &Guide) -> Result<Vec<Said>, StudioError> {
        let pending = self.pending().await?;
        let mut said = Vec::new();
        for unread in self.cache.pulled.unread().await? {
            if !pending.acknowledges(unread.communication.id) {
                said.push(Said {
                    id: unread.communication.id,
                    appointment: self.appointed(&unread.appointment, guide).await?,
                    change: unread.communication.change,
                });
            }
        }
        Ok(said)
    }

    /// What came of drafts, oldest first.
    async fn outcomes(&self, guide: &Guide) -> Result<Vec<Outcome>, StudioError> {
        let since = guide.now.instant() - BOOKED_FOR;
        let mut outcomes = Vec::new();
        for answered in self.cache.drafts.answered(since).await? {
            if let Some(came) = self.came(&answered, guide).await? {
                let waited = answered.decided_at.map(|decided| answered.draft.changed_at - decided);
                outcomes.push(Outcome {
                    draft: answered.draft.id,
                    attempt: answered.attempt,
                    came,
                    waited,
                });
            }
        }
        Ok(outcomes)
    }

    /// What the answer to a draft came to; nothing while its appointment is not pulled yet.
    async fn came(&self, answered: &Answered, guide: &Guide) -> Result<Option<Came>, StudioError> {
        let draft = &answered.draft;
        // R16: what comes of these the person has written down.
        if place::is_point(&draft.point) {
            return Ok(None);
        }
        match &draft.state {
            DraftState::Booked { appointment } => {
                let Some(appointment) = self.cache.pulled.appointment(*appointment).await? else {
                    return Ok(None);
                };
                let appointment = self.appointed(&appointment, guide).await?;
                Ok(Some(match draft.aim {
                    Aim::Book => Came::Booked(appointment),
                    Aim::Change { .. } => Came::Changed(appointment),
                }))
            }
            DraftState::NeedsAttention { why } => Ok(Some(Came::Stopped {
                company: self.company_name(&draft.company).await?,
                stop: stop(why, &draft.aim),
            })),
            DraftState::Editing | DraftState::Queued { .. } | DraftState::Sending | DraftState::Discarded => Ok(None),
        }
    }

    /// Confirmed appointments from tomorrow to the next working day, that nobody is cancelling and that were booked before
    /// today, soonest first.
    async fn coming(&self, guide: &Guide) -> Result<Vec<Appointed>, StudioError> {
        let today = guide.now.today();
        let (from, after) = (
            midnight(today + Days::new(1)),
            midnight(next_working_day(today) + Days::new(1)),
        );
        let pending = self.pending().await?;
        let mut coming = Vec::new();
        for appointment in self.cache.pulled.appointments(from, after).await? {
            let stands = appointment.state == AppointmentState::Confirmed && !pending.of(&appointment).cancelling;
            if stands && Now::at(appointment.booked_at).today() < today {
                coming.push(self.appointed(&appointment, guide).await?);
            }
        }
        Ok(coming)
    }

    async fn appointed(&self, appointment: &Appointment, guide: &Guide) -> Result<Appointed, StudioError> {
        Ok(Appointed {
            id: appointment.id,
            company: self.company_name(&appointment.company).await?,
            start: appointment.slot.start,
            point: match self.registered(appointment.id).await? {
                Some(registered) => mapping::portal::point_name(&registered, guide.point(&appointment.slot.point)),
                None => guide.point(&appointment.slot.point).name,
            },
        })
    }
}

fn stop(why: &Attention, aim: &Aim) -> Stop {
    let refusal = match why {
        Attention::Refused {
            why: BookRefusal::Rule { refusal },
        }
        | Attention::ChangeRefused {
            why: ChangeRefusal::Rule { refusal },
        } => Some(refusal),
        _ => None,
    };
    match (refusal, aim) {
        (Some(Refusal::Answered { .. }), _) => Stop::Answered,
        (_, Aim::Book) => Stop::NotBooked,
        (_, Aim::Change { .. }) => Stop::NotChanged,
    }
}

/// When tomorrow's appointments are told next.
pub(crate) fn next_morning(now: Now) -> DateTime<Utc> {
    let this = resolve(now.today().and_time(MORNING));
    if now.instant() < this {
        return this;
    }
    resolve((now.today() + Days::new(1)).and_time(MORNING))
}

/// The first day after `today` that is neither a Saturday nor a Sunday.
fn next_working_day(today: NaiveDate) -> NaiveDate {
    let days = match today.weekday() {
        Weekday::Fri => 3,
        Weekday::Sat => 2,
        _ => 1,
    };
    today + Days::new(days)
}

fn draft_place(draft: DraftId) -> Place {
    Place::Draft { id: draft.to_string() }
}

fn appointment_place(appointment: &Appointed) -> Place {
    Place::Appointment {
        id: appointment.id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate, TimeZone, Utc, Weekday};
    use domain::time::Now;

    use super::{next_morning, next_working_day};

    #[test]
    fn the_next_morning_is_eight_at_the_sede_and_never_now() {
        let at = |day, hour, minute| Utc.with_ymd_and_hms(2026, 11, day, hour, minute, 0).unwrap();
        for (now, next) in [
            (at(23, 6, 59), at(23, 7, 0)),
            (at(23, 7, 0), at(24, 7, 0)),
            (at(23, 22, 59), at(24, 7, 0)),
            (at(23, 23, 0), at(24, 7, 0)),
        ] {
            assert_eq!(next_morning(Now::at(now)), next, "seen at {now}");
        }
    }

    #[test]
    fn on_a_friday_mondays_appointments_are_next() {
        for (today, next) in [
            ("2026-11-26", Weekday::Fri),
            ("2026-11-27", Weekday::Mon),
            ("2026-11-28", Weekday::Mon),
            ("2026-11-29", Weekday::Mon),
        ] {
            let today: NaiveDate = today.parse().expect("a day");
            assert_eq!(next_working_day(today).weekday(), next, "after {today}");
        }
    }
}
