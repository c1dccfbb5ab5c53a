//! Delegations (R2, R18).

use crate::world::{BIANCHI_1, ROSSI_1, ROSSI_2, World, day, names};

#[tokio::test]
async fn a_delegation_is_given_renewed_and_ended() {
    let world = World::new().await;
    world.done(&["delegation", "add", "BIANCHI", ROSSI_1, "--from", "tomorrow"]);
    let listed = world.done(&["delegation", "list", "--position", ROSSI_1]);
    assert_eq!(names(&listed, "studio"), ["BIANCHI", "ROSSI"]);
    assert_eq!(listed["items"][0]["active_today"], false, "R2: it begins tomorrow");
    assert_eq!(listed["items"][1]["active_today"], true);

    let ended = world.done(&["delegation", "end", "ROSSI", ROSSI_1, "--last-day", "tomorrow"]);
    world
        .refused(5, &["delegation", "list", "--position", "4600099999"])
        .await;
    let listed = world.done(&["delegation", "list", "--studio", "ROSSI"]);
    assert_eq!(listed["items"][0]["until"], ended["until"]);
    assert_eq!(
        listed["items"][0]["active_today"], true,
        "R2: until the end of its last day"
    );
    world.done(&["delegation", "end", "ROSSI", ROSSI_1, "--last-day", "yesterday"]);
    let shown = world.done(&["ticket", "list", "--studio", "ROSSI"]);
    assert_eq!(names(&shown, "code"), ["LU-3"], "R2: of the other position only");
    world.done(&["delegation", "add", "ROSSI", ROSSI_1, "--until", &day(30)]);
    let shown = world.done(&["ticket", "list", "--studio", "ROSSI"]);
    assert_eq!(names(&shown, "code"), ["LU-1", "LU-2", "LU-3"], "renewed");
    world.told(&["check"]);
}

#[tokio::test]
async fn a_position_that_nobody_knows_is_admitted_with_its_company() {
    let world = World::new().await;
    let new = "4600000099";
    let refusal = world.refused(5, &["delegation", "add", "ROSSI", new]).await;
    assert!(refusal.contains("--company"), "{refusal}");
    let with = |company: &'static str, sede: &'static str| {
        vec![
            "delegation",
            "add",
            "ROSSI",
            new,
            "--company",
            company,
            "--company-name",
            "Beta srl",
            "--sede",
            sede,
        ]
    };
    world.refused(5, &with("01000000099", "FI")).await;
    world.refused(2, &with("0100", "LU")).await;
    world
        .refused(2, &["delegation", "add", "ROSSI", new, "--company", "01000000099"])
        .await;
    world.done(&with("01000000099", "PI"));
    world.done(&with("01000000099", "PI"));
    let refusal = world.refused(1, &with("01000000099", "LU")).await;
    assert!(refusal.contains("another company or sede"), "{refusal}");
    let listed = world.done(&["delegation", "list", "--company", "01000000099"]);
    assert_eq!(names(&listed, "sede"), ["PI"]);
}

#[tokio::test]
async fn days_and_delegations_that_make_no_sense_are_refused() {
    let world = World::new().await;
    world.refused(5, &["delegation", "add", "NERI", ROSSI_1]).await;
    world.refused(2, &["delegation", "add", "ROSSI", "46"]).await;
    world
        .refused(2, &["delegation", "add", "ROSSI", ROSSI_1, "--from", "2026-02-30"])
        .await;
    world
        .refused(2, &["delegation", "add", "ROSSI", ROSSI_1, "--from", "01/12/2026"])
        .await;
    world
        .refused(
            2,
            &[
                "delegation",
                "add",
                "ROSSI",
                ROSSI_1,
                "--from",
                "today",
                "--until",
                "yesterday",
            ],
        )
        .await;
    world.refused(5, &["delegation", "end", "BIANCHI", ROSSI_1]).await;
    world.refused(5, &["delegation", "end", "NERI", ROSSI_1]).await;
    let refusal = world
        .refused(1, &["delegation", "end", "ROSSI", ROSSI_1, "--last-day", &day(-400)])
        .await;
    assert!(refusal.contains("R2: it begins on"), "{refusal}");
    world.done(&["delegation", "end", "ROSSI", ROSSI_1, "--last-day", &day(3)]);
    let refusal = world
        .refused(1, &["delegation", "end", "ROSSI", ROSSI_1, "--last-day", &day(9)])
        .await;
    assert!(refusal.contains(&day(3)), "{refusal}");
    world.refused(5, &["delegation", "list", "--studio", "NERI"]).await;
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let world = World::new().await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let mut args = vec!["delegation", "list", "--limit", "1"];
        if !after.is_empty() {
            args.extend(["--after", &after]);
        }
        let page = world.done(&args);
        seen.extend(names(&page, "position"));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(seen, [BIANCHI_1, ROSSI_1, ROSSI_2]);
    assert!(
        world
            .told(&["delegation", "list", "--limit", "1"])
            .contains("--after BIANCHI/4600000011")
    );
    for odd in ["0", "1001", "-1", "viele"] {
        world.refused(2, &["delegation", "list", "--limit", odd]).await;
    }
    world.refused(2, &["delegation", "list", "--after", "BIANCHI"]).await;
}
