//! Appointments and their life (R12–R14).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::{AppointmentCode, AppointmentId, CommunicationId, DecisionId, FiscalCode, TicketCode};
use crate::communication::{Change, Communication};
use crate::content::Content;
use crate::slot::Slot;
use crate::studio_change::{GrantedChange, StudioEdit};
use crate::ticket::Party;
use crate::time::Now;

/// An appointment with a sede.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Appointment {
    /// Its identity.
    pub id: AppointmentId,
    /// The identifier that people use (S4).
    pub code: AppointmentCode,
    /// The decision that it was booked by.
    pub decision: DecisionId,
    /// The one company of its tickets (R2).
    pub company: FiscalCode,
    /// Its tickets, never none (R1).
    pub tickets: Vec<TicketCode>,
    /// Where and when.
    pub slot: Slot,
    /// As stored; see [`Appointment::stage`].
    pub state: AppointmentState,
    /// What the studio added.
    pub content: Content,
    /// Which wish was granted, from 0: of the booking, or of the last change of slot.
    pub granted: u16,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
    /// What the sede said since, oldest first.
    pub communications: Vec<Communication>,
    /// What the studio changed since, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<StudioEdit>,
}

/// What is stored. That an appointment has passed is derived, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AppointmentState {
    /// R12: it stands, unless the sede says otherwise.
    Confirmed,
    /// *Chiuso e definito*, by the sede.
    Resolved {
        /// When.
        at: DateTime<Utc>,
    },
    /// Cancelled.
    Cancelled {
        /// By whom.
        by: Party,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Where an appointment stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// *Confermato*, and its end has not passed: live (R5).
    Confirmed,
    /// *Trascorso*: its end has passed.
    Past,
    /// *Chiuso e definito*.
    Resolved,
    /// Cancelled by this side.
    Cancelled(Party),
}

/// Why something can't be done to an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LifeRefusal {
    /// R14: it has begun.
    #[error("R14: the appointment has begun")]
    Begun,
    /// It is resolved or cancelled, or its end has passed.
    #[error("the appointment is not live")]
    NotLive,
}

impl Appointment {
    /// Where it stands at `now`.
    pub fn stage(&self, now: Now) -> Stage {
        match self.state {
            AppointmentState::Confirmed if now.instant() < self.slot.end.instant() => Stage::Confirmed,
            AppointmentState::Confirmed => Stage::Past,
            AppointmentState::Resolved { .. } => Stage::Resolved,
            AppointmentState::Cancelled { by, .. } => Stage::Cancelled(by),
        }
    }

    /// What came of the studio's change that stands at `edit`: the slot and the content from then on, until something else
    /// changed them.
    pub fn after(&self, edit: usize) -> Option<(&Slot, &Content)> {
        let made = self.edits.get(edit)?;
        let later = self.edits.get(edit + 1..).unwrap_or_default();
        let by_studio = later
            .iter()
            .find_map(|next| next.slot.as_ref().map(|slot| (next.at, slot)));
        let by_sede = self
            .communications
            .iter()
            .filter(|said| said.at > made.at)
            .find_map(|said| match &said.change {
                Change::Rescheduled { before, .. } | Change::Relocated { before, .. } => Some((said.at, before)),
                _ => None,
            });
        let slot = match (by_studio, by_sede) {
            (Some((at, slot)), Some((said_at, _))) if at <= said_at => slot,
            (_, Some((_, slot))) | (Some((_, slot)), None) => slot,
            (None, None) => &self.slot,
        };
        let content = later.iter().find_map(|next| next.content.as_ref());
        Some((slot, content.unwrap_or(&self.content)))
    }

    /// R5: the moment until which it keeps its tickets from another booking, if it does.
    pub fn carries_until(&self) -> Option<DateTime<Utc>> {
        (self.state == AppointmentState::Confirmed).then(|| self.slot.end.instant())
    }

