//! A studio opens a ticket (S2, R2, R10).

use chrono::TimeDelta;
use domain::code::{ContentHash, TicketCode};
use domain::contact_request::{ContactRequest, RequestRefusal};
use domain::content::{Breach, Contact, Content};
use domain::ticket::{Party, StatusChange, Ticket, TicketStatus};

use super::Bench;
use super::uploads::{PDF, pdf, upload_of};
use super::world::{
    ALFA_1, ALFA_2, BETA_1, DENUNCE, Replica, SENZA_PUNTO, View, World, again, booking, code, decided, ripe,
};
use crate::{OpenOutcome, OpenRefusal, RequestRecord, StoreError, UploadOutcome};

fn request(position: &str) -> ContactRequest {
    ContactRequest {
        position: code(position),
        topic: code(DENUNCE),
        content: Content {
            notes: "Si chiede perché la denuncia di ottobre risulta scartata.".into(),
            contact: Contact {
                phone: String::new(),
                email: "studio@alfa.example".into(),
            },
            attachments: Vec::new(),
        },
    }
}

fn opened(outcome: Result<OpenOutcome, StoreError>) -> Ticket {
    match outcome.expect("an outcome") {
        OpenOutcome::Opened { ticket } => *ticket,
        OpenOutcome::Refused { why } => panic!("this must be opened, and is refused: {why:?}"),
    }
}

fn refused(outcome: Result<OpenOutcome, StoreError>) -> OpenRefusal {
    match outcome.expect("an outcome") {
        OpenOutcome::Refused { why } => why,
        OpenOutcome::Opened { ticket } => panic!("this must be refused, and is opened: {ticket:?}"),
    }
}

const fn rule(refusal: RequestRefusal) -> OpenRefusal {
    OpenRefusal::Rule { refusal }
}

pub async fn a_request_is_a_ticket_with_a_code_of_the_sede<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([ripe("LU-48213", ALFA_1), ripe("LU-9", ALFA_1), ripe("LU-T-99999", ALFA_2)]).await;
    let mut copy = Replica::pulled(&*world.alfa).await;
    let asked = request(ALFA_1);
    let ticket = opened(world.alfa.open_ticket(decided(), &asked).await);
    assert_eq!(ticket.code, code::<TicketCode>("LU-48214"), "in the form that the sede's tickets have");
    assert_eq!((ticket.status, ticket.opened_at), (TicketStatus::Open, world.now()));
    assert_eq!((ticket.position.as_str(), ticket.topic.as_str()), (ALFA_1, DENUNCE));
    let [message] = &ticket.messages[..] else { panic!("one entry: {ticket:?}") };
    assert_eq!((message.author, message.change), (Party::Studio, Some(StatusChange::Opened)));
    assert_eq!(message.text, asked.content.notes);
    let came = copy.pull(&*world.alfa).await;
    assert_eq!(came.len(), 1, "its own people see it: {came:?}");
    assert_eq!(copy.view.ticket("LU-48214").ticket, ticket);
    let next = opened(world.alfa.open_ticket(decided(), &request(ALFA_2)).await);
    assert_eq!(next.code, code::<TicketCode>("LU-48215"), "no code is given twice");
    let record = RequestRecord {
        studio: code("ALFA"),
        request: asked,
    };
    assert_eq!(world.records.request(&ticket.code).await, Ok(Some(record)), "the sede knows whom to reach");
    assert_eq!(world.records.request(&code("LU-48213")).await, Ok(None), "that one came from elsewhere");
}

pub async fn the_first_ticket_of_a_sede_has_the_number_one<B: Bench>() {
    let world = World::<B>::new().await;
    let ticket = opened(world.alfa.open_ticket(decided(), &request(ALFA_1)).await);
    assert_eq!(ticket.code, code::<TicketCode>("LU-1"));
}

pub async fn an_opened_ticket_ripens_and_carries_an_appointment<B: Bench>() {
    let world = World::<B>::new().await;
    let ticket = opened(world.alfa.open_ticket(decided(), &request(ALFA_1)).await);
    world.clock.set(world.now() + TimeDelta::days(6));
    let code = ticket.code.as_str();
    let appointment = world.book(&booking(&[code], &["2026-12-01T13:30"])).await;
    assert_eq!(appointment.tickets, std::slice::from_ref(&ticket.code));
    assert!(View::of(&*world.alfa).await.ticket(code).carried_until.is_some());
}

pub async fn one_decision_opens_one_ticket<B: Bench>() {
    let world = World::<B>::new().await;
    let (attempt, asked) = (decided(), request(ALFA_1));
    let first = world.alfa.open_ticket(attempt, &asked).await;
    let ticket = opened(first.clone());
    let seen = world.everybody_sees().await;
    assert_eq!(world.alfa.open_ticket(attempt, &asked).await, first, "an answer that was lost does no harm");
    assert_eq!(world.alfa.open_ticket(again(attempt), &asked).await, first, "nor does another attempt");
    let mut other = asked.clone();
    other.content.notes.push('!');
    assert_eq!(world.alfa.open_ticket(attempt, &other).await, Err(StoreError::AttemptReused));
    assert_eq!(world.everybody_sees().await, seen);
    let twin = opened(world.alfa.open_ticket(decided(), &asked).await);
    assert_ne!(twin.code, ticket.code, "who asks twice on purpose has two");
}

