//! The clock of the training sede: the computer's, or one that begins where a training day should.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use store::{Clock, SystemClock};

/// Variable that names the moment (RFC 3339) at which a training day begins. It moves the training sede's clock and
/// nothing else: a real sede has its own.
pub const CLOCK_VARIABLE: &str = "AGENDA_SEDE_TRAINING_NOW";

/// A clock that showed `began` when the program started, and has run since.
#[derive(Debug)]
struct TrainingDay {
    began: DateTime<Utc>,
    started: Instant,
}

impl Clock for TrainingDay {
    fn now(&self) -> DateTime<Utc> {
        self.began + TimeDelta::from_std(self.started.elapsed()).unwrap_or_default()
    }
}

/// The clock that the variable asks for; the computer's where it asks for none, or for no moment that there is.
pub fn training_clock() -> Arc<dyn Clock> {
    let asked = std::env::var(CLOCK_VARIABLE).ok().filter(|text| !text.is_empty());
    match asked.as_deref().map(DateTime::parse_from_rfc3339) {
        Some(Ok(began)) => Arc::new(TrainingDay {
            began: began.to_utc(),
            started: Instant::now(),
        }),
        Some(Err(_)) => {
            tracing::warn!("{CLOCK_VARIABLE} is no RFC 3339 moment: the computer's clock is used");
            Arc::new(SystemClock)
        }
        None => Arc::new(SystemClock),
    }
}
