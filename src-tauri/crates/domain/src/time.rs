//! Instants, civil days and clock times in the sede's zone.
//!
//! What happened is an instant in UTC. What will happen (slots, hours) is civil time with its offset. Civil days are
//! those of Europe/Rome, with the zone data inside the program.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Days, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, SubsecRound, TimeDelta,
    TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::code::MalformedCode;

/// The zone of every sede.
pub const SEDE_ZONE: Tz = chrono_tz::Europe::Rome;

/// An instant together with the civil day on which it falls at the sede: what "today" means to the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now {
    instant: DateTime<Utc>,
    today: NaiveDate,
}

impl Now {
    /// `instant`, seen at the sede.
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self {
            instant,
            today: civil_day(instant),
        }
    }

    /// The instant.
    pub const fn instant(self) -> DateTime<Utc> {
        self.instant
    }

    /// The civil day at the sede.
    pub const fn today(self) -> NaiveDate {
        self.today
    }
}

/// The civil day at the sede on which `instant` falls; the last that can be written down where there is none.
pub fn civil_day(instant: DateTime<Utc>) -> NaiveDate {
    let utc = instant.naive_utc();
    let offset = SEDE_ZONE.offset_from_utc_datetime(&utc).fix();
    utc.checked_add_offset(offset)
        .map_or(NaiveDate::MAX, |local| local.date())
}

/// The first instant of a civil day at the sede.
pub fn midnight(day: NaiveDate) -> DateTime<Utc> {
    resolve(day.and_time(NaiveTime::MIN))
}

/// The instant at which clocks at the sede show `local`.
///
/// A time that clocks skip (last Sunday of March) is the moment of the change; one that they show twice (last Sunday of
/// October) is the first of the two. So the order of local times is kept.
pub fn resolve(local: NaiveDateTime) -> DateTime<Utc> {
    match SEDE_ZONE.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => (1..=i64::from(TimeOfDay::DAY_MINUTES))
            .find_map(|minutes| {
                SEDE_ZONE
                    .from_local_datetime(&(local + TimeDelta::minutes(minutes)))
                    .earliest()
            })
            .and_then(|after| {
                let seconds = after.timestamp();
                DateTime::from_timestamp(seconds - seconds.rem_euclid(60), 0)
            })
            .unwrap_or(local.and_utc()),
    }
}

/// A moment as clocks at the sede show it, in whole seconds, with the offset that they had: how slots and hours are
/// written. Two are equal when they mean the same instant.
///
/// Text form: `2026-11-26T09:30:00+01:00[Europe/Rome]` (RFC 9557). The offset decides which instant is meant, so that a
/// program with older zone data still means the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "2026-11-24T13:30:00+01:00[Europe/Rome]"))]
#[serde(try_from = "String", into = "String")]
pub struct Civil(DateTime<FixedOffset>);

impl Civil {
    /// `instant` as clocks at the sede show it, without its fraction of a second.
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self(instant.trunc_subsecs(0).with_timezone(&SEDE_ZONE).fixed_offset())
    }

    /// The instant.
    pub fn instant(self) -> DateTime<Utc> {
        self.0.to_utc()
    }

    /// The day on the sede's calendar.
    pub fn date(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// The time on the sede's clocks.
    pub fn time(self) -> NaiveTime {
        self.0.time()
    }
}

impl fmt::Display for Civil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.0.format("%Y-%m-%dT%H:%M:%S%:z"), SEDE_ZONE.name())
    }
}

impl FromStr for Civil {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        let malformed = MalformedCode { kind: "Civil" };
        let (time, zone) = text.split_once('[').ok_or_else(|| malformed.clone())?;
        if zone.strip_suffix(']') != Some(SEDE_ZONE.name()) {
            return Err(malformed);
        }
        DateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%:z")
            .map(Self)
            .map_err(|_| malformed)
    }
}

impl TryFrom<String> for Civil {
    type Error = MalformedCode;

    fn try_from(text: String) -> Result<Self, MalformedCode> {
        text.parse()
    }
}

impl From<Civil> for String {
    fn from(civil: Civil) -> String {
        civil.to_string()
    }
}

/// A time of day in whole minutes, `00:00` to `24:00`. The last one is the midnight that ends the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "13:30"))]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Minutes of a whole day.
    pub const DAY_MINUTES: u16 = 24 * 60;

    /// `hour:minute`; nothing for what no clock shows, but for `24:00`.
    pub const fn new(hour: u16, minute: u16) -> Option<Self> {
        if minute < 60 && hour <= 24 {
            Self::from_minutes(hour * 60 + minute)
        } else {
            None
        }
    }

    /// Minutes since midnight, at most a whole day.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes <= Self::DAY_MINUTES {
            Some(Self(minutes))
        } else {
            None
        }
    }

    /// Minutes since midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// This time on `day`, as clocks show it; `24:00` is the next day's `00:00`.
    pub fn on(self, day: NaiveDate) -> NaiveDateTime {
        day.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.0))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        let two_digits = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
        };
        text.split_once(':')
            .and_then(|(hour, minute)| Self::new(two_digits(hour)?, two_digits(minute)?))
            .ok_or(MalformedCode { kind: "TimeOfDay" })
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = MalformedCode;

    fn try_from(text: String) -> Result<Self, MalformedCode> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

/// `day` and `count` days more; the last day that can be written down where there is none.
pub(crate) fn days_after(day: NaiveDate, count: u64) -> NaiveDate {
    day.checked_add_days(Days::new(count)).unwrap_or(NaiveDate::MAX)
}
