//! What is written down: one JSON object a line, on the error stream. Codes, ids and times; no name, no note, no token.

use tracing_subscriber::EnvFilter;

/// Starts the log. `RUST_LOG` says how much; a second start changes nothing.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
