//! Requests to the sede: kept as they are written, sent once, and never lost whatever the store says.

use cache::CacheError;
use cache::outbox::{OutboxRow, RowState, Work};
use cache::requests::{RequestAttention, RequestChange, RequestDraft, RequestState};
use chrono::{DateTime, TimeDelta, Utc};
use domain::attachment::{Attachment, FileKind, FileName};
use domain::code::{ContentHash, Matricola};
use domain::contact_request::RequestRefusal;
use domain::content::Contact;
use domain::ticket::Ticket;
use store::{OpenOutcome, OpenRefusal};

use crate::world::{Desk, decision, draft_id, now, ticket};

const POSITION: &str = "4600000001";

fn phone() -> Contact {
    Contact {
        phone: "0583 123456".into(),
        email: String::new(),
    }
}

/// A request that lacks nothing.
pub(crate) async fn written(desk: &Desk, n: u128) -> RequestDraft {
    let requests = &desk.cache.requests;
    let position: Matricola = POSITION.parse().expect("a position");
    let begun = requests
        .begin(draft_id(n), Some(&position), phone(), now())
        .await
        .expect("begins");
    let change = RequestChange {
        topic: Some(Some("DENUNCE".parse().expect("a topic"))),
        text: Some("Si chiede un chiarimento.".into()),
        ..RequestChange::default()
    };
    requests
        .save(begun.id, begun.revision, change, now())
        .await
        .expect("saves")
}

async fn sent(desk: &Desk, draft: &RequestDraft, n: u128) -> OutboxRow {
    let requests = &desk.cache.requests;
    requests
        .send(draft.id, draft.revision, decision(n), now())
        .await
        .expect("sends");
    let row = desk.cache.outbox.of_request(draft.id).await.expect("reads");
    row.expect("a row")
}

async fn taken(desk: &Desk, row: &OutboxRow) -> OutboxRow {
    desk.cache
        .outbox
        .take(row, now())
        .await
        .expect("takes")
        .expect("is there")
}

fn opened() -> OpenOutcome {
    let ticket: Ticket = ticket("LU-7", 1, "DENUNCE", "2026-03-01").ticket;
    OpenOutcome::Opened {
        ticket: Box::new(ticket),
    }
}

fn refused() -> OpenOutcome {
    OpenOutcome::Refused {
        why: OpenRefusal::Rule {
            refusal: RequestRefusal::NotDelegated,
        },
    }
}

fn file(n: u8) -> Attachment {
    Attachment {
        hash: ContentHash::of(&[n]),
        name: FileName::sanitised(&format!("file{n}.pdf")),
        kind: FileKind::Pdf,
        bytes: 100,
    }
}

#[tokio::test]
async fn what_is_written_is_kept_and_nothing_that_somebody_else_wrote_meanwhile_is_lost() {
    let desk = Desk::new().await;
    let draft = written(&desk, 1).await;
    let request = draft.request().expect("it lacks nothing");
    assert_eq!(
        (request.position.as_str(), request.topic.as_str()),
        (POSITION, "DENUNCE")
    );
    assert_eq!(request.content.contact, phone());
    let stale = desk
        .cache
        .requests
        .save(draft.id, 1, RequestChange::default(), now())
        .await;
    assert!(matches!(stale, Err(CacheError::Stale { revision: 2 })), "{stale:?}");
    let back = RequestChange {
        topic: Some(None),
        ..RequestChange::default()
    };
    let back = desk.cache.requests.save(draft.id, 2, back, now()).await.expect("saves");
    assert_eq!(back.request(), None, "a choice can be taken back");
    let (desk, _) = desk.reopened().await;
    assert_eq!(desk.cache.requests.get(draft.id).await.expect("is there"), back);
    assert_eq!(desk.cache.requests.counts().await.expect("counts"), (1, 0));
    let unknown = desk.cache.requests.get(draft_id(9)).await;
    assert!(matches!(unknown, Err(CacheError::UnknownDraft)));
}

#[tokio::test]
async fn files_are_taken_up_to_the_limit_each_once() {
    let desk = Desk::new().await;
    let draft = written(&desk, 1).await;
    let requests = &desk.cache.requests;
    for n in 1..=2 {
        requests.attach(draft.id, &file(n), 2, now()).await.expect("takes it");
    }
    let twice = requests.attach(draft.id, &file(1), 3, now()).await;
    assert!(matches!(twice, Err(CacheError::AlreadyAttached)));
    let third = requests.attach(draft.id, &file(3), 2, now()).await;
    assert!(matches!(third, Err(CacheError::TooManyFiles { max: 2 })));
    let left = requests
        .detach(draft.id, file(1).hash, now())
        .await
        .expect("takes it off");
    assert_eq!(left.content.attachments, [file(2)]);
    let gone = requests.detach(draft.id, file(1).hash, now()).await;
    assert!(matches!(gone, Err(CacheError::UnknownAttachment)));
}

