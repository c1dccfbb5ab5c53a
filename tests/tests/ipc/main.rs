//! Every command through IPC, with the program's own rights and no display: good input does what it says, bad input gets a
//! code and leaves everything as it was, and what no right allows is refused.

mod program;
mod sede;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use agenda_sede::dropped::DroppedFiles;
use agenda_sede_tests::{documents, waiting};
use domain::appointment::SedeChange;
use program::{Ipc, monday, query, registered, training};
use serde_json::{Value, json};
use store::{CalendarStore as _, Change, Entity, SedeDesk as _, SetClock};
use store_sqlite::SqliteStore;
use tauri::{Manager as _, WebviewWindowBuilder};
use training::Landmarks;

/// What other studios have: a ticket, and an appointment.
fn of_others(ipc: &Ipc) -> (String, String) {
    let training = training();
    let ticket = training
        .rival_bookings()
        .first()
        .expect("the other studio books")
        .1
        .tickets[0]
        .code
        .to_string();
    let file = ipc.store_file();
    let appointment = tauri::async_runtime::block_on(async move {
        let store = SqliteStore::open(&file, Arc::new(SetClock::new(monday())))
            .await
            .expect("the store");
        let rival = store.studio(&training.rival().code);
        let mut cursor = None;
        let found = loop {
            let page = rival.pull(cursor.as_ref()).await.expect("the store answers");
            let appointment = page.changes.iter().find_map(|change| match change {
                Change::Put(Entity::Appointment(appointment)) => Some(appointment.id),
                _ => None,
            });
            if let Some(id) = appointment {
                break id;
            }
            assert!(page.more, "the other studio has no appointment");
            cursor = Some(page.cursor);
        };
        store.close().await;
        found
    });
    (ticket, appointment.to_string())
}

