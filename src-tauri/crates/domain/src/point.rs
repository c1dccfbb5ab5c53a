//! Consultation points: where a sede answers, about what, and when.

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::code::{PointCode, SedeCode, TopicCode};
use crate::time::TimeOfDay;

/// An INPS office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sede {
    /// Its identity.
    pub code: SedeCode,
    /// Its name, `Lucca`.
    pub name: String,
}

/// *Punto di consulenza*: the desk of a sede that answers some topics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsultationPoint {
    /// Its identity.
    pub code: PointCode,
    /// The sede it belongs to.
    pub sede: SedeCode,
    /// Its name.
    pub name: String,
    /// Building, street and town.
    pub place: String,
    /// The topics it answers (R8).
    pub topics: Vec<TopicCode>,
    /// How long a slot is.
    pub slot_length: SlotLength,
    /// How many appointments a slot takes (R11).
    pub desks: u16,
    /// How many days ahead of today it can be booked.
    pub horizon_days: u16,
    /// When it opens, week by week.
    pub hours: Vec<OpeningHours>,
    /// When it does not, all the same.
    pub closures: Vec<Closure>,
}

/// Length of a slot in minutes, 5 to 480.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u16))]
#[serde(try_from = "u16", into = "u16")]
pub struct SlotLength(u16);

impl SlotLength {
    /// The shortest.
    pub const SHORTEST: Self = Self(5);

    /// Nothing for a length that no desk works with.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes >= 5 && minutes <= 480 {
            Some(Self(minutes))
        } else {
            None
        }
    }

    /// Minutes.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

/// What can't be a point's hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedHours {
    /// A slot is 5 to 480 minutes long.
    #[error("a slot is 5 to 480 minutes long")]
    SlotLength,
    /// The end is not after the beginning.
    #[error("opening hours end after they begin, on the same day")]
    Backwards,
}

impl TryFrom<u16> for SlotLength {
    type Error = MalformedHours;

    fn try_from(minutes: u16) -> Result<Self, MalformedHours> {
        Self::from_minutes(minutes).ok_or(MalformedHours::SlotLength)
    }
}

impl From<SlotLength> for u16 {
    fn from(length: SlotLength) -> u16 {
        length.0
    }
}

/// A part of a day. It ends at midnight at the latest: a desk open across midnight has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "RawDayPart", into = "RawDayPart")]
pub struct DayPart {
    from: TimeOfDay,
    to: TimeOfDay,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct RawDayPart {
    from: TimeOfDay,
    to: TimeOfDay,
}

impl DayPart {
    /// From `from` up to, and without, `to`.
    ///
    /// # Errors
    /// [`MalformedHours::Backwards`] when nothing lies between them.
    pub fn new(from: TimeOfDay, to: TimeOfDay) -> Result<Self, MalformedHours> {
        if from < to {
            Ok(Self { from, to })
        } else {
            Err(MalformedHours::Backwards)
        }
    }

    /// Its beginning.
    pub const fn from(self) -> TimeOfDay {
        self.from
    }

    /// Its end.
    pub const fn to(self) -> TimeOfDay {
        self.to
    }
}

impl TryFrom<RawDayPart> for DayPart {
    type Error = MalformedHours;

    fn try_from(raw: RawDayPart) -> Result<Self, MalformedHours> {
        Self::new(raw.from, raw.to)
    }
}

impl From<DayPart> for RawDayPart {
    fn from(part: DayPart) -> Self {
        Self {
            from: part.from,
            to: part.to,
        }
    }
}

/// Weekly opening hours, while they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningHours {
    /// The day of the week.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "Tue"))]
    pub weekday: Weekday,
    /// The part of that day.
    pub part: DayPart,
    /// First day on which they hold, where one is set.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which they hold, where one is set.
    pub valid_until: Option<NaiveDate>,
}

impl OpeningHours {
    /// Whether they hold on `day`, a day of their weekday or not.
    pub fn hold_on(&self, day: NaiveDate) -> bool {
        use chrono::Datelike;
        day.weekday() == self.weekday
            && self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day <= until)
    }
}

/// Days, or a part of each of them, on which the point stays closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Closure {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// The part of each day; nothing means the whole day.
    pub part: Option<DayPart>,
    /// Why, in the sede's words.
    pub reason: String,
}

impl Closure {
    /// Whether it concerns `day`.
    pub fn concerns(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }
}
