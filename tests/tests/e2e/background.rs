//! Nobody looks: the window is closed, and the program goes on.

use std::time::Duration;

use agenda_sede_tests::desktop::NativeWindow;
use agenda_sede_tests::notices::DesktopNotices;
use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::panel::Panel;
use agenda_sede_tests::program::{Program, Story, WINDOW};
use agenda_sede_tests::waiting;
use domain::appointment::SedeChange;
use domain::code::AppointmentCode;
use domain::time::Civil;
use store::{SedeDesk, SedeRecords};

use crate::steps::{
    Size, choose_free, confirmed, first_start, go, landmarks, open_ticket, send, store, story, write_extras,
};

/// *Continua a lavorare quando chiudo la finestra*: on, or off.
fn keep_working(program: &Program<'_>, on: bool) {
    let page = program.page();
    go(program, "Impostazioni");
    let keep = Called::Starts("Continua a lavorare");
    page.click(Role::Checkbox, keep);
    page.wait("the choice is not kept", |page| {
        page.now(Role::Checkbox, keep)
            .filter(|choice| choice.checked == on && choice.enabled)
    });
}

/// Closes the window with its cross; the program goes on.
fn close_the_window(program: &Program<'_>) {
    NativeWindow::titled(WINDOW).close();
    waiting::until("the window does not close", || {
        NativeWindow::find(WINDOW).is_none().then_some(())
    });
    assert_eq!(program.running(), 1, "it ended with its window");
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
        sede.desk()
            .tell(known.id, SedeChange::MoveTo { slot }, "Operatore assente.")
            .await
            .expect("an outcome");
        sede.close().await;
    });
}

const MOVED: &str = "La sede ha spostato un appuntamento";

/// So long a studio may take to hear of what another process wrote, on a busy computer.
const HEARING: Duration = Duration::from_secs(90);

#[test]
fn a_program_without_its_window_goes_on_and_a_notice_or_a_second_start_brings_the_window_back() {
    let notices = DesktopNotices::begin();
    let story = story("m-in-sottofondo").as_installed();
    let program = story.start();
    first_start(&program, Size::Small);
    let appointment = book(&program);
    keep_working(&program, true);
    program.step("continua-a-lavorare");

    // A notice while the window is there: a click shows the appointment in it.
    move_by_a_week(&story, &appointment);
    go(&program, "Richieste");
    let notice = notices.titled(MOVED);
    assert_eq!(notice.actions.first().map(String::as_str), Some("default"));
    notices.click(&notice);
    program.page().within("#main").reads(&appointment);
    program.page().reads("Operatore assente.");
    program.step("dall-avviso");

    // Closed, it goes on: what the sede does next is told all the same, and a click makes a window that shows it.
    close_the_window(&program);
    let before = notices.shown().len();
    move_by_a_week(&story, &appointment);
    let notice = waiting::until_within(HEARING, "nothing is told with the window closed", || {
        notices.shown().get(before).cloned()
    });
    assert_eq!(notice.title, MOVED);
    notices.click(&notice);
    program.turn_to_new_window();
    program.page().within("#main").reads(&appointment);
    assert_eq!(program.running(), 1);
    program.step("finestra-nuova");

    // Closed again, a second start makes one too; and without the choice the program ends with its window.
    close_the_window(&program);
    assert!(story.start_again().success());
    program.turn_to_new_window();
    program.page().find(Role::Heading, "Lunedì 23 novembre");
    assert_eq!(program.running(), 1);
    keep_working(&program, false);
    program.close();
}

#[test]
fn a_program_that_the_computer_starts_works_without_a_window_until_somebody_wants_one() {
    let notices = DesktopNotices::begin();
    let story = story("n-avviato-dal-computer").as_installed();
    let program = story.start();
    first_start(&program, Size::Small);
    let appointment = book(&program);
    program.close();

    let _program = story.start_in_background();
    move_by_a_week(&story, &appointment);
    waiting::until_within(HEARING, "nothing is told", || {
        notices.shown().into_iter().find(|shown| shown.title == MOVED)
    });
    assert_eq!(NativeWindow::find(WINDOW), None);
    assert!(story.start_again().success());
    NativeWindow::titled(WINDOW);
}

#[test]
fn the_menu_beside_the_clock_brings_the_window_back_and_ends_the_program() {
    let panel = Panel::begin();
    let story = story("n-menu-accanto-all-orologio").as_installed();
    let program = story.start();
    first_start(&program, Size::Small);
    keep_working(&program, true);
    let lines: Vec<String> = panel.menu().into_iter().map(|line| line.text).collect();
    assert_eq!(lines, ["Apri Agenda Sede", "Aggiorna ora", "Esci"]);
    panel.choose("Aggiorna ora");

    close_the_window(&program);
    panel.choose("Apri Agenda Sede");
    program.turn_to_new_window();
    program.page().find(Role::Heading, "Lunedì 23 novembre");
    assert_eq!(program.running(), 1);
    program.step("riaperta-dal-menu");

    // Whoever chooses it means it, also where closing the window would not end the program.
    panel.choose("Esci");
    waiting::until("the program does not end", || (program.running() == 0).then_some(()));
}
