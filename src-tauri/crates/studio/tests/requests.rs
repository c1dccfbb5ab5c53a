//! *Nuova richiesta* (S2): writing, sending, offline too, refused, and the ticket that carries an appointment like any other.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use chrono::TimeDelta;
use domain::time::midnight;
use office::{Office, code, texts};
use store::{SedeRecords, StoreError};
use studio::view::failure::FailureCode;
use studio::view::requests::{RequestAttentionView, RequestChange, RequestDetail, RequestMissing, RequestStateView};
use studio::view::tickets::BookableView;
use world::gate::{Call, Fault, unreachable};
use world::{TOPIC, day};

const POSITION: &str = "4600000001";

async fn save(office: &Office, draft: &RequestDetail, change: RequestChange) -> RequestDetail {
    office
        .studio
        .request_save(&draft.id, draft.revision, change)
        .await
        .unwrap()
}

/// One that lacks nothing.
async fn written(office: &Office) -> RequestDetail {
    let begun = office.studio.request_begin(Some(POSITION)).await.unwrap();
    let change = RequestChange {
        topic: Some(TOPIC.into()),
        text: Some("Si chiede\0 un chiarimento.".into()),
        email: Some("studio@alfa.example".into()),
        ..RequestChange::default()
    };
    save(office, &begun, change).await
}

async fn send(office: &Office, draft: &RequestDetail) -> RequestDetail {
    office.studio.request_send(&draft.id, draft.revision).await.unwrap()
}

async fn offline(office: &Office) {
    for call in [Call::Hello, Call::Pull, Call::OpenTicket, Call::Upload] {
        office.gate.shut(call, unreachable());
    }
    office.studio.sync_now().await.unwrap();
}

#[tokio::test]
async fn a_request_says_what_it_lacks_in_the_order_of_the_page() {
    let office = Office::new().await;
    let begun = office.studio.request_begin(None).await.unwrap();
    use RequestMissing::{Contact, Position, Text, Topic};
    assert_eq!(begun.missing, [Position, Topic, Text, Contact]);
    assert_eq!(
        code(office.studio.request_send(&begun.id, begun.revision).await),
        FailureCode::DraftIncomplete
    );
    let unknown = RequestChange {
        position: Some("4699999999".into()),
        topic: Some("NESSUNO".into()),
        text: Some("à".repeat(2_001)),
        phone: Some("nessuno".into()),
        ..RequestChange::default()
    };
    let draft = save(&office, &begun, unknown).await;
    let long = RequestMissing::TextTooLong {
        length: 2_001,
        max: 2_000,
    };
    assert_eq!(
        draft.missing,
        [RequestMissing::Delegation, Topic, long, RequestMissing::BadPhone]
    );
    let back = RequestChange {
        position: Some(String::new()),
        ..RequestChange::default()
    };
    assert_eq!(
        save(&office, &draft, back).await.position,
        None,
        "a choice can be taken back"
    );
    let whole = written(&office).await;
    assert_eq!(whole.missing, []);
    assert_eq!(whole.text, "Si chiede un chiarimento.");
    let position = whole.position.unwrap();
    assert_eq!(
        (position.company_name.as_str(), position.sede_name.as_str()),
        ("Azienda 1", "Lucca")
    );
    let stale = office.studio.request_save(&whole.id, 1, RequestChange::default()).await;
    assert_eq!(code(stale), FailureCode::DraftStale);
    for id in ["", "no id", "00000000-0000-7000-8000-000000000000"] {
        assert_eq!(code(office.studio.request_open(id).await), FailureCode::UnknownDraft);
    }
}

#[tokio::test]
async fn only_positions_that_the_studio_acts_for_are_offered_and_every_topic_is() {
    let office = Office::new().await;
    let found = office.studio.request_positions("azienda").await.unwrap();
    let matricole: Vec<_> = found.iter().map(|position| position.matricola.as_str()).collect();
    assert!(matricole.contains(&POSITION), "{matricole:?}");
    assert_eq!(office.studio.request_positions("nessuno").await.unwrap(), []);
    let topics = office.studio.request_topics().await.unwrap().topics;
    assert!(
        topics.iter().any(|topic| topic.code == TOPIC),
        "also those that no ticket is about: {topics:?}"
    );
}

