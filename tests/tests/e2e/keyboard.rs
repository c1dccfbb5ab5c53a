//! The main job without a mouse: every action has a key, and one always sees where one is.

use agenda_sede_tests::desktop;
use agenda_sede_tests::documents;
use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::waiting::PATIENCE;
use agenda_sede_tests::webdriver::key::{ALT, CONTROL, DOWN, ENTER, RIGHT, SPACE, TAB, UP};

use crate::steps::{PHONE, story};

#[test]
fn the_whole_path_from_the_first_start_to_the_agenda_works_with_the_keyboard_alone() {
    let story = story("tastiera");
    let document = documents::put(&story.data().join("documenti"), "delega.pdf", &documents::pdf("Delega"));
    let program = story.start();
    let page = program.page();

    page.reads("Benvenuto in Agenda Sede");
    page.tab_to(Role::Radio, Called::Starts("Media"));
    page.keys_to(&[UP], Role::Radio, Called::Starts("Piccola"));
    program.step("primo-avvio");
    page.tab_to(Role::Button, "Comincia");
    page.press([ENTER]);
    page.patient(PATIENCE * 2).reads("Collegato · aggiornato");

    page.press_with(&[ALT], '2');
    page.tab_to(Role::Button, Called::Starts("Prenotabili"));
    page.press([SPACE]);
    page.within("#tickets").find(Role::Row, Called::Has(" Sì"));
    page.press([DOWN]);
    let focused = || {
        page.within("#tickets")
            .wait("no row of the list has the keyboard", |list| {
                list.all(Role::Row, Called::Has(" Sì"))
                    .into_iter()
                    .find(|row| row.focused)
            })
    };
    let mut row = focused();
    while row.name.contains("bozza") {
        page.press([DOWN]);
        row = focused();
    }
    program.step("elenco");
    let code = row
        .name
        .split_whitespace()
        .next()
        .expect("a row begins with its code")
        .to_owned();
    page.press([ENTER]);
    page.reads(&format!("{code} · Sede di"));
    page.find(Role::Button, "Prenota appuntamento");
    program.step("richiesta-aperta");
    page.press_with(&[CONTROL], ENTER);
    page.find(Role::Heading, Called::Starts("Prenotazione · "));

    page.within("#board").tab_to(Role::Button, Called::Has(", "));
    for _ in 0..40 {
        let at = page
            .within("#board")
            .all(Role::Button, Called::Has(", "))
            .into_iter()
            .find(|cell| cell.focused);
        if at.is_some_and(|cell| cell.enabled && cell.name.contains(" post")) {
            break;
        }
        // Down the day, then on to the next one.
        let before = page.focus();
        page.press([DOWN]);
        if page.focus() == before {
            page.press([RIGHT]);
        }
    }
    page.press([ENTER]);
    page.reads("1ª scelta");
    program.step("quando");

    page.press_with(&[CONTROL], '3');
    page.tab_to(Role::Textbox, Called::Starts("Note per la sede"));
    page.type_over("Scritto senza mouse.");
    page.tab_to(Role::Textbox, Called::Starts("Telefono"));
    page.type_over(PHONE);
    page.tab_to(Role::Button, "Scegli file…");
    page.press([ENTER]);
    desktop::pick(desktop::PICKER, &document, None);
    page.reads("delega.pdf");
    program.step("note-e-allegati");
    page.press_with(&[CONTROL], ENTER);
    page.patient(PATIENCE * 2)
        .find(Role::Heading, "Appuntamento confermato");
    program.step("confermato");

    page.press_with(&[ALT], '4');
    page.tab_to(Role::Button, Called::Has(&code));
    page.press([ENTER]);
    page.reads("Scritto senza mouse.");
    program.step("agenda");
    page.press([TAB]);
    program.close();
}
