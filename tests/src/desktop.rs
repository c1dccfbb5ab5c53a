//! The desktop around the window: native dialogs, which WebDriver does not see, and pictures of the whole screen.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat};

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

    /// The window that it belongs to (`WM_TRANSIENT_FOR`): it stays above that one, and is not lost behind it.
    ///
    /// # Panics
    /// Where the display can't be reached.
    #[track_caller]
    pub fn parent(&self) -> Option<Self> {
        let parent = parent_of(self.number()).expect("the display answers");
        parent.map(|number| Self(number.to_string()))
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

    /// The middle of its list of files, and what is seen there.
    fn list(&self) -> ((i16, i16), Vec<u8>) {
        middle_of(self.number()).expect("the display answers")
    }

    /// The same, as soon as it is another than `before` and stays.
    #[track_caller]
    fn list_after(&self, before: &[u8], mut meanwhile: impl FnMut()) -> ((i16, i16), Vec<u8>) {
        let mut since = (Instant::now(), Vec::new());
        waiting::until("the window for picking files does not show the folder", || {
            meanwhile();
            let (middle, shown) = self.list();
            if shown != since.1 {
                since = (Instant::now(), shown);
            }
            let stays = since.0.elapsed() > Duration::from_millis(300);
            (stays && since.1 != before).then(|| (middle, since.1.clone()))
        })
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

/// Title of the window for picking a list of tickets.
pub const LIST_PICKER: &str = "Scegli l’elenco di richieste";

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

/// Picks every file of `folder` in the native window with this `title`: its path, Return, a click into the list, Ctrl+A,
/// Return.
///
/// # Panics
/// When the window does not open, does not show the folder, or does not close.
#[track_caller]
pub fn pick_all(title: &str, folder: &Path, picture: &Path) {
    let window = NativeWindow::titled(title);
    window.focus().keys(&["ctrl+l"]).keys(&["ctrl+a"]);
    window.type_text(&format!("{}/", folder.to_str().expect("a path in UTF-8")));
    let (_, before) = window.list_after(&[], || {});
    let mut pressed: Option<Instant> = None;
    let ((x, y), _) = window.list_after(&before, || {
        if pressed.is_none_or(|at| at.elapsed() > LOOKING_UP) {
            xdotool(&["key", "--window", &window.0, "Return"]);
            pressed = Some(Instant::now());
        }
    });
    let (x, y) = (x.to_string(), y.to_string());
    xdotool(&["mousemove", "--window", &window.0, &x, &y, "click", "1"]);
    window.keys(&["ctrl+a"]);
    photograph(picture);
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

/// What `window` says that it belongs to.
fn parent_of(window: u32) -> Result<Option<u32>, Box<dyn Error>> {
    let (display, _) = x11rb::connect(None)?;
    let said = display
        .get_property(false, window, AtomEnum::WM_TRANSIENT_FOR, AtomEnum::WINDOW, 0, 1)?
        .reply()?;
    Ok(said.value32().and_then(|mut numbers| numbers.next()))
}

/// A place in a window, and the points of the screen around it.
type Seen = ((i16, i16), Vec<u8>);

/// The middle of where `window` lists the names of files.
fn middle_of(window: u32) -> Result<Seen, Box<dyn Error>> {
    let (display, number) = x11rb::connect(None)?;
    let screen = display.setup().roots[number].root;
    let shape = display.get_geometry(window)?.reply()?;
    let at = display.translate_coordinates(window, screen, 0, 0)?.reply()?;
    let (left, top) = (i16::try_from(shape.width / 6)?, i16::try_from(shape.height / 8)?);
    let (width, height) = (shape.width / 3, shape.height * 5 / 8);
    let corner = (at.dst_x + left, at.dst_y + top);
    let image = display.get_image(ImageFormat::Z_PIXMAP, screen, corner.0, corner.1, width, height, !0)?;
    let middle = (left + i16::try_from(width / 2)?, top + i16::try_from(height / 2)?);
    Ok((middle, image.reply()?.data))
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