    /// R14: that the studio may change or cancel it.
    ///
    /// # Errors
    /// [`LifeRefusal::Begun`] from its first moment on, [`LifeRefusal::NotLive`] when it is not live.
    pub fn is_the_studio_s(&self, now: Now) -> Result<(), LifeRefusal> {
        self.live(now)?;
        if now.instant() >= self.slot.start.instant() {
            return Err(LifeRefusal::Begun);
        }
        Ok(())
    }

    /// R17: makes a change that the rules grant; what stood before is kept. Nothing is kept of one that changes nothing.
    ///
    /// # Errors
    /// As [`Appointment::is_the_studio_s`].
    pub fn change_by_studio(&mut self, change: GrantedChange, now: Now) -> Result<(), LifeRefusal> {
        self.is_the_studio_s(now)?;
        let content = (change.content != self.content).then(|| std::mem::replace(&mut self.content, change.content));
        let slot = change.moved.map(|(wish, slot)| {
            self.granted = u16::try_from(wish).unwrap_or(u16::MAX);
            std::mem::replace(&mut self.slot, slot)
        });
        if content.is_some() || slot.is_some() {
            let at = now.instant();
            self.edits.push(StudioEdit { at, content, slot });
        }
        Ok(())
    }

    /// R14: cancels it for the studio.
    ///
    /// # Errors
    /// As [`Appointment::is_the_studio_s`].
    pub fn cancel_by_studio(&mut self, now: Now) -> Result<(), LifeRefusal> {
        self.is_the_studio_s(now)?;
        self.state = AppointmentState::Cancelled {
            by: Party::Studio,
            at: now.instant(),
        };
        Ok(())
    }

    /// R13: takes what the sede says.
    ///
    /// # Errors
    /// [`LifeRefusal::NotLive`] for a change of an appointment that is not live. Words that change nothing are always
    /// taken.
    pub fn hear(&mut self, id: CommunicationId, change: SedeChange, text: String, now: Now) -> Result<(), LifeRefusal> {
        if !matches!(change, SedeChange::Say { .. }) {
            self.live(now)?;
        }
        let change = match change {
            SedeChange::Resolve => {
                self.state = AppointmentState::Resolved { at: now.instant() };
                Change::Resolved
            }
            SedeChange::Cancel => {
                self.state = AppointmentState::Cancelled {
                    by: Party::Sede,
                    at: now.instant(),
                };
                Change::Cancelled
            }
            SedeChange::MoveTo { slot: after } => {
                let before = std::mem::replace(&mut self.slot, after.clone());
                if before.point == after.point {
                    Change::Rescheduled { before, after }
                } else {
                    Change::Relocated { before, after }
                }
            }
            SedeChange::Say { label } => Change::Other {
                label,
                before: None,
                after: None,
            },
        };
        self.communications.push(Communication {
            id,
            at: now.instant(),
            change,
            text,
            acknowledged_at: None,
        });
        Ok(())
    }

    /// R13: the studio has read a communication; the first time counts. Returns whether there is such a one.
    pub fn acknowledge(&mut self, id: CommunicationId, now: Now) -> bool {
        self.communications
            .iter_mut()
            .find(|communication| communication.id == id)
            .map(|communication| communication.acknowledged_at.get_or_insert(now.instant()))
            .is_some()
    }

    fn live(&self, now: Now) -> Result<(), LifeRefusal> {
        if self.stage(now) == Stage::Confirmed {
            Ok(())
        } else {
            Err(LifeRefusal::NotLive)
        }
    }
}

/// R13: what the sede does to an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SedeChange {
    /// Solved, no need to come.
    Resolve,
    /// Moved: another time, another point, or both.
    MoveTo {
        /// The new slot.
        slot: Slot,
    },
    /// Cancelled.
    Cancel,
    /// Something else in words.
    Say {
        /// Its kind, as the sede names it.
        label: String,
    },
}
