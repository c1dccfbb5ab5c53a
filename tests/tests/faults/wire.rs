//! The line between a studio and its sede: a proxy on this computer that forwards every byte, until it is told to do
//! something else at a certain byte of a certain message.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

/// What a studio says to its sede.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Message {
    Hello,
    Pull,
    Book,
    Deposit,
    Withdraw,
    Change,
    Cancel,
    Assess,
    Acknowledge,
    OpenTicket,
    Remind,
    Enter,
    /// A piece of a file; the question how much of it is there is none.
    Upload,
}

impl Message {
    pub(crate) const ALL: [Self; 13] = [
        Self::Hello,
        Self::Pull,
        Self::Book,
        Self::Deposit,
        Self::Withdraw,
        Self::Change,
        Self::Cancel,
        Self::Assess,
        Self::Acknowledge,
        Self::OpenTicket,
        Self::Remind,
        Self::Enter,
        Self::Upload,
    ];
}

/// To the sede, or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// What the line does at a byte.
pub(crate) enum Act {
    /// It is cut, and stays so until [`Wire::mend`].
    Cut,
    /// Nothing passes any more, and nobody is told, until [`Wire::mend`].
    Hold,
    /// Something happens at the sede; the line goes on.
    Meanwhile(Box<dyn FnOnce() + Send>),
}

/// A fault to come.
struct Fault {
    message: Message,
    way: Direction,
    /// Bytes of the message that still pass.
    after: usize,
    act: Act,
}

/// The bytes of a message, and of its answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spoken {
    pub(crate) up: Vec<u8>,
    pub(crate) down: Vec<u8>,
}

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    under_way: Option<Message>,
    spoken: Spoken,
    last: HashMap<Message, Spoken>,
    cut: bool,
    held: bool,
    /// What is answered in the sede's place.
    answer: Option<String>,
    open: Vec<TcpStream>,
    happened: u32,
}

/// See the module.
pub(crate) struct Wire {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    sede: u16,
    state: Mutex<State>,
    mended: Condvar,
}

impl Wire {
    /// A line to the port of a sede.
    pub(crate) fn to(sede: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            sede,
            state: Mutex::default(),
            mended: Condvar::new(),
        });
        let taking = Arc::clone(&shared);
        // It ends with the process: nothing of a test waits for it.
        thread::spawn(move || {
            for studio in listener.incoming().flatten() {
                taking.connect(studio);
            }
        });
        Self { port, shared }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap()
    }

    /// In the next `message`, after so many bytes of its way up or down, `act` happens.
    pub(crate) fn then(&self, message: Message, way: Direction, after: usize, act: Act) {
        self.state().fault = Some(Fault {
            message,
            way,
            after,
            act,
        });
    }

    /// How often something happened.
    pub(crate) fn happened(&self) -> u32 {
        self.state().happened
    }

    /// Cuts the line now.
    pub(crate) fn cut(&self) {
        self.state().cut();
    }

    /// Whoever asks is answered with this from now on, as by something that stands before the sede. The answer ends its
    /// connection.
    pub(crate) fn answer(&self, answer: String) {
        self.state().answer = Some(answer);
    }

    /// The line is as it was. Returns whether what was to happen has.
    pub(crate) fn mend(&self) -> bool {
        let mut state = self.state();
        if state.held {
            state.hang_up();
        }
        (state.cut, state.held, state.answer) = (false, false, None);
        self.shared.mended.notify_all();
        state.fault.take().is_none()
    }

    /// A message begins.
    pub(crate) fn begins(&self, message: Message) {
        let mut state = self.state();
        state.under_way = Some(message);
        state.spoken = Spoken::default();
    }

    /// A message is over, whatever came of it.
    pub(crate) fn over(&self) {
        let mut state = self.state();
        if let Some(message) = state.under_way.take() {
            let spoken = std::mem::take(&mut state.spoken);
            state.last.insert(message, spoken);
        }
    }

    /// What was said in the last such message.
    pub(crate) fn last(&self, message: Message) -> Spoken {
        self.state().last.get(&message).cloned().unwrap_or_default()
    }
}

impl State {
    fn hang_up(&mut self) {
        for stream in self.open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn cut(&mut self) {
        self.cut = true;
        self.hang_up();
    }

    /// How much of `bytes` passes, and what happens then.
    fn takes(&mut self, way: Direction, bytes: &[u8]) -> (usize, Option<Act>) {
        let Some(message) = self.under_way else {
            return (bytes.len(), None);
        };
        let spoken = match way {
            Direction::Up => &mut self.spoken.up,
            Direction::Down => &mut self.spoken.down,
        };
        let before = spoken.len();
        spoken.extend_from_slice(bytes);
        let reached = spoken.len();
        let due = |fault: &mut Fault| fault.message == message && fault.way == way && reached > fault.after;
        match self.fault.take_if(due) {
            Some(fault) => {
                self.happened += 1;
                (fault.after.saturating_sub(before), Some(fault.act))
            }
            None => (bytes.len(), None),
        }
    }
}

impl Shared {
    fn connect(self: &Arc<Self>, studio: TcpStream) {
        let mut state = self.state.lock().unwrap();
        if state.cut {
            return;
        }
        // A sede that is not there is a line that leads nowhere.
        let Ok(sede) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.sede)) else {
            return;
        };
        for stream in [&studio, &sede] {
            let _ = stream.set_nodelay(true);
            state.open.push(stream.try_clone().unwrap());
        }
        let (up, down) = (studio.try_clone().unwrap(), sede.try_clone().unwrap());
        drop(state);
        for (way, from, to) in [(Direction::Up, up, sede), (Direction::Down, down, studio)] {
            let shared = Arc::clone(self);
            thread::spawn(move || shared.forward(way, from, to));
        }
    }

    fn forward(&self, way: Direction, mut from: TcpStream, mut to: TcpStream) {
        let mut piece = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut piece) {
            let mut state = self.state.lock().unwrap();
            while state.held {
                state = self.mended.wait(state).unwrap();
            }
            if state.cut {
                break;
            }
            if let Some(answer) = state.answer.clone().filter(|_| way == Direction::Up) {
                drop(state);
                answer_instead(&mut from, piece[..read].to_vec(), &answer);
                break;
            }
            let (passes, act) = state.takes(way, &piece[..read]);
            // What passes is on its way before anything happens.
            let sent = to.write_all(&piece[..passes]);
            match act {
                Some(Act::Cut) => state.cut(),
                Some(Act::Hold) => {
                    state.held = true;
                    while state.held {
                        state = self.mended.wait(state).unwrap();
                    }
                    break;
                }
                Some(Act::Meanwhile(act)) => act(),
                None => {}
            }
            if state.cut || sent.is_err() {
                break;
            }
            drop(state);
            if to.write_all(&piece[passes..read]).is_err() {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }
}

/// The same answer, whatever `asked` goes on with. The studio hangs up: a line that is closed on what it still says would
/// take the answer away.
fn answer_instead(studio: &mut TcpStream, mut asked: Vec<u8>, answer: &str) {
    let mut piece = [0; 4 * 1024];
    let mut is_answered = false;
    loop {
        if !is_answered && asked.windows(4).any(|end| end == b"\r\n\r\n") {
            is_answered = studio.write_all(answer.as_bytes()).is_ok();
        }
        match studio.read(&mut piece) {
            Ok(read @ 1..) => asked.extend_from_slice(&piece[..read]),
            Ok(_) | Err(_) => return,
        }
    }
}
