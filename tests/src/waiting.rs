//! Waiting until something is so. Nothing here waits for a time to pass: only for a fact, and not for ever.

use std::time::{Duration, Instant};

/// How long anything may take on a slow, shared computer before a test says that it never came.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Looks again and again until `look` finds something.
///
/// # Panics
/// With `what` when it never came.
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look)
}

/// Like [`until`], with another limit.
///
/// # Panics
/// With `what` when it never came.
#[track_caller]
pub fn until_within<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            started.elapsed() < limit,
            "waited {} s in vain: {what}",
            limit.as_secs()
        );
        // Between two looks the processor is left to what is being waited for.
        std::thread::park_timeout(Duration::from_millis(20));
    }
}
