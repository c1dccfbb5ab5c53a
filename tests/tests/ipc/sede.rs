//! The story of a computer that a real sede admits, revokes and admits again, with the training sede beside it.

use std::fs;
use std::path::Path;

use agenda_sede_tests::served::Served;
use agenda_sede_tests::waiting;
use serde_json::{Value, json};
use studio::view::failure::{Failure, FailureCode};
use tauri::Manager as _;

use crate::program::Ipc;

/// Lets the office's own authority in, as if its file had been picked.
fn authority(ipc: &Ipc, sede: &Served) -> Value {
    let program = ipc.app.state::<agenda_sede::program::Program>();
    let view = program.take_authority(&sede.authority()).expect("a certificate");
    json!(view.id)
}

fn step<'a>(way: &'a Value, name: &str) -> &'a Value {
    let steps = way["steps"].as_array().expect("steps");
    &steps.iter().find(|mark| mark["step"] == name).expect("every step")["result"]
}

fn code(failure: &Value) -> &str {
    failure["code"].as_str().unwrap_or_default()
}

/// Every text in the files under `folder`.
fn texts(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.append(&mut texts(&path));
        } else {
            found.push(String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned());
        }
    }
    found
}

#[test]
fn a_computer_is_admitted_revoked_and_admitted_again_and_loses_nothing() {
    let sede = Served::begin(50);
    let studio = sede.training().studio().code;
    let ipc = Ipc::at_work();
    let draft_of_training = {
        let list = ipc.good("tickets_open", crate::program::query(&json!({ "bookable": "now" })));
        let rows = ipc.good(
            "tickets_window",
            json!({ "list": list["list"], "offset": 0, "limit": 1 }),
        );
        ipc.good("booking_prepare", json!({ "tickets": [rows[0]["code"]] }))["id"].clone()
    };

    // The way, before anybody is trusted, and with the office's authority.
    let way = ipc.good("sede_check", json!({ "address": sede.address(), "authority": null }));
    assert_eq!(step(&way, "tls")["why"], "certificate_untrusted", "{way}");
    assert_eq!(step(&way, "device")["kind"], "not_tried", "{way}");
    assert_eq!(way["open"], false);
    let program = ipc.app.state::<agenda_sede::program::Program>();
    for content in ["", "Gentile ufficio,", "-----BEGIN CERTIFICATE-----\nniente"] {
        let file = ipc.data.path().join("ufficio.pem");
        fs::write(&file, content).expect("written");
        let refused = program.take_authority(&file).expect_err("no certificate");
        assert_eq!(Failure::from(refused).code, FailureCode::NotACertificate);
    }
    let authority = authority(&ipc, &sede);
    let way = ipc.good(
        "sede_check",
        json!({ "address": sede.address(), "authority": authority }),
    );
    assert_eq!(way["open"], true, "{way}");
    assert_eq!(step(&way, "service")["kind"], "passed", "{way}");
    assert_eq!(
        step(&way, "device")["kind"],
        "not_tried",
        "nobody is admitted yet: {way}"
    );

    // An invitation that nobody wrote, and one that somebody did.
    let join =
        |invitation: &str| json!({ "address": sede.address(), "invitation": invitation, "authority": authority });
    let refused = ipc
        .call("sede_join", join("K7QP-2M8X-0ZRD-5TWN"))
        .expect_err("no such invitation");
    assert_eq!(code(&refused), "invitation_unknown");
    let invitation = sede.invite(&studio, "Anna Ricci");
    let status = ipc.good("sede_join", join(&invitation.to_lowercase()));
    assert_eq!(status["desk"]["sede"]["person"], "Anna Ricci", "{status}");
    assert_eq!(status["connection"]["state"], "connected", "{status}");
    let here = status["desk"]["id"].clone();
    let desks = ipc.good("desks_list", json!({}));
    assert_eq!(desks["current"], here);
    assert_eq!(desks["desks"].as_array().map(Vec::len), Some(2), "{desks}");
    let way = ipc.good("sede_check_current", json!({}));
    assert_eq!(way["open"], true, "{way}");
    assert_eq!(step(&way, "delegations")["kind"], "passed", "{way}");

    // Nothing of the one desk is at the other.
    assert_eq!(
        ipc.good("drafts_list", json!({})),
        json!([]),
        "drafts stay at their desk"
    );
    let list = ipc.good("tickets_open", crate::program::query(&json!({ "bookable": "now" })));
    let rows = ipc.good(
        "tickets_window",
        json!({ "list": list["list"], "offset": 0, "limit": 1 }),
    );
    let draft = ipc.good("booking_prepare", json!({ "tickets": [rows[0]["code"]] }))["id"].clone();
    let status = ipc.good("desk_open", json!({ "desk": "training" }));
    assert_eq!(status["desk"]["sede"], Value::Null);
    let drafts = ipc.good("drafts_list", json!({}));
    assert_eq!(drafts.as_array().map(Vec::len), Some(1), "{drafts}");
    assert_eq!(drafts[0]["id"], draft_of_training);
    let status = ipc.good("desk_open", json!({ "desk": here }));
    assert_eq!(status["desk"]["id"], here);

    // The invitation is used up; this computer may trade it again, and nobody else.
    let again = ipc.good("sede_join", join(&sede.invite(&studio, "Anna Ricci")));
    assert_eq!(again["desk"]["id"], here, "the desk stays the same: {again}");
    let other = Ipc::new();
    let other_authority = self::authority(&other, &sede);
    let used = json!({ "address": sede.address(), "invitation": invitation, "authority": other_authority });
    assert_eq!(
        code(&other.call("sede_join", used).expect_err("used")),
        "invitation_used"
    );
    assert_eq!(
        other.good("app_status", json!({}))["phase"],
        "first_start",
        "a trade that failed leaves nothing behind"
    );

    // Revoked: it is told so, and keeps its draft.
    sede.revoke_all(&studio);
    waiting::until("the computer is never told", || {
        (ipc.good("sync_now", json!({}))["connection"]["state"] == "revoked").then_some(())
    });
    let way = ipc.good("sede_check_current", json!({}));
    assert_eq!(step(&way, "device")["why"], "device_revoked", "{way}");
    let drafts = ipc.good("drafts_list", json!({}));
    assert_eq!(drafts[0]["id"], draft, "{drafts}");

    // Invited again.
    let status = ipc.good("sede_join", join(&sede.invite(&studio, "Anna Ricci")));
    assert_eq!(status["connection"]["state"], "connected", "{status}");
    assert_eq!(status["desk"]["id"], here);
    assert_eq!(
        ipc.good("drafts_list", json!({}))[0]["id"],
        draft,
        "the draft is still there"
    );

    // The keys are nowhere but in the keyring.
    let keys = keyring_core::get_default_store().expect("the keyring of the tests");
    let mut looked_for = vec![invitation];
    for entry in keys.search(&std::collections::HashMap::new()).expect("what it holds") {
        // A name whose key was forgotten has none.
        looked_for.extend(entry.get_password());
    }
    assert!(looked_for.len() > 1, "the keyring holds a key");
    let mut written = texts(ipc.data.path());
    written.push(sede.log());
    for secret in &looked_for {
        let bare = secret.replace('-', "");
        assert!(
            written
                .iter()
                .all(|text| !text.contains(secret) && !text.contains(&bare)),
            "a secret was written down"
        );
    }
}

