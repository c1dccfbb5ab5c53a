//! A studio without a sede (R16): from a list of the portal to an appointment in the agenda.

use agenda_sede_tests::documents;
use agenda_sede_tests::page::{Called, Role};

use crate::steps::{go, story};

const LIST: &str = "Codice;Matricola;Ragione sociale;Sede;Argomento;Data apertura;Stato;Esito\r\n\
    INPS.4600.0048211;4600000001;Cartiera Lucchese;Lucca;DURC;10/11/2026;Aperta;\r\n\
    INPS.4600.0048212;4600000001;Cartiera Lucchese;Lucca;Denunce;20/11/2026;In carico;\r\n\
    INPS.4600.0048213;4600000002;Zeta Trasporti;Pisa;DURC;01/11/2026;Chiusa;KO\r\n\
    INPS.4600.0048214;46;Zeta Trasporti;Pisa;DURC;01/11/2026;Aperta;\r\n";

#[test]
fn a_list_of_the_portal_becomes_an_appointment_that_the_studio_wrote_down() {
    let story = story("portale").with_an_opener();
    let list = documents::put(&story.data().join("documenti"), "richieste.csv", LIST.as_bytes());
    let program = story.start();
    let page = program.page();

    page.reads("Importa un elenco di richieste");
    program.step("primo-avvio");
    page.click(Role::Button, "Comincia da un elenco");
    page.find(Role::Heading, "Importa un elenco");
    page.reads("Senza una sede, con le richieste del portale");
    page.click(Role::Button, "Scegli un file…");
    program.pick_list(&list);
    page.reads("richieste.csv");
    page.reads("Non presa");
    program.step("anteprima");
    page.click(Role::Button, "Importa 3 richieste");
    page.reads("3 richieste nuove e 1 riga non presa.");
    program.step("importato");

    page.click(Role::Link, "Vedi quelle prenotabili");
    let rows = page.within("#tickets").wait("not the two that are bookable", |list| {
        let rows = list.all(Role::Row, Called::Has(" Sì"));
        (rows.len() == 2).then_some(rows)
    });
    assert!(rows.iter().any(|row| row.name.contains("0048213")), "closed KO (R3)");
    program.step("prenotabili");
    page.within("#tickets").click(Role::Row, Called::Has("0048211"));
    page.reads("Prenotabile: aperta da 13 giorni");
    page.click(Role::Button, "Prenota sul portale");
    page.find(Role::Heading, Called::Starts("Prenota sul portale · "));
    page.write(Called::Starts("Note per la sede"), "Si porta la quietanza.");
    page.within("#portal-card").reads("Si porta la quietanza.");
    page.within("#portal-card").reads("INPS.4600.0048211");
    program.step("scheda-da-copiare");
    page.click(Role::Button, "Apri il portale");
    page.wait("the portal is not opened", |_| {
        let opened = story.opened();
        opened
            .iter()
            .any(|one| one.as_os_str() == "https://www.inps.it")
            .then_some(())
    });

    page.click(Role::Button, "Registra appuntamento…");
    let dialog = page.within("#register-dialog");
    write_into(&program, "register-date", "2026-11-26");
    write_into(&program, "register-from", "09:30");
    dialog.write("Dove", "Sportello aziende");
    program.step("registra");
    dialog.click(Role::Button, "Registra");
    page.reads("Portale · senza identificativo");
    page.reads("Registrato dallo studio");
    program.step("in-agenda");
    program.close();

    let program = story.start();
    go(&program, "Agenda");
    program.page().click(Role::Button, Called::Has("INPS.4600.0048211"));
    program.page().reads("Sportello aziende");
    go(&program, "Richieste");
    program.page().click(Role::Button, Called::Starts("Non ora"));
    program
        .page()
        .within("#tickets")
        .find(Role::Row, Called::Has("0048211"));
    program.step("dopo-il-riavvio");
    program.close();
}

/// Writes into a field whose text depends on the language of the computer: what a person picks in its calendar or clock.
fn write_into(program: &agenda_sede_tests::program::Program<'_>, id: &str, value: &str) {
    let write = "const [id, value] = arguments;
        const field = document.getElementById(id);
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        return field.value;";
    let written = program.page().look(write, &[id.into(), value.into()]);
    assert_eq!(written, value, "{id}");
}