#[tokio::test]
async fn written_without_a_network_it_arrives_when_that_is_back_and_carries_an_appointment_later() {
    let office = Office::new().await;
    offline(&office).await;
    let pdf = office.file("denuncia.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n");
    let draft = written(&office).await;
    let taken = office.studio.request_attach(&draft.id, vec![pdf]).await.unwrap();
    assert_eq!(taken.refused, []);
    let queued = send(&office, &taken.request).await;
    assert_eq!((queued.state, queued.never_left), (RequestStateView::Queued, true));
    office.studio.sync_now().await.unwrap();
    let rows = office.studio.requests_list().await.unwrap();
    assert!(
        rows[0].next_attempt.is_some(),
        "it says when it is tried again: {rows:?}"
    );
    let status = office.studio.status().await.unwrap();
    assert_eq!((status.connection.waiting, status.badges.drafts), (1, 1));

    let office = office.restarted().await;
    office.studio.sync_now().await.unwrap();
    let opened = office.studio.request_open(&draft.id).await.unwrap();
    assert_eq!(opened.state, RequestStateView::Opened);
    assert!(opened.ticket_known, "the same round pulled it: {opened:?}");
    let ticket = opened.ticket.unwrap();
    let shown = office.studio.ticket_open(&ticket).await.unwrap();
    assert_eq!(shown.messages[0].text, "Si chiede un chiarimento.");
    assert_eq!(shown.messages[0].files, ["denuncia.pdf"]);
    assert!(
        matches!(shown.row.bookable, BookableView::From { .. }),
        "R4 counts from now: {:?}",
        shown.row.bookable
    );
    let records = office.world.store.records();
    let request = records
        .request(&ticket.parse().unwrap())
        .await
        .unwrap()
        .unwrap()
        .request;
    assert_eq!(
        request.content.contact.email, "studio@alfa.example",
        "the sede knows whom to reach"
    );

    office.world.clock.set(midnight(day(11, 29)));
    office.studio.sync_now().await.unwrap();
    let booking = office.studio.booking_prepare(&texts(&[&ticket])).await.unwrap();
    assert_eq!(booking.tickets[0].code, ticket, "a ticket like any other");
}

#[tokio::test]
async fn an_answer_that_was_lost_opens_no_second_ticket() {
    let office = Office::new().await;
    let before = office.studio.tickets_open(office::everything()).await.unwrap().total;
    office.gate.once(Call::OpenTicket, Fault::After(unreachable()));
    let draft = written(&office).await;
    send(&office, &draft).await;
    office.studio.sync_now().await.unwrap();
    let waiting = office.studio.request_open(&draft.id).await.unwrap();
    assert_eq!((waiting.state, waiting.never_left), (RequestStateView::Queued, false));
    // Taken back and changed: what arrived is what was sent then, once.
    let recalled = office.studio.request_recall(&draft.id).await.unwrap();
    send(&office, &recalled).await;
    office.world.clock.set(office.world.now() + TimeDelta::minutes(10));
    office.studio.sync_now().await.unwrap();
    let opened = office.studio.request_open(&draft.id).await.unwrap();
    assert_eq!(opened.state, RequestStateView::Opened);
    assert_eq!(
        office.studio.tickets_open(office::everything()).await.unwrap().total,
        before + 1
    );
}

#[tokio::test]
async fn a_refusal_is_told_with_what_was_written_and_can_be_mended() {
    let office = Office::new().await;
    let draft = written(&office).await;
    send(&office, &draft).await;
    let failed = StoreError::Failed {
        reason: "a bug of the store's".into(),
    };
    office.gate.once(Call::OpenTicket, Fault::Before(failed));
    office.studio.sync_now().await.unwrap();
    let stopped = office.studio.request_open(&draft.id).await.unwrap();
    assert_eq!(stopped.attention, Some(RequestAttentionView::StoreFailed));
    assert_eq!(stopped.text, "Si chiede un chiarimento.");
    let today = office.studio.today_read().await.unwrap();
    assert_eq!(today.requests.len(), 1, "it needs somebody");
    assert_eq!(office.studio.status().await.unwrap().badges.today, 1);
    let again = office.studio.request_send(&stopped.id, stopped.revision).await.unwrap();
    assert_eq!(again.state, RequestStateView::Queued);
    office.studio.sync_now().await.unwrap();
    assert_eq!(
        office.studio.request_open(&draft.id).await.unwrap().state,
        RequestStateView::Opened
    );
}

#[tokio::test]
async fn what_was_thrown_away_comes_back_as_it_was() {
    let office = Office::new().await;
    offline(&office).await;
    let draft = written(&office).await;
    send(&office, &draft).await;
    let thrown = office.studio.request_discard(&draft.id).await.unwrap();
    assert_eq!(thrown.state, RequestStateView::Discarded);
    assert_eq!(
        office.studio.status().await.unwrap().connection.waiting,
        0,
        "nothing goes out any more"
    );
    let back = office.studio.request_restore(&draft.id).await.unwrap();
    assert_eq!((back.state, back.text), (RequestStateView::Editing, draft.text));
}

#[tokio::test]
async fn a_sede_that_takes_no_requests_yet_says_so_and_what_was_written_goes_out_after_an_upgrade() {
    let office = Office::new().await;
    office.gate.shut(Call::OpenTicket, StoreError::Unsupported);
    let draft = written(&office).await;
    send(&office, &draft).await;
    office.studio.sync_now().await.unwrap();
    let stopped = office.studio.request_open(&draft.id).await.unwrap();
    assert_eq!(stopped.attention, Some(RequestAttentionView::SedeTooOld));
    assert_eq!(stopped.text, draft.text, "nothing is lost");
    office.gate.open();
    let again = office.studio.request_recall(&draft.id).await.unwrap();
    send(&office, &again).await;
    office.studio.sync_now().await.unwrap();
    let opened = office.studio.request_open(&draft.id).await.unwrap();
    assert_eq!(opened.state, RequestStateView::Opened);
}
