//! Appointments (R11–R14), and the files that came with them (R10).

use domain::code::DecisionId;
use domain::studio_change::StudioChange;
use domain::wish::Wish;
use serde_json::json;
use store::{Attempt, CalendarStore, ChangeOutcome, SedeRecords};

use crate::world::{AZIENDE, PDF, PISA, World, code, day, moment, names};

#[tokio::test]
async fn what_the_studio_changed_is_shown() {
    let world = World::new().await;
    let (first, second) = (world.slot(0, 0), world.slot(1, 2));
    let appointment = world.book("ROSSI", "LU-1", &first).await;
    let change = StudioChange {
        notes: Some("Con la delega.".into()),
        wishes: vec![Wish::Slot { start: second.start }],
        ..StudioChange::default()
    };
    let attempt = Attempt::first(DecisionId::new(uuid::Uuid::now_v7()));
    let session = world.store.studio(&code("ROSSI"));
    let outcome = session
        .change(attempt, appointment.id, &change)
        .await
        .expect("an outcome");
    assert!(matches!(outcome, ChangeOutcome::Changed { .. }), "{outcome:?}");
    let told = world.told(&["appointment", "show", appointment.code.as_str()]);
    let [left, taken] = [&first, &second].map(|slot| moment(slot).replace('T', " "));
    let line = told
        .lines()
        .find(|line| line.ends_with("by the studio"))
        .expect("a line about it");
    assert!(line.contains("moved from "), "{line}");
    assert!(line.contains(&format!("{left} to ")) && line.contains(&taken), "{line}");
    assert!(line.ends_with("notes changed by the studio"), "{line}");
}

