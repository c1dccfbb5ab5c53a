//! The outbox: decisions keep their order and their key, and what becomes of them is written down once.

use cache::CacheError;
use cache::drafts::{Attention, DraftState};
use cache::outbox::{OutboxRow, RowState, Settled, Work};
use cache::pulled::AppointmentOrder;
use chrono::TimeDelta;
use domain::appointment::{AppointmentState, LifeRefusal};
use domain::attachment::FileName;
use domain::booking::Refusal;
use domain::eligibility::{Eligibility, Waiting};
use domain::ticket::Party;
use domain::time::midnight;
use domain::topic::WaitingThreshold;
use std::collections::HashMap;
use store::{AcknowledgeOutcome, BookOutcome, BookRefusal, CancelOutcome, CancelRefusal};

use crate::world::{
    Desk, appointment, appointment_id, communication, communication_id, day, decision, draft_id, now, present,
    put_appointment, ticket, ticket_code,
};

async fn sent(desk: &Desk, n: u128, ticket: &str) -> OutboxRow {
    let draft = desk.draft(n, &[ticket]).await;
    let (_, row) = desk
        .cache
        .drafts
        .send(draft.id, draft.revision, decision(n), None, &HashMap::new(), now())
        .await
        .expect("sends");
    row
}

async fn taken(desk: &Desk, row: &OutboxRow) -> OutboxRow {
    desk.cache
        .outbox
        .take(row, now())
        .await
        .expect("takes")
        .expect("is there")
}

fn booked(n: u128, ticket: &str) -> BookOutcome {
    BookOutcome::Booked {
        appointment: Box::new(appointment(n, decision(n), &[ticket], "2026-03-19T08:00:00Z")),
    }
}

#[tokio::test]
async fn decisions_stand_in_the_order_of_deciding() {
    let desk = Desk::new().await;
    let outbox = &desk.cache.outbox;
    sent(&desk, 1, "LU-1").await;
    outbox
        .cancel(appointment_id(1), decision(2), now())
        .await
        .expect("decides");
    sent(&desk, 3, "LU-3").await;
    let order: Vec<_> = outbox
        .pending()
        .await
        .expect("reads")
        .into_iter()
        .map(|row| row.attempt.decision)
        .collect();
    assert_eq!(order, [decision(1), decision(2), decision(3)]);
    assert_eq!(outbox.waiting().await.expect("reads"), 3);
}

#[tokio::test]
async fn a_row_is_taken_by_one_only() {
    let desk = Desk::new().await;
    let row = sent(&desk, 1, "LU-1").await;
    let (first, second) = tokio::join!(desk.cache.outbox.take(&row, now()), desk.cache.outbox.take(&row, now()));
    let won = [first.expect("asks"), second.expect("asks")]
        .into_iter()
        .flatten()
        .count();
    assert_eq!(won, 1, "two would send it twice at once");
    assert_eq!(
        desk.cache.drafts.get(draft_id(1)).await.expect("is there").state,
        DraftState::Sending
    );
}

#[tokio::test]
async fn a_row_found_sending_at_start_goes_out_again_under_the_same_attempt() {
    let desk = Desk::new().await;
    let row = sent(&desk, 1, "LU-1").await;
    taken(&desk, &row).await;
    let (desk, _) = desk.reopened().await;
    let found = desk.cache.outbox.pending().await.expect("reads").remove(0);
    assert_eq!(found.state, RowState::Sending);
    let again = taken(&desk, &found).await;
    assert_eq!(again.attempt, row.attempt, "another key could book twice");
    assert_eq!(again.tries, 2);
    assert_eq!(again.last_attempt, Some(now()));
}

#[tokio::test]
async fn what_the_network_swallows_waits_and_goes_out_again() {
    let desk = Desk::new().await;
    let row = sent(&desk, 1, "LU-1").await;
    let row = taken(&desk, &row).await;
    let later = now() + TimeDelta::minutes(5);
    desk.cache.outbox.swallowed(&row, later).await.expect("swallows");
    let waiting = desk.cache.outbox.row(row.id).await.expect("reads").expect("is there");
    assert_eq!(
        (waiting.state, waiting.next_attempt, waiting.tries),
        (RowState::Waiting, Some(later), 1)
    );
    assert_eq!(
        desk.cache.drafts.get(draft_id(1)).await.expect("is there").state,
        DraftState::Queued { not_before: None }
    );
    assert!(desk.cache.outbox.hasten(draft_id(1)).await.expect("hastens"));
    let waiting = desk.cache.outbox.row(row.id).await.expect("reads").expect("is there");
    assert_eq!(waiting.next_attempt, None);
    assert!(matches!(
        desk.cache.outbox.swallowed(&row, later).await,
        Err(CacheError::Moved)
    ));
    assert!(!desk.cache.outbox.hasten(draft_id(404)).await.expect("hastens"));
}

