//! Work shared in a studio: who is in charge, who attends, what to bring, how it went, private notes.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use domain::dossier::{DocumentName, MOST_DOCUMENTS, Words};
use domain::time::civil_day;
use office::{Office, code, everything, failure};
use store::{EndOutcome, SedeDesk, SedeRecords, StoreError};
use studio::view::dossiers::MeetingResultView;
use studio::view::failure::FailureCode;
use studio::view::refusals::{RefusalAsked, RefusalWhy};
use studio::view::tickets::{InChargeFilter, TicketQuery};
use world::gate::{Call, unreachable};
use world::{POINT, rome};

const ANNA: &str = "Anna Ricci";
const BRUNO: &str = "Bruno Verdi";

/// An appointment of `ticket` on Thursday the 26th at `time`.
async fn booked(office: &Office, ticket: &str, time: &str) -> String {
    let draft = office.ready(&[ticket], &[time]).await;
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    office.studio.draft_open(&draft.id).await.unwrap().appointment.unwrap()
}

/// The point takes two at once from now on.
async fn second_desk(office: &Office) {
    let store = &office.world.store;
    let before = store.records().point(&POINT.parse().unwrap()).await.unwrap().unwrap();
    let mut after = before.clone();
    after.desks = 2;
    store.desk().change_point(&before, &after).await.unwrap();
    office.studio.sync_now().await.unwrap();
}

async fn codes(office: &Office, in_charge: InChargeFilter) -> Vec<String> {
    let query = TicketQuery {
        in_charge: Some(in_charge),
        ..everything()
    };
    let list = office.studio.tickets_open(query).await.unwrap();
    let rows = office.studio.tickets_window(list.list, 0, 50).await.unwrap();
    rows.into_iter().map(|row| row.code).collect()
}

#[tokio::test]
async fn who_is_in_charge_stands_in_every_list_at_once_and_reaches_the_colleagues() {
    let office = Office::new().await;
    office.gate.shut(Call::Enter, unreachable());
    let detail = office.studio.ticket_in_charge("LU-1", Some(BRUNO)).await.unwrap();
    assert_eq!(detail.row.in_charge.as_deref(), Some(BRUNO), "also with no network");
    assert_eq!(detail.dossier.in_charge.as_deref(), Some(BRUNO));
    let of = |name: &str| InChargeFilter::Person { name: name.to_owned() };
    assert_eq!(codes(&office, of(BRUNO)).await, ["LU-1"]);
    assert_eq!(codes(&office, of(ANNA)).await, [""; 0]);
    assert!(
        !codes(&office, InChargeFilter::Nobody)
            .await
            .contains(&"LU-1".to_owned())
    );

    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let colleague = office.colleague().await;
    let seen = colleague.ticket_open("LU-1").await.unwrap();
    assert_eq!(seen.row.in_charge.as_deref(), Some(BRUNO));
    colleague.ticket_in_charge("LU-1", None).await.unwrap();
    colleague.sync_now().await.unwrap();
    office.studio.sync_now().await.unwrap();
    assert_eq!(office.studio.ticket_open("LU-1").await.unwrap().row.in_charge, None);
}

#[tokio::test]
async fn a_private_note_says_who_wrote_it_and_two_at_once_both_stay() {
    let office = Office::new().await;
    let colleague = office.colleague().await;
    office
        .studio
        .ticket_note("LU-1", "  Sentito il cliente. ")
        .await
        .unwrap();
    colleague.ticket_note("LU-1", "Manca il DM10.").await.unwrap();
    for studio in [&*office.studio, &colleague, &*office.studio] {
        studio.sync_now().await.unwrap();
    }
    let notes = office.studio.ticket_open("LU-1").await.unwrap().dossier.notes;
    let said: Vec<_> = notes
        .iter()
        .map(|note| (note.by.as_deref(), note.text.as_str()))
        .collect();
    assert_eq!(
        said,
        [(Some(BRUNO), "Manca il DM10."), (Some(ANNA), "Sentito il cliente.")],
        "newest first"
    );
}

