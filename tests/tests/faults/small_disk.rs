//! A disk with little room, for a process of its own: see `small_disk.c`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What the process is told: of which files the writes are counted, and where the room stands.
pub(crate) const BELOW: &str = "SMALL_DISK_FOLDER";
pub(crate) const ROOM: &str = "SMALL_DISK_ROOM";

/// A disk to be. It is there as long as the value.
pub(crate) struct SmallDisk {
    folder: TempDir,
    pub(crate) room: Room,
}

impl SmallDisk {
    /// One with all the room there is, to begin with.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/small_disk.c");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(folder.path().join("small_disk.so"))
            .arg(source)
            .arg("-ldl")
            .output()
            .expect("a C compiler; scripts/setup.sh installs it");
        assert!(
            compiled.status.success(),
            "{}",
            String::from_utf8_lossy(&compiled.stderr)
        );
        let room = folder.path().join("room");
        fs::write(&room, [i64::MAX.to_ne_bytes(), 0_i64.to_ne_bytes()].concat()).unwrap();
        Self {
            room: Room::of(&room),
            folder,
        }
    }

    /// What a process is started with so that all files whose paths begin so are on it.
    pub(crate) fn variables(&self, below: PathBuf) -> [(&'static str, OsString); 3] {
        [
            ("LD_PRELOAD", self.folder.path().join("small_disk.so").into()),
            (BELOW, below.into()),
            (ROOM, self.folder.path().join("room").into()),
        ]
    }
}

/// The room on a small disk.
pub(crate) struct Room(fs::File);

impl Room {
    /// The room of the disk that this process has, if it has one.
    pub(crate) fn here() -> Option<Self> {
        std::env::var_os(ROOM).map(|room| Self::of(Path::new(&room)))
    }

    fn of(file: &Path) -> Self {
        Self(fs::File::options().read(true).write(true).open(file).unwrap())
    }

    /// So many writes are left.
    pub(crate) fn leave(&self, writes: i64) {
        self.0.write_all_at(&writes.to_ne_bytes(), 0).unwrap();
    }

    /// There is as much as anybody wants.
    pub(crate) fn make(&self) {
        self.leave(i64::MAX);
    }

    /// Writes that were asked for so far.
    pub(crate) fn asked(&self) -> i64 {
        let mut number = [0; 8];
        self.0.read_exact_at(&mut number, 8).unwrap();
        i64::from_ne_bytes(number)
    }
}
