//! What the tests start from.

use std::fmt::Debug;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use domain::attachment::{Attachment, FileKind, FileName};
use domain::availability::Taken;
use domain::code::{
    AppointmentId, CommunicationId, ContentHash, DecisionId, FiscalCode, Matricola, PointCode, SedeCode, TicketCode,
    TopicCode,
};
use domain::content::{Contact, Content};
use domain::eligibility::Standing;
use domain::point::{Closure, ConsultationPoint, DayPart, OpeningHours, SlotLength};
use domain::slot::Slot;
use domain::ticket::{Outcome, ReplyAssessment, TicketStatus};
use domain::time::{Civil, Now, TimeOfDay, resolve};
use domain::topic::WaitingThreshold;
use proptest::prelude::*;
use uuid::Uuid;

/// Any value that is parsed from text.
pub(crate) fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    parsed(text)
}

pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    parsed(text)
}

/// The instant at which clocks at the sede show `text`, `2026-07-07T00:00:00`.
pub(crate) fn clock(text: &str) -> DateTime<Utc> {
    resolve(parsed::<NaiveDateTime>(text))
}

pub(crate) fn now(text: &str) -> Now {
    Now::at(clock(text))
}

pub(crate) fn ticket(text: &str) -> TicketCode {
    parsed(text)
}

pub(crate) fn point_code(text: &str) -> PointCode {
    parsed(text)
}

pub(crate) fn sede(text: &str) -> SedeCode {
    parsed(text)
}

pub(crate) fn topic(text: &str) -> TopicCode {
    parsed(text)
}

pub(crate) fn company() -> FiscalCode {
    parsed("01234567890")
}

pub(crate) fn other_company() -> FiscalCode {
    parsed("09876543210")
}

pub(crate) fn position(last_digit: u8) -> Matricola {
    parsed(&format!("460123456{last_digit}"))
}

pub(crate) fn communication_id(n: u128) -> CommunicationId {
    CommunicationId::new(Uuid::from_u128(n))
}

pub(crate) fn appointment_id(n: u128) -> AppointmentId {
    AppointmentId::new(Uuid::from_u128(n))
}

pub(crate) fn decision_id(n: u128) -> DecisionId {
    DecisionId::new(Uuid::from_u128(n))
}

pub(crate) const fn closed(outcome: Outcome, assessment: ReplyAssessment) -> TicketStatus {
    TicketStatus::Closed {
        outcome,
        at: DateTime::UNIX_EPOCH,
        assessment,
    }
}

/// Open since `since`, five days, a point, nothing in the way.
pub(crate) fn open_since(since: &str) -> Standing {
    Standing {
        status: TicketStatus::Open,
        counts_from: day(since),
        threshold: WaitingThreshold::default(),
        withdrawn: false,
        has_point: true,
        carried_until: None,
    }
}

pub(crate) fn time(text: &str) -> TimeOfDay {
    parsed(text)
}

pub(crate) fn part(from: &str, to: &str) -> DayPart {
    DayPart::new(time(from), time(to)).unwrap()
}

pub(crate) fn weekly(weekday: Weekday, from: &str, to: &str) -> OpeningHours {
    OpeningHours {
        weekday,
        part: part(from, to),
        valid_from: None,
        valid_until: None,
    }
}

/// Lucca, Piazza dei Martiri: Tuesday 13:30–17:30 and Thursday 9:00–12:00 (S0); half an hour, one desk, eight weeks.
pub(crate) fn lucca() -> ConsultationPoint {
    ConsultationPoint {
        code: point_code("LU-AZIENDE"),
        sede: sede("LU"),
        name: "Punto aziende".into(),
        place: "Piazza dei Martiri, Lucca".into(),
        topics: vec![topic("DEN-UNI"), topic("DEN-VAR")],
        slot_length: SlotLength::from_minutes(30).unwrap(),
        desks: 1,
        horizon_days: 56,
        hours: vec![
            weekly(Weekday::Tue, "13:30", "17:30"),
            weekly(Weekday::Thu, "09:00", "12:00"),
        ],
        closures: Vec::new(),
    }
}

/// Lucca, with only these hours, every day of the week.
pub(crate) fn open_daily(hours: &[(&str, &str)]) -> ConsultationPoint {
    let mut point = lucca();
    point.hours = (0..7)
        .flat_map(|n| {
            hours
                .iter()
                .map(move |(from, to)| weekly(Weekday::try_from(n).unwrap(), from, to))
        })
        .collect();
    point
}

pub(crate) fn closure(from: &str, until: &str, part: Option<DayPart>, reason: &str) -> Closure {
    Closure {
        from: day(from),
        until: day(until),
        part,
        reason: reason.into(),
    }
}

/// A slot of Lucca from `start` for `minutes`.
pub(crate) fn slot(start: &str, minutes: i64) -> Slot {
    slot_at(clock(start), minutes)
}

pub(crate) fn slot_at(start: DateTime<Utc>, minutes: i64) -> Slot {
    Slot {
        point: point_code("LU-AZIENDE"),
        start: Civil::at(start),
        end: Civil::at(start + TimeDelta::minutes(minutes)),
    }
}