#[test]
fn the_work_goes_on_while_the_sede_is_away() {
    let mut sede = Served::begin(50);
    let studio = sede.training().studio().code;
    let ipc = Ipc::new();
    let authority = authority(&ipc, &sede);
    let invitation = sede.invite(&studio, "Anna Ricci");
    let join = json!({ "address": sede.address(), "invitation": invitation, "authority": authority });

    // Away before the trade: nothing is lost, and the same invitation does afterwards.
    sede.stop();
    let refused = ipc.call("sede_join", join.clone()).expect_err("nobody answers");
    assert_eq!(code(&refused), "sede_unreachable");
    sede.start();
    let status = ipc.good("sede_join", join);
    assert_eq!(status["phase"], "at_work");

    sede.stop();
    waiting::until("the program does not notice", || {
        (ipc.good("sync_now", json!({}))["connection"]["state"] == "offline").then_some(())
    });
    let way = ipc.good("sede_check_current", json!({}));
    assert_eq!(step(&way, "port")["why"], "refused", "{way}");
    let list = ipc.good("tickets_open", crate::program::query(&json!({})));
    assert_eq!(list["total"], 50, "what was read is still there");
    sede.start();
    waiting::until("the program never comes back", || {
        (ipc.good("sync_now", json!({}))["connection"]["state"] == "connected").then_some(())
    });
}
