//! Drafts: what a person writes is durable, belongs to one draft, and moves from state to state as it may.

use cache::CacheError;
use cache::drafts::{Attention, DraftChange, DraftPhase, DraftState};
use domain::attachment::{Attachment, FileKind, FileName};
use domain::code::ContentHash;
use domain::wish::{Pattern, Wish};
use std::collections::HashMap;
use store::{BookOutcome, BookRefusal};

use crate::world::{
    Desk, appointment, appointment_id, decision, draft_id, new_draft, now, page, put_appointment, ticket_code,
};

#[tokio::test]
async fn a_decision_and_its_row_survive_a_reopened_file() {
    let desk = Desk::new().await;
    let draft = desk.draft(1, &["LU-1", "LU-2"]).await;
    let (sent, row) = desk
        .cache
        .drafts
        .send(
            draft.id,
            draft.revision,
            decision(1),
            Some(now()),
            &HashMap::new(),
            now(),
        )
        .await
        .expect("sends");
    let (desk, repairs) = desk.reopened().await;
    assert_eq!(repairs, []);
    assert_eq!(desk.cache.drafts.get(draft.id).await.expect("is there"), sent);
    assert_eq!(
        desk.cache.outbox.pending().await.expect("reads"),
        std::slice::from_ref(&row)
    );
    assert_eq!(row.subjects[1..], ["ticket:LU-1", "ticket:LU-2"]);
    assert_eq!(row.not_before, Some(now()));
    assert_eq!(desk.cache.outbox.of_draft(draft.id).await.expect("reads"), Some(row));
}

#[tokio::test]
async fn what_was_answered_is_on_disk_before_the_files_are_closed() {
    let desk = Desk::new().await;
    let draft = desk.draft(1, &["LU-1"]).await;
    // A second opening while the first is still there sees what a killed program would have left.
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["studio.db", "studio.db-wal"] {
        std::fs::copy(desk.folder.path().join(name), copy.path().join(name)).expect("copies");
    }
    let (desk, _) = Desk::opened(copy, now()).await;
    assert_eq!(desk.cache.drafts.get(draft.id).await.expect("is there"), draft);
}

#[tokio::test]
async fn a_stale_revision_is_refused_and_changes_nothing() {
    let desk = Desk::new().await;
    let draft = desk.draft(1, &["LU-1"]).await;
    let change = |notes: &str| DraftChange {
        notes: Some(notes.into()),
        ..DraftChange::default()
    };
    let newer = desk
        .cache
        .drafts
        .save(draft.id, draft.revision, change("la prima"), now())
        .await
        .expect("saves");
    let refused = desk
        .cache
        .drafts
        .save(draft.id, draft.revision, change("la seconda"), now())
        .await;
    assert!(matches!(refused, Err(CacheError::Stale { revision }) if revision == newer.revision));
    let refused = desk
        .cache
        .drafts
        .send(draft.id, draft.revision, decision(1), None, &HashMap::new(), now())
        .await;
    assert!(matches!(refused, Err(CacheError::Stale { .. })));
    assert_eq!(desk.cache.drafts.get(draft.id).await.expect("is there"), newer);
    assert_eq!(desk.cache.outbox.pending().await.expect("reads"), []);
}

#[tokio::test]
async fn what_is_not_changed_stays() {
    let desk = Desk::new().await;
    let draft = desk.draft(1, &["LU-1"]).await;
    let change = DraftChange {
        email: Some("anna@studio.it".into()),
        ..DraftChange::default()
    };
    let saved = desk
        .cache
        .drafts
        .save(draft.id, draft.revision, change, now())
        .await
        .expect("saves");
    assert_eq!(saved.content.contact.phone, "0583 123456");
    assert_eq!(saved.content.contact.email, "anna@studio.it");
    assert_eq!(saved.wishes, [Wish::Pattern(Pattern::default())]);
    assert_eq!(saved.revision, draft.revision + 1);
}

