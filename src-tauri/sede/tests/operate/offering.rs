//! Topics, points, hours and closures (R4, R8, R11).

use crate::world::{AZIENDE, PISA, World, day, moment, names};

#[tokio::test]
async fn a_topic_is_published_and_replaced() {
    let world = World::new().await;
    let topic = |threshold: &'static str| {
        let mut args = vec![
            "topic",
            "publish",
            "RIMBORSI",
            "--area",
            "Aziende",
            "--subject",
            "Crediti",
            "--detail",
            "Rimborsi",
        ];
        if !threshold.is_empty() {
            args.extend(["--threshold", threshold]);
        }
        args
    };
    world.done(&topic("10"));
    let listed = world.done(&["topic", "list"]);
    assert_eq!(names(&listed, "code"), ["DENUNCE", "RIMBORSI"]);
    assert_eq!(listed["items"][1]["threshold"], 10);
    world.done(&topic(""));
    assert!(
        world.told(&["topic", "list"]).contains("5 days"),
        "R4: five where nothing is set"
    );
    world.refused(2, &topic("-1")).await;
    world.refused(2, &topic("366")).await;
    world
        .refused(2, &["topic", "publish", "RIMBORSI", "--area", "Aziende"])
        .await;
    world
        .refused(
            2,
            &[
                "topic",
                "publish",
                "RIMBORSI",
                "--area",
                "",
                "--subject",
                "Crediti",
                "--detail",
                "Rimborsi",
            ],
        )
        .await;
}

#[tokio::test]
async fn of_the_limits_only_those_that_are_named_change() {
    let world = World::new().await;
    let before = world.done(&["limits", "show"]);
    assert_eq!(before["notes_max"], 500, "R9");
    let set = world.done(&["limits", "set", "--files", "5", "--studio-bytes", "1000000"]);
    assert_eq!(world.done(&["limits", "show"]), set);
    assert_eq!(
        (&set["files_max"], &set["studio_bytes_max"]),
        (&5.into(), &1_000_000.into())
    );
    assert_eq!(
        (&set["notes_max"], &set["file_bytes_max"]),
        (&before["notes_max"], &before["file_bytes_max"])
    );
    assert!(world.told(&["limits", "show"]).contains("files of a booking         5"));
    for args in [
        &["limits", "set"][..],
        &["limits", "set", "--notes", "0"],
        &["limits", "set", "--file-bytes", "67108865"],
        &["limits", "set", "--files", "many"],
    ] {
        world.refused(2, args).await;
    }
}

