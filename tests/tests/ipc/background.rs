//! What the program does while nobody looks at it: what is chosen, and where a notice leads.

use std::sync::Arc;

use agenda_sede::background::BackgroundWork;
use agenda_sede::folders::Folders;
use agenda_sede_tests::waiting;
use domain::appointment::SedeChange;
use serde_json::{Value, json};
use store::{CalendarStore as _, Change, Entity, SedeDesk as _, SetClock};
use store_sqlite::SqliteStore;
use tauri::Manager as _;

use crate::program::{Ipc, monday, training};

fn chosen(notices: bool, keep_working: bool, start_with_computer: bool) -> Value {
    json!({ "notices": notices, "keep_working": keep_working, "start_with_computer": start_with_computer })
}

fn save(ipc: &Ipc, choice: &Value) -> Value {
    ipc.good("background_save", json!({ "choice": choice }))["choice"].clone()
}

/// The sede cancels an appointment of the studio's; gives its id.
fn cancelled_by_the_sede(ipc: &Ipc, skip: usize) -> String {
    let file = ipc.store_file();
    tauri::async_runtime::block_on(async move {
        let store = SqliteStore::open(&file, Arc::new(SetClock::new(monday())))
            .await
            .expect("the store");
        let studio = store.studio(&training::studio().code);
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = studio.pull(cursor.as_ref()).await.expect("the store answers");
            found.extend(page.changes.iter().filter_map(|change| match change {
                Change::Put(Entity::Appointment(one))
                    if one.is_the_studio_s(domain::time::Now::at(monday())).is_ok() =>
                {
                    Some(one.id)
                }
                _ => None,
            }));
            if !page.more {
                break;
            }
            cursor = Some(page.cursor);
        }
        let id = found[skip];
        let outcome = store.desk().tell(id, SedeChange::Cancel, "Operatore assente.").await;
        outcome.expect("an outcome");
        store.close().await;
        id.to_string()
    })
}

/// Waits until `what` was told, or counts as told.
fn told(ipc: &Ipc, what: &str) {
    waiting::until(&format!("{what} is not told"), || {
        let rows = ipc.dump();
        rows.iter()
            .any(|row| row.starts_with("setting: 'told'|") && row.contains(what))
            .then_some(())
    });
}

/// At work, with what stood there before counted as told.
fn at_work() -> Ipc {
    let ipc = Ipc::at_work();
    told(&ipc, "");
    ipc
}

#[test]
fn what_is_chosen_holds_at_the_next_start_for_every_desk() {
    let ipc = Ipc::at_work();
    let first = ipc.good("background_read", json!({}));
    assert_eq!(
        first["choice"],
        chosen(true, false, false),
        "notices alone, until somebody wants more"
    );
    assert_eq!(
        first["means"],
        json!({ "notices": true, "tray": false, "start_with_computer": true })
    );
    for choice in [chosen(false, true, true), chosen(true, true, false)] {
        assert_eq!(save(&ipc, &choice), choice);
        assert_eq!(ipc.good("background_read", json!({}))["choice"], choice);
    }
    let kept = std::fs::read_to_string(ipc.data.path().join("background.json")).expect("the choice is kept");
    let kept: Value = serde_json::from_str(&kept).expect("as JSON");
    assert_eq!(
        kept,
        json!({ "notices": true, "keep_working": true }),
        "what starts with the computer, the system alone knows"
    );
    assert_eq!(*ipc.desktop.starts.lock().expect("the desktop"), Ok(false));
}

#[test]
fn a_computer_that_starts_no_program_says_so_and_keeps_what_was_chosen_before() {
    let ipc = Ipc::at_work();
    let before = save(&ipc, &chosen(true, true, false));
    ipc.desktop.forbid_starts();
    let refused = ipc
        .call("background_save", json!({ "choice": chosen(false, false, true) }))
        .expect_err("it is not allowed");
    assert_eq!(refused["code"], "autostart_failed");
    let now = ipc.good("background_read", json!({}));
    assert_eq!(
        (&now["choice"], &now["means"]["start_with_computer"]),
        (&before, &json!(false))
    );
    // The others can still be changed.
    assert_eq!(save(&ipc, &chosen(false, true, false)), chosen(false, true, false));
}