pub async fn what_is_refused_is_decided_anew_at_the_next_attempt<B: Bench>() {
    let world = World::<B>::new().await;
    let (attempt, mut asked) = (decided(), request(ALFA_1));
    asked.content.notes = "  ".into();
    let seen = world.everybody_sees().await;
    assert_eq!(refused(world.alfa.open_ticket(attempt, &asked).await), rule(RequestRefusal::NoText));
    assert_eq!(world.everybody_sees().await, seen, "a refusal leaves everything as it was");
    opened(world.alfa.open_ticket(again(attempt), &request(ALFA_1)).await);
}

pub async fn a_request_without_delegation_topic_or_contact_is_refused<B: Bench>() {
    let world = World::<B>::new().await;
    let seen = world.everybody_sees().await;
    for position in [BETA_1, "4699999999"] {
        let why = refused(world.alfa.open_ticket(decided(), &request(position)).await);
        assert_eq!(why, rule(RequestRefusal::NotDelegated), "promise 2: the answer is the same");
    }
    let mut unknown = request(ALFA_1);
    unknown.topic = code("NESSUNO");
    let why = refused(world.alfa.open_ticket(decided(), &unknown).await);
    assert_eq!(why, rule(RequestRefusal::UnknownTopic));
    let mut mute = request(ALFA_1);
    mute.content.contact = Contact::default();
    let breaches = vec![Breach::NoContact];
    let why = refused(world.alfa.open_ticket(decided(), &mute).await);
    assert_eq!(why, rule(RequestRefusal::Limits { breaches }), "S2: the sede must be able to answer");
    assert_eq!(world.everybody_sees().await, seen);
    world.delegate("ALFA", ALFA_1, "2026-01-01", Some("2026-11-22")).await;
    let why = refused(world.alfa.open_ticket(decided(), &request(ALFA_1)).await);
    assert_eq!(why, rule(RequestRefusal::NotDelegated), "R2: on the day");
    let mut unanswered = request(ALFA_2);
    unanswered.topic = code(SENZA_PUNTO);
    opened(world.alfa.open_ticket(decided(), &unanswered).await);
}

pub async fn files_come_with_a_request_once_they_are_there_and_the_sede_reads_them<B: Bench>() {
    let world = World::<B>::new().await;
    let mut asked = request(ALFA_1);
    asked.content.attachments = vec![pdf(PDF)];
    let hash = ContentHash::of(PDF);
    let attempt = decided();
    let why = refused(world.alfa.open_ticket(attempt, &asked).await);
    assert_eq!(why, OpenRefusal::AttachmentMissing { hash });
    assert_eq!(world.alfa.upload(&upload_of(PDF), 0, PDF).await, Ok(UploadOutcome::Complete));
    let ticket = opened(world.alfa.open_ticket(again(attempt), &asked).await);
    assert_eq!(ticket.messages[0].files, [asked.content.attachments[0].name.as_str()]);
    // A month later, what nothing names would be forgotten; another upload makes room.
    world.clock.set(world.now() + TimeDelta::days(31));
    let other = [PDF, b"\n"].concat();
    world.alfa.upload(&upload_of(&other), 0, &other).await.expect("an outcome");
    let read = |offset, most| world.records.request_file(&ticket.code, hash, offset, most);
    assert_eq!(read(0, 10).await, Ok(Some(PDF[..10].to_vec())));
    assert_eq!(read(10, u32::MAX).await, Ok(Some(PDF[10..].to_vec())));
    assert_eq!(read(u64::MAX, 10).await, Ok(Some(Vec::new())), "beyond its end");
    let another = ContentHash::of(b"another");
    assert_eq!(world.records.request_file(&ticket.code, another, 0, 10).await, Ok(None));
    let without = opened(world.alfa.open_ticket(decided(), &request(ALFA_1)).await);
    assert_eq!(
        world.records.request_file(&without.code, hash, 0, 10).await,
        Ok(None),
        "a file is read through the request that names it"
    );
    let checkup = world.records.checkup().await.expect("an answer");
    assert!(checkup.is_kept(), "{checkup:?}");
}

pub async fn who_shares_the_position_sees_the_ticket_too<B: Bench>() {
    let world = World::<B>::new().await;
    let before = View::of(&*world.beta).await.ticket_codes().len();
    let ticket = opened(world.alfa.open_ticket(decided(), &request(ALFA_1)).await);
    assert_eq!(View::of(&*world.beta).await.ticket_codes().len(), before, "promise 2");
    world.delegate("BETA", ALFA_1, "2026-01-01", None).await;
    let mut copy = Replica::pulled(&*world.beta).await;
    assert_eq!(copy.view.ticket(ticket.code.as_str()).ticket, ticket);
    let second = opened(world.alfa.open_ticket(decided(), &request(ALFA_1)).await);
    copy.pull(&*world.beta).await;
    assert_eq!(copy.view.ticket(second.code.as_str()).ticket, second, "and at once");
}

pub async fn requests_at_one_moment_have_codes_of_their_own<B: Bench>() {
    let world = World::<B>::new().await;
    let calls = (0..8).map(|number| {
        let (alfa, beta) = (world.alfa.clone(), world.beta.clone());
        tokio::spawn(async move {
            if number % 2 == 0 {
                opened(alfa.open_ticket(decided(), &request(ALFA_1)).await).code
            } else {
                opened(beta.open_ticket(decided(), &request(BETA_1)).await).code
            }
        })
    });
    let mut codes = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        codes.push(call.await.expect("it ends").to_string());
    }
    codes.sort_unstable();
    let expected: Vec<String> = (1..=8).map(|number| format!("LU-{number}")).collect();
    assert_eq!(codes, expected);
}
