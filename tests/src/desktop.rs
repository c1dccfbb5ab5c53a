//! The desktop around the window: native dialogs, which WebDriver does not see, and pictures of the whole screen.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

use crate::waiting;

/// How long the native window may take to look up a file that was typed.
const LOOKING_UP: Duration = Duration::from_secs(2);

fn xdotool(arguments: &[&str]) -> Output {
    Command::new("xdotool")
        .args(arguments)
        .output()
        .expect("xdotool is installed by `make setup`")
}

/// A window of the desktop, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeWindow(String);

impl NativeWindow {
    /// The visible window with this `title`, as soon as there is one.
    ///
    /// # Panics
    /// When it never comes.
    #[track_caller]
    pub fn titled(title: &str) -> Self {
        waiting::until(&format!("no window titled “{title}” opened"), || Self::find(title))
    }

    /// The visible window with this `title`, if there is one now.
    pub fn find(title: &str) -> Option<Self> {
        let pattern = format!("^{title}");
        let found = xdotool(&["search", "--onlyvisible", "--name", &pattern]);
        let text = String::from_utf8_lossy(&found.stdout).into_owned();
        text.lines().next().map(|number| Self(number.to_owned()))
    }

    /// How many windows with this `title` there are, seen or not.
    pub fn count(title: &str) -> usize {
        let found = xdotool(&["search", "--name", &format!("^{title}")]);
        String::from_utf8_lossy(&found.stdout).lines().count()
    }

    /// Takes it off the screen, as minimising does.
    ///
    /// # Panics
    /// Where the desktop refuses.
    #[track_caller]
    pub fn hide(&self) {
        let done = xdotool(&["windowunmap", "--sync", &self.0]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Gives it the keyboard.
    ///
    /// # Panics
    /// Where the desktop refuses.
    #[track_caller]
    pub fn focus(&self) -> &Self {
        let done = xdotool(&["windowfocus", "--sync", &self.0]);
        assert!(
            done.status.success(),
            "the native window takes no keyboard: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        self
    }

    /// Presses `keys` (as xdotool writes them) in whatever has the keyboard.
    pub fn keys(&self, keys: &[&str]) -> &Self {
        xdotool(&[&["key", "--clearmodifiers"], keys].concat());
        self
    }

    /// Types `text`.
    pub fn type_text(&self, text: &str) -> &Self {
        xdotool(&["type", "--clearmodifiers", "--delay", "4", text]);
        self
    }

    /// Asks it to close, as its cross does.
    ///
    /// # Panics
    /// Where the display can't be reached.
    #[track_caller]
    pub fn close(&self) {
        ask_to_close(self.number()).expect("the display takes the message");
    }

    /// Its number on the display.
    pub(crate) fn number(&self) -> u32 {
        self.0.parse().expect("xdotool gives numbers")
    }
}

/// Title of the native window for picking files.
pub const PICKER: &str = "Scegli i file da allegare";

/// Title of the native window for picking the certificate of the office's own authority.
pub const AUTHORITY_PICKER: &str = "Scegli il certificato dell’ufficio";

/// Picks `file` in the native window with this `title`, with the keyboard alone: Ctrl+L, the path, Return.
///
/// # Panics
/// When the window does not open or does not close.
#[track_caller]
pub fn pick(title: &str, file: &Path, picture: Option<&Path>) {
    let window = NativeWindow::titled(title);
    window.focus().keys(&["ctrl+l"]).keys(&["ctrl+a"]);
    window.type_text(file.to_str().expect("a path in UTF-8"));
    if let Some(picture) = picture {
        photograph(picture);
    }
    // While it still reads the folder it hears no Return, and each one that it hears makes it look up the file anew: so
    // one at a time, to this window and to no other.
    let mut pressed: Option<Instant> = None;
    waiting::until("the window for picking files stays open", || {
        if pressed.is_none_or(|at| at.elapsed() > LOOKING_UP) {
            xdotool(&["key", "--window", &window.0, "Return"]);
            pressed = Some(Instant::now());
        }
        NativeWindow::find(title).is_none().then_some(())
    });
}

/// A picture of the whole screen, with windows that WebDriver does not see.
///
/// # Panics
/// Where no picture can be taken.
#[track_caller]
pub fn photograph(picture: &Path) {
    let done = Command::new("import")
        .args(["-silent", "-window", "root"])
        .arg(picture)
        .output()
        .expect("import (imagemagick) is installed by `make setup`");
    assert!(
        done.status.success(),
        "no picture of the screen: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// Sends `window` what a click on the cross of its frame sends.
fn ask_to_close(window: u32) -> Result<(), Box<dyn Error>> {
    let (display, _) = x11rb::connect(None)?;
    let protocols = display.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
    let delete = display.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
    let message = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
    display
        .send_event(false, window, EventMask::NO_EVENT, message)?
        .check()?;
    display.flush()?;
    Ok(())
}