const NOBODY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
/// An invitation that nobody wrote.
const INVITATION: &str = "K7QP-2M8X-0ZRD-5TWN";
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Bad input, with the codes that may answer it; no code stands for an argument that the command can't even read.
fn bad_inputs(ipc: &Ipc, marks: &Landmarks, draft: &Value) -> Vec<(&'static str, Value, &'static [&'static str])> {
    let huge = "x".repeat(2_000_000);
    let (ticket, appointment) = of_others(ipc);
    let draft_id = draft["id"].as_str().expect("an id");
    let revision = draft["revision"].as_u64().expect("a revision");
    let point = draft["point"]["code"].as_str().expect("a point");
    let [first, second] = &marks.together.one_point;
    let (first, second) = (first.as_str(), second.as_str());
    let elsewhere = marks.together.elsewhere.as_str();
    let other_company = marks.closed_ko.as_str();
    let unknown_ticket: &[&str] = &["unknown_ticket"];
    let unknown_draft: &[&str] = &["unknown_draft"];
    let invalid: &[&str] = &["invalid_argument"];
    let too_long: &[&str] = &["too_long"];
    let unreadable: &[&str] = &[];
    let save = |change: Value| json!({ "id": draft_id, "revision": revision, "change": change });
    let pattern = |change: Value| {
        let mut wish = json!({ "kind": "pattern", "weekdays": [], "from": null, "to": null, "until": null });
        for (name, value) in change.as_object().expect("fields") {
            wish[name] = value.clone();
        }
        wish
    };

    let mut cases = vec![
        (
            "training_start",
            json!({ "size": "small" }),
            &["already_started"] as &[&str],
        ),
        ("training_start", json!({ "size": "enormous" }), unreadable),
        ("desk_open", json!({ "desk": "" }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": huge }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": "../training" }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": "0".repeat(32) }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": 7 }), unreadable),
        ("sede_check_current", json!({}), &["unknown_desk"]),
        ("sede_check", json!({ "address": "", "authority": null }), invalid),
        ("sede_check", json!({ "address": huge, "authority": null }), invalid),
        (
            "sede_check",
            json!({ "address": "http://agenda.sede.example", "authority": null }),
            invalid,
        ),
        (
            "sede_check",
            json!({ "address": "https://nome:parola@agenda.sede.example", "authority": null }),
            invalid,
        ),
        (
            "sede_check",
            json!({ "address": "agenda.sede.example", "authority": "mai scelto" }),
            &["not_a_certificate"],
        ),
        (
            "sede_join",
            json!({ "address": "non un indirizzo", "invitation": INVITATION, "authority": null }),
            invalid,
        ),
        (
            "sede_join",
            json!({ "address": "agenda.sede.example", "invitation": "K7QP", "authority": null }),
            invalid,
        ),
        (
            "sede_join",
            json!({ "address": "agenda.sede.example", "invitation": huge, "authority": null }),
            invalid,
        ),
        (
            "sede_join",
            json!({ "address": "agenda.sede.example", "invitation": INVITATION, "authority": "mai scelto" }),
            &["not_a_certificate"],
        ),
        (
            "sede_join",
            json!({ "address": "https://127.0.0.1:1", "invitation": INVITATION, "authority": null }),
            &["sede_unreachable"],
        ),
        ("training_start", json!({}), unreadable),
        (
            "settings_save",
            json!({ "settings": { "theme": "dark", "phone": huge, "email": "" } }),
            too_long,
        ),
        (
            "settings_save",
            json!({ "settings": { "theme": "dark", "phone": "", "email": huge } }),
            too_long,
        ),
        (
            "settings_save",
            json!({ "settings": { "theme": "pink", "phone": "", "email": "" } }),
            unreadable,
        ),
        ("settings_save", json!({ "settings": null }), unreadable),
        ("tickets_open", query(&json!({ "text": huge })), too_long),
        ("tickets_open", query(&json!({ "opened_from": "2026-02-30" })), invalid),
        ("tickets_open", query(&json!({ "opened_to": "ieri" })), invalid),
        (
            "tickets_open",
            query(&json!({ "opened_from": "+12026-01-01" })),
            invalid,
        ),
        ("tickets_open", query(&json!({ "sort": "colour" })), unreadable),
        ("tickets_open", query(&json!({ "topic": huge })), too_long),
        (
            "tickets_open",
            query(&json!({ "company": "non un codice" })),
            &["unknown_company", "invalid_argument"],
        ),
        (
            "tickets_window",
            json!({ "list": 4_000_000_000_u32, "offset": 0, "limit": 10 }),
            &["list_expired"],
        ),
        (
            "tickets_window",
            json!({ "list": -1, "offset": 0, "limit": 10 }),
            unreadable,
        ),
        (
            "tickets_window",
            json!({ "list": "uno", "offset": 0, "limit": 10 }),
            unreadable,
        ),
        ("company_open", json!({ "code": "99999999999" }), &["unknown_company"]),
        ("company_open", json!({ "code": "" }), &["unknown_company"]),
        (
            "company_open",
            json!({ "code": huge }),
            &["unknown_company", "too_long"],
        ),
        ("companies_list", json!({ "text": huge }), too_long),
        ("companies_list", json!({ "text": 12 }), unreadable),
        (
            "agenda_read",
            json!({ "from": "2026-11-31", "to": "2026-12-01" }),
            invalid,
        ),
        ("agenda_read", json!({ "from": "", "to": "" }), invalid),
        (
            "agenda_read",
            json!({ "from": "2026-12-01", "to": "2026-11-01" }),
            invalid,
        ),
        (
            "agenda_read",
            json!({ "from": "0001-01-01", "to": "9999-12-31" }),
            invalid,
        ),
        ("agenda_read", json!({ "from": huge, "to": "2026-12-01" }), invalid),
        ("agenda_list", json!({ "past": "sì" }), unreadable),
        (
            "board_read",
            json!({ "point": "XX-NESSUNO", "from": null, "days": 7 }),
            &["unknown_point"],
        ),
        (
            "board_read",
            json!({ "point": huge, "from": null, "days": 7 }),
            &["unknown_point"],
        ),
        (
            "board_read",
            json!({ "point": point, "from": "26/11/2026", "days": 7 }),
            invalid,
        ),
        (
            "board_read",
            json!({ "point": point, "from": null, "days": 0 }),
            invalid,
        ),
        (
            "board_read",
            json!({ "point": point, "from": null, "days": 4_000_000_000_u32 }),
            invalid,
        ),
        ("booking_group", json!({ "tickets": [] }), &["nothing_selected"]),
        ("booking_group", json!({ "tickets": vec!["LU-1"; 2_000] }), too_long),
        ("booking_group", json!({ "tickets": first }), unreadable),
        (
            "booking_group",
            json!({ "tickets": [first, other_company] }),
            &["mixed_companies"],
        ),
        ("booking_prepare", json!({ "tickets": [] }), &["nothing_selected"]),
        (
            "booking_prepare",
            json!({ "tickets": [second, elsewhere] }),
            &["mixed_points"],
        ),
        (
            "booking_prepare",
            json!({ "tickets": [second, other_company] }),
            &["mixed_companies"],
        ),
        ("booking_prepare", json!({ "tickets": [first] }), &["already_in_draft"]),
        (
            "booking_prepare",
            json!({ "tickets": [marks.no_point.as_str()] }),
            &["not_bookable"],
        ),
        (
            "booking_from_reply",
            json!({ "code": marks.ripe_today.as_str() }),
            &["not_assessable"],
        ),
        (
            "ticket_assess",
            json!({ "code": marks.ripe_today.as_str(), "assessment": "satisfactory" }),
            &["not_assessable"],
        ),
        (
            "ticket_assess",
            json!({ "code": first, "assessment": "so so" }),
            unreadable,
        ),
        (
            "ticket_remind",
            json!({ "code": marks.closed_ok_unassessed.as_str(), "words": "" }),
            &["not_remindable"],
        ),
        ("ticket_remind", json!({ "code": first, "words": huge }), too_long),
        ("ticket_remind", json!({ "code": first, "words": 7 }), unreadable),
        ("request_begin", json!({ "position": "domani" }), invalid),
        ("request_begin", json!({ "position": 7 }), unreadable),
        ("request_positions", json!({ "text": huge }), too_long),
        ("reminder_recall", json!({ "code": first }), &["reminder_sent"]),
        ("reminder_dismiss", json!({ "code": "" }), unknown_ticket),
        (
            "draft_save",
            json!({ "id": draft_id, "revision": 999, "change": { "notes": "x" } }),
            &["draft_stale"],
        ),
        (
            "draft_save",
            json!({ "id": draft_id, "revision": -1, "change": {} }),
            unreadable,
        ),
        ("draft_save", save(json!({ "notes": huge })), too_long),
        ("draft_save", save(json!({ "phone": huge })), too_long),
        ("draft_save", save(json!({ "email": huge })), too_long),
        ("draft_save", save(json!({ "notes": 7 })), unreadable),
        (
            "draft_save",
            save(json!({ "wishes": [{ "kind": "slot", "start": "domani alle nove" }] })),
            invalid,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [{ "kind": "slot", "start": "2026-11-26T09:30:00+01:00[America/Lima]" }] })),
            invalid,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [pattern(json!({ "weekdays": [9] }))] })),
            invalid,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [pattern(json!({ "from": "25:99" }))] })),
            invalid,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [pattern(json!({ "until": "2026-13-01" }))] })),
            invalid,
        ),
        (
            "draft_save",
            save(json!({ "wishes": vec![pattern(json!({})); 11] })),
            invalid,
        ),
        (
            "draft_send",
            json!({ "id": draft_id, "revision": 999 }),
            &["draft_stale"],
        ),
        (
            "draft_send",
            json!({ "id": draft_id, "revision": revision }),
            &["draft_incomplete"],
        ),
        ("draft_recall", json!({ "id": draft_id }), &["draft_locked"]),
        ("draft_retry", json!({ "id": draft_id }), &["draft_locked"]),
        ("draft_restore", json!({ "id": draft_id }), &["draft_locked"]),
        (
            "attachment_remove",
            json!({ "draft": draft_id, "hash": NO_HASH }),
            &["unknown_attachment"],
        ),
        (
            "attachment_remove",
            json!({ "draft": draft_id, "hash": "../../studio.db" }),
            &["unknown_attachment"],
        ),
        (
            "attachment_open",
            json!({ "draft": draft_id, "hash": NO_HASH }),
            &["unknown_attachment"],
        ),
        (
            "attachment_open",
            json!({ "draft": draft_id, "hash": "/etc/passwd" }),
            &["unknown_attachment"],
        ),
    ];
    for id in [
        "",
        NOBODY,
        "../../../etc/passwd",
        draft_id.get(..8).unwrap_or("x"),
        &huge,
    ] {
        cases.extend([
            ("draft_open", json!({ "id": id }), unknown_draft),
            (
                "draft_save",
                json!({ "id": id, "revision": 1, "change": { "notes": "x" } }),
                unknown_draft,
            ),
            ("draft_send", json!({ "id": id, "revision": 1 }), unknown_draft),
            ("draft_recall", json!({ "id": id }), unknown_draft),
            ("draft_retry", json!({ "id": id }), unknown_draft),
            ("draft_discard", json!({ "id": id }), unknown_draft),
            ("draft_restore", json!({ "id": id }), unknown_draft),
            ("attachments_pick", json!({ "draft": id }), unknown_draft),
            ("request_open", json!({ "id": id }), unknown_draft),
            (
                "request_save",
                json!({ "id": id, "revision": 1, "change": { "text": "x" } }),
                unknown_draft,
            ),
            ("request_send", json!({ "id": id, "revision": 1 }), unknown_draft),
            ("request_recall", json!({ "id": id }), unknown_draft),
            ("request_retry", json!({ "id": id }), unknown_draft),
            ("request_discard", json!({ "id": id }), unknown_draft),
            ("request_restore", json!({ "id": id }), unknown_draft),
            ("request_files_pick", json!({ "id": id }), unknown_draft),
            (
                "request_file_remove",
                json!({ "id": id, "hash": NO_HASH }),
                unknown_draft,
            ),
            ("request_file_open", json!({ "id": id, "hash": NO_HASH }), unknown_draft),
            (
                "attachment_remove",
                json!({ "draft": id, "hash": NO_HASH }),
                unknown_draft,
            ),
            (
                "attachment_open",
                json!({ "draft": id, "hash": NO_HASH }),
                unknown_draft,
            ),
            (
                "communication_acknowledge",
                json!({ "id": id }),
                &["unknown_communication"],
            ),
        ]);
    }
    for id in ["", NOBODY, "LU-A-000001", &appointment, &huge] {
        cases.push(("appointment_open", json!({ "id": id }), &["unknown_appointment"]));
        cases.push(("appointment_change", json!({ "id": id }), &["unknown_appointment"]));
        cases.push(("appointment_cancel", json!({ "id": id }), &["unknown_appointment"]));
    }
    for code in ["", "LU-999999999", "'; DROP TABLE ticket; --", &ticket, &huge] {
        cases.extend([
            ("ticket_open", json!({ "code": code }), unknown_ticket),
            (
                "ticket_assess",
                json!({ "code": code, "assessment": "unsatisfactory" }),
                unknown_ticket,
            ),
            ("ticket_remind", json!({ "code": code, "words": "" }), unknown_ticket),
            ("booking_group", json!({ "tickets": [code] }), unknown_ticket),
            ("booking_prepare", json!({ "tickets": [code] }), unknown_ticket),
            ("booking_from_reply", json!({ "code": code }), unknown_ticket),
        ]);
    }
    cases
}