#[tokio::test]
async fn a_recalled_row_is_not_taken_and_a_taken_one_not_recalled() {
    let desk = Desk::new().await;
    let row = sent(&desk, 1, "LU-1").await;
    desk.cache.drafts.recall(draft_id(1), now()).await.expect("recalls");
    assert_eq!(desk.cache.outbox.take(&row, now()).await.expect("asks"), None);
    let row = sent(&desk, 2, "LU-2").await;
    taken(&desk, &row).await;
    assert!(matches!(
        desk.cache.drafts.recall(draft_id(2), now()).await,
        Err(CacheError::Locked { .. })
    ));
}

#[tokio::test]
async fn a_booking_that_is_granted_is_in_the_agenda_at_once_and_carries_its_tickets() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-01-10")]).await;
    let row = sent(&desk, 1, "LU-1").await;
    let row = taken(&desk, &row).await;
    let settled = desk
        .cache
        .outbox
        .complete_book(&row, &booked(1, "LU-1"), now())
        .await
        .expect("completes");
    assert!(matches!(settled, Settled::Booked(appointment) if appointment.id == appointment_id(1)));
    let draft = desk.cache.drafts.get(draft_id(1)).await.expect("is there");
    assert_eq!(
        draft.state,
        DraftState::Booked {
            appointment: appointment_id(1)
        }
    );
    assert_eq!(desk.cache.outbox.pending().await.expect("reads"), []);
    let row = desk.cache.outbox.row(row.id).await.expect("reads").expect("is there");
    assert_eq!(row.state, RowState::Done, "nothing is ever deleted (R15)");
    let agenda = desk
        .cache
        .pulled
        .appointment_list(AppointmentOrder::ToCome, now(), 10)
        .await
        .expect("reads");
    assert_eq!(agenda.len(), 1);
    let opened = desk.cache.pulled.ticket(&ticket_code("LU-1")).await.expect("reads");
    let eligibility = opened.expect("is there").row.eligibility(present());
    assert!(
        matches!(eligibility, Eligibility::NotBookable(obstacle) if obstacle.rule() == domain::Rule(5)),
        "R5 holds before the next pull says so: {eligibility:?}"
    );
    let again = desk.cache.outbox.complete_book(&row, &booked(1, "LU-1"), now()).await;
    assert!(
        matches!(again, Err(CacheError::Moved)),
        "an answer is written down once"
    );
}

#[tokio::test]
async fn a_refusal_needs_somebody() {
    let desk = Desk::new().await;
    let row = sent(&desk, 1, "LU-1").await;
    let row = taken(&desk, &row).await;
    let why = BookRefusal::Rule {
        refusal: Refusal::AllTaken { nearest: Vec::new() },
    };
    let settled = desk
        .cache
        .outbox
        .complete_book(&row, &BookOutcome::Refused { why: why.clone() }, now())
        .await
        .expect("completes");
    let attention = Attention::Refused { why };
    assert_eq!(settled, Settled::NeedsAttention(attention.clone()));
    assert_eq!(
        desk.cache.drafts.get(draft_id(1)).await.expect("is there").state,
        DraftState::NeedsAttention { why: attention }
    );
    let row = desk.cache.outbox.row(row.id).await.expect("reads").expect("is there");
    assert_eq!(row.state, RowState::Refused);
    assert_eq!(desk.cache.drafts.counts().await.expect("reads"), (1, 1));
}

#[tokio::test]
async fn a_ticket_that_ripens_later_waits_for_that_midnight_under_the_next_attempt() {
    let desk = Desk::new().await;
    let row = sent(&desk, 1, "LU-1").await;
    let row = taken(&desk, &row).await;
    let on = day("2026-03-29");
    let outcome = BookOutcome::Refused {
        why: BookRefusal::Rule {
            refusal: Refusal::TicketNotBookable {
                ticket: ticket_code("LU-1"),
                eligibility: Eligibility::BookableFrom {
                    on,
                    waiting: Waiting {
                        days: 3,
                        threshold: WaitingThreshold(5),
                    },
                },
            },
        },
    };
    let settled = desk
        .cache
        .outbox
        .complete_book(&row, &outcome, now())
        .await
        .expect("completes");
    let not_before = midnight(on);
    assert_eq!(settled, Settled::Requeued { not_before });
    let waiting = desk.cache.outbox.pending().await.expect("reads").remove(0);
    assert_eq!(waiting.state, RowState::Waiting);
    assert_eq!(waiting.not_before, Some(not_before));
    assert_eq!((waiting.attempt.decision, waiting.attempt.number), (decision(1), 2));
    assert_eq!(waiting.tries, 0);
    assert_eq!(
        desk.cache.drafts.get(draft_id(1)).await.expect("is there").state,
        DraftState::Queued {
            not_before: Some(not_before)
        }
    );
    let recalled = desk.cache.drafts.recall(draft_id(1), now()).await.expect("recalls");
    let (_, row) = desk
        .cache
        .drafts
        .send(
            recalled.id,
            recalled.revision,
            decision(9),
            None,
            &HashMap::new(),
            now(),
        )
        .await
        .expect("sends");
    assert_eq!(row.attempt.number, 3, "no attempt stands for two requests");
}

