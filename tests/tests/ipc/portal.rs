//! The story of a studio without a sede (R16): a list of the portal is imported, booked there, and written down.

use std::sync::PoisonError;

use agenda_sede::dropped::DroppedFiles;
use agenda_sede_tests::documents;
use serde_json::{Value, json};
use tauri::Manager as _;

use crate::program::{Ipc, dump, query};

const LIST: &str = "Codice;Matricola;Ragione sociale;Sede;Argomento;Data apertura;Stato;Esito\n\
    P-1;4600000001;Cartiera Lucchese;Lucca;DURC;10/11/2026;Aperta;\n\
    P-2;4600000001;Cartiera Lucchese;Lucca;Denunce;20/11/2026;In carico;\n\
    P-3;4600000002;Zeta Trasporti;Pisa;DURC;01/11/2026;Chiusa;KO\n\
    P-4;46;Zeta Trasporti;Pisa;DURC;01/11/2026;Aperta;\n";

fn answer(date: &str) -> Value {
    json!({
        "identifier": "Prenotazione n. 12", "date": date, "from": "09:30", "to": "10:00",
        "place": "Sportello aziende\nPiazza dei Martiri, Lucca",
    })
}

fn listed(ipc: &Ipc, bookable: &str) -> Vec<String> {
    let list = ipc.good("tickets_open", query(&json!({ "bookable": bookable })));
    let window = json!({ "list": list["list"], "offset": 0, "limit": 50 });
    let rows = ipc.good("tickets_window", window);
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row["code"].as_str().expect("a code").to_owned())
        .collect()
}

