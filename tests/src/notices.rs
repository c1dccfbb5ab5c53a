//! The notices of the desktop, as a desktop's own program shows them: a service on the session bus, which remembers what it
//! was asked to show and says that somebody clicked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zbus::blocking::{Connection, connection};
use zbus::interface;
use zbus::zvariant::OwnedValue;

use crate::waiting;

const PATH: &str = "/org/freedesktop/Notifications";
const NAME: &str = "org.freedesktop.Notifications";

/// A notice that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// By which the desktop names it.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// The text below.
    pub text: String,
    /// What can be done: keys and what they are called, in turn.
    pub actions: Vec<String>,
}

type Log = Arc<Mutex<Vec<Shown>>>;

fn lock(log: &Log) -> MutexGuard<'_, Vec<Shown>> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Service(Log);

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    #[allow(
        clippy::too_many_arguments,
        clippy::needless_pass_by_value,
        reason = "so it is specified"
    )]
    fn notify(
        &self,
        _app_name: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let mut shown = lock(&self.0);
        let id = u32::try_from(shown.len()).unwrap_or(u32::MAX - 1) + 1;
        shown.push(Shown {
            id,
            title: summary,
            text: body,
            actions,
        });
        id
    }
}

/// The desktop's notices, while a test runs.
pub struct DesktopNotices {
    connection: Connection,
    shown: Log,
}

impl DesktopNotices {
    /// Takes the notices of this session.
    ///
    /// # Panics
    /// Where there is no session bus, or somebody else takes them.
    #[must_use]
    pub fn begin() -> Self {
        let shown = Log::default();
        let connection = connection::Builder::session()
            .and_then(|builder| builder.name(NAME))
            .and_then(|builder| builder.serve_at(PATH, Service(Arc::clone(&shown))))
            .and_then(connection::Builder::build)
            .expect("the session bus of the desktop");
        Self { connection, shown }
    }

    /// All that were shown, in order.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        lock(&self.shown).clone()
    }

    /// The first with this title, as soon as it is shown.
    ///
    /// # Panics
    /// When it never is.
    #[track_caller]
    #[must_use]
    pub fn titled(&self, title: &str) -> Shown {
        waiting::until(&format!("no notice “{title}” is shown"), || {
            self.shown().into_iter().find(|shown| shown.title == title)
        })
    }

    /// Clicks on it.
    ///
    /// # Panics
    /// Where the bus refuses.
    pub fn click(&self, notice: &Shown) {
        self.connection
            .emit_signal(None::<&str>, PATH, NAME, "ActionInvoked", &(notice.id, "default"))
            .expect("the bus takes the signal");
    }
}