#[tokio::test]
async fn somebody_who_would_have_to_be_in_two_places_is_marked() {
    let office = Office::new().await;
    let first = booked(&office, "LU-1", "09:30").await;
    second_desk(&office).await;
    let second = booked(&office, "LU-9", "09:30").await;
    let later = booked(&office, "LU-2", "10:30").await;
    for id in [&first, &later] {
        let detail = office.studio.appointment_attends(id, ANNA, true).await.unwrap();
        assert_eq!(detail.dossier.clashes, [], "one after the other is no clash");
    }
    let detail = office.studio.appointment_attends(&second, ANNA, true).await.unwrap();
    assert_eq!(detail.dossier.attends, [ANNA]);
    let clash = &detail.dossier.clashes[..];
    assert!(
        matches!(clash, [clash] if clash.person == ANNA && clash.appointment == first),
        "{clash:?}"
    );
    let rows = office.studio.agenda_list(false).await.unwrap();
    let marked: Vec<_> = rows.iter().filter(|row| row.clash).map(|row| row.id.as_str()).collect();
    assert!(marked.contains(&first.as_str()) && marked.contains(&second.as_str()) && marked.len() == 2);

    office.studio.appointment_attends(&second, ANNA, false).await.unwrap();
    assert!(
        office
            .studio
            .agenda_list(false)
            .await
            .unwrap()
            .iter()
            .all(|row| !row.clash)
    );
}

#[tokio::test]
async fn the_day_asks_how_a_meeting_went_until_somebody_says_so() {
    let office = Office::new().await;
    let id = booked(&office, "LU-1", "09:30").await;
    let refused = office
        .studio
        .appointment_meeting(&id, MeetingResultView::Settled, "")
        .await;
    assert_eq!(code(refused), FailureCode::MeetingNotBegun);
    assert_eq!(office.studio.today_read().await.unwrap().unreported, []);

    office.world.clock.set(rome(11, 27, 8, 30));
    office.studio.sync_now().await.unwrap();
    let asked = office.studio.today_read().await.unwrap().unreported;
    assert_eq!(
        asked.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
        [id.as_str()]
    );
    let detail = office
        .studio
        .appointment_meeting(&id, MeetingResultView::ToFollowUp, "Serve una delega.")
        .await
        .unwrap();
    let meeting = detail.dossier.meeting.unwrap();
    assert_eq!(
        (meeting.result, meeting.text.as_str()),
        (MeetingResultView::ToFollowUp, "Serve una delega.")
    );
    assert_eq!(office.studio.today_read().await.unwrap().unreported, []);
}

#[tokio::test]
async fn documents_to_bring_are_listed_in_the_order_of_entering() {
    let office = Office::new().await;
    let id = booked(&office, "LU-1", "09:30").await;
    for name in ["Ricevute F24", "Delega", "Ricevute F24"] {
        office.studio.appointment_document(&id, name, true).await.unwrap();
    }
    let detail = office.studio.appointment_document(&id, "Delega", false).await.unwrap();
    assert_eq!(detail.dossier.documents, ["Ricevute F24"]);
    for number in 1..MOST_DOCUMENTS {
        let name = format!("Documento {number}");
        office.studio.appointment_document(&id, &name, true).await.unwrap();
    }
    let one_more = office.studio.appointment_document(&id, "Uno in più", true).await;
    assert_eq!(code(one_more), FailureCode::DossierFull);
}

#[tokio::test]
async fn what_changes_nothing_is_not_sent() {
    let office = Office::new().await;
    office.gate.shut(Call::Enter, unreachable());
    for _ in 0..2 {
        office.studio.ticket_in_charge("LU-1", Some(ANNA)).await.unwrap();
    }
    assert_eq!(office.studio.status().await.unwrap().connection.waiting, 1);
}

