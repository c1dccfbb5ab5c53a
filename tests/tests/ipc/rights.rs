//! What may be asked, and from where: what no right allows is refused, and nothing but the status is told before the first
//! start.

use serde_json::json;
use tauri::WebviewWindowBuilder;

use crate::program::{Ipc, NOBODY, query, registered};

#[test]
fn before_the_first_start_nothing_can_be_asked_but_the_status() {
    let ipc = Ipc::new();
    assert_eq!(ipc.good("app_status", json!({}))["phase"], "first_start");
    let asked = [
        ("sync_now", json!({})),
        ("repairs_seen", json!({})),
        (
            "settings_save",
            json!({ "settings": { "theme": "dark", "phone": "", "email": "" } }),
        ),
        ("tickets_open", query(&json!({}))),
        ("ticket_open", json!({ "code": "LU-1" })),
        ("booking_prepare", json!({ "tickets": ["LU-1"] })),
        ("drafts_list", json!({})),
        ("attachments_pick", json!({ "draft": NOBODY })),
        ("agenda_list", json!({ "past": false })),
        ("today_read", json!({})),
    ];
    for (command, arguments) in asked {
        let failure = ipc.call(command, arguments).expect_err("there is no sede yet");
        assert_eq!(failure["code"], "not_ready", "{command}: {failure}");
    }
    let left: Vec<_> = std::fs::read_dir(ipc.data.path()).expect("the data folder").collect();
    assert!(
        left.is_empty(),
        "something was written before anything was chosen: {left:?}"
    );
}

#[test]
fn what_no_right_allows_is_refused() {
    let ipc = Ipc::at_work();
    let before = ipc.dump();
    let other = WebviewWindowBuilder::new(&ipc.app, "altra", tauri::WebviewUrl::default())
        .build()
        .expect("another window");
    for command in registered() {
        let refused = ipc
            .call_from(&other, &command, json!({}))
            .expect_err("another window has no rights");
        let text = refused.as_str().unwrap_or_default();
        assert!(
            text.contains("not allowed"),
            "another window may call {command}: {refused}"
        );
    }
    for command in [
        "plugin:window|close",
        "plugin:window|set_title",
        "plugin:event|emit",
        "plugin:webview|create_webview_window",
        "plugin:path|resolve_directory",
        "plugin:app|version",
        "plugin:resources|close",
    ] {
        let refused = ipc.call(command, json!({})).expect_err("the page has no such right");
        let text = refused.as_str().unwrap_or_default();
        assert!(text.contains("not allowed"), "the page may call {command}: {refused}");
    }
    assert!(
        ipc.call("no_such_command", json!({})).is_err(),
        "a command that does not exist is answered"
    );
    assert_eq!(ipc.dump(), before, "a refused command wrote something");
}