#[test]
fn a_studio_without_a_sede_imports_a_list_books_on_the_portal_and_writes_it_down() {
    let ipc = Ipc::new();
    let status = ipc.good("portal_start", json!({}));
    assert_eq!(status["phase"], "at_work");
    assert_eq!(status["desk"]["id"], "portal");
    assert_eq!(status["connection"]["state"], "no_sede");
    assert_eq!(
        ipc.good("portal_start", json!({}))["desk"]["id"],
        "portal",
        "twice is once"
    );

    // From a file that was dropped; nothing dropped is nothing taken.
    assert_eq!(ipc.good("import_take_dropped", json!({})), Value::Null);
    let file = documents::put(ipc.data.path(), "richieste.csv", LIST.as_bytes());
    ipc.app.state::<DroppedFiles>().keep(vec![file]);
    let opened = ipc.good("import_take_dropped", json!({}));
    assert_eq!(opened["outcome"], "read", "{opened}");
    assert_eq!(opened["list"]["counts"]["new"], 3, "{opened}");
    let refused = ipc.good("import_rows", json!({ "filter": "refused", "offset": 0, "limit": 9 }));
    assert_eq!(refused[0]["row"], 5, "{refused}");
    assert_eq!(refused[0]["comes"]["faults"][0]["field"], "matricola", "{refused}");
    ipc.good("import_close", json!({}));
    assert_eq!(listed(&ipc, "any"), [""; 0], "nothing was taken");

    // Pasted, matched, taken; twice changes nothing.
    let pasted = ipc.good("import_paste", json!({ "html": null, "text": LIST }));
    let columns: Vec<Value> = pasted["list"]["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .filter(|column| !column["field"].is_null())
        .map(|column| json!({ "name": column["name"], "field": column["field"] }))
        .collect();
    let matching = json!({ "table": 0, "columns": columns, "states": [] });
    let matched = ipc.good("import_match", json!({ "matching": matching }));
    assert_eq!(matched["list"]["counts"], pasted["list"]["counts"]);
    let taken = ipc.good("import_take", json!({}));
    assert_eq!(
        (&taken["counts"]["new"], &taken["bookable"]),
        (&json!(3), &json!(2)),
        "{taken}"
    );
    ipc.good("import_call_off", json!({}));
    assert_eq!(listed(&ipc, "now"), ["P-1", "P-3"], "R3, R4");
    let file = ipc.data.path().join("portal/studio.db");
    let before = tauri::async_runtime::block_on(dump(&file));
    let again = ipc.good("import_paste", json!({ "html": null, "text": LIST }));
    assert_eq!(again["list"]["counts"]["same"], 3, "{again}");
    ipc.good("import_take", json!({}));
    let after = tauri::async_runtime::block_on(dump(&file));
    assert_eq!(before, after, "the second time changes nothing");
    let not_a_list = ipc.good("import_paste", json!({ "html": "<p>Ciao</p>", "text": "Ciao" }));
    assert_eq!(not_a_list["outcome"], "unreadable");

    // One typed in, and what is wrong with another.
    let mut form = json!({
        "code": "P-9", "matricola": "4600000001", "company": "", "company_name": "", "sede": "", "subject": "DURC",
        "opened_on": "2026-11-12", "status": "open", "closed_on": "", "request": "<b>Testo</b>", "reply": "",
    });
    assert_eq!(
        ipc.good("portal_ticket_write", json!({ "form": form }))["outcome"],
        "new"
    );
    form["matricola"] = json!("4600000009");
    let other = ipc.good("portal_ticket_write", json!({ "form": form }));
    assert_eq!(other["faults"][0]["reason"]["kind"], "other_position", "{other}");

    // Prepared with a file, booked on the portal, written down; changed and cancelled there.
    let draft = ipc.good("booking_prepare", json!({ "tickets": ["P-1"] }));
    assert_eq!(draft["portal"], true);
    let refused = ipc
        .call(
            "draft_send",
            json!({ "id": draft["id"], "revision": draft["revision"] }),
        )
        .expect_err("no sede hears of it");
    assert_eq!(refused["code"], "of_the_portal");
    let register = json!({ "tickets": ["P-1"], "draft": draft["id"], "form": answer("2026-11-26") });
    let registered = ipc.good("appointment_register", register);
    let row = &registered["appointment"]["row"];
    assert_eq!(
        (&row["state"], &row["code"]),
        (&json!("registered"), &json!("Prenotazione n. 12"))
    );
    let agenda = ipc.good("agenda_list", json!({ "past": false }));
    assert_eq!(agenda[0]["id"], row["id"]);
    assert_eq!(listed(&ipc, "now"), ["P-3", "P-9"], "R5");
    let change = json!({ "id": row["id"], "seen": answer("2026-11-26"), "form": answer("2026-11-27") });
    assert_eq!(ipc.good("registration_change", change.clone())["outcome"], "registered");
    assert_eq!(ipc.good("registration_change", change)["why"]["kind"], "overtaken");
    let cancelled = ipc.good("registration_cancel", json!({ "id": row["id"], "bySede": true }));
    assert_eq!(cancelled["appointment"]["row"]["state"], "cancelled_by_sede");
    assert_eq!(listed(&ipc, "now"), ["P-1", "P-3", "P-9"]);
    let meant = json!({ "tickets": ["P-1"], "draft": null, "form": answer("26/11/2026") });
    assert_eq!(ipc.good("appointment_register", meant)["why"]["field"], "date");

    // The two desks stay apart.
    ipc.good("training_start", json!({ "size": "small" }));
    assert!(!listed(&ipc, "any").contains(&"P-1".to_owned()));
    let desks = ipc.good("desks_list", json!({}));
    assert_eq!(desks["desks"].as_array().map(Vec::len), Some(2), "{desks}");
    assert_eq!(ipc.good("desk_open", json!({ "desk": "portal" }))["portal_tickets"], 4);

    // Nothing of it is in the outbox, and nobody was asked.
    let rows = tauri::async_runtime::block_on(dump(&file));
    assert!(!rows.iter().any(|row| row.starts_with("outbox:")), "{rows:?}");
    let called = ipc.called.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(called.contains("import_take"));
}
