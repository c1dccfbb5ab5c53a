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
