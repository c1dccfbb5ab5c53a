//! Days of a studio in seconds: the real program over real files and the real store, only clock and network simulated. Two
//! colleagues, the sede and a rival do what comes to their minds; networks are cut, answers get lost, programs end at every
//! waypoint, clocks are wrong and change with the season. When everybody has heard everything, the promises are looked at.
//!
//! Dozens of seeds run with the tests, thousands with `make soak` (`SEEDS=5000`); `SEED=17` replays one.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]
#![allow(unreachable_pub, reason = "a test is no library")]

mod acts;
mod computer;
mod dice;
mod scene;
mod truth;
#[path = "../../../src-tauri/crates/sync/tests/world/mod.rs"]
mod world;

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use dice::Dice;
use scene::Scene;
use truth::Tally;

/// Seeds that run where nobody says how many.
const SEEDS: u64 = 32;

/// Things that happen in a run, at least and at most.
const STEPS: (usize, usize) = (60, 160);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seeds() -> RangeInclusive<u64> {
    match (number("SEED"), number("SEEDS")) {
        (Some(seed), _) => seed..=seed,
        (None, seeds) => 1..=seeds.unwrap_or(SEEDS),
    }
}

/// One run; what happened in it is told where it fails.
fn run(seed: u64) -> Result<Tally, Vec<String>> {
    let story = Mutex::new(Vec::new());
    let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut dice = Dice::of(seed);
            let mut scene = Scene::of(&mut dice).await;
            let (least, most) = STEPS;
            for _ in 0..least + dice.below(most - least) {
                let happened = acts::something(&mut scene, &mut dice).await;
                story.lock().unwrap().push(format!("{} {happened}", scene.now()));
            }
            truth::holds(scene).await
        })
    }));
    ran.map_err(|_| story.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// A program that ends on purpose is no news.
fn silence_what_is_on_purpose() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if !said.is_some_and(|said| said.starts_with(computer::ON_PURPOSE)) {
            usual(panic);
        }
    }));
}

#[test]
fn whatever_happens_nothing_is_lost_doubled_or_out_of_turn() {
    silence_what_is_on_purpose();
    let (seeds, next) = (seeds(), AtomicU64::new(*seeds().start()));
    let (total, failed) = (Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !seeds.contains(&seed) {
                        return;
                    }
                    match run(seed) {
                        Ok(tally) => total.lock().unwrap().add(tally),
                        Err(story) => failed.lock().unwrap().push((seed, story)),
                    }
                }
            });
        }
    });
    let (total, failed) = (total.into_inner().unwrap(), failed.into_inner().unwrap());
    println!("{} seeds: {total:?}", seeds.end() - seeds.start() + 1);
    for (seed, story) in failed.iter().take(3) {
        println!("SEED={seed}, what happened:");
        for line in story {
            println!("    {line}");
        }
    }
    let failed: Vec<u64> = failed.iter().map(|(seed, _)| *seed).collect();
    assert!(failed.is_empty(), "these seeds failed: {failed:?}");
    if seeds.end() - seeds.start() + 1 >= SEEDS {
        let unseen = total.unseen();
        assert!(
            unseen.is_empty(),
            "a simulation in which something never happens: {unseen:?}"
        );
    }
}
