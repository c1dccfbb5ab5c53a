//! A studio in a process of its own, to be killed: it finishes what an earlier one left, then does one thing and stands
//! still where it is told to.
//!
//! `desk_process FOLDER ACT ID WAYPOINT`: `send` or `recall` and a draft, `cancel` and an appointment, or `-` and `-`; and
//! `-` for no waypoint. It says `settled {drafts}` (ids and states) when nothing is on its way any more, `sending` when it
//! decides, `at WAYPOINT` when it stands still, and `done {drafts}` when what it decided is through.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use agenda_sede_tests::world;
use domain::code::DecisionId;
use studio::Studio;
use sync::{Watcher, Waypoint};

/// Stands still for ever at one waypoint, once it is armed.
struct StandStill {
    at: Option<Waypoint>,
    armed: AtomicBool,
}

impl Watcher for StandStill {
    fn reached(&self, waypoint: Waypoint, _: DecisionId) {
        if self.armed.load(Ordering::SeqCst) && self.at == Some(waypoint) {
            say(&format!("at {waypoint:?}"));
            loop {
                std::thread::park();
            }
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let told = writeln!(out, "{line}").and_then(|()| out.flush());
    // Nobody listens any more: nothing is left to be done.
    if told.is_err() {
        std::process::exit(1);
    }
}

/// Rounds with the store until nothing is on its way.
async fn settle(studio: &Studio) -> String {
    for _ in 0..20 {
        let status = studio.sync_now().await.expect("the studio's files can be written");
        if status.connection.waiting == 0 {
            let drafts = studio.drafts_list().await.expect("the drafts can be read");
            let states: BTreeMap<_, _> = drafts.into_iter().map(|draft| (draft.id, draft.state)).collect();
            return serde_json::to_string(&states).expect("states are JSON");
        }
    }
    panic!("after twenty rounds something is still on its way");
}

async fn decide(studio: &Studio, act: &str, id: &str) {
    let decided = match act {
        "send" => {
            let detail = studio.draft_open(id).await.expect("the draft is there");
            studio.draft_send(id, detail.revision).await.map(drop)
        }
        "recall" => studio.draft_recall(id).await.map(drop),
        "cancel" => studio.appointment_cancel(id).await.map(drop),
        other => panic!("{other} is nothing that can be done"),
    };
    decided.expect("it can be decided");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(act), Some(id), Some(waypoint)) =
        (arguments.next(), arguments.next(), arguments.next(), arguments.next())
    else {
        eprintln!("desk_process FOLDER ACT ID WAYPOINT");
        return ExitCode::FAILURE;
    };
    let watcher = Arc::new(StandStill {
        at: Waypoint::ALL.into_iter().find(|one| format!("{one:?}") == waypoint),
        armed: AtomicBool::new(false),
    });
    let studio = world::open(&PathBuf::from(folder), watcher.clone()).await;
    say(&format!("settled {}", settle(&studio).await));
    if act != "-" {
        watcher.armed.store(true, Ordering::SeqCst);
        say("sending");
        decide(&studio, &act, &id).await;
        say(&format!("done {}", settle(&studio).await));
    }
    studio.close().await;
    ExitCode::SUCCESS
}
