//! Somebody who has lost sight of the window starts the program again.

use agenda_sede_tests::desktop::NativeWindow;
use agenda_sede_tests::program::WINDOW;
use agenda_sede_tests::waiting;

use crate::steps::story;

#[test]
fn a_second_start_shows_the_window_of_the_first_and_ends() {
    let story = story("un-solo-programma").as_installed();
    let program = story.start();
    program.page().reads("Benvenuto in Agenda Sede");
    let windows = NativeWindow::count(WINDOW);
    NativeWindow::titled(WINDOW).hide();
    assert!(NativeWindow::find(WINDOW).is_none());

    assert!(story.start_again().success());
    waiting::until("the window does not come back", || NativeWindow::find(WINDOW));
    assert_eq!(NativeWindow::count(WINDOW), windows, "it is the same window");
    program.page().reads("Benvenuto in Agenda Sede");

    // One that died holds nobody back.
    program.kill();
    let program = story.start();
    program.page().reads("Benvenuto in Agenda Sede");

    // Whoever installs or removes it asks it to end.
    let (ended, _) = story.start_for(&["--quit"]);
    assert!(ended.success());
    waiting::until("it goes on", || (program.running() == 0).then_some(()));
    let (ended, _) = story.start_for(&["--quit"]);
    assert!(ended.success(), "where none runs there is nothing to ask");
}
