//! A new request (S2): written while the store is cut off, it arrives when that is back, and its ticket carries an
//! appointment like any other.

use std::fs;

use agenda_sede_tests::page::{Called, Page, Role};
use agenda_sede_tests::waiting::PATIENCE;

use crate::cut_off::files;
use crate::steps::{Size, book, choose_free, confirmed, first_start, go, open_ticket, send, story, write_extras};

/// Opens the tree down to the first detail, and chooses that.
fn choose_topic(page: &Page<'_>) {
    let names = || -> Vec<String> {
        let buttons = page.within("#topics").all(Role::Button, Called::Has(""));
        buttons.into_iter().map(|button| button.name).collect()
    };
    let deepest = |names: &[String]| names.iter().rposition(|name| name.starts_with("Nascondi"));
    for _ in ["area", "subject"] {
        let names = names();
        let from = deepest(&names).map_or(0, |at| at + 1);
        let closed = names[from..].iter().find(|name| name.starts_with("Mostra"));
        page.within("#topics")
            .click(Role::Button, closed.expect("something to open").as_str());
    }
    let names = names();
    let detail = deepest(&names).expect("an open subject") + 2;
    page.within("#topics").click(Role::Button, names[detail].as_str());
}

#[test]
fn a_request_written_without_a_connection_becomes_a_ticket_that_carries_an_appointment() {
    let mut story = story("m-nuova-richiesta");
    let program = story.start();
    first_start(&program, Size::Small);
    let page = program.page();
    for (here, away) in files(&story) {
        fs::rename(here, away).expect("the store's file can be moved away");
    }
    page.click(Role::Button, "Aggiorna adesso");
    page.reads("Non collegato · dati");

    go(&program, "Richieste");
    page.click(Role::Button, "Nuova richiesta");
    page.find(Role::Heading, "Nuova richiesta");
    page.click(Role::Button, "Invia");
    page.reads("Scegli la posizione.");
    program.step("manca-qualcosa");
    page.wait("no position is offered", |page| {
        let offered = page.within("#positions").all(Role::Button, Called::Has("Matricola"));
        offered
            .first()
            .map(|first| page.within("#positions").click(Role::Button, first.name.as_str()))
    });
    choose_topic(&page);
    page.write(
        "Che cosa chiedi",
        "Si chiede perché la denuncia di ottobre risulta scartata.",
    );
    page.write("Telefono", "0583 123456");
    page.reads("C’è tutto.");
    program.step("scritta");
    page.click(Role::Button, "Invia");
    page.reads("Parte da sola appena c’è rete.");
    go(&program, "Bozze e invii");
    page.reads("In coda");
    program.step("in-coda");
    page.click(Role::Link, Called::Starts("Apri"));

    for (here, away) in files(&story) {
        fs::rename(away, here).expect("the store's file can be moved back");
    }
    // Nobody presses anything.
    page.patient(PATIENCE * 3).reads("La sede l’ha aperta");
    let opened = page.patient(PATIENCE).find(Role::Link, Called::Starts("Apri "));
    let code = opened
        .name
        .trim_start_matches("Apri ")
        .parse()
        .expect("the code of a ticket");
    program.step("aperta");
    page.click(Role::Link, opened.name.as_str());
    page.reads("Si chiede perché la denuncia di ottobre risulta scartata.");
    program.step("richiesta");
    program.close();

    // The days of R4 pass.
    story.set_clock("2026-11-30T09:00:00+01:00");
    let program = story.start();
    open_ticket(&program, &code);
    book(&program);
    choose_free(&program, 0);
    write_extras(&program, "Per la richiesta di lunedì.");
    send(&program);
    confirmed(&program);
    program.step("appuntamento");
    program.close();
}
