//! The clock of this computer, beside one that nobody can set: whoever sets the first moves the days that the rules count.

use std::time::{Duration, Instant, SystemTime};

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How often they are compared.
const LOOK: Duration = Duration::from_secs(30);

/// What a time service corrects little by little is no jump.
const TOLERATED: TimeDelta = TimeDelta::seconds(5);

/// Both clocks at one moment.
#[derive(Debug, Clone, Copy)]
struct Moment {
    set: SystemTime,
    counted: Instant,
}

impl Moment {
    fn now() -> Self {
        Self {
            set: SystemTime::now(),
            counted: Instant::now(),
        }
    }

    /// How far the clock that can be set was moved between `before` and this; nothing where that is tolerated.
    fn jump_since(self, before: Self) -> Option<TimeDelta> {
        let passed = TimeDelta::from_std(self.counted.saturating_duration_since(before.counted)).ok()?;
        let shown = match self.set.duration_since(before.set) {
            Ok(forward) => TimeDelta::from_std(forward).ok()?,
            Err(back) => -TimeDelta::from_std(back.duration()).ok()?,
        };
        let jump = shown - passed;
        (jump.abs() > TOLERATED).then_some(jump)
    }
}

/// Says so in the log when the clock of this computer jumps: it was set, or the computer slept.
pub(super) async fn watch(stop: CancellationToken) {
    let mut before = Moment::now();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(LOOK) => {}
        }
        let now = Moment::now();
        if let Some(jump) = now.jump_since(before) {
            tracing::warn!(seconds = jump.num_seconds(), "the clock of this computer jumped");
        }
        before = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(by: Duration, set_by: i64) -> Option<TimeDelta> {
        let before = Moment::now();
        let set = before.set + by;
        let moved = Duration::from_secs(set_by.unsigned_abs());
        let now = Moment {
            set: if set_by < 0 { set - moved } else { set + moved },
            counted: before.counted + by,
        };
        now.jump_since(before)
    }

    #[test]
    fn a_clock_that_was_set_jumps_and_one_that_goes_does_not() {
        let minute = Duration::from_secs(60);
        assert_eq!(later(minute, 0), None);
        assert_eq!(later(minute, 4), None);
        assert_eq!(later(minute, 3_600), Some(TimeDelta::hours(1)));
        assert_eq!(later(minute, -7_200), Some(TimeDelta::hours(-2)));
        assert_eq!(later(Duration::ZERO, -86_400), Some(TimeDelta::days(-1)));
    }
}
