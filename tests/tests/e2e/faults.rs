//! That the page keeps its security policy is only worth something if a breach would be noticed.

use agenda_sede_tests::waiting;

use crate::steps::story;

#[test]
fn what_breaks_the_security_policy_or_is_not_caught_is_written_into_the_log() {
    let story = story("controllo-dei-guasti");
    let program = story.start();
    program.page().reads("Benvenuto in Agenda Sede");
    let breach = "const image = new Image(); image.src = 'https://example.invalid/x.png'; document.body.append(image);\
                  setTimeout(() => { throw new Error('thrown on purpose'); });\
                  Promise.reject(new Error('rejected on purpose'));";
    program.page().look(breach, &[]);
    for sign in ["img-src", "thrown on purpose", "rejected on purpose"] {
        waiting::until(&format!("the log says nothing of {sign}"), || {
            story.page_faults().iter().any(|line| line.contains(sign)).then_some(())
        });
    }
    program.kill();
}
