//! R10 with files that mean harm, or only look like it: through the native window, and dropped on the program's.

use std::path::Path;

use agenda_sede_tests::documents;
use agenda_sede_tests::page::{Called, Role};
use domain::attachment::FileName;

use crate::steps::{
    Size, book, choose_free, confirmed, first_start, landmarks, open_ticket, send, story, write_extras,
};

/// The name under which the program shows and sends a file.
fn harmless(file: &Path) -> String {
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    FileName::sanitised(name).as_str().to_owned()
}

#[test]
fn hostile_names_are_attached_without_harm_and_what_is_no_document_is_refused_with_a_reason() {
    let code = landmarks(Size::Small).closed_ko;
    let story = story("file-ostili");
    let folder = story.data().join("documenti");
    let long = format!("{}.pdf", "n".repeat(240));
    let files = [
        documents::put(&folder, "CON.pdf", &documents::pdf("CON")),
        documents::put(&folder, "..pdf", &documents::pdf("due punti")),
        documents::put(&folder, &long, &documents::pdf("lungo")),
    ];
    let fake = documents::put(&folder, "fattura.pdf", documents::TEXT);

    let program = story.start();
    first_start(&program, Size::Small);
    open_ticket(&program, &code);
    book(&program);
    choose_free(&program, 0);
    write_extras(&program, "");
    let page = program.page();

    page.click(Role::Button, "Scegli file…");
    program.pick(&fake);
    page.reads("non è un PDF, JPEG, PNG o TIFF: conta il contenuto, non il nome.");
    program.step("rifiutato-con-il-motivo");
    for file in &files {
        program.drop_files(&[file]);
        page.find(Role::Button, Called::Is(&format!("Togli {}", harmless(file))));
    }
    program.step("tre-file");
    let full = page.find(Role::Button, "Scegli file…");
    assert!(
        !full.enabled,
        "a fourth file can be picked although three are all that is allowed"
    );

    let remove = format!("Togli {}", harmless(&files[2]));
    page.click(Role::Button, Called::Is(&remove));
    page.gone(Role::Button, Called::Is(&remove));
    // No keyboard writes this name: it is dragged.
    let pictured = documents::put(&folder, "🦄 estratto conto.png", documents::PNG);
    program.drop_files(&[&pictured]);
    page.find(Role::Button, "Togli 🦄 estratto conto.png");
    program.step("uno-tolto-uno-aggiunto");
    send(&program);
    confirmed(&program);
    program.step("confermato");

    let outside: Vec<_> = std::fs::read_dir(story.data())
        .expect("the data folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("pdf") || name.contains("CON"))
        .collect();
    assert!(
        outside.is_empty(),
        "a file was written under the name that it came with: {outside:?}"
    );
    program.close();
}

#[test]
fn several_files_are_picked_at_once_and_opened_with_the_program_of_the_computer() {
    let code = landmarks(Size::Small).ripe_today;
    let story = story("file-scelti-e-aperti").with_an_opener();
    let folder = story.data().join("documenti");
    documents::put(&folder, "cedolino di marzo.pdf", &documents::pdf("cedolino"));
    documents::put(&folder, "modello.png", documents::PNG);

    let program = story.start();
    first_start(&program, Size::Small);
    open_ticket(&program, &code);
    book(&program);
    choose_free(&program, 0);
    write_extras(&program, "");
    let page = program.page();
    page.click(Role::Button, "Scegli file…");
    program.pick_all(&folder);
    page.find(Role::Button, "Togli cedolino di marzo.pdf");
    page.find(Role::Button, "Togli modello.png");
    program.step("due-in-una-volta");

    page.click(Role::Button, "Apri cedolino di marzo.pdf");
    let opened = page.wait("the file is opened with no program", |_| {
        story.opened().into_iter().next()
    });
    assert_eq!(
        opened.file_name().and_then(|name| name.to_str()),
        Some("cedolino di marzo.pdf")
    );
    assert!(
        opened.starts_with(story.data().join("training/opened")),
        "what is opened is not a copy: {}",
        opened.display()
    );
    assert_eq!(
        std::fs::read(&opened).expect("the copy"),
        documents::pdf("cedolino"),
        "another content was opened"
    );
    program.close();
}

#[test]
fn files_dragged_from_another_program_are_attached() {
    let code = landmarks(Size::Small).ripe_today;
    let story = story("file-trascinati");
    let folder = story.data().join("documenti");
    let one = documents::put(&folder, "cedolino è.pdf", &documents::pdf("cedolino"));
    let other = documents::put(&folder, "modello.png", documents::PNG);
    let fake = documents::put(&folder, "appunti.pdf", documents::TEXT);

    let program = story.start();
    first_start(&program, Size::Small);
    open_ticket(&program, &code);
    book(&program);
    choose_free(&program, 0);
    write_extras(&program, "");
    program.drop_files(&[&one, &fake, &other]);
    let page = program.page();
    page.find(Role::Button, "Togli cedolino è.pdf");
    page.find(Role::Button, "Togli modello.png");
    page.reads("non è un PDF, JPEG, PNG o TIFF: conta il contenuto, non il nome.");
    program.step("trascinati");
    program.close();
}
