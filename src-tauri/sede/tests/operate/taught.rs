//! What the help and the handbook teach is understood by the program, and the handbook's first steps lead where it says.

use std::collections::BTreeSet;

use store::{DeviceName, DeviceRegister, DeviceToken, InvitationCode};

use crate::world::{PDF, World, run};

const HANDBOOK: &str = include_str!("../../../../docs/sede.md");

/// The words of a line as a shell takes them. A pipe, a file, a comment or two blanks end the command.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("there is always one").push(c),
        }
    }
    let ends = |word: &String| word.is_empty() || ["|", "<", ">", "#"].contains(&word.as_str());
    let end = words.iter().position(ends).unwrap_or(words.len());
    words.truncate(end);
    words
}

/// The commands of a text: each line that begins with `sede`, with the line that it goes on in after a `\`.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut lines = text.lines().map(str::trim);
    let mut commands = Vec::new();
    while let Some(line) = lines.next() {
        let mut line = line.to_owned();
        while let Some(begun) = line.strip_suffix('\\') {
            line = format!("{}{}", begun, lines.next().expect("it goes on"));
        }
        if line.starts_with("sede ") {
            commands.push(words(&line));
        }
    }
    commands
}

fn arguments(command: &[String]) -> Vec<&str> {
    command.iter().skip(1).map(String::as_str).collect()
}

#[test]
fn every_example_is_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("sqlite:{}", folder.path().join("store.sqlite").display());
    assert_eq!(run(folder.path(), Some(&store), &["install"], "").code, 0);
    let mut examples = commands(HANDBOOK);
    for verb in [
        "install",
        "seed",
        "studio",
        "device",
        "delegation",
        "topic",
        "limits",
        "point",
        "hours",
        "ticket",
        "appointment",
        "attachment",
        "restored",
        "check",
    ] {
        let help = run(folder.path(), None, &[verb, "--help"], "").out;
        let taught = commands(&help);
        assert!(!taught.is_empty(), "{verb} has examples: {help}");
        examples.extend(taught);
    }
    for example in examples {
        let answer = run(folder.path(), Some(&store), &arguments(&example), "");
        assert!(
            !answer.err.starts_with("error:"),
            "{example:?} is not understood: {answer:?}"
        );
    }
}

/// The commands under a heading of the handbook.
fn steps(heading: &str) -> Vec<Vec<String>> {
    let (_, rest) = HANDBOOK.split_once(heading).expect("the handbook has that heading");
    commands(rest.split("\n## ").next().unwrap_or(rest))
}

#[test]
fn the_first_steps_of_the_handbook_lead_where_it_says() {
    for (heading, last) in [
        ("## To try it", "every promise is kept"),
        ("## The first days", "admits one program"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut said = String::new();
        for step in steps(heading) {
            let answer = run(folder.path(), Some("sqlite:store.sqlite"), &arguments(&step), "");
            assert_eq!(answer.code, 0, "{step:?}: {answer:?}");
            said = answer.out;
        }
        assert!(said.contains(last), "{heading}: {said}");
    }
}

/// The names between backticks.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[tokio::test]
async fn scripts_read_what_the_handbook_says() {
    let world = World::new().await;
    let appointment = world.book_with("ROSSI", "LU-1", &world.slot(0, 0), &[PDF]).await;
    let invited = world.done(&["studio", "invite", "ROSSI", "Anna Rossi"]);
    let code: InvitationCode = invited["code"].as_str().expect("a code").parse().expect("a code");
    let name: DeviceName = "PC di Anna".parse().expect("a name");
    let admitted = world
        .store
        .register()
        .redeem(&code, &name, &DeviceToken::random())
        .await;
    admitted.expect("an outcome");

    let (_, rest) = HANDBOOK
        .split_once("## What scripts read")
        .expect("the handbook has that heading");
    let rows: Vec<&str> = rest.lines().filter(|line| line.contains(" list` | ")).collect();
    assert_eq!(rows.len(), 8, "each list is there");
    for row in rows {
        let mut names = named(row);
        let list = names.next().expect("a list");
        let mut args: Vec<&str> = list.split(' ').collect();
        if list == "attachment list" {
            args.push(appointment.code.as_str());
        }
        let listed = world.done(&args);
        let fields: BTreeSet<&str> = listed["items"][0]
            .as_object()
            .expect("an item")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(fields, names.collect(), "{list}");
    }
}
