//! The program, started in a real window on a data folder of its own.

use std::fs::{self, File};
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::desktop::{self, NativeWindow};
use crate::dragging;
use crate::page::Page;
use crate::waiting;
use crate::webdriver::Session;

/// The beginning of the window's title.
pub const WINDOW: &str = "Agenda Sede";

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    test.ancestors()
        .nth(3)
        .expect("a test lies in target/debug/deps")
        .to_owned()
}

fn executable() -> PathBuf {
    let path = target().join("debug/agenda-sede");
    assert!(path.is_file(), "{} is missing: build the program first", path.display());
    path
}

/// One story: a data folder, a training clock, and the pictures of its steps.
#[derive(Debug)]
pub struct Story {
    data: TempDir,
    now: Option<String>,
    installed: bool,
    opens: bool,
    evidence: PathBuf,
    steps: AtomicU32,
}

impl Story {
    /// Begins a story with an empty data folder; what an earlier run left of its pictures is removed.
    ///
    /// # Panics
    /// Where the disk refuses.
    #[must_use]
    pub fn begin(name: &str) -> Self {
        let evidence = target().join("evidence").join(name);
        if evidence.exists() {
            fs::remove_dir_all(&evidence).expect("old pictures can be removed");
        }
        fs::create_dir_all(&evidence).expect("a folder for the pictures");
        Self {
            data: tempfile::tempdir().expect("a data folder"),
            now: None,
            installed: false,
            opens: false,
            evidence,
            steps: AtomicU32::new(0),
        }
    }

    /// With the data folder where an installed program has it, for a person whose home this is: one program at a time.
    #[must_use]
    pub fn as_installed(mut self) -> Self {
        self.installed = true;
        self
    }

    /// On a computer whose program for every kind of file writes down what it is asked to open: see [`Story::opened`].
    ///
    /// # Panics
    /// Where the disk refuses.
    #[must_use]
    pub fn with_an_opener(mut self) -> Self {
        let folder = self.data().join("bin");
        fs::create_dir_all(&folder).expect("a folder for the opener");
        let opener = folder.join("xdg-open");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\n",
            self.opened_list().display()
        );
        fs::write(&opener, script).expect("the opener can be written");
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).expect("the opener can be run");
        self.opens = true;
        self
    }

    fn opened_list(&self) -> PathBuf {
        self.data().join("opened.txt")
    }

    /// What the opener was asked to open, in order.
    #[must_use]
    pub fn opened(&self) -> Vec<PathBuf> {
        let list = fs::read_to_string(self.opened_list()).unwrap_or_default();
        list.lines().map(PathBuf::from).collect()
    }

    /// Starts the program beside one that runs, as a person does who has lost sight of the window; returns when it has ended.
    ///
    /// # Panics
    /// Where it can't be started, or does not end.
    #[track_caller]
    pub fn start_again(&self) -> ExitStatus {
        self.start_for(&[]).0
    }

    /// Starts the program with `arguments` for one thing after which it ends; returns how it ended, and what it said.
    ///
    /// # Panics
    /// Where it can't be started, or does not end.
    #[track_caller]
    pub fn start_for(&self, arguments: &[&str]) -> (ExitStatus, String) {
        let mut command = Command::new(executable());
        self.environment(&mut command);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the program starts");
        let ended = waiting::until("the program does not end", || process.try_wait().expect("a process"));
        let mut said = String::new();
        let mut output = process.stdout.take().expect("its output");
        output.read_to_string(&mut said).expect("its output is text");
        (ended, said)
    }

    /// Starts the program as the system does when the person begins to work at the computer: without its window.
    ///
    /// # Panics
    /// Where it can't be started.
    #[must_use]
    pub fn start_in_background(&self) -> InBackground {
        let mut command = Command::new(executable());
        self.environment(&mut command);
        command.arg("--in-background").stdin(Stdio::null()).process_group(0);
        InBackground(command.spawn().expect("the program starts"))
    }

    fn environment(&self, command: &mut Command) {
        match self.installed {
            true => command.env("XDG_DATA_HOME", self.data()),
            false => command.env("AGENDA_SEDE_DATA", self.data()),
        };
        if let Some(now) = &self.now {
            command.env("AGENDA_SEDE_TRAINING_NOW", now);
        }
        if self.opens {
            let folders = std::env::var_os("PATH").unwrap_or_default();
            let folders = [self.data().join("bin")]
                .into_iter()
                .chain(std::env::split_paths(&folders));
            command.env("PATH", std::env::join_paths(folders).expect("folders without colons"));
        }
    }

    /// With the training clock at `now` (RFC 3339) from the next start on.
    #[must_use]
    pub fn at(mut self, now: &str) -> Self {
        self.set_clock(now);
        self
    }

    /// Sets the training clock for the next start.
    pub fn set_clock(&mut self, now: &str) {
        self.now = Some(now.to_owned());
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Where the program keeps what is its own.
    fn own(&self) -> PathBuf {
        match self.installed {
            true => self.data().join("it.agendasede.desktop"),
            false => self.data().to_owned(),
        }
    }

    /// The file of the training sede's store.
    #[must_use]
    pub fn store_file(&self) -> PathBuf {
        self.own().join("training/store.sqlite")
    }

    /// Where the picture of the next step belongs.
    fn next_picture(&self, step: &str) -> PathBuf {
        let number = self.steps.fetch_add(1, Ordering::Relaxed) + 1;
        self.evidence.join(format!("{number:02}-{step}.png"))
    }

    /// What the program's log says that went wrong in its page, over all starts.
    ///
    /// # Panics
    /// Where there is no log.
    #[must_use]
    pub fn page_faults(&self) -> Vec<String> {
        let logs = fs::read_dir(self.own().join("logs")).expect("the program keeps a log");
        let read = |path: PathBuf| fs::read_to_string(path).expect("a log can be read");
        logs.flatten()
            .flat_map(|log| read(log.path()).lines().map(str::to_owned).collect::<Vec<_>>())
            .filter(|line| line.contains("page fault"))
            .collect()
    }

    /// Starts the program, and waits until its page answers.
    ///
    /// # Panics
    /// When the driver, the window or the page does not come.
    #[must_use]
    #[track_caller]
    pub fn start(&self) -> Program<'_> {
        let driver = Driver::start(self);
        let session = match Session::start(driver.port, &executable()) {
            Ok(session) => session,
            Err(refusal) => panic!("the program did not start: {} {}", refusal.error, refusal.message),
        };
        let program = Program {
            story: self,
            session,
            driver,
        };
        program.page().wait("the page stays empty", |page| {
            (!page.text().trim().is_empty()).then_some(())
        });
        program
    }
}

