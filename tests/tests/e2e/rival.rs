//! R11, when another studio is quicker: the next choice is granted, and when none is left somebody is asked.

use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::program::Story;
use domain::booking::{BookedTicket, Booking};
use domain::code::{DecisionId, PointCode};
use domain::time::Civil;
use domain::wish::Wish;
use store::{Admission, Attempt, BookOutcome, BookRefusal, CalendarStore as _, SedeDesk as _};
use uuid::Uuid;

use crate::steps::{
    Size, book, choose_free, confirmed, first_start, go, landmarks, open_ticket, send, store, story, training,
    write_extras,
};

/// The other studio takes every place of the slot that begins at `start`; gives how many it took.
fn take_all(story: &Story, point: &PointCode, start: Civil) -> u32 {
    let training = training(Size::Ordinary);
    let (_, pattern) = training
        .rival_bookings()
        .iter()
        .find(|(_, booking)| booking.point == *point)
        .expect("the other studio has tickets that lead to this point");
    let model = training
        .tickets_of_others()
        .iter()
        .find(|ticket| ticket.code == pattern.tickets[0].code)
        .expect("its ticket is among those of others");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let store = store(story).await;
        let rival = store.studio(&training.rival().code);
        let mut taken = 0;
        loop {
            let mut ticket = model.clone();
            let number = start.instant().timestamp() / 60 % 100_000 * 100 + i64::from(taken);
            ticket.code = format!("LU-R{number}").parse().expect("a ticket code");
            let code = ticket.code.clone();
            let admission = Admission {
                tickets: vec![ticket],
                ..Admission::default()
            };
            store
                .desk()
                .admit(&admission)
                .await
                .expect("the sede takes in another ticket");
            let booking = Booking {
                tickets: vec![BookedTicket {
                    code,
                    judgement: None,
                    read: None,
                }],
                wishes: vec![Wish::Slot { start }],
                ..pattern.clone()
            };
            let attempt = Attempt::first(DecisionId::new(Uuid::now_v7()));
            match rival
                .book(attempt, &booking)
                .await
                .expect("the store answers the other studio")
            {
                BookOutcome::Booked { .. } => taken += 1,
                BookOutcome::Refused {
                    why:
                        BookRefusal::Rule {
                            refusal: domain::booking::Refusal::AllTaken { .. },
                        },
                } => break,
                BookOutcome::Refused { why } => panic!("the other studio is refused for another reason: {why:?}"),
            }
        }
        store.close().await;
        taken
    })
}

/// The beginning of the slot that the board marks as the choice of this rank.
fn chosen_start(program: &agenda_sede_tests::program::Program<'_>, rank: usize) -> Civil {
    let script = "return [...document.querySelectorAll('#board [aria-pressed=true]')]\
                  .map((cell) => [cell.getAttribute('aria-label'), cell.dataset.start]);";
    let cells = program.page().look(script, &[]);
    let wanted = format!(": {rank}ª scelta");
    cells
        .as_array()
        .and_then(|cells| {
            cells.iter().find_map(|cell| {
                cell[0]
                    .as_str()?
                    .contains(&wanted)
                    .then(|| cell[1].as_str().map(str::to_owned))?
            })
        })
        .expect("the board shows the choice")
        .parse()
        .expect("a slot's beginning")
}

#[test]
fn when_another_studio_is_quicker_the_second_choice_is_granted_and_with_none_left_somebody_is_asked() {
    let landmarks = landmarks(Size::Ordinary);
    let [first, second] = &landmarks.together.one_point;
    let training = training(Size::Ordinary);
    let ticket = training
        .tickets()
        .find(|ticket| ticket.code == *first)
        .expect("the landmark");
    let offering = training.offering();
    let point = domain::routing::Routing::new(&offering.points)
        .point(&ticket.sede, &ticket.topic)
        .expect("the landmark leads to a point")
        .clone();

    let story = story("e-posto-preso-da-altri");
    let program = story.start();
    first_start(&program, Size::Ordinary);
    let page = program.page();

    // The first choice is taken meanwhile.
    open_ticket(&program, first);
    book(&program);
    choose_free(&program, 0);
    choose_free(&program, 0);
    let wanted = chosen_start(&program, 1);
    program.step("due-scelte");
    write_extras(&program, "");
    assert!(take_all(&story, &point, wanted) > 0, "the slot was full already");
    send(&program);
    confirmed(&program);
    page.reads("Assegnata la 2ª scelta su 2");
    program.step("assegnata-la-seconda");

    // With none left, somebody must decide.
    open_ticket(&program, second);
    book(&program);
    choose_free(&program, 0);
    let wanted = chosen_start(&program, 1);
    write_extras(&program, "");
    assert!(take_all(&story, &point, wanted) > 0, "the slot was full already");
    send(&program);
    page.reads("I posti liberi più vicini");
    let nearest = page.within("#nearest").all(Role::Button, Called::Has(":"));
    assert!(
        !nearest.is_empty(),
        "no free slot is offered instead of those that were taken"
    );
    program.step("serve-una-decisione");
    go(&program, "Oggi");
    page.reads("Scegli di nuovo");
    program.step("oggi-lo-dice");
    page.click(Role::Link, Called::Starts("Scegli di nuovo"));

    page.within("#nearest")
        .click(Role::Button, Called::Has(&nearest[0].name));
    page.click(Role::Button, "Invia di nuovo");
    confirmed(&program);
    program.step("confermato-un-posto-vicino");
    program.close();
}
