//! R3: the studio's judgement holds from the moment it is decided until the store tells it back.

use cache::drafts::Judged;
use cache::outbox::{OutboxRow, RowState, Work};
use cache::pulled::{Bookable, TicketFilter, TicketSort};
use domain::booking::BookedTicket;
use domain::eligibility::{Eligibility, Ground, Obstacle};
use domain::ticket::{Judgement, Outcome, ReplyAssessment, TicketStatus};
use std::collections::HashMap;
use store::{AssessOutcome, PulledTicket};

use crate::world::{
    Desk, closed, decision, draft_id, gone, instant, new_draft, now, page, present, put, ticket, ticket_code,
};

const REPLIED: &str = "2026-03-01T09:30:00.123456789Z";

fn answered() -> PulledTicket {
    closed(ticket("LU-1", 1, "DENUNCE", "2026-01-10"), Outcome::Ok, REPLIED)
}

fn judged(n: u128, assessment: ReplyAssessment) -> Judged {
    Judged {
        decision: decision(n),
        ticket: ticket_code("LU-1"),
        judgement: Judgement {
            assessment,
            closed_at: instant(REPLIED),
        },
    }
}

async fn eligibility(desk: &Desk) -> Eligibility {
    let opened = desk.cache.pulled.ticket(&ticket_code("LU-1")).await.expect("reads");
    let opened = opened.expect("is there");
    let row = opened.row.eligibility(present());
    let TicketStatus::Closed { assessment, .. } = opened.ticket.status else {
        panic!("it is closed");
    };
    let TicketStatus::Closed { assessment: listed, .. } = opened.row.standing.status else {
        panic!("its row is closed");
    };
    assert_eq!(assessment, listed, "list and ticket say the same");
    row
}

async fn told(desk: &Desk, row: &OutboxRow, outcome: AssessOutcome) {
    let row = desk
        .cache
        .outbox
        .take(row, now())
        .await
        .expect("takes")
        .expect("is there");
    desk.cache
        .outbox
        .complete_assess(&row, outcome)
        .await
        .expect("completes");
}

#[tokio::test]
async fn a_judgement_makes_its_ticket_bookable_before_the_store_hears_of_it() {
    let desk = Desk::with(vec![answered()]).await;
    assert_eq!(eligibility(&desk).await, Eligibility::NotBookable(Obstacle::Unassessed));
    let row = desk
        .cache
        .outbox
        .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
        .await
        .expect("decides");
    assert_eq!(row.subjects, ["ticket:LU-1"]);
    assert_eq!(eligibility(&desk).await, Eligibility::Bookable(Ground::Unsatisfactory));
    let filter = TicketFilter {
        bookable: Some(Bookable::Now),
        ..TicketFilter::default()
    };
    let list = desk
        .cache
        .pulled
        .open_tickets(&filter, TicketSort::Code, false, present())
        .await
        .expect("opens");
    assert_eq!(list.total(), 1);
    let (desk, _) = desk.reopened().await;
    assert_eq!(eligibility(&desk).await, Eligibility::Bookable(Ground::Unsatisfactory));
}

#[tokio::test]
async fn a_judgement_survives_a_cache_that_was_thrown_away() {
    let desk = Desk::with(vec![answered()]).await;
    desk.cache
        .outbox
        .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
        .await
        .expect("decides");
    desk.cache.close().await;
    for name in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        let _ = std::fs::remove_file(desk.folder.path().join(name));
    }
    let (desk, _) = Desk::opened(desk.folder, now()).await;
    let mut changes = crate::world::offer();
    changes.push(put(answered()));
    desk.apply(changes).await;
    assert_eq!(eligibility(&desk).await, Eligibility::Bookable(Ground::Unsatisfactory));
}

#[tokio::test]
async fn the_later_judgement_holds_whatever_the_answer_to_the_earlier() {
    let desk = Desk::with(vec![answered()]).await;
    let outbox = &desk.cache.outbox;
    let first = outbox
        .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
        .await
        .expect("decides");
    let second = outbox
        .assess(&judged(2, ReplyAssessment::Satisfactory), now())
        .await
        .expect("decides");
    told(&desk, &first, AssessOutcome::Assessed).await;
    let mut pulled = answered();
    pulled
        .ticket
        .judge(judged(1, ReplyAssessment::Unsatisfactory).judgement);
    desk.apply(vec![put(pulled)]).await;
    assert_eq!(
        eligibility(&desk).await,
        Eligibility::NotBookable(Obstacle::Satisfactory)
    );
    told(&desk, &second, AssessOutcome::Assessed).await;
    assert_eq!(
        eligibility(&desk).await,
        Eligibility::NotBookable(Obstacle::Satisfactory),
        "told, but not told back yet"
    );
}

