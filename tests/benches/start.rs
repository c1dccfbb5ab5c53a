//! T6 and T7: from the start of a program to a window whose content is drawn, and to one that has settled, and the memory
//! it then holds: Agenda Sede with 200,000 tickets beside an empty Tauri window and, where it is installed, gnome-calendar
//! with an empty calendar. They take turns. What is on the screen decides, not what a program says of itself.
//!
//! `make bench` runs it on a display of its own. `TICKETS=2000` for another size, `ROUNDS=9` for more rounds, `CHANGES=1`
//! for where and when the screen still changed.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::borrow::Cow;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use agenda_sede_tests::desktop::NativeWindow;
use agenda_sede_tests::program::{WINDOW, group};
use agenda_sede_tests::training_desk;
use rustix::process::{Pid, Signal, kill_process_group};
use tauri::test::mock_context;
use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{Assets, Wry};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};
use x11rb::rust_connection::RustConnection;

/// In the environment of this program: it is to be the empty window.
const EMPTY_WINDOW: &str = "EMPTY_WINDOW";
/// What is drawn may still change in so small a part of its points: a figure, a state, a cursor.
const DRAWN: f64 = 0.02;
/// A picture that stays the same for so long has settled.
const SETTLED: Duration = Duration::from_millis(1_500);
/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    if std::env::var_os(EMPTY_WINDOW).is_some() {
        return empty_window();
    }
    // Under `cargo test` there is neither a display nor a released program: it is enough that this compiles.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let tickets = given("TICKETS", 200_000);
    let data = tempfile::tempdir().unwrap();
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(training_desk::make(data.path(), tickets));
    let programs = programs(tickets, data.path());
    let mut rounds: Vec<Vec<Start>> = programs.iter().map(|_| Vec::new()).collect();
    // The first round warms up what the computer keeps between two starts.
    for round in 0..=given("ROUNDS", 5) {
        for (program, starts) in programs.iter().zip(&mut rounds) {
            let start = program.start();
            if round > 0 {
                starts.push(start);
            }
        }
    }
    print(&programs, &rounds);
}