pub(crate) fn taken(start: &str, minutes: i64, count: u16) -> Taken {
    let start = clock(start);
    Taken {
        start,
        end: start + TimeDelta::minutes(minutes),
        count,
    }
}

pub(crate) fn file(bytes: u64) -> Attachment {
    Attachment {
        hash: ContentHash::of(b"%PDF-1.7"),
        name: FileName::sanitised("delega.pdf"),
        kind: FileKind::Pdf,
        bytes,
    }
}

/// What every sede takes.
pub(crate) fn content() -> Content {
    Content {
        notes: "Porto il modello.".into(),
        contact: Contact {
            phone: "0583 123456".into(),
            email: String::new(),
        },
        attachments: Vec::new(),
    }
}

/// How long the clocks' day is, and each of its slots, as people read it: `09:30+02:00`.
pub(crate) fn starts(slots: &[Slot]) -> Vec<String> {
    slots
        .iter()
        .map(|slot| {
            slot.start.to_string()[11..]
                .replace(":00+", "+")
                .replace("[Europe/Rome]", "")
        })
        .collect()
}

prop_compose! {
    /// A day of the years 2020 to 2040, often one on which clocks change or the day after February ends.
    pub(crate) fn any_day()(
        year in 2020i32..2040,
        ordinal in 0u32..365,
        special in proptest::option::weighted(0.4, 0usize..6),
    ) -> NaiveDate {
        let last_sunday = |month| {
            (25..=31)
                .filter_map(|n| NaiveDate::from_ymd_opt(year, month, n))
                .find(|day| chrono::Datelike::weekday(day) == Weekday::Sun)
                .unwrap()
        };
        match special {
            Some(0) => last_sunday(3),
            Some(1) => last_sunday(10),
            Some(2) => NaiveDate::from_ymd_opt(year, 3, 1).unwrap().pred_opt().unwrap(),
            Some(3) => NaiveDate::from_ymd_opt(year, 12, 31).unwrap(),
            Some(4) => last_sunday(3).pred_opt().unwrap(),
            Some(_) => last_sunday(10).succ_opt().unwrap(),
            None => NaiveDate::from_yo_opt(year, ordinal + 1).unwrap(),
        }
    }
}

prop_compose! {
    /// A second of one of those days.
    pub(crate) fn any_instant()(day in any_day(), second in 0i64..86_400) -> DateTime<Utc> {
        day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::seconds(second)
    }
}

prop_compose! {
    /// Hours of whole five minutes.
    pub(crate) fn any_part()(a in 0u16..288, b in 0u16..288) -> DayPart {
        let at = |n: u16| TimeOfDay::from_minutes(n * 5).unwrap();
        DayPart::new(at(a.min(b)), at(a.max(b) + 1)).unwrap()
    }
}

prop_compose! {
    /// A point with any grid, hours that may overlap, and closures about the years of [`any_day`].
    pub(crate) fn any_point()(
        hours in proptest::collection::vec((0u8..7, any_part()), 1..8),
        closures in proptest::collection::vec((any_day(), 0u64..3, proptest::option::of(any_part())), 0..4),
        length in prop_oneof![Just(5u16), Just(15), Just(20), Just(30), Just(45), Just(60), Just(95), 5u16..=480],
        desks in 0u16..5,
        horizon_days in 0u16..90,
    ) -> ConsultationPoint {
        ConsultationPoint {
            slot_length: SlotLength::from_minutes(length).unwrap(),
            desks,
            horizon_days,
            hours: hours
                .into_iter()
                .map(|(weekday, part)| OpeningHours {
                    weekday: Weekday::try_from(weekday).unwrap(),
                    part,
                    valid_from: None,
                    valid_until: None,
                })
                .collect(),
            closures: closures
                .into_iter()
                .map(|(from, days, part)| Closure {
                    from,
                    until: from + chrono::Days::new(days),
                    part,
                    reason: "Chiuso".into(),
                })
                .collect(),
            ..lucca()
        }
    }
}

pub(crate) fn any_status() -> impl Strategy<Value = TicketStatus> {
    prop_oneof![
        Just(TicketStatus::Open),
        Just(TicketStatus::InProgress),
        (
            prop_oneof![Just(Outcome::Ok), Just(Outcome::Ko)],
            prop_oneof![
                Just(ReplyAssessment::Unassessed),
                Just(ReplyAssessment::Satisfactory),
                Just(ReplyAssessment::Unsatisfactory)
            ]
        )
            .prop_map(|(outcome, assessment)| closed(outcome, assessment)),
    ]
}

prop_compose! {
    /// Any standing about the years of [`any_day`].
    pub(crate) fn any_standing()(
        status in any_status(),
        counts_from in any_day(),
        threshold in prop_oneof![Just(5u16), 0u16..40],
        withdrawn in proptest::bool::weighted(0.1),
        has_point in proptest::bool::weighted(0.9),
        carried in proptest::option::of(-2_000_000i64..2_000_000),
    ) -> Standing {
        Standing {
            status,
            counts_from,
            threshold: WaitingThreshold(threshold),
            withdrawn,
            has_point,
            carried_until: carried
                .map(|seconds| domain::time::midnight(counts_from) + TimeDelta::seconds(seconds)),
        }
    }
}
