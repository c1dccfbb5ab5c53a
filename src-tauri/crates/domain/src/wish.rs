//! Ranked wishes for a slot: exact ones and patterns, mixed and ordered.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::slot::Slot;
use crate::time::{Civil, Now, TimeOfDay, civil_day};

/// The most wishes that one booking carries, beside one that says what never suits.
pub const MOST_WISHES: usize = 10;

/// R9: how many of `wishes` ask for something; nothing where they can't be ranked, being too many.
pub(crate) fn ranked(wishes: &[Wish]) -> Option<usize> {
    let asked = wishes.iter().filter(|wish| wish.asks()).count();
    (asked <= MOST_WISHES && wishes.len() - asked <= 1).then_some(asked)
}

/// How many free slots are offered when every wish is taken.
pub const NEAREST_OFFERED: usize = 6;

/// What the studio would take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wish {
    /// The slot that begins at this moment.
    Slot {
        /// Its beginning.
        start: Civil,
    },
    /// The first slot that fits.
    Pattern(Pattern),
    /// Days that never suit, whatever the other wishes say. It has no rank: it stands where it likes among them.
    Never(Unsuitable),
}

/// "Never on a Friday, nor on 24 December."
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unsuitable {
    /// Days of the week.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["Fri"])))]
    pub weekdays: Vec<Weekday>,
    /// Days, at the sede.
    pub days: Vec<NaiveDate>,
}

impl Unsuitable {
    fn covers(&self, day: NaiveDate) -> bool {
        self.weekdays.contains(&day.weekday()) || self.days.contains(&day)
    }
}

/// Whether a day at the sede is none of those that never suit.
pub fn suits(wishes: &[Wish], day: NaiveDate) -> bool {
    !wishes
        .iter()
        .any(|wish| matches!(wish, Wish::Never(unsuitable) if unsuitable.covers(day)))
}

/// "Any Thursday morning until 15 December."
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pattern {
    /// Days of the week; none means any.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["Tue"])))]
    pub weekdays: Vec<Weekday>,
    /// Not before this time.
    pub from: Option<TimeOfDay>,
    /// Over by this time.
    pub to: Option<TimeOfDay>,
    /// Not after this day.
    pub until: Option<NaiveDate>,
}

impl Wish {
    /// Whether `slot` is what is wished for.
    pub fn accepts(&self, slot: &Slot) -> bool {
        match self {
            Self::Slot { start } => slot.start.instant() == start.instant(),
            Self::Pattern(pattern) => pattern.accepts(slot),
            Self::Never(_) => false,
        }
    }

    /// Whether a slot that meets it may still begin after `now`.
    pub fn is_ahead(&self, now: Now) -> bool {
        match self {
            Self::Slot { start } => now.instant() < start.instant(),
            Self::Pattern(pattern) => pattern.until.is_none_or(|until| now.today() <= until),
            Self::Never(_) => false,
        }
    }

    /// Whether it wishes for something, and does not only say what never suits.
    pub const fn asks(&self) -> bool {
        !matches!(self, Self::Never(_))
    }

    /// The day at the sede on which the one slot begins that it means; nothing for any other.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            // Whatever offset it was written with.
            Self::Slot { start } => Some(civil_day(start.instant())),
            Self::Pattern(_) | Self::Never(_) => None,
        }
    }
}

impl Pattern {
    fn accepts(&self, slot: &Slot) -> bool {
        let day = slot.start.date();
        (self.weekdays.is_empty() || self.weekdays.contains(&day.weekday()))
            && self
                .from
                .is_none_or(|from| from.on(day) <= day.and_time(slot.start.time()))
            && self
                .to
                .is_none_or(|to| slot.end.date().and_time(slot.end.time()) <= to.on(day))
            && self.until.is_none_or(|until| day <= until)
    }
}

/// What the wishes came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Granted {
    /// The first wish that could be met, and its soonest slot.
    Slot {
        /// Which wish, from 0.
        wish: usize,
        /// The slot.
        slot: Slot,
    },
    /// None could be met.
    AllTaken {
        /// The free slots nearest to the first wish for an exact slot, or the soonest where there is none; soonest first.
        nearest: Vec<Slot>,
    },
}

/// Grants the first wish that one of the `free` slots (soonest first) meets, on no day that never suits.
pub fn grant(wishes: &[Wish], free: &[Slot]) -> Granted {
    let free: Vec<&Slot> = free.iter().filter(|slot| suits(wishes, slot.start.date())).collect();
    wishes
        .iter()
        .enumerate()
        .find_map(|(wish, wanted)| {
            free.iter().find(|slot| wanted.accepts(slot)).map(|slot| Granted::Slot {
                wish,
                slot: (*slot).clone(),
            })
        })
        .unwrap_or_else(|| Granted::AllTaken {
            nearest: nearest(wishes, free),
        })
}

/// The free slots nearest in time to the first exact wish, or the soonest where there is none; soonest first.
fn nearest(wishes: &[Wish], mut near: Vec<&Slot>) -> Vec<Slot> {
    let wanted = wishes.iter().find_map(|wish| match wish {
        Wish::Slot { start } => Some(start.instant()),
        Wish::Pattern(_) | Wish::Never(_) => None,
    });
    if let Some(wanted) = wanted {
        near.sort_by_key(|slot| ((slot.start.instant() - wanted).abs(), slot.start));
    }
    near.truncate(NEAREST_OFFERED);
    near.sort_by_key(|slot| slot.start);
    near.into_iter().cloned().collect()
}
