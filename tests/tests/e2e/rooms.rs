//! Every room, light and dark, for somebody to look at.

use agenda_sede_tests::page::{Called, Page, Role};
use agenda_sede_tests::program::Program;

use crate::steps::{
    Size, book, choose_free, confirmed, first_start, go, landmarks, open_ticket, send, story, write_extras,
};

#[test]
fn every_room_opens_in_light_and_in_dark() {
    let landmarks = landmarks(Size::Ordinary);
    let story = story("stanze");
    let program = story.start();
    first_start(&program, Size::Ordinary);
    let page = program.page();

    open_ticket(&program, &landmarks.ripe_today);
    book(&program);
    choose_free(&program, 0);
    write_extras(&program, "");
    send(&program);
    confirmed(&program);
    open_ticket(&program, &landmarks.closed_ko);
    book(&program);
    choose_free(&program, 0);
    choose_free(&program, 1);
    walk(&program, "chiaro");

    go(&program, "Impostazioni");
    page.click(Role::Radio, "Scuro");
    page.wait("the page stays light", |page| (luminance(page) < 0.3).then_some(()));
    walk(&program, "scuro");
    program.close();

    let program = story.start();
    program.page().find(Role::Heading, Called::Starts(""));
    program.page().wait("the choice of dark is forgotten", |page| {
        (luminance(page) < 0.3).then_some(())
    });
    program.close();
}

fn walk(program: &Program<'_>, theme: &str) {
    let page = program.page();
    let rooms = [
        ("Oggi", "Prossimi appuntamenti"),
        ("Richieste", "in elenco"),
        ("Aziende", "aziende"),
        ("Agenda", "Agenda"),
        ("Bozze e invii", "In preparazione"),
        ("Impostazioni", "Aspetto"),
    ];
    for (room, sign) in rooms {
        go(program, room);
        if room == "Richieste" {
            if page.now(Role::Button, "Togli i filtri").is_some() {
                page.click(Role::Button, "Togli i filtri");
            }
            page.click(Role::Button, Called::Starts("Prenotabili"));
            page.within("#tickets").click(Role::Row, Called::Has(" Sì"));
            page.reads("Conversazione");
        } else {
            page.reads(sign);
        }
        let name = room.to_lowercase().replace(' ', "-");
        program.step(&format!("{name}-{theme}"));
        if room == "Agenda" {
            week(program, theme);
        }
    }
    go(program, "Bozze e invii");
    page.click(Role::Link, Called::Starts("Apri la bozza"));
    page.within("#board").find(Role::Button, Called::Has(" post"));
    program.step(&format!("prenotazione-{theme}"));
}

/// The agenda as a week, with the appointment that is confirmed; and as a list again.
fn week(program: &Program<'_>, theme: &str) {
    let page = program.page();
    page.click(Role::Button, "Settimana");
    page.find(Role::Region, Called::Starts("Settimana da "));
    page.click(Role::Button, "Questa settimana");
    let event = page.wait("no week shows the appointment", |page| {
        let event = page.within(".calendar").now(Role::Button, Called::Has(", Confermato"));
        if event.is_none() {
            page.click(Role::Button, "Settimana seguente");
        }
        event
    });
    program.step(&format!("agenda-settimana-{theme}"));
    page.within(".calendar").click(Role::Button, Called::Is(&event.name));
    page.reads("Che cosa è successo");
    program.step(&format!("agenda-settimana-aperto-{theme}"));
    page.click(Role::Button, "Elenco");
}

/// How light the page's ground is, 0 to 1.
fn luminance(page: &Page<'_>) -> f64 {
    let script = "const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);\
                  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;";
    page.look(script, &[]).as_f64().unwrap_or(1.0)
}
