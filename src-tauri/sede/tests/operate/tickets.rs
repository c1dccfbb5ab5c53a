//! Tickets.

use crate::world::{World, names};

#[tokio::test]
async fn a_ticket_goes_through_its_life() {
    let world = World::new().await;
    let steps: [(&[&str], &str, &str); 6] = [
        (&["take", "LU-1"], "in_progress", ""),
        (
            &["reply", "LU-1", "--text", "Serve il modello SC37."],
            "in_progress",
            "Serve il modello SC37.",
        ),
        (&["close", "LU-1", "--ok", "--text", "Definita."], "closed", "Definita."),
        (&["reopen", "LU-1", "--text", "Riesaminiamo."], "open", "Riesaminiamo."),
        (
            &["close", "LU-1", "--ko", "--text", "Non competente."],
            "closed",
            "Non competente.",
        ),
        (&["withdraw", "LU-1"], "withdrawn", ""),
    ];
    for (written, (step, state, text)) in steps.iter().enumerate() {
        world.done(&[&["ticket"], *step].concat());
        let shown = world.done(&["ticket", "show", "LU-1"]);
        assert_eq!(shown["state"], *state, "{step:?}");
        assert_eq!(shown["conversation"][written]["text"], *text);
        assert_eq!(shown["conversation"][written]["author"], "sede");
    }
    let shown = world.told(&["ticket", "show", "lu-1"]);
    assert!(shown.contains("closed ko\n    Non competente."), "{shown}");
    world.told(&["check"]);
}

#[tokio::test]
async fn a_reply_can_come_from_the_standard_input() {
    let world = World::new().await;
    let answer = world.sede_reading(
        "Prima riga.\nSeconda riga.\n",
        &["ticket", "reply", "LU-1", "--text", "-"],
    );
    assert_eq!(answer.code, 0, "{answer:?}");
    let shown = world.done(&["ticket", "show", "LU-1"]);
    assert_eq!(shown["conversation"][0]["text"], "Prima riga.\nSeconda riga.");
    let before = world.seen().await;
    for input in ["", " \n", &"è".repeat(4_001)] {
        let answer = world.sede_reading(input, &["ticket", "reply", "LU-1", "--text", "-"]);
        assert_eq!(answer.code, 2, "{answer:?}");
    }
    assert_eq!(world.seen().await, before);
    let answer = world.sede_reading(&"è".repeat(4_000), &["ticket", "reply", "LU-1", "--text", "-"]);
    assert_eq!(answer.code, 0, "at the limit: {answer:?}");
}

#[tokio::test]
async fn what_the_status_does_not_allow_is_refused() {
    let world = World::new().await;
    let refusal = world.refused(1, &["ticket", "reopen", "LU-1"]).await;
    assert!(refusal.contains("the ticket is open"), "{refusal}");
    world.done(&["ticket", "take", "LU-1"]);
    world.refused(1, &["ticket", "take", "LU-1"]).await;
    world.done(&["ticket", "close", "LU-1", "--ok", "--text", "Definita."]);
    for args in [
        &["reply", "LU-1", "--text", "Ancora."][..],
        &["close", "LU-1", "--ko", "--text", "Anzi no."],
        &["take", "LU-1"],
    ] {
        let refusal = world.refused(1, &[&["ticket"], args].concat()).await;
        assert!(refusal.contains("closed ok"), "{refusal}");
    }
    world.done(&["ticket", "withdraw", "LU-1"]);
    for args in [
        &["reopen", "LU-1"][..],
        &["withdraw", "LU-1"],
        &["reply", "LU-1", "--text", "Ancora."],
    ] {
        let refusal = world.refused(1, &[&["ticket"], args].concat()).await;
        assert!(refusal.contains("R5") && refusal.contains("withdrawn"), "{refusal}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let world = World::new().await;
    for args in [
        &["show", "LU-404"][..],
        &["take", "LU-404"],
        &["reply", "LU-404", "--text", "Parole."],
        &["close", "LU-404", "--ok", "--text", "Parole."],
        &["reopen", "LU-404"],
        &["withdraw", "LU-404"],
        &["list", "--studio", "NERI"],
        &["list", "--sede", "FI"],
    ] {
        world.refused(5, &[&["ticket"], args].concat()).await;
    }
    for args in [
        &["show"][..],
        &["show", "LU 1"],
        &["show", "' OR 1=1 --"],
        &["reply", "LU-1"],
        &["reply", "LU-1", "--text", ""],
        &["close", "LU-1", "--text", "Parole."],
        &["close", "LU-1", "--ok", "--ko", "--text", "Parole."],
        &["close", "LU-1", "--ok"],
        &["close", "LU-1", "--ok", "--text", " "],
        &["list", "--state", "aperta"],
        &["list", "--company", "x"],
    ] {
        world.refused(2, &[&["ticket"], args].concat()).await;
    }
}

#[tokio::test]
async fn tickets_are_listed_filtered_and_paged() {
    let world = World::new().await;
    world.done(&["ticket", "take", "LU-2"]);
    world.done(&["ticket", "close", "LU-3", "--ko", "--text", "Non competente."]);
    let appointment = world.book("ROSSI", "LU-1", &world.slot(0, 0)).await;
    let list = |args: &[&str]| world.done(&[&["ticket", "list"], args].concat());
    let all = list(&[]);
    assert_eq!(names(&all, "code"), ["LU-1", "LU-2", "LU-3", "LU-91"]);
    assert_eq!(all["items"][0]["appointment"], appointment.code.as_str(), "R5");
    assert_eq!(all["items"][2]["outcome"], "ko");
    assert!(all["next"].is_null());
    assert_eq!(names(&list(&["--state", "in-progress"]), "code"), ["LU-2"]);
    assert_eq!(names(&list(&["--state", "closed"]), "code"), ["LU-3"]);
    assert_eq!(names(&list(&["--studio", "bianchi"]), "code"), ["LU-91"]);
    assert_eq!(
        names(&list(&["--company", "01000000001", "--state", "open"]), "code"),
        ["LU-1"]
    );
    assert_eq!(names(&list(&["--sede", "PI"]), "code").len(), 0);
    assert_eq!(world.told(&["ticket", "list", "--sede", "PI"]), "no such ticket\n");
    let first = list(&["--limit", "2"]);
    assert_eq!(first["next"], "LU-2");
    assert_eq!(
        names(&list(&["--limit", "2", "--after", "LU-2"]), "code"),
        ["LU-3", "LU-91"]
    );
}
