//! `seed`.

use std::io::IsTerminal;

use clap::Args;
use serde::Serialize;
use store::{Counts, StoreError};
use training::{FEWEST_TICKETS, MOST_TICKETS, Seed, Training};

use super::text::counted;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Fills a store with training data: three invented sedi with their points and hours, two studios, their companies, and
tickets in every state. The same seed and size give the same data; the days follow from today. Nobody in it exists.

A store that holds something is refused: training data among real tickets can't be told apart afterwards. With
--into-existing it is filled all the same; a seeding that was interrupted is completed on the same day.

Examples:
  sede seed
  sede seed --tickets 200000 --seed 7
  sede studio invite STUDIO-RICCI 'Anna Ricci'    a way in for the studio that trains";

/// The arguments of `seed`.
#[derive(Debug, Args)]
pub struct SeedArgs {
    /// How many tickets the training studio has.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(i64::from(FEWEST_TICKETS)..=i64::from(MOST_TICKETS)))]
    tickets: u32,
    /// What the data grows from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Fill a store that holds something already.
    #[arg(long)]
    into_existing: bool,
}

#[derive(Serialize)]
struct Script {
    seed: u64,
    studios: Vec<String>,
    counts: Counts,
}

pub(super) async fn seed(work: &Work, args: &SeedArgs) -> Result<Said, Failure> {
    let records = work.store.records();
    if !args.into_existing && !records.counts().await?.is_empty() {
        return Err(Failure::refused(
            "the store holds something already: use --into-existing",
        ));
    }
    let training = Training::new(Seed(args.seed), args.tickets, work.now);
    let rival = work.store.studio(&training.rival().code, None);
    let visible = std::io::stderr().is_terminal();
    let mut progress = |done: u32, all: u32| {
        if visible {
            eprint!("\r{done} of {all} tickets");
            if done == all {
                eprintln!();
            }
        }
    };
    match training::load(&*work.store.desk(), &*rival, &training, &mut progress).await {
        // The bookings of the same seed are the same decisions; their days are of another day.
        Err(StoreError::AttemptReused) => {
            return Err(Failure::refused(
                "the store was seeded with this seed on another day: use another --seed",
            ));
        }
        loaded => loaded?,
    }
    let counts = records.counts().await?;
    let studios = training.studios().map(|studio| studio.code.to_string()).to_vec();
    let people = format!(
        "{}, {}, {} for the studios {}",
        counted(counts.tickets, "ticket", "tickets"),
        counted(counts.companies, "company", "companies"),
        counted(counts.live_appointments, "live appointment", "live appointments"),
        studios.join(" and "),
    );
    Ok(Said::new(
        people,
        &Script {
            seed: args.seed,
            studios,
            counts,
        },
    ))
}
