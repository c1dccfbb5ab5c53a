//! Files dragged onto a window from another program: the protocol between two programs of a desktop (XDND), as a file
//! manager speaks it. The window can't tell it from a hand.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::desktop::NativeWindow;
use crate::waiting::PATIENCE;

const VERSION: u32 = 5;

/// Drags `files` onto `window`, at a place of the screen, and lets them go there.
///
/// # Panics
/// When the window does not take them.
#[track_caller]
pub fn drop_files(window: &NativeWindow, at: (u16, u16), files: &[&Path]) {
    let mut hand = Hand::reach_out(window.number(), files).expect("the display can be reached");
    let accepted = hand.hold_over(at).expect("the display answers");
    assert!(accepted, "the window does not want the files that are held over it");
    let taken = hand.let_go().expect("the display answers");
    assert!(taken, "the window did not take the files that were dropped on it");
}

struct Hand {
    display: RustConnection,
    atoms: Atoms,
    source: Window,
    target: Window,
    list: String,
}

struct Atoms {
    selection: Atom,
    enter: Atom,
    position: Atom,
    status: Atom,
    drop: Atom,
    finished: Atom,
    copy: Atom,
    list: Atom,
}

impl Atoms {
    fn of(display: &RustConnection) -> Result<Self, Box<dyn Error>> {
        let atom = |name: &str| -> Result<Atom, Box<dyn Error>> {
            Ok(display.intern_atom(false, name.as_bytes())?.reply()?.atom)
        };
        Ok(Self {
            selection: atom("XdndSelection")?,
            enter: atom("XdndEnter")?,
            position: atom("XdndPosition")?,
            status: atom("XdndStatus")?,
            drop: atom("XdndDrop")?,
            finished: atom("XdndFinished")?,
            copy: atom("XdndActionCopy")?,
            list: atom("text/uri-list")?,
        })
    }
}

/// `file:///…`, with every byte that is not plain written as a number.
fn address(file: &Path) -> String {
    let mut text = String::from("file://");
    for byte in file.to_str().expect("a path in UTF-8").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a text takes what is written");
        }
    }
    text
}

impl Hand {
    fn reach_out(target: u32, files: &[&Path]) -> Result<Self, Box<dyn Error>> {
        let (display, screen) = x11rb::connect(None)?;
        let root = display.setup().roots[screen].root;
        let source = display.generate_id()?;
        let window = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        display.create_window(0, source, root, -10, -10, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &window)?;
        let atoms = Atoms::of(&display)?;
        display.set_selection_owner(source, atoms.selection, x11rb::CURRENT_TIME)?;
        let list = files.iter().map(|file| address(file) + "\r\n").collect();
        let hand = Self {
            display,
            atoms,
            source,
            target,
            list,
        };
        hand.send(hand.atoms.enter, [VERSION << 24, hand.atoms.list, 0, 0])?;
        Ok(hand)
    }

    fn send(&self, message: Atom, data: [u32; 4]) -> Result<(), Box<dyn Error>> {
        let data = [self.source, data[0], data[1], data[2], data[3]];
        let event = ClientMessageEvent::new(32, self.target, message, data);
        self.display
            .send_event(false, self.target, EventMask::NO_EVENT, event)?
            .check()?;
        self.display.flush()?;
        Ok(())
    }

    /// Moves a little over the place until the window says that it would take the files.
    fn hold_over(&mut self, (x, y): (u16, u16)) -> Result<bool, Box<dyn Error>> {
        let started = Instant::now();
        let mut step = 0;
        while started.elapsed() < PATIENCE {
            step = (step + 1) % 4;
            let place = (u32::from(x) + step) << 16 | u32::from(y);
            self.send(self.atoms.position, [0, place, x11rb::CURRENT_TIME, self.atoms.copy])?;
            let status = self.answer(self.atoms.status)?;
            if status.is_some_and(|data| data[1] & 1 == 1) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn let_go(&mut self) -> Result<bool, Box<dyn Error>> {
        self.send(self.atoms.drop, [0, x11rb::CURRENT_TIME, 0, 0])?;
        Ok(self.answer(self.atoms.finished)?.is_some())
    }

    /// Serves the window with what is dragged until it answers with `message`.
    fn answer(&self, message: Atom) -> Result<Option<[u32; 5]>, Box<dyn Error>> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            match self.display.poll_for_event()? {
                Some(Event::ClientMessage(event)) if event.type_ == message => return Ok(Some(event.data.as_data32())),
                Some(Event::SelectionRequest(request)) => self.hand_over(&request)?,
                Some(_) => {}
                None => std::thread::park_timeout(std::time::Duration::from_millis(5)),
            }
        }
        Ok(None)
    }

    fn hand_over(&self, request: &SelectionRequestEvent) -> Result<(), Box<dyn Error>> {
        let known = request.target == self.atoms.list;
        if known {
            self.display.change_property8(
                PropMode::REPLACE,
                request.requestor,
                request.property,
                request.target,
                self.list.as_bytes(),
            )?;
        }
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if known { request.property } else { AtomEnum::NONE.into() },
        };
        self.display
            .send_event(false, request.requestor, EventMask::NO_EVENT, answer)?
            .check()?;
        self.display.flush()?;
        Ok(())
    }
}
