//! Good input does what it says: one story that calls every command.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use agenda_sede::dropped::DroppedFiles;
use agenda_sede_tests::{documents, waiting};
use chrono::TimeDelta;
use domain::appointment::SedeChange;
use serde_json::{Value, json};
use store::{SedeDesk as _, SetClock};
use store_sqlite::SqliteStore;
use tauri::Manager as _;

use crate::program::{Ipc, monday, query, registered, training};

/// Asks for the draft until it is in this state.
#[track_caller]
fn until_state(ipc: &Ipc, id: &str, state: &str) -> Value {
    waiting::until(&format!("the draft is never {state}"), || {
        ipc.good("sync_now", json!({}));
        let draft = ipc.good("draft_open", json!({ "id": id }));
        (draft["state"] == state).then_some(draft)
    })
}

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

/// *Sollecito*.
fn the_sede_is_reminded(ipc: &Ipc, list: &Value) {
    let remindable = waits_too_long(ipc, list);
    let words = json!({ "code": remindable, "words": "Attendiamo un cenno." });
    let reminded = ipc.good("ticket_remind", words);
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
        ipc.good("refusals_list", json!({})),
        json!([]),
        "the sede took all that was decided"
    );
    let read = json!({ "id": "00000000-0000-7000-8000-000000000000" });
    assert_eq!(
        ipc.good("refusal_dismiss", read),
        Value::Null,
        "what was read once may be read again"
    );
    let recalled = ipc.call("reminder_recall", json!({ "code": remindable }));
    assert_eq!(recalled.expect_err("it has arrived")["code"], "reminder_sent");
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// Who of the studio does what, and what they keep among themselves.
fn work_is_shared(ipc: &Ipc, appointment: &str, code: &str) {
    let people = &ipc.good("app_status", json!({}))["people"];
    let me = text(people, "me").to_owned();
    let colleague = people["all"]
        .as_array()
        .expect("people")
        .iter()
        .find(|name| **name != me);
    let colleague = colleague.and_then(Value::as_str).expect("a colleague").to_owned();
    let ticket = ipc.good("ticket_in_charge", json!({ "code": code, "person": colleague }));
    assert_eq!(ticket["row"]["in_charge"], colleague);
    let theirs = query(&json!({ "in_charge": { "by": "person", "name": colleague } }));
    assert_eq!(ipc.good("tickets_open", theirs)["total"], 1);
    let ticket = ipc.good("ticket_note", json!({ "code": code, "text": "Sentito il cliente." }));
    assert_eq!(ticket["dossier"]["notes"][0]["text"], "Sentito il cliente.");
    assert_eq!(ticket["dossier"]["notes"][0]["by"], me);
    let attends = json!({ "id": appointment, "person": me, "attends": true });
    assert_eq!(ipc.good("appointment_attends", attends)["row"]["attends"], json!([me]));
    let document = json!({ "id": appointment, "name": "Delega", "wanted": true });
    let opened = ipc.good("appointment_document", document);
    assert_eq!(opened["dossier"]["documents"], json!(["Delega"]));
    let opened = ipc.good(
        "appointment_note",
        json!({ "id": appointment, "text": "Alle 9 in piazza." }),
    );
    assert_eq!(opened["dossier"]["notes"][0]["text"], "Alle 9 in piazza.");
    assert_eq!(opened["dossier"]["can_report"], false, "it has not begun");
    waiting::until("what was entered never arrives", || {
        (ipc.good("sync_now", json!({}))["connection"]["waiting"] == 0).then_some(())
    });
}

/// *Esito dell'incontro*, once it has begun.
fn a_meeting_is_reported(ipc: &Ipc, appointment: &str) {
    ipc.clock.set(monday() + TimeDelta::days(60));
    ipc.good("sync_now", json!({}));
    let report = json!({ "id": appointment, "result": "to_follow_up", "text": "Serve una delega." });
    let meeting = &ipc.good("appointment_meeting", report)["dossier"]["meeting"];
    assert_eq!(
        *meeting,
        json!({ "result": "to_follow_up", "text": "Serve una delega." })
    );
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
    the_sede_is_reminded(&ipc, &list["list"]);
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

    work_is_shared(&ipc, &appointment, code);

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

    a_meeting_is_reported(&ipc, &appointment);

    // What happens while nobody looks; see the stories there.
    let background = ipc.good("background_read", json!({}));
    assert_eq!(
        ipc.good("background_save", json!({ "choice": background["choice"] })),
        background
    );
    assert_eq!(ipc.good("place_take", json!({})), Value::Null);

    // Whatever the page complains about, it is only written down.
    for fault in ["", "x", &"\u{1F984}\n".repeat(1_000_000)] {
        assert_eq!(ipc.good("page_fault", json!({ "fault": fault })), Value::Null);
    }
    ipc.good("window_leave", json!({}));
    // Good input for these needs a desktop: the stories in the real window pick files, and open one.
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
    // And for these a list of the portal: see the story there.
    let of_the_portal = [
        "portal_start",
        "import_pick",
        "import_take_dropped",
        "import_paste",
        "import_match",
        "import_rows",
        "import_take",
        "import_call_off",
        "import_close",
        "portal_ticket_write",
        "portal_open",
        "portal_files_open",
        "appointment_register",
        "registration_change",
        "registration_cancel",
    ];
    let others = by_hand.into_iter().chain(with_a_sede).chain(of_the_portal);
    let others = others.map(str::to_owned);
    let tried: BTreeSet<String> = called.into_iter().chain(others).collect();
    assert_eq!(registered(), tried, "a command is registered and never tried");
}
