//! What the sede reads, and that a store in use keeps its promises.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::appointment::{Appointment, AppointmentState, SedeChange};
use domain::code::{AppointmentId, ContentHash, Matricola, StudioCode};
use domain::ticket::Outcome;
use uuid::Uuid;

use super::Bench;
use super::uploads::{PDF, pdf, upload_of};
use super::world::{
    ALFA_1, ALFA_1B, ALFA_2, AZIENDE, BETA_1, DURC, PISA, REGOLARITA, THURSDAY, TUESDAY, World, about, at, booked, booking,
    closed, code, day, decided, offering, ripe, slot,
};
use crate::{
    AppointmentCondition, AppointmentFilter, AppointmentMark, CarriedBy, Checked, Counts, DelegationFilter,
    SetClock, TicketAct, TicketCondition, TicketFilter, UploadOutcome,
};

pub async fn what_the_sedi_offer_is_read_as_it_was_published<B: Bench>() {
    let world = World::<B>::new().await;
    let mut offered = offering(1);
    offered.topics.sort_by(|a, b| a.code.cmp(&b.code));
    offered.points.sort_by(|a, b| a.code.cmp(&b.code));
    assert_eq!(world.records.sedi().await, Ok(offered.sedi));
    assert_eq!(world.records.topics().await, Ok(offered.topics));
    assert_eq!(world.records.points().await, Ok(offered.points.clone()));
    assert_eq!(world.records.point(&offered.points[0].code).await, Ok(Some(offered.points[0].clone())));
    assert_eq!(world.records.point(&code("LU-NESSUNO")).await, Ok(None));
}

pub async fn a_position_is_read_with_its_company<B: Bench>() {
    let world = World::<B>::new().await;
    let found = world.records.position(&code(ALFA_1B)).await.expect("an answer").expect("a position");
    assert_eq!((found.position.matricola, found.position.sede), (code(ALFA_1B), code("LU")));
    assert_eq!(found.position.company, found.company.code);
    assert_eq!(found.company.name, "Azienda 01000000001");
    assert_eq!(world.records.position(&code("4699999999")).await, Ok(None));
}

/// The delegations of a filter, read in pages of `most`.
async fn delegations<B: Bench>(world: &World<B>, filter: &DelegationFilter, most: u16) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut last: Option<(StudioCode, Matricola)> = None;
    loop {
        let after = last.as_ref().map(|(studio, position)| (studio, position));
        let page = world.records.delegations(filter, after, most).await.expect("a page");
        assert!(page.len() <= usize::from(most), "no more than were asked for");
        let Some(end) = page.last() else {
            return all;
        };
        last = Some((end.studio.clone(), end.delegation.position.clone()));
        all.extend(
            page.into_iter()
                .map(|record| (record.studio.to_string(), record.delegation.position.to_string())),
        );
    }
}

pub async fn delegations_are_listed_page_by_page_and_filtered<B: Bench>() {
    let world = World::<B>::new().await;
    world.delegate("BETA", ALFA_1, &day(3), None).await;
    let listed = |of: &[(&str, &str)]| -> Vec<(String, String)> {
        of.iter().map(|(studio, position)| ((*studio).into(), (*position).into())).collect()
    };
    let all = listed(&[
        ("ALFA", ALFA_1),
        ("ALFA", ALFA_1B),
        ("ALFA", ALFA_2),
        ("BETA", ALFA_1),
        ("BETA", BETA_1),
    ]);
    for most in [1, 2, 3, 5, 1_000] {
        assert_eq!(delegations(&world, &DelegationFilter::default(), most).await, all, "in pages of {most}");
    }
    let studio = DelegationFilter {
        studio: Some(code("BETA")),
        ..DelegationFilter::default()
    };
    assert_eq!(delegations(&world, &studio, 1).await, all[3..]);
    let position = DelegationFilter {
        position: Some(code(ALFA_1)),
        ..DelegationFilter::default()
    };
    assert_eq!(delegations(&world, &position, 1).await, listed(&[("ALFA", ALFA_1), ("BETA", ALFA_1)]));
    let company = DelegationFilter {
        company: Some(code("01000000001")),
        ..studio.clone()
    };
    assert_eq!(delegations(&world, &company, 9).await, listed(&[("BETA", ALFA_1)]));
    let page = world.records.delegations(&company, None, 9).await.expect("a page");
    assert_eq!((page[0].company.as_str(), page[0].sede.as_str()), ("01000000001", "LU"));
    assert_eq!(page[0].delegation.from.to_string(), day(3));
    assert_eq!(world.records.delegations(&company, None, 0).await, Ok(Vec::new()), "none were asked for");
}