/// Commands that take no input, so that none can be bad; and those that take files which only the shell can give them.
const WITHOUT_BAD_INPUT: &[&str] = &[
    "app_status",
    "repairs_seen",
    "sync_now",
    "window_leave",
    "ticket_facets",
    "drafts_list",
    "reminders_list",
    "requests_list",
    "request_topics",
    "request_files_take_dropped",
    "today_read",
    "attachments_take_dropped",
    "authority_pick",
    "desks_list",
    "page_fault",
];

#[test]
fn bad_input_gets_a_code_and_leaves_everything_as_it_was() {
    let ipc = Ipc::at_work();
    let marks = training().landmarks();
    let draft = ipc.good(
        "booking_prepare",
        json!({ "tickets": [marks.together.one_point[0].as_str()] }),
    );
    ipc.called.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let before = ipc.dump();
    let mut wrong = Vec::new();
    for (command, arguments, codes) in bad_inputs(&ipc, &marks, &draft) {
        let mut shown = arguments.to_string();
        shown.truncate(shown.char_indices().nth(160).map_or(shown.len(), |(at, _)| at));
        match ipc.call(command, arguments) {
            Ok(_) => wrong.push(format!("{command} {shown} is taken as if it were good")),
            Err(Value::String(text)) if codes.is_empty() => {
                if !text.contains("invalid args") {
                    wrong.push(format!("{command} {shown}: {text}"));
                }
            }
            Err(failure) => {
                let code = failure["code"].as_str().unwrap_or("no code");
                if !codes.contains(&code) {
                    wrong.push(format!("{command} {shown}: {failure} instead of {codes:?}"));
                }
                let message = failure["message"].as_str().unwrap_or_default();
                if message.len() > 300 {
                    wrong.push(format!("{command} {shown}: a message of {} bytes", message.len()));
                }
            }
        }
        if ipc.dump() != before {
            wrong.push(format!("{command} {shown}: something was written"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), wrong.join("\n"));

    let called = ipc.called.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let tried: BTreeSet<String> = called
        .into_iter()
        .chain(WITHOUT_BAD_INPUT.iter().map(|command| (*command).to_owned()))
        .collect();
    assert_eq!(registered(), tried, "a command was never tried with bad input");
}

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

/// Asks for the draft until it is in this state.
#[track_caller]
/// A request to the sede, with a file, until it is a ticket.
fn a_request(ipc: &Ipc) {
    let positions = ipc.good("request_positions", json!({ "text": "" }));
    let position = text(&positions[0], "matricola");
    let topics = ipc.good("request_topics", json!({}));
    let topic = text(&topics["topics"][0], "code");
    let begun = ipc.good("request_begin", json!({ "position": position }));
    let id = text(&begun, "id").to_owned();
    let change = json!({ "topic": topic, "text": "Si chiede un chiarimento.", "phone": "0583 123456" });
    let save = json!({ "id": id, "revision": begun["revision"], "change": change });
    let saved = ipc.good("request_save", save);
    assert_eq!(saved["missing"], json!([]), "nothing is missing any more: {saved}");
    assert_eq!(ipc.good("request_files_take_dropped", json!({ "id": id })), Value::Null);
    let folder = ipc.data.path().join("documenti");
    let (one, two) = (documents::pdf("uno"), documents::pdf("due"));
    let dropped = vec![
        documents::put(&folder, "uno.pdf", &one),
        documents::put(&folder, "due.pdf", &two),
        documents::put(&folder, "vuoto2.pdf", b""),
    ];
    ipc.app.state::<DroppedFiles>().keep(dropped);
    let taken = ipc.good("request_files_take_dropped", json!({ "id": id }));
    assert_eq!(taken["refused"][0]["reason"]["kind"], "empty", "{taken}");
    let hash = text(&taken["request"]["attachments"][1], "hash");
    let left = ipc.good("request_file_remove", json!({ "id": id, "hash": hash }));
    assert_eq!(left["attachments"].as_array().map(Vec::len), Some(1));
    assert_eq!(ipc.good("request_discard", json!({ "id": id }))["state"], "discarded");
    let back = ipc.good("request_restore", json!({ "id": id }));
    assert_eq!(back["state"], "editing");
    ipc.good("request_send", json!({ "id": id, "revision": back["revision"] }));
    let opened = waiting::until("the request does not arrive", || {
        ipc.good("sync_now", json!({}));
        let opened = ipc.good("request_open", json!({ "id": id }));
        (opened["ticket_known"] == true).then_some(opened)
    });
    let ticket = ipc.good("ticket_open", json!({ "code": opened["ticket"] }));
    assert_eq!(ticket["messages"][0]["text"], "Si chiede un chiarimento.");
    assert_eq!(ticket["messages"][0]["files"], json!(["uno.pdf"]));
    let listed = ipc.good("requests_list", json!({}));
    assert_eq!(listed[0]["state"], "opened", "{listed}");
    for command in ["request_recall", "request_retry"] {
        let failure = ipc.call(command, json!({ "id": id })).expect_err("it is a ticket");
        assert_eq!(failure["code"], "draft_locked", "{command}");
    }
}

/// A ticket of an opened list that the sede may be reminded of.
fn waits_too_long(ipc: &Ipc, list: &Value) -> String {
    let rows = ipc.good("tickets_window", json!({ "list": list, "offset": 0, "limit": 200 }));
    let codes = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| text(row, "code").to_owned());
    let mut late = codes.filter(|code| {
        let ticket = ipc.good("ticket_open", json!({ "code": code }));
        ticket["reminder"]["answer"] == "yes"
    });
    late.next().expect("some ticket has waited for five working days")
}

fn until_state(ipc: &Ipc, id: &str, state: &str) -> Value {
    waiting::until(&format!("the draft is never {state}"), || {
        ipc.good("sync_now", json!({}));
        let draft = ipc.good("draft_open", json!({ "id": id }));
        (draft["state"] == state).then_some(draft)
    })
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[test]
fn every_command_does_what_it_says() {
    let ipc = Ipc::new();
    assert_eq!(ipc.good("app_status", json!({}))["phase"], "first_start");
    let status = ipc.good("training_start", json!({ "size": "small" }));
    assert_eq!(status["phase"], "at_work");
    waiting::until("the store is not read", || {
        (ipc.good("sync_now", json!({}))["connection"]["state"] == "connected").then_some(())
    });
    let desks = ipc.good("desks_list", json!({}));
    assert_eq!(
        desks,
        json!({ "current": "training", "desks": [{ "id": "training", "sede": null }] })
    );
    let status = ipc.good("desk_open", json!({ "desk": "training" }));
    assert_eq!(status["desk"]["id"], "training", "to stay where one is changes nothing");
    let settings = json!({ "settings": { "theme": "dark", "phone": "0583 955012", "email": "" } });
    let status = ipc.good("settings_save", settings);
    assert_eq!(status["settings"]["theme"], "dark");
    assert_eq!(ipc.good("repairs_seen", json!({}))["repairs"], json!([]));
    let marks = training().landmarks();

    // Tickets.
    let list = ipc.good("tickets_open", query(&json!({})));
    assert_eq!(list["total"], 50, "the small training sede has fifty tickets: {list}");
    let rows = ipc.good(
        "tickets_window",
        json!({ "list": list["list"], "offset": 40, "limit": 200 }),
    );
    assert_eq!(rows.as_array().map(Vec::len), Some(10), "a window ends with its list");
    assert!(
        !ipc.good("ticket_facets", json!({}))["topics"]
            .as_array()
            .expect("topics")
            .is_empty()
    );
    let code = marks.closed_ok_unassessed.as_str();
    let ticket = ipc.good("ticket_open", json!({ "code": code }));
    assert_eq!(ticket["row"]["bookable"]["obstacle"]["kind"], "unassessed");
    let ticket = ipc.good("ticket_assess", json!({ "code": code, "assessment": "satisfactory" }));
    assert_eq!(ticket["assessment"], "satisfactory");

    // A reminder.
    let remindable = waits_too_long(&ipc, &list["list"]);
    let reminded = ipc.good(
        "ticket_remind",
        json!({ "code": remindable, "words": "Attendiamo un cenno." }),
    );
    assert_eq!(reminded["reminding"]["words"], "Attendiamo un cenno.");
    waiting::until("the reminder does not arrive", || {
        ipc.good("sync_now", json!({}));
        let on_the_way = ipc.good("reminders_list", json!({}));
        on_the_way.as_array()?.is_empty().then_some(())
    });
    let reminded = ipc.good("ticket_open", json!({ "code": remindable }));
    let last = reminded["messages"].as_array().and_then(|messages| messages.last());
    assert_eq!(
        last.expect("an entry")["reminder"],
        true,
        "it stands in the conversation: {reminded}"
    );
    assert_eq!(ipc.good("reminder_dismiss", json!({ "code": remindable })), Value::Null);
    assert_eq!(
        ipc.call("reminder_recall", json!({ "code": remindable }))
            .expect_err("it has arrived")["code"],
        "reminder_sent"
    );

    a_request(&ipc);

    // Companies, board, agenda.
    let company = marks.together.company.as_str();
    let found = ipc.good("companies_list", json!({ "text": company }));
    assert_eq!(text(&found[0], "code"), company);
    assert_eq!(
        text(&ipc.good("company_open", json!({ "code": company }))["row"], "code"),
        company
    );
    let [first, second] = &marks.together.one_point;
    let (first, second) = (first.as_str(), second.as_str());
    let both = json!({ "tickets": [first, second, marks.together.elsewhere.as_str()] });
    assert_eq!(
        ipc.good("booking_group", both)["groups"].as_array().map(Vec::len),
        Some(2)
    );
    let draft = ipc.good("booking_prepare", json!({ "tickets": [first, second] }));
    let id = text(&draft, "id").to_owned();
    let point = text(&draft["point"], "code");
    let board = ipc.good("board_read", json!({ "point": point, "from": null, "days": 14 }));
    let free = board["days"]
        .as_array()
        .expect("days")
        .iter()
        .flat_map(|day| day["slots"].as_array().expect("slots"))
        .find(|slot| slot["free"] != 0 && slot["begun"] == false)
        .expect("a free slot");

    // A draft, with files of which not all are what they seem.
    let folder = ipc.data.path().join("documenti");
    let long = format!("{}.pdf", "n".repeat(240));
    let dropped = vec![
        documents::put(&folder, "CON.pdf", &documents::pdf("CON")),
        folder.join("..").join("documenti").join("CON.pdf"),
        documents::put(&folder, &long, documents::PNG),
        documents::put(&folder, "fattura.pdf", documents::TEXT),
        documents::put(&folder, "vuoto.pdf", b""),
        documents::put(&folder, "🦄\u{202E}fdp.exe", &documents::pdf("emoji")),
        documents::put(&folder, "quarto.pdf", &documents::pdf("quarto")),
        folder.join("che non c'è.pdf"),
        folder.clone(),
    ];
    let nothing = ipc.good("attachments_take_dropped", json!({ "draft": id }));
    assert_eq!(nothing, Value::Null, "nothing was dropped");
    ipc.app.state::<DroppedFiles>().keep(dropped);
    let outcome = ipc.good("attachments_take_dropped", json!({ "draft": id }));
    let attached = outcome["draft"]["attachments"].as_array().expect("files").clone();
    assert_eq!(
        attached.len(),
        3,
        "three files that are what they say can be attached: {outcome}"
    );
    let refused: Vec<&str> = outcome["refused"]
        .as_array()
        .expect("refusals")
        .iter()
        .map(|refused| refused["reason"]["kind"].as_str().expect("a reason"))
        .collect();
    assert_eq!(
        refused[..3],
        ["already_there", "wrong_kind", "empty"],
        "each refused file says why: {outcome}"
    );
    assert_eq!(refused.len(), 6, "no refused file is passed over: {outcome}");
    for file in &attached {
        let hash = text(file, "hash");
        let kept = ipc.data.path().join("training/attachments").join(hash);
        assert!(kept.is_file(), "a file is kept under its hash: {}", kept.display());
    }
    let hash = text(&attached[2], "hash");
    let draft = ipc.good("attachment_remove", json!({ "draft": id, "hash": hash }));
    assert_eq!(draft["attachments"].as_array().map(Vec::len), Some(2));

    let change = json!({ "wishes": [{ "kind": "slot", "start": free["slot"]["start"] }], "notes": "Note." });
    let draft = ipc.good(
        "draft_save",
        json!({ "id": id, "revision": draft["revision"], "change": change }),
    );
    assert_eq!(draft["missing"], json!([]), "nothing is missing any more: {draft}");
    let sent = ipc.good("draft_send", json!({ "id": id, "revision": draft["revision"] }));
    assert_ne!(sent["state"], "editing");
    let booked = until_state(&ipc, &id, "booked");
    let appointment = text(&booked, "appointment").to_owned();
    let opened = ipc.good("appointment_open", json!({ "id": appointment }));
    assert_eq!(opened["row"]["state"], "confirmed");
    assert_eq!(opened["row"]["slot"]["start"], free["slot"]["start"]);
    let date = text(&free["slot"], "date");
    let day = ipc.good("agenda_read", json!({ "from": date, "to": date }));
    assert!(
        day.as_array()
            .expect("a day")
            .iter()
            .any(|row| row["id"] == *appointment)
    );

    // The sede says something, and the studio reads it.
    let file = ipc.store_file();
    let of = appointment.parse().expect("an id");
    tauri::async_runtime::block_on(async move {
        let store = SqliteStore::open(&file, Arc::new(SetClock::new(monday())))
            .await
            .expect("the store");
        let said = SedeChange::Say {
            label: "Documenti da portare".to_owned(),
        };
        store
            .desk()
            .tell(of, said, "Portare la delega.")
            .await
            .expect("the sede says it");
        store.close().await;
    });
    let unread = waiting::until("the communication never arrives", || {
        ipc.good("sync_now", json!({}));
        let today = ipc.good("today_read", json!({}));
        today["communications"]
            .as_array()?
            .first()
            .map(|unread| text(unread, "id").to_owned())
    });
    ipc.good("communication_acknowledge", json!({ "id": unread }));
    waiting::until("the communication stays unread", || {
        let today = ipc.good("today_read", json!({}));
        today["communications"].as_array()?.is_empty().then_some(())
    });

    // Changed.
    let draft = ipc.good("appointment_change", json!({ "id": appointment }));
    assert_eq!(draft["changes"]["appointment"], *appointment);
    let change = json!({ "notes": "Porteremo la delega." });
    let draft = ipc.good(
        "draft_save",
        json!({ "id": draft["id"], "revision": draft["revision"], "change": change }),
    );
    ipc.good(
        "draft_send",
        json!({ "id": draft["id"], "revision": draft["revision"] }),
    );
    waiting::until("the appointment is never changed", || {
        ipc.good("sync_now", json!({}));
        let opened = ipc.good("appointment_open", json!({ "id": appointment }));
        (opened["notes"] == "Porteremo la delega.").then_some(())
    });

    // Cancelled again.
    ipc.good("appointment_cancel", json!({ "id": appointment }));
    waiting::until("the appointment is never cancelled", || {
        ipc.good("sync_now", json!({}));
        let opened = ipc.good("appointment_open", json!({ "id": appointment }));
        (opened["row"]["state"] == "cancelled_by_studio").then_some(())
    });
    let past = ipc.good("agenda_list", json!({ "past": true }));
    assert!(
        past.as_array()
            .expect("a list")
            .iter()
            .any(|row| row["id"] == *appointment),
        "nothing is ever deleted"
    );

    // A draft that waits, is taken back, thrown away and taken back again.
    let draft = ipc.good("booking_prepare", json!({ "tickets": [marks.ripe_tomorrow.as_str()] }));
    let id = text(&draft, "id").to_owned();
    let any = json!({ "wishes": [{ "kind": "pattern", "weekdays": [], "from": null, "to": null, "until": null }] });
    let draft = ipc.good(
        "draft_save",
        json!({ "id": id, "revision": draft["revision"], "change": any }),
    );
    let queued = ipc.good("draft_send", json!({ "id": id, "revision": draft["revision"] }));
    assert_eq!(queued["state"], "queued");
    assert_eq!(queued["due"], json!({ "kind": "on", "date": "2026-11-24" }));
    waiting::until("the draft is never left with the sede", || {
        ipc.good("sync_now", json!({}));
        let opened = ipc.good("draft_open", json!({ "id": id }));
        (opened["state"] == "queued" && !opened["deposit"].is_null()).then_some(())
    });
    assert_eq!(
        ipc.good("draft_retry", json!({ "id": id }))["state"],
        "queued",
        "a day is not a pause that can be cut short"
    );
    assert_eq!(ipc.good("draft_recall", json!({ "id": id }))["state"], "editing");
    waiting::until("the draft is never taken back from the sede", || {
        ipc.good("sync_now", json!({}));
        let opened = ipc.good("draft_open", json!({ "id": id }));
        (opened["deposit"].is_null() && opened["withdrawing"] == false).then_some(())
    });
    assert_eq!(ipc.good("draft_discard", json!({ "id": id }))["state"], "discarded");
    assert_eq!(ipc.good("draft_restore", json!({ "id": id }))["state"], "editing");
    let drafts = ipc.good("drafts_list", json!({}));
    let states: Vec<&Value> = drafts
        .as_array()
        .expect("a list")
        .iter()
        .map(|draft| &draft["state"])
        .collect();
    assert_eq!(
        states,
        ["editing", "booked", "booked"],
        "this one, the change and the booking: {drafts}"
    );

    // From a reply that was found satisfactory and then was not.
    let draft = ipc.good("booking_from_reply", json!({ "code": code }));
    assert_eq!(text(&draft["tickets"][0], "code"), code);
    assert_eq!(draft["tickets"][0]["bookable"]["ground"]["kind"], "unsatisfactory");

    // Whatever the page complains about, it is only written down.
    for fault in ["", "x", &"\u{1F984}\n".repeat(1_000_000)] {
        assert_eq!(ipc.good("page_fault", json!({ "fault": fault })), Value::Null);
    }
    ipc.good("window_leave", json!({}));
    // Good input for these needs somebody at a desktop: the stories in the real window pick files, and a file is opened
    // with a program that this computer may not have.
    let by_hand = [
        "attachments_pick",
        "attachment_open",
        "authority_pick",
        "request_files_pick",
        "request_file_open",
    ];
    // And for these a sede over the network: see the story there.
    let with_a_sede = ["sede_check", "sede_check_current", "sede_join"];
    let called = ipc.called.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let others = by_hand.into_iter().chain(with_a_sede).map(str::to_owned);
    let tried: BTreeSet<String> = called.into_iter().chain(others).collect();
    assert_eq!(registered(), tried, "a command is registered and never tried");
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
