//! Which store, which arguments, and what the program ends with where either makes no sense.

use crate::world::{World, run};

/// Every verb that does something, with arguments that it understands.
const VERBS: &[&[&str]] = &[
    &["check"],
    &["seed"],
    &["restored"],
    &["studio", "list"],
    &["device", "list"],
    &["delegation", "list"],
    &["topic", "list"],
    &["point", "list"],
    &["hours", "list", "LU-AZIENDE"],
    &["ticket", "list"],
    &["appointment", "list"],
    &["attachment", "list", "LU-A-000001"],
];

#[test]
fn a_store_is_named_or_nothing_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let sede = |store: Option<&str>, args: &[&str]| run(folder.path(), store, args, "");
    for verb in VERBS {
        let answer = sede(None, verb);
        assert_eq!(answer.code, 2, "{verb:?}: {answer:?}");
        assert!(answer.err.contains("--store"), "{verb:?}: {answer:?}");
        let answer = sede(Some("postgres://sede:segreto@host/db"), verb);
        assert!(
            !answer.err.contains("segreto") && !answer.out.contains("segreto"),
            "{verb:?}: {answer:?}"
        );
        assert_eq!(answer.code, 2, "{verb:?}: {answer:?}");
        let missing = format!("sqlite:{}", folder.path().join("none.sqlite").display());
        let answer = sede(Some(&missing), verb);
        assert_eq!(answer.code, 3, "{verb:?}: {answer:?}");
        assert!(
            answer.err.contains("there is no file of that name"),
            "{verb:?}: {answer:?}"
        );
    }
    assert!(
        !folder.path().join("none.sqlite").exists(),
        "to look for a store makes none"
    );
}

#[test]
fn what_is_no_store_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "Gentile sede, si chiede un appuntamento. ".repeat(100)).expect("written");
    let before = std::fs::read(&letter).expect("read");
    let store = format!("sqlite:{}", letter.display());
    for verb in VERBS.iter().chain([&&["install"][..]]) {
        let answer = run(folder.path(), Some(&store), verb, "");
        assert_eq!(answer.code, 3, "{verb:?}: {answer:?}");
        assert!(answer.err.contains("no calendar store"), "{verb:?}: {answer:?}");
        let answer = run(
            folder.path(),
            None,
            &[verb, &["--store", store.as_str(), "--json"][..]].concat(),
            "",
        );
        assert_eq!(answer.code, 3, "the argument names it too");
        let script: serde_json::Value = serde_json::from_str(&answer.err).expect("JSON");
        assert_eq!(script["exit"], 3);
    }
    assert_eq!(std::fs::read(&letter).expect("read"), before);
}

#[tokio::test]
async fn a_list_of_nothing_says_so() {
    let world = World::new().await;
    for (args, nothing) in [
        (&["device", "list"][..], "no device is admitted\n"),
        (&["appointment", "list"], "no such appointment\n"),
        (&["ticket", "list", "--state", "withdrawn"], "no such ticket\n"),
    ] {
        assert_eq!(world.told(args), nothing);
        assert_eq!(world.done(args), serde_json::json!({ "items": [], "next": null }));
    }
}

#[test]
fn the_help_teaches() {
    let folder = tempfile::tempdir().expect("a folder");
    let help = |args: &[&str]| {
        let answer = run(folder.path(), None, &[args, &["--help"]].concat(), "");
        assert_eq!(answer.code, 0, "{args:?}: {answer:?}");
        answer.out
    };
    let whole = help(&[]);
    for told in ["Exit codes", "serve", "--store", "--json", "SEDE_STORE"] {
        assert!(whole.contains(told), "{told}: {whole}");
    }
    for verb in [
        "install",
        "seed",
        "studio",
        "device",
        "delegation",
        "topic",
        "point",
        "hours",
        "ticket",
        "appointment",
        "attachment",
        "restored",
        "check",
    ] {
        let told = help(&[verb]);
        assert!(told.contains("Example"), "{verb}: {told}");
        assert!(
            told.contains(&format!("sede {verb}")) || verb == "install",
            "{verb}: {told}"
        );
        assert!(whole.contains(verb), "{verb}");
    }
    for verb in [
        "studio add",
        "studio list",
        "studio suspend",
        "studio invite",
        "device list",
        "device revoke",
        "delegation add",
        "delegation end",
        "delegation list",
        "topic publish",
        "topic list",
        "point publish",
        "point show",
        "point list",
        "hours publish",
        "hours close",
        "hours reopen",
        "hours list",
        "ticket list",
        "ticket show",
        "ticket take",
        "ticket reply",
        "ticket close",
        "ticket reopen",
        "ticket withdraw",
        "appointment list",
        "appointment show",
        "appointment move",
        "appointment relocate",
        "appointment resolve",
        "appointment cancel",
        "appointment say",
        "attachment list",
        "attachment get",
    ] {
        let told = help(&verb.split(' ').collect::<Vec<_>>());
        assert!(told.contains(&format!("Examples:\n  sede {verb}")), "{verb}: {told}");
    }
}

#[test]
fn what_is_no_verb_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for args in [
        &["prenota"][..],
        &["ticket", "delete", "LU-1"],
        &["check", "--fast"],
        &["ticket"],
        &["--json"],
    ] {
        let answer = run(folder.path(), None, args, "");
        assert_eq!(answer.code, 2, "{args:?}: {answer:?}");
        assert_eq!(answer.out, "", "{args:?}");
    }
}