/// The codes of the tickets of a filter, read in pages of `most`.
async fn tickets<B: Bench>(world: &World<B>, filter: &TicketFilter, most: u16) -> Vec<String> {
    let mut all = Vec::new();
    let mut last = None;
    loop {
        let page = world.records.tickets(filter, last.as_ref(), most).await.expect("a page");
        assert!(page.len() <= usize::from(most), "no more than were asked for");
        let Some(end) = page.last() else {
            return all;
        };
        last = Some(end.ticket.code.clone());
        all.extend(page.into_iter().map(|record| record.ticket.code.to_string()));
    }
}

pub async fn tickets_are_listed_page_by_page_and_filtered<B: Bench>() {
    let world = World::<B>::new().await;
    world
        .admit([
            closed(Outcome::Ko, ripe("LU-4", ALFA_2)),
            ripe("LU-1", ALFA_1),
            ripe("LU-5", BETA_1),
            ripe("LU-3", ALFA_1B),
            ripe("LU-2", ALFA_1),
        ])
        .await;
    for (ticket, act) in [("LU-2", TicketAct::TakeInProgress), ("LU-3", TicketAct::Withdraw)] {
        world.desk.act(&code(ticket), act, "").await.expect("an outcome");
    }
    let all = TicketFilter::default();
    for most in [1, 2, 4, 5, 1_000] {
        assert_eq!(tickets(&world, &all, most).await, ["LU-1", "LU-2", "LU-3", "LU-4", "LU-5"], "pages of {most}");
    }
    let standing = |condition| TicketFilter {
        condition: Some(condition),
        ..TicketFilter::default()
    };
    assert_eq!(tickets(&world, &standing(TicketCondition::Open), 1).await, ["LU-1", "LU-5"]);
    assert_eq!(tickets(&world, &standing(TicketCondition::InProgress), 1).await, ["LU-2"]);
    assert_eq!(tickets(&world, &standing(TicketCondition::Closed), 1).await, ["LU-4"]);
    assert_eq!(tickets(&world, &standing(TicketCondition::Withdrawn), 1).await, ["LU-3"]);
    let company = TicketFilter {
        company: Some(code("01000000001")),
        ..TicketFilter::default()
    };
    assert_eq!(tickets(&world, &company, 2).await, ["LU-1", "LU-2", "LU-3"]);
    let sede = |sede: &str| TicketFilter {
        sede: Some(code(sede)),
        ..TicketFilter::default()
    };
    assert_eq!(tickets(&world, &sede("LU"), 9).await.len(), 5);
    assert_eq!(tickets(&world, &sede("PI"), 9).await.len(), 0);
    let delegated = |studio: &str| TicketFilter {
        delegated_to: Some(code(studio)),
        ..TicketFilter::default()
    };
    assert_eq!(tickets(&world, &delegated("ALFA"), 9).await, ["LU-1", "LU-2", "LU-3", "LU-4"]);
    world.delegate("ALFA", ALFA_2, "2026-01-01", Some(&day(0))).await;
    world.delegate("BETA", ALFA_2, &day(1), None).await;
    assert_eq!(tickets(&world, &delegated("BETA"), 9).await, ["LU-5"], "R2: not before its day");
    world.it_is("2026-11-24T08:00");
    assert_eq!(tickets(&world, &delegated("ALFA"), 9).await, ["LU-1", "LU-2", "LU-3"], "R2: not after it");
    assert_eq!(tickets(&world, &delegated("BETA"), 9).await, ["LU-4", "LU-5"]);
}

