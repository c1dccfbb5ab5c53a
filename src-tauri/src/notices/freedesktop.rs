//! Notices as Linux desktops take them, over the session bus (Desktop Notifications Specification 1.2).
//!
//! One task holds the connection: it shows what it is asked to, and hears the clicks. It is made when there is something to
//! show, and made again where the bus was lost.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use tokio::sync::{mpsc, oneshot};
use zbus::zvariant::Value;

use super::{NativeNotice, Notices};
use crate::texts;

/// The icon's name where the program is installed.
const ICON: &str = "agenda-sede";

/// The action that a click on the notice itself is.
const CLICK: &str = "default";

/// A desktop that does not answer in this time takes no notices.
const PATIENCE: Duration = Duration::from_secs(5);

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Desktop {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[allow(clippy::too_many_arguments, reason = "so it is specified")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

enum Request {
    Show(NativeNotice),
    Ask(oneshot::Sender<bool>),
}

/// See the module.
pub(super) struct Freedesktop(mpsc::UnboundedSender<Request>);

impl Freedesktop {
    pub(super) fn begin() -> Self {
        let (requests, asked) = mpsc::unbounded_channel();
        tauri::async_runtime::spawn(serve(asked));
        Self(requests)
    }
}

#[async_trait]
impl Notices for Freedesktop {
    fn show(&self, notice: NativeNotice) {
        // It is served as long as the program runs.
        let _ = self.0.send(Request::Show(notice));
    }

    async fn are_taken(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        let _ = self.0.send(Request::Ask(answer));
        answered.await.unwrap_or_default()
    }
}

async fn serve(mut asked: mpsc::UnboundedReceiver<Request>) {
    let mut complained = false;
    let mut next = asked.recv().await;
    while let Some(request) = next {
        next = match Bus::connect().await {
            Ok(bus) => {
                complained = false;
                bus.serve(request, &mut asked).await
            }
            Err(error) => {
                if !complained {
                    tracing::warn!(%error, "the desktop takes no notices");
                    complained = true;
                }
                if let Request::Ask(answer) = request {
                    let _ = answer.send(false);
                }
                asked.recv().await
            }
        };
    }
}

/// Why there are no notices.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Bus(#[from] zbus::Error),
    #[error("nobody answers on the session bus")]
    Unanswered,
}

async fn in_time<T>(answer: impl Future<Output = zbus::Result<T>>) -> Result<T, Trouble> {
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    Ok(answer.map_err(|_| Trouble::Unanswered)??)
}

/// The session bus, with a desktop on it that takes notices.
struct Bus {
    desktop: DesktopProxy<'static>,
    clicks: ActionInvokedStream,
    closings: NotificationClosedStream,
    /// Whether text is read as markup.
    marks_up: bool,
    shown: HashMap<u32, Arc<dyn Fn() + Send + Sync>>,
}

impl Bus {
    async fn connect() -> Result<Self, Trouble> {
        let connection = in_time(zbus::Connection::session()).await?;
        let desktop = in_time(DesktopProxy::new(&connection)).await?;
        let can = in_time(desktop.get_capabilities()).await?;
        Ok(Self {
            clicks: in_time(desktop.receive_action_invoked()).await?,
            closings: in_time(desktop.receive_notification_closed()).await?,
            marks_up: can.iter().any(|can| can == "body-markup"),
            shown: HashMap::new(),
            desktop,
        })
    }

    /// Serves until the bus is lost or the desktop takes no more; gives back what is asked next.
    async fn serve(mut self, first: Request, asked: &mut mpsc::UnboundedReceiver<Request>) -> Option<Request> {
        let mut next = Some(first);
        loop {
            match next {
                Some(Request::Show(notice)) => {
                    if let Err(error) = self.show(notice).await {
                        tracing::warn!(%error, "the desktop did not take a notice");
                        return asked.recv().await;
                    }
                }
                Some(Request::Ask(answer)) => {
                    let there = in_time(self.desktop.get_capabilities()).await.is_ok();
                    let _ = answer.send(there);
                    if !there {
                        return asked.recv().await;
                    }
                }
                None => {}
            }
            next = tokio::select! {
                request = asked.recv() => Some(request?),
                click = self.clicks.next() => {
                    let Some(click) = click else { return asked.recv().await };
                    self.clicked(&click);
                    None
                }
                closing = self.closings.next() => {
                    let Some(closing) = closing else { return asked.recv().await };
                    if let Ok(closed) = closing.args() {
                        self.shown.remove(&closed.id);
                    }
                    None
                }
            };
        }
    }

    async fn show(&mut self, notice: NativeNotice) -> Result<(), Trouble> {
        let NativeNotice { title, text, clicked } = notice;
        let text = if self.marks_up { as_markup(&text) } else { text };
        let actions = [CLICK, texts::NOTICE_OPEN];
        let shown = self
            .desktop
            .notify(texts::NAME, 0, ICON, &title, &text, &actions, HashMap::new(), -1);
        self.shown.insert(in_time(shown).await?, clicked);
        Ok(())
    }

    /// Clicks on the notices of every program come here.
    fn clicked(&self, click: &ActionInvoked) {
        let Ok(click) = click.args() else { return };
        if click.action_key == CLICK
            && let Some(clicked) = self.shown.get(&click.id)
        {
            clicked();
        }
    }
}

/// `text` so that it reads the same where text is markup.
fn as_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::as_markup;

    #[test]
    fn a_name_is_never_read_as_markup() {
        assert_eq!(as_markup("<b>Bianchi & C.</b>"), "&lt;b&gt;Bianchi &amp; C.&lt;/b&gt;");
    }
}
