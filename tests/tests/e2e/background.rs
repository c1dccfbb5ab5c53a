//! Nobody looks: the window is closed, and the program goes on.

use std::time::Duration;

use agenda_sede_tests::desktop::NativeWindow;
use agenda_sede_tests::notices::DesktopNotices;
use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::program::{Program, Story, WINDOW};
use agenda_sede_tests::waiting;
use domain::appointment::SedeChange;
use domain::code::AppointmentCode;
use domain::time::Civil;
use store::{SedeDesk, SedeRecords};

use crate::steps::{
    Size, choose_free, confirmed, first_start, go, landmarks, open_ticket, send, store, story, write_extras,
};

/// *Continua a lavorare quando chiudo la finestra*, on.
fn keep_working(program: &Program<'_>) {
    let page = program.page();
    go(program, "Impostazioni");
    let keep = Called::Starts("Continua a lavorare");
    page.click(Role::Checkbox, keep);
    page.wait("the choice is not kept", |page| {
        page.now(Role::Checkbox, keep)
            .filter(|choice| choice.checked && choice.enabled)
    });
    program.step("continua-a-lavorare");
}

/// Books an appointment and gives its code.
fn book(program: &Program<'_>) -> String {
    open_ticket(program, &landmarks(Size::Small).closed_ko);
    program
        .page()
        .click(Role::Button, Called::Starts("Prenota appuntamento"));
    program.page().find(Role::Heading, Called::Starts("Prenotazione · "));
    choose_free(program, 3);
    write_extras(program, "");
    send(program);
    confirmed(program)
}

/// The sede moves the appointment by a week.
fn move_by_a_week(story: &Story, appointment: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let sede = store(story).await;
        let code: AppointmentCode = appointment.parse().expect("a code");
        let known = sede.records().appointment(&code).await.expect("an answer");
        let known = known.expect("the appointment").appointment;
        let mut slot = known.slot.clone();
        let later = chrono::TimeDelta::days(7);
        slot.start = Civil::at(slot.start.instant() + later);
        slot.end = Civil::at(slot.end.instant() + later);
        let outcome = sede
            .desk()
            .tell(known.id, SedeChange::MoveTo { slot }, "Operatore assente.");
        outcome.await.expect("an outcome");
        sede.close().await;
    });
}

#[test]
fn a_program_without_its_window_goes_on_and_a_notice_or_a_second_start_brings_the_window_back() {
    let notices = DesktopNotices::begin();
    let story = story("m-in-sottofondo").as_installed();
    let program = story.start();
    first_start(&program, Size::Small);
    let appointment = book(&program);
    keep_working(&program);

    // A notice while the window is there shows the appointment in it.
    move_by_a_week(&story, &appointment);
    go(&program, "Richieste");
    let moved = "La sede ha spostato un appuntamento";
    let notice = notices.titled(moved);
    assert_eq!(notice.actions.first().map(String::as_str), Some("default"));
    notices.click(&notice);
    program.page().within("#main").reads(&appointment);
    program.page().reads("Operatore assente.");
    program.step("dal-avviso");

    // Closed, it goes on: what the sede does next is told all the same.
    NativeWindow::titled(WINDOW).close();
    waiting::until("the window does not close", || {
        NativeWindow::find(WINDOW).is_none().then_some(())
    });
    let before = notices.shown().len();
    move_by_a_week(&story, &appointment);
    waiting::until_within(
        Duration::from_secs(150),
        "nothing is told with the window closed",
        || (notices.shown().len() > before).then_some(()),
    );
    assert_eq!(program.running(), 1, "it is the same program");

    // A click makes a window; so does a second start, once that is closed again.
    notices.click(notices.shown().last().expect("a notice"));
    let window = NativeWindow::titled(WINDOW);
    program.step_with_desktop("finestra-nuova");
    window.close();
    waiting::until("the new window does not close", || {
        NativeWindow::find(WINDOW).is_none().then_some(())
    });
    assert_eq!(program.running(), 1);
    assert!(story.start_again().success());
    let window = NativeWindow::titled(WINDOW);
    program.step_with_desktop("di-nuovo");
    assert_eq!(program.running(), 1);
    drop(window);
    program.kill();
}