#[tokio::test]
async fn a_ticket_stands_in_one_live_draft_at_most() {
    let desk = Desk::new().await;
    desk.draft(1, &["LU-1"]).await;
    let refused = desk
        .cache
        .drafts
        .prepare(new_draft(2, &["LU-2", "LU-1"]), None, now())
        .await;
    assert!(
        matches!(refused, Err(CacheError::TicketInDraft { ticket, draft }) if ticket == ticket_code("LU-1") && draft == draft_id(1))
    );
    assert!(
        matches!(desk.cache.drafts.get(draft_id(2)).await, Err(CacheError::UnknownDraft)),
        "half a draft must not stay"
    );
    let holders = desk.cache.drafts.holders().await.expect("reads");
    assert_eq!(holders.len(), 1, "the other ticket is free");
    assert_eq!(holders[&ticket_code("LU-1")].draft, draft_id(1));
    assert_eq!(
        desk.cache.drafts.holder(&ticket_code("LU-2")).await.expect("reads"),
        None
    );
}

#[tokio::test]
async fn a_discarded_draft_frees_its_tickets_and_comes_back_if_they_are_still_free() {
    let desk = Desk::new().await;
    let drafts = &desk.cache.drafts;
    desk.draft(1, &["LU-1", "LU-2"]).await;
    drafts.discard(draft_id(1), now()).await.expect("discards");
    desk.draft(2, &["LU-2"]).await;
    let refused = drafts.restore(draft_id(1), now()).await;
    assert!(matches!(refused, Err(CacheError::TicketInDraft { draft, .. }) if draft == draft_id(2)));
    assert_eq!(
        drafts.get(draft_id(1)).await.expect("is there").state,
        DraftState::Discarded,
        "a restoring that is refused changes nothing"
    );
    assert_eq!(drafts.holder(&ticket_code("LU-1")).await.expect("reads"), None);
    drafts.discard(draft_id(2), now()).await.expect("discards");
    let restored = drafts.restore(draft_id(1), now()).await.expect("restores");
    assert_eq!(restored.state, DraftState::Editing);
    assert_eq!(drafts.holders().await.expect("reads").len(), 2);
}

/// A draft brought into a state.
async fn in_phase(phase: DraftPhase) -> Desk {
    let desk = Desk::new().await;
    let cache = &desk.cache;
    let draft = desk.draft(1, &["LU-1"]).await;
    let nothing_read = HashMap::new();
    let send = || {
        cache
            .drafts
            .send(draft.id, draft.revision, decision(1), None, &nothing_read, now())
    };
    let answer = |outcome: BookOutcome| async move {
        let row = cache.outbox.pending().await.expect("reads").remove(0);
        let row = cache.outbox.take(&row, now()).await.expect("takes").expect("is there");
        cache
            .outbox
            .complete_book(&row, &outcome, now())
            .await
            .expect("completes");
    };
    match phase {
        DraftPhase::Editing => {}
        DraftPhase::Queued => drop(send().await.expect("sends")),
        DraftPhase::Sending => {
            let (_, row) = send().await.expect("sends");
            cache.outbox.take(&row, now()).await.expect("takes").expect("is there");
        }
        DraftPhase::Booked => {
            send().await.expect("sends");
            let appointment = Box::new(appointment(1, decision(1), &["LU-1"], "2026-03-19T08:00:00Z"));
            answer(BookOutcome::Booked { appointment }).await;
        }
        DraftPhase::NeedsAttention => {
            send().await.expect("sends");
            answer(BookOutcome::Refused {
                why: BookRefusal::UnknownPoint,
            })
            .await;
        }
        DraftPhase::Discarded => drop(cache.drafts.discard(draft.id, now()).await.expect("discards")),
    }
    assert_eq!(cache.drafts.get(draft.id).await.expect("is there").state.phase(), phase);
    desk
}

