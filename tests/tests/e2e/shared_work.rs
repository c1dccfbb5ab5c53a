//! Work shared in a studio: notes of its own, who attends, what to bring, and how the meeting went.

use agenda_sede_tests::page::{Called, Role};

use crate::steps::{
    Size, book, choose_free, confirmed, first_start, go, landmarks, open_ticket, send, story, write_extras,
};

#[test]
fn what_the_studio_keeps_for_itself_is_still_there_when_the_meeting_is_over() {
    let code = landmarks(Size::Small).closed_ko;
    let mut story = story("m-lavoro-condiviso");
    let program = story.start();
    first_start(&program, Size::Small);
    open_ticket(&program, &code);
    let page = program.page();
    page.write("Nuova nota", "Sentito il cliente: la quietanza arriva domani.");
    page.click(Role::Button, "Aggiungi nota");
    page.reads("Sentito il cliente: la quietanza arriva domani.");
    page.reads("Anna Ricci");
    program.step("nota-dello-studio");

    book(&program);
    choose_free(&program, 0);
    write_extras(&program, "Porteremo la quietanza.");
    send(&program);
    confirmed(&program);
    page.click(Role::Link, "Apri in agenda");
    page.click(Role::Checkbox, Called::Has("Anna Ricci"));
    page.write(Called::Has("Documento da aggiungere"), "Delega firmata");
    page.click(Role::Button, "Aggiungi");
    page.find(Role::Button, "Togli «Delega firmata»");
    page.wait("who attends is not marked", |page| {
        page.now(Role::Checkbox, Called::Has("Anna Ricci"))
            .filter(|person| person.checked)
    });
    assert!(
        page.now(Role::Button, "Registra l’esito").is_none(),
        "how a meeting went is asked before it was held"
    );
    program.step("chi-va-e-con-che-cosa");
    program.close();

    story.set_clock("2026-12-04T08:30:00+01:00");
    let program = story.start();
    let page = program.page();
    go(&program, "Oggi");
    page.find(Role::Heading, "Com’è andata?");
    program.step("com-e-andata");
    page.click(Role::Link, Called::Starts("Registra l’esito"));
    page.reads("Delega firmata");
    page.click(Role::Radio, "Da seguire");
    page.write(Called::Starts("Che cosa è stato detto"), "Serve un’altra delega.");
    page.click(Role::Button, "Registra l’esito");
    page.find(Role::Button, "Correggi");
    page.reads("Serve un’altra delega.");
    program.step("esito-registrato");
    go(&program, "Oggi");
    page.wait("the day asks again how it went", |page| {
        page.now(Role::Link, Called::Starts("Registra l’esito"))
            .is_none()
            .then_some(())
    });
    open_ticket(&program, &code);
    page.reads("Sentito il cliente: la quietanza arriva domani.");
    program.step("la-nota-e-ancora-qui");
    program.close();
}
