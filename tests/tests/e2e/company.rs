//! From a company: what leads to one point goes together, what leads elsewhere is offered apart, nothing is dropped.

use agenda_sede_tests::page::{Called, Role};

use crate::steps::{Size, choose_free, confirmed, first_start, go, landmarks, send, story, training, write_extras};

#[test]
fn two_tickets_of_one_point_are_booked_together_and_the_third_is_offered_as_a_second_appointment() {
    let together = landmarks(Size::Ordinary).together;
    let [first, second] = &together.one_point;
    let company = training(Size::Ordinary)
        .companies()
        .iter()
        .find(|company| company.code == together.company)
        .expect("the company of the landmark is one of the training sede's")
        .name
        .clone();

    let story = story("b-da-una-azienda");
    let program = story.start();
    first_start(&program, Size::Ordinary);
    let page = program.page();

    go(&program, "Aziende");
    page.write("Cerca un’azienda", together.company.as_str());
    page.click(Role::Option, Called::Starts(&company));
    page.reads(&format!("Codice fiscale {}", together.company));
    for ticket in [first, second] {
        page.click(Role::Checkbox, Called::Is(&format!("Porta {ticket} all’appuntamento")));
    }
    page.find(Role::Button, "Prenota appuntamento · 2 richieste");
    page.reads("porta allo stesso punto: un solo appuntamento.");
    program.step("due-insieme");

    page.click(
        Role::Checkbox,
        Called::Is(&format!("Porta {} all’appuntamento", together.elsewhere)),
    );
    page.reads("Le richieste portano a 2 punti diversi: serve un appuntamento per ciascuno.");
    page.reads("1º appuntamento");
    page.reads("2º appuntamento");
    program.step("la-terza-porta-altrove");

    page.click(Role::Button, "Prenota appuntamento · 2 richieste");
    page.find(Role::Heading, Called::Starts("Prenotazione · "));
    choose_free(&program, 0);
    write_extras(&program, "");
    send(&program);
    confirmed(&program);
    program.step("il-primo-confermato");

    go(&program, "Agenda");
    let row = page.find(Role::Button, Called::Has(first.as_str()));
    assert!(
        row.name.contains(second.as_str()),
        "the two tickets are not in one appointment: {}",
        row.name
    );

    go(&program, "Aziende");
    page.click(Role::Option, Called::Starts(&company));
    let third = format!("Porta {} all’appuntamento", together.elsewhere);
    let box_of_third = page.find(Role::Checkbox, Called::Is(&third));
    assert!(
        box_of_third.checked,
        "the ticket that leads elsewhere was dropped silently instead of waiting for its own appointment"
    );
    page.click(Role::Button, "Prenota appuntamento");
    page.find(Role::Heading, Called::Starts("Prenotazione · "));
    choose_free(&program, 0);
    write_extras(&program, "");
    send(&program);
    confirmed(&program);
    program.step("il-secondo-confermato");

    go(&program, "Agenda");
    page.find(Role::Button, Called::Has(together.elsewhere.as_str()));
    program.step("agenda");
    program.close();
}