/// The program, started without its window; killed at the end.
#[derive(Debug)]
pub struct InBackground(Child);

impl Drop for InBackground {
    fn drop(&mut self) {
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.0),
            rustix::process::Signal::KILL,
        );
        let _ = self.0.wait();
    }
}

/// The program, running.
#[derive(Debug)]
pub struct Program<'a> {
    story: &'a Story,
    session: Session,
    driver: Driver,
}

impl Program<'_> {
    /// What it shows.
    #[must_use]
    pub const fn page(&self) -> Page<'_> {
        Page::of(&self.session)
    }

    /// Keeps a picture of the page as `step`, a few words with hyphens.
    ///
    /// # Panics
    /// Where no picture can be taken.
    #[track_caller]
    pub fn step(&self, step: &str) {
        // What was found in the page is on the screen with the picture after the next one.
        let painted =
            "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));";
        self.session.run_until_called(painted, &[]).expect("the page paints");
        let picture = self.session.screenshot().expect("a picture of the page");
        fs::write(self.story.next_picture(step), picture).expect("the picture can be written");
    }

    /// Keeps a picture of the whole screen, native windows included.
    ///
    /// # Panics
    /// Where no picture can be taken.
    #[track_caller]
    pub fn step_with_desktop(&self, step: &str) {
        desktop::photograph(&self.story.next_picture(step));
    }

    /// Picks `file` in the native window that the program has opened.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn pick(&self, file: &Path) {
        self.pick_in(desktop::PICKER, file);
    }

    /// Picks every file of `folder` in the native window that the program has opened.
    ///
    /// # Panics
    /// When there is none, or it does not belong to the program's window.
    #[track_caller]
    pub fn pick_all(&self, folder: &Path) {
        let parent = waiting::until("the window for picking files belongs to no other", || {
            NativeWindow::titled(desktop::PICKER).parent()
        });
        assert_eq!(
            parent,
            NativeWindow::titled(WINDOW),
            "the window for picking files belongs to another than the program's"
        );
        let picture = self.story.next_picture("finestra-del-sistema");
        desktop::pick_all(desktop::PICKER, folder, &picture);
    }

    /// Picks `file` in the native window for the certificate of the office's own authority.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn pick_authority(&self, file: &Path) {
        self.pick_in(desktop::AUTHORITY_PICKER, file);
    }

    /// Picks `file` in the native window for a list of tickets.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn pick_list(&self, file: &Path) {
        self.pick_in(desktop::LIST_PICKER, file);
    }

    #[track_caller]
    fn pick_in(&self, title: &str, file: &Path) {
        desktop::pick(title, file, Some(&self.story.next_picture("finestra-del-sistema")));
    }

    /// Drags `files` from another program into the middle of the window, and lets them go.
    ///
    /// # Panics
    /// When the window does not take them.
    #[track_caller]
    pub fn drop_files(&self, files: &[&Path]) {
        dragging::drop_files(&NativeWindow::titled(WINDOW), (600, 500), files);
    }

    /// Closes the window with its cross and waits until the program has ended.
    ///
    /// # Panics
    /// When it does not end, or when its page broke something on the way.
    #[track_caller]
    pub fn close(self) {
        NativeWindow::titled(WINDOW).close();
        waiting::until("the program does not end when its window is closed", || {
            self.driver.programs().is_empty().then_some(())
        });
        let faults = self.story.page_faults();
        assert!(
            faults.is_empty(),
            "the page broke its security policy, or something in it was not caught:\n{}",
            faults.join("\n")
        );
    }

    /// Turns to the window that took the place of one that was closed.
    ///
    /// # Panics
    /// Where the driver can't speak to it.
    #[track_caller]
    pub fn turn_to_new_window(&self) {
        waiting::until("the driver does not see the new window", || {
            let windows = self.session.windows().ok()?;
            windows.iter().find_map(|window| self.session.turn_to(window).ok())
        });
    }

    /// How many processes of the program itself there are.
    #[must_use]
    pub fn running(&self) -> usize {
        self.driver.programs().len()
    }

    /// Kills it, as a power cut would.
    ///
    /// # Panics
    /// When it survives.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // What somebody would want to see who reads of the failure.
            desktop::photograph(&self.story.next_picture("fallito"));
            let log = fs::read_to_string(&self.driver.log).unwrap_or_default();
            eprintln!("The driver and the program said:\n{log}");
        }
        let _ = self.session.end();
    }
}