#[tokio::test]
async fn each_state_allows_what_it_may_and_nothing_else() {
    use DraftPhase::{Booked, Discarded, Editing, NeedsAttention, Queued, Sending};
    let allowed: [(&str, &[DraftPhase]); 6] = [
        ("save", &[Editing]),
        ("attach", &[Editing]),
        ("send", &[Editing]),
        ("recall", &[Queued, NeedsAttention]),
        ("discard", &[Editing, Queued, NeedsAttention]),
        ("restore", &[Discarded]),
    ];
    for phase in [Editing, Queued, Sending, Booked, NeedsAttention, Discarded] {
        for (act, from) in allowed {
            let desk = in_phase(phase).await;
            let drafts = &desk.cache.drafts;
            let before = drafts.get(draft_id(1)).await.expect("is there");
            let rows = desk.cache.outbox.pending().await.expect("reads");
            let (id, revision) = (before.id, before.revision);
            let outcome = match act {
                "save" => drafts.save(id, revision, DraftChange::default(), now()).await.map(drop),
                "attach" => drafts.attach(id, &file(1), 3, now()).await.map(drop),
                "send" => drafts
                    .send(id, revision, decision(2), None, &HashMap::new(), now())
                    .await
                    .map(drop),
                "recall" => drafts.recall(id, now()).await.map(drop),
                "discard" => drafts.discard(id, now()).await.map(drop),
                _ => drafts.restore(id, now()).await.map(drop),
            };
            if from.contains(&phase) {
                assert!(outcome.is_ok(), "{act} must be allowed in {phase:?}: {outcome:?}");
            } else {
                assert!(
                    matches!(outcome, Err(CacheError::Locked { phase: said }) if said == phase),
                    "{act} must be refused in {phase:?}: {outcome:?}"
                );
                assert_eq!(drafts.get(id).await.expect("is there"), before, "{act} changed it");
                assert_eq!(desk.cache.outbox.pending().await.expect("reads"), rows);
            }
        }
    }
}

#[tokio::test]
async fn a_draft_is_one_decision_however_often_it_is_sent() {
    let desk = in_phase(DraftPhase::NeedsAttention).await;
    let drafts = &desk.cache.drafts;
    let edited = drafts.recall(draft_id(1), now()).await.expect("recalls");
    let (_, row) = drafts
        .send(edited.id, edited.revision, decision(99), None, &HashMap::new(), now())
        .await
        .expect("sends");
    assert_eq!(row.attempt.decision, decision(1), "a second decision could book twice");
    assert_eq!(row.attempt.number, 2);
    let recalled = drafts.recall(draft_id(1), now()).await.expect("recalls");
    let (_, row) = drafts
        .send(
            recalled.id,
            recalled.revision,
            decision(99),
            None,
            &HashMap::new(),
            now(),
        )
        .await
        .expect("sends");
    assert_eq!(
        row.attempt.number, 3,
        "an attempt is bound to what was asked under it, and that may have changed"
    );
}

#[tokio::test]
async fn what_needed_attention_needs_it_again_when_it_is_restored() {
    let desk = in_phase(DraftPhase::NeedsAttention).await;
    let drafts = &desk.cache.drafts;
    drafts.discard(draft_id(1), now()).await.expect("discards");
    let restored = drafts.restore(draft_id(1), now()).await.expect("restores");
    assert_eq!(
        restored.state,
        DraftState::NeedsAttention {
            why: Attention::Refused {
                why: BookRefusal::UnknownPoint
            }
        }
    );
}

#[tokio::test]
async fn what_was_queued_is_not_sent_behind_the_persons_back_when_it_is_restored() {
    let desk = in_phase(DraftPhase::Queued).await;
    desk.cache.drafts.discard(draft_id(1), now()).await.expect("discards");
    assert_eq!(desk.cache.outbox.pending().await.expect("reads"), []);
    let restored = desk.cache.drafts.restore(draft_id(1), now()).await.expect("restores");
    assert_eq!(restored.state, DraftState::Editing);
    assert_eq!(desk.cache.outbox.pending().await.expect("reads"), []);
}