pub async fn a_ticket_is_read_with_its_conversation_and_what_carries_it<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.desk.act(&code("LU-1"), TicketAct::Reply, "Vi aspettiamo.").await.expect("an outcome");
    let found = world.records.ticket(&code("LU-1")).await.expect("an answer").expect("a ticket");
    assert_eq!(found.ticket.messages.len(), 2);
    assert_eq!(found.ticket.messages[1].text, "Vi aspettiamo.");
    let carried = CarriedBy {
        appointment: appointment.code.clone(),
        until: appointment.slot.end.instant(),
    };
    assert_eq!(found.carried, Some(carried), "R5");
    let page = world.records.tickets(&TicketFilter::default(), None, 9).await.expect("a page");
    assert_eq!(page, [found], "a list says the same");
    world.clock.set(appointment.slot.end.instant());
    let found = world.records.ticket(&code("LU-1")).await.expect("an answer").expect("a ticket");
    assert_eq!(found.carried, None, "R5: it has passed");
    assert_eq!(world.records.ticket(&code("LU-404")).await, Ok(None));
}

/// ALFA's at both points of Lucca and BETA's, by time: Tuesday at nine, half past one twice, two; Thursday.
async fn busy<B: Bench>() -> (World<B>, Vec<Appointment>) {
    let world = World::<B>::with_desks(2).await;
    world
        .admit([
            ripe("LU-1", ALFA_1),
            ripe("LU-2", ALFA_1B),
            ripe("LU-3", ALFA_2),
            about(REGOLARITA, ripe("LU-4", ALFA_2)),
        ])
        .await;
    let mut regular = booking(&["LU-4"], &["2026-11-24T09:00"]);
    regular.point = code(DURC);
    let mut all = vec![
        world.book(&booking(&["LU-2"], &[THURSDAY])).await,
        world.book(&booking(&["LU-1"], &TUESDAY[..1])).await,
        world.beta_takes("LU-91", TUESDAY[0]).await,
        world.book(&regular).await,
        world.book(&booking(&["LU-3"], &TUESDAY[1..2])).await,
    ];
    all.sort_by(|a, b| (a.slot.start, &a.code).cmp(&(b.slot.start, &b.code)));
    (world, all)
}

/// The codes of the appointments of a filter, read in pages of `most`.
async fn appointments<B: Bench>(world: &World<B>, filter: &AppointmentFilter, most: u16) -> Vec<String> {
    let mut all = Vec::new();
    let mut last = None;
    loop {
        let page = world.records.appointments(filter, last.as_ref(), most).await.expect("a page");
        assert!(page.len() <= usize::from(most), "no more than were asked for");
        let Some(end) = page.last() else {
            return all;
        };
        last = Some(AppointmentMark::of(&end.appointment));
        all.extend(page.into_iter().map(|record| record.appointment.code.to_string()));
    }
}

pub async fn appointments_are_listed_by_time_page_by_page<B: Bench>() {
    let (world, all) = busy::<B>().await;
    let codes: Vec<_> = all.iter().map(|appointment| appointment.code.to_string()).collect();
    for most in [1, 2, 3, 5, 1_000] {
        assert_eq!(appointments(&world, &AppointmentFilter::default(), most).await, codes, "pages of {most}");
    }
    // One that moves on while the list is read comes where it stands now.
    let first = AppointmentMark::of(&all[0]);
    let moved = SedeChange::MoveTo {
        slot: slot(AZIENDE, "2026-12-01T13:30"),
    };
    world.desk.tell(all[0].id, moved, "").await.expect("an outcome");
    let rest = world.records.appointments(&AppointmentFilter::default(), Some(&first), 9).await.expect("a page");
    let rest: Vec<_> = rest.iter().map(|record| record.appointment.code.to_string()).collect();
    assert_eq!(rest[..4], codes[1..]);
    assert_eq!(rest[4], codes[0]);
}

