//! R3: the studio's own judgement on a reply makes a ticket bookable.

use agenda_sede_tests::page::{Called, Role};

use crate::steps::{Size, choose_free, confirmed, first_start, landmarks, open_ticket, send, story, write_extras};

#[test]
fn a_ticket_closed_ok_is_booked_by_finding_its_reply_unsatisfactory() {
    let code = landmarks(Size::Small).closed_ok_unassessed;
    let story = story("d-risposta-non-soddisfacente");
    let program = story.start();
    first_start(&program, Size::Small);

    open_ticket(&program, &code);
    let page = program.page();
    page.reads("La risposta è soddisfacente ed esaustiva?");
    assert!(
        page.now(Role::Button, "Prenota appuntamento").is_none(),
        "a ticket closed with OK can be booked without a judgement on the reply"
    );
    program.step("chiusa-ok");

    page.click(Role::Button, "Risposta non soddisfacente: prenota");
    page.find(Role::Heading, Called::Starts("Prenotazione · "));
    choose_free(&program, 1);
    page.within("ol").click(Role::Button, Called::Starts("Richieste"));
    page.reads("chiusa OK, ma lo studio giudica la risposta non soddisfacente");
    program.step("perche-si-puo-prenotare");
    page.within("ol").click(Role::Button, Called::Starts("Quando"));
    write_extras(&program, "La risposta non dice da quando decorre la variazione.");
    send(&program);
    confirmed(&program);
    program.step("confermato");
    program.close();
}
