//! The program as a whole: phase, connection, settings, what changed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::desk::DeskView;
use crate::view::dossiers::People;

/// What the rail, the top and the foot show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AppStatus {
    /// Whether a sede was chosen already.
    pub phase: Phase,
    /// Version of the program.
    pub version: String,
    /// Where the studio works; nothing before the first start is done.
    pub desk: Option<DeskView>,
    /// Name of the studio, once the store said it.
    pub studio: Option<String>,
    /// Its people.
    pub people: People,
    /// Today's date in the sede's zone, by the store's clock as far as it is known.
    pub today: String,
    /// The line at the foot.
    pub connection: Connection,
    /// The numbers on the rail.
    pub badges: Badges,
    /// What the person chose.
    pub settings: Settings,
    /// How many tickets of the portal are held (R16).
    pub portal_tickets: u32,
    /// What was mended at start and must be told once.
    pub repairs: Vec<Repair>,
}

/// Where the program stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nothing chosen yet: the first start.
    FirstStart,
    /// The training sede of this computer is being filled.
    Preparing,
    /// At work, at the desk that was chosen.
    AtWork,
}

/// The state of the connection with the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Connection {
    /// Whether the last attempt to reach the store worked.
    pub state: ConnectionState,
    /// Instant at which what is shown was last read whole from the store.
    pub read_at: Option<String>,
    /// The same as a clock time in the sede's zone, for the foot.
    pub read_time: Option<String>,
    /// Decisions that have not reached the store yet.
    pub waiting: u32,
    /// Whether a round with the store is under way.
    pub busy: bool,
}

/// See [`Connection`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// This desk works without a sede (R16).
    NoSede,
    /// No attempt has ended yet.
    Unknown,
    /// The store answered.
    Connected,
    /// The store could not be reached.
    Offline,
    /// The store answers, in a version that this program does not speak.
    Incompatible,
    /// The store answers, and does not know this computer.
    NotAdmitted,
    /// The store answers, and says that this computer's access was revoked.
    Revoked,
    /// The store answers, and says that the studio is suspended.
    Suspended,
}

/// How many things wait for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Badges {
    /// On *Oggi*: communications to acknowledge, drafts that need attention.
    pub today: u32,
    /// In *Bozze e invii*: drafts not booked and not discarded.
    pub drafts: u32,
}

/// What the person chose for this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Settings {
    /// Light or dark.
    pub theme: Theme,
    /// Telephone put into each new draft.
    pub phone: String,
    /// E-mail address put into each new draft.
    pub email: String,
    /// Where the portal is opened: an address that begins with `https://`.
    #[serde(default = "Settings::portal_address")]
    pub portal: String,
}

impl Settings {
    /// Where the portal is opened unless the person says otherwise.
    pub fn portal_address() -> String {
        "https://www.inps.it".to_owned()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            phone: String::new(),
            email: String::new(),
            portal: Self::portal_address(),
        }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop is.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Something mended at start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Repair {
    /// The copy of the store's content was damaged and is read again.
    CacheRebuilt,
    /// The studio's own file was damaged: it was set aside under `name`, the backup of `backup_of` (an instant)
    /// restored, and `recovered` newer drafts brought over.
    StudioRestored {
        /// File name of what was set aside, in the program's folder.
        name: String,
        /// Instant of the backup; nothing when there was none.
        backup_of: Option<String>,
        /// Drafts newer than the backup that could still be read.
        recovered: u32,
    },
}

/// How large the training sede shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum TrainingSize {
    /// 50 tickets.
    Small,
    /// 1,200 tickets: a studio of ordinary size.
    Ordinary,
    /// 200,000 tickets.
    Huge,
}

/// Event `progress`: work over 300 ms, with a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Progress {
    /// What is under way.
    pub work: Work,
    /// Units done.
    pub done: u32,
    /// Units in all; zero while unknown.
    pub total: u32,
}

/// See [`Progress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// The training sede is being filled; units are tickets.
    FillTraining,
    /// The store is being read; units are tickets.
    ReadStore,
    /// A file is being copied; units are KiB.
    CopyAttachment,
    /// A list is being read; units are rows.
    ReadList,
    /// A list is being imported; units are rows.
    ImportList,
}

/// Event `changed`: what is shown of these areas is old.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Changed {
    /// The areas, without repetition.
    pub areas: Vec<Area>,
}

/// See [`Changed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Phase, connection, badges, settings.
    Status,
    /// Tickets and companies.
    Tickets,
    /// Drafts and the outbox.
    Drafts,
    /// Appointments and communications.
    Agenda,
    /// Opening hours and taken places.
    Board,
}