#[tokio::test]
async fn a_lost_file_needs_somebody() {
    let desk = Desk::new().await;
    let row = sent(&desk, 1, "LU-1").await;
    let row = taken(&desk, &row).await;
    let name = FileName::sanitised("delega.pdf");
    let why = Attention::AttachmentLost { name };
    desk.cache
        .outbox
        .needs_attention(&row, &why, now())
        .await
        .expect("writes");
    assert_eq!(
        desk.cache.drafts.get(draft_id(1)).await.expect("is there").state,
        DraftState::NeedsAttention { why }
    );
}

#[tokio::test]
async fn cancelling_twice_is_one_decision() {
    let desk = Desk::new().await;
    let outbox = &desk.cache.outbox;
    let first = outbox
        .cancel(appointment_id(1), decision(1), now())
        .await
        .expect("decides");
    let second = outbox
        .cancel(appointment_id(1), decision(2), now())
        .await
        .expect("decides");
    assert_eq!(first, second);
    assert!(outbox.cancelling().await.expect("reads").contains(&appointment_id(1)));
    let taken = taken(&desk, &first).await;
    let why = CancelRefusal::Life {
        refusal: LifeRefusal::Begun,
    };
    outbox
        .complete_cancel(&taken, &CancelOutcome::Refused { why }, now())
        .await
        .expect("completes");
    assert!(outbox.cancelling().await.expect("reads").is_empty());
    let third = outbox
        .cancel(appointment_id(1), decision(3), now())
        .await
        .expect("decides");
    assert_eq!(
        third.attempt.decision,
        decision(3),
        "a refusal was told: this is a new one"
    );
}

#[tokio::test]
async fn a_cancelled_appointment_frees_its_tickets_at_once() {
    let mut carried = ticket("LU-1", 1, "DENUNCE", "2026-01-10");
    let mut meeting = appointment(1, decision(1), &["LU-1"], "2026-03-19T08:00:00Z");
    carried.carried_until = meeting.carries_until();
    let desk = Desk::with(vec![carried]).await;
    desk.apply(vec![put_appointment(meeting.clone())]).await;
    let row = desk
        .cache
        .outbox
        .cancel(meeting.id, decision(2), now())
        .await
        .expect("decides");
    let row = taken(&desk, &row).await;
    meeting.state = AppointmentState::Cancelled {
        by: Party::Studio,
        at: now(),
    };
    let outcome = CancelOutcome::Cancelled {
        appointment: Box::new(meeting.clone()),
    };
    desk.cache
        .outbox
        .complete_cancel(&row, &outcome, now())
        .await
        .expect("completes");
    assert_eq!(
        desk.cache.pulled.appointment(meeting.id).await.expect("reads"),
        Some(meeting)
    );
    let opened = desk.cache.pulled.ticket(&ticket_code("LU-1")).await.expect("reads");
    assert!(matches!(
        opened.expect("is there").row.eligibility(present()),
        Eligibility::Bookable(_)
    ));
}

#[tokio::test]
async fn an_acknowledged_communication_is_read_at_once() {
    let desk = Desk::new().await;
    let mut meeting = appointment(1, decision(1), &["LU-1"], "2026-03-19T08:00:00Z");
    meeting.communications = vec![
        communication(1, "2026-03-10T10:00:00Z"),
        communication(2, "2026-03-11T10:00:00Z"),
    ];
    desk.apply(vec![put_appointment(meeting)]).await;
    let outbox = &desk.cache.outbox;
    let row = outbox
        .acknowledge(appointment_id(1), communication_id(1), decision(5), now())
        .await
        .expect("decides");
    assert!(matches!(row.work, Work::Acknowledge { .. }));
    assert!(
        outbox
            .acknowledging()
            .await
            .expect("reads")
            .contains(&communication_id(1))
    );
    let row = taken(&desk, &row).await;
    outbox
        .complete_acknowledge(&row, AcknowledgeOutcome::Acknowledged, now())
        .await
        .expect("completes");
    let unread: Vec<_> = desk
        .cache
        .pulled
        .unread()
        .await
        .expect("reads")
        .into_iter()
        .map(|unread| unread.communication.id)
        .collect();
    assert_eq!(unread, [communication_id(2)]);
}
