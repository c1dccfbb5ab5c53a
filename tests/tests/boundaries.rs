//! Which crate may know which. Read off cargo's own account of the workspace, so that a new crate must be placed here.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// What each crate may depend on, of the workspace's own. Arrows run one way: nobody names a crate further down.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("import", &["domain"]),
    ("store", &["domain"]),
    ("store-sqlite", &["domain", "store"]),
    ("store-postgres", &["domain", "store"]),
    ("store-http", &["domain", "store"]),
    ("postgres-cluster", &[]),
    (
        "sede-for-tests",
        &["domain", "store", "store-postgres", "postgres-cluster"],
    ),
    (
        "sede",
        &[
            "domain",
            "store",
            "store-sqlite",
            "store-postgres",
            "store-http",
            "training",
        ],
    ),
    ("training", &["domain", "store"]),
    ("cache", &["domain", "store"]),
    ("sync", &["domain", "store", "cache"]),
    ("studio", &["domain", "import", "store", "cache", "sync"]),
    (
        "agenda-sede",
        &[
            "domain",
            "store",
            "store-sqlite",
            "store-http",
            "training",
            "cache",
            "sync",
            "studio",
        ],
    ),
];

/// What only the shell may reach, with all that makes a window.
const SHELL_ONLY: &[&str] = &[
    "tauri",
    "tauri-runtime",
    "wry",
    "tao",
    "rfd",
    "keyring",
    "keyring-core",
    "gtk",
    "webkit2gtk",
];

/// What the rules do without: a database, a network, a runtime.
const NOT_IN_DOMAIN: &[&str] = &["tokio", "sqlx", "reqwest", "hyper", "async-trait", "tracing"];

struct Workspace {
    names: BTreeMap<String, String>,
    members: BTreeSet<String>,
    /// Dependencies of each package that end up in its build (not those of its tests only).
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Workspace {
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--manifest-path",
                concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"),
            ])
            .output()
            .expect("cargo can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let list = |value: &Value| value.as_array().expect("a list").clone();
        let names = list(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let members = list(&metadata["workspace_members"]).iter().map(text).collect();
        let edges = list(&metadata["resolve"]["nodes"])
            .iter()
            .map(|node| {
                let built = list(&node["deps"])
                    .iter()
                    .filter(|dep| {
                        list(&dep["dep_kinds"])
                            .iter()
                            .any(|kind| kind["kind"].as_str() != Some("dev"))
                    })
                    .map(|dep| text(&dep["pkg"]))
                    .collect();
                (text(&node["id"]), built)
            })
            .collect();
        Self { names, members, edges }
    }

    fn id(&self, name: &str) -> &str {
        self.members
            .iter()
            .find(|id| self.names[*id] == name)
            .unwrap_or_else(|| panic!("{name} is not in the workspace"))
    }

    fn direct(&self, name: &str) -> BTreeSet<&str> {
        self.edges[self.id(name)]
            .iter()
            .map(|id| self.names[id].as_str())
            .collect()
    }

    fn reached(&self, name: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![self.id(name)];
        while let Some(id) = open.pop() {
            for next in &self.edges[id] {
                if seen.insert(self.names[next].as_str()) {
                    open.push(next);
                }
            }
        }
        seen
    }
}

#[test]
fn every_arrow_runs_the_way_it_should() {
    let workspace = Workspace::read();
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in ARROWS {
        let wrong: Vec<_> = workspace
            .direct(name)
            .into_iter()
            .filter(|dep| ours.contains(dep) && !allowed.contains(dep))
            .collect();
        assert!(wrong.is_empty(), "{name} must not know {wrong:?}");
    }
}

#[test]
fn every_crate_has_its_place_among_the_arrows() {
    let workspace = Workspace::read();
    let placed: BTreeSet<&str> = ARROWS
        .iter()
        .map(|(name, _)| *name)
        .chain(["agenda-sede-tests"])
        .collect();
    let members: BTreeSet<&str> = workspace
        .members
        .iter()
        .map(|id| workspace.names[id].as_str())
        .collect();
    assert_eq!(
        members, placed,
        "a crate that nobody placed is one that nobody keeps apart"
    );
}

#[test]
fn only_the_shell_reaches_the_window_the_dialogs_and_the_keyring() {
    let workspace = Workspace::read();
    for (name, _) in ARROWS.iter().filter(|(name, _)| *name != "agenda-sede") {
        let reached = workspace.reached(name);
        let wrong: Vec<_> = SHELL_ONLY
            .iter()
            .filter(|forbidden| reached.contains(*forbidden))
            .collect();
        assert!(
            wrong.is_empty(),
            "{name} reaches {wrong:?}: it could not serve without a window any more"
        );
    }
}

#[test]
fn the_rules_need_no_database_no_network_and_no_runtime() {
    let workspace = Workspace::read();
    let reached = workspace.reached("domain");
    let wrong: Vec<_> = NOT_IN_DOMAIN
        .iter()
        .filter(|forbidden| reached.contains(*forbidden))
        .collect();
    assert!(
        wrong.is_empty(),
        "domain reaches {wrong:?}: server and desktop could not share it any more"
    );
}
