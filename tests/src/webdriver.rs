//! The WebDriver protocol, as far as these tests need it. Blocking: a test does one thing after the other.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};

/// A key that has no character, as WebDriver writes it.
pub mod key {
    /// Tab.
    pub const TAB: char = '\u{E004}';
    /// Enter.
    pub const ENTER: char = '\u{E007}';
    /// Shift.
    pub const SHIFT: char = '\u{E008}';
    /// Control.
    pub const CONTROL: char = '\u{E009}';
    /// Alt.
    pub const ALT: char = '\u{E00A}';
    /// Escape.
    pub const ESCAPE: char = '\u{E00C}';
    /// Space.
    pub const SPACE: char = ' ';
    /// End.
    pub const END: char = '\u{E010}';
    /// Home.
    pub const HOME: char = '\u{E011}';
    /// Left.
    pub const LEFT: char = '\u{E012}';
    /// Up.
    pub const UP: char = '\u{E013}';
    /// Right.
    pub const RIGHT: char = '\u{E014}';
    /// Down.
    pub const DOWN: char = '\u{E015}';
}

/// An element of the page, as WebDriver names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Element {
    /// The element in the answer of a script.
    pub fn from_json(value: &Value) -> Option<Self> {
        value.get(ELEMENT)?.as_str().map(|id| Self(id.to_owned()))
    }

    /// For the arguments of a script.
    pub fn to_json(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

/// What the driver or the page answered instead of a result.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// WebDriver's name for it, `stale element reference`.
    pub error: String,
    /// What it says.
    pub message: String,
}

/// One session: one start of the program.
#[derive(Debug)]
pub struct Session {
    agent: ureq::Agent,
    address: String,
}

impl Session {
    /// Starts `application` through the driver at `port`.
    ///
    /// # Errors
    /// [`Refusal`] where the driver could not start it.
    pub fn start(port: u16, application: &Path) -> Result<Self, Refusal> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(90)))
            .build();
        let agent = ureq::Agent::new_with_config(config);
        let root = format!("http://127.0.0.1:{port}/session");
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "wry",
            "tauri:options": { "application": application },
        } } });
        let value = read(agent.post(&root).send_json(&capabilities))?;
        let id = value["sessionId"].as_str().unwrap_or_default();
        let session = Self {
            agent,
            address: format!("{root}/{id}"),
        };
        session.post(
            "timeouts",
            &json!({ "script": 60_000, "pageLoad": 60_000, "implicit": 0 }),
        )?;
        Ok(session)
    }

    /// Ends the session, and the program with it.
    ///
    /// # Errors
    /// [`Refusal`], also where the program is gone already.
    pub fn end(&self) -> Result<(), Refusal> {
        read(self.agent.delete(&self.address).call()).map(drop)
    }

    /// Runs `script`, the body of a function, and gives what it returns.
    ///
    /// # Errors
    /// [`Refusal`], with what the script threw.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value, Refusal> {
        self.post("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs `script`, the body of a function whose last argument is to be called with the result.
    ///
    /// # Errors
    /// [`Refusal`], with what the script threw.
    pub fn run_until_called(&self, script: &str, arguments: &[Value]) -> Result<Value, Refusal> {
        self.post("execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// Clicks in the middle of `element`, as a mouse would: what lies above it gets the click.
    ///
    /// # Errors
    /// [`Refusal`] where it can't be reached.
    pub fn click(&self, element: &Element) -> Result<(), Refusal> {
        self.post(&format!("element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Presses `keys` one after the other, in whatever has the focus.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn press(&self, keys: impl IntoIterator<Item = char>) -> Result<(), Refusal> {
        let strokes = keys
            .into_iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() })))
            .collect::<Vec<_>>();
        self.strokes(&strokes)
    }

    /// Presses `key` while `held` are down.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn press_with(&self, held: &[char], key: char) -> Result<(), Refusal> {
        let stroke = |kind: &str, key: &char| json!({ "type": kind, "value": key.to_string() });
        let mut strokes: Vec<Value> = held.iter().map(|key| stroke("keyDown", key)).collect();
        strokes.push(stroke("keyDown", &key));
        strokes.push(stroke("keyUp", &key));
        strokes.extend(held.iter().rev().map(|key| stroke("keyUp", key)));
        self.strokes(&strokes)
    }

    fn strokes(&self, strokes: &[Value]) -> Result<(), Refusal> {
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.post("actions", &actions).map(drop)
    }

    /// The windows that the driver can speak to, by its names for them.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn windows(&self) -> Result<Vec<String>, Refusal> {
        let handles = read(self.agent.get(format!("{}/window/handles", self.address)).call())?;
        let handles = handles.as_array().into_iter().flatten();
        Ok(handles
            .filter_map(|handle| handle.as_str().map(str::to_owned))
            .collect())
    }

    /// Speaks to another window from now on.
    ///
    /// # Errors
    /// [`Refusal`] where it is gone.
    pub fn turn_to(&self, window: &str) -> Result<(), Refusal> {
        self.post("window", &json!({ "handle": window })).map(drop)
    }

    /// The page as PNG.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn screenshot(&self) -> Result<Vec<u8>, Refusal> {
        let value = read(self.agent.get(format!("{}/screenshot", self.address)).call())?;
        base64::engine::general_purpose::STANDARD
            .decode(value.as_str().unwrap_or_default())
            .map_err(|error| Refusal {
                error: "screenshot".to_owned(),
                message: error.to_string(),
            })
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        read(self.agent.post(format!("{}/{path}", self.address)).send_json(body))
    }
}

fn read(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Refusal> {
    let unanswered = |error: ureq::Error| Refusal {
        error: "no answer".to_owned(),
        message: error.to_string(),
    };
    let mut answer: Value = response
        .map_err(unanswered)?
        .body_mut()
        .with_config()
        .limit(64 * 1024 * 1024)
        .read_json()
        .map_err(unanswered)?;
    let value = answer["value"].take();
    match value.get("error").and_then(Value::as_str) {
        Some(error) => Err(Refusal {
            error: error.to_owned(),
            message: value["message"].as_str().unwrap_or_default().to_owned(),
        }),
        None => Ok(value),
    }
}