#[test]
fn a_choice_that_can_not_be_read_is_that_of_the_first_start() {
    let ipc = Ipc::new();
    std::fs::write(ipc.data.path().join("background.json"), b"{ not JSON").expect("a file");
    let folders = Folders::at(ipc.data.path().to_owned());
    let around = agenda_sede::background::Desktop {
        notices: ipc.desktop.clone(),
        autostart: ipc.desktop.clone(),
    };
    ipc.app.unmanage::<BackgroundWork>();
    ipc.app.manage(BackgroundWork::new(&folders, around));
    assert_eq!(
        ipc.good("background_read", json!({}))["choice"],
        chosen(true, false, false)
    );
}

#[test]
fn what_the_sede_says_is_shown_once_and_a_click_leads_to_its_appointment() {
    let ipc = at_work();
    let before = ipc.desktop.notices().len();
    let id = cancelled_by_the_sede(&ipc, 0);
    ipc.good("sync_now", json!({}));
    waiting::until("nothing is shown", || {
        (ipc.desktop.notices().len() > before).then_some(())
    });
    let (title, text) = ipc.desktop.notices().pop().expect("a notice");
    assert_eq!(title, "Appuntamento annullato dalla sede");
    let company = ipc.good("appointment_open", json!({ "id": id }))["row"]["company_name"].clone();
    let company = company.as_str().expect("a name");
    assert!(text.starts_with(&format!("{company}: appuntamento di ")), "{text}");

    assert_eq!(ipc.good("place_take", json!({})), Value::Null, "nobody has clicked");
    ipc.desktop.click();
    assert_eq!(
        ipc.good("place_take", json!({})),
        json!({ "kind": "appointment", "id": id })
    );
    assert_eq!(ipc.good("place_take", json!({})), Value::Null, "once");
    ipc.good("sync_now", json!({}));
    ipc.good("sync_now", json!({}));
    assert_eq!(ipc.desktop.notices().len(), before + 1);
}

#[test]
fn whoever_wants_no_notices_gets_none_and_none_of_them_later() {
    let ipc = at_work();
    save(&ipc, &chosen(false, false, false));
    let before = ipc.desktop.notices().len();
    cancelled_by_the_sede(&ipc, 0);
    ipc.good("sync_now", json!({}));
    let said = waiting::until("what the sede said is not there", || {
        let today = ipc.good("today_read", json!({}));
        let said = today["communications"].as_array().expect("a list").clone();
        let cancelled = |one: &&Value| one["communication"]["text"] == "Operatore assente.";
        said.iter().find(cancelled).map(|one| one["id"].clone())
    });
    told(&ipc, said.as_str().expect("an id"));
    save(&ipc, &chosen(true, false, false));
    cancelled_by_the_sede(&ipc, 1);
    ipc.good("sync_now", json!({}));
    waiting::until("nothing is shown", || {
        (ipc.desktop.notices().len() > before).then_some(())
    });
    assert_eq!(ipc.desktop.notices().len(), before + 1);
    let (title, _) = ipc.desktop.notices().pop().expect("a notice");
    assert_eq!(
        title, "Appuntamento annullato dalla sede",
        "one alone, not two gathered"
    );
}

#[test]
fn a_notice_of_another_desk_leads_to_oggi() {
    let ipc = Ipc::at_work();
    let window = ipc.app.state::<agenda_sede::window::MainWindow>();
    let elsewhere = "0123456789abcdef0123456789abcdef".to_owned();
    let elsewhere = agenda_sede::desks::choice::SedeFolder::try_from(elsewhere).expect("a folder");
    let elsewhere = agenda_sede::desks::choice::DeskId::Sede(elsewhere);
    let place = studio::view::notices::Place::Appointment { id: "7".to_owned() };
    window.ask_for(elsewhere, place);
    assert_eq!(ipc.good("place_take", json!({})), json!({ "kind": "today" }));
}