pub async fn appointments_are_filtered_by_place_day_studio_and_state<B: Bench>() {
    let (world, all) = busy::<B>().await;
    let count = async |filter: AppointmentFilter| appointments(&world, &filter, 2).await.len();
    let of = AppointmentFilter::default;
    assert_eq!(count(AppointmentFilter { sede: Some(code("LU")), ..of() }).await, 5);
    assert_eq!(count(AppointmentFilter { sede: Some(code("PI")), ..of() }).await, 0);
    assert_eq!(count(AppointmentFilter { point: Some(code(DURC)), ..of() }).await, 1);
    assert_eq!(count(AppointmentFilter { studio: Some(code("BETA")), ..of() }).await, 1);
    let date = |days: u64| day(days).parse().ok();
    assert_eq!(count(AppointmentFilter { from: date(1), until: date(1), ..of() }).await, 4, "both days count");
    assert_eq!(count(AppointmentFilter { from: date(2), ..of() }).await, 1);
    assert_eq!(count(AppointmentFilter { until: date(0), ..of() }).await, 0);
    let both = AppointmentFilter {
        point: Some(code(AZIENDE)),
        studio: Some(code("ALFA")),
        until: date(1),
        ..of()
    };
    assert_eq!(count(both).await, 2, "what is set narrows");

    world.alfa.cancel(decided(), all[4].id).await.expect("an outcome");
    world.desk.tell(all[3].id, SedeChange::Resolve, "").await.expect("an outcome");
    world.it_is("2026-11-24T10:00");
    let standing = async |condition| {
        let filter = AppointmentFilter {
            condition: Some(condition),
            ..of()
        };
        appointments(&world, &filter, 1).await
    };
    let codes: Vec<_> = all.iter().map(|appointment| appointment.code.to_string()).collect();
    assert_eq!(standing(AppointmentCondition::Past).await, codes[..1]);
    assert_eq!(standing(AppointmentCondition::Confirmed).await, codes[1..3]);
    assert_eq!(standing(AppointmentCondition::Resolved).await, codes[3..4]);
    assert_eq!(standing(AppointmentCondition::Cancelled).await, codes[4..]);
}

pub async fn an_appointment_is_read_with_what_the_sede_said<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let moved = SedeChange::MoveTo {
        slot: slot(AZIENDE, THURSDAY),
    };
    world.desk.tell(appointment.id, moved, "Per sciopero.").await.expect("an outcome");
    let found = world.records.appointment(&appointment.code).await.expect("an answer").expect("an appointment");
    assert_eq!(found.studio, code("ALFA"));
    assert_eq!(found.appointment.slot, slot(AZIENDE, THURSDAY));
    assert_eq!(found.appointment.communications.len(), 1);
    assert_eq!(found.appointment.communications[0].text, "Per sciopero.");
    assert_eq!(world.records.appointment(&code("LU-A-999999")).await, Ok(None));
}

