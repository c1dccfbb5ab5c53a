//! What whoever installs the program asks of it, with no window.

use std::fs;

use agenda_sede_tests::desktop::NativeWindow;
use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::program::WINDOW;

use crate::steps::{Size, first_start, landmarks, open_ticket, story};

#[test]
fn the_selftest_finds_all_well_and_what_was_kept_before() {
    let story = story("prova-del-computer");
    let (ended, report) = story.start_for(&["--selftest"]);
    assert_eq!(ended.code(), Some(0), "{report}");
    assert_eq!(report.matches("[ok]").count(), 6, "{report}");
    assert!(report.contains("Archivi già presenti: nessuno"), "{report}");
    assert!(report.trim_end().ends_with("Tutto a posto."), "{report}");
    let left: Vec<_> = fs::read_dir(story.data()).expect("the data folder").flatten().collect();
    assert!(left.is_empty(), "the selftest leaves {left:?}");

    let program = story.start();
    first_start(&program, Size::Small);
    open_ticket(&program, &landmarks(Size::Small).closed_ko);
    program
        .page()
        .click(Role::Button, Called::Starts("Prenota appuntamento"));
    program.page().find(Role::Heading, Called::Starts("Prenotazione · "));
    program.close();
    let windows = NativeWindow::count(WINDOW);
    let file = story.data().join("report.txt");
    let asked = format!("--selftest={}", file.display());
    let (ended, report) = story.start_for(&[&asked]);
    assert_eq!(ended.code(), Some(0), "{report}");
    assert!(
        report.contains("Archivi già presenti: 1 archivio aperto, 1 bozza"),
        "{report}"
    );
    assert_eq!(fs::read_to_string(file).expect("the report"), report);
    assert_eq!(NativeWindow::count(WINDOW), windows, "it opened a window");
}

#[test]
fn the_selftest_says_what_is_not_to_be_had() {
    let story = story("prova-del-computer-no");
    fs::remove_dir(story.data()).expect("nothing is in the data folder");
    fs::write(story.data(), "").expect("a file in its place");
    let (ended, report) = story.start_for(&["--selftest"]);
    assert_eq!(ended.code(), Some(10), "{report}");
    assert!(report.contains("[NO] Cartella dei dati: "), "{report}");
    assert!(
        report.contains("[ok] Fuso orario: "),
        "what comes after is tried all the same: {report}"
    );
}
