//! Studios, their devices, and a sede that begins with nothing.

use store::{DeviceName, DeviceRegister, DeviceToken, InvitationCode, RedeemOutcome};

use crate::world::{World, names, run};

#[test]
fn a_sede_is_set_up_with_nothing_but_the_verbs() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("lucca.sqlite").display());
    let sede = |args: &[&str]| {
        let answer = run(folder.path(), Some(&store), args, "");
        assert_eq!(answer.code, 0, "{args:?}: {answer:?}");
        answer.out
    };
    assert!(sede(&["install"]).contains("is created"));
    assert!(sede(&["install"]).contains("is ready"), "twice changes nothing");
    sede(&["studio", "add", "ROSSI", "Studio Rossi"]);
    sede(&[
        "topic",
        "publish",
        "DENUNCE",
        "--area",
        "Aziende",
        "--subject",
        "Contributi",
        "--detail",
        "Denunce",
    ]);
    sede(&[
        "point",
        "publish",
        "LU-AZIENDE",
        "--sede",
        "LU",
        "--sede-name",
        "Lucca",
        "--name",
        "Consulenza aziende",
        "--place",
        "Piazza dei Martiri",
        "--topics",
        "DENUNCE",
        "--slot",
        "30",
        "--desks",
        "2",
        "--horizon",
        "60",
    ]);
    sede(&[
        "hours",
        "publish",
        "LU-AZIENDE",
        "--open",
        "tue 13:30-17:30",
        "--open",
        "thu 9:00-12:00",
    ]);
    sede(&[
        "delegation",
        "add",
        "ROSSI",
        "4600000001",
        "--company",
        "01000000001",
        "--company-name",
        "Alfa srl",
        "--sede",
        "LU",
    ]);
    let hours = sede(&["hours", "list", "LU-AZIENDE"]);
    assert!(
        hours.contains("Tue  13:30-17:30") && hours.contains("Thu  09:00-12:00"),
        "{hours}"
    );
    assert!(sede(&["delegation", "list"]).contains("4600000001"));
    assert!(sede(&["point", "show", "LU-AZIENDE"]).contains("Piazza dei Martiri"));
    assert!(sede(&["check"]).contains("every promise is kept"));
}

#[tokio::test]
async fn a_studio_is_enrolled_once_and_renamed_on_purpose() {
    let world = World::new().await;
    world.done(&["studio", "add", "VERDI", "Studio Verdi"]);
    let refusal = world.refused(1, &["studio", "add", "VERDI", "Studio Verde"]).await;
    assert!(refusal.contains("--rename"), "{refusal}");
    world
        .refused(5, &["studio", "add", "NERI", "Studio Neri", "--rename"])
        .await;
    world.refused(2, &["studio", "add", "N E R I", "Studio Neri"]).await;
    world.refused(2, &["studio", "add", "NERI", "  "]).await;
    world.refused(2, &["studio", "add", "NERI", "Neri\nCode"]).await;
    world.done(&["studio", "add", "verdi", "Studio Verde", "--rename"]);
    let listed = world.done(&["studio", "list"]);
    assert_eq!(names(&listed, "code"), ["BIANCHI", "ROSSI", "VERDI"]);
    assert_eq!(listed["items"][2]["name"], "Studio Verde");
}

#[tokio::test]
async fn a_studio_is_suspended_and_served_again() {
    let world = World::new().await;
    world.done(&["studio", "suspend", "ROSSI"]);
    let listed = world.done(&["studio", "list"]);
    assert!(listed["items"][1]["suspended_since"].is_string(), "{listed}");
    assert!(listed["items"][0]["suspended_since"].is_null(), "the other is not");
    world.done(&["studio", "resume", "ROSSI"]);
    assert!(world.done(&["studio", "list"])["items"][1]["suspended_since"].is_null());
    for verb in ["suspend", "resume"] {
        world.refused(5, &["studio", verb, "NERI"]).await;
        world.refused(2, &["studio", verb, "?"]).await;
    }
}

#[tokio::test]
async fn an_invitation_is_printed_once_and_its_device_can_be_revoked() {
    let world = World::new().await;
    let invited = world.done(&["studio", "invite", "ROSSI", "Anna Rossi"]);
    let typed = invited["code"].as_str().expect("a code");
    let invitation: InvitationCode = typed.parse().expect("a code that a person can type");
    let token = DeviceToken::random();
    let name: DeviceName = "PC di Anna".parse().expect("a name");
    let outcome = world
        .store
        .register()
        .redeem(&invitation, &name, &token)
        .await
        .expect("an outcome");
    assert!(matches!(outcome, RedeemOutcome::Admitted { .. }), "{outcome:?}");
    for args in [&["studio", "list"][..], &["device", "list"], &["check"]] {
        let told = world.told(args);
        assert!(!told.contains(typed), "nobody sees it again: {told}");
    }

    let listed = world.done(&["device", "list", "--studio", "ROSSI"]);
    assert_eq!(names(&listed, "person"), ["Anna Rossi"]);
    let device = names(&listed, "device").remove(0);
    assert_eq!(
        world.done(&["device", "list", "--studio", "BIANCHI"])["items"],
        serde_json::json!([])
    );
    world.done(&["device", "revoke", &device]);
    world.done(&["device", "revoke", &device]);
    assert!(world.done(&["device", "list"])["items"][0]["revoked_at"].is_string());
    assert!(
        world.store.register().admitted(&token).await.is_err(),
        "it is not served any more"
    );

    world
        .refused(5, &["device", "revoke", "00000000-0000-7000-8000-000000000000"])
        .await;
    world.refused(2, &["device", "revoke", "PC di Anna"]).await;
    world.refused(5, &["device", "list", "--studio", "NERI"]).await;
    world.refused(5, &["studio", "invite", "NERI", "Anna Neri"]).await;
    world.refused(2, &["studio", "invite", "ROSSI", ""]).await;
    world
        .refused(2, &["studio", "invite", "ROSSI", "Anna Rossi", "--valid", "0"])
        .await;
    world
        .refused(2, &["studio", "invite", "ROSSI", "Anna Rossi", "--valid", "365"])
        .await;
}
