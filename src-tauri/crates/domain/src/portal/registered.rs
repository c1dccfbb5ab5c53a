//! What the portal answered to a booking, written down by the studio: *registrato dallo studio*, never *confermato* (R16).
//!
//! Nobody tells the program what becomes of such an appointment: that it was moved or cancelled, the studio writes down
//! again. That it has passed is derived, as for any other.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::place;
use crate::appointment::{Appointment, AppointmentState};
use crate::code::{AppointmentCode, AppointmentId, DecisionId, FiscalCode, SedeCode, TicketCode};
use crate::content::Content;
use crate::people::Person;
use crate::slot::Slot;
use crate::text::{in_a_line, in_lines, written};
use crate::ticket::Party;
use crate::time::{Civil, Now};

written!(
    /// What the portal calls an appointment: up to 60 characters in one line, as it gave them.
    Identifier,
    60,
    in_a_line
);
written!(
    /// Where an appointment is held, in the portal's words: up to 300 characters in several lines.
    PlaceWords,
    300,
    in_lines
);

/// The longest that an appointment may last.
const LONGEST: TimeDelta = TimeDelta::hours(12);

/// How far from the present one may be written down: what lies farther away is a slip of the hand.
const FARTHEST: TimeDelta = TimeDelta::days(2 * 366);

/// What the portal answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalAnswer {
    /// What the portal calls it, where it calls it something.
    pub identifier: Option<Identifier>,
    /// When it begins.
    pub start: Civil,
    /// When it ends.
    pub end: Civil,
    /// Where, where it said so.
    pub place: Option<PlaceWords>,
}

/// An appointment that the studio wrote down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredAppointment {
    /// Its identity.
    pub id: AppointmentId,
    /// The one company of its tickets (R2).
    pub company: FiscalCode,
    /// The sede of its tickets.
    pub sede: SedeCode,
    /// Its tickets, never none (R1).
    pub tickets: Vec<TicketCode>,
    /// What the portal answered, as it stands now.
    pub answer: PortalAnswer,
    /// What the studio had prepared for it.
    pub content: Content,
    /// Who wrote it down, where that is known.
    pub by: Option<Person>,
    /// When it was written down.
    pub registered_at: DateTime<Utc>,
    /// Who cancelled it, and when that was written down.
    pub cancelled: Option<Cancelled>,
    /// What the portal had answered before, oldest first (R15).
    pub before: Vec<Earlier>,
}

/// A cancellation that was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// Who cancelled.
    pub by: Party,
    /// When it was written down.
    pub at: DateTime<Utc>,
}

/// What the portal had answered until something else was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// When the next was written down.
    pub until: DateTime<Utc>,
    /// What stood there.
    pub answer: PortalAnswer,
}

/// Where a registered appointment stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegisteredStage {
    /// *Registrato dallo studio*, and its end has not passed: live (R5).
    Registered,
    /// *Trascorso*.
    Past,
    /// Cancelled by this side.
    Cancelled(Party),
}

/// Why something can't be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RegisterRefusal {
    /// It ends before it begins, or lasts longer than a working day.
    #[error("an appointment ends after it begins, and within hours")]
    Span,
    /// It lies years away from the present.
    #[error("the day can't be meant")]
    Implausible,
    /// It was cancelled.
    #[error("the appointment was cancelled")]
    Cancelled,
}

impl PortalAnswer {
    /// That it can be meant at `now`.
    ///
    /// # Errors
    /// [`RegisterRefusal::Span`], [`RegisterRefusal::Implausible`].
    pub fn check(&self, now: Now) -> Result<(), RegisterRefusal> {
        let (start, end) = (self.start.instant(), self.end.instant());
        if end <= start || end - start > LONGEST {
            return Err(RegisterRefusal::Span);
        }
        if (start - now.instant()).abs() > FARTHEST {
            return Err(RegisterRefusal::Implausible);
        }
        Ok(())
    }
}

impl RegisteredAppointment {
    /// Where it stands at `now`.
    pub fn stage(&self, now: Now) -> RegisteredStage {
        match self.cancelled {
            Some(cancelled) => RegisteredStage::Cancelled(cancelled.by),
            None if now.instant() < self.answer.end.instant() => RegisteredStage::Registered,
            None => RegisteredStage::Past,
        }
    }

    /// R5: the moment until which it keeps its tickets from another booking, if it does.
    pub fn carries_until(&self) -> Option<DateTime<Utc>> {
        self.cancelled.is_none().then(|| self.answer.end.instant())
    }

    /// Writes down that the portal says something else by now; what stood before is kept. Returns whether it does.
    ///
    /// # Errors
    /// [`RegisterRefusal`]; one that was cancelled stays so.
    pub fn change(&mut self, answer: PortalAnswer, now: Now) -> Result<bool, RegisterRefusal> {
        if self.cancelled.is_some() {
            return Err(RegisterRefusal::Cancelled);
        }
        answer.check(now)?;
        if self.answer == answer {
            return Ok(false);
        }
        self.before.push(Earlier {
            until: now.instant(),
            answer: std::mem::replace(&mut self.answer, answer),
        });
        Ok(true)
    }

    /// Writes down that it was cancelled on the portal, by this side.
    ///
    /// # Errors
    /// [`RegisterRefusal::Cancelled`] where that was written down before.
    pub fn cancel(&mut self, by: Party, now: Now) -> Result<(), RegisterRefusal> {
        if self.cancelled.is_some() {
            return Err(RegisterRefusal::Cancelled);
        }
        self.cancelled = Some(Cancelled { by, at: now.instant() });
        Ok(())
    }

    /// It among the appointments of the agenda, for those who sort, find and count them. What it is called and where it is
    /// held, and that no sede confirmed it, only it says itself.
    pub fn as_appointment(&self) -> Appointment {
        let code = self.answer.identifier.as_ref().map(Identifier::as_str);
        Appointment {
            id: self.id,
            code: code
                .and_then(|code| code.parse().ok())
                .unwrap_or_else(|| self.own_code()),
            decision: DecisionId::new(self.id.uuid()),
            company: self.company.clone(),
            tickets: self.tickets.clone(),
            slot: Slot {
                point: place::point_code(&self.sede),
                start: self.answer.start,
                end: self.answer.end,
            },
            state: match self.cancelled {
                None => AppointmentState::Confirmed,
                Some(Cancelled { by, at }) => AppointmentState::Cancelled { by, at },
            },
            content: self.content.clone(),
            granted: 0,
            booked_at: self.registered_at,
            communications: Vec::new(),
            edits: Vec::new(),
        }
    }

    fn own_code(&self) -> AppointmentCode {
        // 32 hexadecimal digits are as many as a code has room for.
        let digits = self.id.uuid().simple().to_string();
        digits.parse().expect("the digits of an id are a code")
    }
}
