//! R14, R17: an appointment is changed and moved, and the sede's word meanwhile is not lost.

use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::waiting::PATIENCE;
use domain::appointment::SedeChange;
use store::{SedeDesk, SedeRecords};

use crate::steps::{
    Size, choose_free, confirmed, first_start, landmarks, open_ticket, send, store, story, write_extras,
};

#[test]
fn an_appointment_is_moved_and_who_moves_it_sees_what_the_sede_did_meanwhile() {
    let code = landmarks(Size::Small).closed_ko;
    let story = story("l-si-cambia-un-appuntamento");
    let program = story.start();
    first_start(&program, Size::Small);
    let page = program.page();
    open_ticket(&program, &code);
    page.click(Role::Button, Called::Starts("Prenota appuntamento"));
    page.find(Role::Heading, Called::Starts("Prenotazione · "));
    choose_free(&program, 3);
    write_extras(&program, "Prima nota.");
    send(&program);
    let appointment = confirmed(&program);
    page.click(Role::Link, "Apri in agenda");

    page.click(Role::Button, "Modifica…");
    page.find(
        Role::Heading,
        Called::Starts(&format!("Modifica dell’appuntamento {appointment}")),
    );
    page.reads("Ora: ");
    choose_free(&program, 0);
    program.step("altro-posto");
    page.within("aside").click(Role::Button, "Note e allegati");
    page.write(Called::Starts("Note per la sede"), "Seconda nota.");
    page.reads("Prima nota.");
    program.step("prima-e-dopo");

    // The sede moves it while the person writes.
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let sede = store(&story).await;
        let code = appointment.parse().expect("a code");
        let known = sede.records().appointment(&code).await.expect("an answer");
        let known = known.expect("the appointment").appointment;
        let mut slot = known.slot.clone();
        let later = chrono::TimeDelta::days(7);
        slot.start = domain::time::Civil::at(slot.start.instant() + later);
        slot.end = domain::time::Civil::at(slot.end.instant() + later);
        let moved = SedeChange::MoveTo { slot };
        sede.desk()
            .tell(known.id, moved, "Operatore assente.")
            .await
            .expect("an outcome");
        sede.close().await;
    });
    page.click(Role::Button, "Invia la modifica");
    page.patient(PATIENCE * 2)
        .reads("L’appuntamento è cambiato nel frattempo");
    program.step("nel-frattempo");
    page.click(Role::Button, "Rivedi");
    page.within("ol").click(Role::Button, Called::Has("Note e allegati"));
    page.reads("Seconda nota.");
    program.step("riveduta");
    page.click(Role::Button, "Invia la modifica");
    page.patient(PATIENCE * 2).find(Role::Heading, "Modifica confermata");
    program.step("confermata");
    page.click(Role::Link, "Apri in agenda");
    page.reads("Seconda nota.");
    page.reads("Operatore assente.");
    program.step("cronologia");
    program.close();
}
