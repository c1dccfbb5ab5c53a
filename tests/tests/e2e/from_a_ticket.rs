//! The main job: from a ticket to a confirmed appointment, with a document, and still there the next time.

use agenda_sede_tests::documents;
use agenda_sede_tests::page::{Called, Role};

use crate::steps::{Size, book, choose_free, confirmed, first_start, go, send, story, write_extras};

#[test]
fn a_ticket_becomes_a_confirmed_appointment_that_is_still_there_after_a_restart() {
    let story = story("a-da-una-richiesta");
    let document = documents::put(
        &story.data().join("documenti"),
        "quietanza F24 di novembre.pdf",
        &documents::pdf("Quietanza F24"),
    );

    let program = story.start();
    first_start(&program, Size::Ordinary);
    let page = program.page();

    go(&program, "Richieste");
    page.click(Role::Button, Called::Starts("Prenotabili"));
    let row = page.within("#tickets").wait("no ticket is bookable", |list| {
        let rows = list.all(Role::Row, Called::Has(" Sì"));
        rows.into_iter().find(|row| !row.name.contains("bozza"))
    });
    let code = row
        .name
        .split_whitespace()
        .next()
        .expect("a row begins with its code")
        .to_owned();
    program.step("prenotabili");
    page.within("#tickets").click(Role::Row, Called::Starts(&code));
    page.reads(&format!("{code} · Sede di"));
    page.reads("Prenotabile:");
    program.step("richiesta-aperta");

    book(&program);
    let slot = choose_free(&program, 0);
    page.reads("1ª scelta");
    program.step("quando");

    write_extras(
        &program,
        "Si chiede di chiarire perché il versamento non risulta abbinato.",
    );
    page.click(Role::Button, "Scegli file…");
    program.pick(&document);
    page.reads("quietanza F24 di novembre.pdf");
    page.reads("PDF · ");
    program.step("note-e-allegati");

    send(&program);
    let appointment = confirmed(&program);
    program.step("confermato");

    page.click(Role::Link, "Apri in agenda");
    page.reads(&format!("Codice {appointment}"));
    let day = slot.split_once(", ").map_or(slot.as_str(), |(day, _)| day).to_owned();
    assert_agenda_shows(&program, &appointment, &code, &day);
    program.step("agenda");
    program.close();

    let program = story.start();
    go(&program, "Agenda");
    program.page().click(Role::Button, Called::Has(&code));
    assert_agenda_shows(&program, &appointment, &code, &day);
    program.page().reads("quietanza F24 di novembre.pdf");
    program
        .page()
        .reads("Si chiede di chiarire perché il versamento non risulta abbinato.");
    program.step("dopo-il-riavvio");
    program.close();
}

/// The appointment stands in the list, and opened beside it.
#[track_caller]
fn assert_agenda_shows(program: &agenda_sede_tests::program::Program<'_>, appointment: &str, code: &str, day: &str) {
    let page = program.page();
    let row = page.wait("the agenda does not show it as confirmed", |page| {
        let rows = page.all(Role::Button, Called::Has(code));
        rows.into_iter().find(|row| row.name.contains("Confermato"))
    });
    page.reads(&format!("Codice {appointment}"));
    let number = day.split(' ').nth(1).expect("a day has a number");
    assert!(
        row.name.contains(&format!(" {number} ")),
        "the agenda shows another day than {day}: {}",
        row.name
    );
}
