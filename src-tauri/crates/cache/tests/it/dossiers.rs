//! What the people of the studio keep among themselves: shown at once, sent in order, filtered by.

use cache::outbox::{OutboxRow, RowState};
use cache::pulled::{InCharge, TicketFilter, TicketSort};
use chrono::TimeDelta;
use domain::code::TicketCode;
use domain::dossier::{Dossier, Entry, Subject, TicketEntry};
use domain::people::Person;
use domain::time::Now;
use store::{Change, EnterOutcome, EnterRefusal, Entity};

use crate::world::{Desk, code, decision, now, ticket, welcome};

fn in_charge(ticket: &str, person: Option<&str>) -> Entry {
    Entry::Ticket {
        ticket: code(ticket),
        entry: TicketEntry::InCharge {
            person: person.map(code),
        },
    }
}

fn note(words: &str) -> Entry {
    Entry::Ticket {
        ticket: code("LU-1"),
        entry: TicketEntry::Note { words: code(words) },
    }
}

fn about(ticket: &str) -> Subject {
    Subject::Ticket(code(ticket))
}

async fn desk() -> Desk {
    let desk = Desk::with(vec![
        ticket("LU-1", 1, "DENUNCE", "2026-01-10"),
        ticket("LU-2", 1, "DENUNCE", "2026-01-11"),
        ticket("LU-3", 1, "DENUNCE", "2026-01-12"),
    ])
    .await;
    desk.cache
        .pulled
        .keep_welcome(&welcome(), TimeDelta::zero())
        .await
        .expect("kept");
    desk
}

async fn shown(desk: &Desk, ticket: &str) -> Dossier {
    desk.cache.pulled.dossier(&about(ticket)).await.expect("reads")
}

async fn entered(desk: &Desk, entry: &Entry, number: u128) -> OutboxRow {
    let outbox = &desk.cache.outbox;
    outbox
        .enter(entry.clone(), decision(number), now())
        .await
        .expect("decides")
}

/// Those of the list, by code, that `filter` lets through.
async fn listed(desk: &Desk, wanted: InCharge) -> Vec<TicketCode> {
    let filter = TicketFilter {
        in_charge: Some(wanted),
        ..TicketFilter::default()
    };
    let pulled = &desk.cache.pulled;
    let list = pulled
        .open_tickets(&filter, TicketSort::Code, false, Now::at(now()))
        .await
        .expect("opens");
    let rows = pulled.tickets_at(&list.rowids).await.expect("reads");
    rows.into_iter().map(|row| row.code).collect()
}

fn anna() -> Person {
    code("Anna Ricci")
}

#[tokio::test]
async fn what_was_entered_is_shown_before_anybody_was_asked() {
    let desk = desk().await;
    entered(&desk, &in_charge("LU-1", Some("Bruno Verdi")), 1).await;
    entered(&desk, &note("Sentito il cliente."), 2).await;
    let Dossier::Ticket(dossier) = shown(&desk, "LU-1").await else {
        panic!("it is about a ticket");
    };
    assert_eq!(dossier.in_charge, Some(code("Bruno Verdi")));
    assert_eq!(dossier.notes.len(), 1);
    assert_eq!(dossier.notes[0].by, Some(anna()), "in the name of whose device this is");
    let (desk, _) = desk.reopened().await;
    assert_eq!(
        shown(&desk, "LU-1").await,
        Dossier::Ticket(dossier),
        "also after a start"
    );
}

#[tokio::test]
async fn what_the_store_tells_and_what_is_on_its_way_are_shown_together() {
    let desk = desk().await;
    entered(&desk, &in_charge("LU-1", Some("Anna Ricci")), 1).await;
    let mut theirs = Dossier::empty(about("LU-1"));
    theirs
        .take(&note("Di un collega."), None, now())
        .expect("there is room");
    theirs
        .take(&in_charge("LU-1", Some("Bruno Verdi")), None, now())
        .expect("there is room");
    desk.apply(vec![Change::Put(Entity::Dossier(Box::new(theirs.clone())))])
        .await;
    let Dossier::Ticket(both) = shown(&desk, "LU-1").await else {
        panic!("it is about a ticket");
    };
    assert_eq!(both.in_charge, Some(anna()), "the person's own decision stays");
    assert_eq!(both.notes.len(), 1, "and the colleague's note stands beside it");
    assert_eq!(listed(&desk, InCharge::Person(anna())).await, [code("LU-1")]);

    let row = desk.cache.outbox.pending().await.expect("reads").remove(0);
    let row = desk
        .cache
        .outbox
        .take(&row, now())
        .await
        .expect("takes")
        .expect("is there");
    let why = EnterRefusal::UnknownSubject;
    let outbox = &desk.cache.outbox;
    outbox
        .complete_enter(&row, &EnterOutcome::Refused { why }, now())
        .await
        .expect("written");
    assert_eq!(
        shown(&desk, "LU-1").await,
        theirs,
        "what was refused is not shown any more"
    );
}

#[tokio::test]
async fn an_answer_is_shown_without_waiting_for_the_next_pull() {
    let desk = desk().await;
    let row = entered(&desk, &note("Sentito il cliente."), 1).await;
    let outbox = &desk.cache.outbox;
    let row = outbox.take(&row, now()).await.expect("takes").expect("is there");
    let dossier = shown(&desk, "LU-1").await;
    let outcome = EnterOutcome::Entered {
        dossier: Box::new(dossier.clone()),
    };
    outbox.complete_enter(&row, &outcome, now()).await.expect("written");
    let row = outbox.row(row.id).await.expect("reads").expect("is there");
    assert_eq!(row.state, RowState::Done);
    assert_eq!(shown(&desk, "LU-1").await, dossier, "once, not twice");
}

#[tokio::test]
async fn entries_of_one_dossier_keep_their_order_and_hold_up_nothing_else() {
    let desk = desk().await;
    let first = entered(&desk, &in_charge("LU-1", Some("Anna Ricci")), 1).await;
    let second = entered(&desk, &in_charge("LU-1", None), 2).await;
    let other = entered(&desk, &in_charge("LU-2", Some("Anna Ricci")), 3).await;
    assert_eq!(first.subjects, second.subjects);
    assert_ne!(first.subjects, other.subjects);
    assert!(
        !first.subjects.contains(&"ticket:LU-1".to_owned()),
        "a booking of the ticket does not wait for a note"
    );
}

#[tokio::test]
async fn a_list_holds_the_tickets_of_one_person_or_those_of_nobody() {
    let desk = desk().await;
    entered(&desk, &in_charge("LU-1", Some("Anna Ricci")), 1).await;
    entered(&desk, &in_charge("LU-3", Some("Bruno Verdi")), 2).await;
    assert_eq!(listed(&desk, InCharge::Person(anna())).await, [code("LU-1")]);
    assert_eq!(listed(&desk, InCharge::Nobody).await, [code("LU-2")]);
    entered(&desk, &in_charge("LU-1", None), 3).await;
    assert_eq!(listed(&desk, InCharge::Person(anna())).await, []);
    assert_eq!(listed(&desk, InCharge::Nobody).await, [code("LU-1"), code("LU-2")]);
    assert_eq!(
        desk.cache.pulled.people_in_charge().await.expect("reads"),
        [code("Bruno Verdi")]
    );
}
