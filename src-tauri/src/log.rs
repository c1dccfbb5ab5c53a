//! The log: one file a day, a week of them. It holds codes, ids and times; no names, no notes.

use std::path::Path;

use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const DAYS_KEPT: usize = 7;

/// Variable that says how much is logged, as `tracing` writes it; warnings and what matters of our own without it.
const FILTER_VARIABLE: &str = "AGENDA_SEDE_LOG";

const USUAL_FILTER: &str = "warn,agenda_sede=info,studio=info,sync=info,cache=info,store_sqlite=info";

/// Begins to log into `folder`.
///
/// # Errors
/// When the folder or the file can't be made. The program works without.
pub(crate) fn begin(folder: &Path) -> Result<(), InitError> {
    // The appender complains aloud where it finds no folder, before it makes one.
    let _ = std::fs::create_dir_all(folder);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("agenda-sede")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder)?;
    let filter = EnvFilter::try_from_env(FILTER_VARIABLE).unwrap_or_else(|_| EnvFilter::new(USUAL_FILTER));
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(file);
    // A subscriber that is there already is a test's own.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
    Ok(())
}
