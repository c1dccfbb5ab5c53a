//! R14, R17: what a studio changes of an appointment that is booked: what it added, and the slot.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::appointment::Appointment;
use crate::attachment::Attachment;
use crate::booking::{Refusal, Surroundings, check_company, check_point, granted};
use crate::communication::Change;
use crate::content::{Contact, Content, breaches};
use crate::slot::Slot;
use crate::time::Now;
use crate::wish::{Wish, ranked};

/// What a studio wants different. Each field on its own: what is absent stays, so that two who change different fields at
/// the same time both get what they want.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StudioChange {
    /// Brief notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Whom to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The files, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// Ranked wishes for a slot of its point, where it shall be moved. The slot that it has can be one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// What stood there when the person decided. Where one of the fields that shall change is another by now, nothing is
    /// changed: see [`StudioChange::is_overtaken`]. Without it, the change is made whatever stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Box<Seen>>,
}

/// An appointment as a person had it before their eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seen {
    /// What the studio had added.
    pub content: Content,
    /// Its slot.
    pub slot: Slot,
}

/// A change that was made: what stood before (R15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StudioEdit {
    /// When.
    pub at: DateTime<Utc>,
    /// What the studio had added, where that is different now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Its slot, where that is another now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
}

/// A change that the rules grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedChange {
    /// What the studio has added, from then on.
    pub content: Content,
    /// By which wish (from 0) it is moved, and to which slot; nothing where it stays.
    pub moved: Option<(usize, Slot)>,
}

impl Seen {
    /// What `appointment` is now.
    pub fn of(appointment: &Appointment) -> Self {
        Self {
            content: appointment.content.clone(),
            slot: appointment.slot.clone(),
        }
    }

    /// `wanted`, which was written with this in view, where `now` stands meanwhile: what the person left as it was
    /// follows.
    pub fn merged(&self, wanted: &Content, now: &Content) -> Content {
        fn either<T: PartialEq + Clone>(seen: &T, wanted: &T, now: &T) -> T {
            if wanted == seen { now.clone() } else { wanted.clone() }
        }
        let seen = &self.content;
        Content {
            notes: either(&seen.notes, &wanted.notes, &now.notes),
            contact: either(&seen.contact, &wanted.contact, &now.contact),
            attachments: either(&seen.attachments, &wanted.attachments, &now.attachments),
        }
    }
}

impl StudioChange {
    /// What turns `seen` into `wanted`, with these wishes for its slot.
    pub fn from(seen: Seen, wanted: &Content, wishes: Vec<Wish>) -> Self {
        fn other<T: PartialEq + Clone>(before: &T, after: &T) -> Option<T> {
            (before != after).then(|| after.clone())
        }
        Self {
            notes: other(&seen.content.notes, &wanted.notes),
            contact: other(&seen.content.contact, &wanted.contact),
            attachments: other(&seen.content.attachments, &wanted.attachments),
            wishes,
            seen: Some(Box::new(seen)),
        }
    }

    /// Whether it shall be moved.
    pub fn moves(&self) -> bool {
        self.wishes.iter().any(Wish::asks)
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.notes.is_none() && self.contact.is_none() && self.attachments.is_none() && !self.moves()
    }

    /// Whether somebody else changed a field that it changes too, since it was decided: the sede the slot (R13), or a
    /// colleague any. What both want the same is no quarrel.
    pub fn is_overtaken(&self, appointment: &Appointment) -> bool {
        fn quarrel<T: PartialEq>(wanted: Option<&T>, seen: &T, now: &T) -> bool {
            wanted.is_some_and(|wanted| seen != now && wanted != now)
        }
        self.seen.as_ref().is_some_and(|seen| {
            let (before, now) = (&seen.content, &appointment.content);
            quarrel(self.notes.as_ref(), &before.notes, &now.notes)
                || quarrel(self.contact.as_ref(), &before.contact, &now.contact)
                || quarrel(self.attachments.as_ref(), &before.attachments, &now.attachments)
                || (self.moves() && seen.slot != appointment.slot)
        })
    }

    /// `before` with what is changed of it.
    pub fn of(&self, before: &Content) -> Content {
        Content {
            notes: self.notes.as_ref().unwrap_or(&before.notes).clone(),
            contact: self.contact.as_ref().unwrap_or(&before.contact).clone(),
            attachments: self.attachments.as_ref().unwrap_or(&before.attachments).clone(),
        }
    }
}

/// R17: what is granted of `change`, at one moment. R2 and R6 to R11 hold as for a booking; R3 and R4 do not: the tickets
/// were bookable when they were booked. Where the sede itself moved it to another point (R13), it may stay there (R8).
///
/// What is held at the point is `around.taken` without the appointment's own place.
///
/// # Errors
/// The first [`Refusal`], in the order of the rules.
pub fn decide(
    change: &StudioChange,
    appointment: &Appointment,
    around: &Surroundings<'_>,
    now: Now,
) -> Result<GrantedChange, Refusal> {
    debug_assert_eq!(
        appointment.slot.point, around.point.code,
        "what is held elsewhere says nothing"
    );
    check_company(around.tickets, around.delegations, now)?;
    let moves = change.moves();
    if moves && !sent_elsewhere(appointment) {
        check_point(around.tickets, &around.point.code, around.routing)?;
    }
    if ranked(&change.wishes).is_none() {
        return Err(Refusal::BadWishes);
    }
    let content = change.of(&appointment.content);
    let breaches = breaches(&content, around.limits);
    if !breaches.is_empty() {
        return Err(Refusal::Content { breaches });
    }
    let moved = match moves {
        true => Some(granted(&change.wishes, around, now)?).filter(|(_, slot)| *slot != appointment.slot),
        false => None,
    };
    Ok(GrantedChange { content, moved })
}

/// R13: the sede has moved it to another point.
fn sent_elsewhere(appointment: &Appointment) -> bool {
    let mut said = appointment.communications.iter();
    said.any(|said| matches!(said.change, Change::Relocated { .. }))
}