pub async fn a_file_is_read_piece_by_piece_through_its_appointment<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([ripe("LU-1", ALFA_1), ripe("LU-2", ALFA_1)]).await;
    assert_eq!(world.alfa.upload(&upload_of(PDF), 0, PDF).await, Ok(UploadOutcome::Complete));
    let mut with_file = booking(&["LU-1"], &TUESDAY[..1]);
    with_file.content.attachments = vec![pdf(PDF)];
    let with_file = world.book(&with_file).await;
    let without = world.book(&booking(&["LU-2"], &TUESDAY[1..2])).await;
    let hash = ContentHash::of(PDF);
    let mut content = Vec::new();
    loop {
        let offset = content.len() as u64;
        let piece = world.records.attachment(with_file.id, hash, offset, 10).await.expect("an answer");
        let piece = piece.expect("the file is the appointment's");
        assert!(piece.len() <= 10, "no more than were asked for");
        if piece.is_empty() {
            break;
        }
        content.extend(piece);
    }
    assert_eq!(content, PDF);
    assert_eq!(world.records.attachment(with_file.id, hash, 0, u32::MAX).await, Ok(Some(PDF.to_vec())));
    assert_eq!(world.records.attachment(with_file.id, hash, u64::MAX, 10).await, Ok(Some(Vec::new())), "beyond its end");
    let other = ContentHash::of(b"another");
    assert_eq!(world.records.attachment(with_file.id, other, 0, 10).await, Ok(None));
    assert_eq!(
        world.records.attachment(without.id, hash, 0, 10).await,
        Ok(None),
        "a file is read through the appointment that names it"
    );
    let nobody = AppointmentId::new(Uuid::now_v7());
    assert_eq!(world.records.attachment(nobody, hash, 0, 10).await, Ok(None));
}

pub async fn what_is_there_is_counted<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    world.admit([ripe("LU-2", ALFA_1)]).await;
    let cancelled = world.book(&booking(&["LU-2"], &TUESDAY[1..2])).await;
    world.alfa.cancel(decided(), cancelled.id).await.expect("an outcome");
    world.desk.tell(appointment.id, SedeChange::Say { label: "avviso".into() }, "").await.expect("an outcome");
    assert_eq!(world.alfa.upload(&upload_of(PDF), 0, PDF).await, Ok(UploadOutcome::Complete));
    let other = b"%PDF-1.7 another, cut";
    world.alfa.upload(&upload_of(other), 0, &other[..9]).await.expect("an outcome");
    let counts = Counts {
        studios: 2,
        sedi: 2,
        topics: 4,
        points: 3,
        companies: 3,
        positions: 4,
        delegations: 4,
        tickets: 2,
        appointments: 2,
        live_appointments: 1,
        communications: 1,
        attachments: 1,
        attachment_bytes: PDF.len() as u64,
        outcomes: 3,
    };
    assert_eq!(world.records.counts().await, Ok(counts));
    assert!(!counts.is_empty());
    world.clock.set(appointment.slot.end.instant());
    let later = world.records.counts().await.expect("counts");
    assert_eq!(later.live_appointments, 0, "its end has passed");
}

pub async fn a_fresh_store_holds_nothing_and_keeps_every_promise<B: Bench>() {
    let bench = B::fresh(Arc::new(SetClock::new(at("2026-11-23T10:00")))).await;
    let records = bench.records().await;
    assert!(records.counts().await.expect("counts").is_empty());
    let checkup = records.checkup().await.expect("a checkup");
    assert!(checkup.is_kept(), "{checkup:?}");
    let checked: Vec<Checked> = checkup.findings.iter().map(|finding| finding.checked).collect();
    assert_eq!(checked, Checked::ALL, "each is told, also where there was nothing to look at");
}