#[tokio::test]
async fn bad_input_is_refused_by_name_and_changes_nothing() {
    let office = Office::new().await;
    let id = booked(&office, "LU-1", "09:30").await;
    let studio = &office.studio;
    let argument = |failure: studio::view::failure::Failure| (failure.code, failure.details.argument);
    let invalid = |name: &str| (FailureCode::InvalidArgument, Some(name.to_owned()));
    let stranger = studio.ticket_in_charge("LU-1", Some("Uno qualunque")).await;
    assert_eq!(argument(failure(stranger)), invalid("person"), "not of this studio");
    assert_eq!(
        argument(failure(studio.ticket_note("LU-1", " \n ").await)),
        invalid("text")
    );
    assert_eq!(
        argument(failure(studio.appointment_document(&id, "Due\nrighe", true).await)),
        invalid("name")
    );
    let long = "x".repeat(Words::LONGEST + 1);
    assert_eq!(code(studio.ticket_note("LU-1", &long).await), FailureCode::TooLong);
    let long = "x".repeat(DocumentName::LONGEST + 1);
    assert_eq!(
        code(studio.appointment_document(&id, &long, true).await),
        FailureCode::TooLong
    );
    assert_eq!(
        code(studio.ticket_note("LU-404", "Nota").await),
        FailureCode::UnknownTicket
    );
    assert_eq!(
        code(studio.appointment_note("x", "Nota").await),
        FailureCode::UnknownAppointment
    );
    let detail = studio.ticket_open("LU-1").await.unwrap();
    assert!(detail.dossier.notes.is_empty() && detail.dossier.in_charge.is_none());
}

#[tokio::test]
async fn what_was_kept_is_still_there_after_a_start() {
    let office = Office::new().await;
    office.gate.shut(Call::Enter, unreachable());
    office.studio.ticket_note("LU-1", "Sentito il cliente.").await.unwrap();
    let office = office.restarted().await;
    let detail = office.studio.ticket_open("LU-1").await.unwrap();
    assert_eq!(detail.dossier.notes.len(), 1);
    office.studio.sync_now().await.unwrap();
    let notes = office.studio.ticket_open("LU-1").await.unwrap().dossier.notes;
    assert_eq!(notes.len(), 1, "sent once, shown once");
    assert_eq!(notes[0].by.as_deref(), Some(ANNA));
}

#[tokio::test]
async fn a_note_on_a_ticket_that_is_gone_meanwhile_is_told_once_with_its_words() {
    let office = Office::new().await;
    office.gate.shut(Call::Enter, unreachable());
    office.studio.ticket_note("LU-9", "Sentito il cliente.").await.unwrap();
    let world = &office.world;
    let position = office.studio.ticket_open("LU-9").await.unwrap().matricola;
    let (studio, position) = ("STUDIO-1".parse().unwrap(), position.parse().unwrap());
    let yesterday = civil_day(world.now()).pred_opt().unwrap();
    let desk = world.store.desk();
    let ended = desk.end_delegation(&studio, &position, yesterday).await.unwrap();
    assert!(matches!(ended, EndOutcome::Ended), "{ended:?}");
    office.gate.open();
    office.studio.sync_now().await.unwrap();
    let told = office.studio.today_read().await.unwrap().refusals;
    let [row] = &told[..] else {
        panic!("somebody wrote it: {told:?}");
    };
    assert_eq!(row.why, RefusalWhy::Gone);
    let note = RefusalAsked::Note {
        text: "Sentito il cliente.".into(),
    };
    assert_eq!(row.asked, note);
    let badges = office.studio.status().await.unwrap().badges;
    assert_eq!((badges.today, badges.drafts), (1, 1));
    let office = office.restarted().await;
    assert_eq!(office.studio.refusals_list().await.unwrap(), told, "until it was read");
    office.studio.refusal_dismiss(&told[0].id).await.unwrap();
    assert_eq!(office.studio.refusals_list().await.unwrap(), []);
    assert_eq!(office.studio.status().await.unwrap().badges.today, 0);
    assert_eq!(
        code(office.studio.refusal_dismiss("forse").await),
        FailureCode::InvalidArgument
    );
}

#[tokio::test]
async fn a_sede_that_keeps_no_dossiers_yet_says_so_and_the_note_stays_to_be_read() {
    let office = Office::new().await;
    office.gate.shut(Call::Enter, StoreError::Unsupported);
    office.studio.ticket_note("LU-1", "Sentito il cliente.").await.unwrap();
    office.studio.sync_now().await.unwrap();
    let told = office.studio.refusals_list().await.unwrap();
    assert_eq!(told[0].why, RefusalWhy::SedeTooOld);
    let note = RefusalAsked::Note {
        text: "Sentito il cliente.".into(),
    };
    assert_eq!(told[0].asked, note);
    let notes = office.studio.ticket_open("LU-1").await.unwrap().dossier.notes;
    assert_eq!(notes, [], "no colleague sees it: it is not shown as if one did");
}
