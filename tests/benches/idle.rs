//! What the program costs while nothing is to be done: at a training desk, without its window, with it, and after it was
//! closed. Of the program's own process, with every thread of it; the web engine's processes stand beside it. The training
//! sede wants to be asked every ten seconds, a sede over the network every thirty.
//!
//! It wakes when, having slept, any of its threads runs; what threads then hand to each other are switches.
//!
//! `make bench` runs it on a display of its own. `TICKETS=2000` for another size, `IDLE_SECONDS=300` to look for longer,
//! `PROGRAM=…` for another build of the program.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use agenda_sede_tests::desktop::NativeWindow;
use agenda_sede_tests::program::{WINDOW, group};
use agenda_sede_tests::{training_desk, waiting};
use rustix::process::{Pid, Signal, kill_process_group};

/// From a start, or a closing, until what comes of it is over: also the look for damage that is left to quiet moments.
const SETTLING: Duration = Duration::from_secs(30);

/// What runs within so short a time is one waking.
const GLANCE: Duration = Duration::from_millis(25);

fn main() {
    // Under `cargo test` there is neither a display nor a released program: it is enough that this compiles.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let data = tempfile::tempdir().unwrap();
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(training_desk::make(data.path(), given("TICKETS", 1_200)));
    let kept = r#"{ "notices": true, "keep_working": true }"#;
    fs::write(data.path().join("background.json"), kept).unwrap();
    let look = Duration::from_secs(u64::from(given("IDLE_SECONDS", 60)));

    println!(
        "{:<32} {:>9} {:>9} {:>10} {:>9} {:>9}",
        "idle", "% of core", "wakes/s", "switches/s", "engine %", "MB (PSS)"
    );
    let running = Running::start(data.path(), &["--in-background"]);
    running.look("started without its window", look);
    drop(running);
    let running = Running::start(data.path(), &[]);
    let window = NativeWindow::titled(WINDOW);
    running.look("with its window", look);
    window.close();
    waiting::until("the window does not close", || {
        NativeWindow::find(WINDOW).is_none().then_some(())
    });
    running.look("its window closed", look);
}

fn given(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("PROGRAM") {
        return named.into();
    }
    let here = std::env::current_exe().unwrap();
    let released = here.ancestors().nth(2).unwrap().join("agenda-sede");
    assert!(
        released.is_file(),
        "build it first: cargo build --release -p agenda-sede"
    );
    released
}

/// The program, with all that it started; killed at the end.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(data: &Path, arguments: &[&str]) -> Self {
        let child = Command::new(program())
            .args(arguments)
            .env("AGENDA_SEDE_DATA", data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        Self(child.unwrap())
    }

    #[allow(clippy::cast_precision_loss)]
    fn look(&self, what: &str, look: Duration) {
        std::thread::sleep(SETTLING);
        let pid = self.0.id();
        let others = || group(pid).into_iter().filter(|other| *other != pid);
        let engine = || others().map(ticks).sum::<u64>();
        let (began, ticks_before, engine_before) = (Instant::now(), ticks(pid), engine());
        let (mut wakes, mut was_awake) = (0_u32, false);
        let switches_before = switches(pid);
        let mut seen = switches_before;
        while began.elapsed() < look {
            std::thread::sleep(GLANCE);
            let now = switches(pid);
            let is_awake = now != seen;
            wakes += u32::from(is_awake && !was_awake);
            (seen, was_awake) = (now, is_awake);
        }
        let seconds = began.elapsed().as_secs_f64();
        let of_a_core = |ticks: u64| ticks as f64 / TICKS_A_SECOND / seconds * 100.0;
        let memory: u64 = group(pid).into_iter().map(share_of_memory).sum();
        println!(
            "{what:<32} {:9.3} {:9.2} {:10.2} {:9.3} {:9.0}",
            of_a_core(ticks(pid) - ticks_before),
            f64::from(wakes) / seconds,
            (seen - switches_before) as f64 / seconds,
            of_a_core(engine().saturating_sub(engine_before)),
            memory as f64 / 1_024.0
        );
    }
}

/// As Linux counts processor time for programs, on every computer.
const TICKS_A_SECOND: f64 = 100.0;

/// Processor time of a process, in ticks.
fn ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
    // From the third field on: the times in user and in kernel mode are the fourteenth and the fifteenth.
    let fields = after.split(' ').skip(11).take(2);
    fields.filter_map(|field| field.parse::<u64>().ok()).sum()
}

/// How often threads of a process went to sleep.
fn switches(pid: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    threads
        .filter_map(|thread| fs::read_to_string(thread.path().join("status")).ok())
        .filter_map(|status| {
            let line = status
                .lines()
                .find(|line| line.starts_with("voluntary_ctxt_switches"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .sum()
}

/// Proportional set size, in kilobytes.
fn share_of_memory(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
