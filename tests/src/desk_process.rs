//! The studio in a process of its own (`bin/desk_process.rs`), as a test hears it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The states of all drafts, by id.
pub type States = BTreeMap<String, String>;

/// The studio in a process of its own.
pub struct DeskProcess {
    process: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl DeskProcess {
    /// Starts `program`, which works in `folder`, does `act` to what has this id, and stands still at `waypoint`.
    ///
    /// # Panics
    /// Where it can't be started.
    #[must_use]
    pub fn start(program: &str, folder: &Path, (act, id): (&str, &str), waypoint: &str) -> Self {
        let mut process = Command::new(program)
            .arg(folder)
            .args([act, id, waypoint])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the studio's process starts");
        let output = process.stdout.take().expect("its output is read");
        Self {
            process,
            lines: BufReader::new(output).lines(),
        }
    }

    /// The next line that it says, which begins with `what`; what follows it.
    ///
    /// # Panics
    /// Where it says something else.
    #[track_caller]
    pub fn hear(&mut self, what: &str) -> String {
        let line = self.lines.next().and_then(Result::ok);
        match line.as_deref().and_then(|line| line.strip_prefix(what)) {
            Some(rest) => rest.trim().to_owned(),
            None => panic!("the studio's process says {line:?} instead of “{what}”"),
        }
    }

    /// The states that it says after `what`.
    ///
    /// # Panics
    /// Where it says something else.
    #[track_caller]
    pub fn states(&mut self, what: &str) -> States {
        serde_json::from_str(&self.hear(what)).expect("states by draft")
    }

    /// SIGKILL: nothing is flushed, nothing is closed.
    ///
    /// # Panics
    /// Where it has ended already.
    pub fn kill(mut self) {
        self.process.kill().expect("a process can be killed");
        self.process.wait().expect("and is gone");
    }

    /// Waits until it has done what it was told.
    ///
    /// # Panics
    /// Where it failed.
    pub fn end(mut self) {
        assert!(
            self.process.wait().expect("it ends").success(),
            "the studio's process failed"
        );
    }
}
