//! The icon beside the clock: how many things need somebody, and the way to the window. Where there is none to be had, the
//! program goes on without.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{App, AppHandle, Manager, Runtime, include_image};

use crate::background::BackgroundWork;
use crate::folders::Folders;
use crate::program::Program;
use crate::{closing, texts, window};

const OPEN: &str = "open";
const SYNC: &str = "sync";
const QUIT: &str = "quit";

/// The icon with nothing, one thing, and so on up to *more than nine*; drawn by `make icons`.
const ICONS: [Image<'_>; 11] = [
    include_image!("../icons/tray/0.png"),
    include_image!("../icons/tray/1.png"),
    include_image!("../icons/tray/2.png"),
    include_image!("../icons/tray/3.png"),
    include_image!("../icons/tray/4.png"),
    include_image!("../icons/tray/5.png"),
    include_image!("../icons/tray/6.png"),
    include_image!("../icons/tray/7.png"),
    include_image!("../icons/tray/8.png"),
    include_image!("../icons/tray/9.png"),
    include_image!("../icons/tray/more.png"),
];

fn icon(count: u32) -> Image<'static> {
    let index = usize::try_from(count).unwrap_or(usize::MAX).min(ICONS.len() - 1);
    ICONS[index].clone()
}

/// The icon, and what it shows.
struct Tray<R: Runtime> {
    icon: TrayIcon<R>,
    sync: MenuItem<R>,
    shown: Mutex<Shown>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shown {
    count: u32,
    at_work: bool,
}

/// Puts the icon there.
pub(crate) fn begin<R: Runtime>(app: &App<R>, folders: &Folders) {
    // On Linux the library is looked for when the icon is made, and panics where it is not installed.
    match catch_unwind(AssertUnwindSafe(|| make(app, folders))) {
        Ok(Ok(tray)) => {
            app.manage(tray);
            app.state::<BackgroundWork>().has_tray();
        }
        Ok(Err(error)) => tracing::warn!(%error, "there is no icon beside the clock"),
        Err(_) => tracing::warn!("there is no icon beside the clock: the library for it is missing"),
    }
}

fn make<R: Runtime>(app: &App<R>, folders: &Folders) -> tauri::Result<Tray<R>> {
    let item = |id, text, enabled| MenuItem::with_id(app, id, text, enabled, None::<&str>);
    let sync = item(SYNC, texts::TRAY_SYNC, false)?;
    let menu = Menu::with_items(
        app,
        &[
            &item(OPEN, texts::TRAY_OPEN, true)?,
            &sync,
            &item(QUIT, texts::TRAY_QUIT, true)?,
        ],
    )?;
    let icon = TrayIconBuilder::with_id("agenda-sede")
        .icon(icon(0))
        .tooltip(texts::tray(0))
        .temp_dir_path(folders.tray())
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| chosen(app, &event))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::bring_forward(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(Tray {
        icon,
        sync,
        shown: Mutex::default(),
    })
}

fn chosen<R: Runtime>(app: &AppHandle<R>, event: &MenuEvent) {
    match event.id().as_ref() {
        OPEN => window::bring_forward(app),
        SYNC => sync_now(app),
        QUIT => closing::quit(app),
        _ => {}
    }
}

fn sync_now<R: Runtime>(app: &AppHandle<R>) {
    let Ok(studio) = app.state::<Program>().studio() else {
        return;
    };
    tauri::async_runtime::spawn(async move {
        if let Err(error) = studio.sync_now().await {
            tracing::error!(%error, "a round that was asked for could not be written down");
        }
    });
}

/// Shows how things stand now.
pub(crate) fn refresh<R: Runtime>(app: &AppHandle<R>) {
    if app.try_state::<Tray<R>>().is_none() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let now = match app.state::<Program>().studio() {
            Ok(studio) => match studio.badges().await {
                Ok(badges) => Shown {
                    count: badges.today,
                    at_work: true,
                },
                // It is told where it is asked for; here it is as it was.
                Err(_) => return,
            },
            Err(_) => Shown::default(),
        };
        if let Err(error) = app.state::<Tray<R>>().show(now) {
            tracing::warn!(%error, "the icon beside the clock is as it was");
        }
    });
}

impl<R: Runtime> Tray<R> {
    fn show(&self, now: Shown) -> tauri::Result<()> {
        let before = std::mem::replace(&mut *self.shown.lock().unwrap_or_else(PoisonError::into_inner), now);
        if before.count != now.count {
            self.icon.set_icon(Some(icon(now.count)))?;
            self.icon.set_tooltip(Some(texts::tray(now.count)))?;
        }
        if before.at_work != now.at_work {
            self.sync.set_enabled(now.at_work)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_has_its_icon() {
        let pixels = |count| icon(count).rgba().to_vec();
        for count in 0..10 {
            assert_ne!(pixels(count), pixels(count + 1), "{count} and {}", count + 1);
        }
        assert_eq!(pixels(10), pixels(400), "more than nine");
    }
}
