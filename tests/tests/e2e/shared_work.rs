//! Work shared in a studio: who is in charge, notes of its own, who attends, what to bring, and how the meeting went; alone,
//! and by two people each in a window of their own.

use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::program::{Program, Story};
use agenda_sede_tests::served::Served;

use crate::steps::{
    Size, book, choose_free, confirmed, first_start, go, join, landmarks, open_ticket, send, story, write_extras,
};

#[test]
fn what_the_studio_keeps_for_itself_is_still_there_when_the_meeting_is_over() {
    let code = landmarks(Size::Small).closed_ko;
    let mut story = story("m-lavoro-condiviso");
    let program = story.start();
    first_start(&program, Size::Small);
    open_ticket(&program, &code);
    let page = program.page();
    page.write(
        Called::Starts("Nuova nota"),
        "Sentito il cliente: la quietanza arriva domani.",
    );
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

/// Books the slot of the board that is called so, and opens the appointment.
fn book_at(program: &Program<'_>, slot: &str) {
    let page = program.page();
    page.within("#board").click(Role::Button, Called::Starts(slot));
    page.within("#board").wait("the chosen place is not marked", |board| {
        board
            .now(Role::Button, Called::Starts(slot))
            .filter(|button| button.pressed)
    });
    write_extras(program, "");
    send(program);
    confirmed(program);
    page.click(Role::Link, "Apri in agenda");
}

/// Says of the appointment that is open that Anna attends it.
fn anna_attends(program: &Program<'_>) {
    let page = program.page();
    page.click(Role::Checkbox, Called::Has("Anna Ricci"));
    page.wait("who attends is not marked", |page| {
        page.now(Role::Checkbox, Called::Has("Anna Ricci"))
            .filter(|person| person.checked)
    });
}

#[test]
fn what_one_of_two_colleagues_enters_the_other_sees_and_nobody_is_expected_in_two_places() {
    let sede = Served::begin(1_200);
    let studio = sede.training().studio();
    let [first, second] = sede.training().landmarks().together.one_point;
    let stories = ["anna", "bruno"].map(|person| Story::begin(&format!("insieme-{person}")));
    let [anna, bruno] = stories.each_ref().map(Story::start);
    join(&anna, &sede, &studio, "Anna Ricci");
    join(&bruno, &sede, &studio, "Bruno Neri");

    open_ticket(&bruno, &first);
    open_ticket(&anna, &first);
    let page = anna.page();
    page.tab_to(Role::Combobox, "In carico a");
    page.press("io".chars());
    page.reads(&format!("{first} è in carico a Anna Ricci."));
    page.write(
        Called::Starts("Nuova nota"),
        "Sentito il cliente: la quietanza arriva domani.",
    );
    page.click(Role::Button, "Aggiungi nota");
    page.reads("Nota aggiunta.");
    anna.step("in-carico-con-una-nota");

    // The colleague has the same ticket open, and is told without asking.
    bruno.page().reads("Sentito il cliente: la quietanza arriva domani.");
    bruno
        .page()
        .wait("the colleague does not see who is in charge", |page| {
            let row = page.within("#tickets").now(Role::Row, Called::Has(first.as_str()))?;
            row.name.contains("Anna Ricci").then_some(())
        });
    bruno.step("lo-vede-il-collega");

    book(&anna);
    let slot = page.wait("no place for two", |page| {
        let places = page.within("#board").all(Role::Button, Called::Has(" posti"));
        let free = places
            .into_iter()
            .find(|place| place.enabled && !place.name.ends_with(" 0 posti"))?;
        Some(free.name.rsplit_once(": ")?.0.to_owned() + ":")
    });
    book_at(&anna, &slot);
    anna_attends(&anna);
    anna.step("anna-partecipa");

    open_ticket(&bruno, &second);
    book(&bruno);
    book_at(&bruno, &slot);
    anna_attends(&bruno);
    bruno.page().reads("Anna Ricci partecipa anche all’appuntamento di");
    bruno.step("due-insieme");

    // Who is to be in two places sees it on her own computer.
    go(&anna, "Agenda");
    page.wait("the agenda marks nobody", |page| {
        let marked = page.text().matches("Sovrapposto").count();
        (marked >= 2).then_some(())
    });
    anna.step("sovrapposto");
    anna.close();
    bruno.close();
}
