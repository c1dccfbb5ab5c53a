//! Promise 4: what was prepared for another day goes out by itself, whether the program is open on that day or not.

use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::program::Program;
use agenda_sede_tests::waiting::PATIENCE;
use domain::code::TicketCode;

use crate::steps::{Size, choose_free, first_start, go, landmarks, open_ticket, story, write_extras};

/// Prepares a booking for a ticket that is bookable from Tuesday; it lies with the sede in the end.
fn prepared(program: &Program<'_>, code: &TicketCode) {
    let page = program.page();
    open_ticket(program, code);
    page.click(Role::Button, "Prepara prenotazione");
    page.find(Role::Heading, Called::Starts("Prenotazione · "));
    choose_free(program, 2);
    write_extras(program, "Preparata il giorno prima.");
    page.click(Role::Button, Called::Starts("Invia: partirà"));
    page.patient(PATIENCE).reads("Depositata presso la sede");
    page.reads("martedì 24 novembre");
    program.step("depositata");
    go(program, "Bozze e invii");
    page.reads("Depositata presso la sede");
    program.step("bozze-e-invii");
}

#[test]
fn a_draft_goes_out_by_itself_while_the_program_is_open() {
    let code = landmarks(Size::Small).ripe_tomorrow;
    let mut story = story("h-parte-da-sola-col-programma-aperto");
    let program = story.start();
    first_start(&program, Size::Small);
    prepared(&program, &code);
    program.close();

    story.set_clock("2026-11-23T23:59:40+01:00");
    let program = story.start();
    go(&program, "Bozze e invii");
    let page = program.page();
    page.click(Role::Link, Called::Has("Apri"));
    page.reads("Depositata presso la sede");
    program.step("prima-di-mezzanotte");
    // Nobody presses anything: midnight passes.
    page.patient(PATIENCE * 4)
        .find(Role::Heading, "Appuntamento confermato");
    program.step("dopo-mezzanotte");
    program.close();
}

#[test]
fn a_draft_goes_out_by_itself_while_the_program_is_closed() {
    let code = landmarks(Size::Small).ripe_tomorrow;
    let mut story = story("i-parte-da-sola-col-programma-chiuso");
    let program = story.start();
    first_start(&program, Size::Small);
    prepared(&program, &code);
    program.close();

    story.set_clock("2026-11-24T08:30:00+01:00");
    let program = story.start();
    go(&program, "Agenda");
    program
        .page()
        .patient(PATIENCE * 2)
        .click(Role::Button, Called::Has(code.as_str()));
    program.page().reads("Preparata il giorno prima.");
    program.step("confermato-al-mattino");
    program.close();
}