/// tauri-driver, and with it the native driver and the program: one group of processes, ended together.
#[derive(Debug)]
struct Driver {
    port: u16,
    process: Child,
    log: PathBuf,
}

impl Driver {
    #[track_caller]
    fn start(story: &Story) -> Self {
        let (port, native) = free_ports();
        let log = story.data().join("driver.log");
        let output = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .expect("a log for the driver");
        let mut command = Command::new("tauri-driver");
        command
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("a second handle"))
            .stderr(output)
            .process_group(0);
        story.environment(&mut command);
        let process = command.spawn().expect("tauri-driver is installed by `make setup`");
        let driver = Self { port, process, log };
        let ready = ureq::Agent::new_with_defaults();
        waiting::until("tauri-driver does not answer", || {
            ready.get(format!("http://127.0.0.1:{port}/status")).call().ok()
        });
        driver
    }

    /// The processes of the program itself in this group.
    fn programs(&self) -> Vec<u32> {
        group(self.process.id())
            .into_iter()
            .filter(|pid| {
                fs::read_link(format!("/proc/{pid}/exe"))
                    .is_ok_and(|path| path.file_name().is_some_and(|name| name == "agenda-sede"))
            })
            .collect()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let leader = self.process.id();
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.process),
            rustix::process::Signal::KILL,
        );
        let _ = self.process.wait();
        waiting::until("processes of the program survive", || {
            group(leader).is_empty().then_some(())
        });
    }
}

/// The processes of a group that still run.
#[must_use]
pub fn group(leader: u32) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &u32| {
            fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
                // pid (name) state parent group …; a zombie (Z) only waits to be counted.
                let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
                let fields: Vec<&str> = after.split(' ').collect();
                fields.first() != Some(&"Z") && fields.get(2) == Some(&leader.to_string().as_str())
            })
        })
        .collect()
}

fn free_ports() -> (u16, u16) {
    let listen = || TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let (one, other) = (listen(), listen());
    let port = |listener: &TcpListener| listener.local_addr().expect("its address").port();
    (port(&one), port(&other))
}