#[tokio::test]
async fn a_request_is_sent_once_and_becomes_a_ticket() {
    let desk = Desk::new().await;
    let draft = written(&desk, 1).await;
    let row = sent(&desk, &draft, 1).await;
    assert_eq!(row.work, Work::OpenTicket { request: draft.id });
    let again = desk
        .cache
        .requests
        .send(draft.id, draft.revision, decision(2), now())
        .await;
    assert!(matches!(again, Err(CacheError::Moved)), "it is on its way: {again:?}");
    let (desk, _) = desk.reopened().await;
    let row = taken(&desk, &row).await;
    let requests = &desk.cache.requests;
    assert_eq!(
        requests.get(draft.id).await.expect("reads").state,
        RequestState::Sending
    );
    let discard = requests.discard(draft.id, now()).await;
    assert!(
        matches!(discard, Err(CacheError::Moved)),
        "nobody knows what the store said"
    );
    desk.cache
        .outbox
        .complete_open(&row, &opened(), now())
        .await
        .expect("completes");
    let done = requests.get(draft.id).await.expect("reads");
    let ticket = "LU-7".parse().expect("a code");
    assert_eq!(
        (done.state, done.decision),
        (RequestState::Opened { ticket }, Some(decision(1)))
    );
    assert_eq!(requests.counts().await.expect("counts"), (0, 0));
    let since = |at: DateTime<Utc>| async move { requests.list(at).await.expect("lists").len() };
    assert_eq!((since(now()).await, since(now() + TimeDelta::seconds(1)).await), (1, 0));
}

#[tokio::test]
async fn what_the_network_swallowed_goes_out_again_under_the_same_attempt() {
    let desk = Desk::new().await;
    let draft = written(&desk, 1).await;
    let row = sent(&desk, &draft, 1).await;
    let row = taken(&desk, &row).await;
    desk.cache
        .outbox
        .swallowed(&row, now() + TimeDelta::seconds(2))
        .await
        .expect("waits");
    assert_eq!(
        desk.cache.requests.get(draft.id).await.expect("reads").state,
        RequestState::Queued
    );
    let next = desk
        .cache
        .outbox
        .of_request(draft.id)
        .await
        .expect("reads")
        .expect("a row");
    assert_eq!((next.id, next.attempt, next.tries), (row.id, row.attempt, 1));
    assert!(
        desk.cache.outbox.hasten(draft.id).await.expect("hastens"),
        "the person can't wait"
    );
}

#[tokio::test]
async fn a_refusal_is_told_and_the_next_attempt_is_of_the_same_decision() {
    let desk = Desk::new().await;
    let draft = written(&desk, 1).await;
    let row = sent(&desk, &draft, 1).await;
    let row = taken(&desk, &row).await;
    desk.cache
        .outbox
        .complete_open(&row, &refused(), now())
        .await
        .expect("completes");
    let requests = &desk.cache.requests;
    let stopped = requests.get(draft.id).await.expect("reads");
    let RequestState::NeedsAttention {
        why: RequestAttention::Refused { .. },
    } = stopped.state
    else {
        panic!("it needs somebody: {stopped:?}");
    };
    assert_eq!(requests.counts().await.expect("counts"), (1, 1));
    assert_eq!(
        stopped.content.notes, "Si chiede un chiarimento.",
        "nothing that was written is lost"
    );
    let thrown = requests.discard(draft.id, now()).await.expect("discards");
    assert_eq!(thrown.state, RequestState::Discarded);
    let back = requests.restore(draft.id, now()).await.expect("restores");
    assert!(
        matches!(back.state, RequestState::NeedsAttention { .. }),
        "as it was: {back:?}"
    );
    let edited = requests.recall(draft.id, now()).await.expect("recalls");
    assert_eq!(edited.state, RequestState::Editing);
    let next = sent(&desk, &edited, 9).await;
    assert_eq!(
        (next.attempt.decision, next.attempt.number),
        (decision(1), 2),
        "one request is one decision"
    );
}

#[tokio::test]
async fn what_is_taken_back_does_not_go_out() {
    let desk = Desk::new().await;
    let draft = written(&desk, 1).await;
    let row = sent(&desk, &draft, 1).await;
    let requests = &desk.cache.requests;
    let recalled = requests.recall(draft.id, now()).await.expect("recalls");
    assert_eq!(recalled.state, RequestState::Editing);
    let row = desk.cache.outbox.row(row.id).await.expect("reads").expect("is kept");
    assert_eq!(row.state, RowState::Recalled);
    assert_eq!(desk.cache.outbox.take(&row, now()).await.expect("reads"), None);
    assert_eq!(desk.cache.outbox.pending().await.expect("reads"), []);
}
