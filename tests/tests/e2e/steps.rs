//! What many stories have in common: the first start, finding a ticket, writing a booking.

use std::sync::Arc;

use agenda_sede_tests::page::{Called, Page, Role};
use agenda_sede_tests::program::{Program, Story};
use agenda_sede_tests::served::Served;
use agenda_sede_tests::waiting::PATIENCE;
use chrono::{DateTime, Utc};
use domain::code::TicketCode;
use domain::time::Now;
use store::{SetClock, StudioProfile};
use store_sqlite::SqliteStore;
use training::{Landmarks, Seed, Training};

/// The Monday on which the stories play.
pub(crate) const MONDAY: &str = "2026-11-23T09:41:00+01:00";

/// A telephone that can be one.
pub(crate) const PHONE: &str = "0583 955012";

/// How large the training sede is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Small,
    Ordinary,
    Huge,
}

impl Size {
    const fn name(self) -> &'static str {
        match self {
            Self::Small => "Piccola",
            Self::Ordinary => "Media",
            Self::Huge => "Grande",
        }
    }

    const fn tickets(self) -> u32 {
        match self {
            Self::Small => 50,
            Self::Ordinary => 1_200,
            Self::Huge => 200_000,
        }
    }
}

/// The training sede that the program makes on [`MONDAY`].
pub(crate) fn training(size: Size) -> Training {
    Training::new(Seed(6542), size.tickets(), Now::at(monday()))
}

/// The tickets that stories rely on.
pub(crate) fn landmarks(size: Size) -> Landmarks {
    training(size).landmarks()
}

pub(crate) fn monday() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(MONDAY).expect("a moment").to_utc()
}

/// A story that begins on [`MONDAY`].
pub(crate) fn story(name: &str) -> Story {
    Story::begin(name).at(MONDAY)
}

/// The sede's own store, as somebody else has it open at the same time.
pub(crate) async fn store(story: &Story) -> SqliteStore {
    SqliteStore::open(&story.store_file(), Arc::new(SetClock::new(monday())))
        .await
        .expect("the training store can be opened beside the program")
}

/// First start: the *sede dimostrativa* of this size, until the rail is there.
#[track_caller]
pub(crate) fn first_start(program: &Program<'_>, size: Size) {
    let page = program.page();
    page.reads("Benvenuto in Agenda Sede");
    page.click(Role::Radio, Called::Starts(size.name()));
    program.step("primo-avvio");
    page.click(Role::Button, "Comincia");
    let patience = if size == Size::Huge {
        PATIENCE * 10
    } else {
        PATIENCE * 2
    };
    page.patient(patience).find(Role::Link, Called::Starts("Oggi"));
    page.patient(patience).reads("Collegato · aggiornato");
    program.step("pronto");
}

/// First start: trades an invitation, and waits until the first reading is done.
#[track_caller]
pub(crate) fn join(program: &Program<'_>, sede: &Served, studio: &StudioProfile, person: &str) {
    let page = program.page();
    page.write(Called::Starts("Indirizzo della sede"), &sede.address());
    page.write(Called::Starts("Codice di invito"), &sede.invite(&studio.code, person));
    page.click(Role::Button, "Scegli il file…");
    program.pick_authority(&sede.authority());
    page.reads("authority.pem");
    page.click(Role::Button, "Verifica connessione");
    page.reads("La strada verso la sede è libera.");
    program.step("strada-libera");
    page.click(Role::Button, "Collega");
    let page = page.patient(PATIENCE * 2);
    page.find(Role::Link, Called::Starts("Oggi"));
    page.reads("Collegato · aggiornato");
    page.reads(&studio.name);
}

/// Goes to a room by the rail.
#[track_caller]
pub(crate) fn go(program: &Program<'_>, room: &str) {
    program.page().within("nav").click(Role::Link, Called::Starts(room));
}

/// Finds a ticket by its code in *Richieste* and opens it at the right.
#[track_caller]
pub(crate) fn open_ticket(program: &Program<'_>, code: &TicketCode) {
    let page = program.page();
    go(program, "Richieste");
    page.click(Role::Button, Called::Starts("Tutte"));
    page.write(Called::Starts("Cerca"), code.as_str());
    page.wait("the search finds other tickets too", |page| {
        let rows = page.within("#tickets").all(Role::Row, Called::Has("-"));
        let only = !rows.is_empty() && rows.iter().all(|row| row.name.starts_with(code.as_str()));
        (only && page.text().contains(&format!("Ricerca: «{code}»"))).then_some(())
    });
    page.within("#tickets").click(Role::Row, Called::Has(code.as_str()));
    page.reads(&format!("{code} · Sede di"));
}

/// *Prenota appuntamento*, until the page of the booking is there.
#[track_caller]
pub(crate) fn book(program: &Program<'_>) {
    let page = program.page();
    page.click(Role::Button, Called::Starts("Prenota appuntamento"));
    page.find(Role::Heading, Called::Starts("Prenotazione · "));
}

/// Chooses the `nth` slot that is free now (from 0), on as many pages of the board as it takes; gives its name,
/// `giovedì 26 novembre, 9:30`.
#[track_caller]
pub(crate) fn choose_free(program: &Program<'_>, nth: usize) -> String {
    let page = program.page();
    let slot = page.wait("no free place on the board", |page| free(page).into_iter().nth(nth));
    page.within("#board").click(Role::Button, Called::Starts(&slot));
    page.within("#board").wait("the chosen place is not marked", |board| {
        board
            .now(Role::Button, Called::Starts(&slot))
            .filter(|button| button.pressed)
    });
    slot
}

/// The free slots that the board shows.
pub(crate) fn free(page: &Page<'_>) -> Vec<String> {
    page.within("#board")
        .all(Role::Button, Called::Has(" post"))
        .into_iter()
        .filter(|button| button.enabled && !button.pressed)
        .filter_map(|button| Some(button.name.rsplit_once(": ")?.0.to_owned() + ":"))
        .collect()
}

/// Goes on to *Note e allegati* and fills in the contact.
#[track_caller]
pub(crate) fn write_extras(program: &Program<'_>, notes: &str) {
    let page = program.page();
    page.within("aside").click(Role::Button, "Note e allegati");
    if !notes.is_empty() {
        page.write(Called::Starts("Note per la sede"), notes);
    }
    page.write(Called::Starts("Telefono"), PHONE);
    page.reads("C’è tutto.");
}

/// *Invia*.
#[track_caller]
pub(crate) fn send(program: &Program<'_>) {
    program.page().click(Role::Button, "Invia ora");
}

/// Waits for the confirmation and gives the appointment's code.
#[track_caller]
pub(crate) fn confirmed(program: &Program<'_>) -> String {
    let page = program.page().patient(PATIENCE * 2);
    page.find(Role::Heading, "Appuntamento confermato");
    page.wait("the confirmation names no code", |page| {
        let text = page.text();
        let (_, after) = text.split_once("Codice ")?;
        after.split_whitespace().next().map(str::to_owned)
    })
}
