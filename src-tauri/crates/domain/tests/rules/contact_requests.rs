//! New requests: what a studio must say before one becomes a ticket (S2, R2, R10), and which ticket it becomes.

use domain::company::Position;
use domain::contact_request::{ContactRequest, RequestRefusal, TEXT_MAX, has_text, request_breaches};
use domain::content::{Breach, Contact, Content, Limits};
use domain::eligibility::{Eligibility, Standing, eligibility};
use domain::ticket::{Party, StatusChange, TicketStatus};
use domain::topic::WaitingThreshold;

use crate::given::{company, day, file, now, position, sede, ticket, topic};

fn asked(text: &str) -> ContactRequest {
    ContactRequest {
        position: position(1),
        topic: topic("DEN-UNI"),
        content: Content {
            notes: text.into(),
            contact: Contact {
                phone: "0583 123456".into(),
                email: String::new(),
            },
            attachments: Vec::new(),
        },
    }
}

#[test]
fn what_asks_something_and_can_be_answered_becomes_a_ticket() {
    let request = asked("Si chiede un chiarimento.");
    assert_eq!(request.refusal(true, true, &Limits::default()), None);
}

#[test]
fn each_lack_is_told_and_what_the_sede_would_not_look_at_first() {
    let limits = Limits::default();
    let blank = asked(" \n\t ");
    let long = asked(&"à".repeat(TEXT_MAX as usize + 1));
    let mut unreachable = asked("Domanda.");
    unreachable.content.contact = Contact::default();
    let limit = |breach| RequestRefusal::Limits { breaches: vec![breach] };
    let max = TEXT_MAX;
    for (request, delegated, known, refusal) in [
        (&blank, false, false, RequestRefusal::NotDelegated),
        (&blank, true, false, RequestRefusal::UnknownTopic),
        (&blank, true, true, RequestRefusal::NoText),
        (&long, true, true, limit(Breach::NotesTooLong { length: max + 1, max })),
        (&unreachable, true, true, limit(Breach::NoContact)),
    ] {
        let told = request.refusal(delegated, known, &limits);
        assert_eq!(told.as_ref(), Some(&refusal));
        assert_eq!(
            refusal.rule().is_some(),
            !matches!(refusal, RequestRefusal::UnknownTopic | RequestRefusal::NoText)
        );
    }
    assert_eq!(asked(&"à".repeat(TEXT_MAX as usize)).refusal(true, true, &limits), None);
}

#[test]
fn the_sedes_limits_of_notes_are_not_those_of_a_text_and_those_of_files_are() {
    let limits = Limits {
        notes_max: 3,
        files_max: 0,
        ..Limits::default()
    };
    let mut content = asked("Si chiede un chiarimento.").content;
    assert_eq!(request_breaches(&content, &limits), []);
    content.attachments = vec![file(1)];
    assert_eq!(request_breaches(&content, &limits), [Breach::TooManyFiles { max: 0 }]);
    assert!(has_text(&content));
}

#[test]
fn the_ticket_is_open_from_that_moment_and_ripens_like_any_other() {
    let mut request = asked("Si chiede un chiarimento.");
    request.content.attachments = vec![file(1)];
    let of = Position {
        matricola: position(1),
        company: company(),
        sede: sede("LU"),
    };
    let at = now("2026-11-23T18:00:00");
    let opened = request.opened(ticket("LU-48214"), &of, at);
    assert_eq!((opened.status, opened.withdrawn), (TicketStatus::Open, None));
    assert_eq!(
        (&opened.position, &opened.company, &opened.sede),
        (&of.matricola, &of.company, &of.sede)
    );
    assert_eq!((opened.opened_at, opened.reopened_at), (at.instant(), None));
    let [message] = &opened.messages[..] else {
        panic!("one entry: {opened:?}")
    };
    assert_eq!(
        (message.author, message.change),
        (Party::Studio, Some(StatusChange::Opened))
    );
    assert_eq!(message.text, "Si chiede un chiarimento.");
    assert_eq!(message.files, [request.content.attachments[0].name.as_str()]);
    assert!(!message.reminder);
    let standing = Standing {
        status: opened.status,
        counts_from: opened.counts_from(),
        threshold: WaitingThreshold::default(),
        withdrawn: false,
        has_point: true,
        carried_until: None,
    };
    match eligibility(&standing, at) {
        Eligibility::BookableFrom { on, .. } => assert_eq!(on, day("2026-11-29"), "R4"),
        answer => panic!("{answer:?}"),
    }
}
