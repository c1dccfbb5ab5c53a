//! Hints, as server-sent events: one connection that stays open, made again when it breaks.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::ACCEPT;
use store::{DeviceToken, StoreError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::wire::{Wire, accepted, authorized, unreachable};
use crate::api::{HINT, path};

/// Between two attempts to listen, doubling from the first to the last.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));

/// The longest line of an event that is looked at; the server's are far shorter.
const LONGEST_LINE: usize = 4 * 1024;

/// Listens once somebody wants to know.
pub(crate) struct Watch {
    wire: Wire,
    token: DeviceToken,
    hints: Arc<Notify>,
    listening: OnceLock<JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn new(wire: Wire, token: DeviceToken) -> Self {
        Self {
            wire,
            token,
            hints: Arc::new(Notify::new()),
            listening: OnceLock::new(),
        }
    }

    /// The next hint; one that came while nobody waited is given at once.
    pub(crate) async fn hinted(&self) {
        self.listening.get_or_init(|| {
            let (wire, token, hints) = (self.wire.clone(), self.token.clone(), Arc::clone(&self.hints));
            tokio::spawn(async move { listen(&wire, &token, &hints).await })
        });
        self.hints.notified().await;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(listening) = self.listening.get() {
            listening.abort();
        }
    }
}

/// For ever: polling goes on beside it, so that a server without hints is only a little slower to follow.
async fn listen(wire: &Wire, token: &DeviceToken, hints: &Notify) {
    let mut pause = PAUSES.0;
    loop {
        let mut heard = false;
        let ended = hear(wire, token, || {
            heard = true;
            hints.notify_one();
        })
        .await;
        if heard {
            pause = PAUSES.0;
        }
        if let Err(error) = ended {
            tracing::debug!(%error, "hints stopped");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// One connection, until it ends.
async fn hear(wire: &Wire, token: &DeviceToken, mut hint: impl FnMut()) -> Result<(), StoreError> {
    let request = authorized(wire.open_ended(Method::GET, path::HINTS), token).header(ACCEPT, "text/event-stream");
    let response = request.send().await.map_err(|error| unreachable(&error))?;
    let mut response = accepted(response).await?;
    let mut events = Events::default();
    // The server says something every few seconds; the silence after which a connection is given up is the client's.
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        for _ in 0..events.hints_in(&chunk) {
            hint();
        }
    }
    Ok(())
}

/// As much of the event-stream format as a hint needs: its name.
#[derive(Default)]
struct Events {
    line: Vec<u8>,
}

impl Events {
    /// How many hints `chunk` completes.
    fn hints_in(&mut self, chunk: &[u8]) -> usize {
        let mut hints = 0;
        for byte in chunk {
            match byte {
                b'\n' | b'\r' => {
                    let name = self.line.strip_prefix(b"event:").map(<[u8]>::trim_ascii);
                    hints += usize::from(name == Some(HINT.as_bytes()));
                    self.line.clear();
                }
                byte if self.line.len() < LONGEST_LINE => self.line.push(*byte),
                _ => {}
            }
        }
        hints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_heard_however_the_stream_is_cut() {
        let stream = b": hello\n\nevent: hint\ndata:\n\nevent:hint\r\ndata: x\r\n\r\nevent: other\ndata: hint\n\n";
        for size in 1..stream.len() {
            let mut events = Events::default();
            let heard: usize = stream.chunks(size).map(|chunk| events.hints_in(chunk)).sum();
            assert_eq!(heard, 2, "in pieces of {size}");
        }
    }

    #[test]
    fn a_line_without_end_takes_no_more_room_than_a_long_one() {
        let mut events = Events::default();
        for _ in 0..1_000 {
            assert_eq!(events.hints_in(&[b'x'; 1_000]), 0);
        }
        assert!(events.line.len() <= LONGEST_LINE);
        assert_eq!(events.hints_in(b"\nevent: hint\n\n"), 1);
    }
}