#[tokio::test]
async fn of_a_point_that_is_there_only_what_is_named_changes() {
    let world = World::new().await;
    let before = world.done(&["point", "show", AZIENDE]);
    let published = world.done(&[
        "point",
        "publish",
        AZIENDE,
        "--desks",
        "3",
        "--place",
        "Via Roma 1, Lucca",
    ]);
    let after = world.done(&["point", "show", AZIENDE]);
    assert_eq!(published["point"], after);
    assert_eq!(
        (&after["desks"], &after["place"]),
        (&3.into(), &"Via Roma 1, Lucca".into())
    );
    for kept in [
        "sede",
        "name",
        "topics",
        "slot_length",
        "horizon_days",
        "hours",
        "closures",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    assert_eq!(names(&world.done(&["point", "list"]), "code"), [AZIENDE, PISA]);

    world.refused(5, &["point", "show", "LU-NESSUNO"]).await;
    let refusal = world
        .refused(5, &["point", "publish", "LU-NESSUNO", "--desks", "3"])
        .await;
    assert!(refusal.contains("--horizon"), "it says what a new one needs: {refusal}");
    world
        .refused(5, &["point", "publish", AZIENDE, "--topics", "DENUNCE,NESSUNO"])
        .await;
    world.refused(1, &["point", "publish", AZIENDE, "--sede", "PI"]).await;
    for (name, value) in [
        ("--desks", "0"),
        ("--slot", "4"),
        ("--slot", "481"),
        ("--horizon", "731"),
        ("--name", " "),
    ] {
        world.refused(2, &["point", "publish", AZIENDE, name, value]).await;
    }
}

#[tokio::test]
async fn a_desk_that_is_needed_is_not_taken_away() {
    let world = World::new().await;
    let slot = world.slot(0, 0);
    let one = world.book("ROSSI", "LU-1", &slot).await;
    let two = world.book("BIANCHI", "LU-91", &slot).await;
    let refusal = world.refused(1, &["point", "publish", AZIENDE, "--desks", "1"]).await;
    assert!(refusal.contains("R11"), "{refusal}");
    for appointment in [&one, &two] {
        assert!(refusal.contains(appointment.code.as_str()), "{refusal}");
    }
    world.done(&["appointment", "cancel", one.code.as_str()]);
    world.done(&["point", "publish", AZIENDE, "--desks", "1"]);
}

#[tokio::test]
async fn a_closure_names_the_appointments_that_it_strands() {
    let world = World::new().await;
    let (slot, other) = (world.slot(0, 0), world.slot(1, 0));
    let appointment = world.book("ROSSI", "LU-1", &slot).await;
    world.book("ROSSI", "LU-2", &other).await;
    let date = slot.start.date().to_string();
    let closed = world.done(&["hours", "close", AZIENDE, "--from", &date, "--reason", "Sciopero"]);
    assert_eq!(closed["stranded"], serde_json::json!([appointment.code.as_str()]));
    let check = world.done(&["check"]);
    assert_eq!(check["kept"], true, "no promise of the store is broken by it");
    assert!(world.told(&["check"]).contains("see to"), "but the sede owes a move");
    let list = world.told(&["hours", "list", AZIENDE]);
    assert!(list.contains("Sciopero") && list.contains("all day"), "{list}");

    world.done(&[
        "appointment",
        "move",
        appointment.code.as_str(),
        "--to",
        &moment(&world.slot(2, 0)),
    ]);
    assert!(!world.told(&["check"]).contains("see to"));
    world
        .refused(5, &["hours", "reopen", AZIENDE, "--from", &day(50)])
        .await;
    world.done(&["hours", "reopen", AZIENDE, "--from", &date]);
    assert!(!world.told(&["hours", "list", AZIENDE]).contains("Sciopero"));
}

#[tokio::test]
async fn hours_of_some_days_leave_those_before_and_after() {
    let world = World::new().await;
    let (from, until) = (day(10), day(20));
    world.done(&[
        "hours",
        "publish",
        AZIENDE,
        "--open",
        "mon 8:30-9:30",
        "--from",
        &from,
        "--until",
        &until,
    ]);
    let hours = world.done(&["hours", "list", AZIENDE])["hours"]
        .as_array()
        .expect("hours")
        .clone();
    assert_eq!(hours.len(), 11, "five days before, five after, one between");
    let last = hours.last().expect("the new ones");
    assert_eq!(
        (&last["valid_from"], &last["valid_until"]),
        (&from.into(), &until.into())
    );
    world.done(&["hours", "publish", AZIENDE, "--open", "mon 8:30-9:30"]);
    let hours = world.done(&["hours", "list", AZIENDE])["hours"]
        .as_array()
        .expect("hours")
        .clone();
    assert_eq!(hours.len(), 1, "at once and for ever");
}

#[tokio::test]
async fn hours_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let (long, point) = ("a".repeat(4_001), AZIENDE);
    world.refused(5, &["hours", "list", "LU-NESSUNO"]).await;
    world
        .refused(5, &["hours", "publish", "LU-NESSUNO", "--open", "mon 9:00-10:00"])
        .await;
    world
        .refused(
            5,
            &[
                "hours",
                "close",
                "LU-NESSUNO",
                "--from",
                "today",
                "--reason",
                "Sciopero",
            ],
        )
        .await;
    world.refused(2, &["hours", "publish", point]).await;
    for odd in [
        "mon",
        "lun 9:00-10:00",
        "mon 10:00-9:00",
        "mon 9:00-9:00",
        "mon 9-10",
        "mon 9:00-24:30",
    ] {
        world.refused(2, &["hours", "publish", point, "--open", odd]).await;
    }
    let backwards = ["--from", "tomorrow", "--until", "today"];
    world
        .refused(
            2,
            &[&["hours", "publish", point, "--open", "mon 9:00-10:00"], &backwards[..]].concat(),
        )
        .await;
    world
        .refused(
            2,
            &[&["hours", "close", point, "--reason", "Sciopero"], &backwards[..]].concat(),
        )
        .await;
    world
        .refused(
            2,
            &["hours", "close", point, "--from", "yesterday", "--reason", "Sciopero"],
        )
        .await;
    world
        .refused(2, &["hours", "close", point, "--from", "today", "--reason", ""])
        .await;
    world
        .refused(2, &["hours", "close", point, "--from", "today", "--reason", &long])
        .await;
    world
        .refused(2, &["hours", "close", point, "--reason", "Sciopero"])
        .await;
    world
        .refused(2, &["hours", "close", point, "--from", "oggi", "--reason", "Sciopero"])
        .await;
}