#[tokio::test]
async fn an_appointment_is_moved_relocated_spoken_of_and_resolved() {
    let world = World::new().await;
    let (first, second) = (world.slot(0, 0), world.slot(1, 2));
    let appointment = world.book("ROSSI", "LU-1", &first).await;
    let named = appointment.code.as_str();
    let moved = world.done(&[
        "appointment",
        "move",
        named,
        "--to",
        &moment(&second),
        "--text",
        "Per sciopero.",
    ]);
    assert_eq!(
        (&moved["now"], &moved["slot"]["point"]),
        (&json!("moved"), &json!(AZIENDE))
    );
    let args = [
        "appointment",
        "relocate",
        named,
        "--point",
        PISA,
        "--to",
        &moment(&first),
    ];
    assert_eq!(world.done(&args)["slot"]["point"], PISA);
    world.done(&[
        "appointment",
        "say",
        named,
        "--label",
        "documenti",
        "--text",
        "Portare il modello SC37.",
    ]);
    world.done(&["appointment", "resolve", named, "--text", "Definita."]);

    let held = world
        .store
        .records()
        .appointment(&appointment.code)
        .await
        .expect("an answer")
        .expect("there");
    assert_eq!(held.appointment.communications.len(), 4);
    let shown = world.told(&["appointment", "show", named]);
    for said in [
        "moved from",
        "relocated from",
        "documenti",
        "Per sciopero.",
        "Definita.",
        "not acknowledged yet",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let script = world.done(&["appointment", "show", named]);
    assert_eq!(
        (&script["state"], &script["studio"]),
        (&json!("resolved"), &json!("ROSSI"))
    );
    world.told(&["check"]);
}

#[tokio::test]
async fn a_move_that_cannot_be_says_why_and_moves_nothing() {
    let world = World::new().await;
    let (slot, full) = (world.slot(0, 0), world.slot(1, 0));
    let appointment = world.book("ROSSI", "LU-1", &slot).await;
    world.book("ROSSI", "LU-2", &full).await;
    world.book("BIANCHI", "LU-91", &full).await;
    let named = appointment.code.as_str();
    let refused =
        async |number: i32, to: &str| world.refused(number, &["appointment", "move", named, "--to", to]).await;
    let refusal = refused(1, &moment(&full)).await;
    assert!(
        refusal.contains("R11") && refusal.contains("every desk is taken"),
        "{refusal}"
    );
    let refusal = refused(1, &format!("{}T09:10", slot.start.date())).await;
    assert!(
        refusal.contains("R11") && refusal.contains("09:00, 09:30, 10:00, 10:30"),
        "{refusal}"
    );
    let refusal = refused(1, "2026-11-22T09:00").await;
    assert!(refusal.contains("no slot on 2026-11-22"), "a Sunday: {refusal}");
    let refusal = refused(1, "2024-11-26T09:00").await;
    assert!(refusal.contains("has begun"), "{refusal}");
    let refusal = refused(2, &moment(&slot)).await;
    assert!(refusal.contains("already"), "{refusal}");
    for odd in [
        "",
        "domani",
        "2026-11-26",
        "2026-13-01T09:00",
        "2026-11-26T9:00",
        "2026-03-29T02:30",
    ] {
        refused(2, odd).await;
    }
    let there = moment(&world.slot(2, 0));
    world
        .refused(5, &["appointment", "move", "LU-A-999999", "--to", &there])
        .await;
    world
        .refused(
            5,
            &[
                "appointment",
                "relocate",
                named,
                "--point",
                "LU-NESSUNO",
                "--to",
                &there,
            ],
        )
        .await;
    world
        .refused(
            2,
            &["appointment", "relocate", named, "--point", AZIENDE, "--to", &there],
        )
        .await;
    world
        .refused(2, &["appointment", "relocate", named, "--to", &there])
        .await;
}

#[tokio::test]
async fn what_is_over_is_changed_no_more() {
    let world = World::new().await;
    let appointment = world.book("ROSSI", "LU-1", &world.slot(0, 0)).await;
    let named = appointment.code.as_str();
    world.done(&["appointment", "cancel", named, "--text", "Ufficio chiuso."]);
    let there = moment(&world.slot(1, 0));
    for args in [
        &["resolve", named][..],
        &["cancel", named],
        &["move", named, "--to", &there],
    ] {
        let refusal = world.refused(1, &[&["appointment"], args].concat()).await;
        assert!(
            refusal.contains("R13") && refusal.contains("cancelled by the sede"),
            "{refusal}"
        );
    }
    world.done(&["appointment", "say", named, "--text", "Ci dispiace."]);
    let refusal = world.sede(&["appointment", "cancel", named, "--json"]);
    assert_eq!(refusal.code, 1);
    let script: serde_json::Value = serde_json::from_str(&refusal.err).expect("JSON on the error stream");
    assert_eq!((&script["exit"], &script["rule"]), (&json!(1), &json!("R13")));
}

#[tokio::test]
async fn words_that_say_nothing_are_refused() {
    let world = World::new().await;
    let appointment = world.book("ROSSI", "LU-1", &world.slot(0, 0)).await;
    let named = appointment.code.as_str();
    let (long, label) = ("a".repeat(4_001), "a".repeat(61));
    for args in [
        &["say", named][..],
        &["say", named, "--text", " "],
        &["say", named, "--text", &long],
        &["say", named, "--text", "Parole.", "--label", ""],
        &["say", named, "--text", "Parole.", "--label", &label],
        &["say", named, "--text", "Parole.", "--label", "a\nb"],
        &["resolve", named, "--text", &long],
        &["resolve"],
        &["show", "LU A 1"],
    ] {
        world.refused(2, &[&["appointment"], args].concat()).await;
    }
    for verb in ["show", "resolve", "cancel"] {
        world.refused(5, &["appointment", verb, "LU-A-999999"]).await;
    }
    world
        .refused(5, &["appointment", "say", "LU-A-999999", "--text", "Parole."])
        .await;
}

#[tokio::test]
async fn appointments_are_listed_by_time_filtered_and_paged() {
    let world = World::new().await;
    let late = world.book("ROSSI", "LU-1", &world.slot(1, 0)).await;
    let early = world.book("BIANCHI", "LU-91", &world.slot(0, 1)).await;
    let first = world.book("ROSSI", "LU-3", &world.slot(0, 0)).await;
    world.done(&["appointment", "resolve", late.code.as_str()]);
    let list = |args: &[&str]| names(&world.done(&[&["appointment", "list"], args].concat()), "code");
    let all = [first.code.as_str(), early.code.as_str(), late.code.as_str()];
    assert_eq!(list(&[]), all);
    assert_eq!(list(&["--state", "confirmed"]), all[..2]);
    assert_eq!(list(&["--state", "resolved"]), all[2..]);
    assert_eq!(list(&["--studio", "BIANCHI"]), all[1..2]);
    assert_eq!(list(&["--sede", "PI"]).len(), 0);
    assert_eq!(list(&["--until", &early.slot.start.date().to_string()]), all[..2]);
    assert_eq!(list(&["--from", &late.slot.start.date().to_string()]), all[2..]);
    assert_eq!(list(&["--until", "today"]).len(), 0);
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let mut args = vec!["appointment", "list", "--limit", "1"];
        if !after.is_empty() {
            args.extend(["--after", &after]);
        }
        let page = world.done(&args);
        paged.extend(names(&page, "code"));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(paged, all);
    world
        .refused(2, &["appointment", "list", "--after", "LU-A-000001"])
        .await;
    world.refused(2, &["appointment", "list", "--from", "oggi"]).await;
    world
        .refused(5, &["appointment", "list", "--point", "LU-NESSUNO"])
        .await;
    world.refused(5, &["appointment", "list", "--sede", "FI"]).await;
    world.refused(5, &["appointment", "list", "--studio", "NERI"]).await;
    assert_eq!(
        world.told(&["appointment", "list", "--from", &day(300)]),
        "no such appointment\n"
    );
}

#[tokio::test]
async fn a_file_is_written_whole_and_never_over_another() {
    let world = World::new().await;
    let other: &[u8] = b"%PDF-1.7 an other";
    let appointment = world.book_with("ROSSI", "LU-1", &world.slot(0, 0), &[PDF, other]).await;
    let without = world.book("ROSSI", "LU-2", &world.slot(0, 1)).await;
    let named = appointment.code.as_str();
    let listed = world.done(&["attachment", "list", named]);
    assert_eq!(names(&listed, "hash").len(), 2);
    assert_eq!(
        world.told(&["attachment", "list", without.code.as_str()]),
        "no file came with it\n"
    );

    let got = world.done(&["attachment", "get", named, "2", "--out", "second.pdf"]);
    assert_eq!(got["written_to"], "second.pdf");
    let read = |name: &str| std::fs::read(world.folder.path().join(name)).expect("a file");
    assert_eq!(read("second.pdf"), other);
    world.done(&["attachment", "get", named, "1"]);
    assert_eq!(read("ricevuta.pdf"), PDF, "under its own name");
    let refusal = world.refused(1, &["attachment", "get", named, "2"]).await;
    assert!(refusal.contains("ricevuta.pdf"), "{refusal}");
    assert_eq!(read("ricevuta.pdf"), PDF, "nothing is overwritten");
    let answer = world.sede(&["attachment", "get", named, "1", "--out", "-"]);
    assert_eq!(
        (answer.code, answer.bytes.as_slice()),
        (0, PDF),
        "and nothing else is on the output"
    );

    world.refused(5, &["attachment", "get", named, "3"]).await;
    world
        .refused(5, &["attachment", "get", without.code.as_str(), "1"])
        .await;
    world.refused(5, &["attachment", "get", "LU-A-999999", "1"]).await;
    world.refused(5, &["attachment", "list", "LU-A-999999"]).await;
    world.refused(2, &["attachment", "get", named, "0"]).await;
    world
        .refused(2, &["attachment", "get", named, "../../etc/passwd"])
        .await;
    world
        .refused(
            1,
            &["attachment", "get", named, "1", "--out", "no/such/folder/file.pdf"],
        )
        .await;
}
