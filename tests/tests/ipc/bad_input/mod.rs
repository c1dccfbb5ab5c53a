//! Bad input gets a code and leaves everything as it was.

mod cases;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use agenda_sede::dropped::DroppedFiles;
use agenda_sede_tests::documents;
use domain::appointment::{Appointment, SedeChange};
use serde_json::{Value, json};
use store::{CalendarStore, Change, Entity, SedeDesk as _, SetClock};
use store_sqlite::SqliteStore;
use tauri::Manager as _;

use crate::program::{Ipc, monday, registered, training};
use cases::Scene;

/// What another studio has.
struct OfOthers {
    ticket: String,
    appointment: String,
    /// What the sede said about that appointment, not acknowledged yet.
    communication: String,
}

fn of_others(ipc: &Ipc) -> OfOthers {
    let training = training();
    let file = ipc.store_file();
    let rival = training.rival().code;
    let (_, booked) = training.rival_bookings().iter().next().expect("the other studio books");
    let appointment = tauri::async_runtime::block_on(async move {
        let store = SqliteStore::open(&file, Arc::new(SetClock::new(monday())))
            .await
            .expect("the store");
        let rival = store.studio(&rival);
        let of = appointments(&rival).await.remove(0).id;
        let said = SedeChange::Say {
            label: "Documenti da portare".to_owned(),
        };
        store.desk().tell(of, said, "").await.expect("the sede says it");
        let told = appointments(&rival)
            .await
            .into_iter()
            .find(|appointment| appointment.id == of);
        store.close().await;
        told.expect("it is still there")
    });
    OfOthers {
        ticket: booked.tickets[0].code.to_string(),
        appointment: appointment.id.to_string(),
        communication: appointment.communications.last().expect("it was said").id.to_string(),
    }
}

/// The appointments that `studio` is told of.
async fn appointments(studio: &impl CalendarStore) -> Vec<Appointment> {
    let (mut cursor, mut found) = (None, Vec::new());
    loop {
        let page = studio.pull(cursor.as_ref()).await.expect("the store answers");
        found.extend(page.changes.into_iter().filter_map(|change| match change {
            Change::Put(Entity::Appointment(appointment)) => Some(*appointment),
            _ => None,
        }));
        if !page.more {
            return found;
        }
        cursor = Some(page.cursor);
    }
}

/// Commands that take no input, so that none can be bad.
const WITHOUT_BAD_INPUT: &[&str] = &[
    "app_status",
    "repairs_seen",
    "sync_now",
    "background_read",
    "place_take",
    "window_leave",
    "ticket_facets",
    "drafts_list",
    "reminders_list",
    "refusals_list",
    "requests_list",
    "request_topics",
    "today_read",
    "authority_pick",
    "desks_list",
    "page_fault",
    "portal_start",
    "portal_open",
    "import_pick",
    "import_take_dropped",
    "import_call_off",
    "import_close",
];

#[test]
fn bad_input_gets_a_code_and_leaves_everything_as_it_was() {
    let ipc = Ipc::at_work();
    let marks = training().landmarks();
    let prepare = |ticket: &str| ipc.good("booking_prepare", json!({ "tickets": [ticket] }));
    let draft = prepare(marks.together.one_point[0].as_str());
    let discarded = ipc.good(
        "draft_discard",
        json!({ "id": prepare(marks.closed_ko.as_str())["id"] }),
    );
    let scene = Scene {
        discarded: discarded["id"].as_str().expect("an id").to_owned(),
        others: of_others(&ipc),
        huge: "x".repeat(2_000_000),
        marks,
        draft,
    };
    let dropped = vec![documents::put(
        ipc.data.path(),
        "istanza.pdf",
        &documents::pdf("Istanza"),
    )];
    ipc.app.state::<DroppedFiles>().keep(dropped.clone());
    ipc.called.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let before = ipc.dump();
    let mut wrong = Vec::new();
    for (command, arguments, codes) in scene.cases() {
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
    let left = ipc.app.state::<DroppedFiles>().take();
    assert_eq!(
        left, dropped,
        "a draft that takes no files took those that were dropped"
    );

    let called = ipc.called.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let tried: BTreeSet<String> = called
        .into_iter()
        .chain(WITHOUT_BAD_INPUT.iter().map(|command| (*command).to_owned()))
        .collect();
    assert_eq!(registered(), tried, "a command was never tried with bad input");
}
