//! A sede over the network: two people of one studio and one of another, each in a window of their own.

use std::time::{Duration, Instant};

use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::program::{Program, Story};
use agenda_sede_tests::served::Served;
use domain::code::PointCode;
use domain::routing::Routing;
use store::Admission;

use crate::steps::{book, choose_free, confirmed, free, go, join, open_ticket, send, write_extras};

/// How soon a colleague sees what was booked.
const SOON: Duration = Duration::from_secs(2);

/// A ticket of the other studio that leads to `point`; it is made where there is none.
fn ticket_of_the_other(sede: &Served, point: &PointCode) -> domain::code::TicketCode {
    let training = sede.training();
    let (_, pattern) = training
        .rival_bookings()
        .iter()
        .find(|(_, booking)| booking.point == *point)
        .expect("the other studio has tickets that lead to this point");
    let mut ticket = training
        .tickets_of_others()
        .iter()
        .find(|ticket| ticket.code == pattern.tickets[0].code)
        .expect("its ticket is among those of others")
        .clone();
    ticket.code = "LU-R1".parse().expect("a ticket code");
    let code = ticket.code.clone();
    let admission = Admission {
        tickets: vec![ticket],
        ..Admission::default()
    };
    sede.at_the_sede(async |store| store.desk().admit(&admission).await)
        .expect("the sede takes in another ticket");
    code
}

/// What the board says of a slot that begins so, `giovedì 26 novembre, 9:30:`.
fn said_of(program: &Program<'_>, slot: &str) -> Option<String> {
    let board = program.page().within("#board");
    board.now(Role::Button, Called::Starts(slot)).map(|button| button.name)
}

#[test]
fn two_studios_share_a_sede_and_see_of_each_other_only_taken_places() {
    let sede = Served::in_postgres(1_200);
    let training = sede.training();
    let (ours, theirs) = (training.studio(), training.rival());
    let [ticket, _] = training.landmarks().together.one_point;
    let known = training
        .tickets()
        .find(|known| known.code == ticket)
        .expect("the landmark");
    let offering = training.offering();
    let point = Routing::new(&offering.points)
        .point(&known.sede, &known.topic)
        .expect("the landmark leads to a point")
        .clone();
    let of_theirs = ticket_of_the_other(&sede, &point);

    let stories = ["anna", "bruno", "carla"].map(|person| Story::begin(&format!("sede-{person}")));
    let [anna, bruno, carla] = stories.each_ref().map(Story::start);
    join(&anna, &sede, &ours, "Anna Ricci");
    join(&bruno, &sede, &ours, "Bruno Neri");
    join(&carla, &sede, &theirs, "Carla Bandini");

    // The stranger looks at the same board.
    open_ticket(&carla, &of_theirs);
    book(&carla);
    let board = carla.page().wait("the other studio sees no free place", |page| {
        let board = free(page);
        (!board.is_empty()).then_some(board)
    });
    go(&bruno, "Agenda");
    bruno.page().find(Role::Heading, "Agenda");

    open_ticket(&anna, &ticket);
    book(&anna);
    // Not the first: that one may begin while they look.
    let slot = choose_free(&anna, 2);
    assert!(board.contains(&slot), "both see the same free place {slot}: {board:?}");
    let before = said_of(&carla, &slot).expect("the place is on the board");
    write_extras(&anna, "Riservato a chi prenota.");
    send(&anna);
    let code = confirmed(&anna);
    let booked = Instant::now();
    anna.step("prenotato-da-anna");

    // The colleague sees it in the agenda, soon and without asking.
    bruno.page().patient(SOON).reads(&format!("{ticket}"));
    assert!(
        booked.elapsed() < SOON * 2,
        "the colleague waited for {:?}",
        booked.elapsed()
    );
    bruno.step("lo-vede-bruno");
    bruno.page().click(Role::Button, Called::Has(ticket.as_str()));
    bruno.page().reads(&format!("Codice {code}"));
    bruno.page().reads("Riservato a chi prenota.");

    // The stranger sees a place less, and nothing else.
    carla.page().wait("the place stays free for the other studio", |_| {
        said_of(&carla, &slot).is_none_or(|now| now != before).then_some(())
    });
    carla.step("carla-vede-un-posto-preso");
    for room in ["Agenda", "Richieste", "Oggi", "Aziende"] {
        go(&carla, room);
        let shown = carla.page().text();
        assert!(
            !shown.contains(ticket.as_str()) && !shown.contains(&code),
            "another studio's appointment shows in {room}"
        );
    }
    for program in [anna, bruno, carla] {
        program.close();
    }
    let log = sede.log();
    assert!(!log.contains("Riservato a chi prenota."), "notes are in no log");
}
