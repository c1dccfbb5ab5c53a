//! The program without a display: its commands, called as its page calls them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError};

use agenda_sede::background::{Autostart, BackgroundWork, Desktop};
use agenda_sede::dropped::DroppedFiles;
use agenda_sede::folders::Folders;
use agenda_sede::notices::{NativeNotice, Notices};
use agenda_sede::program::Program;
use agenda_sede::window::MainWindow;
use agenda_sede_tests::waiting;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::time::Now;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use store::SetClock;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Manager as _, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;
use training::{Seed, Training};

pub(crate) const MONDAY: &str = "2026-11-23T08:41:00Z";

/// The id of nothing and nobody.
pub(crate) const NOBODY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

pub(crate) fn monday() -> DateTime<Utc> {
    MONDAY.parse().expect("a moment")
}

pub(crate) fn training() -> Training {
    Training::new(Seed(6542), 50, Now::at(monday()))
}

/// A desktop of the tests' own, which remembers what it was asked for.
pub(crate) struct OwnDesktop {
    /// The notices that it shows.
    pub(crate) shown: Mutex<Vec<NativeNotice>>,
    /// Whether it starts the program; a computer that does not allow it says why.
    pub(crate) starts: Mutex<Result<bool, String>>,
}

impl OwnDesktop {
    /// The notices, as title and text.
    pub(crate) fn notices(&self) -> Vec<(String, String)> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().map(|one| (one.title.clone(), one.text.clone())).collect()
    }

    /// Clicks on the last notice.
    pub(crate) fn click(&self) {
        let clicked = {
            let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&shown.last().expect("a notice").clicked)
        };
        clicked();
    }

    /// Allows nobody to be started any more.
    pub(crate) fn forbid_starts(&self) {
        *self.starts.lock().unwrap_or_else(PoisonError::into_inner) = Err("managed".to_owned());
    }
}

#[async_trait]
impl Notices for OwnDesktop {
    fn show(&self, notice: NativeNotice) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
    }

    async fn are_taken(&self) -> bool {
        true
    }
}

impl Autostart for OwnDesktop {
    fn is_on(&self) -> Result<bool, String> {
        self.starts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, on: bool) -> Result<(), String> {
        let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(starts) = &mut *starts {
            *starts = on;
        }
        starts.clone().map(drop)
    }
}

static KEYRING: Once = Once::new();

/// The program without a display.
pub(crate) struct Ipc {
    pub(crate) data: TempDir,
    pub(crate) app: App<MockRuntime>,
    /// That of the training sede.
    pub(crate) clock: Arc<SetClock>,
    pub(crate) desktop: Arc<OwnDesktop>,
    window: WebviewWindow<MockRuntime>,
    pub(crate) called: Mutex<BTreeSet<String>>,
}

impl Ipc {
    pub(crate) fn new() -> Self {
        Self::over(tempfile::tempdir().expect("a data folder"))
    }

    /// With what is in this data folder.
    pub(crate) fn over(data: TempDir) -> Self {
        // A keyring of the tests' own: what is in it ends with them.
        KEYRING.call_once(|| keyring_core::set_default_store(keyring_core::mock::Store::new().expect("a keyring")));
        let app = agenda_sede::with_commands(mock_builder())
            .build(agenda_sede::context())
            .expect("the program can be built");
        app.manage(agenda_sede::closing::Closing::default());
        app.manage(DroppedFiles::default());
        app.manage(MainWindow::default());
        let folders = Folders::at(data.path().to_owned());
        let desktop = Arc::new(OwnDesktop {
            shown: Mutex::default(),
            starts: Mutex::new(Ok(false)),
        });
        let around = Desktop {
            notices: desktop.clone(),
            autostart: desktop.clone(),
        };
        app.manage(BackgroundWork::new(&folders, around));
        let clock = Arc::new(SetClock::new(monday()));
        app.manage(Program::new(folders, clock.clone()));
        let window = app.get_webview_window("main").unwrap_or_else(|| {
            WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
                .build()
                .expect("the program's window")
        });
        Self {
            data,
            app,
            clock,
            desktop,
            window,
            called: Mutex::default(),
        }
    }

