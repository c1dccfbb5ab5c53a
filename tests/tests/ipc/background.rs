//! What the program does while nobody looks at it: what is chosen, and where a notice leads.

use std::sync::Arc;

use agenda_sede_tests::waiting;
use domain::appointment::SedeChange;
use domain::code::TicketCode;
use serde_json::{Value, json};
use store::{SedeDesk as _, SetClock};
use store_sqlite::SqliteStore;
use tauri::Manager as _;

use crate::program::{Ipc, monday, training};

fn chosen(notices: bool, keep_working: bool, start_with_computer: bool) -> Value {
    json!({ "notices": notices, "keep_working": keep_working, "start_with_computer": start_with_computer })
}

fn save(ipc: &Ipc, choice: &Value) -> Value {
    ipc.good("background_save", json!({ "choice": choice }))["choice"].clone()
}

/// Books an appointment for a ticket, anywhere, and gives its id; what comes of it is told.
fn book(ipc: &Ipc, ticket: &TicketCode) -> String {
    let draft = ipc.good("booking_prepare", json!({ "tickets": [ticket.as_str()] }));
    let wish = json!({ "kind": "pattern", "weekdays": [], "from": null, "to": null, "until": null });
    let change = json!({ "wishes": [wish], "phone": "0583 955012" });
    let draft = ipc.good(
        "draft_save",
        json!({ "id": draft["id"], "revision": draft["revision"], "change": change }),
    );
    ipc.good(
        "draft_send",
        json!({ "id": draft["id"], "revision": draft["revision"] }),
    );
    let draft = draft["id"].as_str().expect("an id").to_owned();
    let appointment = waiting::until("the draft is never booked", || {
        ipc.good("sync_now", json!({}));
        let appointment = ipc.good("draft_open", json!({ "id": draft }))["appointment"].clone();
        appointment.as_str().map(str::to_owned)
    });
    ipc.told(&draft);
    appointment
}

/// The sede cancels an appointment, and the studio hears of it.
fn cancel_by_the_sede(ipc: &Ipc, appointment: &str) {
    let file = ipc.store_file();
    let id = appointment.parse().expect("an id");
    tauri::async_runtime::block_on(async move {
        let store = SqliteStore::open(&file, Arc::new(SetClock::new(monday())))
            .await
            .expect("the store");
        let outcome = store.desk().tell(id, SedeChange::Cancel, "Operatore assente.").await;
        outcome.expect("an outcome");
        store.close().await;
    });
    ipc.good("sync_now", json!({}));
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
    let data = tempfile::tempdir().expect("a data folder");
    std::fs::write(data.path().join("background.json"), b"{ not JSON").expect("a file");
    let ipc = Ipc::over(data);
    assert_eq!(
        ipc.good("background_read", json!({}))["choice"],
        chosen(true, false, false)
    );
}

const CANCELLED: &str = "Appuntamento annullato dalla sede";

/// What notices say below this title.
fn texts(ipc: &Ipc, title: &str) -> Vec<String> {
    let shown = ipc.desktop.notices().into_iter();
    shown.filter(|(one, _)| one == title).map(|(_, text)| text).collect()
}

#[test]
fn what_the_sede_says_is_shown_once_and_a_click_leads_to_its_appointment() {
    let ipc = Ipc::at_work();
    let id = book(&ipc, &training().landmarks().closed_ko);
    cancel_by_the_sede(&ipc, &id);
    let text = waiting::until("nothing is shown", || texts(&ipc, CANCELLED).pop());
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
    // Whatever is told after that, this is not told again.
    book(&ipc, &training().landmarks().ripe_today);
    assert_eq!(texts(&ipc, CANCELLED), [text]);
}

#[test]
fn whoever_wants_no_notices_gets_none_and_none_of_them_later() {
    let ipc = Ipc::at_work();
    let marks = training().landmarks();
    save(&ipc, &chosen(false, false, false));
    let first = book(&ipc, &marks.closed_ko);
    cancel_by_the_sede(&ipc, &first);
    let said = waiting::until("what the sede said is not there", || {
        let today = ipc.good("today_read", json!({}));
        let said = today["communications"].as_array().expect("a list").clone();
        said.first().map(|one| one["id"].clone())
    });
    ipc.told(said.as_str().expect("an id"));
    // What is told one after the other: the first is over by now.
    let second = book(&ipc, &marks.ripe_today);
    save(&ipc, &chosen(true, false, false));
    cancel_by_the_sede(&ipc, &second);
    waiting::until("nothing is shown", || texts(&ipc, CANCELLED).pop());
    assert_eq!(texts(&ipc, CANCELLED).len(), 1, "{:?}", ipc.desktop.notices());
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
