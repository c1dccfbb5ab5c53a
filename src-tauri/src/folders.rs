//! Where the program keeps what is its own.

use std::path::{Path, PathBuf};

use crate::desks::choice::{DeskId, SedeFolder};

/// Variable that names another data folder, for tests and for a computer with two studios.
pub const DATA_VARIABLE: &str = "AGENDA_SEDE_DATA";

/// The data folder of this person on this computer: `%LOCALAPPDATA%` on Windows, `~/.local/share` on Linux.
#[derive(Debug, Clone)]
pub struct Folders {
    root: PathBuf,
}

impl Folders {
    /// The folder of the program with this `identifier`, or the one that [`DATA_VARIABLE`] names; nothing where the system
    /// knows no such folder.
    pub fn of(identifier: &str) -> Option<Self> {
        let named = std::env::var_os(DATA_VARIABLE).filter(|name| !name.is_empty());
        let root = named
            .map(PathBuf::from)
            .or_else(|| Some(dirs::data_local_dir()?.join(identifier)));
        root.map(Self::at)
    }

    /// The folder that holds the others.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// With everything under `root`.
    pub const fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// The log files.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The desk of the training sede: its store and the studio's own files for it, apart from those of any real sede.
    pub fn training(&self) -> Desk {
        Desk {
            folder: self.root.join("training"),
        }
    }

    /// The desk that works without a sede (R16): the studio's own files, and nothing else.
    pub fn portal(&self) -> Desk {
        Desk {
            folder: self.root.join("portal"),
        }
    }

    /// The desk of a sede over the network.
    pub fn sede(&self, sede: &SedeFolder) -> Desk {
        Desk {
            folder: self.sedi().join(sede.as_str()),
        }
    }

    /// The folder of `desk`.
    pub fn desk(&self, desk: &DeskId) -> Desk {
        match desk {
            DeskId::Training => self.training(),
            DeskId::Portal => self.portal(),
            DeskId::Sede(sede) => self.sede(sede),
        }
    }

    /// Where the desks of sedi over the network are, each in a folder of its own.
    pub(crate) fn sedi(&self) -> PathBuf {
        self.root.join("sedi")
    }

    /// The file that says which desk is worked at.
    pub(crate) fn choice(&self) -> PathBuf {
        self.root.join("desk.json")
    }

    /// The file that says what the program does while nobody looks at it.
    pub(crate) fn background(&self) -> PathBuf {
        self.root.join("background.json")
    }

    /// Where the icon beside the clock is put for the desktop to read.
    pub(crate) fn tray(&self) -> PathBuf {
        self.root.join("tray")
    }

    /// Where the training desk is made, before it takes its place whole.
    pub fn unfinished_training(&self) -> Desk {
        Desk {
            folder: self.root.join("training.unfinished"),
        }
    }
}

/// The folder of one store, or of none, and of what the studio keeps there.
#[derive(Debug, Clone)]
pub struct Desk {
    folder: PathBuf,
}

impl Desk {
    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The training sede's own file.
    pub fn store(&self) -> PathBuf {
        self.folder.join("store.sqlite")
    }

    /// What is known of a sede over the network: a file without secrets.
    pub(crate) fn connection(&self) -> PathBuf {
        self.folder.join("connection.json")
    }

    /// The certificates of the office's own authority, where there are any.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// Whether it was made.
    pub fn exists(&self) -> bool {
        self.folder.is_dir()
    }
}