#[tokio::test]
async fn once_told_back_the_stores_word_holds() {
    let desk = Desk::with(vec![answered()]).await;
    let row = desk
        .cache
        .outbox
        .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
        .await
        .expect("decides");
    told(&desk, &row, AssessOutcome::Assessed).await;
    let mut pulled = answered();
    pulled
        .ticket
        .judge(judged(1, ReplyAssessment::Unsatisfactory).judgement);
    desk.apply(vec![put(pulled)]).await;
    // A colleague judges otherwise, on another computer.
    let mut pulled = answered();
    pulled.ticket.judge(judged(2, ReplyAssessment::Satisfactory).judgement);
    desk.apply(vec![put(pulled)]).await;
    assert_eq!(
        eligibility(&desk).await,
        Eligibility::NotBookable(Obstacle::Satisfactory)
    );
    let (desk, _) = desk.reopened().await;
    assert_eq!(
        eligibility(&desk).await,
        Eligibility::NotBookable(Obstacle::Satisfactory),
        "an old judgement must not come back at the next start"
    );
}

#[tokio::test]
async fn a_judgement_about_nothing_any_more_is_forgotten() {
    for outcome in [AssessOutcome::ReplyChanged, AssessOutcome::UnknownTicket] {
        let desk = Desk::with(vec![answered()]).await;
        let row = desk
            .cache
            .outbox
            .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
            .await
            .expect("decides");
        told(&desk, &row, outcome).await;
        assert_eq!(eligibility(&desk).await, Eligibility::NotBookable(Obstacle::Unassessed));
        let row = desk.cache.outbox.row(row.id).await.expect("reads").expect("is there");
        assert_eq!(row.state, RowState::Refused);
    }
}

#[tokio::test]
async fn a_judgement_says_nothing_about_another_reply() {
    let desk = Desk::with(vec![answered()]).await;
    desk.cache
        .outbox
        .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
        .await
        .expect("decides");
    desk.apply(vec![put(closed(
        ticket("LU-1", 1, "DENUNCE", "2026-01-10"),
        Outcome::Ok,
        "2026-03-05T10:00:00Z",
    ))])
    .await;
    assert_eq!(eligibility(&desk).await, Eligibility::NotBookable(Obstacle::Unassessed));
}

#[tokio::test]
async fn booking_from_a_reply_is_the_judgement_and_the_draft_or_neither() {
    let desk = Desk::with(vec![answered()]).await;
    let judged = judged(1, ReplyAssessment::Unsatisfactory);
    let mut new = new_draft(1, &[]);
    new.tickets.push(BookedTicket {
        code: judged.ticket.clone(),
        judgement: Some(judged.judgement),
        read: None,
    });
    let draft = desk
        .cache
        .drafts
        .prepare(new.clone(), Some(judged.clone()), now())
        .await
        .expect("prepares");
    assert_eq!(draft.tickets, new.tickets);
    assert_eq!(eligibility(&desk).await, Eligibility::Bookable(Ground::Unsatisfactory));
    let rows = desk.cache.outbox.pending().await.expect("reads");
    assert!(matches!(
        &rows[..],
        [OutboxRow {
            work: Work::Assess { .. },
            ..
        }]
    ));
    new.id = draft_id(2);
    let again = desk
        .cache
        .drafts
        .prepare(
            new,
            Some(Judged {
                decision: decision(2),
                ..judged
            }),
            now(),
        )
        .await;
    assert!(again.is_err());
    assert_eq!(
        desk.cache.outbox.pending().await.expect("reads").len(),
        1,
        "no judgement of a draft that was refused"
    );
}

#[tokio::test]
async fn what_is_being_written_hears_of_a_judgement_and_what_was_sent_does_not() {
    let desk = Desk::with(vec![answered()]).await;
    let draft = desk.draft(1, &["LU-1"]).await;
    let judged_on = |draft: &cache::drafts::Draft| draft.tickets[0].judgement.map(|judgement| judgement.assessment);
    desk.cache
        .outbox
        .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
        .await
        .expect("decides");
    let draft = desk.cache.drafts.get(draft.id).await.expect("is there");
    assert_eq!(judged_on(&draft), Some(ReplyAssessment::Unsatisfactory));
    desk.cache
        .drafts
        .send(draft.id, draft.revision, decision(2), None, &HashMap::new(), now())
        .await
        .expect("sends");
    desk.cache
        .outbox
        .assess(&judged(3, ReplyAssessment::Satisfactory), now())
        .await
        .expect("decides");
    let draft = desk.cache.drafts.get(draft.id).await.expect("is there");
    assert_eq!(
        judged_on(&draft),
        Some(ReplyAssessment::Unsatisfactory),
        "one attempt never stands for two requests"
    );
}

#[tokio::test]
async fn a_judgement_outlives_a_ticket_that_is_gone_for_a_while() {
    let desk = Desk::with(vec![answered()]).await;
    desk.cache
        .outbox
        .assess(&judged(1, ReplyAssessment::Unsatisfactory), now())
        .await
        .expect("decides");
    desk.apply(vec![gone("LU-1")]).await;
    desk.cache
        .apply(&page(vec![put(answered())]), crate::world::EPOCH)
        .await
        .expect("applies");
    assert_eq!(eligibility(&desk).await, Eligibility::Bookable(Ground::Unsatisfactory));
}