fn given(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

/// A program that is measured.
struct Program {
    name: String,
    executable: PathBuf,
    environment: Vec<(&'static str, PathBuf)>,
    /// What is pressed once it has settled, to see how long the list of all tickets takes.
    then_press: Option<&'static str>,
}

fn programs(tickets: u32, data: &Path) -> Vec<Program> {
    let here = std::env::current_exe().unwrap();
    let released = here.ancestors().nth(2).unwrap().join("agenda-sede");
    assert!(
        released.is_file(),
        "build it first: cargo build --release -p agenda-sede"
    );
    let mut programs = vec![
        Program {
            name: "an empty Tauri window".into(),
            executable: here,
            environment: vec![(EMPTY_WINDOW, "1".into())],
            then_press: None,
        },
        Program {
            name: format!("Agenda Sede, {tickets} tickets"),
            executable: released,
            environment: vec![("AGENDA_SEDE_DATA", data.to_owned())],
            then_press: Some("alt+2"),
        },
    ];
    let calendar = Path::new("/usr/bin/gnome-calendar");
    if calendar.is_file() {
        programs.push(Program {
            name: "gnome-calendar, empty".into(),
            executable: calendar.to_owned(),
            environment: Vec::new(),
            then_press: None,
        });
    }
    programs
}

/// What was seen of one start.
struct Start {
    shown: Shown,
    /// Kilobytes that only this program holds, and its share of what others hold too.
    memory: u64,
    /// After the keys that open it.
    list: Option<Shown>,
}

/// When a picture came to the screen.
#[derive(Clone, Copy)]
struct Shown {
    /// The first that was another.
    painted: Duration,
    /// The first whose content stays, but for a small part: its rows can be read and used.
    drawn: Duration,
    /// What then stayed.
    settled: Duration,
}

/// A program that runs, with all that it started; killed at the end.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

impl Program {
    fn start(&self) -> Start {
        let screen = Screen::new();
        let bare = screen.picture();
        let began = Instant::now();
        let running = Running(
            Command::new(&self.executable)
                .envs(self.environment.iter().map(|(name, value)| (name, value)))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn()
                .unwrap(),
        );
        let shown = screen.settle(&self.name, &bare, began);
        let memory = group(running.0.id()).into_iter().map(share_of_memory).sum();
        let list = self.then_press.map(|keys| {
            let window = NativeWindow::titled(WINDOW);
            window.focus();
            let (home, began) = (screen.picture(), Instant::now());
            window.keys(&[keys]);
            screen.settle("… its list", &home, began)
        });
        drop(running);
        screen.until_it_is(&bare);
        Start { shown, memory, list }
    }
}

/// Proportional set size, in kilobytes.
fn share_of_memory(pid: u32) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}

/// The whole screen, looked at again and again.
struct Screen {
    display: RustConnection,
    root: u32,
    size: (u16, u16),
}

impl Screen {
    fn new() -> Self {
        let (display, number) = x11rb::connect(None).expect("a display");
        let screen = &display.setup().roots[number];
        let (root, size) = (screen.root, (screen.width_in_pixels, screen.height_in_pixels));
        Self { display, root, size }
    }

    fn picture(&self) -> Picture {
        let (width, height) = self.size;
        let image = self
            .display
            .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0)
            .unwrap()
            .reply()
            .unwrap();
        Picture {
            width: usize::from(width),
            points: image.data,
        }
    }

    /// How what was on the screen, `before`, became what then stayed.
    fn settle(&self, name: &str, before: &Picture, began: Instant) -> Shown {
        let mut last = before.clone();
        let mut contents: Vec<(Duration, Vec<u8>)> = Vec::new();
        loop {
            let now = self.picture();
            let at = began.elapsed();
            if now != last {
                if std::env::var_os("CHANGES").is_some() {
                    println!("{name}: {:5} ms  {}", at.as_millis(), now.change_from(&last));
                }
                contents.push((at, now.content()));
                last = now;
            }
            match contents.last() {
                Some((settled, _)) if at - *settled > SETTLED => break,
                _ => assert!(at < PATIENCE, "nothing has settled on the screen"),
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let (settled, stays) = contents.last().unwrap();
        let other = |content: &[u8]| {
            let points = content.chunks_exact(POINT).zip(stays.chunks_exact(POINT));
            points.filter(|(one, other)| one != other).count()
        };
        #[allow(clippy::cast_precision_loss)]
        let drawn = |content: &[u8]| other(content) as f64 <= (stays.len() / POINT) as f64 * DRAWN;
        let undrawn = contents.iter().rposition(|(_, content)| !drawn(content));
        Shown {
            painted: contents[0].0,
            drawn: contents[undrawn.map_or(0, |place| place + 1)].0,
            settled: *settled,
        }
    }

    fn until_it_is(&self, picture: &Picture) {
        let began = Instant::now();
        while self.picture() != *picture {
            assert!(
                began.elapsed() < PATIENCE,
                "a program that was killed is still on the screen"
            );
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }
}

/// Bytes of a point of the screen.
const POINT: usize = 4;

/// What is on the screen.
#[derive(Clone, PartialEq, Eq)]
struct Picture {
    width: usize,
    points: Vec<u8>,
}

impl Picture {
    /// The middle of it: what the program is about, without its rail, its title and its foot.
    fn content(&self) -> Vec<u8> {
        let (row, height) = (self.width * POINT, self.points.len() / (self.width * POINT));
        let (left, right) = (self.width / 4 * POINT, self.width * 3 / 4 * POINT);
        self.points
            .chunks_exact(row)
            .skip(height / 4)
            .take(height * 5 / 8)
            .flat_map(|row| &row[left..right])
            .copied()
            .collect()
    }

    /// The rectangle in which it is another than `before`, for somebody to read.
    fn change_from(&self, before: &Self) -> String {
        let changed: Vec<usize> = self
            .points
            .chunks_exact(POINT)
            .zip(before.points.chunks_exact(POINT))
            .enumerate()
            .filter_map(|(place, (now, before))| (now != before).then_some(place))
            .collect();
        let columns = changed.iter().map(|place| place % self.width);
        let (left, right) = (columns.clone().min().unwrap_or(0), columns.max().unwrap_or(0));
        let (top, bottom) = (
            changed.first().map_or(0, |place| place / self.width),
            changed.last().map_or(0, |place| place / self.width),
        );
        format!(
            "{} points, from the left {left} to {right}, from the top {top} to {bottom}",
            changed.len()
        )
    }
}

fn print(programs: &[Program], rounds: &[Vec<Start>]) {
    println!(
        "{:<32} {:>9} {:>9} {:>9} {:>9}",
        "T6: start", "fastest", "median", "slowest", "ratio"
    );
    let line = |name: &str, what: &str, figure: &dyn Fn(&Start) -> Option<f64>| {
        let base = median(&rounds[0], figure);
        for (program, starts) in programs.iter().zip(rounds) {
            let figures = sorted(starts, figure);
            let (Some(least), Some(most)) = (figures.first(), figures.last()) else {
                continue;
            };
            let middle = median(starts, figure).unwrap();
            let ratio = base.map_or_else(String::new, |base| format!("{:9.2}", middle / base));
            println!(
                "{:<32} {least:9.0} {middle:9.0} {most:9.0} {ratio}  {name} {what}",
                program.name
            );
        }
    };
    let ms = |time: Duration| Some(time.as_secs_f64() * 1e3);
    line("first paint,", "ms", &|start| ms(start.shown.painted));
    line("content drawn,", "ms", &|start| ms(start.shown.drawn));
    line("settled,", "ms", &|start| ms(start.shown.settled));
    line("rows of all tickets after Alt+2,", "ms", &|start| {
        start.list.and_then(|list| ms(list.drawn))
    });
    line("the list settled after Alt+2,", "ms", &|start| {
        start.list.and_then(|list| ms(list.settled))
    });
    line("content drawn, and the rows after Alt+2,", "ms", &|start| {
        start.list.and_then(|list| ms(start.shown.drawn + list.drawn))
    });
    #[allow(clippy::cast_precision_loss)]
    line("memory (PSS),", "MB", &|start| Some(start.memory as f64 / 1_024.0));
}

fn sorted(starts: &[Start], figure: &dyn Fn(&Start) -> Option<f64>) -> Vec<f64> {
    let mut figures: Vec<f64> = starts.iter().filter_map(figure).collect();
    figures.sort_unstable_by(f64::total_cmp);
    figures
}

fn median(starts: &[Start], figure: &dyn Fn(&Start) -> Option<f64>) -> Option<f64> {
    let figures = sorted(starts, figure);
    figures.get(figures.len() / 2).copied()
}

/// The least that Tauri can show.
struct OnePage;

const PAGE: &[u8] = b"<!doctype html><title>empty</title><body style='background:#0066cc'>";

impl Assets<Wry> for OnePage {
    fn get(&self, _: &AssetKey) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(PAGE))
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::once((Cow::Borrowed("index.html"), Cow::Borrowed(PAGE))))
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}

fn empty_window() {
    tauri::Builder::default()
        .setup(|app| {
            tauri::WebviewWindowBuilder::new(app, "main", tauri::WebviewUrl::default())
                .inner_size(1366.0, 768.0)
                .build()?;
            Ok(())
        })
        .run(mock_context(OnePage))
        .unwrap();
}