/// A life in which everything happens that a store knows.
pub async fn a_store_in_use_keeps_every_promise<B: Bench>() {
    let (world, all) = busy::<B>().await;
    let (thursday, tuesday) = (&all[4], &all[1]);
    assert_eq!(world.alfa.upload(&upload_of(PDF), 0, PDF).await, Ok(UploadOutcome::Complete));
    world.admit([ripe("LU-5", ALFA_1), ripe("LU-6", ALFA_1B), ripe("LU-7", ALFA_1B)]).await;
    let attempt = decided();
    let mut with_file = booking(&["LU-5"], &[TUESDAY[2]]);
    with_file.content.attachments = vec![pdf(PDF)];
    let with_file = booked(world.alfa.book(attempt, &with_file).await.expect("an outcome"));
    let late = crate::Attempt { number: 2, ..attempt };
    let again = world.alfa.book(late, &booking(&["LU-6"], &[TUESDAY[3]])).await.expect("an outcome");
    assert_eq!(booked(again).id, with_file.id, "promise 1: one decision, one appointment");
    let relocated = SedeChange::MoveTo {
        slot: slot(PISA, "2026-11-25T09:00"),
    };
    world.desk.tell(thursday.id, relocated, "").await.expect("an outcome");
    let moved = SedeChange::MoveTo {
        slot: slot(AZIENDE, TUESDAY[3]),
    };
    world.desk.tell(with_file.id, moved, "").await.expect("an outcome");
    world.alfa.cancel(decided(), all[3].id).await.expect("an outcome");
    world.book(&booking(&["LU-3"], &["2026-12-01T13:30"])).await;
    // One waits for a place that will not come, one was taken back.
    for taken_back in [false, true] {
        let (attempt, waits) = (decided(), booking(&["LU-7"], &["2026-12-10T08:00"]));
        world.alfa.deposit(attempt, &waits, true).await.expect("an outcome");
        if taken_back {
            world.alfa.withdraw(attempt).await.expect("an outcome");
        }
    }
    world.delegate("ALFA", ALFA_1B, "2026-01-01", Some(&day(0))).await;
    world.delegate("BETA", ALFA_1B, &day(1), None).await;
    let kept = async |moment: &str| {
        let checkup = world.records.checkup().await.expect("a checkup");
        assert!(checkup.is_kept(), "{moment}: {:?}", checkup.broken().collect::<Vec<_>>());
        for finding in &checkup.findings {
            assert!(finding.looked_at > 0, "{moment}: {:?} had nothing to look at", finding.checked);
            assert_eq!(finding.broken, 0, "{moment}: {finding:?}");
        }
        assert_eq!(Ok(checkup.counts), world.records.counts().await);
    };
    kept("on Monday").await;
    // Nobody has pulled since: the day has passed, and nothing was settled.
    world.it_is("2026-11-24T08:00");
    kept("on Tuesday").await;
    world.everybody_sees().await;
    kept("when everybody has pulled").await;
    // After the appointment of Tuesday, its ticket is booked again; that of Pisa passes, and R18 takes the last copy back.
    world.it_is("2026-11-24T14:00");
    world.book(&booking(&["LU-1"], &["2026-12-01T14:00"])).await;
    assert_eq!(tuesday.state, AppointmentState::Confirmed);
    kept("after an appointment has passed").await;
    world.it_is("2026-11-26T18:00");
    world.everybody_sees().await;
    kept("on Thursday evening").await;
    world.desk.tell(thursday.id, SedeChange::Say { label: "avviso".into() }, "").await.expect("an outcome");
    world.delegate("ALFA", ALFA_1B, &day(10), None).await;
    kept("with a delegation to come").await;
    world.delegate("ALFA", ALFA_1B, "2026-01-01", None).await;
    kept("with a delegation given back").await;
}

pub async fn what_the_sede_changed_since_is_told_apart<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let before = world.records.point(&code(AZIENDE)).await.expect("an answer").expect("a point");
    let mut after = before.clone();
    after.hours.remove(0);
    after.topics.remove(0);
    let outcome = world.desk.change_point(&before, &after).await;
    assert_eq!(outcome, Ok(crate::PointOutcome::Published), "the sede may close, and owes a move");
    let checkup = world.records.checkup().await.expect("a checkup");
    let told: BTreeSet<_> = checkup
        .findings
        .iter()
        .filter(|finding| finding.broken > 0)
        .map(|finding| (finding.checked, finding.examples.clone()))
        .collect();
    let code = vec![appointment.code.to_string()];
    assert_eq!(
        told,
        [
            (Checked::AppointmentsAreWithinHours, code.clone()),
            (Checked::PointsAnswerTheirTickets, code),
        ]
        .into()
    );
    assert!(checkup.is_kept(), "no promise of the store is broken by it");
}
