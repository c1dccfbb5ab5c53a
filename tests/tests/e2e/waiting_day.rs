//! R4 on its last day: five days are not more than five.

use agenda_sede_tests::page::{Called, Role};

use crate::steps::{Size, first_start, landmarks, open_ticket, story};

#[test]
fn on_the_last_day_of_waiting_the_button_says_from_when_and_a_day_later_it_works() {
    let code = landmarks(Size::Small).ripe_tomorrow;
    let mut story = story("c-ultimo-giorno-di-attesa");

    let program = story.start();
    first_start(&program, Size::Small);
    open_ticket(&program, &code);
    let page = program.page();
    let button = page.find(Role::Button, "Prenota appuntamento");
    assert!(
        !button.enabled,
        "a ticket that has waited five days can be booked a day early"
    );
    page.reads("Prenotabile da mar 24 novembre");
    page.find(Role::Button, "Prepara prenotazione");
    page.reads("invio automatico da martedì 24 novembre");
    program.step("ultimo-giorno");
    program.close();

    story.set_clock("2026-11-24T00:00:05+01:00");
    let program = story.start();
    open_ticket(&program, &code);
    let page = program.page();
    page.wait("a ticket that has waited more than five days can't be booked", |page| {
        page.now(Role::Button, "Prenota appuntamento")
            .filter(|button| button.enabled)
    });
    assert!(
        page.now(Role::Button, "Prepara prenotazione").is_none(),
        "what can be booked now is still offered for later"
    );
    program.step("un-giorno-dopo");
    page.click(Role::Button, "Prenota appuntamento");
    page.find(Role::Heading, Called::Starts("Prenotazione · "));
    program.step("si-prenota");
    program.close();
}