    /// With the small training sede made, read, and nothing of it left to give notice of.
    pub(crate) fn at_work() -> Self {
        let ipc = Self::new();
        ipc.good("training_start", json!({ "size": "small" }));
        waiting::until("the store is not read", || {
            (ipc.good("sync_now", json!({}))["connection"]["state"] == "connected").then_some(())
        });
        ipc.told("");
        ipc
    }

    /// Waits until it is written down that `what` was told, or counts as told.
    #[track_caller]
    pub(crate) fn told(&self, what: &str) {
        waiting::until(&format!("“{what}” is not told"), || {
            let is_told = |row: &String| row.starts_with("setting: 'told'|") && row.contains(what);
            self.dump().iter().any(is_told).then_some(())
        });
    }

    pub(crate) fn call_from(
        &self,
        window: &WebviewWindow<MockRuntime>,
        command: &str,
        arguments: Value,
    ) -> Result<Value, Value> {
        self.called
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(command.to_owned());
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().expect("an address"),
            body: InvokeBody::Json(arguments),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(window, request).map(|body| body.deserialize().expect("an answer is JSON"))
    }

    pub(crate) fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.call_from(&self.window, command, arguments)
    }

    #[track_caller]
    pub(crate) fn good(&self, command: &str, arguments: Value) -> Value {
        let asked = arguments.to_string();
        match self.call(command, arguments) {
            Ok(answer) => answer,
            Err(failure) => panic!("{command} {asked} is refused: {failure}"),
        }
    }

    /// The rows of the studio's own file and of the store: what must be as it was.
    pub(crate) fn dump(&self) -> Vec<String> {
        let folder = self.data.path().join("training");
        tauri::async_runtime::block_on(async move {
            let mut rows = dump(&folder.join("studio.db")).await;
            rows.extend(dump(&folder.join("store.sqlite")).await);
            rows
        })
    }

    pub(crate) fn store_file(&self) -> PathBuf {
        self.data.path().join("training/store.sqlite")
    }
}

/// Every row of every table of a SQLite file, as text.
pub(crate) async fn dump(file: &Path) -> Vec<String> {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file))
        .await
        .expect("the file can be read");
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .fetch_all(&mut connection)
        .await
        .expect("its tables");
    let mut rows = Vec::new();
    for table in tables {
        let columns = "SELECT name FROM pragma_table_info(?)";
        let columns: Vec<String> = sqlx::query_scalar(columns)
            .bind(&table)
            .fetch_all(&mut connection)
            .await
            .expect("its columns");
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let all = format!("SELECT {} FROM \"{table}\"", quoted.join(" || '|' || "));
        let found = sqlx::query(AssertSqlSafe(all))
            .fetch_all(&mut connection)
            .await
            .expect("its rows");
        let mut of_table: Vec<String> = found
            .iter()
            .map(|row| format!("{table}: {}", row.get::<String, _>(0)))
            .collect();
        of_table.sort_unstable();
        rows.append(&mut of_table);
    }
    connection.close().await.expect("the file can be closed");
    rows
}

/// The commands that `build.rs` registers.
pub(crate) fn registered() -> BTreeSet<String> {
    let text = include_str!("../../../src-tauri/build.rs");
    let list = text
        .split_once("COMMANDS")
        .and_then(|(_, after)| after.split_once("];"))
        .expect("the list")
        .0;
    list.lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
        .map(str::to_owned)
        .collect()
}

/// A query that asks for nothing in particular.
pub(crate) fn query(change: &Value) -> Value {
    let mut query = json!({
        "bookable": "any", "statuses": [], "company": null, "topic": null, "opened_from": null, "opened_to": null,
        "text": "", "sort": "code", "descending": false,
    });
    for (name, value) in change.as_object().expect("fields") {
        query[name] = value.clone();
    }
    json!({ "query": query })
}