#[tokio::test]
async fn a_recalled_draft_that_reached_the_store_all_the_same_is_booked() {
    let desk = in_phase(DraftPhase::Sending).await;
    let row = desk.cache.outbox.pending().await.expect("reads").remove(0);
    desk.cache.outbox.swallowed(&row, now()).await.expect("swallows");
    desk.cache.drafts.recall(draft_id(1), now()).await.expect("recalls");
    let booked = appointment(7, decision(1), &["LU-1"], "2026-03-19T08:00:00Z");
    let touched = desk
        .cache
        .apply(&page(vec![put_appointment(booked)]), crate::world::EPOCH)
        .await
        .expect("applies");
    assert!(touched.drafts && touched.agenda);
    assert_eq!(
        desk.cache.drafts.get(draft_id(1)).await.expect("is there").state,
        DraftState::Booked {
            appointment: appointment_id(7)
        }
    );
    assert_eq!(
        desk.cache.drafts.holder(&ticket_code("LU-1")).await.expect("reads"),
        None
    );
}

fn file(n: u8) -> Attachment {
    Attachment {
        hash: ContentHash::of(&[n]),
        name: FileName::sanitised("delega.pdf"),
        kind: FileKind::Pdf,
        bytes: 1,
    }
}

#[tokio::test]
async fn a_draft_takes_each_content_once_and_no_more_files_than_allowed() {
    let desk = Desk::new().await;
    let drafts = &desk.cache.drafts;
    let draft = desk.draft(1, &["LU-1"]).await;
    drafts.attach(draft.id, &file(1), 2, now()).await.expect("attaches");
    assert!(matches!(
        drafts.attach(draft.id, &file(1), 2, now()).await,
        Err(CacheError::AlreadyAttached)
    ));
    let two = drafts.attach(draft.id, &file(2), 2, now()).await.expect("attaches");
    assert!(matches!(
        drafts.attach(draft.id, &file(3), 2, now()).await,
        Err(CacheError::TooManyFiles { max: 2 })
    ));
    assert_eq!(two.content.attachments, [file(1), file(2)]);
    assert_eq!(two.revision, draft.revision + 2, "a file is a change");
    let one = drafts.detach(draft.id, file(1).hash, now()).await.expect("detaches");
    assert_eq!(one.content.attachments, [file(2)]);
    assert!(matches!(
        drafts.detach(draft.id, file(1).hash, now()).await,
        Err(CacheError::UnknownAttachment)
    ));
    let back = drafts.attach(draft.id, &file(1), 2, now()).await.expect("attaches");
    assert_eq!(back.content.attachments, [file(2), file(1)], "in the order of adding");
}

#[tokio::test]
async fn the_list_holds_what_is_live_and_what_ended_lately() {
    let desk = Desk::new().await;
    let drafts = &desk.cache.drafts;
    for n in 1..=3 {
        desk.draft(n, &[&format!("LU-{n}")]).await;
    }
    let long_ago = now() - chrono::TimeDelta::days(40);
    drafts.discard(draft_id(1), long_ago).await.expect("discards");
    drafts.discard(draft_id(2), now()).await.expect("discards");
    let ids = |drafts: Vec<cache::drafts::Draft>| drafts.into_iter().map(|draft| draft.id).collect::<Vec<_>>();
    let lately = drafts.list(now() - chrono::TimeDelta::days(30)).await.expect("reads");
    assert_eq!(ids(lately), [draft_id(3), draft_id(2)]);
    assert_eq!(drafts.counts().await.expect("reads"), (1, 0));
}

#[tokio::test]
async fn an_unknown_draft_is_nobodys() {
    let desk = Desk::new().await;
    let drafts = &desk.cache.drafts;
    let id = draft_id(404);
    assert!(matches!(drafts.get(id).await, Err(CacheError::UnknownDraft)));
    assert!(matches!(drafts.recall(id, now()).await, Err(CacheError::UnknownDraft)));
    assert!(matches!(drafts.discard(id, now()).await, Err(CacheError::UnknownDraft)));
    assert!(matches!(drafts.restore(id, now()).await, Err(CacheError::UnknownDraft)));
    assert!(matches!(
        drafts.send(id, 1, decision(1), None, &HashMap::new(), now()).await,
        Err(CacheError::UnknownDraft)
    ));
}
