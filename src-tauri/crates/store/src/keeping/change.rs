//! What the sede changes of what is published and admitted: whether it may.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::code::AppointmentCode;
use domain::company::Delegation;

use crate::EndOutcome;

/// A live appointment of a point, with its beginning and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPlace {
    /// Which.
    pub appointment: AppointmentCode,
    /// From when to when it keeps a desk.
    pub interval: (DateTime<Utc>, DateTime<Utc>),
}

/// R11: the appointments of the moments at which more of `held` are there than `desks`. `held` comes, and they go, in the
/// order of their beginning.
pub fn crowded(held: &[HeldPlace], desks: u16) -> Vec<AppointmentCode> {
    let mut crowded = BTreeSet::new();
    let mut present: Vec<usize> = Vec::new();
    for (index, next) in held.iter().enumerate() {
        present.retain(|earlier| next.interval.0 < held[*earlier].interval.1);
        present.push(index);
        if present.len() > usize::from(desks) {
            crowded.extend(&present);
        }
    }
    crowded
        .into_iter()
        .map(|index: usize| held[index].appointment.clone())
        .collect()
}

/// R18: `delegation` with `last_day` as its last.
///
/// # Errors
/// The [`EndOutcome`] that is the answer without anything being changed; [`EndOutcome::Ended`] where it ends so already.
pub fn ended(delegation: &Delegation, last_day: NaiveDate) -> Result<Delegation, EndOutcome> {
    let Delegation { from, until, .. } = *delegation;
    match until {
        _ if last_day < from => Err(EndOutcome::NotBegunByThen { from }),
        Some(until) if until < last_day => Err(EndOutcome::EndsEarlier { until }),
        Some(until) if until == last_day => Err(EndOutcome::Ended),
        _ => Ok(Delegation {
            until: Some(last_day),
            ..delegation.clone()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appointments named by number, from one minute of the day to another.
    fn held(minutes: &[(i64, i64)]) -> Vec<HeldPlace> {
        let at = |minutes: i64| DateTime::from_timestamp(minutes * 60, 0).expect("an instant");
        minutes
            .iter()
            .enumerate()
            .map(|(index, (from, to))| HeldPlace {
                appointment: format!("LU-A-{index}").parse().expect("a code"),
                interval: (at(*from), at(*to)),
            })
            .collect()
    }

    fn named(crowded: &[AppointmentCode]) -> Vec<&str> {
        crowded.iter().map(AppointmentCode::as_str).collect()
    }

    #[test]
    fn those_who_come_when_others_go_are_not_a_crowd() {
        assert!(crowded(&held(&[(0, 30), (30, 60), (60, 90)]), 1).is_empty());
        assert!(crowded(&[], 0).is_empty());
    }

    #[test]
    fn an_appointment_of_an_older_grid_crowds_every_slot_that_it_touches() {
        let held = held(&[(0, 60), (0, 30), (30, 60), (60, 90)]);
        assert_eq!(named(&crowded(&held, 1)), ["LU-A-0", "LU-A-1", "LU-A-2"]);
        assert!(crowded(&held, 2).is_empty());
        assert_eq!(crowded(&held, 0).len(), 4, "without a desk, whoever comes is too many");
    }

    #[test]
    fn an_end_is_no_renewal() {
        let day = |day: &str| day.parse::<NaiveDate>().expect("a day");
        let delegation = |until: Option<&str>| Delegation {
            position: "4600000001".parse().expect("a matricola"),
            from: day("2026-03-01"),
            until: until.map(day),
        };
        let end = |until: Option<&str>, last: &str| ended(&delegation(until), day(last)).map(|ended| ended.until);
        assert_eq!(end(None, "2026-06-30"), Ok(Some(day("2026-06-30"))));
        assert_eq!(
            end(Some("2026-12-31"), "2026-06-30"),
            Ok(Some(day("2026-06-30"))),
            "earlier than was said"
        );
        assert_eq!(
            end(None, "2026-03-01"),
            Ok(Some(day("2026-03-01"))),
            "its first day may be its last"
        );
        let from = day("2026-03-01");
        assert_eq!(end(None, "2026-02-28"), Err(EndOutcome::NotBegunByThen { from }));
        assert_eq!(end(Some("2026-06-30"), "2026-06-30"), Err(EndOutcome::Ended));
        let until = day("2026-06-30");
        assert_eq!(
            end(Some("2026-06-30"), "2026-07-01"),
            Err(EndOutcome::EndsEarlier { until })
        );
    }
}
