//! `limits`.

use clap::{Args, Subcommand};
use domain::content::Limits;

use super::text::Table;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Limits on what studios add to their bookings (R9, R10), the same for all of them. The programs of the studios learn of new
limits when they next greet the server; what was booked before stays.

Examples:
  sede limits show
  sede limits set --files 5 --file-bytes 5242880
  sede limits set --studio-bytes 53687091200";

/// What is done about limits.
#[derive(Debug, Subcommand)]
pub enum LimitsVerb {
    /// Shows the limits in force.
    Show,
    /// Sets those that are named; the others stay.
    Set(SetArgs),
}

/// The arguments of `limits set`.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct SetArgs {
    /// Characters of the notes of one booking.
    #[arg(long, value_name = "CHARACTERS", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    notes: Option<u32>,
    /// Files of one booking.
    #[arg(long, value_name = "FILES", value_parser = clap::value_parser!(u32).range(0..=20))]
    files: Option<u32>,
    /// Bytes of one file, at most 64 MiB.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..=67_108_864))]
    file_bytes: Option<u64>,
    /// Bytes of all files that are kept for one studio.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(0..=1 << 50))]
    studio_bytes: Option<u64>,
}

pub(super) async fn run(work: &Work, verb: LimitsVerb) -> Result<Said, Failure> {
    let mut limits = work.store.records().limits().await?;
    if let LimitsVerb::Set(args) = verb {
        limits = Limits {
            notes_max: args.notes.unwrap_or(limits.notes_max),
            files_max: args.files.unwrap_or(limits.files_max),
            file_bytes_max: args.file_bytes.unwrap_or(limits.file_bytes_max),
            studio_bytes_max: args.studio_bytes.unwrap_or(limits.studio_bytes_max),
        };
        work.store.desk().set_limits(limits).await?;
    }
    let mut table = Table::of(&["LIMIT", "IN FORCE"]);
    for (limit, value) in [
        ("characters of notes", u64::from(limits.notes_max)),
        ("files of a booking", u64::from(limits.files_max)),
        ("bytes of a file", limits.file_bytes_max),
        ("bytes of a studio's files", limits.studio_bytes_max),
    ] {
        table.row([limit.to_owned(), value.to_string()]);
    }
    Ok(Said::new(table.or("no limits"), &limits))
}
