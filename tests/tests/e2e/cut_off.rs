//! The store cut off: the work goes on, and what was decided goes out by itself when the store is back.

use std::fs;
use std::path::PathBuf;

use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::program::Story;
use agenda_sede_tests::waiting::PATIENCE;

use crate::steps::{
    Size, book, choose_free, confirmed, first_start, go, landmarks, open_ticket, send, story, write_extras,
};

/// The files of the store, and where they lie while it is cut off.
pub(crate) fn files(story: &Story) -> Vec<(PathBuf, PathBuf)> {
    let store = story.store_file();
    let away = story.data().join("altrove");
    fs::create_dir_all(&away).expect("another folder");
    fs::read_dir(store.parent().expect("a folder"))
        .expect("the folder of the training sede")
        .flatten()
        .map(|entry| entry.path())
        .chain(
            fs::read_dir(&away)
                .expect("the other folder")
                .flatten()
                .map(|entry| entry.path()),
        )
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            name.starts_with("store.sqlite")
                .then(|| (store.with_file_name(&name), away.join(&name)))
        })
        .collect()
}

#[test]
fn with_the_store_cut_off_the_work_goes_on_and_what_was_sent_leaves_when_it_is_back() {
    let code = landmarks(Size::Ordinary).closed_ko;
    let story = story("f-senza-collegamento");
    let program = story.start();
    first_start(&program, Size::Ordinary);
    let page = program.page();

    for (here, away) in files(&story) {
        fs::rename(here, away).expect("the store's file can be moved away");
    }
    page.click(Role::Button, "Aggiorna adesso");
    page.reads("Non collegato · dati");
    program.step("non-collegato");

    // Listing and searching.
    go(&program, "Richieste");
    page.click(Role::Button, Called::Starts("Prenotabili"));
    page.within("#tickets").find(Role::Row, Called::Has(" Sì"));
    open_ticket(&program, &code);
    program.step("si-cerca-lo-stesso");

    // Drafting.
    book(&program);
    choose_free(&program, 0);
    page.reads("non collegato: possono essere cambiati");
    program.step("il-calendario-dice-quanto-e-vecchio");
    write_extras(&program, "Scritta senza collegamento.");
    send(&program);
    page.find(Role::Heading, "In coda");
    page.reads("1 da inviare");
    program.step("in-coda");
    go(&program, "Bozze e invii");
    page.reads("In coda");
    program.step("bozze-e-invii");
    page.click(Role::Link, Called::Has("Apri"));
    page.find(Role::Heading, "In coda");

    for (here, away) in files(&story) {
        fs::rename(away, here).expect("the store's file can be moved back");
    }
    // Nobody presses anything.
    page.patient(PATIENCE * 3)
        .find(Role::Heading, "Appuntamento confermato");
    confirmed(&program);
    page.reads("Collegato · aggiornato");
    program.step("partita-da-sola");
    program.close();
}
